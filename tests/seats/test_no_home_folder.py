"""Somebody without a HOME: told so in Chinese, not by the library."""

from __future__ import annotations

from pathlib import Path

import pytest

from gsjx_tui.errors import StateError
from gsjx_tui.seats import opening


def test_without_a_login_folder_the_message_says_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", staticmethod(nowhere))

    with pytest.raises(StateError, match=r"环境变量 HOME：没有设置.*设置 HOME 后重新登录"):
        opening._own_folder()
