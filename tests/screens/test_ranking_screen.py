"""Ranking with its trend, finding a unit in it, and comparing a few side by side."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from seat import CLERK, NARROW, WIDE, a_home, line_with, press, screen, seated, settled, write
from snapshot import assert_looks
from textual.events import Key

from gsjx_tui.domain import Month
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.home import open_office
from gsjx_tui.office.record import record
from gsjx_tui.rubric.model import Observation
from gsjx_tui.tui.screens.compare import CompareScreen
from gsjx_tui.tui.screens.ranking import RankingScreen

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
JUNE = Month(2013, 6)


@pytest.fixture(autouse=True)
def a_clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests, the screens show the same login."""
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)


@cache
def _three_months() -> Path:
    """June to August confirmed; each month another unit does well."""
    path = Path(tempfile.mkdtemp(prefix="gsjx-trend-")) / "home"
    atexit.register(shutil.rmtree, path.parent)
    a_home(path, confirmed=True)
    with open_office(path) as opened:
        office = opened.acting(CLERK)
        for number, (unit, item, value) in enumerate(
            [("E02", "study.k1.self", 15), ("E03", "selfcheck.b1.plan", 20)], 1
        ):
            month = JUNE.plus(number)
            seen = Observation(unit, month, item, "points", "verify", Decimal(value))
            record(office, [seen])
            confirm(office, month)
    return path


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A copy of the office that confirmed three months."""
    yield Path(shutil.copytree(_three_months(), tmp_path / "home"))


async def test_the_last_column_shows_how_the_place_went_up_and_down(home: Path) -> None:
    async with seated(home) as pilot:
        await press(pilot, "r")

        assert line_with(pilot, "E03").endswith(" ▇▇█")


async def test_a_terminal_without_blocks_gets_digits(home: Path) -> None:
    async with seated(home) as pilot:
        pilot.app.add_class("-ascii")
        await press(pilot, "r")

        assert line_with(pilot, "E03").endswith(" 778")
        assert "大者居前" in screen(pilot)


async def test_a_unit_that_is_not_confirmed_has_a_star_at_its_place(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home", confirmed=True)) as pilot:
        await press(pilot, "r", "right_square_bracket")

        assert line_with(pilot, "县财政局").split()[0] == "1*"
        assert "带 * 的 31 个尚未核定到 2013-07" in screen(pilot)


async def test_a_unit_is_found_by_name_code_or_initials(home: Path) -> None:
    async with seated(home) as pilot:
        await press(pilot, "r", "slash")
        await write(pilot, "czj")
        assert "1 个单位" in screen(pilot)
        assert "县财政局" in screen(pilot) and "E01" not in screen(pilot)

        await press(pilot, "escape")
        assert "31 个单位" in screen(pilot)

        await press(pilot, "slash")
        await write(pilot, "e01")
        await press(pilot, "enter", "enter")
        assert "得分卡" in screen(pilot) and "E01" in screen(pilot)

        await press(pilot, "escape", "escape")
        assert isinstance(pilot.app.screen, RankingScreen)
        assert "31 个单位" in screen(pilot)


async def test_keys_of_one_burst_act_in_order(home: Path) -> None:
    async with seated(home) as pilot:
        await press(pilot, "r")
        for letter in "/czj\r /\b\b\bfz\r v":
            key = {"/": "slash", "\r": "enter", " ": "space", "\b": "backspace"}.get(letter, letter)
            pilot.app.post_message(Key(key, letter if letter.isprintable() else None))
        await settled(pilot)

        assert isinstance(pilot.app.screen, CompareScreen)
        assert "E05 县财政局" in screen(pilot)
        assert "E01 县发展和改革委员会" in screen(pilot)


async def test_up_to_four_units_are_marked_with_space_and_compared(home: Path) -> None:
    async with seated(home) as pilot:
        await press(pilot, "r", "v")
        assert "选中二至 4 个单位" in screen(pilot)

        await press(pilot, *["space"] * 5)
        assert "至多选 4 个单位" in screen(pilot)
        assert line_with(pilot, "县财政局").lstrip().startswith("+")

        await press(pilot, "escape")
        assert not line_with(pilot, "县财政局").lstrip().startswith("+")
        await press(pilot, "home", "space", "x", "v")
        assert isinstance(pilot.app.screen, CompareScreen)


async def test_comparing_shows_what_each_is_behind_and_marks_the_largest(home: Path) -> None:
    async with seated(home) as pilot:
        pilot.app.push_screen(CompareScreen(Month(2013, 8), ["E01", "E02", "E05"]))
        await settled(pilot)

        total = line_with(pilot, "累计 ").split()
        assert total[1:] == ["41.00", "30.00", "-11", "30.00", "-11"]
        assert line_with(pilot, "学习情况").split()[:4] == ["*", "学习情况", "15.00", "0.00"]
        assert "  讨论情况" in screen(pilot)
        await press(pilot, "end")
        places = line_with(pilot, "2013年6月").split()
        assert places[1:] == ["3", "2", "1"]

        before = screen(pilot).count("\n")
        await press(pilot, "d")
        assert "只看有差别的指标" in screen(pilot)
        assert "满意度" not in screen(pilot)
        assert screen(pilot).count("\n") <= before


@SIZES
async def test_ranking_with_trend(home: Path, size: tuple[int, int]) -> None:
    async with seated(home, size) as pilot:
        await press(pilot, "r", "space", "down", "space")
        assert_looks(pilot, "ranking-trend")
        await press(pilot, "slash")
        await write(pilot, "js")
        assert_looks(pilot, "ranking-filter")


@SIZES
async def test_compare(home: Path, size: tuple[int, int]) -> None:
    async with seated(home, size) as pilot:
        await press(pilot, "r", "space", "space", "space", "space", "v")
        assert_looks(pilot, "compare")
        await press(pilot, "d")
        assert_looks(pilot, "compare-differences")
