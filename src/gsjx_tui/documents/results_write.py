"""Result tables as a workbook: by category, with the ranks by month and charts.

Ready to print: A4 landscape, headings repeated, pages numbered, every page with its edition or
未定稿 and its check code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from gsjx_tui.documents.placing import placed
from gsjx_tui.documents.results import CHARTS, FIRST_ROW, TREND, CategoryResult, Results
from gsjx_tui.documents.results_charts import put_charts
from gsjx_tui.documents.xlsx import in_header, letters, plain, put_text

HEADINGS = ("名次", "单位", "代码", "得分", "上月名次", "上月得分", "升降", "距上一名", "备注")

_WIDTHS = (7, 36, 10, 12, 11, 12, 9, 12, 14)
_FORMATS = ("0", "@", "@", "0.00", "0", "0.00", '"升"0;"降"0;"平"', "0.00", "@")
_A4 = 9
_ACROSS, _DOWN = 108, 29
"""Letters of ordinary width on a line of A4 landscape, and lines on a page."""
_RED, _GREY = "C00000", "D9E2EC"


def write_results(path: Path, results: Results) -> None:
    """Writes the workbook: a sheet per category, the ranks by month, the charts.

    Never over a file that is there. Raises ExportError.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    titles = list(sheet_titles([category.name for category in results.categories]))
    for title, category in zip(titles, results.categories, strict=True):
        _table(book.create_sheet(title), results, category)
    trend = book.create_sheet(TREND)
    places = _trends(trend, results)
    charts = book.create_sheet(CHARTS)
    _page(charts, results)
    put_charts(book, charts, titles, results, places)
    book.properties.title = plain(f"{results.campaign}{results.scope}排名")
    book.properties.creator = plain(results.campaign)
    book.properties.keywords = str(results.mark)
    with placed(path) as draft:
        book.save(draft)


def sheet_titles(names: Sequence[str]) -> Iterator[str]:
    """A title for each name that Excel takes: short, without its signs, none twice."""
    taken = {TREND, CHARTS}
    for name in names:
        wanted = re.sub(r"[\[\]:*?/\\]", "_", plain(name)).strip("' ")[:28] or "类别"
        title, number = wanted, 1
        while title.casefold() in taken:
            number += 1
            title = f"{wanted}{number}"
        taken.add(title.casefold())
        yield title


def _table(sheet: Any, results: Results, category: CategoryResult) -> None:
    _head(sheet, results, f"{results.campaign}{category.name}排名", len(HEADINGS))
    for column, heading in enumerate(HEADINGS, 1):
        _heading(sheet.cell(FIRST_ROW - 1, column), heading)
    for at, row in enumerate(category.rows, FIRST_ROW):
        values = (
            *(row.rank, row.name, row.unit, row.points, row.previous_rank),
            *(row.previous_points, row.moved, row.gap, "" if row.confirmed else "尚未核定"),
        )
        for column, value in enumerate(values, 1):
            _cell(sheet.cell(at, column), value, _FORMATS[column - 1])
    for column, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[letters(column)].width = width
    _page(sheet, results)
    sheet.print_area = f"A1:{letters(len(HEADINGS))}{FIRST_ROW + len(category.rows) - 1}"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"1:{FIRST_ROW - 1}"
    sheet.freeze_panes = sheet.cell(FIRST_ROW, 1)


def _trends(sheet: Any, results: Results) -> list[dict[str, int]]:
    """Writes the ranks by month, a page per category; the row of each unit by category."""
    from openpyxl.styles import Font, PatternFill
    from openpyxl.worksheet.pagebreak import Break

    columns = len(results.months) + 1
    _head(sheet, results, f"{results.campaign}{TREND}", columns)
    for column, text in enumerate(("单位", *(str(month) for month in results.months)), 1):
        _heading(sheet.cell(FIRST_ROW - 1, column), text)
    places: list[dict[str, int]] = []
    at = FIRST_ROW
    for category in results.categories:
        if places:
            sheet.row_breaks.append(Break(id=at - 1))
        band = put_text(sheet.cell(at, 1), category.name)
        band.font, band.fill = Font(name="宋体", bold=True), PatternFill("solid", fgColor=_GREY)
        places.append({})
        for trend in category.trends:
            at += 1
            places[-1][trend.unit] = at
            for column, value in enumerate((trend.name, *trend.ranks), 1):
                _cell(sheet.cell(at, column), value, "@" if column == 1 else "0")
        at += 1
    widths = [36, *(9 for _ in results.months)]
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[letters(column)].width = width
    _page(sheet, results)
    # Not "fit to width": Excel would ignore the breaks between the categories.
    longest = FIRST_ROW + max((len(rows) for rows in places), default=0)
    across, down = 100 * _ACROSS // sum(widths), max(70, 100 * _DOWN // longest)
    sheet.page_setup.scale = max(10, min(100, across, down))
    sheet.print_title_rows = f"1:{FIRST_ROW - 1}"
    sheet.freeze_panes = sheet.cell(FIRST_ROW, 2)
    return places


def _head(sheet: Any, results: Results, title: str, columns: int) -> None:
    from openpyxl.styles import Alignment, Font

    middle = Alignment(horizontal="center", vertical="center")
    first = put_text(sheet.cell(1, 1), title)
    first.font, first.alignment = Font(name="宋体", size=18, bold=True), middle
    second = put_text(sheet.cell(2, 1), f"{results.scope}　{results.mark}")
    second.font = Font(name="宋体", size=11, color=_RED if results.mark.stamp else "000000")
    second.alignment = middle
    for row, height in ((1, 32), (2, 20)):
        sheet.row_dimensions[row].height = height
        if columns > 1:
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)


def _heading(cell: Any, text: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    _cell(put_text(cell, text), text, "@")
    cell.font, cell.fill = Font(name="宋体", bold=True), PatternFill("solid", fgColor=_GREY)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _cell(cell: Any, value: object, number_format: str) -> None:
    from openpyxl.styles import Alignment, Border, Font, Side

    line = Side(style="thin", color="808080")
    if isinstance(value, str):
        put_text(cell, value)
    else:
        cell.value = value
    cell.number_format = number_format
    cell.font = Font(name="宋体", size=11)
    cell.border = Border(left=line, right=line, top=line, bottom=line)
    side = "right" if number_format == "0.00" else "left" if number_format == "@" else "center"
    cell.alignment = Alignment(horizontal=side, vertical="center")


def _page(sheet: Any, results: Results) -> None:
    sheet.page_setup.paperSize, sheet.page_setup.orientation = _A4, "landscape"
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom, margins.header, margins.footer = 0.8, 0.7, 0.4, 0.4
    sheet.oddHeader.left.text = in_header(f"{results.campaign}　{results.scope}")
    sheet.oddHeader.right.text = in_header(str(results.mark))
    if results.mark.stamp:
        sheet.oddHeader.center.text = in_header(results.mark.stamp)
        sheet.oddHeader.center.size, sheet.oddHeader.center.color = 16, _RED
    printed = f"{results.printed:%Y-%m-%d} 打印"
    sheet.oddFooter.left.text = in_header(printed)
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
