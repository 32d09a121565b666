"""The office's messages as they read on a screen: keys for command lines, labels for ids.

Messages are for commands, files and screens alike: they name the command that helps, and items by
the ids that stand in files. What a screen shows passes ``on_screen``.
"""

from __future__ import annotations

import re

from gsjx_tui.rubric.model import Rubric
from gsjx_tui.tui.places import BY_ID

_PLACES = {
    "confirm": "confirm",
    "draw": "draw",
    "objections": "objections",
    "cases": "cases",
    "publish": "publish",
    "rubric": "items",
    "import": "items",
    "sql": "query",
}
"""Commands and the place on home that does the same."""

ON_SCREEN = {*_PLACES, "correct"}
"""Commands that have a screen."""

WITHOUT = {"campaign", "staff", "verify", "restore", "init", "serve", "plugin", "snapshot"}
"""Commands for administrators that have none: their names stay."""

_COMMAND = re.compile(
    r"(?P<verb>用|运行)? ?gsjx (?P<name>[a-z]+)\b"
    r"(?: (?:--?[a-z-]+(?: verify)?|[A-Z][0-9]+|[0-9]{4}-[0-9]{2}|月份))* ?"
)


_ID = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")


def on_screen(text: str, rubric: Rubric) -> str:
    """A message with labels of items instead of ids, and the screen and its key in place of a
    command that has one."""
    if "gsjx " in text:
        text = _COMMAND.sub(_way, text)

    def label(found: re.Match[str]) -> str:
        item = rubric.items.get(found[0])
        return item.label if item is not None else found[0]

    return _ID.sub(label, text) if "." in text else text


def _way(found: re.Match[str]) -> str:
    name = found["name"]
    if name == "correct":
        return "到得分卡上按 x 更正" if found["verb"] else "得分卡上按 x"
    if name not in _PLACES:
        return found[0]
    place = BY_ID[_PLACES[name]]
    return f"{'到' if found['verb'] else ''}{place.name}界面（首页按 {place.key}）"
