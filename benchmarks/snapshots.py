"""The snapshot: written whole from 20 thousand, 200 thousand and 2 million postings, and asked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.homes import Homes
from benchmarks.measure import Figure, median, timed, whole_process
from benchmarks.sized import posted
from gsjx_tui.office.home import Office, open_office
from gsjx_tui.office.snapshot import SNAPSHOT, publish

_SIZES = (20_000, 200_000, 2_000_000)

_QUESTION = "select 单位, 累计分, 名次 from 累计排名 where 类别代码 = 'township' and 最新"


def figures(homes: Homes, runs: int) -> Iterator[Figure]:
    """Publishing with the disk's part in it; a question as a whole process of another tool."""
    for postings in _SIZES:
        home = posted(homes, postings)
        with open_office(home) as office:
            taken = median(min(runs, 3), partial(_published, office))
        megabytes = (home / SNAPSHOT).stat().st_size / 2**20
        yield Figure(f"发布快照，{postings // 10_000} 万条记账", taken, note=f"{megabytes:.0f} MB")
        yield Figure(
            f"问快照一次，{postings // 10_000} 万条记账", median(runs, _asked(home / SNAPSHOT))
        )


def _published(office: Office) -> float:
    return timed(lambda: publish(office))


def _asked(path: Path) -> Callable[[], float]:
    code = f"import duckdb; duckdb.connect({str(path)!r}, read_only=True).execute({_QUESTION!r})"
    return whole_process(sys.executable, "-c", code)
