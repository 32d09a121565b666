"""Reviewing on the screen: claim beside verification, accepting, sending back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
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
from textual import events as keys
from textual.pilot import Pilot

from gsjx_tui.domain import Month
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.event_draft import EventDraft
from gsjx_tui.office.home import open_office
from gsjx_tui.office.people import Role
from gsjx_tui.office.record import record
from gsjx_tui.office.register import register
from gsjx_tui.office.review import ReviewRow, return_to_unit, review
from gsjx_tui.office.staff import set_staff
from gsjx_tui.rubric.model import Observation
from gsjx_tui.tui.screens.review import ReviewScreen

JUNE = Month(2013, 6)
BODY, PLAN, PRAISE = "study.b1.body", "study.b2.plan", "study.e4.praise"
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])


@pytest.fixture(autouse=True)
def a_clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)


def stored(home: Path, item: str, field: str = "points", unit: str = "E05") -> ReviewRow:
    """A cell of June once the application is closed."""
    with open_office(home) as office:
        rows = review(office, unit, JUNE).rows
        return next(row for row in rows if (row.item.id, row.field.name) == (item, field))


def verified(home: Path, item: str, field: str = "points") -> object:
    """The verification of a cell of E05 in June."""
    side = stored(home, item, field).verification
    return None if side is None else side.value


async def opened(pilot: Pilot[None], unit: str = "E05", category: str = "") -> None:
    """Opens the review of June."""
    pilot.app.push_screen(ReviewScreen(JUNE, category, unit))
    await settled(pilot)


async def paste(pilot: Pilot[None], text: str) -> None:
    """Pastes a text, as an input method for Chinese does."""
    pilot.app.screen.post_message(keys.Paste(text))
    await settled(pilot)


async def test_claim_verification_and_difference_stand_side_by_side(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await opened(pilot)

        assert "E05 县财政局" in screen(pilot)
        assert "全部 " in screen(pilot)
        assert line_with(pilot, "活动方案").split()[-4:] == ["9", "8", "-1", "差无"]


async def test_digits_verify_and_enter_on_an_empty_cell_accepts_the_claim(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "enter", "7", "full_stop", "5", "enter")

        assert "已保存 E05" in screen(pilot)

    body, plan = stored(home, BODY).verification, stored(home, PLAN).verification
    assert body is not None and plan is not None
    assert (body.value, body.note) == (10, "照自评复核")
    assert (plan.value, plan.note) == (Decimal("7.50"), "")


async def test_a_burst_of_keys_ends_in_the_right_cells(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot)
        for key in ("8", "enter", "5", "enter"):
            pilot.app.screen.post_message(keys.Key(key, key if len(key) == 1 else None))
        await settled(pilot)

    assert (verified(home, BODY), verified(home, PLAN)) == (8, 5)


async def test_enter_after_a_search_accepts_nothing_unseen(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot, unit="")
        await press(pilot, *"/xczj", "enter", "enter")  # the unit, then its cells
        assert "E05 县财政局" in screen(pilot)
        assert "回车照自评" in screen(pilot)
        assert "已保存" not in screen(pilot)

        await press(pilot, "enter")

    assert verified(home, BODY) == 10


async def test_what_cant_stand_is_refused_in_place(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "1", "2", "enter")
        assert "得分 12 超过上限 10" in screen(pilot)
        assert "[12]" in line_with(pilot, "活动组织机构")

        await press(pilot, "n")
        assert "E05 县财政局" in screen(pilot)  # not left
        await press(pilot, "escape")
        assert "超过上限" not in screen(pilot)

    assert verified(home, BODY) is None


async def test_leaving_the_cell_by_any_way_saves_it(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "6", "n")
        assert "E06" in screen(pilot)

    assert verified(home, BODY) == 6


async def test_all_claims_are_accepted_after_y(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "a")
        assert "县财政局 2 格未复核，全部照自评复核？" in screen(pilot)
        await press(pilot, "n", "a", "y")
        assert "已照自评复核 E05 2 格。" in screen(pilot)
        await press(pilot, "a")
        assert "没有未复核的自评。" in screen(pilot)

    assert (verified(home, BODY), verified(home, "study.b3.briefs", "count")) == (10, 4)
    assert verified(home, PLAN) == 8


async def test_a_click_elsewhere_does_not_change_what_was_asked(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "a")
        await pilot.click("#units", offset=(3, 1))
        await settled(pilot)
        await press(pilot, "y")

    assert stored(home, BODY, unit="E01").verification is None
    assert verified(home, BODY) == 10


async def test_a_click_elsewhere_does_not_return_another_unit(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "t")
        await write(pilot, "no")
        await pilot.click("#units", offset=(3, 1))
        await settled(pilot)
        await press(pilot, "enter", "enter")

    with open_office(home) as office:
        assert not review(office, "E01", JUNE).returned
        assert review(office, "E05", JUNE).returned


async def test_the_filter_goes_round_and_rows_stay_while_one_works(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "f")
        assert "[有差异 1]" in screen(pilot)
        await press(pilot, "f")
        assert "[未复核 2]" in screen(pilot)
        await press(pilot, "enter", "enter")
        assert "[未复核 0]" in screen(pilot)
        assert "活动组织机构" in screen(pilot)
        await press(pilot, "f")
        assert "[无佐证 3]" in screen(pilot)
        await press(pilot, "f")
        assert "[全部 " in screen(pilot)

    assert (verified(home, BODY), verified(home, "study.b3.briefs", "count")) == (10, 4)


async def test_a_month_is_sent_back_with_reason_and_deadline(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "t", "enter")
        assert "退回理由是空的" in screen(pilot)
        await paste(pilot, "缺会议记录")
        await press(pilot, "escape", "t")
        assert "缺会议记录" in screen(pilot)  # not lost
        await press(pilot, "enter")
        await write(pilot, "6.30")
        await press(pilot, "enter")

        assert "已退回 E05 2013-06，期限 2013-06-30。" in screen(pilot)
        assert "已退回，期限 2013-06-30" in screen(pilot)
        assert line_with(pilot, "县财政局   ").split()[3] == "退"

    with open_office(home) as office:
        (sent,) = review(office, "E05", JUNE).returns
    assert (sent.item, sent.reason, sent.deadline) == ("", "缺会议记录", "2013-06-30")


async def test_one_item_is_sent_back(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "down", "T")
        assert "退回活动方案" in screen(pilot)
        await write(pilot, "x")
        await press(pilot, "enter", "enter")

    with open_office(home) as office:
        (sent,) = review(office, "E05", JUNE).returns
    assert (sent.item, sent.deadline) == (PLAN, "")


async def test_a_note_is_added_to_the_verification(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "b")
        assert "还没有复核" in screen(pilot)
        await press(pilot, "down", "b")
        await paste(pilot, "计划没有盖章")
        await press(pilot, "enter")
        assert "计划没有盖章" in screen(pilot)

    side = stored(home, PLAN).verification
    assert side is not None
    assert (side.value, side.note) == (8, "计划没有盖章")


async def test_units_are_found_and_say_what_waits(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await opened(pilot, "")
        assert line_with(pilot, "县财政局  ").split()[1:3] == ["2", "1"]

        await press(pilot, "slash")
        await write(pilot, "czj")
        await press(pilot, "enter", "enter", "9", "enter")

        assert "已保存 E05 活动组织机构 复核 9" in screen(pilot)
        assert line_with(pilot, "县财政局  ").split()[1:3] == ["1", "2"]


async def test_a_cell_with_events_is_refused_and_shows_what_stands(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    with open_office(home) as office:
        register(office, EventDraft("E05", "6.5", "", PRAISE, "count", document="1号"))
    async with seated(home) as pilot:
        await opened(pilot)
        for _ in range(40):
            if "由登记的 1 件事件计数" in screen(pilot):
                break
            await press(pilot, "down")
        await press(pilot, "3", "enter")

        assert "本格由登记的 1 件事件计数" in screen(pilot)

    assert verified(home, PRAISE, "count") == 1


async def test_a_refused_cell_takes_nothing_from_the_one_that_is_typed_in(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    with open_office(home) as office:
        register(office, EventDraft("E05", "6.5", "", PRAISE, "count", document="1号"))
    async with seated(home) as pilot:
        await opened(pilot)
        while "由登记的 1 件事件计数" not in screen(pilot):
            await press(pilot, "down")
        for key in ("3", "enter", "2"):
            pilot.app.screen.post_message(keys.Key(key, key if len(key) == 1 else None))
        await settled(pilot)

        assert "没有保存 E05" in screen(pilot)
        assert "[2]" in screen(pilot)


async def test_escape_in_a_cell_saves_it_as_leaving_it_does(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "7", "escape")

    assert verified(home, BODY) == 7


async def test_a_confirmed_month_is_read_only(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home", confirmed=True)
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "5", "enter")
        assert "已由" in screen(pilot)
        await press(pilot, "escape", "a")
        assert "2013-06 已核定，改动请用更正：得分卡上按 x。" in screen(pilot)

    assert verified(home, BODY) is None


async def test_a_lost_connection_saves_the_cell_or_keeps_it(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "7")
        pilot.app.screen.hang_up(asyncio.Event())  # type: ignore[attr-defined]
        await press(pilot, "down", "9", "9")
        pilot.app.screen.hang_up(asyncio.Event())  # type: ignore[attr-defined]

    assert verified(home, BODY) == 7
    assert verified(home, PLAN) == 8
    assert "99" in (home / f".draft-{CLERK}.json").read_text("utf-8")


def with_role(home: Path, role: Role, unit: str = "") -> Path:
    """The home, the person at the screen in a role."""
    with open_office(home) as office:
        set_staff(office, "admin9", "admin")
    with open_office(home) as office:
        set_staff(office.acting("admin9"), CLERK, role, unit=unit)
    return home


async def test_a_reporter_reads_why_the_own_unit_was_sent_back(tmp_path: Path) -> None:
    home = with_role(to_be_reviewed(tmp_path), "reporter", "E05")
    async with seated(home) as pilot:
        await press(pilot, "v")

        assert "复核" in lines(pilot)[0]
        assert "E05 县财政局  已退回，期限 2013-06-30" in screen(pilot)
        assert "简报只见 3 篇" in screen(pilot)
        assert "县发展和改革委员会" not in screen(pilot)

        await press(pilot, "enter", "8")
        assert "复核由活动办填；单位填报人只填本单位的自评。" in screen(pilot)
        assert "[8" not in screen(pilot)
        await press(pilot, "escape", "tab", "t")
        assert "填报人只能查看和填报本单位" in screen(pilot)


async def test_a_clerk_verifies_nothing_neither_typed_nor_as_claimed(tmp_path: Path) -> None:
    home = with_role(a_home(tmp_path / "home"), "clerk")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "9")
        assert "复核要“复核员”才能填，您的身份是“录入员”；请复核员来填。" in screen(pilot)
        assert "[9" not in screen(pilot)
        await press(pilot, "down", "up")
        assert "才能填" not in screen(pilot)
        await press(pilot, "enter")
        assert "才能填" in screen(pilot)

    assert verified(home, BODY) is None


def to_be_reviewed(tmp_path: Path) -> Path:
    """A home where E05 explained a claim and was sent back; E02 is confirmed."""
    home = a_home(tmp_path / "home")
    with open_office(home) as office:
        seen = Observation("E05", JUNE, BODY, "points", "claim", Decimal(9), "")
        record(office, [replace(seen, note="党委会纪要〔2013〕4号，机构人员名单")])
        verification = replace(seen, item=PLAN, kind="verify", value=Decimal(7), note="缺责任分工")
        record(office, [verification])
        register(office, EventDraft("E05", "6.5", "", PRAISE, "count", document="1号"))
        return_to_unit(office, "E05", JUNE, "", "简报只见 3 篇，请补报", "6.30")
        confirm(office, JUNE, ["E02"])
    return home


@SIZES
async def test_the_review_looks(tmp_path: Path, size: tuple[int, int]) -> None:
    async with seated(to_be_reviewed(tmp_path), size) as pilot:
        await opened(pilot, "E05", "economy")
        await press(pilot, "down")
        assert_looks(pilot, "review")
        await press(pilot, "up", "8", "full_stop")
        assert_looks(pilot, "review-typing")
        await press(pilot, "5", "enter", "t")
        await write(pilot, "x")
        assert_looks(pilot, "review-return")


async def test_names_are_whole_where_they_fit_and_marks_are_words_where_there_is_room(
    tmp_path: Path,
) -> None:
    home = to_be_reviewed(tmp_path)
    async with seated(home, NARROW) as pilot:
        await opened(pilot, "E05", "economy")
        assert "县经济和信息化委员会" in screen(pilot)
    async with seated(home, WIDE) as pilot:
        await opened(pilot, "E05", "economy")
        assert "未复核 无佐证" in line_with(pilot, "每月活动信息")
