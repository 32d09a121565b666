"""Snapshots of screens: a text to read in a review, and the picture it was taken from.

``GSJX_UPDATE_SNAPSHOTS=1`` writes them anew; look at the pictures before committing them.
"""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path

from seat import lines, picture
from textual.pilot import Pilot

FOLDER = Path(__file__).parent / "snapshots"
FAILED = Path(__file__).parent / "__failed__"

_INSTANT = re.compile(r"(?:\d{4}-)?\d{2}-\d{2}(?: |&#160;)\d{2}:\d{2}")
_ID = re.compile(r"terminal-\d+-")


def assert_looks(pilot: Pilot[None], name: str) -> None:
    """The screen looks as it did: the same letters in the same places, in the same colours."""
    size = pilot.app.size
    name = f"{name}-{size.width}x{size.height}"
    svg = _ID.sub("terminal-", _INSTANT.sub(_masked, picture(pilot)))
    text = _INSTANT.sub(_masked, "\n".join(lines(pilot))) + "\n"
    stored_svg, stored_text = FOLDER / f"{name}.svg", FOLDER / f"{name}.txt"
    if os.environ.get("GSJX_UPDATE_SNAPSHOTS"):
        FOLDER.mkdir(exist_ok=True)
        stored_svg.write_text(svg, "utf-8")
        stored_text.write_text(text, "utf-8")
        return
    assert stored_svg.exists(), f"no snapshot {name}: write it with GSJX_UPDATE_SNAPSHOTS=1"
    if stored_svg.read_text("utf-8") != svg:
        FAILED.mkdir(exist_ok=True)
        (FAILED / f"{name}.svg").write_text(svg, "utf-8")
        before = stored_text.read_text("utf-8")
        difference = difflib.unified_diff(before.splitlines(), text.splitlines(), lineterm="", n=1)
        said = "\n".join(difference) or "only colours differ"
        raise AssertionError(f"{name} looks different (see {FAILED.name}):\n{said}")


def _masked(found: re.Match[str]) -> str:
    """The same instant in every run, as wide as it was."""
    space = "&#160;" if "&#160;" in found[0] else " "
    return f"{'2026-' if found[0][4] == '-' else ''}01-01{space}08:00"
