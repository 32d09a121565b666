"""What was sent back to units 退回: what is still out, and every version of what a unit claimed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from gsjx_tui.domain import Month
from gsjx_tui.office.acts import act, own_unit
from gsjx_tui.office.home import Office


@dataclass(frozen=True)
class OutReturn:
    """A month (``item`` empty) or item sent back and not answered yet, with its clock.

    ``days``: how long it has been out; ``overdue``: past its deadline, if it has one.
    """

    unit: str
    name: str
    month: Month
    item: str
    reason: str
    deadline: str
    by: str
    at: datetime
    days: int
    overdue: bool


@dataclass(frozen=True)
class ClaimVersion:
    """A value that a unit claimed once. ``version`` counts from 1, one more after each return;
    ``counts``: it is the one that stands now.
    """

    version: int
    item: str
    label: str
    field: str
    value: Decimal
    note: str
    by: str
    at: datetime
    counts: bool


@act("viewer")
def out_returns(
    office: Office, month: Month, *, today: date | None = None
) -> tuple[OutReturn, ...]:
    """What of a month was sent back and not answered, oldest first; clocks read on ``today``."""
    day = today or date.today()
    return tuple(
        OutReturn(
            unit=unit,
            name=office.unit(unit).name,
            month=month,
            item=item,
            reason=reason,
            deadline=deadline,
            by=by,
            at=at,
            days=max((day - at.date()).days, 0),
            overdue=bool(deadline) and day > date.fromisoformat(deadline),
        )
        for unit, item, reason, deadline, by, at in office.ledger.rows(
            "standing_returns", month=str(month)
        )
    )


@act("viewer", own=own_unit)
def claim_versions(office: Office, unit: str, month: Month) -> tuple[ClaimVersion, ...]:
    """All that a unit ever claimed of a month, oldest first: nothing is lost by a return."""
    office.unit(unit)
    rows = office.ledger.rows("claim_versions", unit=unit, month=str(month))
    return tuple(ClaimVersion(*row) for row in rows)
