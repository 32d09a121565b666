"""Pictures that the manuals need and no other test of a screen makes."""

from __future__ import annotations

from pathlib import Path

import pytest
from seat import CLERK, a_home, press, screen, seated, write
from snapshot import assert_looks

from gsjx_tui.domain import Month
from gsjx_tui.office.home import open_office
from gsjx_tui.office.review import return_to_unit


@pytest.fixture(autouse=True)
def a_clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests, the screens show the same login."""
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)


async def test_a_clerk_finds_why_a_unit_was_sent_back(tmp_path: Path) -> None:
    path = a_home(tmp_path / "home")
    with open_office(path) as office:
        return_to_unit(office, "E05", Month(2013, 6), "", "活动方案请附会议记录", "7.10")

    async with seated(path) as pilot:
        await press(pilot, "v", "slash")
        await write(pilot, "czj")
        await press(pilot, "enter", "enter", "down")

        assert "活动方案请附会议记录" in screen(pilot)
        assert "2013-07-10" in screen(pilot)
        assert_looks(pilot, "returned")
