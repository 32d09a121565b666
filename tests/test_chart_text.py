"""Charts in cells, as they stand on a page: wide letters count two, nothing needs a colour."""

from __future__ import annotations

from decimal import Decimal

from rich.cells import cell_len

from gsjx_tui.chart_text import laid, page
from gsjx_tui.documents.charts import (
    Chart,
    ChartHead,
    IndicatorLoss,
    Losses,
    RankPaths,
    StagePoints,
    UnitRanks,
    UnitStages,
)
from gsjx_tui.domain import Month, month_range
from hostile_texts import HOSTILE, assert_steers_nothing

JUNE, AUGUST = Month(2013, 6), Month(2013, 8)
RANKS = {
    "A1": (1, 4, 4),
    "A2": (2, 1, 1),
    "A3": (2, 2, 1),
    "A4": (None, 2, 3),
}


def head(title: str, unit: str = "") -> ChartHead:
    source = ("试点活动", "经济类", "截至2013年8月累计", "未定稿", "制图人 clerk01")
    return ChartHead(f"经济类{title}", "经济类", AUGUST, source[2], "未定稿", source, unit)


def paths(unit: str = "", name: str = "局") -> RankPaths:
    units = [UnitRanks(code, f"{code}{name}", RANKS[code]) for code in ("A2", "A3", "A4", "A1")]
    return RankPaths(head("名次走势", unit), month_range(JUNE, AUGUST), tuple(units))


def stages(name: str = "财政局") -> StagePoints:
    units = (
        UnitStages("A2", "教育局", 1, Decimal("30.00"), (Decimal("20.00"), Decimal("10.00"))),
        UnitStages("A1", name, 2, Decimal("7.00"), (Decimal("9.00"), Decimal("-2.00"))),
        UnitStages("A3", "统计局", 3, Decimal("4.00"), (None, Decimal("4.00"))),
    )
    return StagePoints(head("阶段得分", "A1"), ("学习", "自查"), units)


def losses(unit: str = "") -> Losses:
    lost = (
        IndicatorLoss("学习", "k1", "讨论情况", True, 3, Decimal("12.00")),
        IndicatorLoss("自查", "b1", "方案", False, 1, Decimal("3.00")),
    )
    return Losses(head("指标失分", unit), 3, lost)


SOURCE = "来源：试点活动；经济类；截至2013年8月累计；未定稿；制图人 clerk01"


def test_a_path_goes_from_month_to_month() -> None:
    assert list(page(paths("A1"), 80)) == [
        "经济类名次走势（截至2013年8月累计）",
        "名次 2013-06   2013-07   2013-08  单位",
        "   1 A1 ------.A2        A2       A2局",
        "   1 A2       |A3        A3 =     A3局",
        "   3 A3 =     |A4 =      A4       A4局",
        "   4          'A1 -------A1      >A1局",
        "连线是 A1 的走势，> 是它现在的位置；= 表示与上一行同名次",
        SOURCE,
    ]


def test_a_path_that_begins_later_begins_there_and_may_go_up() -> None:
    lines = list(page(paths("A4"), 80))

    assert lines[2:6] == [
        "   1 A1        A2        A2       A2局",
        "   1 A2        A3        A3 =     A3局",
        "   3 A3 =      A4 -------A4      >A4局",
        "   4           A1        A1       A1局",
    ]


def test_without_a_unit_the_first_one_s_path_is_drawn() -> None:
    assert "连线是 A2 的走势" in list(page(paths(), 80))[-2]


def test_months_that_have_no_room_are_left_out_from_the_oldest_and_told() -> None:
    months = month_range(JUNE, Month(2014, 12))
    units = tuple(UnitRanks(f"A{n}", "某某局", tuple(n for _ in months)) for n in range(1, 4))
    chart = RankPaths(head("名次走势"), months, units)

    lines = list(page(chart, 80))
    assert lines[1].split()[1:-1] == [f"{month.number}月" for month in months[-13:]]
    assert lines[-2].endswith("；更早的 6 个月画不下")
    assert len(list(page(chart, 120))[1].split()) > len(lines[1].split())


def test_bars_are_stacked_by_stage_in_signs_of_their_own() -> None:
    assert list(page(stages(), 80)) == [
        "经济类阶段得分（截至2013年8月累计）",
        "名次  单位          得分",
        f"   1  A2 教育局    30.00 {'#' * 29}{'=' * 15}",
        f"   2 >A1 财政局     7.00 {'#' * 13} 自查-2.00",
        f"   3  A3 统计局     4.00 {'=' * 6}",
        "# 学习，= 自查；一整条为 30.00 分",
        SOURCE,
    ]


def test_a_wide_page_has_the_points_of_every_stage() -> None:
    line = list(page(stages(), 120))[2]

    assert line.split()[:6] == ["1", "A2", "教育局", "30.00", "20.00", "10.00"]


def test_losses_tell_what_is_over_from_what_may_still_come() -> None:
    assert list(page(losses(), 80)) == [
        "经济类指标失分（截至2013年8月累计）",
        "指标                 失分    平均  单位 阶段",
        f"讨论情况（学习）    12.00    4.00     3 已结束 {'#' * 32}",
        f"方案（自查）         3.00    1.00     1 进行中 {'+' * 8}",
        "# 已结束的阶段，+ 进行中，还差的以后可能得到",
        SOURCE,
    ]


def test_losses_of_one_unit_have_no_mean() -> None:
    lines = list(page(losses("A1"), 80))

    assert lines[1].split() == ["指标", "失分", "阶段"]
    assert lines[2].startswith("讨论情况（学习）    12.00 已结束 ###")


def test_nothing_but_names_is_of_ambiguous_width() -> None:
    charts: list[Chart] = [paths("A1"), stages(), losses()]
    drawn = "".join(
        cell for chart in charts for _, cells in laid(chart, 140).rows for cell in cells
    )

    assert {letter for letter in drawn if cell_len(letter) == 1} <= {chr(n) for n in range(32, 127)}


def test_no_line_is_wider_than_the_page_whatever_names_hold() -> None:
    charts: list[Chart] = [paths(name=HOSTILE), paths(name="局" * 99), stages("局" * 99), losses()]
    for chart in charts:
        for width in (80, 100, 140):
            lines = list(page(chart, width))
            assert_steers_nothing("\n".join(lines))
            assert max(cell_len(line) for line in lines[1:-2]) <= width


def test_points_below_nothing_take_nothing_from_the_bar_of_the_later_stages() -> None:
    units = (
        UnitStages("A3", "统计局", 1, Decimal("9.00"), (None, Decimal("9.00"))),
        UnitStages("A1", "财政局", 2, Decimal("7.00"), (Decimal("-2.00"), Decimal("9.00"))),
    )
    chart = StagePoints(head("阶段得分", "A1"), ("学习", "自查"), units)

    whole, behind = list(page(chart, 80))[2:4]

    assert behind.count("=") == whole.count("=") > 0
    assert behind.endswith(" 学习-2.00")
