"""The papers of the office: self-report workbooks, result tables, templates (docs/papers.md)."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from gsjx_tui.arguments import Adder
from gsjx_tui.commands.opening import looking


def add(command: Adder) -> None:
    """Declares the commands of this module."""
    blank = command("forms", forms, "生成一个月的自评表，每个单位一份，填好后用 gsjx import 导入")
    blank.add_argument("month", metavar="MONTH", help="月份，如 2013-06")
    blank.add_argument(
        "--unit", action="append", nargs="+", metavar="CODE",
        help="只生成这些单位的，默认全部参加考核而未核定的单位",
    )  # fmt: skip
    blank.add_argument("--into", type=Path, metavar="DIR", help="放入该文件夹，默认 自评表-MONTH")

    table = command("results", results, "生成结果表：各类别名次、名次走势、图表")
    table.add_argument("--through", default="", metavar="MONTH", help="累计到该月，默认最新核定月")
    table.add_argument("--stage", default="", metavar="ID", help="只算一个阶段")
    table.add_argument("--into", type=Path, metavar="FILE", help="写到该 .xlsx 文件")

    command("check-templates", check_templates, "检查文件模板的占位符")


def forms(options: argparse.Namespace) -> None:
    """``gsjx forms``."""
    from gsjx_tui.office.forms import make_forms
    from gsjx_tui.printing import Progress

    units = [code for group in options.unit or () for code in group]
    into = options.into.absolute() if options.into else None
    with looking(options) as office:
        made = make_forms(office, options.month, units, into, Progress("生成", "份"))
    print(f"已在 {made.folder} 生成 {made.month} 的自评表 {len(made.files)} 份。")
    if made.confirmed:
        print(f"已核定的 {len(made.confirmed)} 个单位不再填报，没有生成。")


def results(options: argparse.Namespace) -> None:
    """``gsjx results``."""
    from gsjx_tui.office.result_tables import draft_results, write_tables

    into = options.into.absolute() if options.into else None
    with looking(options) as office:
        found = draft_results(office, options.through, options.stage)
        path = write_tables(office, found, into, datetime.now())
    units = sum(len(category.rows) for category in found.categories)
    print(f"已生成 {path}：{found.scope}，{len(found.categories)} 个类别，{units} 个单位。")
    print(f"{found.mark}")


def check_templates(options: argparse.Namespace) -> None:
    """``gsjx check-templates``."""
    from gsjx_tui.office.paper_templates import check_templates as checked
    from gsjx_tui.office.paper_templates import of_faults
    from gsjx_tui.printing import print_table

    found = checked(options.home)
    faults = of_faults(found)
    if faults:
        raise faults
    print_table(
        ["模板", "来自"],
        ([template.name, "本单位" if template.own else "出厂"] for template in found),
    )
    print("全部可用。")
