"""Files that leave the office: nothing in them is computed, and nothing steers."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gsjx_tui.documents.export import Source, write_answer

FORMULAS = (
    *("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "  =1+1", "\u3000=1"),
    *("＝1+1", "＋1", "－1+1", "＠x", "=cmd|'/c calc'!A1", "\u200b=1", "\x00=1", "\ufeff=1"),
    *('=HYPERLINK("http://x","x")', "=IMPORTXML(1)", "#REF!", "'=1"),
)
CONTROLS = "甲\x1b[2J\x07\x9b乙\u202e\ufeff\x00丙"


def written(folder: Path, name: str, cells: list[str], heading: str = "甲") -> Path:
    path = folder / name
    path.unlink(missing_ok=True)
    write_answer(path, [heading], [True], [[cell] for cell in cells], Source([("SQL", heading)]))
    return path


@pytest.mark.parametrize("heading", FORMULAS)
def test_csv_has_nothing_to_compute(tmp_path: Path, heading: str):
    path = written(tmp_path, "a.csv", list(FORMULAS), heading)

    with path.open(encoding="utf-8-sig", newline="") as file:
        for (cell,) in csv.reader(file):
            assert cell.startswith("'") or not cell.strip().startswith(("=", "+", "-", "@", "＝"))


def test_xlsx_has_texts_and_no_formula(tmp_path: Path):
    book = openpyxl.load_workbook(written(tmp_path, "a.xlsx", list(FORMULAS), "=1+1"))

    for sheet in book:
        for row in sheet.iter_rows():
            assert {cell.data_type for cell in row} <= {"s", "n"}
            assert all(isinstance(cell.value, str | int) for cell in row)
    assert book["查询结果"]["A2"].value == "=1+1"  # the very text


def test_no_control_goes_into_a_file(tmp_path: Path):
    text = written(tmp_path, "a.csv", [CONTROLS], CONTROLS).read_text("utf-8-sig")
    book = openpyxl.load_workbook(written(tmp_path, "a.xlsx", [CONTROLS], CONTROLS))

    assert text == "甲[2J乙丙\n甲[2J乙丙\n"
    assert [cell.value for (cell,) in book["查询结果"].iter_rows()] == ["甲[2J乙丙"] * 2
    assert book["来源"]["B1"].value == "甲[2J乙丙"


@settings(
    max_examples=60,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_any_text_can_be_written(tmp_path: Path, text: str):
    path = written(tmp_path, "a.csv", [text], text)
    assert not {"Cc", "Cf"} & {
        unicodedata.category(letter)
        for letter in path.read_text("utf-8-sig")
        if letter not in "\n\t\r"
    }

    openpyxl.load_workbook(written(tmp_path, "a.xlsx", [text], text))
