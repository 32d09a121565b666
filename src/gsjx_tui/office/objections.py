"""Objections 申诉 of units to what they got, and their clocks: the reading side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from gsjx_tui.domain import ZERO, Month, Points
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.office.acts import act, narrowed
from gsjx_tui.office.home import Office
from gsjx_tui.office.rank import campaign_facts, ranking, scope_of

Decision = Literal["upheld", "partly", "rejected"]
DECISION_NAMES: dict[Decision, str] = {
    "upheld": "成立",
    "partly": "部分成立",
    "rejected": "不成立",
}

Status = Literal["open", "taken", "decided", "withdrawn"]
STATUS_NAMES: dict[Status, str] = {
    "open": "待受理",
    "taken": "办理中",
    "decided": "已决定",
    "withdrawn": "已撤回",
}


@dataclass(frozen=True)
class Closed:
    """How an objection ended: ``what`` decided or withdrawn; ``correction`` numbers the first
    observation of the correction it led to, 0 for none.
    """

    what: Literal["decided", "withdrawn"]
    decision: Literal["", "upheld", "partly", "rejected"]
    text: str
    correction: int
    by: str
    at: datetime


@dataclass(frozen=True)
class Objection:
    """A unit's objection to an item of a confirmed month; ``number`` is its own in the ledger.

    ``due``: the day by which it shall be decided; ``days`` how long it has been open (or was).
    """

    number: int
    unit: str
    name: str
    month: Month
    item: str
    label: str
    grounds: str
    filed_on: date
    due: date
    by: str
    at: datetime
    handler: str
    taken_at: datetime | None
    closed: Closed | None
    days: int

    @property
    def status(self) -> Status:
        """Where it is on its way."""
        if self.closed is not None:
            return self.closed.what
        return "taken" if self.handler else "open"

    @property
    def is_open(self) -> bool:
        """Nobody has ended it yet."""
        return self.closed is None

    @property
    def overdue(self) -> bool:
        """It took longer than it should (or does)."""
        return self.filed_on + timedelta(days=self.days) > self.due


@dataclass(frozen=True)
class DecisionEffect:
    """What a decision changed, through the month objected to: the item's points, the unit's points
    to date and its rank in the category.
    """

    item_before: Points
    item_after: Points
    points_before: Points
    points_after: Points
    rank_before: int
    rank_after: int


@act("viewer", own=narrowed)
def objections(
    office: Office,
    unit: str = "",
    month: str = "",
    *,
    only_open: bool = False,
    today: date | None = None,
) -> tuple[Objection, ...]:
    """Objections (of one unit, of one month), oldest first; a reporter sees those of the own unit.

    ``today``: the day on which the clocks are read, by default the one it is.
    """
    person = office.person
    found = _objections(office, unit=unit, month=month, today=today)
    return tuple(one for one in found if person.sees(one.unit) and (one.is_open or not only_open))


@act("viewer", own=narrowed)
def objection(office: Office, number: int, *, today: date | None = None) -> Objection:
    """One objection by its number. Raises StateError if there is none (to be seen)."""
    found = _objections(office, number=number, today=today) if number > 0 else ()
    if not found or not office.person.sees(found[0].unit):
        raise StateError(Fault("", f"没有申诉第 {number} 号", "用 gsjx objections 查看编号"))
    return found[0]


@act("viewer", own=narrowed)
def decision_effect(office: Office, number: int) -> DecisionEffect:
    """What a decision changed, as it was known just before it and with it. Raises StateError."""
    found = objection(office, number)
    if found.closed is None or found.closed.what != "decided":
        raise StateError(Fault(f"申诉第 {number} 号", "还没有决定", "先作出决定"))
    at = found.closed.at
    before, after = at - timedelta(microseconds=1), at
    campaign = campaign_facts(office.ledger)
    scope = scope_of(campaign, str(found.month))
    was, now = (
        next(row for row in ranking(office.ledger, scope, as_of=when) if row.unit == found.unit)
        for when in (before, after)
    )
    rows = office.ledger.rows("postings_of", unit=found.unit, item=found.item)
    item_was, item_now = (
        sum((row[1] for row in rows if row[0] <= str(found.month) and row[5] <= when), ZERO)
        for when in (before, after)
    )
    return DecisionEffect(item_was, item_now, was.points, now.points, was.rank, now.rank)


def open_objections(ledger: Ledger, first: Month, through: Month) -> list[tuple[int, str, Month]]:
    """Number, unit and month of every open objection about these months."""
    rows = ledger.rows("objections", unit="", month="", number=0)
    return [
        (row[0], row[1], Month.parse(row[3]))
        for row in rows
        if row[12] is None and str(first) <= row[3] <= str(through)
    ]


def _objections(
    office: Office, *, unit: str = "", month: str = "", number: int = 0, today: date | None = None
) -> tuple[Objection, ...]:
    rows = office.ledger.rows("objections", unit=unit, month=month, number=number)
    return tuple(_objection(office, row, today or date.today()) for row in rows)


def _objection(office: Office, row: tuple[Any, ...], today: date) -> Objection:
    seq, unit, name, month, item, label, grounds, filed_on, by, at, handler, taken, *end = row
    filed = date.fromisoformat(filed_on)
    closed = None if end[0] is None else Closed(*end)
    until = closed.at.date() if closed is not None else today
    return Objection(
        number=seq,
        unit=unit,
        name=name,
        month=Month.parse(month),
        item=item,
        label=label,
        grounds=grounds,
        filed_on=filed,
        due=filed + timedelta(days=office.settings.objection_days),
        by=by,
        at=at,
        handler=handler or "",
        taken_at=taken,
        closed=closed,
        days=max((until - filed).days, 0),
    )
