"""Self-report workbooks: made, filled in by other programs, read back with every fault."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

import libreoffice
from builders import JUNE, a_unit, the_shipped_rubric
from gsjx_tui.documents import workbook_open
from gsjx_tui.documents.placing import ExportError
from gsjx_tui.documents.workbook import Reported, ReportForm, WorkbookError, report_form
from gsjx_tui.documents.workbook_open import Opener, open_report
from gsjx_tui.documents.workbook_read import Claim, Reading, read_report
from gsjx_tui.documents.workbook_write import write_reports
from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault
from gsjx_tui.office.check import Refused
from gsjx_tui.office.check import value_of as office_value_of
from gsjx_tui.rubric.model import Field

DIGEST = "d" * 64


def value_of(field: Field, text: str) -> Decimal | Fault:
    """The office's rule, its refusal as a value."""
    try:
        return office_value_of(field, text)
    except Refused as refused:
        return refused.at("")


def a_form(month: str = JUNE, code: str = "E01", **settings: Any) -> ReportForm:
    unit = a_unit(code, name="县发展和改革委员会")
    return report_form(the_shipped_rubric(), DIGEST, unit, Month.parse(month), **settings)


def made(folder: Path, form: ReportForm | None = None) -> Path:
    (path,) = write_reports(folder, [form or a_form()])
    return path


def changed(path: Path, change: Callable[[Any], None]) -> Path:
    """The workbook as openpyxl leaves it after a change of its first sheet."""
    book = load_workbook(path)
    change(book["自评表"])
    book.save(path)
    return path


def read(path: Path, form: ReportForm | None = None) -> Reading:
    return read_report(open_report(path), form or a_form(), value_of)


def filled(tmp_path: Path, *cells: tuple[str, Any]) -> str:
    """The faults of a workbook with these cells filled in by another program."""

    def fill(sheet: Any) -> None:
        for address, value in cells:
            sheet[address] = value

    reading = read(changed(made(tmp_path), fill))
    assert not reading.claims or not reading.faults
    return "\n".join(map(str, reading.faults))


def refused(path: Path) -> str:
    with pytest.raises(WorkbookError) as caught:
        open_report(path)
    return str(caught.value)


# what is asked ---------------------------------------------------------------------------------


def test_a_form_asks_for_what_takes_claims_in_the_month() -> None:
    june, march = a_form(JUNE), a_form("2014-03")

    assert [row.item for row in march.rows][:2] == ["rectify.b2.briefs", "rectify.b2.adopted"]
    assert "study.b3.materials/late" not in june.keys  # the office's own
    assert {"study.b3.adopted/adopted", "study.b3.adopted/instructed"} <= set(june.keys)
    assert len(june.rows) == 21


def test_no_form_where_there_is_nothing_to_report() -> None:
    late = a_unit(since="2013-09")

    with pytest.raises(WorkbookError, match="在 2013-06 不参加考核"):
        report_form(the_shipped_rubric(), DIGEST, late, Month.parse(JUNE))
    with pytest.raises(WorkbookError, match="不在活动之内"):
        report_form(the_shipped_rubric(), DIGEST, late, Month.parse("2015-01"))


# as it is made ---------------------------------------------------------------------------------


def test_only_values_and_notes_are_unlocked(tmp_path: Path) -> None:
    sheet = load_workbook(made(tmp_path))["自评表"]

    unlocked = {c.coordinate for row in sheet.iter_rows() for c in row if not c.protection.locked}
    assert unlocked == {f"{column}{row}" for column in "HI" for row in range(5, 26)}
    assert sheet.protection.sheet


def test_cells_refuse_what_is_out_of_bounds(tmp_path: Path) -> None:
    sheet = load_workbook(made(tmp_path))["自评表"]

    rules = {}
    for rule in sheet.data_validations.dataValidation:
        assert rule.showErrorMessage and rule.error
        for cells in rule.sqref.ranges:
            for row in range(cells.min_row, cells.max_row + 1):
                rules[cells.min_col, row] = (rule.type, rule.formula1, rule.formula2)
    ten = "0,0.5,1,1.5,2,2.5,3,3.5,4,4.5,5,5.5,6,6.5,7,7.5,8,8.5,9,9.5,10"
    assert rules[8, 5] == ("list", f'"{ten}"', None)  # 活动组织机构
    assert rules[8, 9] == ("whole", "0", "99999")  # 每月活动信息
    assert rules[8, 12] == ("decimal", "0", "15")  # 集中学习
    assert rules[8, 19] == ("decimal", "0", "100")  # 知晓率达标
    assert rules[9, 5] == ("textLength", "200", None)
    assert len(rules) == 2 * 21


