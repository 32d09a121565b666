"""Proving the ledger: takes nothing on trust, scores all again and compares (SPEC 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gsjx_tui.domain import ZERO, Month, Points, Unit
from gsjx_tui.errors import Fault, LedgerTrouble, StateError
from gsjx_tui.ledger.chain import Head
from gsjx_tui.ledger.proof import broken_links, rows_between
from gsjx_tui.ledger.tables import CHAINS
from gsjx_tui.office.acts import act
from gsjx_tui.office.anchor import Anchored, Held, anchored, hold
from gsjx_tui.office.check import local
from gsjx_tui.office.closed import spans
from gsjx_tui.office.facts import (
    Cells,
    Confirmed,
    cells_of_stage,
    confirmations,
    no_cells,
    posted_in_stage,
)
from gsjx_tui.office.home import Office
from gsjx_tui.office.in_force import unlike_files
from gsjx_tui.rubric.model import Stage
from gsjx_tui.rubric.score import effective, to_date

CHAIN_NAMES = {
    "observation": "考核记录",
    "posting": "记账",
    "confirmation": "核定",
    "event": "加扣分登记",
    "withdrawal": "撤回",
    "returned": "退回",
    "staff": "人员",
    "draw": "抽查抽签",
    "drawn": "抽查结果",
    "objection": "申诉",
    "objection_step": "申诉办理",
    "publication": "发布",
    "followup": "整改台账",
    "followup_step": "整改办理",
    "ballot_count": "评议计票",
    "ballot_line": "评议分组",
    "rubric_in_force": "现行评分表",
    "campaign_step": "活动结束",
}


@dataclass(frozen=True)
class Proof:
    """What was proved: compared figures, confirmed unit months, and the head of each chain."""

    figures: int
    months: int
    heads: dict[str, Head]
    anchored: Anchored | None = None
    """The code of the ledger as it was proved; None while nothing was recorded."""
    held: Held | None = None
    """The state that the code given was held against."""


@act("viewer")
def verify(
    office: Office,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    anchor: str = "",
) -> Proof:
    """Proves the ledger. Raises StateError with everything that is not as it should be.

    For every unit, item and confirmed month the postings through it equal ``to_date`` from
    today's effective observations; there are no postings besides; the months of each unit are
    confirmed in order; the chains of hashes are whole; nothing was written while the campaign was
    closed; the ledger ranks by the home's files. With
    an anchor's code it still contains the state that the code was made from.
    """
    held, faults = _held(office, anchor)
    faults += [*_broken_chains(office)]
    done = confirmations(office.ledger)
    figures = 0
    for number, stage in enumerate(office.rubric.stages):
        progress(number, len(office.rubric.stages))
        compared, wrong = _compare(office, stage, done)
        off = office.plugins.blocking(stage.id)
        figures += 0 if off else compared
        faults += [_not_compared(stage, fault) for fault in off] or wrong
    faults += [*_strange_rows(office), *_after_the_end(office), *unlike_files(office)]
    for unit in office.units:
        faults += _gaps(office, unit, done.get(unit.code, {}))
    if faults:
        raise StateError(*faults, heading=f"账本有 {len(faults)} 处不符：")
    progress(len(office.rubric.stages), len(office.rubric.stages))
    return Proof(
        figures=figures,
        months=sum(len(months) for months in done.values()),
        heads={table: office.ledger.head(table) for table in CHAINS},
        anchored=anchored(office.ledger),
        held=held,
    )


def _held(office: Office, code: str) -> tuple[Held | None, list[Fault]]:
    if not code:
        return None, []
    try:
        return hold(office.ledger, code), []
    except LedgerTrouble:
        raise
    except StateError as error:
        return None, [*error.faults]


def _broken_chains(office: Office) -> Iterator[Fault]:
    for table in CHAINS:
        for seq, unit, month in broken_links(office.ledger, table):
            yield Fault(
                f"{CHAIN_NAMES.get(table, table)}第 {seq} 条（{unit} {month}）",
                "与链不符，这条或它之前的内容被改动、删去或插入",
                "停止使用，从备份恢复",
            )


def _compare(
    office: Office, stage: Stage, done: dict[str, dict[Month, Confirmed]]
) -> tuple[int, list[Fault]]:
    cells = cells_of_stage(office.ledger, stage)
    posted = posted_in_stage(office.ledger, stage)
    compared, faults = 0, []
    for unit in office.units:
        confirmed = done.get(unit.code, {})
        by_month = posted.get(unit.code, {})
        for month in stage.months:
            if month in by_month and month not in confirmed:
                faults.append(
                    Fault(
                        f"{unit.code} {unit.name} {month}",
                        "有记账而没有核定",
                        "停止使用，从备份恢复",
                    )
                )
        months = [month for month in stage.months if month in confirmed]
        found, wrong = _compare_unit(office, stage, unit, cells.get(unit.code), by_month, months)
        compared += found
        faults += wrong
    return compared, faults


def _compare_unit(
    office: Office,
    stage: Stage,
    unit: Unit,
    cells: Cells | None,
    by_month: dict[Month, dict[str, Points]],
    months: list[Month],
) -> tuple[int, list[Fault]]:
    values = effective(cells or no_cells(), office.settings)
    total: dict[str, Points] = {}
    compared, faults = 0, []
    for month in months:
        for item, points in by_month.get(month, {}).items():
            total[item] = total.get(item, ZERO) + points
        worth = to_date(stage, unit, values, month, office.adjust)
        compared += len(worth)
        for item in worth.keys() | total.keys():
            if worth.get(item, ZERO) != total.get(item, ZERO):
                faults.append(
                    Fault(
                        f"{unit.code} {unit.name} {item} 至 {month}",
                        f"记账合计 {total.get(item, ZERO)}，重算应为 {worth.get(item, ZERO)}",
                        "核对评分表与名册是否改过，否则从备份恢复",
                    )
                )
    return compared, faults


def _not_compared(stage: Stage, off: Fault) -> Fault:
    return Fault(f"{stage.name}阶段", f"没有核对，{off.where}{off.what}", off.remedy)


def _strange_rows(office: Office) -> Iterator[Fault]:
    """Postings and confirmations of units that the roster doesn't have."""
    for unit, month in office.ledger.rows("strangers"):
        yield Fault(f"{unit} {month}", "有核定或记账，名册里却没有这个单位", "恢复名册中的该行")


def _after_the_end(office: Office) -> Iterator[Fault]:
    """Rows that were appended while the campaign was closed."""
    for closed, reopened in spans(office.ledger):
        for table in CHAINS:
            count = rows_between(office.ledger, table, closed, reopened)
            if count:
                yield Fault(
                    CHAIN_NAMES.get(table, table),
                    f"有 {count} 条写在活动结束（{local(closed)}）以后",
                    "停止使用，查明是谁写入的，从备份恢复",
                )


def _gaps(office: Office, unit: Unit, confirmed: dict[Month, Confirmed]) -> list[Fault]:
    if not confirmed:
        return []
    newest = max(confirmed)
    return [
        Fault(f"{unit.code} {unit.name} {month}", f"没有核定，而 {newest} 已核定", "从备份恢复")
        for month in office.rubric.months
        if month < newest and unit.takes_part(month) and month not in confirmed
    ]
