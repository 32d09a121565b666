"""The charts of a result workbook: points as bars, ranks by month as lines, a page each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gsjx_tui.documents.results import (
    FIRST_ROW,
    TREND,
    CategoryResult,
    Results,
)
from gsjx_tui.documents.xlsx import letters, plain

_WIDTH, _HEIGHT = 24.5, 15.4
"""Centimetres, within the margins of A4 landscape."""
_COLUMNS, _ROWS = 14, 31
"""Cells that a page of charts takes, sized below."""
_COLOURS = ("1F4E79", "2E9E6B", "6FA8DC", "C00000", "E67E22", "7F6000")
"""Apart in print too: the first ones cool, the last ones warm."""
_ENDS = 3
"""Units at either end of a category whose ranks are drawn: more lines can't be told apart."""
_NAME, _POINTS = 2, 4
"""Columns of the category sheets."""


def put_charts(
    book: Any,
    sheet: Any,
    titles: Sequence[str],
    results: Results,
    places: Sequence[Mapping[str, int]],
) -> None:
    """Puts two charts of every category on ``sheet``, which begins a new page for each.

    ``titles`` are the category sheets', ``places`` the rows of the units on the trend sheet.
    """
    from openpyxl.worksheet.pagebreak import Break

    at = 1
    for title, category, rows in zip(titles, results.categories, places, strict=True):
        for chart in (
            _bars(book[title], category, results),
            _lines(book[TREND], category, results, rows),
        ):
            if at > 1:
                sheet.row_breaks.append(Break(id=at - 1))
            chart.width, chart.height = _WIDTH, _HEIGHT
            sheet.add_chart(chart, f"A{at + 1}")  # off the edge: its line would show on both pages
            at += _ROWS
    for column in range(1, _COLUMNS + 1):
        sheet.column_dimensions[letters(column)].width = 9.5
    sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = 15, True
    sheet.print_area = f"A1:{letters(_COLUMNS)}{max(1, at - 1)}"


def _bars(source: Any, category: CategoryResult, results: Results) -> Any:
    from openpyxl.chart import BarChart, Reference
    from openpyxl.chart.label import DataLabelList

    chart = BarChart()
    chart.type, chart.gapWidth = "bar", 40
    _title(chart, f"{category.name}得分", results)
    chart.legend = None
    last = FIRST_ROW + len(category.rows) - 1
    chart.add_data(Reference(source, min_col=_POINTS, min_row=FIRST_ROW, max_row=last))
    chart.set_categories(Reference(source, min_col=_NAME, min_row=FIRST_ROW, max_row=last))
    for series in chart.series:
        series.graphicalProperties.solidFill = _COLOURS[0]
    chart.x_axis.scaling.orientation = "maxMin"  # the first place on top
    chart.x_axis.txPr = _small()
    chart.x_axis.tickLblSkip = 1
    chart.dataLabels = DataLabelList(showVal=True, showSerName=False, showCatName=False)
    chart.dataLabels.showLegendKey = chart.dataLabels.showPercent = False
    chart.dataLabels.numFmt, chart.dataLabels.txPr = "0.00", _small()
    chart.x_axis.delete, chart.y_axis.delete = False, True  # every bar says its points
    chart.y_axis.majorGridlines = None
    chart.y_axis.scaling.min = 0 if all(row.points >= 0 for row in category.rows) else None
    return chart


def _lines(source: Any, category: CategoryResult, results: Results, rows: Mapping[str, int]) -> Any:
    from openpyxl.chart import LineChart, Reference

    chart = LineChart()
    drawn = [row.unit for row in category.rows if row.unit in rows]
    whose = "各单位"
    if len(drawn) > 2 * _ENDS:
        drawn, whose = [*drawn[:_ENDS], *drawn[-_ENDS:]], f"前{_ENDS}名、后{_ENDS}名"
    _title(chart, f"{category.name}{whose}名次走势", results)
    last = len(results.months) + 1
    for unit, colour in zip(drawn, _COLOURS, strict=False):
        values = Reference(source, min_col=1, max_col=last, min_row=rows[unit])
        chart.add_data(values, from_rows=True, titles_from_data=True)
        line = chart.series[-1]
        line.smooth = False
        line.graphicalProperties.line.solidFill = colour
        line.graphicalProperties.line.width = 28_000
        line.marker.symbol, line.marker.size = "circle", 7
        line.marker.graphicalProperties.solidFill = colour
        line.marker.graphicalProperties.line.solidFill = colour
    chart.set_categories(Reference(source, min_col=2, max_col=last, min_row=FIRST_ROW - 1))
    chart.y_axis.scaling.orientation = "maxMin"  # the first place on top
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 1, max(2, len(category.rows))
    chart.y_axis.number_format, chart.y_axis.title = "0", "名次"
    chart.y_axis.majorUnit = max(1, len(category.rows) // 10)
    chart.x_axis.crosses = "max"  # the months below
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.legend.position = "b"
    return chart


def _title(chart: Any, text: str, results: Results) -> None:
    from openpyxl.chart.title import title_maker

    mark = results.mark.edition_name or results.mark.stamp
    chart.title = title_maker(plain(f"{text}（{results.scope}，{mark}）"))
    chart.title.overlay = False
    for paragraph in chart.title.tx.rich.p:
        paragraph.pPr.defRPr = _letters_of(1400, bold=True)


def _small() -> Any:
    from openpyxl.chart.text import RichText
    from openpyxl.drawing.text import Paragraph, ParagraphProperties

    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=_letters_of(800)))])


def _letters_of(size: int, *, bold: bool = False) -> Any:
    """Hundredths of a point."""
    from openpyxl.drawing.text import CharacterProperties

    return CharacterProperties(sz=size, b=bold)
