"""Making a home, saving one observation, proving the whole campaign."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from itertools import count

from benchmarks.homes import Homes
from benchmarks.measure import Figure, gsjx, median, timed
from gsjx_tui.domain import Month
from gsjx_tui.office.home import open_office
from gsjx_tui.office.record import record
from gsjx_tui.rubric.model import Observation

_SAVES = 40


def figures(homes: Homes, runs: int) -> Iterator[Figure]:
    """Whole processes, but for the save, which is what a screen waits for."""
    new = homes.file("new")
    init = gsjx(new, "init", before=lambda: shutil.rmtree(new, ignore_errors=True))
    yield Figure("建立 gsjx init", median(runs, init))
    yield Figure("证明十三个月 gsjx verify", median(runs, gsjx(homes.demo(), "verify")))
    yield Figure("保存一条记录（已打开）", _lone_save(homes))


def _lone_save(homes: Homes) -> float:
    """Each save another value, of a unit whose last month is open."""
    with open_office(homes.fresh(homes.demo())) as office:
        month = Month(2014, 6)
        confirmed = {
            unit
            for unit, at, *_ in office.ledger.rows("confirmations", unit="")
            if at == str(month)
        }
        unit = next(unit.code for unit in office.units if unit.code not in confirmed)
        numbers = count()

        def save() -> float:
            value = Decimal(next(numbers) % 10)
            item = "consolidate.k3.archive"
            seen = Observation(unit, month, item, "points", "verify", value)
            return timed(lambda: record(office, [seen]))

        return median(_SAVES, save)
