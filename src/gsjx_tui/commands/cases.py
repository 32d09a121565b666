"""Consequences as cases: what is open, what was done, the next step recorded."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gsjx_tui.arguments import Adder
from gsjx_tui.commands.opening import looking, opened
from gsjx_tui.errors import Fault, StateError

if TYPE_CHECKING:
    from gsjx_tui.office.cases import Case


def add(command: Adder) -> None:
    """Declares the commands of this module."""
    file = command("cases", cases, "整改台账：末位、谈话、整改、结案", "table", "json")
    file.add_argument("--all", action="store_true", help="已办结的也列出")
    file.add_argument("--case", type=int, default=0, metavar="N", help="看第 N 号，或记它的一步")
    file.add_argument(
        "--step", default="", metavar="WHAT",
        help="notice、talk、measures、deadline、proof、decided、recommended、letter、closed、"
        "rescinded",
    )  # fmt: skip
    file.add_argument(
        "--subject", default="", metavar="WHO",
        help="talk：principal 主要负责人、leader 分管领导；decided：named 列入、spared 不列入",
    )  # fmt: skip
    file.add_argument("--date", default="", metavar="DAY", help="哪一天，默认今天")
    file.add_argument("--person", default="", metavar="NAME", help="谈话对象，或作决定的会议与人")
    file.add_argument("--text", default="", metavar="TEXT", help="记录、文号或佐证")
    file.add_argument("--deadline", default="", metavar="DAY", help="整改期限")


def cases(options: argparse.Namespace) -> None:
    """``gsjx cases``."""
    from gsjx_tui.office.case_step import StepDraft, take_step
    from gsjx_tui.office.cases import case
    from gsjx_tui.office.cases import cases as listed
    from gsjx_tui.printing import print_json

    if options.step:
        if not options.case:
            raise StateError(Fault("--step", "没有写是哪一号台账", "用 --case 写编号"))
        step = StepDraft(
            options.step, options.subject, options.date, options.person, options.text,
            options.deadline,
        )  # fmt: skip
        with opened(options) as office:
            _print_one(take_step(office, options.case, step))
        return
    if options.case:
        with looking(options) as office:
            one = case(office, options.case)
        print_json(_data(one)) if options.format == "json" else _print_one(one)
        return
    with looking(options) as office:
        found = listed(office, only_open=not options.all)
    if options.format == "json":
        print_json([_data(each) for each in found])
    elif not found:
        print("台账是空的。" if options.all else "没有未办结的台账。")
    else:
        _print(found)


def _print(found: Sequence[Case]) -> None:
    from gsjx_tui.office.cases import STATUS_NAMES
    from gsjx_tui.printing import print_table
    from gsjx_tui.rubric.outcome import KIND_NAMES

    print_table(
        ["编号", "代码", "单位", "结果", "阶段", "状态", "期限", "已逾期", "还缺"],
        (
            [
                one.number,
                one.unit,
                one.name,
                KIND_NAMES.get(one.kind, one.kind),
                one.stage or "全程",
                STATUS_NAMES[one.status],
                one.deadline,
                one.overdue,
                "、".join(one.owed),
            ]
            for one in found
        ),
        right="编号",
    )


def _print_one(one: Case) -> None:
    from gsjx_tui.office.cases import STATUS_NAMES
    from gsjx_tui.printing import print_table
    from gsjx_tui.rubric.outcome import KIND_NAMES

    kind = KIND_NAMES.get(one.kind, one.kind)
    print(f"台账第 {one.number} 号：{one.unit} {one.name}，{kind}，{STATUS_NAMES[one.status]}")
    if one.deadline:
        print(f"期限 {one.deadline}{'，已逾期' if one.overdue else ''}")
    if one.owed:
        print(f"还缺：{'、'.join(one.owed)}")
    if one.steps:
        print_table(
            ["日期", "步骤", "人", "内容", "期限", "经办"],
            ([s.happened_on, s.name, s.person, s.text, s.deadline, s.by] for s in one.steps),
        )


def _data(one: Case) -> dict[str, object]:
    return {
        "case": one.number,
        "unit": one.unit,
        "category": one.category,
        "kind": one.kind,
        "stage": one.stage,
        "publication": one.publication,
        "status": one.status,
        "shared_by": one.shared_by,
        "deadline": one.deadline,
        "overdue": one.overdue,
        "missing": list(one.missing),
        "steps": [step.__dict__ for step in one.steps],
    }
