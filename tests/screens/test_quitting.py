"""What quits and what doesn't: Ctrl+C by one rule on every screen, Ctrl+Q nowhere."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from seat import a_home, press, screen, seated

from gsjx_tui.tui.places import PLACES
from terminal import Terminal, gsjx

HOW = "再按一次 Ctrl+C"


@pytest.mark.parametrize("place", [place.key for place in PLACES])
async def test_ctrl_c_says_how_to_quit_and_quits_when_pressed_again(
    tmp_path: Path, place: str
) -> None:
    async with seated(a_home(tmp_path / "home", confirmed=True)) as pilot:
        await press(pilot, place, "ctrl+c")
        assert HOW in screen(pilot)
        assert pilot.app.is_running

        await press(pilot, "f1", "escape", "ctrl+c")
        assert pilot.app.is_running, "another key between: it says so anew"
        assert HOW in screen(pilot)

        await pilot.press("ctrl+c")
        await pilot.pause(0.2)
        assert not pilot.app.is_running


@pytest.mark.parametrize("over", ["?", ":", "g a"])
async def test_ctrl_c_over_a_dialog(tmp_path: Path, over: str) -> None:
    async with seated(a_home(tmp_path / "home"), notifications=True) as pilot:
        await press(pilot, *over.split(), "ctrl+c")
        assert HOW in screen(pilot)
        assert pilot.app.is_running

        await pilot.press("ctrl+c")
        await pilot.pause(0.2)
        assert not pilot.app.is_running


@pytest.mark.parametrize("place", ["", *(place.key for place in PLACES)])
async def test_ctrl_q_ends_nothing(tmp_path: Path, place: str) -> None:
    async with seated(a_home(tmp_path / "home", confirmed=True)) as pilot:
        await press(pilot, *place, "ctrl+s", "ctrl+q", "ctrl+q", "ctrl+q")

        assert pilot.app.is_running
        assert "Ctrl+Q 不退出程序" in screen(pilot)


async def test_ctrl_c_copies_what_is_selected(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await press(pilot, "s", *"select", "shift+home", "ctrl+c", "ctrl+c", "ctrl+c")

        assert pilot.app.is_running
        assert pilot.app.clipboard == "select"
        assert HOW not in screen(pilot)


@pytest.mark.slow
def test_what_is_typed_is_saved_before_the_end(tmp_path: Path) -> None:
    terminal = Terminal(gsjx(a_home(tmp_path / "home")))
    terminal.wait_for("合计")
    terminal.type("e", "E01 县")
    terminal.type("nn\t8\r", "已保存 E03 活动组织机构 自评 8")
    terminal.type("7\x03", HOW)
    terminal.type("\x03", "")

    assert terminal.end() == 0


@pytest.mark.slow
def test_without_a_terminal_for_its_keys_it_says_so(tmp_path: Path) -> None:
    """Textual would read the end of the input again and again, at full load."""
    home = tmp_path / "home"

    ended = subprocess.run(gsjx(home), stdin=subprocess.DEVNULL, capture_output=True, timeout=60)

    assert ended.returncode == 1
    assert ended.stderr.decode().startswith("这里不是终端")
    assert not home.exists()


@pytest.mark.slow
def test_without_a_terminal_for_its_screen_it_says_so(tmp_path: Path) -> None:
    home, said = tmp_path / "home", tmp_path / "said"

    terminal = Terminal(["sh", "-c", f'exec "$@" 2>{said}', "sh", *gsjx(home)])

    assert terminal.end() == 1
    assert said.read_text("utf-8").startswith("这里不是终端")
    assert not home.exists()


async def test_what_a_dialog_was_told_does_not_cover_the_next_screen(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home"), notifications=True) as pilot:
        await press(pilot, "?", "ctrl+c", "escape", "e")

        assert HOW not in screen(pilot)
