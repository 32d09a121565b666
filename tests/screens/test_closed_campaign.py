"""A campaign that is over: every title says so, and what is typed is refused with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from seat import CLERK, WIDE, a_home, lines, press, seated, settled

from gsjx_tui.office.home import open_office
from gsjx_tui.seats.news import Changed, News
from gsjx_tui.tui.app import GsjxApp


@pytest.fixture(autouse=True)
def the_clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)


def turned(home: Path, what: str) -> None:
    with open_office(home) as office, office.ledger.act() as now:
        office.ledger.append("campaign_step", [("", what, 0, "wang", now)])


async def test_every_title_says_that_it_is_over(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    turned(home, "closed")

    async with seated(home) as pilot:
        assert "已结束" in lines(pilot)[0]
        await press(pilot, "r")
        assert "已结束" in lines(pilot)[0]


async def test_an_open_one_says_nothing(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    turned(home, "closed")
    turned(home, "reopened")

    async with seated(home) as pilot:
        assert "已结束" not in lines(pilot)[0]


async def test_what_is_typed_is_refused_with_what_to_do(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    turned(home, "closed")

    async with seated(home, WIDE) as pilot:
        await press(pilot, "e", "enter", "5", "enter")

        assert any("活动已由 wang 于" in line for line in lines(pilot))


async def test_others_who_close_it_are_heard(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        app = pilot.app
        assert isinstance(app, GsjxApp)
        for what, act, said in (
            ("closed", "close_campaign", True),
            ("reopened", "reopen_campaign", False),
        ):
            with app.desk.office.ledger.act() as now:
                app.desk.office.ledger.append("campaign_step", [("", what, 0, "wang", now)])
            app.desk._hear(News(changed=Changed(f"closing.{act}", "wang", (), ())))
            await settled(pilot)

            assert ("已结束" in lines(pilot)[0]) is said
