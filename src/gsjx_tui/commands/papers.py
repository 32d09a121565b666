"""The papers of the office: self-report workbooks, result tables, templates (docs/papers.md)."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gsjx_tui.arguments import Adder
from gsjx_tui.commands.opening import looking
from gsjx_tui.errors import Fault, StateError

if TYPE_CHECKING:
    from gsjx_tui.office.figures import Published
    from gsjx_tui.office.home import Office
    from gsjx_tui.office.paper_files import Paper


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
    table.add_argument(
        "--edition", type=int, default=0, metavar="N", help="已发布的第 N 号，照原样；默认未定稿"
    )
    table.add_argument("--through", default="", metavar="MONTH", help="累计到该月，默认最新核定月")
    table.add_argument("--stage", default="", metavar="ID", help="只算一个阶段")
    table.add_argument("--into", type=Path, metavar="FILE", help="写到该 .xlsx 文件")

    _add_paper(command)
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
    from gsjx_tui.office.papers import edition_results
    from gsjx_tui.office.publications import published_now
    from gsjx_tui.office.result_tables import draft_results, write_tables

    published: Published | None = None
    if options.edition and (options.through or options.stage):
        raise StateError(Fault("--edition", "已经定了范围", "去掉 --through 和 --stage"))
    into = options.into.absolute() if options.into else None
    with looking(options) as office:
        if options.edition:
            found = edition_results(office, options.edition)
        else:
            found = draft_results(office, options.through, options.stage)
            published = published_now(office, options.through, options.stage)
        path = write_tables(office, found, into, datetime.now())
    units = sum(len(category.rows) for category in found.categories)
    print(f"已生成 {path}：{found.scope}，{len(found.categories)} 个类别，{units} 个单位。")
    print(f"{found.mark}")
    if published is not None:
        print(_already(published, f"gsjx results --edition {published.number}"))


def _already(head: Published, command: str) -> str:
    """That the figures of a draft are published, and how the edition is printed."""
    return f"这一排名已发布（{head.cited}），正式的用 {command}"


_PAPERS = {
    "notice": "通报，编号为发布的编号；不写编号为未定稿",
    "rectification": "整改通知，编号为台账编号，下同",
    "talk": "诫勉谈话通知",
    "record": "谈话记录",
    "letter": "结果函",
    "adjustment": "组织调整建议",
    "candidates": "评先选优候选名单，编号为最终排名发布的编号",
    "decision": "申诉处理决定，编号为申诉编号",
}


def _add_paper(command: Adder) -> None:
    about = "生成文件：通报、整改通知、谈话通知与记录、结果函、调整建议、候选名单、申诉决定"
    made = command("paper", paper, about)
    what = "；".join(f"{word} {name}" for word, name in _PAPERS.items())
    made.add_argument("kind", choices=_PAPERS, metavar="KIND", help=what)
    made.add_argument("which", type=int, nargs="*", metavar="N", help="编号，可多个，一起生成")
    made.add_argument("--through", default="", metavar="MONTH", help="未定稿的通报：累计到该月")
    made.add_argument("--stage", default="", metavar="ID", help="未定稿的通报：只算一个阶段")
    made.add_argument(
        "--who", choices=("principal", "leader"), default="principal",
        help="谈话对象：principal 主要负责人（默认），leader 分管领导",
    )  # fmt: skip
    for name, field, value, label in _WORDS:
        made.add_argument(f"--{name}", dest=field, default="", metavar=value, help=label)
    made.add_argument("--pdf", action="store_true", help="同时生成 PDF（需要 LibreOffice）")
    made.add_argument("--into", type=Path, metavar="DIR", help="放入该文件夹，默认 文件")


_WORDS = (
    ("issuer", "issuer", "TEXT", "发文机关，默认 活动名称加“领导小组办公室”"),
    ("number", "number", "TEXT", "发文字号"),
    ("to", "addressees", "TEXT", "主送机关，默认本单位"),
    ("copies", "copies", "TEXT", "抄送机关"),
    ("dated", "dated", "DAY", "成文日期，如 2013-08-05"),
    ("printed", "printed", "DAY", "印发日期"),
    ("plan-by", "plan_by", "DAY", "整改通知：整改方案报送期限"),
    ("done-by", "done_by", "DAY", "整改通知：整改完成期限"),
    ("person", "person", "NAME", "谈话：对象姓名"),
    ("when", "when", "TEXT", "谈话：时间"),
    ("where", "where", "TEXT", "谈话：地点"),
    ("talker", "talker", "NAME", "谈话：谈话人"),
    ("recorder", "recorder", "NAME", "谈话记录：记录人"),
)


def paper(options: argparse.Namespace) -> None:
    """``gsjx paper``."""
    from gsjx_tui.office.paper_files import Wording, kept_words, worded, write_papers
    from gsjx_tui.office.publications import published_now

    words = Wording(**{field: getattr(options, field) for _, field, *_ in _WORDS})
    into = options.into.absolute() if options.into else None
    with looking(options) as office:
        papers = [worded(made, words) for made in _made(office, options)]
        kept = kept_words(office, papers, into) if options.pdf else ()
        paths = write_papers(office, papers, into, pdf=options.pdf)
        published = None
        if options.kind == "notice" and not options.which:
            published = published_now(office, options.through, options.stage)
    for made, path in zip(papers, paths, strict=False):
        if path in kept:
            print(f"已有 {path}（{made.mark}），没有改动，PDF 照它生成")
        else:
            print(f"已生成 {path}（{made.mark}）")
    if options.pdf:
        print("PDF 在同一文件夹，文件名相同。")
    if published is not None:
        print(_already(published, f"gsjx paper notice {published.number}"))


def _made(office: Office, options: argparse.Namespace) -> list[Paper]:
    from gsjx_tui.office import case_papers, papers

    numbers = list(dict.fromkeys(options.which))
    if options.kind == "notice" and not numbers:
        return [papers.draft_notice(office, options.through, options.stage)]
    if options.through or options.stage:
        raise StateError(Fault("--through、--stage", "只用于未定稿的通报", "去掉，或不写编号"))
    if not numbers:
        raise StateError(Fault(options.kind, "没有写编号", "写台账或申诉的编号"))
    makes: Mapping[str, Callable[[int], Paper]] = {
        "notice": lambda number: papers.ranking_notice(office, number),
        "rectification": lambda number: case_papers.rectification_notice(office, number),
        "talk": lambda number: case_papers.admonition_notice(office, number, options.who),
        "record": lambda number: case_papers.admonition_record(office, number, options.who),
        "letter": lambda number: case_papers.results_letter(office, number),
        "adjustment": lambda number: case_papers.adjustment_recommendation(office, number),
        "candidates": lambda number: papers.award_candidates(office, number),
        "decision": lambda number: papers.objection_decision(office, number),
    }
    return [makes[options.kind](number) for number in numbers]


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
