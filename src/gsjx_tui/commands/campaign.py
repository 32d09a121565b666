"""The campaign: its home made, its rubric shown (SPEC 8)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from gsjx_tui.arguments import Adder
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office.names import CAMPAIGN, PLUGINS, UNITS

if TYPE_CHECKING:
    from gsjx_tui.office.campaign_add import Added

_T = TypeVar("_T")


def add(command: Adder) -> None:
    """Declares the commands of this module."""
    new = command("init", init, "建立活动文件夹与账本；已有的账本不会改动", whole=True)
    new.add_argument("--campaign", type=Path, metavar="FILE", help="活动文件 campaign.toml")
    new.add_argument("--units", type=Path, metavar="FILE", help="名册 units.csv")

    about = "活动：列出、新建、加入、照抄到下一年、结束、重新开放"
    campaigns = command("campaign", campaign_help, about)
    starting = Adder(campaigns.add_subparsers(title="活动", metavar="操作", required=True))
    starting("list", list_campaigns, "列出账本里的活动", "table", "json", whole=True)
    starting(
        "new", new_campaign, "逐项询问，写出活动文件 campaign.toml；已有账本的，为它另写一个活动",
        whole=True,
    )  # fmt: skip
    adding = starting("add", add_campaign, "把写好文件的活动加入账本（管理员）", whole=True)
    adding.add_argument("id", metavar="ID", help="活动编号，文件在 campaigns/ID")
    adding.add_argument("--staff-from", default="", metavar="ID", help="照抄该活动的人员名单")
    cloning = starting("clone", clone, "照一个活动另建一个，月份后移（管理员）", whole=True)
    cloning.add_argument("source", metavar="FROM", help="照哪个活动")
    cloning.add_argument("id", metavar="NEW", help="新活动的编号：小写字母、数字、-")
    cloning.add_argument("--name", required=True, metavar="NAME", help="新活动的名称")
    cloning.add_argument(
        "--months-later", type=int, default=12, metavar="N", help="月份后移几个月，默认 12"
    )
    closing = starting("close", close, "结束活动：核定、申诉、最终排名都了结后上锁，以后只能查看")
    closing.add_argument("--dry-run", action="store_true", help="只列出未了的事，不结束")
    reopening = starting("reopen", reopen, "重新开放已结束的活动（管理员）")
    reopening.add_argument("--reason", required=True, metavar="TEXT", help="理由，会一直保存")

    listing = command("rubric", rubric, "列出阶段、指标、要点与设定", "table", "json")
    listing.add_argument("--stage", default="", metavar="ID", help="只列一个阶段")
    listing.add_argument(
        "--accept", action="store_true", help="启用改过的评分表（管理员），已核定的月份随之更正"
    )
    listing.add_argument("--reason", default="", metavar="TEXT", help="改动的理由，会一直保存")
    listing.add_argument(
        "--dry-run", action="store_true", help="与 --accept 同用：只看影响，不写入"
    )
    listing.add_argument("--in-force", action="store_true", help="列出历次现行的评分表")


def init(options: argparse.Namespace) -> None:
    """``gsjx init``."""
    from gsjx_tui.office import home

    with home.init(options.home, options.campaign, options.units, options.plugins_dir) as office:
        campaign = office.rubric.campaign
        print(
            f"已建立 {office.ledger.path}：{campaign.name}，{len(office.units)} 个单位，"
            f"{len(office.rubric.stages)} 个阶段，{len(office.rubric.items)} 个考核要点。"
        )


def campaign_help(options: argparse.Namespace) -> None:
    """``gsjx campaign`` alone is wrong usage: the parser says so."""


def new_campaign(options: argparse.Namespace) -> None:
    """``gsjx campaign new``."""
    from gsjx_tui.office.campaign_new import Asked, write

    asked = Asked(options.home, options.plugins_dir)
    try:
        _ask("活动名称：", asked.name)
        _ask("活动编号（小写字母、数字、-）：", asked.id)
        _ask("第一个月（如 2026-01）：", asked.first)
        print("类别，每行一个，写“编号 名称”，空行结束：")
        while _ask("  类别：", asked.category):
            pass
        print(f"阶段，按先后每行一个，写“编号 名称 月数”，空行结束。{asked.known}")
        while _ask("  阶段：", asked.stage):
            pass
    except EOFError:
        raise StateError(
            Fault("", "没有答完，没有写入任何内容", "重新运行 gsjx campaign new")
        ) from None
    made = write(asked)
    print(f"已写出 {made.file}：{made.points} 分，{made.months} 个月，{made.stages} 个阶段。")
    for place in made.plugins:
        print(f"新建的阶段插件：{place}，改好 stage.toml 后用 gsjx plugin check 检查")
    then = f"gsjx init --home {options.home}"
    if asked.into_ledger:
        then = f"gsjx campaign add {asked.campaign} --home {options.home}"
    print(f"接着写名册 {made.roster}（code,name,category），再运行 {then}")


def list_campaigns(options: argparse.Namespace) -> None:
    """``gsjx campaign list``."""
    from gsjx_tui.office.check import local
    from gsjx_tui.printing import print_json, print_table
    from gsjx_tui.seats.opening import listed

    found = listed(options.home)
    if options.format == "json":
        print_json(
            [
                {
                    "campaign": one.id,
                    "name": one.name,
                    "first_month": one.first,
                    "last_month": one.last,
                    "confirmed_through": one.confirmed or None,
                    "closed_by": one.closed.by if one.closed else None,
                    "closed_at": one.closed.at if one.closed else None,
                    "newest_at": one.newest,
                }
                for one in found
            ]
        )
        return
    rows = [
        [
            one.id,
            one.name,
            f"{one.first} 至 {one.last}",
            one.confirmed,
            f"{one.closed.by} 于 {local(one.closed.at)} 结束" if one.closed else "进行中",
            local(one.newest) if one.newest else "",
        ]
        for one in found
    ]
    print_table(["编号", "名称", "月份", "核定到", "状态", "最近内容"], rows)


def add_campaign(options: argparse.Namespace) -> None:
    """``gsjx campaign add``."""
    from gsjx_tui.office.campaign_add import add_campaign as add_it

    _print_added(add_it(options.home, options.id, options.plugins_dir, options.staff_from), options)


def clone(options: argparse.Namespace) -> None:
    """``gsjx campaign clone``."""
    from gsjx_tui.office.campaign_clone import clone_campaign

    made = clone_campaign(
        options.home,
        options.source,
        options.id,
        options.name,
        options.months_later,
        options.plugins_dir,
    )
    _print_added(made, options)
    if made.left_out:
        names = "、".join(f"{unit.code} {unit.name}" for unit in made.left_out)
        print(f"没有抄入已撤并的单位：{names}。")
    print(f"阶段插件抄到 {made.home / PLUGINS}，月份已后移：{'、'.join(made.plugins)}。")
    print("请核对：")
    print(f"  {made.home / CAMPAIGN} 的名称、类别和设定，注释里的年份")
    print(f"  {made.home / UNITS} 的单位增减")
    print("  各阶段 stage.toml 的月份、分值和文字里的年份")
    print(f"  人员名单：gsjx --campaign {options.id} staff")
    print("改这些文件，下次打开时自动启用；第一次核定以后，评分表的改动要用 gsjx rubric --accept。")


def _print_added(made: Added, options: argparse.Namespace) -> None:
    months = f"{made.months[0]} 至 {made.months[-1]}"
    print(
        f"账本里已有活动 {options.id} {made.name}：{months}，{made.units} 个单位，{made.staff} 人。"
    )
    _print_group(made.home, options.home)
    if not made.staff:
        print(
            f"人员名单是空的：用 gsjx --campaign {options.id} staff add 登录名 --role admin 开始。"
        )


def _print_group(place: Path, home: Path) -> None:
    """Whoever may read the home must be able to read the campaign's files: seats do."""
    whole = home.stat()
    if whole.st_mode & 0o040 and place.stat().st_gid != whole.st_gid:
        remedy = f"请以 root 运行 chgrp -R {whole.st_gid} {place.parent}"
        print(Fault("注意", f"工作人员的用户组还不能读 {place}", remedy), file=sys.stderr)


