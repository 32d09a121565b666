"""How commands declare their arguments (SPEC 8): what all have in common."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from gsjx_tui.usage import Parser

Command = Callable[[argparse.Namespace], None]


class Adder:
    """Adds a command with its arguments to the parser."""

    def __init__(self, group: argparse._SubParsersAction[Parser]) -> None:
        self._group = group

    def __call__(
        self, name: str, run: Command, help: str, *formats: str, whole: bool = False
    ) -> Parser:
        """A command's parser; with ``formats`` it has ``--format``, the first one its default.

        A ``whole`` one is about the home with all its campaigns: it takes none by ``--campaign``.
        """
        added = self._group.add_parser(name, help=help, description=help)
        _add_common(added, suppress=True)
        if not whole:
            _add_campaign(added, suppress=True)
        added.set_defaults(run=run, whole=whole, asks=False)
        if formats:
            added.add_argument(
                "--format", choices=formats, default=formats[0], help="输出格式，默认 table"
            )
        return added


def build(app: Command, kinds: Sequence[Callable[[Adder], None]]) -> Parser:
    """The parser of all commands; ``app`` runs when none is given."""
    parser = Parser(
        prog="gsjx", description="绩效考核：录入、核定、排名、查分。不带命令即打开界面。"
    )
    _add_common(parser, suppress=False)
    _add_campaign(parser, suppress=False)
    parser.set_defaults(run=app, whole=False, every=False, asks=True)
    adder = Adder(parser.add_subparsers(title="命令", metavar="命令", prog="gsjx"))
    for add in kinds:
        add(adder)
    return parser


def _add_common(parser: Parser, *, suppress: bool) -> None:
    home = Path(os.environ.get("GSJX_HOME") or "data")
    parser.add_argument(
        "--home",
        type=Path,
        default=argparse.SUPPRESS if suppress else home,
        metavar="DIR",
        help="活动文件夹（默认 $GSJX_HOME，否则 ./data）",
    )
    parser.add_argument(
        "--plugins-dir",
        type=Path,
        action="append",
        default=argparse.SUPPRESS if suppress else [],
        metavar="DIR",
        help="另从该文件夹装入阶段插件，可多次",
    )


def _add_campaign(parser: Parser, *, suppress: bool) -> None:
    parser.add_argument(
        "--campaign",
        dest="campaign_id",
        default=argparse.SUPPRESS if suppress else "",
        metavar="ID",
        help="账本里有几个活动时是哪一个（默认 $GSJX_CAMPAIGN，否则还没有结束的那个）",
    )


def field_value(text: str) -> tuple[str, str]:
    """A ``FIELD=VALUE`` as its two parts."""
    field, equals, value = text.partition("=")
    if not equals or not field:
        raise argparse.ArgumentTypeError(f"“{text}”应写成 字段=数值")
    return field.strip(), value.strip()
