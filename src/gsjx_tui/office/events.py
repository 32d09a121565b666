"""What may be registered 加扣分, and what was: the reading side of the register of events."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gsjx_tui.domain import Month, Points
from gsjx_tui.office.acts import act, narrowed, own_unit
from gsjx_tui.office.home import Office
from gsjx_tui.rubric.model import Field, Item, Stage


@dataclass(frozen=True)
class EventKind:
    """What can happen to a unit: the field it counts into, and the points of one of it.

    ``weight`` is None where the rule (a plugin's) doesn't say. Caps and floors may make it less.
    """

    item: Item
    field: Field
    label: str
    weight: Points | None

    @property
    def key(self) -> str:
        """The kind by one text: item and field."""
        return f"{self.item.id}:{self.field.name}"


@dataclass(frozen=True)
class Withdrawn:
    """Why an event no longer counts, who withdrew it and when (UTC)."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Event:
    """One registered event with its evidence; ``seq`` is its number in the register."""

    seq: int
    unit: str
    month: Month
    item: str
    field: str
    happened_on: str
    origin: str
    document: str
    file_name: str
    file_sha256: str
    kept_at: str
    note: str
    by: str
    at: datetime
    withdrawn: Withdrawn | None


def event_kinds(stage: Stage) -> tuple[EventKind, ...]:
    """The kinds of events of a stage, in the order of the rubric; each label only once."""
    places = [
        (item, field, _short_label(item, field))
        for item in stage.items
        if item.rule.counts_events
        for field in item.fields
    ]
    often = Counter(label for *_, label in places)
    return tuple(
        EventKind(
            item,
            field,
            label if often[label] == 1 else f"{label}（{item.label}）",
            getattr(item.params, "weights", {}).get(field.name),
        )
        for item, field, label in places
    )


def _short_label(item: Item, field: Field) -> str:
    """The item's label, or the field's where the item counts several things."""
    if len(item.fields) == 1:
        return item.label
    return field.label.removesuffix("次数") or item.label


@act("viewer", own=narrowed)
def events(office: Office, month: Month, unit: str = "", item: str = "") -> tuple[Event, ...]:
    """The events of a month (of one unit, of one item), newest first, withdrawn ones too."""
    person = office.person
    found = _events(office, month=str(month), unit=unit, item=item)
    return tuple(event for event in found if person.sees(event.unit))


@act("viewer", own=own_unit)
def events_behind(
    office: Office, unit: str, item: str, field: str, month: Month
) -> tuple[Event, ...]:
    """The standing events that a cell counts, newest first."""
    found = _events(office, month=str(month), unit=unit, item=item, field=field)
    return tuple(event for event in found if event.withdrawn is None)


def event_of(office: Office, seq: int) -> Event | None:
    """The event of a number, None if there is none."""
    return next(iter(_events(office, number=seq)), None) if seq > 0 else None


def _events(
    office: Office,
    *,
    month: str = "",
    unit: str = "",
    item: str = "",
    field: str = "",
    number: int = 0,
) -> tuple[Event, ...]:
    rows = office.ledger.rows(
        "events", month=month, unit=unit, item=item, field=field, number=number
    )
    return tuple(_event(row) for row in rows)


def _event(row: tuple[Any, ...]) -> Event:
    seq, unit, month, *told, reason, by, at = row
    withdrawn = None if reason is None else Withdrawn(reason, by, at)
    return Event(*(seq, unit, Month.parse(month), *told, withdrawn))
