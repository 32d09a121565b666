"""Queries on a private copy: answered beside the open ledger, bounded, cancelled, refused."""

from __future__ import annotations

import csv
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from builders import a_unit, an_office, confirmed, observed, recorded
from gsjx_tui.documents.export import ExportError, Source
from gsjx_tui.errors import QueryError
from gsjx_tui.office.answers import export_path
from gsjx_tui.office.asking import Asking, Cancelled
from gsjx_tui.office.copies import Copies, catalog
from gsjx_tui.office.home import Office

RUNAWAY = "select count(*) from range(1000000) a, range(1000000) b where a.range <> b.range"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A home that is open for writing, as in the application."""
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        recorded(office, observed("study.b1.body", 8))
        yield office


@pytest.fixture
def copies() -> Iterator[Copies]:
    copies = Copies()
    yield copies
    copies.close()


def refused(office: Office, copies: Copies, text: str) -> str:
    """What is said of a query that is refused."""
    with pytest.raises(QueryError) as error:
        Asking(copies.copy(office), text, seconds=20).answer()
    return str(error.value)


def test_a_query_is_answered_while_the_ledger_is_open_for_writing(
    office: Office, copies: Copies
) -> None:
    text = (
        "select code, name, 1.50::decimal(12, 2) as points, null as none from unit where code = $c"
    )

    shown = Asking(copies.copy(office), text, {"c": "A2"}).answer()

    assert shown.columns == ["code", "name", "points", "none"]
    assert shown.numbers == [False, False, True, False]
    assert shown.rows == [["A2", "A2局", "1.50", None]]
    assert not shown.cut


def test_the_copy_is_made_anew_only_when_the_ledger_changed(office: Office, copies: Copies) -> None:
    count = "select count(*) from confirmation"
    first = copies.copy(office)
    assert copies.copy(office) == first

    confirmed(office, "2013-06")

    second = copies.copy(office)
    assert second != first and not first.exists()
    assert Asking(second, count).answer().rows == [["2"]]


def test_the_copy_is_private_and_gone_after(office: Office) -> None:
    copies = Copies()
    path = copies.copy(office)
    assert path.parent.stat().st_mode & 0o777 == 0o700

    copies.close()

    assert not path.parent.exists()


def test_at_most_20000_rows_are_shown(office: Office, copies: Copies) -> None:
    copy = copies.copy(office)

    all_of_them = Asking(copy, "from range(20000)").answer()
    cut = Asking(copy, "from range(20001)").answer()

    assert (len(all_of_them.rows), all_of_them.cut) == (20_000, False)
    assert (len(cut.rows), cut.cut) == (20_000, True)


def test_a_wide_answer_is_cut_before_it_fills_the_memory(office: Office, copies: Copies) -> None:
    cell = "repeat('x', 3000)"

    shown = Asking(
        copies.copy(office), f"select {', '.join([cell] * 20)} from range(3000)"
    ).answer()

    assert shown.cut
    assert len(shown.rows) == 1000
    assert len(shown.rows[0][0] or "") == 2002


def test_the_catalog_has_tables_views_and_their_columns(office: Office, copies: Copies) -> None:
    found = catalog(copies.copy(office))

    assert found["confirmation"][:3] == ("seq", "unit", "month")
    assert "superior_letter" in found["category"]


def test_a_runaway_join_is_cancelled_at_once(office: Office, copies: Copies) -> None:
    asking = Asking(copies.copy(office), RUNAWAY)
    threading.Timer(0.5, asking.cancel).start()
    began = time.monotonic()

    with pytest.raises(Cancelled):
        asking.answer()

    assert time.monotonic() - began < 2


def test_a_query_cancelled_before_it_began_never_begins(office: Office, copies: Copies) -> None:
    asking = Asking(copies.copy(office), RUNAWAY)
    asking.cancel()

    with pytest.raises(Cancelled):
        asking.answer()


def test_a_query_ends_when_its_time_is_over(office: Office, copies: Copies) -> None:
    began = time.monotonic()

    with pytest.raises(QueryError, match="查询超过 1 秒，已停止"):
        Asking(copies.copy(office), RUNAWAY, seconds=1).answer()

    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "text",
    [
        "select list_sum(range(500000000))",
        "select repeat('x', 400000000) from range(9)",
        "select a.range, b.range from range(90000000) a, range(3) b order by hash(a.range)",
    ],
)
def test_a_query_that_wants_too_much_memory_is_stopped(
    office: Office, copies: Copies, text: str
) -> None:
    assert "查询需要的内存太多，已停止" in refused(office, copies, text)


@pytest.mark.parametrize(
    "text",
    [
        "attach '{place}/other.duckdb' as other",
        "copy unit to '{place}/unit.csv'",
        "export database '{place}/all'",
        "install httpfs",
        "load httpfs",
        "from read_csv('/etc/passwd')",
        "from read_text('/etc/passwd')",
        "from '{place}/home/units.csv'",
        "set memory_limit = '64GB'",
        "set enable_external_access = true",
        "pragma threads = 64",
        "delete from observation",
        "create table mine (id integer)",
        "drop view unit",
    ],
)
def test_a_query_can_do_nothing_but_ask(
    office: Office, copies: Copies, tmp_path: Path, text: str
) -> None:
    before = sorted(path.name for path in tmp_path.rglob("*"))

    assert "不能写入、读写别的文件或改设置" in refused(office, copies, text.format(place=tmp_path))

    assert sorted(path.name for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("select nmae from unit", "nmae"),
        ("selec 1", "syntax error"),
        (" -- nothing\n", "查询是空的"),
        ("select $month", "参数 $month 没有值"),
    ],
)
def test_a_query_that_is_wrong_is_refused_in_the_words_of_duckdb(
    office: Office, copies: Copies, text: str, said: str
) -> None:
    assert said in refused(office, copies, text)


TEXTS = """
select * from (values
    (1, -2.50::decimal(12, 2), 12345678901234567890::hugeint, '=1+1', '县财政局', null),
    (2,  3.00::decimal(12, 2), 1::hugeint, '-5', E'a\\tb', 'x')
) t(n, points, long, formula, name, none)
"""


def test_csv_has_a_mark_of_utf8_and_no_formulas(
    office: Office, copies: Copies, tmp_path: Path
) -> None:
    path = tmp_path / "new" / "a.csv"

    count = Asking(copies.copy(office), TEXTS).export(path, Source([]))

    assert count == 2
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["n", "points", "long", "formula", "name", "none"],
            ["1", "-2.50", "12345678901234567890", "'=1+1", "县财政局", ""],
            ["2", "3.00", "1", "-5", "a\tb", "x"],
        ]


def test_xlsx_has_numbers_texts_a_heading_and_where_it_is_from(
    office: Office, copies: Copies, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    source = Source([("查询", "各单位"), ("参数", "month = 2013-06"), ("导出人", "clerk01")])

    Asking(copies.copy(office), TEXTS).export(path, source)

    book = openpyxl.load_workbook(path)
    sheet = book["查询结果"]
    heading, first, second = sheet.iter_rows()
    assert all(cell.font.bold for cell in heading)
    assert [cell.value for cell in first] == [
        *(1, -2.5, "12345678901234567890", "=1+1", "县财政局", None)
    ]
    assert [cell.data_type for cell in first][:5] == ["n", "n", "s", "s", "s"]
    assert second[3].value == "-5"
    assert sheet.column_dimensions["C"].width > 20
    assert [[cell.value for cell in row] for row in book["来源"].iter_rows()] == [
        ["查询", "各单位"],
        ["参数", "month = 2013-06"],
        ["导出人", "clerk01"],
        ["行数", "2"],
    ]


def test_an_export_has_all_rows(office: Office, copies: Copies, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"

    count = Asking(copies.copy(office), "from range(30000)").export(path, Source([]))

    assert count == 30_000
    assert len(path.read_text("utf-8-sig").splitlines()) == 30_001


def test_an_export_that_fails_leaves_nothing_and_overwrites_nothing(
    office: Office, copies: Copies, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a.csv").write_text("mine", "utf-8")
    copy = copies.copy(office)

    with pytest.raises(ExportError, match="已有这个文件，没有覆盖"):
        Asking(copy, "select 1").export(folder / "a.csv", Source([]))
    with pytest.raises(QueryError):
        Asking(copy, "select error('x')").export(folder / "b.xlsx", Source([]))

    assert [path.name for path in folder.iterdir()] == ["a.csv"]
    assert (folder / "a.csv").read_text("utf-8") == "mine"


def test_exports_go_to_the_folder_of_the_home(office: Office) -> None:
    now = datetime(2026, 1, 2, 3, 4, 5)

    assert export_path(office, "", ".csv", now) == office.home / "导出" / "查询-20260102-030405.csv"
    assert export_path(office, "名次.xlsx", ".xlsx", now).name == "名次.xlsx"
