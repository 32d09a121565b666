"""Stage plugins 插件: listed, made, checked, tried on what is recorded."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from gsjx_tui.arguments import Adder
from gsjx_tui.commands.opening import looking
from gsjx_tui.domain import Month

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gsjx_tui.office.rescoring import Difference

_SHOWN = 40
"""So many differences are listed; the rest is counted."""


def add(command: Adder) -> None:
    """Declares the commands of this module."""
    plugins = command("plugin", listed, "阶段插件：列出、新建、检查、试算", "table", "json")
    kinds = Adder(plugins.add_subparsers(title="插件", metavar="操作"))
    kinds("list", listed, "列出插件：来自哪里、版本、是否正常", "table", "json")

    new = kinds("new", made, "新建一个插件文件夹，里面的评分表、例子可以直接用")
    new.add_argument("name", metavar="NAME", help="插件名，如 stage_x")
    new.add_argument("--into", type=Path, default=Path(), metavar="DIR", help="建在哪里，默认当前")
    new.add_argument("--first", type=_month, metavar="MONTH", help="第一个月，默认本月")
    new.add_argument("--months", type=_length, default=2, metavar="N", help="几个月，默认 2")

    check = kinds("check", checked, "检查一个插件：全部错误、评分表、分值合计、试算")
    check.add_argument("place", type=Path, metavar="DIR", help="插件文件夹")

    trying = kinds("try", tried, "用改过的插件在账本副本上重算，列出会变的分和名次")
    trying.add_argument("place", type=Path, metavar="DIR", help="插件文件夹")
    trying.add_argument("--all", action="store_true", help="列出全部变动，不止前几十条")


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"月份“{text}”应写成 2026-01") from None


def _length(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 60:
        raise argparse.ArgumentTypeError(f"月数“{text}”应为 1 到 60 的整数")
    return int(text)


def listed(options: argparse.Namespace) -> None:
    """``gsjx plugin list``."""
    from gsjx_tui.office.plugin_list import plugins
    from gsjx_tui.printing import print_json, print_table

    found = plugins(options.home, options.plugins_dir)
    if options.format == "json":
        print_json(
            [
                {
                    "name": plugin.name,
                    "origin": plugin.origin,
                    "version": plugin.version,
                    "stages": list(plugin.stages),
                    "used": plugin.used,
                    "healthy": not plugin.faults,
                    "faults": [str(fault) for fault in plugin.faults],
                }
                for plugin in found
            ]
        )
        return
    print_table(
        ["插件", "版本", "阶段", "本活动", "状况", "来自"],
        [
            [
                plugin.name,
                plugin.version or "没有写",
                "、".join(plugin.stages) or "无",
                "使用" if plugin.used else "不用",
                f"{len(plugin.faults)} 处错误" if plugin.faults else "正常",
                plugin.origin,
            ]
            for plugin in found
        ],
    )
    for plugin in found:
        for fault in plugin.faults:
            print(f"{plugin.name}：{fault}")


def made(options: argparse.Namespace) -> None:
    """``gsjx plugin new``."""
    from gsjx_tui.office.plugin_new import new_plugin

    place, files = new_plugin(options.into, options.name, options.first, options.months)
    print(f"已建立插件文件夹 {place}：{'、'.join(str(p.relative_to(place)) for p in files)}。")
    print(f"先改 stage.toml，再检查：gsjx plugin check {place}")


def checked(options: argparse.Namespace) -> None:
    """``gsjx plugin check``."""
    from gsjx_tui import rubric_print
    from gsjx_tui.office.plugin_check import check_plugin
    from gsjx_tui.printing import print_table

    found = check_plugin(options.place, options.home)
    rubric_print.print_stage(found.stage)
    print(f"分值合计 {found.stage.points}：", end="")
    print("，".join(f"{name} {points}" for name, points in found.sums) + "。\n")
    for category, items in found.tried:
        print(f"试算{f'（{category}）' if category else ''}：每个要点单独记录，计到末月")
        rows = [
            [t.item.id, t.item.label, t.item.nominal, t.nothing, t.least, t.most] for t in items
        ]
        headings = ["要点", "名称", "分值", "没有记录", "各项最少", "各项较多"]
        print_table(headings, rows, right="分值 没有记录 各项最少 各项较多")
        print()
    print(f"插件 {found.name} 检查通过，{len(found.stage.items)} 个考核要点。")
    for note in found.notes:
        print(f"提示：{note}")


def tried(options: argparse.Namespace) -> None:
    """``gsjx plugin try``."""
    from gsjx_tui.office.plugin_try import try_plugin
    from gsjx_tui.printing import print_table

    with looking(options) as office:
        found = try_plugin(office, options.place, options.plugins_dir)
    if found.through is None:
        print("还没有核定的月份，没有可以比较的；账本没有改动。")
        return
    print(f"在账本副本上重算了 {found.compared} 个已核定的单位月，账本没有改动。")
    if not found.differences:
        print("分数和名次都没有变化。")
        return
    print_differences(found.differences, None if options.all else _SHOWN)
    print(f"\n截至 {found.through} 累计，{len(found.moved)} 个单位的分数或名次会变：")
    print_table(
        ["类别", "单位", "名称", "原得分", "新得分", "变动", "原名次", "新名次"],
        [
            [
                m.category,
                m.unit,
                m.name,
                m.points,
                m.new_points,
                f"{m.new_points - m.points:+}",
                m.rank,
                m.new_rank,
            ]
            for m in found.moved
        ],
        right="原得分 新得分 变动 原名次 新名次",
    )


def print_differences(differences: Sequence[Difference], most: int | None = _SHOWN) -> None:
    """What would be posted for confirmed months, so many at most."""
    from gsjx_tui.printing import print_table

    print_table(
        ["单位", "月份", "要点", "名称", "变动"],
        [
            [d.unit, str(d.month), d.item, d.label or "（已没有）", f"{d.points:+}"]
            for d in differences[:most]
        ],
        right="变动",
    )
    if most is not None and len(differences) > most:
        print(f"…… 共 {len(differences)} 处变动，这里列出前 {most} 处。")
