"""Somebody's own read-only query (SPEC 8)."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from gsjx_tui.arguments import Adder, field_value
from gsjx_tui.commands.opening import looking

if TYPE_CHECKING:
    from gsjx_tui.office.asking import Lines
    from gsjx_tui.office.home import Office

SECONDS, MEMORY = "GSJX_SQL_SECONDS", "GSJX_SQL_MEMORY"
"""Variables of the environment that stand for the options."""


def add(command: Adder) -> None:
    """Declares the commands of this module."""
    ask = command("sql", sql, "只读查询", "table", "json", "csv")
    what = ask.add_mutually_exclusive_group()
    what.add_argument("query", metavar="QUERY", nargs="?", help="SQL")
    what.add_argument("--saved", metavar="TITLE", help="执行一个常用查询，写其名称或其中几个字")
    ask.set_defaults(wrong=ask.error)
    what.add_argument("--list", action="store_true", help="列出常用查询及其参数")
    ask.add_argument(
        "--set", type=field_value, action="append", default=[], metavar="NAME=VALUE",
        help="常用查询的参数，可多次；月份不写即最新核定月",
    )  # fmt: skip
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
    from gsjx_tui.office.answers import source_line
    from gsjx_tui.office.asking import SHOWN
    from gsjx_tui.office.query import asking

    if options.query is None and not options.saved and not options.list:
        options.wrong("the following arguments are required: QUERY")
    try:
        as_table = options.format == "table"
        with looking(options) as office:
            if options.list:
                _list(office, options.format)
                return
            title, text, values = _asked(office, options)
            with (
                asking(
                    office, text, values, seconds=options.seconds, memory=options.memory
                ) as query,
                query.stream(SHOWN if as_table else 0, as_json=options.format == "json") as lines,
            ):
                (_table if as_table else _data)(lines, options.format)
                print(source_line(title, query, office.who), file=sys.stderr)
    except KeyboardInterrupt:
        # Nothing was written that one would have to look after: it ends as any program does.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)


def _asked(office: Office, options: argparse.Namespace) -> tuple[str, str, Mapping[str, str | int]]:
    """The title, text and values of what is asked."""
    from gsjx_tui.office.questions import question, saved, values_given
    from gsjx_tui.office.rank import campaign

    found = saved(office, options.saved) if options.saved else question(options.query or "")
    if not found.parameters and not options.set:
        return found.title, found.text, {}
    values = values_given(office, found, dict(options.set), campaign(office).newest)
    return found.title, found.text, values


def _list(office: Office, format: str) -> None:
    from gsjx_tui.office.questions import questions
    from gsjx_tui.printing import print_csv, print_json, print_table, records

    found = questions(office)
    columns = ["title", "parameters", "about"]
    rows = [
        [one.title, "，".join(f"{p.name}（{p.label}）" for p in one.parameters), one.about]
        for one in found
    ]
    if format == "json":
        print_json(records(columns, rows))
    elif format == "csv":
        print_csv(columns, rows)
    else:
        print_table(["名称", "参数", "说明"], rows)


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
