"""Registering events 加扣分登记: each counts once, with its evidence, into the tally of its month.

The verification of a cell with registered events is their count: registering and withdrawing
record it in the same transaction, and ``record`` takes no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from gsjx_tui.domain import ZERO, Kind, Month, Points, Unit
from gsjx_tui.errors import Fault, NotPermitted, ObservationError, StateError
from gsjx_tui.harmless import printable
from gsjx_tui.office import check
from gsjx_tui.office.acts import act
from gsjx_tui.office.check import Refused
from gsjx_tui.office.event_draft import (
    EventDraft,
    EventError,
    Evidence,
    cell_of,
    evidence_of,
    ready,
)
from gsjx_tui.office.events import Event, event_of, events_behind
from gsjx_tui.office.facts import confirmations, event_counts
from gsjx_tui.office.home import Office
from gsjx_tui.office.record import append_observations
from gsjx_tui.office.sheet import Sheet, sheet, worth
from gsjx_tui.rubric.model import Field, Item, Observation


class CountDiffers(StateError):
    """The cell has a number that the register didn't count; ``replacing`` puts the count there.

    ``kind`` and ``value`` are what stands there, ``count`` what it would become.
    """

    carried: ClassVar[Mapping[str, Any]] = {"kind": Kind, "value": Decimal, "count": int}

    def __init__(self, kind: Kind, value: Decimal, count: int) -> None:
        self.kind, self.value, self.count = kind, value, count
        name = check.KIND_NAMES[kind]
        super().__init__(
            Fault(
                "",
                f"本格已有{name} {check.short(value)}，不是由登记计数；登记后复核为 {count}",
                "确认改为登记的件数，或放弃",
            )
        )


@dataclass(frozen=True)
class Effect:
    """What one event more (or less) does: count and points of the item before and after."""

    kind: Kind | None
    value: Decimal
    count: int
    before: Points
    after: Points


@dataclass(frozen=True)
class Registered:
    """What was registered: its number, its cell, and the count that is now the verification."""

    seq: int
    unit: Unit
    item: Item
    field: Field
    month: Month
    count: int


def register(office: Office, draft: EventDraft, replacing: bool = False) -> Registered:
    """Registers an event and verifies its cell as the count. One transaction.

    Raises EventError with all faults, CountDiffers where a number typed by hand would be replaced
    (not with ``replacing``), NotPermitted if that is a verification and not theirs to make.
    """
    return register_proved(office, draft, evidence_of(draft), replacing)


@act("clerk", writes=True)
def register_proved(
    office: Office, draft: EventDraft, evidence: Evidence, replacing: bool = False
) -> Registered:
    """Registers an event whose file was looked at before (see ``register``)."""
    event = ready(office, draft, evidence)
    unit, item, field, month = event.unit, event.item, event.field, event.month
    before = _count(office, unit.code, month, item.id, field.name)
    found = sheet(office, unit.code, month)
    kind, value = _standing(found, item.id, field.name)
    typed_by_hand = value != before if kind == "verify" else value not in (before, before + 1)
    if kind is not None and typed_by_hand and not replacing:
        raise CountDiffers(kind, value, before + 1)
    if typed_by_hand and kind == "verify" and not office.person.records(unit.code, "verify"):
        what = f"本格的复核 {check.short(value)} 是复核员录入的，不能改为登记的件数"
        raise NotPermitted(Fault(office.person.called, what, "请复核员登记，或先由复核员清空该格"))
    seen = _counted(office, unit, month, item, field, before + 1)
    row = (unit.code, str(month), item.id, field.name, event.happened_on.isoformat(), *event.texts)
    with office.ledger.act() as now:
        office.ledger.append("event", [(*row, office.who, now)])
        append_observations(office, [seen], "entry", now)
    seq = office.ledger.head("event").seq
    return Registered(seq, unit, item, field, month, before + 1)


@act("clerk", writes=True)
def withdraw(office: Office, seq: int, reason: str) -> Registered:
    """Withdraws an event of a month that is still open; the count is verified anew.

    The event stays in the register with the reason. Raises StateError.
    """
    event = event_of(office, seq)
    if event is None:
        raise StateError(Fault("", f"没有登记第 {seq} 号", "在加扣分登记中查看编号"))
    place = f"登记第 {seq} 号"
    if event.withdrawn is not None:
        when = check.local(event.withdrawn.at)
        raise StateError(Fault(place, f"已由 {event.withdrawn.by} 于 {when} 撤回"))
    done = confirmations(office.ledger, event.unit).get(event.unit, {}).get(event.month)
    why = printable(reason).strip()
    try:
        if done is not None:
            raise check.confirmed_already(event.month, done.by, done.at)
        if not why:
            raise Refused("撤回理由是空的", "写明撤回的理由，它会随登记保存")
    except Refused as refused:
        raise StateError(refused.at(place)) from None
    unit, item = office.unit(event.unit), office.rubric.items[event.item]
    field = item.field(event.field)
    assert field is not None
    count = _count(office, event.unit, event.month, event.item, event.field) - 1
    seen = _counted(office, unit, event.month, item, field, count)
    row = (event.unit, str(event.month), "event", seq, why)
    with office.ledger.act() as now:
        office.ledger.append("withdrawal", [(*row, office.who, now)])
        append_observations(office, [seen], "entry", now)
    return Registered(seq, unit, item, field, event.month, count)


@act("viewer")
def effect(office: Office, unit: str, month: Month, item: str, field: str, by: int = 1) -> Effect:
    """What one event more (``by`` -1: less) would do to its item, in points through the month."""
    found = sheet(office, unit, month)
    kind, value = _standing(found, item, field)
    count = _count(office, unit, month, item, field) + by
    after = found.with_observation(Observation(unit, month, item, field, "verify", Decimal(count)))
    return Effect(
        kind,
        value,
        count,
        worth(office, found).items.get(item, ZERO),
        worth(office, after).items.get(item, ZERO),
    )


@dataclass(frozen=True)
class Judged:
    """A draft so far: its faults by field and, once its cell is known, what it would do there."""

    faults: Mapping[str, Fault]
    month: Month | None = None
    effect: Effect | None = None
    behind: tuple[Event, ...] = ()


def judge(office: Office, draft: EventDraft) -> Judged:
    """What is wrong with a draft, its effect, and the events that its cell already counts."""
    return judge_proved(office, draft, evidence_of(draft))


@act("clerk")
def judge_proved(office: Office, draft: EventDraft, evidence: Evidence) -> Judged:
    """Judges a draft whose file was looked at before (see ``judge``)."""
    faults: Mapping[str, Fault] = {}
    try:
        ready(office, draft, evidence)
    except EventError as error:
        faults = error.fields
    try:
        unit, item, field, month = cell_of(office, draft)
    except Refused:
        return Judged(faults)
    return Judged(
        faults,
        month,
        effect(office, unit.code, month, item.id, field.name),
        events_behind(office, unit.code, item.id, field.name, month),
    )


# counting --------------------------------------------------------------------------------------


def _count(office: Office, unit: str, month: Month, item: str, field: str) -> int:
    return event_counts(office.ledger, unit).get((unit, str(month), item, field), 0)


def _standing(found: Sheet, item: str, field: str) -> tuple[Kind | None, Decimal]:
    """What counts in a cell and of which kind; None and 0 for an empty one."""
    kinds: tuple[Kind, ...] = ("verify", "claim")
    for kind in kinds:
        value = found.value(kind, item, field)
        if value is not None:
            return kind, value
    return None, ZERO


def _counted(
    office: Office, unit: Unit, month: Month, item: Item, field: Field, count: int
) -> Observation:
    """The verification of a cell as its count. Raises ObservationError where a plugin objects."""
    note = f"加扣分登记 {count} 件"
    seen = Observation(unit.code, month, item.id, field.name, "verify", Decimal(count), note)
    try:
        check.check_plugins(office, seen)
    except Refused as refused:
        raise ObservationError(refused.at("")) from None
    return seen
