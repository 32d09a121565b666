"""A unit's month as it is typed in: cells claimed and verified, and what they are worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from gsjx_tui.documents.tables import clean
from gsjx_tui.domain import ZERO, Kind, Month, Points, Unit
from gsjx_tui.errors import ObservationError
from gsjx_tui.office import check
from gsjx_tui.office.acts import act, own_unit
from gsjx_tui.office.check import Refused, stage_in
from gsjx_tui.office.facts import Cells, Confirmed, cells_of_stage, confirmations, no_cells
from gsjx_tui.office.home import Office
from gsjx_tui.rubric.model import Field, Indicator, Item, Observation, Stage
from gsjx_tui.rubric.score import Cell, effective, to_date


@dataclass(frozen=True)
class Written:
    """Who wrote a cell and when (UTC), with the note."""

    by: str
    at: datetime
    note: str


@dataclass(frozen=True)
class SheetPoints:
    """What the sheet is worth: items and indicators to date, the month, the stage to date."""

    items: Mapping[str, Points]
    indicators: Mapping[str, Points]
    month: Points
    stage: Points


@dataclass(frozen=True)
class Sheet:
    """One unit in one month. ``cells`` holds the whole stage: earlier months count too."""

    unit: Unit
    month: Month
    stage: Stage
    cells: Cells
    written: Mapping[tuple[Kind, Cell], Written]
    confirmed: Confirmed | None

    def open_items(self, indicator: Indicator) -> tuple[Item, ...]:
        """The items of an indicator that are observed in the month."""
        return tuple(
            item
            for item in indicator.items
            if self.month in item.months and item.applies_to(self.unit)
        )

    def value(self, kind: Kind, item: str, field: str) -> Decimal | None:
        """The newest value of a cell in the month, None if there is none."""
        return self.cells[kind].get((item, self.month, field))

    def known_at(self, seen: Observation) -> datetime | None:
        """The instant of what this sheet shows in the cell of an observation; None if empty."""
        written = self.written.get((seen.kind, (seen.item, seen.month, seen.field)))
        return written.at if written is not None else None

    def earlier(self, item: str, field: str) -> tuple[Month, Decimal] | None:
        """The newest effective value of a field in an earlier month of the stage."""
        for month in reversed(self.stage.months):
            cell = (item, month, field)
            if month < self.month:
                for kind in ("verify", "claim"):
                    if cell in self.cells[kind]:
                        return month, self.cells[kind][cell]
        return None

    def with_observation(self, seen: Observation) -> Sheet:
        """The sheet as it is once the observation stands."""
        return self.with_value(seen.kind, seen.item, seen.field, seen.value)

    def with_value(self, kind: Kind, item: str, field: str, value: Decimal | None) -> Sheet:
        """The sheet with another value in a cell of the month; None empties it."""
        cells: Cells = {kind: dict(values) for kind, values in self.cells.items()}
        cells[kind].pop((item, self.month, field), None)
        if value is not None:
            cells[kind][item, self.month, field] = value
        return Sheet(self.unit, self.month, self.stage, cells, self.written, self.confirmed)


def closed(sheet: Sheet) -> str:
    """Why a sheet takes no more observations, and the remedy; '' while its month is open."""
    if sheet.confirmed is None:
        return ""
    return str(check.confirmed_already(sheet.month, sheet.confirmed.by, sheet.confirmed.at).at(""))


@act("viewer", own=own_unit)
def sheet(office: Office, code: str, month: Month) -> Sheet:
    """The sheet of a unit's month. Raises StateError for an unknown unit."""
    unit = office.unit(code)
    stage = stage_in(office.rubric, month)
    rows = office.ledger.rows("newest_cells", first=str(month), through=str(month), unit=code)
    written: dict[tuple[Kind, Cell], Written] = {
        (kind, (item, month, field)): Written(by, at, note)
        for _, _, item, field, kind, _, note, by, at in rows
    }
    return Sheet(
        unit=unit,
        month=month,
        stage=stage,
        cells=cells_of_stage(office.ledger, stage, code).get(code, no_cells()),
        written=written,
        confirmed=confirmations(office.ledger, code).get(code, {}).get(month),
    )


def worth(office: Office, sheet: Sheet) -> SheetPoints:
    """What a sheet is worth as it stands, in points. Pure: touches no ledger."""
    values = effective(sheet.cells, office.settings)
    now = to_date(sheet.stage, sheet.unit, values, sheet.month, office.adjust)
    total = sum(now.values(), ZERO)
    before = ZERO
    if sheet.month > sheet.stage.months[0]:
        earlier = to_date(sheet.stage, sheet.unit, values, sheet.month.plus(-1), office.adjust)
        before = sum(earlier.values(), ZERO)
    return SheetPoints(
        items=now,
        indicators={
            indicator.id: sum((now[item.id] for item in indicator.items), ZERO)
            for indicator in sheet.stage.indicators
        },
        month=total - before,
        stage=total,
    )


def typed(
    office: Office, sheet: Sheet, item: Item, field: Field, kind: Kind, text: str
) -> tuple[Observation, Sheet]:
    """What a person typed into a cell: the observation, and the sheet as it would then be.

    Pure, for every keystroke. Raises ObservationError with the reason; ``record`` looks into the
    ledger once more when the cell is left.
    """
    try:
        if sheet.confirmed is not None:
            raise check.confirmed_already(sheet.month, sheet.confirmed.by, sheet.confirmed.at)
        check.check_open(sheet.unit, item, sheet.month, kind)
        value = check.value_of(field, clean(text))
        seen = Observation(sheet.unit.code, sheet.month, item.id, field.name, kind, value)
        after = sheet.with_observation(seen)
        check.check_together(item, check.merged(after.cells, item, sheet.month, kind))
        check.check_plugins(office, seen)
    except Refused as refused:
        raise ObservationError(refused.at("")) from None
    return seen, after
