"""The campaign: its home made, its rubric shown (SPEC 8)."""

from __future__ import annotations

import argparse
from pathlib import Path

from gsjx_tui.arguments import Adder


def add(command: Adder) -> None:
    """Declares the commands of this module."""
    new = command("init", init, "建立活动文件夹与账本；已有的账本不会改动")
    new.add_argument("--campaign", type=Path, metavar="FILE", help="活动文件 campaign.toml")
    new.add_argument("--units", type=Path, metavar="FILE", help="名册 units.csv")

    listing = command("rubric", rubric, "列出阶段、指标、要点与设定", "table", "json")
    listing.add_argument("--stage", default="", metavar="ID", help="只列一个阶段")


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
    from gsjx_tui import rubric_print
    from gsjx_tui.office.rubric import load_rubric

    found = load_rubric(options.home, options.stage, options.plugins_dir)
    if options.format == "json":
        rubric_print.as_json(found)
    else:
        rubric_print.as_table(found)
