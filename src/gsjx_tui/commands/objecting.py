"""What is sent back to units, and what units object to."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from gsjx_tui.arguments import Adder, field_value
from gsjx_tui.commands.foreseen import print_outdated
from gsjx_tui.commands.opening import looking, opened
from gsjx_tui.errors import Fault, StateError

if TYPE_CHECKING:
    from gsjx_tui.office.home import Office
    from gsjx_tui.office.objections import Objection


def add(command: Adder) -> None:
    """Declares the commands of this module."""
    back = command("returns", returns, "退回未重报的；加 --unit 看该单位各版自评", "table", "json")
    back.add_argument("month", metavar="MONTH", help="月份，如 2013-06")
    back.add_argument("--unit", default="", metavar="CODE", help="单位代码")

    raised = command("objections", objections, "申诉：提出、受理、决定；不带选项即列出未办结的",
                     "table", "json")  # fmt: skip
    what = raised.add_mutually_exclusive_group()
    what.add_argument("--all", action="store_true", help="已办结的也列出")
    what.add_argument("--file", action="store_true", help="提出申诉")
    what.add_argument("--take", type=int, default=0, metavar="N", help="受理第 N 号")
    what.add_argument("--decide", type=int, default=0, metavar="N", help="决定第 N 号")
    what.add_argument("--withdraw", type=int, default=0, metavar="N", help="撤回第 N 号")
    raised.add_argument("--unit", default="", metavar="CODE", help="单位代码")
    raised.add_argument("--month", default="", metavar="MONTH", help="月份")
    raised.add_argument("--item", default="", metavar="ID", help="考核要点")
    raised.add_argument("--date", default="", metavar="DAY", help="收到申诉的日期，默认今天")
    raised.add_argument(
        "--decision", default="", choices=("upheld", "partly", "rejected"),
        help="upheld 成立，partly 部分成立，rejected 不成立",
    )  # fmt: skip
    raised.add_argument("--text", default="", metavar="TEXT", help="申诉、决定或撤回的理由")
    raised.add_argument(
        "--set", action="append", default=[], type=field_value, metavar="FIELD=VALUE",
        help="决定更正的字段，可多次",
    )  # fmt: skip


def returns(options: argparse.Namespace) -> None:
    """``gsjx returns``."""
    from gsjx_tui.office.check import local, month_of
    from gsjx_tui.office.returned import claim_versions, out_returns
    from gsjx_tui.printing import print_json, print_table

    with looking(options) as office:
        month = month_of(office.rubric, options.month)
        if options.unit:
            versions = claim_versions(office, options.unit, month)
            if options.format == "json":
                print_json([one.__dict__ for one in versions])
                return
            print_table(
                ["版次", "要点", "名称", "字段", "数值", "说明", "填报人", "时间", "有效"],
                (
                    [v.version, v.item, v.label, v.field, v.value, v.note, v.by, local(v.at),
                     v.counts]
                    for v in versions
                ),
                right="版次 数值",
            )  # fmt: skip
            return
        out = out_returns(office, month)
    if options.format == "json":
        print_json([one.__dict__ for one in out])
        return
    if not out:
        print(f"{month} 没有退回未重报的。")
        return
    print_table(
        ["代码", "单位", "要点", "理由", "期限", "已逾期", "天数", "退回人"],
        ([r.unit, r.name, r.item, r.reason, r.deadline, r.overdue, r.days, r.by] for r in out),
        right="天数",
    )


def objections(options: argparse.Namespace) -> None:
    """``gsjx objections``."""
    from gsjx_tui.office.objections import objections as listed
    from gsjx_tui.office.outdated import outdated
    from gsjx_tui.printing import print_json

    if options.file or options.take or options.decide or options.withdraw:
        with opened(options) as office:
            print(_told(_done(office, options)))
            if options.decide:
                print_outdated(outdated(office))
        return
    with looking(options) as office:
        found = listed(office, options.unit, options.month, only_open=not options.all)
    if options.format == "json":
        print_json([_data(one) for one in found])
    elif not found:
        print("没有申诉。" if options.all else "没有未办结的申诉。")
    else:
        _print(found)


def _done(office: Office, options: argparse.Namespace) -> Objection:
    from gsjx_tui.office.objecting import (
        decide_objection,
        file_objection,
        take_objection,
        withdraw_objection,
    )

    values = dict(options.set)
    if len(values) < len(options.set):
        raise StateError(Fault("--set", "同一字段写了两次", "只留一个"))
    if options.file:
        return file_objection(
            office, options.unit, options.month, options.item, options.text, options.date
        )
    if options.take:
        return take_objection(office, options.take)
    if options.decide:
        if not options.decision:
            raise StateError(Fault("--decision", "没有写决定", "可用：upheld、partly、rejected"))
        return decide_objection(office, options.decide, options.decision, options.text, values)
    return withdraw_objection(office, options.unit, options.withdraw, options.text)


def _told(found: Objection) -> str:
    from gsjx_tui.office.objections import DECISION_NAMES, STATUS_NAMES

    about = f"{found.unit} {found.name} {found.month} {found.label}"
    ended = found.closed
    status = STATUS_NAMES[found.status]
    if ended is not None and ended.decision:
        status = f"{status}：{DECISION_NAMES[ended.decision]}"
        status += "，已更正" if ended.correction else "，得分不变"
    return f"申诉第 {found.number} 号（{about}）{status}；应于 {found.due} 前答复。"


def _print(found: tuple[Objection, ...]) -> None:
    from gsjx_tui.office.objections import DECISION_NAMES, STATUS_NAMES
    from gsjx_tui.printing import print_table

    print_table(
        [
            "编号",
            "代码",
            "单位",
            "月份",
            "要点",
            "理由",
            "状态",
            "办理人",
            "天数",
            "期限",
            "已逾期",
        ],
        (
            [
                one.number,
                one.unit,
                one.name,
                one.month,
                one.label,
                one.grounds,
                DECISION_NAMES[one.closed.decision]
                if one.closed and one.closed.decision
                else STATUS_NAMES[one.status],
                one.handler,
                one.days,
                one.due,
                one.overdue,
            ]
            for one in found
        ),
        right="编号 天数",
    )


def _data(one: Objection) -> dict[str, object]:
    ended = one.closed
    return {
        "objection": one.number,
        "unit": one.unit,
        "month": str(one.month),
        "item": one.item,
        "grounds": one.grounds,
        "filed_on": one.filed_on,
        "status": one.status,
        "handler": one.handler,
        "days": one.days,
        "due": one.due,
        "overdue": one.overdue,
        "decision": ended.decision if ended else "",
        "text": ended.text if ended else "",
        "correction": ended.correction if ended else 0,
    }
