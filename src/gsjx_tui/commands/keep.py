"""Keeping the ledger safe: backup, restore (SPEC 8)."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from gsjx_tui.arguments import Adder
from gsjx_tui.commands.opening import looking

if TYPE_CHECKING:
    from gsjx_tui.office.restore import Restored


def add(command: Adder) -> None:
    """Declares the commands of this module."""
    save = command("backup", backup, "备份账本、活动文件与名册，做完即核对", whole=True)
    save.add_argument("--into", type=Path, metavar="DIR", help="备份到该文件夹，默认 备份")
    save.add_argument("--keep", type=int, metavar="N", help="只保留最新的 N 份，删去更早的")

    back = command(
        "restore", restore, "证明一份备份后用它替换账本；现在的账本另存，可以换回", whole=True
    )
    back.add_argument("backup", type=Path, metavar="BACKUP", help="备份文件夹，或其名称")
    back.add_argument("--dry-run", action="store_true", help="只证明并比较，不替换")


def backup(options: argparse.Namespace) -> None:
    """``gsjx backup``."""
    from gsjx_tui.office.backup import back_up
    from gsjx_tui.office.check import local_second

    into = options.into.absolute() if options.into else None
    with looking(options) as office:
        made = back_up(office, into, options.keep)
    newest = f"，最新的内容是 {local_second(made.newest)} 的" if made.newest else ""
    print(f"已备份到 {made.folder}：共 {made.total} 条{newest}，已核对与账本一致。")
    if made.anchor:
        print(f"存证码 {made.anchor}")
    if not made.fits:
        print("活动文件或名册改过而账本还没有采用，备份里是改过的。")
    if made.removed:
        names = "、".join(folder.name for folder in made.removed)
        print(f"删去较早的备份 {len(made.removed)} 份：{names}。")


def restore(options: argparse.Namespace) -> None:
    """``gsjx restore``."""
    from gsjx_tui.office.restore import restore as restore_home

    done = restore_home(options.home, options.backup, options.plugins_dir, dry_run=options.dry_run)
    print(
        f"备份 {done.backup} 已证明：{_holds(done)}，已核定 {done.proof.months} 个单位月，"
        f"逐项重算 {done.proof.figures} 个数，全部与记账相符。"
    )
    for line in _compared(done):
        print(line)
    if options.dry_run:
        print("只是查看，没有替换任何内容。")
        return
    print(f"已恢复 {options.home}。")
    if done.aside:
        back = f"；要换回，运行 gsjx restore {done.aside} --home {options.home}"
        print(f"原来的账本在 {done.aside}，没有删除{back if done.before else '。'}")


def _holds(done: Restored) -> str:
    from gsjx_tui.office.check import local_second

    newest = done.after.newest
    return f"共 {done.after.total} 条" + (f"，最新 {local_second(newest)}" if newest else "")


def _compared(done: Restored) -> list[str]:
    from gsjx_tui.office.check import local_second

    lines = []
    if done.left_out:
        lines.append(f"备份的日志有 {done.left_out} 字节损坏，其中的内容没有恢复。")
    if done.unreadable:
        lines.append(f"现在的账本读不出（{done.unreadable}），不能比较。")
    if done.before:
        newest = done.before.newest
        when = f"，最新 {local_second(newest)}" if newest else ""
        lines.append(f"现在的账本共 {done.before.total} 条{when}。")
        if done.other_history:
            lines.append("两者不是同一本账的先后：从某处起内容不同，恢复后现在的那些不再有效。")
        if done.lost:
            lines.append(f"现在的账本里有 {done.lost} 条是备份没有的，恢复后须重新录入。")
        elif not done.other_history:
            lines.append("现在账本里的内容备份里都有。")
    return lines
