"""Confirming a month of 300 units that has an observation for every item."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.homes import Homes, every_cell
from benchmarks.measure import Figure, gsjx, median, timed
from gsjx_tui.domain import Month
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.home import Office, open_office
from gsjx_tui.office.record import record

_UNITS = 300
_FIRST = Month(2013, 6)
_MIDDLE = Month(2014, 1)
"""The month of the longest stage with the most items, after four confirmed months of it."""


def figures(homes: Homes, runs: int) -> Iterator[Figure]:
    """The act alone, and the command as a whole process; early and late in the campaign."""
    for month in (_FIRST, _MIDDLE):
        home = _home(homes, month)

        def act(home: Path = home, month: Month = month) -> float:
            with open_office(homes.fresh(home)) as office:
                return timed(lambda: confirm(office, month))

        yield Figure(f"核定 {month}，{_UNITS} 个单位：操作本身", median(runs, act), goal=1)
        again = partial(homes.fresh, home)
        whole = gsjx(homes.copy, "confirm", str(month), before=again)
        yield Figure(f"核定 {month}，{_UNITS} 个单位：整个进程", median(runs, whole), goal=1)


def _home(homes: Homes, month: Month) -> Path:
    """Every cell observed through a month, the months before it confirmed."""

    def then(office: Office) -> None:
        for earlier in office.rubric.months:
            if earlier > month:
                break
            seen = [
                *every_cell(office.rubric, office.units, (earlier,), "claim"),
                *every_cell(office.rubric, office.units, (earlier,), "verify"),
            ]
            record(office, seen)
            if earlier < month:
                confirm(office, earlier)

    return homes.synthetic(_UNITS, f"through-{month}", then)
