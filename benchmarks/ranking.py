"""Ranking: the command beside DuckDB alone, and the act over ever more postings beside a scan."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator

from benchmarks.homes import Homes
from benchmarks.measure import Figure, gsjx, medians, timed, whole_process
from benchmarks.sized import UNITS, posted
from gsjx_tui.ledger.ledger import sql
from gsjx_tui.office.home import open_office
from gsjx_tui.office.names import LEDGER
from gsjx_tui.office.rank import rank

_PARAMETERS = {
    "first": "2013-06",
    "through": "2014-06",
    "previous_first": "2013-06",
    "previous_through": "2014-05",
    "category": "",
    "as_of": "9999-12-31",
    "added": "[]",
}

_SCAN = "select sum(points) from posting"

_SHARED = 2_000_000
"""Up to so many postings other figures read the same home; larger ones go once measured."""

_LARGE = 20_000_000
"""More postings than this take minutes and gigabytes: only when asked for."""


def figures(homes: Homes, runs: int) -> Iterator[Figure]:
    """The whole process over thirteen months of 112 units; then the act, up to 20 million."""
    home = homes.demo()
    file = str(home / LEDGER)
    code = f"import duckdb; duckdb.connect({file!r}).execute({sql('rank')!r}, {_PARAMETERS!r})"
    taken = medians(
        runs,
        rank=gsjx(home, "rank"),
        as_json=gsjx(home, "rank", "--format", "json"),
        duckdb=whole_process(sys.executable, "-c", code),
    )
    against = "只用 DuckDB 的进程"
    yield Figure("排名 gsjx rank", taken["rank"], taken["duckdb"], goal=1.5, against=against)
    yield Figure("排名 --format json", taken["as_json"], taken["duckdb"], goal=1.5, against=against)
    for postings in UNITS:
        if postings <= _LARGE:
            yield _ranked(homes, postings, runs)


def large(homes: Homes, runs: int) -> Iterator[Figure]:
    """The act over 200 million postings: some 10 GB of disk for as long as it takes."""
    yield from (_ranked(homes, postings, runs) for postings in UNITS if postings > _LARGE)


def _ranked(homes: Homes, postings: int, runs: int) -> Figure:
    """The act on an open ledger, through the newest month, beside a scan of the same table."""
    home = posted(homes, postings)
    megabytes = (home / LEDGER).stat().st_size / 2**20
    with open_office(home) as office:
        taken = medians(
            min(runs, 5),
            rank=lambda: timed(lambda: rank(office)),
            scan=lambda: timed(lambda: office.ledger.query(_SCAN)),
        )
    if postings > _SHARED:
        shutil.rmtree(home)
    return Figure(
        f"排名，{_counted(postings)}记账",
        taken["rank"],
        taken["scan"],
        against="扫描同一张表",
        note=f"{UNITS[postings]} 个单位，账本 {megabytes:.0f} MB",
    )


def _counted(postings: int) -> str:
    return f"{postings // 10_000} 万条"
