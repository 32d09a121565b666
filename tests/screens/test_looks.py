"""How every screen looks, at 80x24 and 140x40."""

from __future__ import annotations

from pathlib import Path

import pytest
from seat import CLERK, NARROW, WIDE, a_home, press, seated, write
from snapshot import assert_looks

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])


@pytest.fixture(autouse=True)
def a_clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests, the screens show the same login."""
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)


@SIZES
async def test_home(tmp_path: Path, size: tuple[int, int]) -> None:
    async with seated(a_home(tmp_path / "home"), size) as pilot:
        assert_looks(pilot, "home")


@SIZES
async def test_entry(tmp_path: Path, size: tuple[int, int]) -> None:
    async with seated(a_home(tmp_path / "home"), size) as pilot:
        await press(pilot, "e", "slash")
        await write(pilot, "czj")
        await press(pilot, "enter", "enter", "7")
        assert_looks(pilot, "entry")


@SIZES
async def test_entry_refused(tmp_path: Path, size: tuple[int, int]) -> None:
    async with seated(a_home(tmp_path / "home"), size) as pilot:
        await press(pilot, "e", "tab", "1", "2", "enter")
        assert_looks(pilot, "entry-refused")


@SIZES
async def test_entry_confirmed(tmp_path: Path, size: tuple[int, int]) -> None:
    async with seated(a_home(tmp_path / "home", confirmed=True), size) as pilot:
        await press(pilot, "e", "left_square_bracket", "tab")
        assert_looks(pilot, "entry-confirmed")


@SIZES
async def test_confirm(tmp_path: Path, size: tuple[int, int]) -> None:
    async with seated(a_home(tmp_path / "home"), size) as pilot:
        await press(pilot, "c", *["down"] * 4)
        assert_looks(pilot, "confirm")
        await press(pilot, "c")
        assert_looks(pilot, "confirm-ask")


@SIZES
async def test_ranking(tmp_path: Path, size: tuple[int, int]) -> None:
    async with seated(a_home(tmp_path / "home", confirmed=True), size) as pilot:
        await press(pilot, "r")
        assert_looks(pilot, "ranking")
        await press(pilot, "right_square_bracket")
        assert_looks(pilot, "ranking-open")


@SIZES
async def test_card(tmp_path: Path, size: tuple[int, int]) -> None:
    async with seated(a_home(tmp_path / "home", confirmed=True), size) as pilot:
        await press(pilot, "r", "enter", *["down"] * 4)
        assert_looks(pilot, "card")
