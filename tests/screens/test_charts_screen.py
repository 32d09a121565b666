"""The charts on the screen: which, of whom, through when, and kept as a file."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from seat import CLERK, NARROW, WIDE, a_home, line_with, press, screen, seated, write
from snapshot import assert_looks

from gsjx_tui.domain import Month
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.home import open_office
from gsjx_tui.office.record import record
from gsjx_tui.rubric.model import Observation
from gsjx_tui.tui.app import GsjxApp
from gsjx_tui.tui.screens.charts import ChartsScreen
from gsjx_tui.tui.screens.ranking import RankingScreen

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
JUNE = Month(2013, 6)
LATER = [
    ("E02", 1, "study.k1.self", 15),
    ("E09", 1, "study.k1.self", 9),
    ("E03", 2, "selfcheck.b1.plan", 20),
    ("E05", 2, "selfcheck.b1.plan", 12),
    ("E01", 2, "selfcheck.b1.plan", 18),
    ("E07", 2, "selfcheck.b1.plan", 20),
]


@pytest.fixture(autouse=True)
def a_clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests, the screens show the same login."""
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)


@cache
def _three_months() -> Path:
    """June to August confirmed; every month some units do well."""
    path = Path(tempfile.mkdtemp(prefix="gsjx-charts-")) / "home"
    atexit.register(shutil.rmtree, path.parent)
    a_home(path, confirmed=True)
    with open_office(path) as opened:
        office = opened.acting(CLERK)
        for number in (1, 2):
            month = JUNE.plus(number)
            seen = [
                Observation(unit, month, item, "points", "verify", Decimal(value))
                for unit, after, item, value in LATER
                if after == number
            ]
            record(office, seen)
            confirm(office, month)
    return path


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A copy of the office that confirmed three months."""
    yield Path(shutil.copytree(_three_months(), tmp_path / "home"))


@SIZES
async def test_the_three_charts(home: Path, size: tuple[int, int]) -> None:
    async with seated(home, size) as pilot:
        await press(pilot, "r", "down", "down", "b")
        assert_looks(pilot, "charts-ranks")

        await press(pilot, "k")
        assert_looks(pilot, "charts-stages")

        await press(pilot, "k")
        assert_looks(pilot, "charts-losses")


@pytest.mark.parametrize("theme", ["gsjx-16", "gsjx-plain"])
async def test_the_looks_of_old_terminals(home: Path, theme: str) -> None:
    async with seated(home) as pilot:
        assert isinstance(pilot.app, GsjxApp)
        pilot.app._look_like(theme)
        await press(pilot, "r", "down", "b")
        assert_looks(pilot, f"charts-ranks-{theme}")

        await press(pilot, "k")
        assert_looks(pilot, f"charts-stages-{theme}")


async def test_an_ascii_terminal_gets_nothing_but_ascii_and_chinese(home: Path) -> None:
    async with seated(home) as pilot:
        assert isinstance(pilot.app, GsjxApp)
        pilot.app._look_like("gsjx-plain")
        await press(pilot, "r", "b")
        for _ in range(3):
            assert not set("─│█▓▒░") & set(screen(pilot))
            await press(pilot, "k")


async def test_the_path_is_that_of_the_unit_with_the_cursor(home: Path) -> None:
    async with seated(home) as pilot:
        await press(pilot, "r", "b")
        first = line_with(pilot, ">").partition(">")[2].strip()
        legend = line_with(pilot, "连线是")

        await press(pilot, "down")
        assert line_with(pilot, ">").partition(">")[2].strip() != first
        assert line_with(pilot, "连线是") != legend


async def test_the_palette_opens_it_by_name(home: Path) -> None:
    async with seated(home) as pilot:
        await press(pilot, ":")
        await write(pilot, "图表")
        await press(pilot, "enter")

        assert isinstance(pilot.app.screen, ChartsScreen)
        assert "经济民生部门" in screen(pilot)


async def test_category_month_and_the_way_back(home: Path) -> None:
    async with seated(home) as pilot:
        await press(pilot, "r", "b", "tab")
        assert "[服务保障部门]" in screen(pilot)

        await press(pilot, "left", "left_square_bracket")
        assert "至 2013年7月" in screen(pilot) and "[经济民生部门]" in screen(pilot)

        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, RankingScreen)


async def test_the_losses_of_the_chosen_unit_and_its_card(home: Path) -> None:
    async with seated(home) as pilot:
        await press(pilot, "r", "b", "u")
        assert "县发展和改革委员会指标失分" in line_with(pilot, "指标失分")

        await press(pilot, "enter")
        assert "得分卡" in screen(pilot)

        await press(pilot, "escape", "u")
        assert "平均" in screen(pilot)


async def test_the_losses_are_those_of_the_unit_under_the_cursor(home: Path) -> None:
    async with seated(home) as pilot:
        await press(pilot, "r", "b", "down", "u")
        assert "县财政局指标失分" in line_with(pilot, "指标失分")


async def test_nothing_confirmed_is_told(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await press(pilot, "r", "b", "k", "tab", "e", "u", "enter")

        assert "还没有核定任何月份" in screen(pilot)


async def test_it_is_kept_as_a_file_that_says_whom_it_brings_out(home: Path) -> None:
    async with seated(home, WIDE) as pilot:
        await press(pilot, "r", "b", "e", "enter")
        await write(pilot, "走势")
        await press(pilot, "enter")
        await write(pilot, "XX")
        await press(pilot, "enter")
        assert "没有代码为“XX”的单位" in screen(pilot)
        await press(pilot, "ctrl+u")
        await write(pilot, "E05")
        await press(pilot, "enter")
        assert "已保存" in screen(pilot)

        await press(pilot, "e", "enter")
        await write(pilot, "走势")
        await press(pilot, "enter", "enter")
        assert "已有这个文件，没有覆盖" in screen(pilot)

    kept = next(home.rglob("走势.svg"))
    assert kept.parent.name == "导出"
    texts = {"".join(t.itertext()): t for t in ElementTree.parse(kept).iter() if "text" in t.tag}
    unit = next(text for text in texts if "E05 县财政局" in text)
    assert "bold" in str(texts[unit].attrib) or "700" in str(texts[unit].attrib)


async def test_a_png_is_kept_too(home: Path) -> None:
    async with seated(home) as pilot:
        await press(pilot, "r", "b", "k", "k", "e")
        await write(pilot, "png")
        await press(pilot, "enter", "enter")
        assert "已保存" in screen(pilot)

    assert next((home).rglob("*.png")).read_bytes().startswith(b"\x89PNG")
