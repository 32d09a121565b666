"""Result tables as a workbook: what they state, how they print, that text stays text."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import libreoffice
from gsjx_tui.documents.mark import Mark
from gsjx_tui.documents.pdf import to_pdf
from gsjx_tui.documents.placing import ExportError
from gsjx_tui.documents.results import CategoryResult, ResultRow, Results, UnitTrend
from gsjx_tui.documents.results_write import sheet_titles, write_results
from gsjx_tui.domain import Month

CODE = "6YP3-6FN7-K9YS"


def the_results(units: int = 3, edition: int = 2) -> Results:
    rows = tuple(
        ResultRow(
            rank=n,
            unit=f"E{n:02}",
            name=f"第{n}局",
            points=Decimal(200 - n),
            previous_rank=units + 1 - n,
            previous_points=Decimal("150.50"),
            moved=units + 1 - 2 * n,
            gap=Decimal("1.00") if n > 1 else None,
            confirmed=n != 2,
        )
        for n in range(1, units + 1)
    )
    trends = tuple(UnitTrend(row.unit, row.name, (units + 1 - row.rank, row.rank)) for row in rows)
    newcomer = ResultRow(1, "S01", "新设局", Decimal("20.00"))
    return Results(
        campaign="试点活动",
        scope="截至2013年7月累计",
        months=(Month(2013, 6), Month(2013, 7)),
        categories=(
            CategoryResult("经济民生部门", rows, trends),
            CategoryResult("服务保障部门", (newcomer,), (UnitTrend("S01", "新设局", (None, 1)),)),
        ),
        mark=Mark(edition, CODE),
        printed=date(2013, 8, 5),
    )


def written(tmp_path: Path, results: Results | None = None) -> Any:
    path = tmp_path / "results.xlsx"
    write_results(path, results or the_results())
    return load_workbook(path)


def texts(sheet: Any, row: int) -> list[Any]:
    return [cell.value for cell in sheet[row]]


def test_a_sheet_for_each_category_then_trends_and_charts(tmp_path: Path) -> None:
    book = written(tmp_path)

    assert book.sheetnames == ["经济民生部门", "服务保障部门", "名次走势", "图表"]
    first, second = book["经济民生部门"], book["服务保障部门"]
    assert texts(first, 1)[0] == "试点活动经济民生部门排名"
    assert texts(first, 2)[0] == f"截至2013年7月累计　第2版　校验码 {CODE}"
    assert texts(first, 5) == [2, "第2局", "E02", 198, 2, 150.5, 0, 1, "尚未核定"]
    assert first.max_row == 6
    assert texts(second, 4) == [1, "新设局", "S01", 20, *[None] * 4, None]
    assert first["G4"].number_format == '"升"0;"降"0;"平"'


def test_trends_are_ranks_by_month_under_their_category(tmp_path: Path) -> None:
    sheet = written(tmp_path)["名次走势"]

    assert [texts(sheet, row) for row in range(3, 10)] == [
        ["单位", "2013-06", "2013-07"],
        ["经济民生部门", None, None],
        ["第1局", 3, 1],
        ["第2局", 2, 2],
        ["第3局", 1, 3],
        ["服务保障部门", None, None],
        ["新设局", None, 1],
    ]
    assert [line.id for line in sheet.row_breaks.brk] == [7]


def test_charts_draw_the_points_and_the_ranks(tmp_path: Path) -> None:
    charts = written(tmp_path, the_results(units=9))["图表"]._charts

    assert [type(chart).__name__ for chart in charts] == ["BarChart", "LineChart"] * 2
    bars, lines = charts[0], charts[1]
    assert bars.series[0].val.numRef.f == "'经济民生部门'!$D$4:$D$12"
    assert bars.series[0].cat.numRef.f == "'经济民生部门'!$B$4:$B$12"
    drawn = [series.val.numRef.f for series in lines.series]
    assert drawn == [f"'名次走势'!$B${row}:$C${row}" for row in (5, 6, 7, 11, 12, 13)]
    assert lines.series[0].tx.strRef.f == "'名次走势'!A5"
    assert lines.y_axis.scaling.orientation == "maxMin"


def test_every_sheet_is_ready_to_print(tmp_path: Path) -> None:
    book = written(tmp_path)

    for sheet in book.worksheets:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.oddHeader.right.text == f"第2版　校验码 {CODE}"
        assert sheet.oddHeader.center.text is None
        assert "&P" in sheet.oddFooter.center.text
    for title in ("经济民生部门", "服务保障部门", "名次走势"):
        assert book[title].print_title_rows == "$1:$3"
    assert book["经济民生部门"].page_setup.fitToWidth == 1
    assert book["经济民生部门"].page_setup.fitToHeight == 0
    assert book["经济民生部门"].sheet_properties.pageSetUpPr.fitToPage


def test_what_has_no_edition_is_stamped_on_every_sheet(tmp_path: Path) -> None:
    book = written(tmp_path, the_results(edition=0))

    for sheet in book.worksheets:
        assert sheet.oddHeader.center.text == "未定稿"
        assert sheet.oddHeader.center.color == "C00000"
        assert sheet.oddHeader.right.text == f"未定稿　校验码 {CODE}"
    assert "未定稿" in book["经济民生部门"]["A2"].value


def test_no_text_is_a_formula_or_a_code_of_the_page_header(tmp_path: Path) -> None:
    results = the_results()
    bad = ResultRow(1, "=1+1", '=HYPERLINK("http://x")', Decimal(1))
    category = CategoryResult("=2+2", (bad,), (UnitTrend("=1+1", "=3+3", (1, 1)),))

    book = written(tmp_path, replace(results, campaign="甲&乙&D", categories=(category,)))

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert book["=2+2"]["B4"].value == '=HYPERLINK("http://x")'
    assert book["=2+2"].oddHeader.left.text == "甲&&乙&&D　截至2013年7月累计"


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    written(tmp_path)

    with pytest.raises(ExportError, match="已有这个文件"):
        written(tmp_path)


def test_titles_that_excel_takes() -> None:
    names = ["甲/乙:丙[1]", "镇乡（街道）", "镇乡（街道）", "长" * 40, "", "图表", "'"]

    titles = list(sheet_titles(names))

    expected = ["甲_乙_丙_1_", "镇乡（街道）", "镇乡（街道）2", "长" * 28, "类别", "图表2"]
    assert titles == [*expected, "类别2"]


@pytest.mark.slow
def test_it_prints_a_page_per_table_and_chart(tmp_path: Path) -> None:
    libreoffice.needed()
    path = tmp_path / "results.xlsx"
    write_results(path, the_results(units=36, edition=0))

    (made,) = to_pdf([path], tmp_path)

    said = subprocess.run(["pdftotext", "-layout", made, "-"], capture_output=True, check=True)
    pages = said.stdout.decode().split("\f")[:-1]
    assert len(pages) == 2 + 1 + 2 + 4  # 36 rows take two pages, the second with its headings
    assert all("未定稿" in page and CODE in page for page in pages)
    assert [("上月名次" in page, "第36局" in page) for page in pages[:2]] == [
        (True, False),
        (True, True),
    ]
