"""Publishing rankings, and checking a printed paper against the ledger."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gsjx_tui.arguments import Adder
from gsjx_tui.commands.opening import looking, opened

UNPUBLISHED = "未定稿：这一排名还没有发布，或发布之后有更正。"

if TYPE_CHECKING:
    from gsjx_tui.office.cases import Case
    from gsjx_tui.office.figures import Erratum, Published, PublishedRow, ScopeKind
    from gsjx_tui.office.home import Office
    from gsjx_tui.office.outdated import Listed
    from gsjx_tui.office.paper_check import FoundPaper
    from gsjx_tui.office.publications import Publication
    from gsjx_tui.office.publish import Draft


def add(command: Adder) -> None:
    """Declares the commands of this module."""
    out = command("publish", publish, "发布排名：核查通过后成为永不改动的一版", "table", "json")
    what = out.add_mutually_exclusive_group(required=True)
    what.add_argument("--month", default="", metavar="MONTH", help="发布累计到该月的排名")
    what.add_argument("--stage", default="", metavar="ID", help="发布一个阶段的排名")
    what.add_argument("--final", action="store_true", help="发布最终排名")
    what.add_argument("--list", action="store_true", help="列出已发布的各版")
    what.add_argument("--show", type=int, default=0, metavar="N", help="照原样再印第 N 号")
    out.add_argument("--note", default="", metavar="TEXT", help="发布说明，如更正的缘由")
    out.add_argument("--dry-run", action="store_true", help="只核查并列出未了的事，不发布")
    out.add_argument(
        "--all", action="store_true", help="未了的事逐件列出；默认分类计数，各列前几件"
    )

    about = "查文件的校验码：是哪一版，数字是否仍与账本相符"
    proof = command("check-paper", check_paper, about, "table", "json")
    proof.add_argument("code", metavar="CODE", help="文件上的校验码")


def publish(options: argparse.Namespace) -> None:
    """``gsjx publish``."""
    from gsjx_tui.office.cases import cases_of
    from gsjx_tui.office.outdated import listed
    from gsjx_tui.office.publications import publication
    from gsjx_tui.office.publish import draft
    from gsjx_tui.office.publish import publish as publish_ranking
    from gsjx_tui.printing import print_json

    if options.list or options.show:
        followed: Sequence[Case] = ()
        with looking(options) as office:
            if options.list:
                _print_list(listed(office), options.format)
                return
            found = publication(office, options.show)
    else:
        scope: ScopeKind
        scope = "month" if options.month else "stage" if options.stage else "campaign"
        which = options.month or options.stage
        with opened(options) as office:
            if options.dry_run:
                _print_draft(draft(office, scope, which), each=options.all)
                return
            if options.all:
                _check_ready(draft(office, scope, which))
            found = publish_ranking(office, scope, which, options.note)
            followed = cases_of(office, found.head)
    if options.format == "json":
        print_json(_data(found))
    else:
        _print(found)
        _print_cases(followed, found.head)


def check_paper(options: argparse.Namespace) -> None:
    """``gsjx check-paper``."""
    from gsjx_tui.office.check import local
    from gsjx_tui.office.paper_check import find_paper
    from gsjx_tui.office.publications import check_paper as checked
    from gsjx_tui.printing import print_json

    with looking(options) as office:
        paper = find_paper(office, options.code)
        if paper is not None:
            _print_paper(paper, options.format)
            return
        found = checked(office, options.code)
    head = found.head
    if options.format == "json":
        print_json(
            {
                "publication": head.number,
                "title": head.title,
                "edition": head.edition,
                "published_at": head.at,
                "whole": found.whole,
                "current": found.current,
                "newer": found.newer or None,
                "changed": [one.__dict__ for one in found.changed],
            }
        )
        return
    print(
        f"{head.code}：{head.called}，{head.by} 于 {local(head.at)} 发布（第 {head.number} 号）。"
    )
    if not found.whole:
        print("账本中这一版的内容与它的摘要不符：停止使用，从备份恢复。")
    if found.current:
        print("其中的数字仍与账本相符。")
    else:
        print(f"账本已有更正，{len(found.changed)} 个单位的数字与这一版不同：")
        _print_errata(found.changed, "本版", "现在")
    print(f"纸面上的数字与 gsjx publish --show {head.number} 逐项核对。")
    if found.newer:
        print(f"已有新版，见第 {found.newer} 号。")


def _print_paper(found: FoundPaper, format: str) -> None:
    from gsjx_tui.printing import print_json

    if format == "json":
        print_json(
            {
                "paper": found.kind,
                "about": found.about,
                "edition": found.edition or None,
                "newer": found.newer,
                "figures": [list(line) for line in found.lines],
            }
        )
        return
    edition = f"第 {found.edition} 版" if found.edition else "未定稿，数字与账本现在的相符"
    print(f"{found.code}：{found.kind}（{found.about}），{edition}。")
    print("账本中这份文件的数字如下，请与文件逐项核对：")
    for line in found.lines:
        print("  " + "  ".join(cell for cell in line if cell))
    if found.newer:
        print("所依据的排名已有新版。")


def stamp(office: Office, through: str, stage: str) -> str:
    """The line under a ranking: its edition and code, or that it isn't published."""
    from gsjx_tui.office.publications import published_now

    return stamped(published_now(office, through, stage))


