"""Self-report workbooks of a month: which units get one, and what is filled in beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from builders import JULY, JUNE, a_unit, an_office, confirmed, observed, recorded
from gsjx_tui.errors import StateError
from gsjx_tui.office.forms import make_forms
from gsjx_tui.office.home import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    units = [a_unit("A1"), a_unit("A2"), a_unit("A3", since="2013-09")]
    with an_office(tmp_path, *units) as office:
        yield office


def refusal(office: Office, *words: object) -> str:
    with pytest.raises(StateError) as refused:
        make_forms(office, *words)  # type: ignore[arg-type]
    return str(refused.value)


def test_every_unit_that_takes_part_gets_one_in_a_folder_of_the_month(office: Office) -> None:
    told: list[tuple[int, int]] = []

    made = make_forms(office, JUNE, progress=lambda done, of: told.append((done, of)))

    assert made.folder == office.home / "自评表-2013-06"
    assert [path.name for path in made.files] == ["2013-06_A1_A1局.xlsx", "2013-06_A2_A2局.xlsx"]
    assert sorted(made.folder.iterdir()) == list(made.files)
    assert told == [(1, 2), (2, 2)]


def test_named_units_alone_and_another_folder(office: Office, tmp_path: Path) -> None:
    made = make_forms(office, JUNE, ["A2", "A2"], tmp_path / "elsewhere")

    assert [path.name for path in made.files] == ["2013-06_A2_A2局.xlsx"]
    assert made.folder == tmp_path / "elsewhere"


def test_what_was_claimed_is_filled_in_and_nothing_else(office: Office) -> None:
    recorded(office, observed("study.b1.body", "7.5", kind="claim"))
    recorded(office, observed("study.b2.plan", 3, kind="verify"))
    recorded(office, observed("study.b1.body", 4, unit="A2", kind="claim"))
    recorded(office, observed("study.b1.body", 9, month=JULY, kind="claim"))

    made = make_forms(office, JUNE, ["A1"])

    sheet = load_workbook(made.files[0])["自评表"]
    values = {row[0].value: row[7].value for row in sheet.iter_rows(min_row=5, max_row=25)}
    assert {key: value for key, value in values.items() if value is not None} == {
        "study.b1.body/points": 7.5
    }


def test_confirmed_units_need_none(office: Office) -> None:
    confirmed(office, JUNE, units=["A1"])

    made = make_forms(office, JUNE)

    assert [path.name for path in made.files] == ["2013-06_A2_A2局.xlsx"]
    assert made.confirmed == ("A1",)
    assert "A1局：2013-06 已经核定" in refusal(office, JUNE, ["A1"])
    confirmed(office, JUNE)
    assert "A2局：2013-06 已经核定" in refusal(office, JUNE)


def test_units_and_months_that_dont_fit_are_refused(office: Office) -> None:
    assert "没有代码为“X”的单位" in refusal(office, JUNE, ["X"])
    assert "A3局：在 2013-06 不参加考核" in refusal(office, JUNE, ["A1", "A3"])
    assert "不在活动之内" in refusal(office, "2015-01")
    assert not (office.home / "自评表-2013-06").exists()


def test_filled_in_workbooks_are_never_written_over(office: Office) -> None:
    made = make_forms(office, JUNE)
    before = made.files[0].read_bytes()
    recorded(office, observed("study.b1.body", Decimal(5), kind="claim"))

    message = refusal(office, JUNE)

    assert "已有 2013-06_A1_A1局.xlsx等 2 个文件，没有生成也没有覆盖" in message
    assert made.files[0].read_bytes() == before
