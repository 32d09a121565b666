"""What the office looks at: ranking, card, outcomes, proof (SPEC 8)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gsjx_tui.arguments import Adder
from gsjx_tui.commands.opening import every, looking, opened
from gsjx_tui.commands.publishing import stamp, stamped

if TYPE_CHECKING:
    from gsjx_tui.office.rank import Rank
    from gsjx_tui.office.verify import Proof


def add(command: Adder) -> None:
    """Declares the commands of this module."""
    order = command("rank", rank, "各类别排名", "table", "json", "csv")
    order.add_argument("--through", default="", metavar="MONTH", help="累计到该月，默认最新核定月")
    scope = order.add_mutually_exclusive_group()
    scope.add_argument("--stage", default="", metavar="ID", help="只算一个阶段")
    scope.add_argument("--month", default="", metavar="MONTH", help="只算一个月")
    order.add_argument("--category", default="", metavar="ID", help="只列一个类别")
    order.add_argument(
        "--as-of", default="", metavar="INSTANT", help="按当时所知，如 2013-08-05T09:30"
    )

    unit = command("card", card, "一个单位的得分明细", "table", "json")
    unit.add_argument("unit", metavar="UNIT", help="单位代码")
    unit.add_argument("--through", default="", metavar="MONTH", help="截至该月，默认最新核定月")

    close = command("outcomes", outcomes, "结算阶段或活动的结果应用", "table", "json")
    close.add_argument("--stage", default="", metavar="ID", help="结算一个阶段；默认整个活动")

    prove = command("verify", verify, "证明账本：重算全部得分，核对记账与链")
    prove.set_defaults(every=True)  # campaigns, unless one is named
    prove.add_argument(
        "--anchor", nargs="?", const="", metavar="CODE",
        help="印出存证码，抄在纸上；以后带上它，核对账本仍含当时的全部内容",
    )  # fmt: skip


def rank(options: argparse.Namespace) -> None:
    """``gsjx rank``."""
    from gsjx_tui.office.publications import published_now
    from gsjx_tui.office.rank import campaign as campaign_of
    from gsjx_tui.office.rank import rank as ranking
    from gsjx_tui.office.rank import scope_of
    from gsjx_tui.printing import print_csv, print_json, records

    with looking(options) as office:
        campaign = campaign_of(office)
        rows = ranking(
            office,
            through=options.through,
            stage=options.stage,
            month=options.month,
            category=options.category,
            as_of=options.as_of,
        )
        scope = scope_of(campaign, options.through, options.stage, options.month)
        if options.format != "json" and not (options.as_of or options.month):
            published = published_now(office, str(scope.through), options.stage)
        else:
            published = None
    if options.format == "table":
        months = f"{scope.first} 至 {scope.through}" if not options.month else options.month
        for category in campaign.categories:
            members = [row for row in rows if row.category == category.id]
            if members:
                print(f"{category.name}（{months}，{len(members)} 个单位）")
                _rank_table(members)
                print()
        print(stamped(published))
    elif options.format == "json":
        print_json(records(_RANK_COLUMNS, _rank_cells(rows)))
    else:
        print_csv(_RANK_COLUMNS, _rank_cells(rows))
        print(end="", flush=True)  # a reader that has left hears nothing more
        print(stamped(published), file=sys.stderr)


_RANK_COLUMNS = (
    "category",
    "rank",
    "unit",
    "name",
    "points",
    "previous_rank",
    "previous_points",
    "moved",
    "confirmed_through",
)


def _rank_cells(rows: Sequence[Rank]) -> list[list[object]]:
    from gsjx_tui.printing import points

    return [
        [
            row.category,
            row.rank,
            row.unit,
            row.name,
            points(row.points),
            row.previous_rank,
            points(row.previous_points),
            row.moved,
            row.confirmed_through,
        ]
        for row in rows
    ]


def _rank_table(rows: Sequence[Rank]) -> None:
    from gsjx_tui.office.rank import moved_text
    from gsjx_tui.printing import print_table

    print_table(
        ["名次", "代码", "单位", "得分", "上月名次", "上月得分", "升降", "距前一名", "已核定"],
        (
            [
                row.rank,
                row.unit,
                row.name,
                row.points,
                row.previous_rank,
                row.previous_points,
                moved_text(row.moved),
                row.gap,
                row.confirmed_through,
            ]
            for row in rows
        ),
        right="名次 得分 上月名次 上月得分 升降 距前一名",
    )


def card(options: argparse.Namespace) -> None:
    """``gsjx card``."""
    from gsjx_tui.office.card import card as card_of
    from gsjx_tui.printing import points, print_json, print_table

    with looking(options) as office:
        found = card_of(office, options.unit, options.through)
    if options.format == "json":
        print_json(
            {
                "unit": found.unit,
                "name": found.name,
                "category": found.category,
                "through": str(found.through),
                "points": points(found.points),
                "edition": found.edition.code if found.edition else None,
                "stages": [
                    {"id": stage.id, "name": stage.name, "points": points(stage.points)}
                    for stage in found.stages
                ],
                "indicators": [
                    {"id": ind.id, "name": ind.name, "points": points(ind.points)}
                    for stage in found.stages
                    for ind in stage.indicators
                ],
                "items": [
                    {"item": item.id, "points": points(item.points)}
                    for stage in found.stages
                    for ind in stage.indicators
                    for item in ind.items
                ],
            }
        )
        return
    print(
        f"{found.unit} {found.name}（{found.category_name}）至 {found.through}：{found.points} 分"
    )
    rows: list[Sequence[object]] = []
    for stage in found.stages:
        if stage.begun:
            rows.append([stage.name, "", "", "", stage.points])
            for ind in stage.indicators:
                rows.append(["", ind.name, "", ind.nominal, ind.points])
                rows += [["", "", item.label, item.nominal, item.points] for item in ind.items]
    print_table(["阶段", "考核指标", "考核要点", "分值", "得分"], rows, right="分值 得分")
    print(stamped(found.edition))


def outcomes(options: argparse.Namespace) -> None:
    """``gsjx outcomes``."""
    from gsjx_tui.office.outcomes import outcomes as closing
    from gsjx_tui.office.rank import campaign as campaign_of
    from gsjx_tui.printing import print_json, print_table, records
    from gsjx_tui.rubric.outcome import KIND_NAMES

    with opened(options) as office:
        found = closing(office, options.stage)
        last = str(campaign_of(office).stage(options.stage)[3]) if options.stage else ""
        mark = stamp(office, last or str(campaign_of(office).last), options.stage)
        categories = {c.id: c.name for c in office.rubric.campaign.categories}
    if options.format == "json":
        columns = ("category", "unit", "kind", "tied")
        print_json(records(columns, ([o.category, o.unit, o.kind, o.tied] for o in found.outcomes)))
        return
    by_unit = {standing.unit: standing for standing in found.standings}
    print(found.title)
    print_table(
        ["类别", "代码", "单位", "名次", "得分", "结果", "并列", "上级主管单位"],
        (
            [
                categories[o.category],
                o.unit,
                by_unit[o.unit].name,
                by_unit[o.unit].rank,
                by_unit[o.unit].points,
                KIND_NAMES.get(o.kind, o.kind),
                "并列，由领导小组决定" if o.tied else "",
                by_unit[o.unit].superior,
            ]
            for o in found.outcomes
        ),
        right="名次 得分",
    )
    print(mark)


def verify(options: argparse.Namespace) -> None:
    """``gsjx verify``."""
    from gsjx_tui.office import anchor
    from gsjx_tui.office.verify import verify as prove

    if options.anchor:
        anchor.read_code(options.anchor)
    several = every(options) if not options.anchor else [options.home]
    for home in several:
        options.home = home
        with looking(options) as office:
            if len(several) > 1:
                print(f"{office.rubric.campaign.id} {office.rubric.campaign.name}：")
            proof = prove(office, anchor=options.anchor or "")
        if options.anchor == "" and proof.anchored is None and len(several) == 1:
            raise anchor.nothing_to_anchor()
        _print_proof(proof, options)


def _print_proof(proof: Proof, options: argparse.Namespace) -> None:
    from gsjx_tui.office.check import local_second
    from gsjx_tui.office.verify import CHAIN_NAMES

    print(
        f"账本无误：已核定 {proof.months} 个单位月，逐项重算 {proof.figures} 个数，全部与记账相符。"
    )
    for table, head in proof.heads.items():
        print(
            f"  {CHAIN_NAMES.get(table, table)}链 {head.seq} 条，链尾 {head.hash[:16] or '（空）'}"
        )
    if proof.held:
        then = proof.held.anchored
        print(
            f"存证码相符：账本仍含 {local_second(then.instant)} 为止的全部 {then.rows} 条内容，"
            f"此后增加 {proof.held.since} 条。"
        )
    if proof.anchored and options.anchor == "":
        print(f"存证码 {proof.anchored.code}")
        print(
            f"  截至 {local_second(proof.anchored.instant)}，共 {proof.anchored.rows} 条。"
            "请抄在或印在纸上保存；以后用 gsjx verify --anchor 加上它核对。"
        )
