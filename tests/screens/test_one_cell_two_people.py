"""Two people at one cell: the second is told, sees both values, and decides with one key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from seat import CLERK, a_home, line_with, press, screen, seated, settled
from snapshot import assert_looks
from test_items_screen import SIZES, at_item, burst, column, paste
from textual.pilot import Pilot

from gsjx_tui.domain import Kind, Month
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.home import Office
from gsjx_tui.office.record import record
from gsjx_tui.office.undo import empty
from gsjx_tui.rubric.model import Observation
from gsjx_tui.tui.app import GsjxApp

JUNE = Month(2013, 6)
BODY = "study.b1.body"
OTHER = "clerk02"
TOLD = "没有保存 E01 活动组织机构 自评 9：clerk02"


@pytest.fixture(autouse=True)
def a_clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests, the screens show the same login."""
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)


async def meanwhile(pilot: Pilot[None], act: Callable[[Office], object]) -> None:
    """Somebody else does something."""
    app = pilot.app
    assert isinstance(app, GsjxApp)
    await app.desk.call(lambda office: act(office.acting(OTHER)))


def writes(value: int, unit: str = "E01", kind: Kind = "claim") -> Callable[[Office], object]:
    seen = Observation(unit, JUNE, BODY, "points", kind, Decimal(value))
    return lambda office: record(office, [seen])


async def test_both_values_are_said_until_one_is_chosen(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with at_item(home) as pilot:
        await pilot.press("9")
        await meanwhile(pilot, writes(7))
        await press(pilot, "enter", "down", "up")

        assert TOLD in screen(pilot)
        assert "按 w 改为 9，按 Esc 保留 7" in screen(pilot)
        assert line_with(pilot, "E01").split()[-2:] == ["7", "7.00"]

    assert column(home)[0] == 7


async def test_w_takes_the_own_value_and_shows_it(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with at_item(home) as pilot:
        await pilot.press("9")
        await meanwhile(pilot, writes(7))
        await press(pilot, "enter", "w")

        assert "已保存 E01 活动组织机构 自评 9" in screen(pilot)
        assert line_with(pilot, "E01").split()[-2:] == ["9", "9.00"]

    assert column(home)[0] == 9


async def test_what_was_not_decided_when_the_line_dropped_is_kept(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with at_item(home) as pilot:
        await pilot.press("9")
        await meanwhile(pilot, writes(7))
        await press(pilot, "enter", "9", "9")  # the next cell can't stand either
        pilot.app.screen.hang_up(asyncio.Event())  # type: ignore[attr-defined]
        await settled(pilot)

    async with seated(home) as pilot:
        said = screen(pilot).replace("\n ", "")
        assert "有 2 格没有保存" in said
        assert "E01 活动组织机构 自评 “9”；E02 活动组织机构 自评 “99”" in said


async def test_escape_keeps_what_the_other_wrote_and_stays(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with at_item(home) as pilot:
        await pilot.press("9")
        await meanwhile(pilot, writes(7))
        await press(pilot, "enter", "escape")

        assert "没有保存" not in screen(pilot)
        await press(pilot, "4", "enter")

    assert column(home)[:2] == [7, 4]


async def test_what_is_written_again_by_the_other_is_told_again(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with at_item(home) as pilot:
        await pilot.press("9")
        await meanwhile(pilot, writes(7))
        await press(pilot, "enter")
        await meanwhile(pilot, writes(5))
        await press(pilot, "w")
        assert "填了 5" in screen(pilot)
        await press(pilot, "w")

    assert column(home)[0] == 9


async def test_a_cell_that_the_other_emptied_is_told(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with at_item(home) as pilot:
        await pilot.press("9")
        await meanwhile(pilot, lambda office: empty(office, "E01", BODY, "points", JUNE, "claim"))
        await press(pilot, "enter")

        assert "别人刚把它清空" in screen(pilot)
        await press(pilot, "w")

    assert column(home)[0] == 9


async def test_several_wait_one_after_the_other(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with at_item(home) as pilot:
        await meanwhile(pilot, writes(7))
        await meanwhile(pilot, writes(3, "E02"))
        await burst(pilot, "9\n8\n")
        assert "还有 1 格" in screen(pilot)

        await press(pilot, "escape", "w")

    assert column(home)[:2] == [7, 8]


async def test_a_month_that_was_confirmed_meanwhile_stays_said(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with at_item(home) as pilot:
        await pilot.press("9")
        await meanwhile(pilot, lambda office: confirm(office, JUNE, ["E01"]))
        await press(pilot, "enter", "down", "w")

        assert "没有保存 E01 活动组织机构 自评 9：" in screen(pilot)
        assert "已由 clerk02" in screen(pilot)
        assert line_with(pilot, "E01").split()[-1] == "定"
        await press(pilot, "escape")
        assert "没有保存" not in screen(pilot)

    assert column(home)[0] == 10


async def test_entry_by_unit_tells_it_too(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await press(pilot, "e", "tab")
        await pilot.press("9")
        await meanwhile(pilot, writes(7))
        await press(pilot, "enter", "down")
        assert TOLD in screen(pilot)
        await press(pilot, "w")
        assert " 9 " in line_with(pilot, "活动组织机构")

    assert column(home)[0] == 9


async def test_review_tells_it_too(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await press(pilot, "v", "enter")
        await pilot.press("9")
        await meanwhile(pilot, writes(7, kind="verify"))
        await press(pilot, "enter", "down")
        assert "E01 活动组织机构 复核 9：clerk02" in screen(pilot)
        await press(pilot, "w")
        assert "已保存 E01 活动组织机构 复核 9" in screen(pilot)

    assert column(home, "verify")[0] == 9


async def test_a_pasted_column_shows_the_newer_value_then_f2_decides(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with at_item(home) as pilot:
        await paste(pilot, "3\n4")
        await meanwhile(pilot, writes(7))
        await press(pilot, "f2")

        assert "一行也没有录入：clerk02刚才动过 E01 活动组织机构" in screen(pilot)
        assert line_with(pilot, "1 E01 县发展").split()[3:5] == ["7", "3"]

        await press(pilot, "f2")
        assert "已录入 2 格" in screen(pilot)

    assert column(home)[:2] == [3, 4]


@SIZES
async def test_looks(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_item(a_home(tmp_path / "home"), size=size) as pilot:
        await pilot.press("9")
        await meanwhile(pilot, writes(7))
        await press(pilot, "enter")
        assert_looks(pilot, "clash")
