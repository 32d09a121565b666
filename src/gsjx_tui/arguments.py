"""The arguments of every command (SPEC 8): names, choices, help. What they mean is in ``cli``."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from gsjx_tui.usage import Parser

Command = Callable[[argparse.Namespace], None]


def build(commands: Mapping[str, Command]) -> Parser:
    """The parser; each command's function becomes ``run``, ``app`` the one without a command."""
    parser = Parser(
        prog="gsjx", description="绩效考核：录入、核定、排名、查分。不带命令即打开界面。"
    )
    _add_common(parser, suppress=False)
    parser.set_defaults(run=commands["app"])
    group = parser.add_subparsers(title="命令", metavar="命令", prog="gsjx")

    def command(name: str, help: str, *formats: str) -> Parser:
        added = group.add_parser(name, help=help, description=help)
        assert isinstance(added, Parser)
        _add_common(added, suppress=True)
        added.set_defaults(run=commands[name])
        if formats:
            added.add_argument(
                "--format", choices=formats, default=formats[0], help="输出格式，默认 table"
            )
        return added

    new = command("init", "建立活动文件夹与账本；已有的账本不会改动")
    new.add_argument("--campaign", type=Path, metavar="FILE", help="活动文件 campaign.toml")
    new.add_argument("--units", type=Path, metavar="FILE", help="名册 units.csv")

    listing = command("rubric", "列出阶段、指标、要点与设定", "table", "json")
    listing.add_argument("--stage", default="", metavar="ID", help="只列一个阶段")

    load = command("import", "从 CSV 或 XLSX 导入考核记录，有一处错误就都不导入")
    load.add_argument(
        "file", type=Path, metavar="FILE", help="列：unit,month,item,field,value,note"
    )
    load.add_argument(
        "--kind",
        choices=("claim", "verify"),
        default="claim",
        help="claim 自评（默认），verify 复核",
    )
    load.add_argument("--dry-run", action="store_true", help="只检查，不导入")

    fix = command("confirm", "核定一个月")
    fix.add_argument("month", metavar="MONTH", help="月份，如 2013-06")
    fix.add_argument(
        "--unit", action="append", nargs="+", metavar="CODE", help="只核定这些单位，默认全部"
    )
    fix.add_argument("--dry-run", action="store_true", help="只试算，不核定")

    change = command("correct", "更正已核定月份的一个考核要点")
    change.add_argument("--unit", required=True, metavar="CODE", help="单位代码")
    change.add_argument("--item", required=True, metavar="ID", help="考核要点")
    change.add_argument("--month", required=True, metavar="MONTH", help="月份")
    change.add_argument(
        "--set", required=True, action="append", type=_field_value, metavar="FIELD=VALUE",
        help="字段的新值，可多次",
    )  # fmt: skip
    change.add_argument("--reason", required=True, metavar="TEXT", help="更正理由")

    order = command("rank", "各类别排名", "table", "json", "csv")
    order.add_argument("--through", default="", metavar="MONTH", help="累计到该月，默认最新核定月")
    scope = order.add_mutually_exclusive_group()
    scope.add_argument("--stage", default="", metavar="ID", help="只算一个阶段")
    scope.add_argument("--month", default="", metavar="MONTH", help="只算一个月")
    order.add_argument("--category", default="", metavar="ID", help="只列一个类别")
    order.add_argument(
        "--as-of", default="", metavar="INSTANT", help="按当时所知，如 2013-08-05T09:30"
    )

    unit = command("card", "一个单位的得分明细", "table", "json")
    unit.add_argument("unit", metavar="UNIT", help="单位代码")
    unit.add_argument("--through", default="", metavar="MONTH", help="截至该月，默认最新核定月")

    close = command("outcomes", "结算阶段或活动的结果应用", "table", "json")
    close.add_argument("--stage", default="", metavar="ID", help="结算一个阶段；默认整个活动")

    ask = command("sql", "只读查询", "table", "json", "csv")
    ask.add_argument("query", metavar="QUERY", help="SQL")

    command("verify", "证明账本：重算全部得分，核对记账与链")
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


def _field_value(text: str) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    if not equals or not field:
        raise argparse.ArgumentTypeError(f"“{text}”应写成 字段=数值")
    return field.strip(), value.strip()