def test_it_prints_on_a4_with_its_heading_repeated(tmp_path: Path) -> None:
    form = a_form()
    book = load_workbook(made(tmp_path, form))
    sheet = book["自评表"]

    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$4:$4"
    assert form.identification.code(form.keys) in sheet.oddFooter.right.text
    assert book["标识"].sheet_state == "veryHidden"


def test_many_at_once_are_told_of_and_never_written_over(tmp_path: Path) -> None:
    forms = [a_form(code=f"E{n:02}") for n in range(3)]
    told: list[tuple[int, int]] = []

    paths = write_reports(tmp_path, forms, lambda done, of: told.append((done, of)))

    assert told == [(1, 3), (2, 3), (3, 3)]
    assert sorted(tmp_path.iterdir()) == sorted(paths)
    before = paths[1].read_bytes()
    paths[0].unlink()
    with pytest.raises(ExportError, match="已有这个文件") as caught:
        write_reports(tmp_path, forms)
    assert len(caught.value.faults) == 2
    assert sorted(tmp_path.iterdir()) == sorted(paths[1:])
    assert paths[1].read_bytes() == before


def test_a_name_that_is_a_formula_stays_text(tmp_path: Path) -> None:
    unit = a_unit("=1+1", name='=HYPERLINK("x")/..')
    form = report_form(the_shipped_rubric(), DIGEST, unit, Month.parse(JUNE))
    form = replace(form, campaign="=2+2")

    path = made(tmp_path, form)

    assert path.parent == tmp_path and path.name == "2013-06__1_1__HYPERLINK__x_____.xlsx"
    cells = [cell for sheet in load_workbook(path) for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert read(path, form).faults == ()


# filled in by other programs -------------------------------------------------------------------


def test_what_openpyxl_filled_in_is_read_back(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet["H5"], sheet["I5"] = 8, "文件〔2013〕1号\n附会议记录"
        sheet["H9"] = 3.0
        sheet["H12"] = 0.1 + 0.2
        sheet["H19"], sheet["I19"] = 92.55, 2013

    reading = read(changed(made(tmp_path), fill))

    assert reading.faults == ()
    assert reading.claims == (
        Claim("H5", "study.b1.body", "points", Decimal(8), "文件〔2013〕1号 附会议记录"),
        Claim("H9", "study.b3.briefs", "count", Decimal(3), ""),
        Claim("H12", "study.k1.group", "points", Decimal("0.3"), ""),
        Claim("H19", "study.e1.rate", "rate", Decimal("92.55"), "2013"),
    )
    assert len(reading.blank) == 17


@pytest.mark.slow
def test_what_libreoffice_filled_in_is_read_back(tmp_path: Path) -> None:
    path, target = made(tmp_path / "out"), tmp_path / "filled.xlsx"

    seen = libreoffice.fill(
        path, target, "自评表", {"H5": 7.5, "I5": "见附件", "H9": 2, "H12": 15, "H20": 0}
    )

    assert seen["visible"] == ["自评表"]
    assert seen["protected"] and not seen["key column"]
    assert [seen[at] for at in ("H5", "I5", "B5", "D5")] == [False, False, True, True]
    kind, choices, message = seen["rule"]  # type: ignore[misc]
    assert kind == "LIST" and "7.5" in choices and "下拉列表" in message
    reading = read(target)
    assert reading.faults == ()
    assert [(c.cell, c.value, c.note) for c in reading.claims] == [
        ("H5", Decimal("7.5"), "见附件"),
        ("H9", Decimal(2), ""),
        ("H12", Decimal(15), ""),
        ("H20", Decimal(0), ""),
    ]


@pytest.mark.slow
def test_libreoffice_meets_faults_as_they_are(tmp_path: Path) -> None:
    target = tmp_path / "filled.xlsx"

    libreoffice.fill(made(tmp_path / "out"), target, "自评表", {"H5": "八分", "H9": 2.5, "H12": 16})

    faults = [str(fault) for fault in read(target).faults]
    assert [fault.split("：")[0] for fault in faults] == [
        "filled.xlsx 单元格 H5（活动组织机构·得分）",
        "filled.xlsx 单元格 H9（每月活动信息·篇数）",
        "filled.xlsx 单元格 H12（集中学习·得分）",
    ]


def test_numbers_count_as_they_are_shown(tmp_path: Path) -> None:
    path = changed(made(tmp_path), lambda sheet: sheet.__setitem__("H12", 0.3))
    exact = tmp_path / "exact.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(exact, "w") as target:
        for name in source.namelist():
            part = source.read(name)  # Excel writes the binary number in full
            target.writestr(name, part.replace(b"<v>0.3</v>", b"<v>0.30000000000000004</v>"))

    assert [claim.value for claim in read(exact).claims] == [Decimal("0.3")]


def test_what_was_reported_already_is_filled_in_again(tmp_path: Path) -> None:
    at = datetime(2013, 6, 30, 8, 15, 0, 123456)
    known = {
        ("study.b1.body", "points"): Reported(Decimal("7.50"), "文件\n另附", at),
        ("study.b2.plan", "points"): Reported(Decimal(3), "长" * 300, at),
    }
    form = a_form(reported=known)

    reading = read(made(tmp_path, form), a_form())

    assert reading.claims == (
        Claim("H5", "study.b1.body", "points", Decimal("7.5"), "文件 另附", at),
        Claim("H6", "study.b2.plan", "points", Decimal(3), "长" * 200, at),
    )
    assert [blank.seen for blank in reading.blank] == [None] * 19


def test_what_was_erased_is_known_to_have_been_there(tmp_path: Path) -> None:
    at = datetime(2013, 6, 30, 8, 15)
    form = a_form(reported={("study.b1.body", "points"): Reported(Decimal(5), "", at)})

    reading = read(changed(made(tmp_path, form), lambda sheet: sheet.__setitem__("H5", None)))

    assert next((blank.cell, blank.item, blank.seen) for blank in reading.blank) == (
        "H5",
        "study.b1.body",
        at,
    )


# faults, each with its cell --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "value", "fault"),
    [
        ("H5", 10.5, "单元格 H5（活动组织机构·得分）：得分 10.5 超过上限 10"),
        ("H5", -1, "H5（活动组织机构·得分）：得分 -1 不能为负数"),
        ("H5", 1.234, "得分 1.234 超过两位小数"),
        ("H9", 2.5, "H9（每月活动信息·篇数）：篇数 2.5 不是整数"),
        ("H9", 1e20, "H9（每月活动信息·篇数）：“100000000000000000000”不是数值"),
        ("H5", "8", "H5（活动组织机构·得分）：“8”是文本，不是数值；直接填数字：0 至 10 分"),
        ("H5", "=4+4", "H5（活动组织机构·得分）：是公式，不是数值"),
        ("H5", "#N/A", "是错误值 #N/A"),
        ("H5", True, "是逻辑值，不是数值"),
        ("I5", "见附件", "H5（活动组织机构·得分）：写了说明，没有填数值"),
        ("K7", "备注", "单元格 K7：填报格之外多出“备注”"),
        ("H28", 5, "第 28 行：是多出的行"),
        ("B30", "补充", "第 30 行：是多出的行"),
        ("D5", "别的要点", "单元格 D5：“活动组织机构”被改成“别的要点”"),
        ("F5", None, "单元格 F5：“0 至 10 分”被删去"),
        ("A5", None, "第 5 行：缺少 study.b1.body/points 这一行"),
        ("A6", "study.b1.body/points", "study.b1.body/points 有 2 行；删去重复的行"),
        ("A30", "study.b1.body/points", "study.b1.body/points 有 2 行；删去重复的行"),
        ("B2", "单位：别处", "被改成“单位：别处”"),
    ],
)
def test_every_fault_names_its_cell(tmp_path: Path, address: str, value: Any, fault: str) -> None:
    assert fault in filled(tmp_path, (address, value))


def test_dates_percentages_and_notes_that_are_formulas(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet["H5"], sheet["H5"].number_format = 41000, "yyyy-mm-dd"
        sheet["H19"], sheet["H19"].number_format = 0.95, "0%"
        sheet["H9"], sheet["I9"] = 2, '=HYPERLINK("http://x")'
        sheet["H12"], sheet["I12"] = 2, "长" * 201

    faults = "\n".join(map(str, read(changed(made(tmp_path), fill)).faults))

    assert "H5（活动组织机构·得分）：是日期，不是数值" in faults
    assert "H19（知晓率达标·百分率）：是百分比格式" in faults
    assert "单元格 I9：说明是公式" in faults
    assert "单元格 I12：说明有 201 字" in faults


def test_all_faults_are_listed_and_no_value_is_taken(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet["H5"], sheet["H6"], sheet["H7"], sheet["K5"] = 99, "八", 5, "多余"

    reading = read(changed(made(tmp_path), fill))

    assert len(reading.faults) == 3
    assert reading.claims == ()


def test_rows_deleted_or_sorted_are_noticed(tmp_path: Path) -> None:
    def sort(sheet: Any) -> None:
        for column in range(1, 10):
            upper, lower = sheet.cell(5, column), sheet.cell(6, column)
            upper.value, lower.value = lower.value, upper.value

    deleted = read(changed(made(tmp_path / "1"), lambda sheet: sheet.delete_rows(6)))
    sorted_ = read(changed(made(tmp_path / "2"), sort))

    assert any("缺少 study.b2.plan/points 这一行" in str(fault) for fault in deleted.faults)
    assert ["行的次序被改动" in str(fault) for fault in sorted_.faults] == [True]


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        (a_form("2013-07"), "是 2013-06 的自评表，应为 2013-07"),
        (a_form(code="E02"), "是单位 E01 的自评表，应为 E02"),
    ],
)
def test_another_month_or_unit(tmp_path: Path, form: ReportForm, fault: str) -> None:
    reading = read(made(tmp_path), form)

    assert [fault in str(found) for found in reading.faults] == [True]


def test_another_campaign_or_rubric(tmp_path: Path) -> None:
    path, rubric = made(tmp_path), the_shipped_rubric()
    newer = report_form(rubric, "e" * 64, a_unit("E01"), Month.parse(JUNE))
    other = replace(rubric, campaign=replace(rubric.campaign, id="other"))
    elsewhere = report_form(other, DIGEST, a_unit("E01"), Month.parse(JUNE))

    assert "考核标准有变动" in str(read(path, newer).faults[0])
    foreign = read(path, elsewhere).faults
    assert ["是活动 gsjx-2013 的自评表，应为 other" in str(fault) for fault in foreign] == [True]
    stranger = replace(elsewhere, identification=replace(elsewhere.identification, rubric="f"))
    assert len(read(path, stranger).faults) == 1  # of another campaign: its rubric is its own


# files that are no workbook of ours ------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "value"),
    [(2, "other"), (3, "E02"), (4, "2013-07"), (4, "7月"), (5, "e" * 64), (6, "x"), (7, "0")],
)
def test_a_changed_identification_is_refused(tmp_path: Path, row: int, value: str) -> None:
    path = made(tmp_path)
    book = load_workbook(path)
    book["标识"].cell(row, 2).value = value
    book.save(path)

    assert "表内的标识已被改动" in refused(path)


