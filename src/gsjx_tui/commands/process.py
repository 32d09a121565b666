"""From spot check to consequence: draws and what they show (method 三（二））."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from gsjx_tui.arguments import Adder
from gsjx_tui.commands.opening import looking, opened

if TYPE_CHECKING:
    from gsjx_tui.office.draw import Coverage, Draw
    from gsjx_tui.office.reliability import Reliability


def add(command: Adder) -> None:
    """Declares the commands of this module."""
    lots = command("draw", draw, "抽查抽签：一个月抽哪些单位、哪些要点", "table", "json")
    lots.add_argument("month", metavar="MONTH", help="月份，如 2013-06")
    lots.add_argument(
        "--units", type=int, default=0, metavar="N", help="抽几个单位，默认抽到够覆盖本阶段"
    )
    lots.add_argument("--items", type=int, default=5, metavar="N", help="每个单位几个要点，默认 5")
    lots.add_argument("--seed", default="", metavar="TEXT", help="种子，默认随机；同种子同结果")
    lots.add_argument("--show", action="store_true", help="只看已抽的与覆盖情况，不抽")

    trust = command("reliability", reliability, "自评与复核相差多少", "table", "json", "csv")
    trust.add_argument(
        "--through", default="", metavar="MONTH", help="截至该月，默认最新有复核的月份"
    )


def draw(options: argparse.Namespace) -> None:
    """``gsjx draw``."""
    from gsjx_tui.office.check import month_of
    from gsjx_tui.office.draw import coverage, draws
    from gsjx_tui.office.draw import draw as draw_lots
    from gsjx_tui.printing import print_json

    with looking(options) if options.show else opened(options) as office:
        month = month_of(office.rubric, options.month)
        if not options.show:
            draw_lots(office, month, options.units, options.items, options.seed)
        found, covered = draws(office, month), coverage(office, month)
    if options.format == "json":
        print_json({"draws": [_draw_data(one) for one in found], **_coverage_data(covered)})
        return
    for one in found if options.show else found[-1:]:
        _print_draw(one)
    _print_coverage(covered, whole=options.show)


def _draw_data(draw: Draw) -> dict[str, object]:
    return {
        "draw": draw.number,
        "month": str(draw.month),
        "number": draw.of_month,
        "seed": draw.seed,
        "repeats": draw.repeats,
        "drawn_by": draw.by,
        "drawn_at": draw.at,
        "late": list(draw.late),
        "drawn": [
            {"unit": one.unit, "item": one.item, "checked": one.checked, "checked_by": one.by}
            for one in draw.drawn
        ],
    }


def _coverage_data(covered: Coverage) -> dict[str, object]:
    return {
        "needed": covered.needed,
        "units_a_month": covered.rate,
        "coverage": [
            {
                "unit": unit.unit,
                "draws": unit.draws,
                "items": unit.items,
                "open": unit.open,
                "weight": unit.weight,
            }
            for unit in covered.units
        ],
    }


def _print_draw(draw: Draw) -> None:
    from gsjx_tui.office.check import local
    from gsjx_tui.printing import print_table

    print(f"{draw.month} 第 {draw.of_month} 次抽签，种子 {draw.seed}，{draw.by} {local(draw.at)}")
    if not draw.repeats:
        print("注意：按种子重抽，结果与记录不同。请停止使用，从备份恢复。")
    if draw.late:
        print(f"注意：{draw.warning}")
    print_table(
        ["代码", "单位", "要点", "名称", "已复核", "复核人"],
        ([one.unit, one.name, one.item, one.label, one.checked, one.by] for one in draw.drawn),
    )


def _print_coverage(covered: Coverage, *, whole: bool) -> None:
    from gsjx_tui.printing import print_table

    reached = len(covered.units) - len(covered.missing)
    print(f"{covered.stage}：{len(covered.units)} 个单位中已抽到 {reached} 个。")
    if covered.needed:
        print(f"{covered.month} 还要至少抽 {covered.needed} 个单位，本阶段才能都抽到。")
    waiting = sum(unit.open for unit in covered.units)
    if waiting:
        print(f"抽中而未复核的要点还有 {waiting} 个。")
    if whole:
        print_table(
            ["代码", "单位", "抽中次数", "要点", "未复核", "权重"],
            ([u.unit, u.name, u.draws, u.items, u.open, f"{u.weight:.2f}"] for u in covered.units),
            right="抽中次数 要点 未复核 权重",
        )


def reliability(options: argparse.Namespace) -> None:
    """``gsjx reliability``."""
    from gsjx_tui.office.reliability import reliability as found_by
    from gsjx_tui.printing import print_csv, print_json, print_table, records

    with looking(options) as office:
        found = found_by(office, options.through)
    parts = (("unit", found.units), ("item", found.items), ("month", found.months))
    if options.format == "table":
        print(f"自评与复核对照，截至 {found.through}")
        for title, (_, rows) in zip(("单位", "考核要点", "月份"), parts, strict=True):
            print()
            print_table(
                [
                    title,
                    "名称",
                    "自评格",
                    "已复核",
                    "核低",
                    "核高",
                    "自评",
                    "复核",
                    "相差",
                    "核减%",
                ],
                ([*_reliability(row), row.cut_percent] for row in rows),
                right="自评格 已复核 核低 核高 自评 复核 相差 核减%",
            )
        return
    columns = ("by", "key", "name", "claims", "verified", "cut", "raised", "claimed", "found",
               "difference", "cut_percent")  # fmt: skip
    cells = [[by, *_reliability(row), row.cut_percent] for by, rows in parts for row in rows]
    if options.format == "json":
        print_json(records(columns, cells))
    else:
        print_csv(columns, cells)


def _reliability(row: Reliability) -> list[object]:
    return [row.key, row.name, row.claims, row.verified, row.cut, row.raised, row.claimed,
            row.found, row.difference]  # fmt: skip
