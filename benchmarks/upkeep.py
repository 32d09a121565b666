"""Saving one observation; making a home, proving the whole campaign, a million postings kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from itertools import count

from benchmarks.homes import Homes
from benchmarks.measure import Figure, gsjx, median, timed
from gsjx_tui.domain import Month
from gsjx_tui.ledger.anchor import newest_anchor
from gsjx_tui.ledger.ledger import CHAINS, Ledger
from gsjx_tui.ledger.proof import broken_links
from gsjx_tui.office.backup import back_up
from gsjx_tui.office.home import Office, open_office
from gsjx_tui.office.record import record
from gsjx_tui.rubric.model import Observation


def saving(homes: Homes, runs: int) -> Iterator[Figure]:
    """The act alone, which is what a screen waits for."""
    yield Figure("保存一条记录（已打开）", _lone_save(homes, runs))


def figures(homes: Homes, runs: int) -> Iterator[Figure]:
    """Whole processes; then chains proved in SQL, the code for paper, a backup with its proof."""
    new = homes.file("new")
    init = gsjx(new, "init", before=lambda: shutil.rmtree(new, ignore_errors=True))
    yield Figure("建立 gsjx init", median(runs, init))
    yield Figure("证明十三个月 gsjx verify", median(runs, gsjx(homes.demo(), "verify")))
    yield from _million(homes, min(runs, 3))


def _million(homes: Homes, runs: int) -> Iterator[Figure]:
    home = homes.shipped("million", _post_a_million)
    with open_office(home) as office:
        ledger = office.ledger
        links = median(runs, lambda: timed(lambda: _proved(ledger)))
        yield Figure("证明一百万条记账的链", links, goal=5)
        yield Figure("一百万条的存证码", median(runs, lambda: timed(lambda: newest_anchor(ledger))))
        yield Figure("备份一百万条并核对", median(runs, lambda: timed(lambda: back_up(office))))


def _post_a_million(office: Office) -> None:
    units = [f"U{number:05d}" for number in range(10_000)]
    for batch in range(10):
        with office.ledger.act() as now:
            rows = (
                (units[n % 10_000], "2013-06", f"item.{n % 40}", Decimal("1.50"), "confirm", "",
                 "wang", now)
                for n in range(batch * 100_000, (batch + 1) * 100_000)
            )  # fmt: skip
            office.ledger.append("posting", rows)


def _proved(ledger: Ledger) -> None:
    assert not any(broken_links(ledger, table) for table in CHAINS)


def _lone_save(homes: Homes, runs: int) -> float:
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

        return median(runs, save)
