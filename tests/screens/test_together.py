"""Several people at once: what one does the others see, and nothing is silently replaced."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from seat import CLERK, a_home, line_with, press, screen, seated, settled, write
from snapshot import assert_looks
from test_items_screen import SIZES
from textual import events
from textual.pilot import Pilot

from gsjx_tui.domain import Kind, Month
from gsjx_tui.office.acts import all_acts
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.item_sheet import item_sheet
from gsjx_tui.office.record import record
from gsjx_tui.office.sheet import sheet
from gsjx_tui.rubric.model import Observation
from gsjx_tui.seats.news import News, Present
from gsjx_tui.seats.seat import Seat
from gsjx_tui.tui.app import GsjxApp
from gsjx_tui.tui.screens.hearing import POSTED, RECORDED
from gsjx_tui.tui.screens.items import ItemsScreen
from serving import SLOW, Serving, serving

JUNE = Month(2013, 6)
BODY = "study.b1.body"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Serving]:
    with serving(a_home(tmp_path / "home")) as under_way:
        yield under_way


@asynccontextmanager
async def at_entry(service: Serving) -> AsyncIterator[Pilot[None]]:
    """The application at the service, in entry, on the first cell of E01."""
    async with seated(service.home) as pilot:
        await press(pilot, "e", "enter")
        assert "E01" in screen(pilot)
        yield pilot


async def comes(pilot: Pilot[None], shown: Callable[[], bool]) -> None:
    """Waits until something shows."""
    for _ in range(SLOW * 10):
        await pilot.pause()
        if shown():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"it never showed in\n{screen(pilot)}")


def seen(value: int, kind: Kind = "claim", unit: str = "E01") -> list[Observation]:
    return [Observation(unit, JUNE, BODY, "points", kind, Decimal(value))]


async def test_what_another_records_shows_without_a_key(service: Serving) -> None:
    with service.office() as other:
        async with at_entry(service) as pilot:
            assert " 10 " in line_with(pilot, "活动组织机构")

            await asyncio.to_thread(record, other, seen(7))

            await comes(pilot, lambda: " 7 " in line_with(pilot, "活动组织机构"))


async def test_what_is_being_typed_stays_while_another_records(service: Serving) -> None:
    with service.office() as other:
        async with at_entry(service) as pilot:
            await pilot.press("9")
            await asyncio.to_thread(record, other, seen(7))
            await asyncio.sleep(1)
            await pilot.pause()
            assert "9" in line_with(pilot, "活动组织机构")

            await press(pilot, "backspace")

            await comes(pilot, lambda: " 7 " in line_with(pilot, "活动组织机构"))


async def test_who_is_at_the_same_unit_stands_in_the_head(service: Serving) -> None:
    with service.office() as other:
        assert isinstance(other.carrier, Seat)
        async with at_entry(service) as pilot:
            screen_of = pilot.app.screen
            desk = screen_of.desk  # type: ignore[attr-defined]
            await comes(pilot, lambda: any(one.unit == "E01" for one in desk.present))
            # One user, one name: so that it counts as somebody else's.
            desk.office.carrier._person = desk.office.person.__class__("me", "", "admin")

            await comes(pilot, lambda: True)
            screen_of.show_company()  # type: ignore[attr-defined]

            assert "root 也在办" in screen(pilot)


async def test_a_confirmation_shows_on_the_ranking_of_others(service: Serving) -> None:
    with service.office() as other:
        async with seated(service.home) as pilot:
            await press(pilot, "r")
            assert "0.00" in line_with(pilot, "县财政局")

            await asyncio.to_thread(confirm, other, JUNE)

            await comes(pilot, lambda: "0.00" not in line_with(pilot, "县财政局"))


async def test_a_service_that_has_gone_is_said_in_the_title_and_work_goes_on(
    service: Serving,
) -> None:
    async with at_entry(service) as pilot:
        service.kill()
        await comes(pilot, lambda: "服务断开" in screen(pilot))
        await pilot.press("8", "enter")
        service.start_again()

        await comes(pilot, lambda: "服务断开" not in screen(pilot))
        await comes(pilot, lambda: "已保存" in screen(pilot))

    with service.office() as office:
        found = await asyncio.to_thread(sheet, office, "E01", JUNE)
    assert found.value("claim", BODY, "points") == 8


async def test_many_pieces_of_news_are_shown_once(service: Serving) -> None:
    with service.office() as other:
        async with at_entry(service) as pilot:
            loads: list[int] = []
            screen_of = pilot.app.screen
            before = screen_of.show_anew  # type: ignore[attr-defined]
            screen_of.show_anew = lambda: (loads.append(1), before())  # type: ignore[attr-defined]
            for value in (1, 2, 3, 4, 5, 6):
                await asyncio.to_thread(record, other, seen(value))

            await comes(pilot, lambda: " 6 " in line_with(pilot, "活动组织机构"))

            assert 1 <= len(loads) < 6


async def test_typed_ahead_keys_reach_their_cells_while_news_come(service: Serving) -> None:
    with service.office() as other:
        async with at_entry(service) as pilot:
            await asyncio.to_thread(record, other, seen(7, unit="E02"))
            await write(pilot, "8")
            await press(pilot, "enter")
            await comes(pilot, lambda: "已保存 E01" in screen(pilot))
            found = await asyncio.to_thread(sheet, other, "E01", JUNE)
            assert found.value("claim", BODY, "points") == 8


ELSEWHERE = {
    *("draw.draw", "publish.publish", "case_step.take_step"),
    *("objecting.file_objection", "objecting.take_objection", "objecting.withdraw_objection"),
    *("staff.set_staff", "staff.remove_staff"),
    *("closing.close_campaign", "closing.reopen_campaign"),
}
"""Acts that write what the screens of months and points don't show."""


