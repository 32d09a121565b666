"""One item in one month over all units, as a column to type in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from gsjx_tui.domain import Kind, Month, Points
from gsjx_tui.errors import StateError
from gsjx_tui.office import check
from gsjx_tui.office.acts import act, narrowed
from gsjx_tui.office.check import Refused
from gsjx_tui.office.facts import Cells, Confirmed, no_cells
from gsjx_tui.office.home import Office
from gsjx_tui.office.sheet import Sheet, Written
from gsjx_tui.rubric.model import Indicator, Item, Stage
from gsjx_tui.rubric.score import Cell, effective, to_date


@dataclass(frozen=True)
class OpenItem:
    """An item that is observed in a month, with the pinyin initials of its label."""

    item: Item
    indicator: Indicator
    initials: str

    def matches(self, text: str) -> bool:
        """Whether a filter finds it: part of its label or id, or its initials."""
        wanted = text.strip().lower()
        found = wanted in self.item.label or wanted in self.item.id.lower()
        return found or wanted in self.initials


@dataclass(frozen=True)
class ItemSheet:
    """One item and month: a sheet for each unit, in roster order.

    The sheets hold the cells of the item's indicator alone: no more counts for its points.
    """

    month: Month
    stage: Stage
    item: Item
    units: tuple[Sheet, ...]
    points: Mapping[str, Points]
    initials: Mapping[str, str]

    @cached_property
    def confirmed(self) -> int:
        """How many of the units are confirmed."""
        return sum(sheet.confirmed is not None for sheet in self.units)


@act("viewer", own=narrowed)
def open_items(office: Office, month: Month) -> tuple[OpenItem, ...]:
    """The items that are observed in a month, in the order of the rubric."""
    stage = office.rubric.stage_of(month)
    assert stage is not None
    initials: dict[str, str] = dict(office.ledger.rows("item_initials"))
    return tuple(
        OpenItem(item, indicator, initials.get(item.id, ""))
        for indicator in stage.indicators
        for item in indicator.items
        if month in item.months
    )


@act("viewer")
def item_sheet(office: Office, id: str, month: Month, category: str = "") -> ItemSheet:
    """The sheet of an item over the units (of a category) that take part in the month.

    Raises StateError for an unknown item, or one that isn't observed in the month.
    """
    try:
        item = check.known_item(office.rubric, id)
        if month not in item.months:
            raise Refused(f"{id} 在 {month} 不考核", "换一个考核要点")
    except Refused as refused:
        raise StateError(refused.at("")) from None
    stage = _indicator_alone(office, item)
    cells, written = _cells(office, stage, month)
    sheets: list[Sheet] = []
    initials: dict[str, str] = {}
    rows = office.ledger.rows("units_of_month", month=str(month), category=category)
    for code, letters, by, at in rows:
        unit = office.unit_by_code.get(code)
        if unit is not None and item.applies_to(unit):
            confirmed = Confirmed(by, at) if by is not None else None
            found = cells.get(code, no_cells())
            sheets.append(Sheet(unit, month, stage, found, written.get(code, {}), confirmed))
            initials[code] = letters
    points = {sheet.unit.code: item_worth(office, sheet, item) for sheet in sheets}
    return ItemSheet(month, stage, item, tuple(sheets), points, initials)


def item_worth(office: Office, sheet: Sheet, item: Item) -> Points:
    """What the item is worth to date for one unit as its sheet stands. Touches no ledger."""
    values = effective(sheet.cells, office.settings)
    stage = _indicator_alone(office, item)
    return to_date(stage, sheet.unit, values, sheet.month, office.adjust)[item.id]


def _indicator_alone(office: Office, item: Item) -> Stage:
    """The stage cut down to the item's indicator, unless the item looks at the whole stage."""
    stage = office.rubric.stage(item.stage)
    assert stage is not None
    if item.rule.needs_stage:
        return stage
    return replace(stage, indicators=tuple(i for i in stage.indicators if i.id == item.indicator))


def _cells(
    office: Office, stage: Stage, month: Month
) -> tuple[dict[str, Cells], dict[str, dict[tuple[Kind, Cell], Written]]]:
    """The newest values of the stage by unit, and who wrote those of the month."""
    cells: dict[str, Cells] = {}
    written: dict[str, dict[tuple[Kind, Cell], Written]] = {}
    months = {str(month): month for month in stage.months}
    rows = office.ledger.rows(
        "newest_cells_of_items",
        first=str(stage.months[0]),
        through=str(stage.months[-1]),
        items=[item.id for item in stage.items],
    )
    for code, text, item, field, kind, value, note, by, at in rows:
        cell = (item, months[text], field)
        cells.setdefault(code, no_cells())[kind][cell] = value
        if months[text] == month:
            written.setdefault(code, {})[kind, cell] = Written(by, at, note)
    return cells, written
