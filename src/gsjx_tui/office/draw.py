"""The spot-check draw 抽查 of a month (method 三（二）): seeded, recorded, drawn again by anybody.

Every unit that takes part is drawn at least once a stage; beyond that a unit is the likelier the
more of its earlier claims was cut: weight 1 if nothing was, up to 5 if all was.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from gsjx_tui.domain import Month, Unit
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.harmless import printable
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.office.acts import act
from gsjx_tui.office.facts import confirmations
from gsjx_tui.office.home import Office
from gsjx_tui.office.lots import ALGORITHM, Candidate, Lots, Pool, draw_items, draw_units, needed
from gsjx_tui.rubric.model import Stage

ITEMS = 5
"""How many items of a drawn unit are checked if nothing else is said."""

EXTRA = 4
"""What a unit's weight gains over 1 if its claims were cut to nothing."""

_LONGEST_SEED = 64
_NAMED = 5
"""How many units a warning names."""


@dataclass(frozen=True)
class Drawn:
    """A unit's item that was drawn, and whether it was checked (by whom, when in UTC)."""

    draw: int
    unit: str
    name: str
    month: Month
    item: str
    label: str
    checked: bool
    by: str | None
    at: datetime | None


@dataclass(frozen=True)
class Draw:
    """One draw: its number in the ledger and within the month, its seed, and what came out.

    ``repeats``: drawn again from seed and pool, the same comes out. ``late``: drawn units that had
    been confirmed for the month before: the method (三（二）) checks before points are fixed, so
    what is found there goes by correction.
    """

    number: int
    of_month: int
    month: Month
    seed: str
    units: int
    items: int
    by: str
    at: datetime
    drawn: tuple[Drawn, ...]
    repeats: bool
    late: tuple[str, ...] = ()

    @property
    def warning(self) -> str:
        """What is said of a draw after the confirmation has begun; empty in time."""
        if not self.late:
            return ""
        units = "、".join(self.late[:_NAMED]) + ("等" if len(self.late) > _NAMED else "")
        return (
            f"抽中的单位有 {len(self.late)} 个本月已先核定（{units}），不能再录入复核，"
            "查出的用 gsjx correct 更正；以后先抽查复核，再核定。"
        )


@dataclass(frozen=True)
class UnitCoverage:
    """How often a unit was drawn in the stage, what of it is still to be checked, its weight."""

    unit: str
    name: str
    category: str
    draws: int
    items: int
    open: int
    weight: Decimal


@dataclass(frozen=True)
class Coverage:
    """Draws of a stage through a month. ``needed``: units that must yet be drawn in the month.

    ``rate`` is how many units a month reach every unit of the stage; ``confirmed`` how many units
    are confirmed for the month already.
    """

    stage: str
    month: Month
    units: tuple[UnitCoverage, ...]
    rate: int
    needed: int
    confirmed: int = 0

    @property
    def missing(self) -> tuple[UnitCoverage, ...]:
        """The units that no draw of the stage has reached."""
        return tuple(unit for unit in self.units if not unit.draws)


@act("reviewer", writes=True)
def draw(office: Office, month: Month, units: int = 0, items: int = ITEMS, seed: str = "") -> Draw:
    """Draws units and items of a month; drawn before, others are drawn in addition.

    ``units`` 0: as many as are needed; ``seed`` empty: one by chance. Raises StateError, with
    nothing drawn, for a month outside, too few units, more units or items than there are.
    """
    stage = _stage(office, month)
    number, pool, least = _pool(office, stage, month)
    written = printable(seed).strip() or secrets.token_hex(8)
    wanted = units or max(least, 1)
    _check(month, pool, least, wanted, items, written)
    lots = _lots(office, month, number, written)
    codes = draw_units(lots, pool, wanted)
    cells = [(code, item) for code in codes for item in draw_items(lots, pool.items, items)]
    with office.ledger.act() as now:
        row = (written, str(month), wanted, items, pool.text(), office.who, now)
        office.ledger.append("draw", [row])
        seq = office.ledger.head("draw").seq
        drawn = ((code, str(month), item, seq, office.who, now) for code, item in cells)
        office.ledger.append("drawn", drawn)
    return next(found for found in draws(office, month) if found.number == seq)


@act("viewer")
def draws(office: Office, month: Month) -> tuple[Draw, ...]:
    """The draws of a month with all that was drawn, oldest first."""
    asked = {"first": str(month), "through": str(month)}
    drawn = _drawn(office.ledger, month, month)
    confirmed = confirmations(office.ledger)
    found = []
    for of_month, row in enumerate(office.ledger.rows("draws", **asked), 1):
        seq, _, seed, units, items, pool, by, at = row
        mine = tuple(one for one in drawn if one.draw == seq)
        again = _again(office, month, of_month, seed, Pool.of(pool), units, items)
        repeats = [(one.unit, one.item) for one in mine] == again
        codes = dict.fromkeys(one.unit for one in mine)
        known = ((code, confirmed.get(code, {}).get(month)) for code in codes)
        late = tuple(code for code, done in known if done is not None and done.at <= at)
        found.append(Draw(seq, of_month, month, seed, units, items, by, at, mine, repeats, late))
    return tuple(found)


