"""How the application looks: four themes, and which of them a person chose."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from platformdirs import user_config_path
from textual.scrollbar import ScrollBarRender
from textual.theme import Theme

_LINES = {"line-across": "hkey", "line-down": "vkey"}
_ASCII_LINES = {"line-across": "ascii", "line-down": "ascii"}
"""How lines between panes are drawn: border types of Textual, as variables of the stylesheets."""

DARK = Theme(
    name="gsjx-dark",
    primary="#6cb0e8",
    secondary="#8fa3b5",
    accent="#f0bb57",
    success="#86c98a",
    warning="#e8b45a",
    error="#f07878",
    foreground="#d9dfe5",
    background="#11161b",
    surface="#11161b",
    panel="#1d252d",
    dark=True,
    variables={
        "footer-background": "#1d252d",
        "title-foreground": "#6cb0e8",
        "line-colour": "#2e3a45",
        "footer-key-foreground": "#f0bb57",
        "footer-description-foreground": "#b9c4ce",
        "block-cursor-foreground": "#0c1116",
        "block-cursor-background": "#8ec5f2",
        **_LINES,
    },
)

LIGHT = Theme(
    name="gsjx-light",
    primary="#1a5f9e",
    secondary="#566573",
    accent="#8a5a00",
    success="#1e7a34",
    warning="#8f5b00",
    error="#b3261e",
    foreground="#1b2127",
    background="#fbfaf7",
    surface="#fbfaf7",
    panel="#e7e9ea",
    dark=False,
    variables={
        "footer-background": "#e7e9ea",
        "title-foreground": "#1a5f9e",
        "line-colour": "#c3c9ce",
        "footer-key-foreground": "#8a5a00",
        "footer-description-foreground": "#3c4853",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-background": "#1f6cb0",
        **_LINES,
    },
)


def _sixteen(name: str, lines: Mapping[str, str]) -> Theme:
    """The terminal's own sixteen colours, as a console or an old terminal has them."""
    return Theme(
        name=name,
        ansi=True,
        primary="ansi_bright_cyan",
        secondary="ansi_cyan",
        accent="ansi_bright_yellow",
        success="ansi_bright_green",
        warning="ansi_yellow",
        error="ansi_bright_red",
        foreground="ansi_white",
        background="ansi_black",
        surface="ansi_black",
        panel="ansi_blue",
        boost="ansi_black",
        dark=True,
        variables={
            "footer-background": "ansi_blue",
            "title-foreground": "ansi_bright_white",
            "line-colour": "ansi_cyan",
            "footer-key-foreground": "ansi_bright_yellow",
            "footer-description-foreground": "ansi_white",
            "block-cursor-foreground": "ansi_black",
            "block-cursor-background": "ansi_white",
            "ansi-background": "ansi_black",
            "ansi-foreground": "ansi_white",
            "border-blurred": "ansi_cyan",
            "input-cursor-background": "ansi_white",
            "input-cursor-foreground": "ansi_black",
            "input-selection-background": "ansi_cyan",
            "input-selection-foreground": "ansi_black",
            "screen-selection-background": "ansi_cyan",
            "screen-selection-foreground": "ansi_black",
            **lines,
        },
    )


SIXTEEN = _sixteen("gsjx-16", _LINES)
PLAIN = _sixteen("gsjx-plain", _ASCII_LINES)

THEMES = (DARK, LIGHT, SIXTEEN, PLAIN)
THEME_NAMES = {
    DARK.name: "深色",
    LIGHT.name: "浅色",
    SIXTEEN.name: "十六色",
    PLAIN.name: "兼容（十六色，只用 ASCII 画线）",
}

_OLD = ("vt", "ansi", "dumb", "screen.linux")


class PlainBar(ScrollBarRender):
    """A scrollbar of blanks in two colours, without half blocks."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "]


def ascii_only(theme: str) -> bool:
    """Whether a theme draws lines and bars with ASCII alone: some consoles draw others wide."""
    return theme == PLAIN.name


def first_theme() -> str:
    """What a person chose before, else ``$GSJX_THEME``, else what suits the terminal."""
    wanted = os.environ.get("GSJX_THEME", "") or _chosen()
    if wanted in THEME_NAMES:
        return wanted
    terminal = os.environ.get("TERM", "")
    if terminal == "linux":
        return SIXTEEN.name
    return PLAIN.name if terminal.startswith(_OLD) else DARK.name


def keep_theme(name: str) -> bool:
    """Keeps the choice for the next time; False where the person has no place to keep it."""
    path = _file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name + "\n", "utf-8")
    except OSError:
        return False
    return True


def _chosen() -> str:
    try:
        return _file().read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):  # none chosen yet
        return ""


def _file() -> Path:
    return user_config_path("gsjx") / "theme"