def test_every_act_that_writes_is_heard_or_known_to_concern_nobody() -> None:
    writing = {name for name, act in all_acts().items() if act.writes}

    assert writing == RECORDED | POSTED | ELSEWHERE


async def test_an_indicator_is_typed_and_pasted_through_the_service(service: Serving) -> None:
    plans = "study.b2"
    with service.office() as other:
        async with seated(service.home) as pilot:
            await pilot.app.push_screen(ItemsScreen(JUNE, "economy", plans))
            await settled(pilot)
            await press(pilot, "8", "tab", "7", "enter")
            await comes(pilot, lambda: "已保存 E01 学习计划研究会议记录 自评 7" in screen(pilot))
            assert "15.00" in line_with(pilot, "E01")

            await press(pilot, "left")
            pilot.app.screen.post_message(events.Paste("E01\t3\t4\t5\nE02\t6\t\t2"))
            await settled(pilot)
            await press(pilot, "f2")
            await comes(pilot, lambda: "12.00" in line_with(pilot, "E01"))

            await asyncio.to_thread(
                record,
                other,
                [Observation("E02", JUNE, f"{plans}.plan", "points", "claim", Decimal(9))],
            )
            await comes(pilot, lambda: "11.00" in line_with(pilot, "E02"))

        found = await asyncio.to_thread(item_sheet, other, plans, JUNE, "economy")
    values = [
        [sheet.value("claim", item.id, "points") for item in found.items]
        for sheet in found.units[:2]
    ]
    assert found.item is None
    assert values == [[3, 4, 5], [9, None, 2]]


# how it looks ----------------------------------------------------------------------------------


async def with_others(pilot: Pilot[None]) -> None:
    """Two others are at work, as the service says it."""
    app = pilot.app
    assert isinstance(app, GsjxApp)
    others = (
        Present("clerk07", "王", "E01", "2013-06"),
        Present("clerk08", "", "E05", "2013-06"),
    )
    app.desk._hear(News(present=others))
    await settled(pilot)


@SIZES
async def test_looks_with_others_at_work(
    tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)
    async with seated(a_home(tmp_path / "home"), size) as pilot:
        await with_others(pilot)
        assert_looks(pilot, "home-together")
        await press(pilot, "e", "enter")
        assert_looks(pilot, "entry-together")


@SIZES
async def test_looks_without_the_service(
    tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)
    async with seated(a_home(tmp_path / "home"), size) as pilot:
        await press(pilot, "e", "enter")
        app = pilot.app
        assert isinstance(app, GsjxApp)
        app.desk._reach(False)
        await settled(pilot)
        assert_looks(pilot, "entry-offline")
