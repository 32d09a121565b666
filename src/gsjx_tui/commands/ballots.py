"""Counting ballots of 360 degrees."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gsjx_tui.arguments import Adder
from gsjx_tui.commands.opening import looking, opened
from gsjx_tui.errors import Fault, StateError

if TYPE_CHECKING:
    from gsjx_tui.office.ballots import UnitCount
    from gsjx_tui.rubric.ballots import Group, Line


def add(command: Adder) -> None:
    """Declares the commands of this module."""
    votes = command("ballots", ballots, "三评三议计票：从选票算出得分；不带文件即列出已计的",
                    "table", "json")  # fmt: skip
    votes.add_argument(
        "file", nargs="?", type=Path, default=None, metavar="FILE", help="列：unit,group,score"
    )
    votes.add_argument("--month", default="", metavar="MONTH", help="计入的月份")
    votes.add_argument("--item", default="", metavar="ID", help="计入的考核要点，只有一个时可省")
    votes.add_argument(
        "--weights", default="", metavar="LIST",
        help="各组权重，如 上级=30,同级=20,下级=20,服务对象=30；默认各 25",
    )  # fmt: skip
    votes.add_argument(
        "--trim", type=int, default=0, metavar="N", help="每组各去掉几张最高票和最低票"
    )
    votes.add_argument("--unit", default="", metavar="CODE", help="只列一个单位")
    votes.add_argument("--dry-run", action="store_true", help="只试算，不计入")


def ballots(options: argparse.Namespace) -> None:
    """``gsjx ballots``."""
    from gsjx_tui.office.ballots import EVEN, ballot_counts, count_ballots, read_ballots
    from gsjx_tui.office.check import month_of
    from gsjx_tui.printing import print_json

    if options.file is None:
        with looking(options) as office:
            kept = [one for one in ballot_counts(office, options.unit) if one.stands]
        found: Sequence[UnitCount] = [one.count for one in kept]
    else:
        weights = _weights(options.weights) if options.weights else EVEN
        file = read_ballots(options.file)
        with opened(options) as office:
            month = month_of(office.rubric, options.month)
            found = count_ballots(
                office, month, file, options.item, weights, options.trim, dry_run=options.dry_run
            )
    if options.format == "json":
        print_json([_data(one) for one in found])
        return
    _print(found)
    if options.file is not None:
        verb = "试算，未计入" if options.dry_run else "已计入"
        total = sum(one.ballots for one in found)
        print(f"{verb} {options.month}：{len(found)} 个单位，{total} 张选票。")


def _weights(text: str) -> dict[Group, int]:
    from gsjx_tui.rubric.ballots import GROUP_NAMES, GROUPS

    found: dict[Group, int] = {}
    for part in text.replace("，", ",").split(","):
        name, _, number = (piece.strip() for piece in part.partition("="))
        group = next((g for g in GROUPS if name in (g, GROUP_NAMES[g])), None)
        if group is None or group in found or not number.isascii() or not number.isdigit():
            raise StateError(
                Fault("--weights", f"“{part}”看不懂", "写成 上级=30,同级=20,下级=20,服务对象=30")
            )
        found[group] = int(number)
    return found


def _print(found: Sequence[UnitCount]) -> None:
    from gsjx_tui.printing import print_table

    if not found:
        print("还没有计过票。")
        return
    print_table(
        ["代码", "单位", "组别", "权重", "选票", "计入", "平均", "得分", "记分"],
        (
            [
                one.unit if at == 0 else "",
                one.name if at == 0 else "",
                _called(line),
                line.weight,
                line.ballots,
                line.counted,
                line.mean,
                one.score if at == 0 else "",
                one.points if at == 0 else "",
            ]
            for one in found
            for at, line in enumerate(one.lines)
        ),
        right="权重 选票 计入 平均 得分 记分",
    )


def _called(line: Line) -> str:
    from gsjx_tui.rubric.ballots import GROUP_NAMES

    return "、".join(GROUP_NAMES[group] for group in line.groups)


def _data(one: UnitCount) -> dict[str, object]:
    return {
        "unit": one.unit,
        "ballots": one.ballots,
        "score": one.score,
        "points": one.points,
        "lines": [
            {
                "groups": list(line.groups),
                "weight": line.weight,
                "ballots": line.ballots,
                "counted": line.counted,
                "mean": line.mean,
            }
            for line in one.lines
        ],
    }
