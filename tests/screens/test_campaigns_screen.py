"""Several campaigns: one is chosen at the start, every title says which, another can be taken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from seat import CLERK, NARROW, WIDE, a_home, lines, press, seated, settled, write
from snapshot import assert_looks
from textual.pilot import Pilot

from gsjx_tui.office.campaign_clone import clone_campaign
from gsjx_tui.office.campaigns import home_of
from gsjx_tui.office.home import open_office
from gsjx_tui.tui.app import GsjxApp
from gsjx_tui.tui.screens.campaigns import CampaignsScreen
from gsjx_tui.tui.screens.home import HomeScreen
from serving import serving

NEXT = "gsjx-2014"


@pytest.fixture(autouse=True)
def the_clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)


def with_next(tmp_path: Path, *, closed: bool = True) -> Path:
    """The shipped campaign, perhaps closed, and its clone."""
    home = a_home(tmp_path / "home", confirmed=True)
    clone_campaign(home, "gsjx-2013", NEXT, "2014年活动")
    if closed:
        with open_office(home) as office, office.ledger.act() as now:
            office.ledger.append("campaign_step", [("", "closed", 1, "wang", now)])
    return home


@asynccontextmanager
async def asked(path: Path, size: tuple[int, int] = NARROW) -> AsyncIterator[Pilot[None]]:
    """The application as it asks which campaign."""
    app = GsjxApp(path)
    async with app.run_test(size=size) as pilot:
        for _ in range(500):
            await pilot.pause()
            if isinstance(app.screen, CampaignsScreen):
                break
            await asyncio.sleep(0.01)
        yield pilot
        await app.desk.close()


def the_app(pilot: Pilot[None]) -> GsjxApp:
    assert isinstance(pilot.app, GsjxApp)
    return pilot.app


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_looks(tmp_path: Path, size: tuple[int, int]) -> None:
    async with asked(_still(with_next(tmp_path)), size) as pilot:
        assert_looks(pilot, "campaigns")


def _still(home: Path) -> Path:
    """Its acts at an instant that pictures can show."""
    import duckdb

    with duckdb.connect(str(home / "ledger.duckdb")) as connection:
        connection.execute("update campaign_step set done_at = '2014-07-20 02:30:00'")
        connection.execute("delete from posting")
        for table in ("observation", "confirmation"):
            time = {"observation": "recorded_at", "confirmation": "confirmed_at"}[table]
            connection.execute(f"update {table} set {time} = '2013-07-05 02:30:00'")
    return home


async def test_enter_opens_the_first_that_is_not_closed(tmp_path: Path) -> None:
    async with asked(with_next(tmp_path)) as pilot:
        await pilot.press("enter")
        await settled(pilot)

        assert the_app(pilot).desk.office.rubric.campaign.id == NEXT
        assert "2014年活动" in lines(pilot)[0]
        assert "已结束" not in lines(pilot)[0]


async def test_arrows_choose_another(tmp_path: Path) -> None:
    async with asked(with_next(tmp_path)) as pilot:
        await pilot.press("up", "enter")
        await settled(pilot)

        assert the_app(pilot).desk.office.rubric.campaign.id == "gsjx-2013"
        assert "躬身践行·服务发展活动 已结束" in lines(pilot)[0]


async def test_what_is_typed_goes_into_the_campaign_that_was_chosen(tmp_path: Path) -> None:
    home = with_next(tmp_path)
    async with asked(home) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        await press(pilot, "e", "enter")
        await write(pilot, "5")
        await press(pilot, "enter")
        assert "2014年活动" in lines(pilot)[0]

    with open_office(home_of(home, NEXT)) as office:
        assert office.ledger.head("observation").seq == 1


async def test_another_is_taken_by_the_palette_and_back(tmp_path: Path) -> None:
    async with asked(with_next(tmp_path)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        for key, id in (("up", "gsjx-2013"), ("down", NEXT)):
            await press(pilot, "r", ":", *"hhd")
            await pilot.press("enter")
            await _asks(pilot)
            await pilot.press(key, "enter")
            await settled(pilot)

            assert the_app(pilot).desk.office.rubric.campaign.id == id
            assert isinstance(pilot.app.screen, HomeScreen)
            assert len(pilot.app.screen_stack) == 2


async def test_escape_stays(tmp_path: Path) -> None:
    async with asked(with_next(tmp_path)) as pilot:
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, CampaignsScreen)  # nothing to go back to yet
        await pilot.press("enter")
        await settled(pilot)
        await press(pilot, "r", ":", *"hhd")
        await pilot.press("enter")
        await _asks(pilot)
        await pilot.press("escape")
        await settled(pilot)

        assert the_app(pilot).desk.office.rubric.campaign.id == NEXT
        assert len(pilot.app.screen_stack) == 3


async def _asks(pilot: Pilot[None]) -> None:
    for _ in range(500):
        await pilot.pause()
        if isinstance(pilot.app.screen, CampaignsScreen):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it doesn't ask which campaign")


async def test_one_campaign_is_not_asked_for(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        assert isinstance(pilot.app.screen, HomeScreen)
        await press(pilot, ":", *"hhd")
        assert not any("换活动" in line for line in lines(pilot))


async def test_a_named_one_is_not_asked_for(tmp_path: Path) -> None:
    home = with_next(tmp_path)

    async with seated(home_of(home, NEXT)) as pilot:
        assert isinstance(pilot.app.screen, HomeScreen)
        assert "2014年活动" in lines(pilot)[0]


async def test_it_is_chosen_and_changed_through_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: "root")
    home = with_next(tmp_path, closed=False)
    with serving(home):
        async with asked(home) as pilot:
            await pilot.press("down", "enter")
            await settled(pilot)
            assert the_app(pilot).desk.office.rubric.campaign.id == NEXT
            await press(pilot, ":", *"hhd")
            await pilot.press("enter")
            await _asks(pilot)
            await pilot.press("up", "enter")
            await settled(pilot)
            assert the_app(pilot).desk.office.rubric.campaign.id == "gsjx-2013"
