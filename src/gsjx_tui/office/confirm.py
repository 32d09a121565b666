"""Confirming a month 核定: fixes units' points for it and closes it (SPEC 4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from gsjx_tui.domain import ZERO, Month, Points, Unit
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office.acts import act
from gsjx_tui.office.check import local, stage_in
from gsjx_tui.office.facts import (
    Cells,
    Confirmed,
    cells_of_stage,
    confirmations,
    no_cells,
    posted_in_stage,
    posted_through,
)
from gsjx_tui.office.home import Office
from gsjx_tui.office.in_force_rubric import note_first
from gsjx_tui.rubric.model import Item, Stage
from gsjx_tui.rubric.score import ToDate, effective, owed, to_date

Progress = Callable[[int, int], None]
"""Told how many of how many units are done."""


@dataclass(frozen=True)
class UnitConfirmation:
    """What confirming a unit's month posts, in points by item, and what nobody reported."""

    unit: Unit
    postings: dict[str, Points]
    to_date: Points
    missing: tuple[Item, ...]
    unverified: int

    @property
    def points(self) -> Points:
        """The points of the month."""
        return sum(self.postings.values(), ZERO)


@dataclass(frozen=True)
class Confirmation:
    """What confirming a month posts. ``blocked`` says what stands in the way, if anything."""

    month: Month
    stage: Stage
    units: tuple[UnitConfirmation, ...]
    blocked: tuple[Fault, ...] = ()

    @property
    def points(self) -> Points:
        """The points of the month over all units."""
        return sum((unit.points for unit in self.units), ZERO)

    @property
    def postings(self) -> int:
        """How many postings there are."""
        return sum(len(unit.postings) for unit in self.units)


@act("viewer")
def preview(
    office: Office,
    month: Month,
    codes: Sequence[str] = (),
    progress: Progress = lambda done, total: None,
) -> Confirmation:
    """What confirming would do, ``blocked`` filled with what forbids it. Nothing is written.

    Without codes: all units taking part in the month that are not confirmed yet. Raises
    StateError for an unknown unit.
    """
    done = confirmations(office.ledger)
    units, faults = _chosen(office, month, codes, done)
    for unit in units:
        faults += _out_of_order(office, unit, month, done)
    if office.settings.four_eyes:
        faults += _verified_by_same(office, month, units)
    return _scored(office, month, units, tuple(faults), progress)


@act(lambda arguments: "viewer" if arguments.get("dry_run") else "lead", writes=True)
def confirm(
    office: Office,
    month: Month,
    codes: Sequence[str] = (),
    *,
    dry_run: bool = False,
    progress: Progress = lambda done, total: None,
) -> Confirmation:
    """Confirms a month: posts what is owed for each unit, in one transaction.

    Raises StateError, with nothing posted, if a unit is confirmed already, takes no part in the
    month, has an earlier month open, or if nobody is left.
    """
    confirmation = preview(office, month, codes, progress)
    if confirmation.blocked:
        raise StateError.of(confirmation.blocked)
    if not dry_run:
        with office.ledger.act() as now:
            _post(office, confirmation, now)
    return confirmation


def _chosen(
    office: Office, month: Month, codes: Sequence[str], done: dict[str, dict[Month, Confirmed]]
) -> tuple[list[Unit], list[Fault]]:
    faults: list[Fault] = []
    if not codes:
        active = [unit for unit in office.units if unit.takes_part(month)]
        left = [unit for unit in active if month not in done.get(unit.code, {})]
        if active and not left:
            newest = max((done[unit.code][month] for unit in active), key=lambda c: c.at)
            faults.append(
                Fault(
                    "",
                    f"{month} 的 {len(active)} 个单位已全部核定"
                    f"（最后由 {newest.by} 于 {local(newest.at)}）",
                    "没有可核定的；改动请用 gsjx correct",
                )
            )
        elif not active:
            faults.append(Fault("", f"{month} 没有参加考核的单位", "核对名册的起止月份"))
        return left, faults
    units = [office.unit(code) for code in dict.fromkeys(codes)]
    for unit in units:
        confirmed = done.get(unit.code, {}).get(month)
        if confirmed is not None:
            faults.append(
                Fault(
                    _called(unit),
                    f"{month} 已由 {confirmed.by} 于 {local(confirmed.at)} 核定",
                    "改动请用 gsjx correct",
                )
            )
        elif not unit.takes_part(month):
            faults.append(Fault(_called(unit), f"在 {month} 不参加考核", "核对名册的起止月份"))
    return units, faults


