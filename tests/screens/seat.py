"""A clerk's seat: the application on a small office, driven by keys, read as text."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from decimal import Decimal
from functools import cache
from html import unescape
from pathlib import Path

from rich.cells import cell_len, set_cell_size
from textual.pilot import Pilot

from builders import PROJECT
from gsjx_tui.domain import Kind, Month
from gsjx_tui.office import home
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.record import record
from gsjx_tui.rubric.model import Observation
from gsjx_tui.tui.app import GsjxApp

CLERK = "clerk01"
NARROW, WIDE = (80, 24), (140, 40)

_TEXT = re.compile(r'<text class="[^"]*" x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</text>')
_CELL = 12.2


@cache
def _made(confirmed: bool) -> Path:
    """Made once; the tests get copies."""
    path = Path(tempfile.mkdtemp(prefix="gsjx-home-"))
    atexit.register(shutil.rmtree, path)
    with home.init(
        path, PROJECT / "data" / "campaign.toml", PROJECT / "data" / "units.csv"
    ) as office:
        office = office.acting(CLERK)
        record(office, _first_month())
        if confirmed:
            confirm(office, Month(2013, 6))
    return path


def a_home(path: Path, *, confirmed: bool = False) -> Path:
    """A home with the shipped roster and a few observations for June, confirmed or not."""
    shutil.copytree(_made(confirmed), path)
    return path


def _first_month() -> list[Observation]:
    """Three reported units, of which two are verified; points differ so that ranks do."""
    june = Month(2013, 6)

    def seen(unit: str, item: str, field: str, kind: Kind, value: int) -> Observation:
        return Observation(unit, june, f"study.{item}", field, kind, Decimal(value))

    return [
        seen("E05", "b1.body", "points", "claim", 10),
        seen("E05", "b2.plan", "points", "claim", 9),
        seen("E05", "b2.plan", "points", "verify", 8),
        seen("E05", "b3.briefs", "count", "claim", 4),
        seen("E05", "e5.graft", "count", "verify", 1),
        seen("E01", "b1.body", "points", "claim", 10),
        seen("E02", "b1.body", "points", "claim", 6),
        seen("E02", "b1.body", "points", "verify", 6),
    ]


@contextlib.asynccontextmanager
async def seated(
    path: Path, size: tuple[int, int] = NARROW, *, notifications: bool = False
) -> AsyncIterator[Pilot[None]]:
    """The application, opened and loaded; closed orderly at the end."""
    app = GsjxApp(path)
    async with app.run_test(size=size, notifications=notifications) as pilot:
        await settled(pilot)
        yield pilot
        await app.desk.close()


async def settled(pilot: Pilot[None]) -> None:
    """Waits until the office has answered everything that was asked."""
    for _ in range(200):
        await pilot.pause()
        app = pilot.app
        assert isinstance(app, GsjxApp)
        if app.desk.is_open and not list(app.workers):
            await pilot.pause()
            if not list(app.workers):
                return
        await asyncio.sleep(0.01)
    raise AssertionError("the application doesn't come to rest")


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Presses keys one after the other, each when the one before has had its effect."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def write(pilot: Pilot[None], text: str) -> None:
    """Types a text quickly, without waiting for answers in between."""
    await pilot.press(*text)
    await settled(pilot)


def picture(pilot: Pilot[None]) -> str:
    """The screen as SVG, wide characters given the room they take in a terminal."""

    def measured(found: re.Match[str]) -> str:
        text = unescape(found[4])
        return f'{found[1]}textLength="{cell_len(text) * _CELL:g}"{found[3]}>{found[4]}</text>'

    svg = pilot.app.export_screenshot(simplify=True)
    return re.sub(r'(<text [^>]*)textLength="([^"]*)"([^>]*)>([^<]*)</text>', measured, svg)


def lines(pilot: Pilot[None]) -> list[str]:
    """What is on the screen, line by line, wide characters as they are."""
    rows: dict[float, str] = {}
    for x, y, text in _TEXT.findall(pilot.app.export_screenshot(simplify=True)):
        row = rows.get(float(y), "")
        text = unescape(text).replace("\xa0", " ").strip("\n")
        if text:
            rows[float(y)] = set_cell_size(row, round(float(x) / _CELL)) + text
    return [rows[y].rstrip() for y in sorted(rows)]


def screen(pilot: Pilot[None]) -> str:
    """What is on the screen."""
    return "\n".join(lines(pilot))


def line_with(pilot: Pilot[None], text: str) -> str:
    """The first line that holds a text."""
    found = next((line for line in lines(pilot) if text in line), None)
    assert found is not None, f"no line with {text} in\n{screen(pilot)}"
    return found
