"""The first screen tells of plugins that were switched off when they were loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from seat import CLERK, a_home, line_with, screen, seated
from snapshot import assert_looks

from builders import a_plugin
from gsjx_tui.office.names import PLUGINS


@pytest.fixture(autouse=True)
def a_clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests, the screens show the same login."""
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)


async def test_home_says_which_plugin_is_off_why_and_what_to_do(tmp_path: Path) -> None:
    path = a_home(tmp_path / "home")
    a_plugin(path / PLUGINS, "stage_broken", "raise RuntimeError('[b]缺少表格')")

    async with seated(path) as pilot:
        said = screen(pilot).replace("\n", "").replace(" ", "")
        assert "插件stage_broken：出错，本次运行已停用" in said
        assert "[b]缺少表格" in said
        assert "修好或卸下该插件后重新打开" in said
        assert "下一步" in screen(pilot)
        assert line_with(pilot, "stage_broken").lstrip().startswith("插件")
        assert_looks(pilot, "home-plugin-off")


async def test_several_plugins_that_are_off_leave_room_for_the_steps(tmp_path: Path) -> None:
    path = a_home(tmp_path / "home")
    for number in range(4):
        a_plugin(path / PLUGINS, f"stage_broken{number}", "raise RuntimeError('缺少表格')")

    async with seated(path) as pilot:
        assert "另有 2 个插件停用，用 gsjx plugin list 查看" in screen(pilot)
        assert "下一步" in screen(pilot)


async def test_nothing_is_said_where_all_plugins_work(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        assert not pilot.app.screen.query_one("#off").display
        assert "停用" not in screen(pilot)
