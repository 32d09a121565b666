"""The snapshot: written whole from 20 thousand, 200 thousand and 2 million postings, and asked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path

from benchmarks.homes import Homes
from benchmarks.measure import Figure, median, timed, whole_process
from gsjx_tui.domain import Month
from gsjx_tui.office.home import Office, open_office
from gsjx_tui.office.snapshot import SNAPSHOT, publish
from gsjx_tui.rubric.model import Item

_UNITS = {20_000: 50, 200_000: 500, 2_000_000: 5_000}
"""Postings -> units: some 400 of each, on every item and month of the rubric."""

_QUESTION = "select 单位, 累计分, 名次 from 累计排名 where 类别代码 = 'township' and 最新"


def figures(homes: Homes, runs: int) -> Iterator[Figure]:
    """Publishing with the disk's part in it; a question as a whole process of another tool."""
    for postings, units in _UNITS.items():
        home = homes.synthetic(units, f"posted-{postings}", _filling(postings))
        with open_office(home) as office:
            taken = median(min(runs, 3), partial(_published, office))
        megabytes = (home / SNAPSHOT).stat().st_size / 2**20
        yield Figure(f"发布快照，{postings} 条记账", taken, note=f"{megabytes:.0f} MB")
        yield Figure(f"问快照一次，{postings} 条记账", median(runs, _asked(home / SNAPSHOT)))


def _published(office: Office) -> float:
    return timed(lambda: publish(office))


def _asked(path: Path) -> Callable[[], float]:
    code = f"import duckdb; duckdb.connect({str(path)!r}, read_only=True).execute({_QUESTION!r})"
    return whole_process(sys.executable, "-c", code)


def _filling(postings: int) -> Callable[[Office], None]:
    def fill(office: Office) -> None:
        cells = [
            (month, item)
            for stage in office.rubric.stages
            for month in stage.months
            for item in stage.items
        ]
        each = -(-postings // len(office.units))
        with office.ledger.act() as now:
            rows = (
                (unit.code, str(month), item.id, Decimal(n % 7) / 2, "confirm", "", "wang", now)
                for unit in office.units
                for n, (month, item) in enumerate(_repeated(cells, each))
            )
            while batch := list(islice(rows, 100_000)):
                office.ledger.append("posting", batch)
            office.ledger.append(
                "confirmation",
                (
                    (unit.code, str(month), "wang", now)
                    for unit in office.units
                    for month in office.rubric.months
                ),
            )

    return fill


def _repeated(cells: list[tuple[Month, Item]], count: int) -> Iterator[tuple[Month, Item]]:
    while count > 0:
        yield from cells[:count]
        count -= len(cells)