def close(options: argparse.Namespace) -> None:
    """``gsjx campaign close``."""
    from gsjx_tui.commands.opening import opened
    from gsjx_tui.office.closing import close_campaign

    with opened(options) as office:
        name = office.rubric.campaign.name
        found = close_campaign(office, dry_run=options.dry_run)
    rests = f"最终排名第 {found.edition} 版，校验码 {found.code}"
    if options.dry_run:
        print(f"{name}可以结束（{rests}）。只是查看，没有结束。")
    else:
        print(f"{name}已结束（{rests}）。以后只能查看、查询和打印。")
    if found.cases:
        print(Fault("注意", f"整改台账还有 {found.cases} 件没有结案", _CASES), file=sys.stderr)


_CASES = "活动结束后不能再办理；还要办理的，先办完再结束"


def reopen(options: argparse.Namespace) -> None:
    """``gsjx campaign reopen``."""
    from gsjx_tui.commands.opening import opened
    from gsjx_tui.office.check import local
    from gsjx_tui.office.closing import reopen_campaign

    with opened(options) as office:
        name = office.rubric.campaign.name
        ended = reopen_campaign(office, options.reason)
    print(f"{name}已重新开放（曾由 {ended.by} 于 {local(ended.at)} 结束），可以写入。")


def _ask(prompt: str, take: Callable[[str], _T]) -> _T:
    """An answer that can be taken; a person at a terminal is asked again."""
    while True:
        try:
            return take(input(prompt))
        except StateError as error:
            if not sys.stdin.isatty():
                raise
            print(error)


