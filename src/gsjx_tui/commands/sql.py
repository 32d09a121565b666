"""Somebody's own read-only query (SPEC 8)."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from gsjx_tui.arguments import Adder
from gsjx_tui.commands.opening import looking

if TYPE_CHECKING:
    from gsjx_tui.office.asking import Lines

SECONDS, MEMORY = "GSJX_SQL_SECONDS", "GSJX_SQL_MEMORY"
"""Variables of the environment that stand for the options."""


def add(command: Adder) -> None:
    """Declares the commands of this module."""
    ask = command("sql", sql, "只读查询", "table", "json", "csv")
    ask.add_argument("query", metavar="QUERY", help="SQL")
    ask.add_argument(
        "--seconds", type=_whole(1, 3600), default=os.environ.get(SECONDS) or "30", metavar="N",
        help=f"最多查询多少秒（默认 ${SECONDS}，否则 30）",
    )  # fmt: skip
    ask.add_argument(
        "--memory", type=_whole(64, 65536), default=os.environ.get(MEMORY) or "1024", metavar="MB",
        help=f"最多用多少内存（默认 ${MEMORY}，否则 1024）",
    )  # fmt: skip


def _whole(least: int, most: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        if not (text.isascii() and text.isdigit() and least <= int(text[:9]) <= most):
            raise argparse.ArgumentTypeError(f"“{text}”应写成 {least} 到 {most} 的整数")
        return int(text)

    return whole


def sql(options: argparse.Namespace) -> None:
    """``gsjx sql``."""
    from gsjx_tui.office.asking import SHOWN
    from gsjx_tui.office.query import asking

    try:
        as_table = options.format == "table"
        with (
            looking(options) as office,
            asking(office, options.query, seconds=options.seconds, memory=options.memory) as query,
            query.stream(SHOWN if as_table else 0, as_json=options.format == "json") as lines,
        ):
            (_table if as_table else _data)(lines, options.format)
    except KeyboardInterrupt:
        # Nothing was written that one would have to look after: it ends as any program does.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)


def _table(lines: Lines, format: str) -> None:
    from gsjx_tui.printing import print_table

    head = lines.head()
    rows = [_shown(row, head["truths"]) for batch in lines.batches() for row in batch]
    print_table(head["columns"], rows)
    print(f"（{'前 ' if lines.cut else ''}{len(rows)} 行）")
    if lines.cut:
        print(f"只显示前 {len(rows)} 行；要全部的行请用 --format csv。", file=sys.stderr)


def _shown(row: list[str | None], truths: list[bool]) -> list[object]:
    return [
        cell == "true" if truth and cell is not None else cell
        for cell, truth in zip(row, truths, strict=True)
    ]


def _data(lines: Lines, format: str) -> None:
    from gsjx_tui.printing import print_csv, print_json, records

    head = lines.head()
    batches = lines.batches()
    first = next(batches, [])  # a query that fails prints no heading
    rows: Iterator[list[Any]] = chain(first, chain.from_iterable(batches))
    if format == "json":
        print_json(records(head["columns"], rows))
    else:
        print_csv(head["columns"], rows)
