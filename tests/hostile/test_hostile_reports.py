"""Workbooks made to harm whoever takes them in: one clear message, bounded memory, nothing read."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from workbooks import SHEET, STRINGS, row_of, sheet_of, text_cell, with_parts

from builders import JUNE, a_unit, an_office, counts
from gsjx_tui.documents.report_reader import MEMORY
from gsjx_tui.documents.workbook_open import open_report
from gsjx_tui.errors import GsjxError, ObservationError
from gsjx_tui.office.forms import make_forms
from gsjx_tui.office.home import Office
from gsjx_tui.office.importing import import_files

READING = """
import json, resource, sys
from pathlib import Path
from gsjx_tui.documents.workbook_open import open_report
from gsjx_tui.errors import GsjxError
try:
    said = open_report(Path(sys.argv[1])).name
except GsjxError as error:
    said = str(error)
own = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(json.dumps([said, int(own.split()[1]) // 1024, child]))
"""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path, a_unit("A1")) as office:
        yield office


def a_report(office: Office) -> Path:
    return make_forms(office, JUNE).files[0]


def far_row(path: Path) -> Path:
    return with_parts(path, {SHEET: sheet_of(row_of(1_048_576, text_cell("A1048576", "x")))})


def far_column(path: Path) -> Path:
    return with_parts(path, {SHEET: sheet_of(row_of(1, text_cell("XFD1", "x")))})


def long_cell(path: Path) -> Path:
    return with_parts(path, {SHEET: sheet_of(row_of(5, text_cell("H5", "长" * 40_000)))})


def many_cells(path: Path) -> Path:
    rows = "".join(row_of(n, text_cell(f"B{n}", "x")) for n in range(1, 6_000))
    return with_parts(path, {SHEET: sheet_of(rows)})


def unpacked_large(path: Path) -> Path:
    return with_parts(path, {"xl/media/picture.png": repeat(bytes(1 << 20), 20)})


def many_strings(path: Path) -> Path:
    item = b"<si><t>x</t></si>" * 10_000
    pieces: Iterable[bytes] = [b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
                               b'2006/main">', *repeat(item, 90), b"</sst>"]  # fmt: skip
    return with_parts(path, {STRINGS: pieces})


def entities(path: Path) -> Path:
    doctype = '<!DOCTYPE x [<!ENTITY a "' + "x" * 1000 + '">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(8)
    ) + "]>"  # fmt: skip
    return with_parts(path, {SHEET: sheet_of(row_of(5, text_cell("H5", "&i;")), doctype=doctype)})


def no_sheet(path: Path) -> Path:
    return with_parts(path, {SHEET: "<nothing/"})


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (far_row, "填了字的格子比自评表多得多"),
        (far_column, "填了字的格子比自评表多得多"),
        (long_cell, "填了字的格子比自评表多得多"),
        (many_cells, "填了字的格子比自评表多得多"),
        (unpacked_large, "解压后大得不正常"),
        (entities, "工作簿不完整或已损坏"),
        (no_sheet, "工作簿不完整或已损坏"),
    ],
)
def test_one_message_and_nothing_recorded(
    office: Office, harm: Callable[[Path], Path], says: str
) -> None:
    path = harm(a_report(office))

    with pytest.raises(ObservationError) as refused:
        import_files(office, [path], "claim")

    assert len(refused.value.faults) == 1
    assert str(refused.value).startswith(f"{path.name}：{says}")
    assert counts(office.ledger)["observation"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("harm", [many_strings, far_row, unpacked_large])
def test_memory_stays_within_its_bound(office: Office, harm: Callable[[Path], Path]) -> None:
    path = harm(a_report(office))

    ended = subprocess.run(
        [sys.executable, "-c", READING, str(path)], capture_output=True, check=True, text=True
    )

    said, own, childs = json.loads(ended.stdout)
    assert said
    assert own < 200
    assert childs < MEMORY


def test_a_zip_that_lies_about_its_parts(office: Office) -> None:
    path = with_parts(a_report(office), {"xl/media/picture.png": repeat(bytes(1 << 20), 20)})
    content = bytearray(path.read_bytes())
    with ZipFile(path) as archive:
        size = archive.getinfo("xl/media/picture.png").file_size
    lied = content.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    path.write_bytes(lied)

    assert open_report(path).identification.unit == "A1"  # what lies is never unpacked


def test_titles_of_sheets_are_shown_harmless(office: Office) -> None:
    path = a_report(office)
    book = load_workbook(path)
    book.create_sheet("坏\u202e表")
    book.save(path)

    with pytest.raises(GsjxError) as refused:
        open_report(path)

    assert "多出工作表“坏表”" in str(refused.value)
