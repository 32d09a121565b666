"""History 审计: what was done, and finding it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from seat import (
    CLERK,
    NARROW,
    WIDE,
    a_home,
    line_with,
    lines,
    press,
    screen,
    seated,
    settled,
    write,
)
from snapshot import assert_looks
from textual.pilot import Pilot

from gsjx_tui.domain import Month
from gsjx_tui.office.correct import correct
from gsjx_tui.office.home import open_office
from gsjx_tui.tui.screens.card import CardScreen
from gsjx_tui.tui.screens.history import HistoryScreen

JUNE = Month(2013, 6)
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])


@pytest.fixture(autouse=True)
def a_clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests, the screens show the same login."""
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)


def corrected(path: Path) -> Path:
    """A confirmed June with a correction to E05 and a return to E02."""
    a_home(path, confirmed=True)
    with open_office(path) as office:
        correct(office, "E05", "study.b2.plan", "2013-06", {"points": "6"}, "会议纪要未附")
        with office.ledger.act() as now:
            office.ledger.append(
                "returned", [("E02", "2013-07", "", "没有盖章", "2013-08-05", "clerk02", now)]
            )
    return path


async def opened(
    pilot: Pilot[None], month: Month | None = None, category: str = "", unit: str = ""
) -> None:
    """The history screen, loaded."""
    pilot.app.push_screen(HistoryScreen(month, category, unit))
    await settled(pilot)


def acts(pilot: Pilot[None]) -> list[str]:
    """The rows of the table."""
    return [line for line in lines(pilot) if re.match(r" \d\d-\d\d \d\d:\d\d ", line)]


async def test_the_newest_act_stands_first_with_all_of_it_below(tmp_path: Path) -> None:
    async with seated(corrected(tmp_path / "home")) as pilot:
        await opened(pilot)

        first, second, third, *_ = acts(pilot)
        assert "clerk02" in first and "退回" in first and "2013-07" in first
        assert {word for row in (second, third) for word in row.split()} >= {"更正记账", "-2.00"}
        assert "限 2013-08-05  备注：没有盖章" in screen(pilot)
        assert "退回链 第 1 号" in screen(pilot)


async def test_words_typed_in_one_burst_all_have_to_be_found(tmp_path: Path) -> None:
    async with seated(corrected(tmp_path / "home")) as pilot:
        await opened(pilot)

        await write(pilot, "/xczj 2013-06 自评")
        assert len(acts(pilot)) == 3
        assert all("县财政局" in row and "录入 自评" in row for row in acts(pilot))

        await press(pilot, "enter", "escape")
        assert len(acts(pilot)) > 3


async def test_a_row_narrows_by_its_person_unit_item_and_month(tmp_path: Path) -> None:
    async with seated(corrected(tmp_path / "home")) as pilot:
        await opened(pilot)

        await press(pilot, "p")
        assert "只看：人员 clerk02" in screen(pilot)
        assert len(acts(pilot)) == 1

        await press(pilot, "0", "down", "d", "i", "m")
        assert "只看：月份 2013-06，单位 E05 县财政局，要点 活动方案" in screen(pilot)
        assert len(acts(pilot)) == 4
        await press(pilot, "backspace")
        assert "全部记录" in screen(pilot)


async def test_keys_sent_in_one_burst_act_on_the_row_they_mean(tmp_path: Path) -> None:
    async with seated(corrected(tmp_path / "home")) as pilot:
        await opened(pilot)
        await pilot.press("slash", *"clerk02", "enter", "d")
        await settled(pilot)
        assert "只看：单位 E02" in screen(pilot)


async def test_it_opens_on_a_month_and_a_unit_and_enter_shows_the_card(tmp_path: Path) -> None:
    async with seated(corrected(tmp_path / "home")) as pilot:
        await opened(pilot, JUNE, "economy", "E05")
        assert "只看：月份 2013-06，单位 E05 县财政局（" in screen(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, CardScreen)
        assert "E05 县财政局" in screen(pilot)
        await press(pilot, "escape")
        assert "只看：月份 2013-06，单位 E05 县财政局（" in screen(pilot)


async def test_nothing_found_is_told(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await opened(pilot)
        await write(pilot, "/没有这个人")
        assert "E05" not in screen(pilot)
        assert "没有这样的记录" in screen(pilot)
        await press(pilot, "enter", "enter", "d", "p")
        assert "这一行没有" in screen(pilot)


async def test_an_adoption_has_no_unit(tmp_path: Path) -> None:
    async with seated(tmp_path / "home") as pilot:
        await opened(pilot)
        assert "启用版本" in line_with(pilot, "启用版本")
        await press(pilot, "d")
        assert "这一行没有这一项" in screen(pilot)


@SIZES
async def test_looks(
    tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The instants differ in every run, and with them the hashes.
    monkeypatch.setattr(
        "gsjx_tui.tui.widgets.history_rows._proof", lambda act: "UTC 02:03:04  " + 64 * "a"
    )
    async with seated(corrected(tmp_path / "home"), size) as pilot:
        await opened(pilot, None, "economy")
        await press(pilot, "down")
        assert_looks(pilot, "history")