def rubric(options: argparse.Namespace) -> None:
    """``gsjx rubric``."""
    if options.accept or options.dry_run:
        _accept(options)
        return
    if options.in_force:
        _in_force(options)
        return
    from gsjx_tui import rubric_print
    from gsjx_tui.office.rubric import load_rubric

    found = load_rubric(options.home, options.stage, options.plugins_dir)
    if options.format == "json":
        rubric_print.as_json(found)
    else:
        rubric_print.as_table(found)


def _accept(options: argparse.Namespace) -> None:
    from gsjx_tui.commands.plugin import print_differences
    from gsjx_tui.office.in_force_rubric import accept_rubric
    from gsjx_tui.printing import print_table

    found = accept_rubric(
        options.home,
        options.plugins_dir,
        options.reason,
        dry_run=options.dry_run or not options.accept,
    )
    print("评分表的改动：")
    for change in found.changes:
        print(f"  {change}")
    if not found.differences:
        print("已核定月份的分没有变化。")
    else:
        print("对已核定月份的影响：")
        rows = [
            [month, told["units"], told["items"], told["points"]]
            for month, told in found.effect.items()
        ]
        print_table(["月份", "单位数", "要点数", "合计变动"], rows, right="单位数 要点数 合计变动")
        print_differences(found.differences)
    print("只是试算，没有写入。" if options.dry_run else "已启用改过的评分表，更正已记账。")


def _in_force(options: argparse.Namespace) -> None:
    from gsjx_tui.commands.opening import looking
    from gsjx_tui.office.check import local
    from gsjx_tui.office.in_force_rubric import rubrics
    from gsjx_tui.printing import print_table

    with looking(options) as office:
        found = rubrics(office)
    if not found:
        print("还没有核定过，没有现行的评分表。")
        return
    rows = [
        [local(r.at), r.by, r.digest[:12], r.reason or "首次核定", _effect(r.effect)] for r in found
    ]
    print_table(["启用时间", "由谁", "摘要", "理由", "对已核定月份的影响"], rows)


def _effect(effect: Mapping[str, Mapping[str, Any]]) -> str:
    if not effect:
        return "无"
    parts = [
        f"{month} {told['units']} 个单位 {told['items']} 处合计 {told['points']}"
        for month, told in effect.items()
    ]
    return "；".join(parts)