def test_files_that_are_something_else(tmp_path: Path) -> None:
    path = made(tmp_path)
    other, text, old, cut = (tmp_path / name for name in ("a.xlsx", "b.xlsx", "c.xls", "d.xlsx"))
    Workbook().save(other)
    text.write_text("单位,数值\n", "utf-8")
    old.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(512))
    cut.write_bytes(path.read_bytes()[:3000])

    assert "不是本程序下发的自评表" in refused(other)
    assert "不是本程序下发的自评表" in refused(text)
    assert "旧版 XLS" in refused(old)
    assert "不完整或已损坏" in refused(cut)
    assert "没有这个文件" in refused(tmp_path / "none.xlsx")


def test_another_format_or_more_sheets_are_refused(tmp_path: Path) -> None:
    older, more = made(tmp_path / "1"), made(tmp_path / "2")
    book = load_workbook(older)
    book["标识"]["B1"] = "0"
    book.save(older)
    book = load_workbook(more)
    book.create_sheet("附表")
    book.save(more)

    assert "自评表格式为“0”，应为“1”" in refused(older)
    assert "多出工作表“附表”" in refused(more)


def bomb(path: Path, part: str, head: bytes = b"", piece: bytes = bytes(1 << 20)) -> Path:
    """The workbook with a part of 20 MB more, or in place of its own."""
    before = made(path.parent / "out")
    with (
        zipfile.ZipFile(before) as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts,
    ):
        for name in source.namelist():
            if name != part:
                parts.writestr(name, source.read(name))
        with parts.open(part, "w") as target:
            target.write(head)
            for _ in range(20):
                target.write(piece)
    return path


