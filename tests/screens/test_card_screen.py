"""The card's explanation of each item, and correcting a confirmed month from it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from seat import CLERK, NARROW, WIDE, a_home, line_with, press, screen, seated, settled, write
from snapshot import assert_looks
from textual.events import Key, Paste
from textual.pilot import Pilot

from gsjx_tui.domain import Month
from gsjx_tui.office.card import history
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.draft import take_drafts
from gsjx_tui.office.home import open_office
from gsjx_tui.tui.screens.card import CardScreen
from gsjx_tui.tui.screens.correct import CorrectScreen
from gsjx_tui.tui.screens.explain import ExplainScreen

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
JUNE, JULY = Month(2013, 6), Month(2013, 7)
PLAN, BRIEFS = "study.b2.plan", "study.b3.briefs"


@pytest.fixture(autouse=True)
def a_clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests, the screens show the same login."""
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)


def two_months(path: Path) -> Path:
    """June and July are confirmed."""
    a_home(path, confirmed=True)
    with open_office(path) as office:
        confirm(office.acting(CLERK), JULY)
    return path


async def opened(pilot: Pilot[None], item: str, month: Month = JULY) -> CorrectScreen:
    """The form for correcting an item of E05."""
    form = CorrectScreen("E05", item, month)
    pilot.app.push_screen(form)
    await settled(pilot)
    return form


async def test_enter_on_an_item_explains_its_points(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home", confirmed=True)) as pilot:
        await press(pilot, "r", "enter", *["down"] * 8)
        await press(pilot, "enter")

        assert isinstance(pilot.app.screen, ExplainScreen)
        assert "应报 2 篇/月" in screen(pilot)
        assert line_with(pilot, "计到 1 个月").split()[0] == "+5.00"
        assert line_with(pilot, "多 2 篇").split()[0] == "+2.00"
        assert "记账合计，与得分说明一致" in screen(pilot)

        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, CardScreen)


