"""Files of the campaign that change under an open program: home says what to do about it."""

from __future__ import annotations

from pathlib import Path

import pytest
from seat import CLERK, a_home, press, screen, seated

SAID = "评分办法、活动设置或名册的文件已改；退出后重新打开才会生效。"


@pytest.fixture(autouse=True)
def a_clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)


async def test_a_changed_campaign_is_said_on_home(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await press(pilot, "p", "escape")
        assert "已改" not in screen(pilot)

        campaign = home / "campaign.toml"
        campaign.write_text(campaign.read_text("utf-8") + "\n# 改过\n", "utf-8")
        await press(pilot, "p", "escape")

        assert SAID in screen(pilot)


async def test_a_changed_stage_of_the_homes_plugins_is_said_on_home(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    folder = home / "plugins" / "stage_more"
    async with seated(home) as pilot:
        folder.mkdir(parents=True)
        (folder / "stage.toml").write_text("", "utf-8")
        await press(pilot, "p", "escape")

        assert SAID in screen(pilot)
