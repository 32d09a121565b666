"""Somebody's own read-only query (SPEC 8)."""

from __future__ import annotations

import argparse
import signal

from gsjx_tui.arguments import Adder


def add(command: Adder) -> None:
    """Declares the commands of this module."""
    ask = command("sql", sql, "只读查询", "table", "json", "csv")
    ask.add_argument("query", metavar="QUERY", help="SQL")


def sql(options: argparse.Namespace) -> None:
    """``gsjx sql``."""
    from gsjx_tui.office.query import ask
    from gsjx_tui.printing import print_csv, print_json, print_table, records

    before = signal.signal(signal.SIGINT, signal.SIG_DFL)  # a running query hears no Ctrl+C else
    try:
        answer = ask(options.home, options.query, options.plugins_dir)
    finally:
        signal.signal(signal.SIGINT, before)
    if options.format == "json":
        print_json(records(answer.columns, answer.rows))
    elif options.format == "csv":
        print_csv(answer.columns, answer.rows)
    else:
        print_table(answer.columns, answer.rows)
        print(f"（{len(answer.rows)} 行）")