@act("viewer")
def coverage(office: Office, month: Month) -> Coverage:
    """Which units the draws of the month's stage have reached. Raises StateError."""
    stage = _stage(office, month)
    _, pool, least = _pool(office, stage, month)
    drawn = _drawn(office.ledger, stage.months[0], month)
    weights = _weights(office, month)
    rows = []
    for unit in office.units:
        if not _months_of(unit, stage):
            continue
        mine = [one for one in drawn if one.unit == unit.code]
        rows.append(
            UnitCoverage(
                unit=unit.code,
                name=unit.name,
                category=unit.category,
                draws=len({one.draw for one in mine}),
                items=len(mine),
                open=sum(not one.checked for one in mine),
                weight=Decimal(weights.get(unit.code, 100)) / 100,
            )
        )
    confirmed = sum(month in months for months in confirmations(office.ledger).values())
    return Coverage(stage.name, month, tuple(rows), pool.rate, least, confirmed)


def open_cells(ledger: Ledger, first: Month, through: Month) -> tuple[Drawn, ...]:
    """What was drawn for these months and isn't checked."""
    return tuple(one for one in _drawn(ledger, first, through) if not one.checked)


# what it is drawn from --------------------------------------------------------------------------


def _stage(office: Office, month: Month) -> Stage:
    stage = office.rubric.stage_of(month)
    if stage is None:
        first, last = office.rubric.months[0], office.rubric.months[-1]
        raise StateError(Fault(str(month), "不在活动之内", f"活动为 {first} 至 {last}"))
    return stage


def _pool(office: Office, stage: Stage, month: Month) -> tuple[int, Pool, int]:
    """The number of the next draw of the month, what it is drawn from, the least it must draw."""
    drawn = _drawn(office.ledger, stage.months[0], stage.months[-1])
    before = {one.unit for one in drawn if one.month < month}
    now = {one.unit for one in drawn if one.month == month}
    number = len(office.ledger.rows("draws", first=str(month), through=str(month))) + 1
    at = stage.months.index(month)
    windows = {}
    for unit in office.units:
        months = [stage.months.index(m) - at for m in _months_of(unit, stage) if m >= month]
        if months and unit.code not in before:
            windows[unit.code] = (months[0], months[-1])
    rate = needed(list(windows.values()))
    weights = _weights(office, month)
    candidates = []
    for unit in office.units:
        if unit.takes_part(month) and unit.code not in now:
            due = stage.months.index(_months_of(unit, stage)[-1]) - at
            weight = weights.get(unit.code, 100)
            candidates.append(Candidate(unit.code, weight, due, unit.code in before))
    items = tuple(i.id for i in stage.items if month in i.months and not i.office)
    later = tuple(end for start, end in windows.values() if start > 0)
    pool = Pool(tuple(candidates), items, rate, later)
    return number, pool, max(rate - len(now), pool.least, 0) if candidates else 0


def _months_of(unit: Unit, stage: Stage) -> Sequence[Month]:
    return [month for month in stage.months if unit.takes_part(month)]


def _weights(office: Office, month: Month) -> Mapping[str, int]:
    """Each unit's weight in hundredths by what was cut of its claims before the month."""
    return {
        unit: 100 + EXTRA * share // 100
        for unit, _, share in office.ledger.rows("cut_shares", month=str(month))
    }


def _check(month: Month, pool: Pool, least: int, wanted: int, items: int, seed: str) -> None:
    faults = []
    there = len(pool.candidates)
    if not there:
        faults.append(Fault(f"{month} 抽查", "本月参加考核的单位都已抽到", "不需要再抽"))
    elif wanted < max(least, 1):
        what = f"只抽 {wanted} 个单位，本阶段就不能保证每个单位至少抽到一次"
        faults.append(Fault(f"{month} 抽查", what, f"至少抽 {max(least, 1)} 个"))
    elif wanted > there:
        what = f"要抽 {wanted} 个单位，还可抽的只有 {there} 个"
        faults.append(Fault(f"{month} 抽查", what, f"填 1 到 {there}"))
    if not 1 <= items <= len(pool.items):
        what = f"每个单位抽 {items} 个要点，本月可抽的有 {len(pool.items)} 个"
        faults.append(Fault(f"{month} 抽查", what, f"填 1 到 {len(pool.items)}"))
    if len(seed) > _LONGEST_SEED:
        faults.append(Fault("种子", f"有 {len(seed)} 个字", f"至多 {_LONGEST_SEED} 个字"))
    if faults:
        raise StateError.of(faults)


# drawing it again -------------------------------------------------------------------------------


def _lots(office: Office, month: Month, number: int, seed: str) -> Lots:
    return Lots(f"{ALGORITHM}|{office.rubric.campaign.id}|{month}|{number}|{seed}")


def _again(
    office: Office, month: Month, number: int, seed: str, pool: Pool, units: int, items: int
) -> list[tuple[str, str]]:
    lots = _lots(office, month, number, seed)
    codes = draw_units(lots, pool, units)
    return [(code, item) for code in codes for item in draw_items(lots, pool.items, items)]


def _drawn(ledger: Ledger, first: Month, through: Month) -> tuple[Drawn, ...]:
    rows = ledger.rows("drawn", first=str(first), through=str(through))
    return tuple(Drawn(*(*row[:3], Month.parse(row[3]), *row[4:])) for row in rows)
