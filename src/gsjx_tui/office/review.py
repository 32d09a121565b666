"""Reviewing 复核: claims beside verifications, accepting them, sending a month back to its unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from gsjx_tui.documents.tables import clean
from gsjx_tui.domain import Kind, Month, Unit
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.harmless import printable
from gsjx_tui.office import check
from gsjx_tui.office.acts import act, narrowed, own_unit
from gsjx_tui.office.check import Refused
from gsjx_tui.office.event_draft import day_of
from gsjx_tui.office.facts import Confirmed, event_counts
from gsjx_tui.office.home import Office
from gsjx_tui.office.record import record
from gsjx_tui.office.sheet import Sheet, sheet
from gsjx_tui.rubric.model import Field, Indicator, Item, Observation

AS_CLAIMED = "照自评复核"
"""The note of a verification that takes the claim as it is."""


@dataclass(frozen=True)
class Side:
    """What one kind of observation says of a cell: its value and note, who wrote it, when (UTC)."""

    value: Decimal
    note: str
    by: str
    at: datetime


@dataclass(frozen=True)
class ReviewRow:
    """One cell: what the unit claimed, what the office verified, how many events it counts."""

    indicator: Indicator
    item: Item
    field: Field
    claim: Side | None
    verification: Side | None
    events: int

    @property
    def key(self) -> str:
        """The cell by one text: item and field."""
        return f"{self.item.id}:{self.field.name}"

    @property
    def difference(self) -> Decimal | None:
        """Verified less claimed; None unless there are both."""
        if self.claim is None or self.verification is None:
            return None
        return self.verification.value - self.claim.value

    @property
    def differs(self) -> bool:
        """The office found another number than the unit."""
        return bool(self.difference)

    @property
    def unverified(self) -> bool:
        """Claimed, and nobody looked yet."""
        return self.claim is not None and self.verification is None

    @property
    def without_evidence(self) -> bool:
        """Something is claimed, and the unit's note doesn't say by what."""
        return self.claim is not None and self.claim.value > 0 and not self.claim.note.strip()


@dataclass(frozen=True)
class Return:
    """A month (``item`` empty) or one item of it that was sent back; ``deadline`` may be empty."""

    item: str
    reason: str
    deadline: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Review:
    """A unit's month to be reviewed: every open cell, in the order of the rubric."""

    unit: Unit
    month: Month
    rows: tuple[ReviewRow, ...]
    returns: tuple[Return, ...]
    confirmed: Confirmed | None
    sheet: Sheet

    @property
    def returned(self) -> bool:
        """The month was sent back, and nothing was claimed since."""
        return bool(self.standing)

    @property
    def standing(self) -> tuple[Return, ...]:
        """What was sent back since the unit claimed last, the newest first."""
        claimed = [row.claim.at for row in self.rows if row.claim is not None]
        return tuple(one for one in self.returns if claimed and one.at > max(claimed))


@dataclass(frozen=True)
class UnitReview:
    """How many cells of a unit's month wait for the office or differ; whether it was sent back."""

    unverified: int = 0
    differing: int = 0
    returned: bool = False


@act("viewer", own=own_unit)
def review(office: Office, unit: str, month: Month) -> Review:
    """What is to be reviewed of a unit's month. Raises StateError for an unknown unit."""
    found = sheet(office, unit, month)
    events = event_counts(office.ledger, unit)
    return Review(
        unit=found.unit,
        month=month,
        rows=tuple(
            ReviewRow(
                indicator,
                item,
                field,
                _side(found, "claim", item, field),
                _side(found, "verify", item, field),
                events.get((unit, str(month), item.id, field.name), 0),
            )
            for indicator in found.stage.indicators
            for item in found.open_items(indicator)
            for field in item.fields
        ),
        returns=returns(office, unit, month),
        confirmed=found.confirmed,
        sheet=found,
    )


@act("viewer", own=narrowed)
def review_counts(office: Office, month: Month) -> Mapping[str, UnitReview]:
    """What waits for the office by unit; units without observations in the month are left out.

    A reporter sees the own unit alone.
    """
    rows = office.ledger.rows("review_counts", month=str(month))
    person = office.person
    return {unit: UnitReview(*counts) for unit, *counts in rows if person.sees(unit)}


@act("reviewer", writes=True)
def accept_all(office: Office, unit: str, month: Month, as_of: Sequence[datetime] = ()) -> int:
    """Verifies every unverified claim of a unit's month as it is; how many there were. One act.

    With ``as_of``, the newest instant of what the person saw, a claim that came later is an error.
    Raises ObservationError if the month is confirmed.
    """
    found = review(office, unit, month).rows
    seen = [
        Observation(unit, month, row.item.id, row.field.name, "verify", row.claim.value, AS_CLAIMED)
        for row in found
        if row.claim is not None and row.verification is None
    ]
    later = [
        row
        for row in found
        if as_of and row.claim is not None and row.verification is None and row.claim.at > as_of[0]
    ]
    if later:
        labels = "、".join(row.item.label for row in later)
        what = f"{labels} 的自评在您查看之后又改过"
        raise StateError(Fault(unit, what, "看过新的自评后再接受"))
    if seen:
        record(office, seen)
    return len(seen)


@act("reviewer", writes=True)
def return_to_unit(
    office: Office, unit: str, month: Month, item: str, reason: str, deadline: str = ""
) -> Return:
    """Sends a unit's month (or one item of it) back with a reason and perhaps a deadline.

    Nothing that was reported changes: the unit reports anew. Raises StateError if the month is
    confirmed or there is nothing reported to send back.
    """
    try:
        row = _returned(office, unit, month, item, reason, deadline)
    except Refused as refused:
        raise StateError(refused.at("")) from None
    with office.ledger.act() as now:
        office.ledger.append("returned", [(unit, str(month), *row, office.who, now)])
    return Return(*row, office.who, now)


@act("viewer", own=own_unit)
def returns(office: Office, unit: str, month: Month) -> tuple[Return, ...]:
    """How often a unit's month was sent back, the newest first."""
    rows = office.ledger.rows("returns", unit=unit, month=str(month))
    return tuple(Return(*row) for row in rows)


def _returned(
    office: Office, unit: str, month: Month, item: str, reason: str, deadline: str
) -> tuple[str, str, str]:
    """Item, reason and deadline as they are kept. Raises Refused."""
    known = check.known_unit(office, unit)
    if item:
        check.known_item(office.rubric, item)
    found = review(office, unit, month)
    if found.confirmed is not None:
        raise check.confirmed_already(month, found.confirmed.by, found.confirmed.at)
    reported = [row for row in found.rows if row.claim and item in ("", row.item.id)]
    if not reported:
        what = f" {item} " if item else " "
        raise Refused(f"{known.name} {month}{what}没有上报，无可退回", "先等单位上报")
    why = printable(reason).strip()
    if not why:
        raise Refused("退回理由是空的", "写明要单位补什么、改什么")
    written = clean(printable(deadline))
    if not written:
        return item, why, ""
    day = day_of(written, [month.plus(later) for later in range(12)])
    if (day.year, day.month) < month:
        raise Refused(f"期限 {day} 早于 {month}", "写以后的日期，或不写期限")
    return item, why, day.isoformat()


def _side(found: Sheet, kind: Kind, item: Item, field: Field) -> Side | None:
    value = found.value(kind, item.id, field.name)
    if value is None:
        return None
    written = found.written[kind, (item.id, found.month, field.name)]
    return Side(value, written.note, written.by, written.at)
