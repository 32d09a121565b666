"""Whatever names, notes and answers hold, no screen lets a control out to the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from seat import NARROW, WIDE, press, seated, settled
from textual.drivers.headless_driver import HeadlessDriver
from textual.widgets import TextArea

from gsjx_tui.domain import Month
from gsjx_tui.tui.places import BEHIND, PLACES, Here
from gsjx_tui.tui.screens.base import OfficeScreen
from hostile_texts import HOSTILE, a_hostile_home, assert_only_its_own

HERE = Here(Month(2013, 6), "", "U0")


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the terminal gets."""
    sent: list[str] = []
    monkeypatch.setattr(HeadlessDriver, "write", lambda self, data: sent.append(data))
    monkeypatch.setattr(HeadlessDriver, "is_headless", False)
    yield sent


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hostile home."""
    return a_hostile_home(tmp_path / "home", monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("size", [NARROW, WIDE])
@pytest.mark.parametrize("place", (*PLACES, *BEHIND), ids=lambda place: place.id)
async def test_no_screen_lets_a_control_out(home: Path, written: list[str], place, size) -> None:
    async with seated(home, size) as pilot:
        pilot.app.push_screen(place.open(HERE))
        await settled(pilot)
        for keys in (("down", "up"), ("enter",), ("tab",), ("question_mark",), ("escape",)):
            await press(pilot, *keys)
        assert isinstance(pilot.app.screen, OfficeScreen)
        await press(pilot, "colon", "d", "i")

    assert "县" in "".join(written)
    assert_only_its_own("".join(written))


@pytest.mark.parametrize("keys", [(), ("enter",), ("question_mark",), ("colon", "U", "0", "enter")])
async def test_home_and_a_card_let_no_control_out(
    home: Path, written: list[str], keys: tuple[str, ...]
) -> None:
    async with seated(home, WIDE) as pilot:
        await press(pilot, *keys)

    assert "月" in "".join(written)
    assert_only_its_own("".join(written))


@pytest.mark.parametrize(
    "text",
    [
        "select name, note, recorded_by from observation join unit on code = unit",
        "select error(name) from unit",
        f"select '{HOSTILE}' as \"{HOSTILE}\"",
    ],
)
async def test_no_answer_lets_a_control_out(home: Path, written: list[str], text: str) -> None:
    async with seated(home, WIDE) as pilot:
        await press(pilot, "s")
        pilot.app.screen.query_one(TextArea).text = text
        await press(pilot, "f5")
        await press(pilot, "tab", "right")
        await press(pilot, "right")

    assert "县" in "".join(written)
    assert_only_its_own("".join(written))