async def test_a_month_that_is_not_confirmed_says_so(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home", confirmed=True)) as pilot:
        pilot.app.push_screen(ExplainScreen("E05", PLAN, JUNE))
        await settled(pilot)
        assert "与得分说明一致" in screen(pilot)

        await press(pilot, "right_square_bracket")

        assert "未核定到 2013-07" in screen(pilot)


async def test_on_a_wide_screen_the_explanation_follows_the_cursor(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home", confirmed=True), WIDE) as pilot:
        await press(pilot, "r", "enter", *["down"] * 4)
        assert "评分，满分 10，以最近一次为准" in screen(pilot)

        await press(pilot, *["down"] * 4)
        assert "应报 2 篇/月" in screen(pilot)


async def test_a_correction_shows_its_postings_before_it_is_made(tmp_path: Path) -> None:
    home = two_months(tmp_path / "home")
    async with seated(home) as pilot:
        pilot.app.push_screen(CardScreen("E05", JULY))
        await settled(pilot)
        await press(pilot, *["down"] * 8, "x")
        assert isinstance(pilot.app.screen, CorrectScreen)
        assert "可更正：2013-06、2013-07" in screen(pilot)
        await press(pilot, "up", "left", "down")
        assert "现为 4" in screen(pilot)

        await press(pilot, "1", "enter", *"查实漏报", "enter")
        assert "篇数由 4 改为 1" in screen(pilot)
        assert "将补记 2 笔" in screen(pilot)
        assert line_with(pilot, "2013-06 每月活动信息").split()[0] == "-7.00"

        await press(pilot, "y")
        assert "已更正 2013-06" in screen(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, CardScreen)

    with open_office(home) as office:
        found = history(office, "E05", BRIEFS)
        assert [p.reason for p in found.postings if p.origin == "correct"] == ["查实漏报"] * 2


async def test_no_leads_back_and_nothing_is_posted(tmp_path: Path) -> None:
    home = two_months(tmp_path / "home")
    async with seated(home) as pilot:
        form = await opened(pilot, PLAN, JUNE)
        await pilot.press("5", "tab", *"查实", "enter", "n", "s", "enter", "n")
        await settled(pilot)

        assert pilot.app.screen is form
        assert "查实s" in screen(pilot)

    with open_office(home) as office:
        found = history(office, "E05", PLAN).postings
        assert not [posted for posted in found if posted.origin == "correct"]


async def test_what_the_office_refuses_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    async with seated(two_months(tmp_path / "home")) as pilot:
        await opened(pilot, PLAN, JUNE)
        await write(pilot, "12")
        await press(pilot, "enter", "enter")
        assert "更正理由是空的" in screen(pilot)

        await press(pilot, *"查实", "enter")
        assert "得分 12 超过上限 10" in screen(pilot)
        assert line_with(pilot, "查实")

        await press(pilot, "up", "backspace", "backspace", "6", "enter", "enter")
        assert "得分由 8 改为 6" in screen(pilot)


async def test_escape_keeps_what_is_typed_for_the_next_time(tmp_path: Path) -> None:
    async with seated(two_months(tmp_path / "home")) as pilot:
        await opened(pilot, PLAN, JUNE)
        await press(pilot, "5", "tab", *"查实", "escape")
        await opened(pilot, BRIEFS)
        assert "查实" not in screen(pilot)
        await press(pilot, "escape")

        await opened(pilot, PLAN, JULY)
        assert "上次填的内容还在" in screen(pilot)
        assert "[2013-06]" in screen(pilot)
        await press(pilot, "end", "enter")
        assert "查实" in screen(pilot)


async def test_an_item_of_no_confirmed_month_cannot_be_corrected(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await opened(pilot, PLAN, JUNE)
        assert "这个要点没有已核定的月份" in screen(pilot)

        await press(pilot, "5", "enter")
        assert not isinstance(pilot.app.screen, CorrectScreen)


@SIZES
async def test_explanation(tmp_path: Path, size: tuple[int, int]) -> None:
    async with seated(two_months(tmp_path / "home"), size) as pilot:
        with_correction = await opened(pilot, BRIEFS, JUNE)
        await pilot.press("1", "tab", *"查实漏报", "enter")
        await settled(pilot)
        assert pilot.app.screen is with_correction
        assert_looks(pilot, "correct-preview")
        await press(pilot, "y")
        assert_looks(pilot, "correct-done")
        pilot.app.push_screen(ExplainScreen("E05", BRIEFS, JULY))
        await settled(pilot)
        assert_looks(pilot, "explain")


@SIZES
async def test_correct_form(tmp_path: Path, size: tuple[int, int]) -> None:
    async with seated(two_months(tmp_path / "home"), size) as pilot:
        await opened(pilot, "study.e2.sample", JUNE)
        await write(pilot, "12")
        assert_looks(pilot, "correct")


async def test_a_reason_can_be_pasted(tmp_path: Path) -> None:
    async with seated(two_months(tmp_path / "home")) as pilot:
        form = await opened(pilot, PLAN, JUNE)
        await press(pilot, "5", "tab")
        form.post_message(Paste("查实\n材料不符"))
        await settled(pilot)
        await press(pilot, "enter")

        assert "理由：查实 材料不符" in screen(pilot)


async def test_a_lost_connection_keeps_what_was_typed_as_a_draft(tmp_path: Path) -> None:
    home = two_months(tmp_path / "home")
    async with seated(home) as pilot:
        form = await opened(pilot, PLAN, JUNE)
        await press(pilot, "5", "tab", *"查实")
        form.hang_up(asyncio.Event())
        await settled(pilot)

    with open_office(home) as office:
        [draft] = take_drafts(office)
        assert draft is not None
        assert (draft.unit, draft.month, draft.kind) == ("E05", "2013-06", "更正")
        assert draft.text == "得分 5，查实"


async def test_a_correction_from_the_explanation_shows_in_it(tmp_path: Path) -> None:
    async with seated(two_months(tmp_path / "home")) as pilot:
        pilot.app.push_screen(ExplainScreen("E05", PLAN, JUNE))
        await settled(pilot)
        await press(pilot, "x", "5", "tab", *"查实", "enter", "y", "enter")

        assert isinstance(pilot.app.screen, ExplainScreen)
        assert line_with(pilot, "6月 评 5 分").split()[0] == "+5.00"
        assert line_with(pilot, "更正：查实").split()[0] == "-3.00"
        assert "与得分说明一致" in screen(pilot)


async def test_a_form_typed_in_one_burst_asks_and_an_answer_too_many_does_nothing(
    tmp_path: Path,
) -> None:
    async with seated(two_months(tmp_path / "home")) as pilot:
        pilot.app.push_screen(CardScreen("E05", JUNE))
        await settled(pilot)
        await opened(pilot, PLAN, JUNE)
        for letter in "5\r查实\ry\r\r":
            key = "enter" if letter == "\r" else letter
            pilot.app.post_message(Key(key, letter if letter.isprintable() else None))
        await settled(pilot)

        assert isinstance(pilot.app.screen, CardScreen)
        assert "累计 22.00 分" in screen(pilot)


async def test_keys_typed_ahead_of_the_form_go_into_it(tmp_path: Path) -> None:
    async with seated(two_months(tmp_path / "home")) as pilot:
        pilot.app.push_screen(CardScreen("E05", JULY))
        await settled(pilot)
        await press(pilot, *["down"] * 4)
        for key in ("x", "4", "full_stop", "5"):
            pilot.app.post_message(Key(key, "." if key == "full_stop" else key))
        await settled(pilot)

        form = pilot.app.screen
        assert isinstance(form, CorrectScreen)
        assert "4.5" in screen(pilot)


async def test_keys_typed_ahead_of_the_palette_are_looked_for(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        for key in ("colon", "p", "m", "enter"):
            pilot.app.post_message(Key(key, {"colon": ":", "enter": None}.get(key, key)))
        await settled(pilot)

        assert type(pilot.app.screen).__name__ == "RankingScreen"
