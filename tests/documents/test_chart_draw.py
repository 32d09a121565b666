"""Charts as files: read back they say what the value said, whoever named the units."""

from __future__ import annotations

import struct
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from matplotlib import font_manager

from gsjx_tui.documents.chart_draw import DPI, HEIGHT, WIDTH, draw_chart
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
from gsjx_tui.documents.placing import ExportError
from gsjx_tui.domain import Month
from hostile_texts import HOSTILE, assert_steers_nothing

JUNE, JULY = Month(2013, 6), Month(2013, 7)
NAMES = {"A1": "财政局", "A2": "教育局", "A3": "统计局"}


def head(title: str = "经济类名次走势", unit: str = "") -> ChartHead:
    source = ("试点活动", "经济类", "截至2013年7月累计", "未定稿", "制图人 clerk01")
    return ChartHead(title, "经济类", JULY, "截至2013年7月累计", "未定稿", source, unit)


def paths(names: dict[str, str] = NAMES, unit: str = "") -> RankPaths:
    ranks = [(2, 1), (1, 2), (None, 2)]
    units = [UnitRanks(code, names[code], ranks[n]) for n, code in enumerate(names)]
    return RankPaths(head(unit=unit), (JUNE, JULY), tuple(units))


def stages() -> StagePoints:
    units = (
        UnitStages("A2", "教育局", 1, Decimal("30.50"), (Decimal("20.25"), Decimal("10.25"))),
        UnitStages("A1", "财政局", 2, Decimal("7.00"), (Decimal("9.00"), Decimal("-2.00"))),
        UnitStages("A3", "统计局", 3, Decimal("4.00"), (None, Decimal("4.00"))),
    )
    return StagePoints(head("经济类阶段得分"), ("学习", "自查"), units)


def losses() -> Losses:
    lost = (
        IndicatorLoss("学习", "k1", "讨论", True, 3, Decimal("12.50")),
        IndicatorLoss("自查", "b1", "方案", False, 1, Decimal("3.00")),
    )
    return Losses(head("经济类指标失分"), 3, lost)


def texts(path: Path) -> list[str]:
    """The texts of an SVG, from top to bottom as they were drawn; letters, not outlines."""
    found = ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text")
    return ["".join(text.itertext()).strip() for text in found]


def in_order(found: list[str], *wanted: str) -> bool:
    places = [found.index(text) for text in wanted]
    return places == sorted(places)


def test_the_paths_carry_names_ranks_months_and_source(tmp_path: Path) -> None:
    draw_chart(tmp_path / "走势.svg", paths())

    found = texts(tmp_path / "走势.svg")
    assert "经济类名次走势（截至2013年7月累计）" in found
    assert "未定稿" in found
    assert "来源：试点活动；经济类；截至2013年7月累计；未定稿；制图人 clerk01" in found
    assert in_order(found, "1 A1 财政局", "2 A2 教育局", "2 A3 统计局")
    assert any(text.startswith("6月") for text in found) and "7月" in found


def test_the_stages_carry_every_unit_s_points(tmp_path: Path) -> None:
    draw_chart(tmp_path / "阶段.svg", stages())

    found = texts(tmp_path / "阶段.svg")
    assert in_order(found, "1 A2 教育局", "2 A1 财政局", "3 A3 统计局")
    assert in_order(found, "30.50", "7.00", "4.00")
    assert in_order(found, "学习", "自查")


def test_the_losses_carry_points_units_and_means(tmp_path: Path) -> None:
    draw_chart(tmp_path / "失分.svg", losses())

    found = texts(tmp_path / "失分.svg")
    assert in_order(found, "讨论（学习）", "方案（自查）")
    assert in_order(found, "12.50（3 个单位，平均 4.17）", "3.00（1 个单位，平均 1.00）")
    assert "阶段进行中，还差的以后可能得到" in found


def test_parts_differ_without_colour(tmp_path: Path) -> None:
    draw_chart(tmp_path / "阶段.svg", stages())
    draw_chart(tmp_path / "走势.svg", paths())

    assert "url(#h" in (tmp_path / "阶段.svg").read_text("utf-8")  # a hatch
    assert "stroke-dasharray" in (tmp_path / "走势.svg").read_text("utf-8")


@pytest.mark.parametrize("chart", [paths(), stages(), losses()], ids=["ranks", "stages", "losses"])
def test_a_png_has_the_size_of_a_page(tmp_path: Path, chart: Chart) -> None:
    draw_chart(tmp_path / "图.png", chart)

    written = (tmp_path / "图.png").read_bytes()
    assert written[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", written[16:24]) == (int(WIDTH * DPI), int(HEIGHT * DPI))


def test_a_category_of_many_units_gets_a_higher_page(tmp_path: Path) -> None:
    units = tuple(UnitRanks(f"U{n}", "某局", (n, n)) for n in range(1, 60))
    draw_chart(tmp_path / "图.png", RankPaths(head(), (JUNE, JULY), units))

    width, height = struct.unpack(">II", (tmp_path / "图.png").read_bytes()[16:24])
    assert width == int(WIDTH * DPI) and height > HEIGHT * DPI * 1.5


@pytest.mark.parametrize("name", ["$x$ $\\frac{1}{0}$", "</text><script>&", HOSTILE, "局" * 300])
def test_a_hostile_name_is_only_a_name(tmp_path: Path, name: str) -> None:
    draw_chart(tmp_path / "图.svg", paths({"A1": name}))
    draw_chart(tmp_path / "图.png", paths({"A1": name}))

    found = texts(tmp_path / "图.svg")
    assert_steers_nothing((tmp_path / "图.svg").read_text("utf-8"))
    assert not list(ElementTree.parse(tmp_path / "图.svg").iter("script"))
    shown = next(text for text in found if text.startswith("1 A1 "))
    assert len(shown) <= 30
    if len(name) < 25:
        assert shown == f"1 A1 {name}"


def test_a_file_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "图.svg").write_text("别的")

    with pytest.raises(ExportError, match="已有这个文件，没有覆盖"):
        draw_chart(tmp_path / "图.svg", paths())

    assert (tmp_path / "图.svg").read_text() == "别的"


def test_without_a_chinese_font_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    monkeypatch.setattr(font_manager, "findSystemFonts", list)

    with pytest.raises(ExportError, match="fonts-noto-cjk"):
        draw_chart(tmp_path / "图.png", paths())

    assert not list(tmp_path.iterdir())
