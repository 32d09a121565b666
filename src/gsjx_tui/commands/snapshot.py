"""Publishing the snapshot that leaders' questions are asked of, and copies of it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from gsjx_tui.arguments import Adder
from gsjx_tui.commands.opening import looking

if TYPE_CHECKING:
    from gsjx_tui.office.copies import State


def add(command: Adder) -> None:
    """Declares the commands of this module."""
    publishing = command("snapshot", snapshot, "发布快照，供任何 DuckDB 工具查询；核定后自动发布")
    how = publishing.add_mutually_exclusive_group()
    how.add_argument("--readers", metavar="GROUP", help="以后让该用户组读快照，其中不能有填报人")
    how.add_argument("--private", action="store_true", help="以后只有账本的主人能读快照")
    how.add_argument("--into", type=Path, metavar="FILE", help="不发布，另存一份到该文件")
    how.add_argument("--parquet", type=Path, metavar="DIR", help="不发布，按月导出 Parquet")


def snapshot(options: argparse.Namespace) -> None:
    """``gsjx snapshot``."""
    from gsjx_tui.office.snapshot import publish, save_parquet, save_snapshot

    with looking(options) as office:
        if options.into is not None:
            state = save_snapshot(office, options.into.absolute())
            print(f"已另存快照 {options.into}：{_holds(state)}。")
            return
        if options.parquet is not None:
            state, count = save_parquet(office, options.parquet.absolute())
            print(f"已导出 {count} 个 Parquet 文件到 {options.parquet}：{_holds(state)}。")
            return
        made = publish(office, "" if options.private else options.readers)
    who = f"用户组 {made.readers} 可以读" if made.readers else "只有账本的主人能读"
    print(f"已发布快照 {made.path}：{_holds(made.state)}，{who}。")
    if made.withheld:
        names = "、".join(made.withheld)
        print(f"原来的用户组里有单位填报人 {names}，所以收回；移出后用 --readers 重新指定。")


def _holds(state: State) -> str:
    from gsjx_tui.office.check import local_second

    newest = f"数据截至 {local_second(state.newest)}" if state.newest else "账本是空的"
    return f"{newest}，第 {state.edition} 版设置"
