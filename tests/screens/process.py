"""An office small enough to be drawn, confirmed and published in a test, with Chinese names."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from decimal import Decimal
from functools import cache
from pathlib import Path

from builders import PROJECT
from gsjx_tui.domain import Month
from gsjx_tui.office import home
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.correct import correct
from gsjx_tui.office.draw import draw
from gsjx_tui.office.publish import publish
from gsjx_tui.office.record import record
from gsjx_tui.rubric.model import Observation

JUNE = Month(2013, 6)
VERIFIER, LEADER = "fuhe02", "lead01"
"""Who verified everything, and somebody who verified nothing."""
UNITS = ("E01", "E02", "E05", "T01", "T02", "T03")
BODY = "study.b1.body"


@cache
def _made(state: str) -> Path:
    path = Path(tempfile.mkdtemp(prefix="gsjx-process-"))
    atexit.register(shutil.rmtree, path)
    rows = (PROJECT / "data" / "units.csv").read_text("utf-8").splitlines(keepends=True)
    roster = path / "roster.csv"
    roster.write_text("".join(row for row in rows if row[:3] in ("cod", *UNITS)), "utf-8")
    with home.init(path / "home", PROJECT / "data" / "campaign.toml", roster) as office:
        office = office.acting(VERIFIER)
        points = dict(zip(UNITS, (9, 7, 5, 8, 6, 6), strict=True))
        record(office, [_body(code, value) for code, value in points.items()])
        if state == "undrawn":
            return path / "home"
        drawn = draw(office, JUNE, len(UNITS), 2, "2013")
        cells = [cell for cell in drawn.drawn if cell.item != BODY]
        items = office.rubric.items
        record(
            office,
            [
                Observation(cell.unit, JUNE, cell.item, field.name, "verify", Decimal(0))
                for cell in cells
                for field in items[cell.item].fields
            ],
        )
        if state == "drawn":
            return path / "home"
        stage = office.rubric.stages[0]
        for month in stage.months if state == "staged" else (JUNE,):
            confirm(office, month)
        if state == "staged":
            publish(office, "stage", stage.id)
        if state == "corrected":
            publish(office, "month", str(JUNE))
            correct(office, "E05", BODY, str(JUNE), {"points": "8"}, "补交材料")
    return path / "home"


def _body(unit: str, value: int) -> Observation:
    return Observation(unit, JUNE, BODY, "points", "verify", Decimal(value))


def a_process(path: Path, state: str) -> Path:
    """A copy of an office of six units.

    undrawn: June is recorded; drawn: and drawn and checked; confirmed: and confirmed; corrected:
    and published, then E05 raised from last to second place; staged: the whole first stage is
    confirmed and published instead, and cases are open.
    """
    shutil.copytree(_made(state), path)
    return path