def test_a_file_made_to_fill_the_memory_is_refused(tmp_path: Path) -> None:
    assert "大得不正常" in refused(bomb(tmp_path / "bomb.xlsx", "xl/worksheets/sheet9.xml"))


def test_cells_without_end_are_refused(tmp_path: Path) -> None:
    path = made(tmp_path)
    book = load_workbook(path)
    for row in range(100, 700):
        for column in range(1, 10):
            book["自评表"].cell(row, column, "x")
    book.save(path)

    assert "填了字的格子比自评表多得多" in refused(path)


def test_after_a_file_that_ended_its_reader_the_next_one_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = made(tmp_path / "good")
    with Opener() as opener:
        assert opener.open(good)
        with pytest.raises(WorkbookError, match="大得不正常"):
            opener.open(bomb(tmp_path / "bomb.xlsx", "xl/worksheets/sheet9.xml"))
        assert opener.open(good)
        child = opener._child
        assert child is not None
        child.kill()
        child.wait()
        with pytest.raises(WorkbookError, match="内存太多"):
            opener.open(good)
        assert opener.open(good)
        table = tmp_path / "table.xlsx"
        Workbook().save(table)
        assert opener.open(table) is None


@pytest.mark.slow
def test_a_reader_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = (
        "import signal, sys, time; from gsjx_tui.bounded import bound;bound(512, 1); time.sleep(60)"
    )
    monkeypatch.setattr(workbook_open, "READER", ["-c", slow])

    assert "读取时间太长" in refused(made(tmp_path))
