"""Self-report workbooks written: protected, checked in their cells, ready to print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from gsjx_tui.documents.placing import placed_together
from gsjx_tui.documents.workbook import (
    FIRST_ROW,
    HEADING_ROW,
    HIDDEN,
    HINT_ROW,
    KEY,
    LONGEST_NOTE,
    NOTE,
    SHEET,
    TITLE_ROW,
    UNIT_ROW,
    VALUE,
    ReportForm,
    ReportRow,
    note_in_form,
    number,
)
from gsjx_tui.documents.xlsx import in_header, letters, put_text

Progress = Callable[[int, int], None]
"""Told after each file: how many are done, of how many."""

_WIDTHS = {1: 6, 2: 12, 3: 16, 4: 24, 5: 11, 6: 17, 7: 20, 8: 10, 9: 34}
_A4 = 9


def write_reports(
    folder: Path, forms: Sequence[ReportForm], progress: Progress | None = None
) -> tuple[Path, ...]:
    """One workbook per form in ``folder``, all of them or none; where they are.

    Never over a file that is there: a unit may have filled it in. Raises ExportError.
    """
    names = [form.file_name for form in forms]
    with placed_together(folder, names) as drafts:
        for done, (form, draft) in enumerate(zip(forms, drafts, strict=True), 1):
            _workbook(form).save(draft)
            if progress is not None:
                progress(done, len(forms))
    return tuple(folder / name for name in names)


def _workbook(form: ReportForm) -> Any:
    from openpyxl import Workbook
    from openpyxl.workbook.protection import WorkbookProtection

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    _texts(sheet, form)
    _fillable(sheet, form)
    _checks(sheet, form.rows)
    _protect(sheet)
    _page(sheet, form)
    _identify(book.create_sheet(HIDDEN), form)
    book.security = WorkbookProtection(lockStructure=True)
    book.properties.title = form.title
    book.properties.creator = form.campaign
    return book


def _texts(sheet: Any, form: ReportForm) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    left = Alignment(vertical="center", wrap_text=True)
    line = Side(style="thin", color="808080")
    box = Border(left=line, right=line, top=line, bottom=line)
    grey = PatternFill("solid", fgColor="D9E2EC")
    font, bold = Font(name="宋体", size=11), Font(name="宋体", size=11, bold=True)
    for (row, column), text in form.protected().items():
        cell = put_text(sheet.cell(row, column), text)
        cell.font, cell.alignment = font, left
        if HEADING_ROW <= row <= form.last_row and column != KEY:
            cell.border = box
            if row == HEADING_ROW:
                cell.font, cell.alignment, cell.fill = bold, middle, grey
    for row, size in ((TITLE_ROW, 18), (UNIT_ROW, 12), (HINT_ROW, 10)):
        cell = sheet.cell(row, 2)
        cell.font = Font(name="宋体", size=size, bold=row == TITLE_ROW)
        cell.alignment = middle if row == TITLE_ROW else left
    for row in (TITLE_ROW, UNIT_ROW, HINT_ROW, form.signature_row):
        sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=NOTE)
    for row, height in ((TITLE_ROW, 32), (UNIT_ROW, 22), (form.signature_row, 26)):
        sheet.row_dimensions[row].height = height
    for column, width in _WIDTHS.items():
        sheet.column_dimensions[letters(column)].width = width
    sheet.column_dimensions[letters(KEY)].hidden = True
    sheet.freeze_panes = sheet.cell(FIRST_ROW, 2)


def _fillable(sheet: Any, form: ReportForm) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

    line = Side(style="thin", color="808080")
    box = Border(left=line, right=line, top=line, bottom=line)
    yellow = PatternFill("solid", fgColor="FFF8DC")
    font, unlocked = Font(name="宋体", size=11), Protection(locked=False)
    center = Alignment(horizontal="center", vertical="center")
    wrapped = Alignment(vertical="center", wrap_text=True)
    for at, row in enumerate(form.rows, FIRST_ROW):
        value, note = sheet.cell(at, VALUE), sheet.cell(at, NOTE)
        if row.reported is not None:
            value.value = row.reported.value
            if row.reported.note:
                put_text(note, note_in_form(row.reported.note))
        for cell, alignment in ((value, center), (note, wrapped)):
            cell.font, cell.fill, cell.border = font, yellow, box
            cell.alignment, cell.protection = alignment, unlocked
        value.number_format = "0" if row.whole else "0.##"
        note.number_format = "@"
        sheet.row_dimensions[at].height = 20


def _checks(sheet: Any, rows: Sequence[ReportRow]) -> None:
    """Bounds and lists in the cells; rows that allow the same share one check."""
    from openpyxl.worksheet.datavalidation import DataValidation

    made: dict[tuple[object, ...], Any] = {}
    for at, row in enumerate(rows, FIRST_ROW):
        same = (row.field.kind, row.field.minimum, row.field.maximum)
        if same not in made:
            made[same] = _check(row)
            sheet.add_data_validation(made[same])
        made[same].add(sheet.cell(at, VALUE))
    note = DataValidation(
        type="textLength",
        operator="lessThanOrEqual",
        formula1=str(LONGEST_NOTE),
        allow_blank=True,
        errorTitle="说明太长",
        error=f"至多 {LONGEST_NOTE} 字；详细材料另附。",
    )
    note.showErrorMessage = True
    if rows:
        note.add(f"{letters(NOTE)}{FIRST_ROW}:{letters(NOTE)}{FIRST_ROW + len(rows) - 1}")
        sheet.add_data_validation(note)


def _check(row: ReportRow) -> Any:
    from openpyxl.worksheet.datavalidation import DataValidation

    remedy = f"请填 {row.bounds}；没有的留空。"
    if row.choices:
        remedy = f"请填 {row.bounds}，以半分为一档，可从下拉列表选取；没有的留空。"
        rule = DataValidation(type="list", formula1=_quoted(row.choices), allow_blank=True)
    else:
        rule = DataValidation(
            type="whole" if row.whole else "decimal",
            operator="between",
            formula1=number(row.field.minimum),
            formula2=number(row.field.maximum),
            allow_blank=True,
        )
    rule.showErrorMessage, rule.showInputMessage = True, True
    rule.errorTitle, rule.error = "不能这样填", remedy
    rule.promptTitle, rule.prompt = "填报范围", remedy
    return rule


def _quoted(choices: Sequence[Decimal]) -> str:
    return f'"{",".join(map(number, choices))}"'


def _protect(sheet: Any) -> None:
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False  # widths may be changed
    sheet.protection.formatRows = False


def _page(sheet: Any, form: ReportForm) -> None:
    page = sheet.page_setup
    page.paperSize, page.orientation = _A4, "landscape"
    page.fitToWidth, page.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    sheet.print_area = f"B1:{letters(NOTE)}{form.signature_row}"
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom = 0.6, 0.7
    code = form.identification.code(form.keys)
    sheet.oddFooter.left.text = in_header(f"{form.unit} {form.identification.month}")
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.oddFooter.right.text = in_header(f"标识 {code}")


def _identify(sheet: Any, form: ReportForm) -> None:
    known = form.identification
    facts = {
        "version": known.version,
        "campaign": known.campaign,
        "unit": known.unit,
        "month": str(known.month),
        "rubric": known.rubric,
        "rows": " ".join(form.lines),
        "checksum": known.checksum(form.lines),
    }
    for row, (name, value) in enumerate(facts.items(), 1):
        put_text(sheet.cell(row, 1), name)
        put_text(sheet.cell(row, 2), value)
    sheet.sheet_state = "veryHidden"
    sheet.protection.sheet = True
