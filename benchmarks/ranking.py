"""Ranking: ``gsjx rank`` beside Python that only imports DuckDB and runs the same SQL."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from benchmarks.homes import Homes
from benchmarks.measure import Figure, gsjx, medians, whole_process
from gsjx_tui.ledger.ledger import sql
from gsjx_tui.office.names import LEDGER

_PARAMETERS = {
    "first": "2013-06",
    "through": "2014-06",
    "previous_first": "2013-06",
    "previous_through": "2014-05",
    "category": "",
    "as_of": "9999-12-31",
    "added": "[]",
}


def figures(homes: Homes, runs: int) -> Iterator[Figure]:
    """The whole process, thirteen months of 112 units."""
    home = homes.demo()
    file = str(home / LEDGER)
    code = f"import duckdb; duckdb.connect({file!r}).execute({sql('rank')!r}, {_PARAMETERS!r})"
    taken = medians(
        runs,
        rank=gsjx(home, "rank"),
        as_json=gsjx(home, "rank", "--format", "json"),
        duckdb=whole_process(sys.executable, "-c", code),
    )
    yield Figure("排名 gsjx rank / 只用 DuckDB", taken["rank"], taken["duckdb"], goal=1.5)
    yield Figure("排名 --format json / 只用 DuckDB", taken["as_json"], taken["duckdb"], goal=1.5)
