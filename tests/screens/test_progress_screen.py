"""Progress 进度: the board of all months, and the reminder list."""

from __future__ import annotations

from pathlib import Path

import pytest
from seat import CLERK, NARROW, WIDE, a_home, line_with, press, screen, seated, settled, write
from snapshot import assert_looks
from textual.pilot import Pilot

from gsjx_tui.domain import Month
from gsjx_tui.office.board import reminder
from gsjx_tui.office.home import open_office
from gsjx_tui.tui.app import GsjxApp
from gsjx_tui.tui.screens.entry import EntryScreen
from gsjx_tui.tui.screens.progress import ProgressScreen
from gsjx_tui.tui.screens.reminder import ReminderScreen
from gsjx_tui.tui.widgets.grid import Grid

JUNE = Month(2013, 6)
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])


@pytest.fixture(autouse=True)
def a_clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests, the screens show the same login."""
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)


def sent_back(path: Path, unit: str = "E02") -> Path:
    """The home with a unit's June returned."""
    with open_office(path) as office, office.ledger.act() as now:
        office.ledger.append(
            "returned", [(unit, "2013-06", "", "没有盖章", "2013-07-10", CLERK, now)]
        )
    return path


async def opened(
    pilot: Pilot[None], month: Month = JUNE, category: str = "", unit: str = ""
) -> ProgressScreen:
    """The progress screen, loaded."""
    shown = ProgressScreen(month, category, unit)
    pilot.app.push_screen(shown)
    await settled(pilot)
    return shown


async def test_each_unit_has_a_mark_a_month_and_late_ones_a_sign(tmp_path: Path) -> None:
    async with seated(sent_back(a_home(tmp_path / "home"))) as pilot:
        await opened(pilot)

        assert line_with(pilot, "县财政局").split()[2:4] == ["复", "未!"]
        assert line_with(pilot, "县发展和改革委员会").split()[2] == "报"
        assert line_with(pilot, "县经济和信息化委员会").split()[2] == "退!"
        assert line_with(pilot, "合计").split()[3] == "110"
        assert "2013年6月欠报 110 个单位，其中迟报 110 个" in screen(pilot)


async def test_left_and_right_choose_the_month_and_enter_opens_the_cell(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await opened(pilot, unit="E05")
        assert "[复 ]" in line_with(pilot, "县财政局")

        await press(pilot, "right", "down")
        assert "[7月]" in screen(pilot)
        assert "[未!]" in line_with(pilot, "E06")
        assert "[" not in line_with(pilot, "县财政局")

        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, EntryScreen)
        assert "录入  2013年7月" in screen(pilot)
        assert "E06 县人力资源和社会保障局" in screen(pilot)

        await press(pilot, "escape", "escape")
        assert "[未!]" in line_with(pilot, "E06")


async def test_enter_on_a_category_opens_its_units(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await opened(pilot)
        await press(pilot, "k", "k", "home", "enter")

        assert "服务保障部门" in screen(pilot).splitlines()[0]


async def test_only_late_returned_or_open_units_are_shown(tmp_path: Path) -> None:
    async with seated(sent_back(a_home(tmp_path / "home"))) as pilot:
        await opened(pilot)

        await press(pilot, "f")
        assert "县财政局" not in screen(pilot)
        await press(pilot, "f")
        assert "合计 1 个" in screen(pilot)
        assert "县经济和信息化委员会" in screen(pilot)
        await press(pilot, "f")
        assert "[未核定]" in screen(pilot)
        assert "合计 112 个" in screen(pilot)


@pytest.mark.parametrize("before", ["E05", "E02"], ids=["hidden", "kept"])
async def test_a_filter_leaves_the_cursor_on_a_unit(tmp_path: Path, before: str) -> None:
    async with seated(sent_back(a_home(tmp_path / "home"))) as pilot:
        await opened(pilot, unit=before)
        await press(pilot, "f", "f")  # only E02 was sent back

        assert pilot.app.screen.query_one(Grid).key == "E02"


async def test_a_filter_pressed_on_a_heading_goes_to_the_first_unit(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await opened(pilot)
        await press(pilot, "home", "f")

        assert pilot.app.screen.query_one(Grid).key == "E03"  # the first that is late


async def test_a_search_typed_in_one_burst_finds_a_unit(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await opened(pilot, category="township")
        await write(pilot, "/xczj")
        assert "E05 县财政局" in screen(pilot)
        assert "合计" not in screen(pilot)

        await press(pilot, "enter", "escape")
        assert "镇乡（街道） 30 个" in screen(pilot)


async def test_the_reminder_is_shown_copied_and_written(tmp_path: Path) -> None:
    home = sent_back(a_home(tmp_path / "home"))
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "y")

        file = home / "催报-2013-06.txt"
        assert pilot.app.clipboard == file.read_text("utf-8")
        assert "退回：E02 县经济和信息化委员会，没有盖章，请于 2013-07-10 前重报" in (
            pilot.app.clipboard
        )
        assert "催报-2013-06.txt" in screen(pilot).replace("\n ", "")

        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ProgressScreen)


async def test_a_reminder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    (home / "催报-2013-06.txt").mkdir()
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "y")
        assert "不能读写" in screen(pilot).replace("\n ", "")


async def test_home_and_entry_show_units_that_were_sent_back(tmp_path: Path) -> None:
    async with seated(sent_back(a_home(tmp_path / "home"))) as pilot:
        assert line_with(pilot, "经济民生部门").split()[1:5] == ["31", "28", "1", "1"]
        assert "退回：1 个单位待重报（县经济和信息化委员会）" in screen(pilot)
        await press(pilot, "e")
        assert "退" in line_with(pilot, "县经济和信息化委")


@SIZES
async def test_looks(tmp_path: Path, size: tuple[int, int]) -> None:
    home = sent_back(a_home(tmp_path / "home", confirmed=False))
    async with seated(home, size) as pilot:
        await opened(pilot, unit="E05")
        assert_looks(pilot, "progress")
        await press(pilot, "k", "k", "f", "right", "right")
        assert_looks(pilot, "progress-late")
        assert isinstance(pilot.app, GsjxApp)
        text = await pilot.app.desk.call(reminder, JUNE)
        pilot.app.push_screen(ReminderScreen(text, "/srv/gsjx/2013/催报-2013-06.txt"))
        await settled(pilot)
        assert_looks(pilot, "reminder")