def stamped(found: Published | None) -> str:
    """The line under figures: the edition they are of with its code, or 未定稿."""
    return found.stamp if found else UNPUBLISHED


def _print_list(found: Sequence[Listed], format: str) -> None:
    from gsjx_tui.office.check import local
    from gsjx_tui.office.outdated import STATUS_NAMES
    from gsjx_tui.printing import print_json, print_table, records

    if format == "json":
        columns = (
            *("publication", "scope", "month", "stage", "edition", "code", "published_at"),
            "status",
        )
        rows = [
            [p.number, p.scope, str(p.month), p.stage, p.edition, p.code, p.at, one.status]
            for one in found
            for p in (one.head,)
        ]
        print_json(records(columns, rows))
    elif not found:
        print("还没有发布过。")
    else:
        print_table(
            ["编号", "排名", "版次", "现状", "校验码", "说明", "发布人", "时间"],
            (
                [
                    p.number,
                    p.title,
                    p.edition,
                    STATUS_NAMES[one.status],
                    p.code,
                    p.note,
                    p.by,
                    local(p.at),
                ]
                for one in found
                for p in (one.head,)
            ),
            right="编号 版次",
        )


def _check_ready(found: Draft) -> None:
    """Raises StateError with each thing that stands in the way."""
    from gsjx_tui.errors import StateError

    if found.blocked:
        raise StateError.of(found.left, heading=found.refusal)


def _print_draft(found: Draft, *, each: bool) -> None:
    print(f"{found.title}第 {found.edition} 版（未定稿）")
    _print_rows(found.rows)
    if found.errata:
        print("对上一版的更正：")
        _print_errata(found.errata, "原", "现")
    if found.blocked:
        print(f"还不能发布，有 {len(found.left)} 件事未了：")
        for fault in found.left if each else (one.told for one in found.blocked):
            print(f"  {fault}")
    else:
        print("可以发布。")


def _print(found: Publication) -> None:
    from gsjx_tui.office.check import local

    head = found.head
    print(f"{head.called}（第 {head.number} 号），校验码 {head.code}")
    print(f"{head.by} 于 {local(head.at)} 发布{'：' + head.note if head.note else ''}")
    _print_rows(found.rows)
    if head.edition > 1:
        print(f"更正第 {head.edition - 1} 版：")
        _print_errata(found.errata, "原", "现")


def _print_cases(found: Sequence[Case], head: Published) -> None:
    """What publishing has given rise to: cases opened, and those whose unit it has lifted."""
    from gsjx_tui.rubric.outcome import KIND_NAMES

    for one in found:
        about = (
            f"台账第 {one.number} 号 {one.unit} {one.name}（{KIND_NAMES.get(one.kind, one.kind)}）"
        )
        if one.status == "lifted":
            print(f"待撤销：{about}已不在其列，gsjx cases --case {one.number} --step rescinded")
        elif one.publication == head.number:
            print(f"已立：{about}")


def _print_rows(rows: Sequence[PublishedRow]) -> None:
    from gsjx_tui.office.rank import moved_text
    from gsjx_tui.printing import print_table

    for category in dict.fromkeys(row.category for row in rows):
        members = [row for row in rows if row.category == category]
        print(f"{members[0].category_name}（{len(members)} 个单位）")
        print_table(
            ["名次", "代码", "单位", "得分", "上月名次", "升降"],
            (
                [r.rank, r.unit, r.name, r.points, r.previous_rank, moved_text(r.moved)]
                for r in members
            ),
            right="名次 得分 上月名次 升降",
        )


def _print_errata(errata: Sequence[Erratum], before: str, after: str) -> None:
    from gsjx_tui.printing import print_table

    names = [f"{when}{what}" for what in ("名次", "得分") for when in (before, after)]
    print_table(
        ["代码", "单位", *names],
        (
            [e.unit, e.name, e.rank_before, e.rank_after, e.points_before, e.points_after]
            for e in errata
        ),
        right=" ".join(names),
    )


def _data(found: Publication) -> dict[str, object]:
    head = found.head
    return {
        "publication": head.number,
        "scope": head.scope,
        "month": str(head.month),
        "stage": head.stage,
        "edition": head.edition,
        "title": head.title,
        "note": head.note,
        "code": head.code,
        "sha256": head.sha256,
        "published_by": head.by,
        "published_at": head.at,
        "rows": [row.__dict__ for row in found.rows],
        "errata": [one.__dict__ for one in found.errata],
    }
