"""Help, the command palette and the looks: what is the same on every screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from seat import NARROW, WIDE, a_home, press, screen, seated, settled, write
from snapshot import assert_looks

from gsjx_tui.tui.app import GsjxApp
from gsjx_tui.tui.places import PLACES
from gsjx_tui.tui.themes import THEMES, first_theme

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])


async def test_the_palette_finds_a_unit_by_its_initials_and_opens_its_card(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await press(pilot, ":")
        await write(pilot, "czj")
        await press(pilot, "enter")

        assert "得分卡" in screen(pilot)
        assert "财政局" in screen(pilot)


async def test_the_palette_reaches_every_screen_by_pinyin(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        for place in PLACES:
            await press(pilot, ":")
            await write(pilot, place.initials)
            await press(pilot, "enter")

            assert type(pilot.app.screen).__name__ == place.screen.split(":")[1]
            pilot.app.pop_screen()
            await settled(pilot)


async def test_a_burst_through_the_palette_ends_where_slow_keys_end(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await press(pilot, ":")
        await pilot.press(*"pmm", "backspace", "enter")
        await settled(pilot)

        assert type(pilot.app.screen).__name__ == "RankingScreen"


async def test_full_width_punctuation_of_an_input_method_does_the_same(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await press(pilot, "】")
        assert "2013年7月" in screen(pilot)

        await press(pilot, "？")
        assert "方向键选类别" in screen(pilot)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.id)
async def test_every_screen_says_what_it_is_for(tmp_path: Path, place: object) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await press(pilot, place.key)  # type: ignore[attr-defined]
        await press(pilot, "f1")

        help_screen = pilot.app.screen
        assert type(help_screen).__name__ == "HelpScreen"
        shown = help_screen.query("Static").first().render()
        assert len(str(shown)) > 200
        await press(pilot, "escape")
        assert type(pilot.app.screen).__name__ != "HelpScreen"


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_looks_of_the_themes(tmp_path: Path, theme: object) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        assert isinstance(pilot.app, GsjxApp)
        pilot.app._look_like(theme.name)  # type: ignore[attr-defined]
        await press(pilot, "e")
        assert_looks(pilot, f"theme-{theme.name}")  # type: ignore[attr-defined]


@SIZES
async def test_help(tmp_path: Path, size: tuple[int, int]) -> None:
    async with seated(a_home(tmp_path / "home"), size) as pilot:
        await press(pilot, "e", "tab", "f1")
        assert_looks(pilot, "help")


@SIZES
async def test_palette(tmp_path: Path, size: tuple[int, int]) -> None:
    async with seated(a_home(tmp_path / "home"), size) as pilot:
        await press(pilot, ":")
        assert_looks(pilot, "palette")


@pytest.mark.parametrize(
    ("terminal", "theme"),
    [
        ("xterm-256color", "gsjx-dark"),
        ("linux", "gsjx-16"),
        ("vt220", "gsjx-plain"),
    ],
)
def test_the_terminal_decides_the_first_look(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, terminal: str, theme: str
) -> None:
    monkeypatch.setenv("TERM", terminal)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("GSJX_THEME", raising=False)

    assert first_theme() == theme


async def test_a_chosen_look_is_kept_for_the_next_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    async with seated(a_home(tmp_path / "home")) as pilot:
        await press(pilot, ":")
        await write(pilot, "psqs")
        await press(pilot, "enter")
        assert pilot.app.theme == "gsjx-light"

    async with seated(tmp_path / "home") as pilot:
        assert pilot.app.theme == "gsjx-light"
