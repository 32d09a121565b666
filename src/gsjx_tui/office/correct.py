"""Correcting a confirmed month 更正: a verification with a reason, and new postings (SPEC 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gsjx_tui.documents.tables import clean
from gsjx_tui.domain import Month, Points, Unit, Values
from gsjx_tui.errors import Fault, ObservationError, StateError
from gsjx_tui.harmless import printable
from gsjx_tui.office import check
from gsjx_tui.office.acts import act
from gsjx_tui.office.check import Refused
from gsjx_tui.office.facts import (
    Cells,
    cells_of_stage,
    confirmations,
    no_cells,
    posted_in_stage,
)
from gsjx_tui.office.home import Office
from gsjx_tui.office.record import append_observations
from gsjx_tui.rubric.model import Item, Observation, Stage
from gsjx_tui.rubric.score import effective, owed, to_date


@dataclass(frozen=True)
class CorrectionPosting:
    """Points that a correction posts for one item in one month."""

    month: Month
    item: Item
    points: Points


@dataclass(frozen=True)
class Correction:
    """What was corrected and what it posted, by month and item."""

    unit: Unit
    item: Item
    month: Month
    postings: tuple[CorrectionPosting, ...]


@dataclass(frozen=True)
class Correctable:
    """An item of a unit with the values that count now, in each month that can be corrected."""

    unit: Unit
    item: Item
    values: Mapping[Month, Values]

    def likely(self, wanted: Month | None) -> Month:
        """The month that a person who looks at ``wanted`` means: where the record stands.

        The wanted one if it has a record, else the newest before it that has, else any that has.
        """
        recorded = [month for month, values in self.values.items() if values]
        before = [month for month in recorded if wanted is None or month <= wanted]
        if recorded:
            return max(before or recorded)
        return wanted if wanted is not None and wanted in self.values else max(self.values)


@act("viewer")
def correctable(office: Office, unit: str, item: str) -> Correctable:
    """What of an item can be corrected: its months that are confirmed. Raises StateError."""
    try:
        chosen, place = office.unit(unit), check.known_item(office.rubric, item)
    except Refused as refused:
        raise StateError(refused.at("")) from None
    stage = office.rubric.stage(place.stage)
    assert stage is not None
    cells = cells_of_stage(office.ledger, stage, unit).get(unit, no_cells())
    values = effective(cells, office.settings).get(item, {})
    confirmed = confirmations(office.ledger, unit).get(unit, {})
    months = [m for m in place.months if m in confirmed and chosen.takes_part(m)]
    return Correctable(chosen, place, {month: values.get(month, {}) for month in months})


@act(lambda arguments: "viewer" if arguments.get("dry_run") else "lead", writes=True)
def correct(
    office: Office,
    unit: str,
    item: str,
    month: str,
    values: Mapping[str, str],
    reason: str,
    *,
    dry_run: bool = False,
) -> Correction:
    """Corrects fields of one item in a confirmed month, as written by a person.

    Adds a verification and posts, for that month and each later confirmed month of the stage,
    the difference of every item that changed. One transaction; with ``dry_run`` nothing is
    added, only shown. Raises StateError if the month isn't confirmed, ObservationError if a
    value can't be.
    """
    found, seen = prepared(office, unit, item, month, values, reason)
    if not dry_run:
        with office.ledger.act() as now:
            post(office, found, seen, now)
    return found


def prepared(
    office: Office, unit: str, item: str, month: str, values: Mapping[str, str], reason: str
) -> tuple[Correction, Sequence[Observation]]:
    """What a correction would post and the verifications it adds; raises as ``correct`` does."""
    try:
        seen = _observations(office, unit, item, month, values, reason)
    except Refused as refused:
        raise ObservationError(refused.at("")) from None
    chosen, place, when = office.unit(unit), office.rubric.items[item], seen[0].month
    stage = office.rubric.stage_of(when)
    assert stage is not None
    cells = cells_of_stage(office.ledger, stage, unit).get(unit, no_cells())
    for observation in seen:
        cells["verify"][item, when, observation.field] = observation.value
    try:
        check.check_together(place, check.merged(cells, place, when, "verify"))
        for observation in seen:
            check.check_plugins(office, observation)
    except Refused as refused:
        raise ObservationError(refused.at("")) from None
    postings = _postings(office, chosen, stage, when, cells)
    off = office.plugins.blocking(stage.id)  # asked last: a plugin may have failed just now
    if off:
        raise StateError.of(off)
    return Correction(chosen, place, when, tuple(postings)), seen


def post(office: Office, correction: Correction, seen: Sequence[Observation], now: datetime) -> int:
    """Appends a prepared correction within an act; the number of its first verification."""
    first = office.ledger.head("observation").seq + 1
    append_observations(office, seen, "correct", now)
    office.ledger.append(
        "posting",
        (
            (
                correction.unit.code,
                str(posting.month),
                posting.item.id,
                posting.points,
                "correct",
                seen[0].note,
                office.who,
                now,
            )
            for posting in correction.postings
        ),
    )
    return first


def _observations(
    office: Office, code: str, id: str, text: str, values: Mapping[str, str], reason: str
) -> Sequence[Observation]:
    """The verifications that a correction adds. Raises Refused, or StateError if it is open."""
    unit = check.known_unit(office, code)
    month = check.known_month(office.rubric, text)
    item = check.known_item(office.rubric, id)
    check.check_open(unit, item, month, "verify")
    why = printable(reason).strip()
    if not why:
        raise Refused("更正理由是空的", "写明更正的理由，它会随记账保存")
    if month not in confirmations(office.ledger, code).get(code, {}):
        raise StateError(
            Fault(
                f"{code} {unit.name}",
                f"{month} 还没有核定，不需要更正",
                "直接录入复核：gsjx import --kind verify，或录入界面",
            )
        )
    if not values:
        raise Refused("没有写要更正的字段", "写明字段和新的数值")
    seen = []
    for name, value in values.items():
        field = check.known_field(item, name)
        number = check.value_of(field, clean(value))
        seen.append(Observation(code, month, id, name, "verify", number, why))
    return seen


def _postings(
    office: Office, unit: Unit, stage: Stage, start: Month, cells: Cells
) -> list[CorrectionPosting]:
    """Owed in the corrected month and in each later confirmed month of the stage."""
    confirmed = confirmations(office.ledger, unit.code)[unit.code]
    by_month = posted_in_stage(office.ledger, stage, unit.code).get(unit.code, {})
    values = effective(cells, office.settings)
    posted: dict[str, Points] = {}
    postings = []
    for month in stage.months:
        for item, points in by_month.get(month, {}).items():
            posted[item] = posted.get(item, Points(0)) + points
        if month < start or month not in confirmed:
            continue
        for item, points in owed(
            to_date(stage, unit, values, month, office.adjust), posted
        ).items():
            posted[item] = posted.get(item, Points(0)) + points
            postings.append(CorrectionPosting(month, office.rubric.items[item], points))
    return postings
