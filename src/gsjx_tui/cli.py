"""The commands of SPEC 8: each reads its arguments, calls ``office``, prints. No rules here.

Textual and the rubric are imported by the commands that need them, so that the others start fast.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gsjx_tui.arguments import Command, build
from gsjx_tui.errors import Fault, GsjxError, ObservationError, reason_of

if TYPE_CHECKING:
    from gsjx_tui.office.home import Office
    from gsjx_tui.office.rank import Rank


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command. 0 on success, 1 for a fault of input or state, 2 for wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    parser = build(COMMANDS)
    words = sys.argv[1:] if arguments is None else arguments
    options = parser.parse_args(words)
    for word in (*words, str(options.home)):
        if not word.isascii() and not _is_text(word):
            parser.error(f"“{word}”不是 UTF-8 编码，请把终端设为 UTF-8")
    try:
        run: Command = options.run
        run(options)
        print(end="", flush=True)
    except GsjxError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        # What is still to be printed has nowhere to go, and must not fail once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            print(Fault("", f"结果写不出：{reason_of(error)}", _PERHAPS_DONE), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(Fault("", "已中断", _PERHAPS_DONE), file=sys.stderr)
        return 1
    return 0


def _is_text(word: str) -> bool:
    """Whether a word can be kept and shown; a file may be called whatever it likes."""
    try:
        word.encode()
    except UnicodeEncodeError:
        with contextlib.suppress(OSError):
            return Path(word).is_file()
        return False
    return True


_PERHAPS_DONE = "若是写入的命令，先用 gsjx verify 查看是否已经写入，再决定是否重做"


# the commands ----------------------------------------------------------------------------------


def app(options: argparse.Namespace) -> None:
    """``gsjx``: the terminal application."""
    from gsjx_tui.tui import run

    run(options.home, options.plugins_dir)


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


def import_(options: argparse.Namespace) -> None:
    """``gsjx import``."""
    from gsjx_tui.office.check import KIND_NAMES
    from gsjx_tui.office.record import import_file

    with _office(options) as office:
        done = import_file(office, options.file, options.kind, dry_run=options.dry_run)
    verb = "检查通过，未导入" if options.dry_run else "已导入"
    months = "、".join(map(str, done.months))
    print(
        f"{verb} {done.observations} 条{KIND_NAMES[options.kind]}：{done.units} 个单位，{months}。"
    )


def confirm(options: argparse.Namespace) -> None:
    """``gsjx confirm``."""
    from gsjx_tui.office.check import month_of
    from gsjx_tui.office.confirm import confirm as confirm_month
    from gsjx_tui.printing import print_table

    with _office(options) as office:
        month = month_of(office.rubric, options.month)
        units = [code for group in options.unit or () for code in group]
        done = confirm_month(office, month, units, dry_run=options.dry_run)
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
    verb = "试算，未核定" if options.dry_run else "已核定"
    print(
        f"{verb} {month}（{done.stage.name}）：{len(done.units)} 个单位，"
        f"记账 {done.postings} 条，合计 {done.points} 分。"
    )


def correct(options: argparse.Namespace) -> None:
    """``gsjx correct``."""
    from gsjx_tui.office.correct import correct as correct_month

    values = dict(options.set)
    if len(values) < len(options.set):
        raise ObservationError(Fault("--set", "同一字段写了两次", "只留一个"))
    with _office(options) as office:
        done = correct_month(
            office, options.unit, options.item, options.month, values, options.reason
        )
    print(f"已更正 {done.unit.code} {done.unit.name} {done.month} 的 {done.item.label}。")
    for posting in done.postings:
        print(f"  {posting.month} {posting.item.id} {posting.item.label}：{posting.points:+.2f} 分")
    if not done.postings:
        print("  各月得分没有变化。")


def rank(options: argparse.Namespace) -> None:
    """``gsjx rank``."""
    from gsjx_tui.office.home import reading
    from gsjx_tui.office.rank import campaign_facts, scope_of
    from gsjx_tui.office.rank import rank as ranking

    with reading(options.home, options.plugins_dir) as ledger:
        campaign = campaign_facts(ledger)
        rows = ranking(
            ledger,
            through=options.through,
            stage=options.stage,
            month=options.month,
            category=options.category,
            as_of=options.as_of,
            campaign=campaign,
        )
    scope = scope_of(campaign, options.through, options.stage, options.month)
    if options.format == "table":
        months = f"{scope.first} 至 {scope.through}" if not options.month else options.month
        for category in campaign.categories:
            members = [row for row in rows if row.category == category.id]
            if members:
                print(f"{category.name}（{months}，{len(members)} 个单位）")
                _rank_table(members)
                print()
    else:
        _rank_data(rows, options.format)


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


def _rank_data(rows: Sequence[Rank], format: str) -> None:
    from gsjx_tui.printing import points, print_csv, print_json, records

    cells = [
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
    if format == "json":
        print_json(records(_RANK_COLUMNS, cells))
    else:
        print_csv(_RANK_COLUMNS, cells)


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
    from gsjx_tui.office.home import reading
    from gsjx_tui.printing import points, print_json, print_table

    with reading(options.home, options.plugins_dir) as ledger:
        found = card_of(ledger, options.unit, options.through)
    if options.format == "json":
        print_json(
            {
                "unit": found.unit,
                "name": found.name,
                "category": found.category,
                "through": str(found.through),
                "points": points(found.points),
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


def outcomes(options: argparse.Namespace) -> None:
    """``gsjx outcomes``."""
    from gsjx_tui.office.outcomes import outcomes as closing
    from gsjx_tui.printing import print_json, print_table, records
    from gsjx_tui.rubric.outcome import KIND_NAMES

    with _office(options) as office:
        found = closing(office, options.stage)
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


def sql(options: argparse.Namespace) -> None:
    """``gsjx sql``."""
    from gsjx_tui.office.query import ask
    from gsjx_tui.printing import print_csv, print_json, print_table, records

    before = signal.signal(signal.SIGINT, signal.SIG_DFL)  # a running query hears no Ctrl+C else
    try:
        answer = ask(options.home, options.query, options.plugins_dir)
    finally:
        signal.signal(signal.SIGINT, before)
    if options.format == "json":
        print_json(records(answer.columns, answer.rows))
    elif options.format == "csv":
        print_csv(answer.columns, answer.rows)
    else:
        print_table(answer.columns, answer.rows)
        print(f"（{len(answer.rows)} 行）")


def verify(options: argparse.Namespace) -> None:
    """``gsjx verify``."""
    from gsjx_tui.office.verify import CHAIN_NAMES
    from gsjx_tui.office.verify import verify as prove

    with _office(options) as office:
        proof = prove(office)
    print(
        f"账本无误：已核定 {proof.months} 个单位月，逐项重算 {proof.figures} 个数，全部与记账相符。"
    )
    for table, head in proof.heads.items():
        print(f"  {CHAIN_NAMES[table]}链 {head.seq} 条，链尾 {head.hash[:16] or '（空）'}")


def _office(options: argparse.Namespace) -> Office:
    from gsjx_tui.office.home import open_office

    return open_office(options.home, options.plugins_dir)


COMMANDS: Mapping[str, Command] = {
    "app": app,
    "init": init,
    "rubric": rubric,
    "import": import_,
    "confirm": confirm,
    "correct": correct,
    "rank": rank,
    "card": card,
    "outcomes": outcomes,
    "sql": sql,
    "verify": verify,
}


if __name__ == "__main__":
    sys.exit(main())
