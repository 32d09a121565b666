"""What the office does: import, confirm, correct (SPEC 8)."""

from __future__ import annotations

import argparse
from pathlib import Path

from gsjx_tui.arguments import Adder, field_value
from gsjx_tui.commands.foreseen import print_consequences, print_outdated
from gsjx_tui.commands.opening import opened
from gsjx_tui.errors import Fault, ObservationError


def add(command: Adder) -> None:
    """Declares the commands of this module."""
    load = command("import", import_, "导入考核记录或各单位填好的自评表，有一处错误就都不导入")
    load.add_argument(
        "file", type=Path, nargs="+", metavar="FILE",
        help="CSV 或 XLSX，列：unit,month,item,field,value,note；或自评表，可多个，可为文件夹",
    )  # fmt: skip
    load.add_argument(
        "--kind",
        choices=("claim", "verify"),
        default="claim",
        help="claim 自评（默认），verify 复核",
    )
    load.add_argument("--dry-run", action="store_true", help="只检查，不导入")

    fix = command("confirm", confirm, "核定一个月")
    fix.add_argument("month", metavar="MONTH", help="月份，如 2013-06")
    fix.add_argument(
        "--unit", action="append", nargs="+", metavar="CODE", help="只核定这些单位，默认全部"
    )
    fix.add_argument("--dry-run", action="store_true", help="只试算，不核定")

    change = command("correct", correct, "更正已核定月份的一个考核要点")
    change.add_argument("--unit", required=True, metavar="CODE", help="单位代码")
    change.add_argument("--item", required=True, metavar="ID", help="考核要点")
    change.add_argument("--month", required=True, metavar="MONTH", help="月份")
    change.add_argument(
        "--set", required=True, action="append", type=field_value, metavar="FIELD=VALUE",
        help="字段的新值，可多次",
    )  # fmt: skip
    change.add_argument("--reason", required=True, metavar="TEXT", help="更正理由")
    change.add_argument("--dry-run", action="store_true", help="只试算并列出后果，不更正")


def import_(options: argparse.Namespace) -> None:
    """``gsjx import``."""
    from gsjx_tui.office.check import KIND_NAMES
    from gsjx_tui.office.importing import import_files
    from gsjx_tui.office.record import Imported
    from gsjx_tui.printing import Progress

    with opened(options) as office:
        done = import_files(
            office,
            options.file,
            options.kind,
            dry_run=options.dry_run,
            progress=Progress("读取", "个文件"),
        )
    verb = "检查通过，未导入" if options.dry_run else "已导入"
    months = "、".join(map(str, done.months))
    if isinstance(done, Imported):
        kind = KIND_NAMES[options.kind]
        print(f"{verb} {done.observations} 条{kind}：{done.units} 个单位，{months}。")
        return
    withdrawn = f"，清空 {done.withdrawn} 条" if done.withdrawn else ""
    print(
        f"{verb} {done.reports} 份自评表（{months}）：记录自评 {done.recorded} 条{withdrawn}，"
        f"另有 {done.unchanged} 条账本里已是这样。"
    )


def confirm(options: argparse.Namespace) -> None:
    """``gsjx confirm``."""
    from gsjx_tui.office.check import month_of
    from gsjx_tui.office.confirm import confirm as confirm_month
    from gsjx_tui.office.consequences import confirming_would
    from gsjx_tui.office.outdated import outdated
    from gsjx_tui.printing import print_table

    with opened(options) as office:
        month = month_of(office.rubric, options.month)
        units = [code for group in options.unit or () for code in group]
        done = confirm_month(office, month, units, dry_run=options.dry_run)
        if options.dry_run:
            moved = confirming_would(office, month, units)
        untrue = outdated(office)
    if options.dry_run:
        print_table(
            ["代码", "单位", "本月分", "阶段分", "记账条数", "未报要点", "未复核"],
            (
                [
                    unit.unit.code,
                    unit.unit.name,
                    unit.points,
                    unit.to_date,
                    len(unit.postings),
                    len(unit.missing),
                    unit.unverified,
                ]
                for unit in done.units
            ),
            right="本月分 阶段分 记账条数 未报要点 未复核",
        )
        print_consequences(moved)
    verb = "试算，未核定" if options.dry_run else "已核定"
    print(
        f"{verb} {month}（{done.stage.name}）：{len(done.units)} 个单位，"
        f"记账 {done.postings} 条，合计 {done.points} 分。"
    )
    if not options.dry_run:
        print_outdated(untrue)


def correct(options: argparse.Namespace) -> None:
    """``gsjx correct``."""
    from gsjx_tui.office.consequences import correcting_would
    from gsjx_tui.office.correct import correct as correct_month
    from gsjx_tui.office.outdated import outdated

    values = dict(options.set)
    if len(values) < len(options.set):
        raise ObservationError(Fault("--set", "同一字段写了两次", "只留一个"))
    told = (options.unit, options.item, options.month, values, options.reason)
    with opened(options) as office:
        if options.dry_run:
            moved = correcting_would(office, *told)
        done = correct_month(office, *told, dry_run=options.dry_run)
        untrue = outdated(office)
    verb = "试算，未更正" if options.dry_run else "已更正"
    print(f"{verb} {done.unit.code} {done.unit.name} {done.month} 的 {done.item.label}。")
    for posting in done.postings:
        print(f"  {posting.month} {posting.item.id} {posting.item.label}：{posting.points:+.2f} 分")
    if not done.postings:
        print("  各月得分没有变化。")
    if options.dry_run:
        print_consequences(moved)
    else:
        print_outdated(untrue)