def _out_of_order(
    office: Office, unit: Unit, month: Month, done: dict[str, dict[Month, Confirmed]]
) -> list[Fault]:
    """The months of a unit are confirmed in order: the first one that is open, if any."""
    for earlier in office.rubric.months:
        if earlier >= month:
            break
        if unit.takes_part(earlier) and earlier not in done.get(unit.code, {}):
            return [
                Fault(_called(unit), f"{earlier} 还没有核定", f"先核定 {earlier}，再核定 {month}")
            ]
    return []


def _verified_by_same(office: Office, month: Month, units: Sequence[Unit]) -> list[Fault]:
    """Who verified a unit's month doesn't confirm it as well (the setting ``four_eyes``)."""
    verified = {
        unit for (unit,) in office.ledger.rows("verifiers", who=office.who, month=str(month))
    }
    return [
        Fault(
            _called(unit),
            f"{month} 有 {office.who} 本人做的复核，按设定不能由同一人核定",
            "请另一位负责人核定",
        )
        for unit in units
        if unit.code in verified
    ]


def _scored(
    office: Office,
    month: Month,
    units: Sequence[Unit],
    blocked: tuple[Fault, ...],
    progress: Progress,
) -> Confirmation:
    stage = stage_in(office.rubric, month)
    only = units[0].code if len(units) == 1 else ""
    cells = cells_of_stage(office.ledger, stage, only)
    posted = posted_in_stage(office.ledger, stage, only)
    scored = []
    for unit in units:
        seen = cells.get(unit.code, no_cells())
        worth = to_date(stage, unit, effective(seen, office.settings), month, office.adjust)
        before = posted_through(posted.get(unit.code, {}), month)
        scored.append(
            UnitConfirmation(
                unit=unit,
                postings=owed(worth, before),
                to_date=_total(worth),
                missing=missing_items(stage, unit.category, seen, month),
                unverified=_unverified(seen, month),
            )
        )
        progress(len(scored), len(units))
    blocked += office.plugins.blocking(stage.id)  # asked last: a plugin may have failed just now
    return Confirmation(month, stage, tuple(scored), blocked)


def _post(office: Office, confirmation: Confirmation, now: datetime) -> None:
    month = str(confirmation.month)
    note_first(office, now)
    office.ledger.append(
        "posting",
        (
            (scored.unit.code, month, item, points, "confirm", "", office.who, now)
            for scored in confirmation.units
            for item, points in scored.postings.items()
        ),
    )
    office.ledger.append(
        "confirmation",
        ((scored.unit.code, month, office.who, now) for scored in confirmation.units),
    )


def missing_items(stage: Stage, category: str, cells: Cells, month: Month) -> tuple[Item, ...]:
    """The items that units of a category had to report by ``month`` and nothing was observed of."""
    observed = {(item, seen) for values in cells.values() for item, seen, _ in values}
    missing = []
    for item in stage.items:
        if month not in item.months or item.expects == "never" or not item.is_for(category):
            continue
        months = [month] if item.expects == "monthly" else stage.months_through(month)
        if not any((item.id, seen) in observed for seen in months):
            missing.append(item)
    return tuple(missing)


def _unverified(cells: Cells, month: Month) -> int:
    return sum(cell[1] == month and cell not in cells["verify"] for cell in cells["claim"])


def _total(worth: ToDate) -> Points:
    return sum(worth.values(), ZERO)


def _called(unit: Unit) -> str:
    return f"{unit.code} {unit.name}"
