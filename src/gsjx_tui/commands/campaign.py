"""The campaign: its home made, its rubric shown (SPEC 8)."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gsjx_tui.arguments import Adder


def add(command: Adder) -> None:
    """Declares the commands of this module."""
    new = command("init", init, "建立活动文件夹与账本；已有的账本不会改动")
    new.add_argument("--campaign", type=Path, metavar="FILE", help="活动文件 campaign.toml")
    new.add_argument("--units", type=Path, metavar="FILE", help="名册 units.csv")

    listing = command("rubric", rubric, "列出阶段、指标、要点与设定", "table", "json")
    listing.add_argument("--stage", default="", metavar="ID", help="只列一个阶段")
    listing.add_argument(
        "--accept", action="store_true", help="启用改过的评分表（管理员），已核定的月份随之更正"
    )
    listing.add_argument("--reason", default="", metavar="TEXT", help="改动的理由，会一直保存")
    listing.add_argument(
        "--dry-run", action="store_true", help="与 --accept 同用：只看影响，不写入"
    )
    listing.add_argument("--in-force", action="store_true", help="列出历次现行的评分表")


def init(options: argparse.Namespace) -> None:
    """``gsjx init``."""
    from gsjx_tui.office import home

    with home.init(options.home, options.campaign, options.units, options.plugins_dir) as office:
        campaign = office.rubric.campaign
        print(
            f"已建立 {office.ledger.path}：{campaign.name}，{len(office.units)} 个单位，"
            f"{len(office.rubric.stages)} 个阶段，{len(office.rubric.items)} 个考核要点。"
        )


def rubric(options: argparse.Namespace) -> None:
    """``gsjx rubric``."""
    if options.accept or options.dry_run:
        _accept(options)
        return
    if options.in_force:
        _in_force(options)
        return
    from gsjx_tui import rubric_print
    from gsjx_tui.office.rubric import load_rubric

    found = load_rubric(options.home, options.stage, options.plugins_dir)
    if options.format == "json":
        rubric_print.as_json(found)
    else:
        rubric_print.as_table(found)


def _accept(options: argparse.Namespace) -> None:
    from gsjx_tui.commands.plugin import print_differences
    from gsjx_tui.office.in_force_rubric import accept_rubric
    from gsjx_tui.printing import print_table

    found = accept_rubric(
        options.home,
        options.plugins_dir,
        options.reason,
        dry_run=options.dry_run or not options.accept,
    )
    print("评分表的改动：")
    for change in found.changes:
        print(f"  {change}")
    if not found.differences:
        print("已核定月份的分没有变化。")
    else:
        print("对已核定月份的影响：")
        rows = [
            [month, told["units"], told["items"], told["points"]]
            for month, told in found.effect.items()
        ]
        print_table(["月份", "单位数", "要点数", "合计变动"], rows, right="单位数 要点数 合计变动")
        print_differences(found.differences)
    print("只是试算，没有写入。" if options.dry_run else "已启用改过的评分表，更正已记账。")


def _in_force(options: argparse.Namespace) -> None:
    from gsjx_tui.commands.opening import looking
    from gsjx_tui.office.check import local
    from gsjx_tui.office.in_force_rubric import rubrics
    from gsjx_tui.printing import print_table

    with looking(options) as office:
        found = rubrics(office)
    if not found:
        print("还没有核定过，没有现行的评分表。")
        return
    rows = [
        [local(r.at), r.by, r.digest[:12], r.reason or "首次核定", _effect(r.effect)] for r in found
    ]
    print_table(["启用时间", "由谁", "摘要", "理由", "对已核定月份的影响"], rows)


def _effect(effect: Mapping[str, Mapping[str, Any]]) -> str:
    if not effect:
        return "无"
    parts = [
        f"{month} {told['units']} 个单位 {told['items']} 处合计 {told['points']}"
        for month, told in effect.items()
    ]
    return "；".join(parts)
