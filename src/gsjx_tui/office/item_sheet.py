"""One item, or a whole indicator, in one month over all units: columns to type in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from gsjx_tui.domain import ZERO, Kind, Month, Points
from gsjx_tui.errors import StateError
from gsjx_tui.office import check
from gsjx_tui.office.acts import act, narrowed
from gsjx_tui.office.check import Refused, stage_in
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
        """Whether a filter finds it: part of its label, id or indicator's name, or its initials."""
        wanted = text.strip().lower()
        found = wanted in self.item.label or wanted in self.item.id.lower()
        return found or wanted in self.initials or wanted in self.indicator.name


@dataclass(frozen=True)
class ItemSheet:
    """One item, or with ``item`` None a whole indicator, in a month: a sheet for each unit.

    The sheets, in roster order, hold the cells of the indicator alone: no more counts for its
    points. ``points`` are what the item or the indicator is worth to date, by unit.
    """

    month: Month
    stage: Stage
    item: Item | None
    units: tuple[Sheet, ...]
    points: Mapping[str, Points]
    initials: Mapping[str, str]

    @property
    def indicator(self) -> Indicator:
        """The indicator that is shown, or that of the item."""
        return self.stage.indicators[0]

    @property
    def id(self) -> str:
        """What ``item_sheet`` is asked for to get it again."""
        return self.item.id if self.item is not None else self.indicator.id

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The items to type in: the one, or all of the indicator that are observed in the month."""
        if self.item is not None:
            return (self.item,)
        return tuple(item for item in self.indicator.items if self.month in item.months)

    @cached_property
    def confirmed(self) -> int:
        """How many of the units are confirmed."""
        return sum(sheet.confirmed is not None for sheet in self.units)


@act("viewer", own=narrowed)
def open_items(office: Office, month: Month) -> tuple[OpenItem, ...]:
    """The items that are observed in a month, in the order of the rubric."""
    stage = stage_in(office.rubric, month)
    initials: dict[str, str] = dict(office.ledger.rows("item_initials"))
    return tuple(
        OpenItem(item, indicator, initials.get(item.id, ""))
        for indicator in stage.indicators
        for item in indicator.items
        if month in item.months
    )


@act("viewer")
def item_sheet(office: Office, id: str, month: Month, category: str = "") -> ItemSheet:
    """An item or an indicator over the units (of a category) that take part in the month.

    ``id`` is that of the one or the other. Raises StateError for an unknown one, or one that
    isn't observed in the month.
    """
    stage, item = _asked_for(office, id, month)
    shown = stage.items if item is None else (item,)
    cells, written = _cells(office, stage, month)
    sheets: list[Sheet] = []
    initials: dict[str, str] = {}
    rows = office.ledger.rows("units_of_month", month=str(month), category=category)
    for code, letters, by, at in rows:
        unit = office.unit_by_code.get(code)
        if unit is not None and any(one.applies_to(unit) for one in shown):
            confirmed = Confirmed(by, at) if by is not None else None
            found = cells.get(code, no_cells())
            sheets.append(Sheet(unit, month, stage, found, written.get(code, {}), confirmed))
            initials[code] = letters
    points = {sheet.unit.code: item_worth(office, sheet, item) for sheet in sheets}
    return ItemSheet(month, stage, item, tuple(sheets), points, initials)


def item_worth(office: Office, sheet: Sheet, item: Item | None) -> Points:
    """What the item, or with None all of the sheet's stage, is worth to date for one unit.

    Reckons with the sheet as it stands. Touches no ledger.
    """
    values = effective(sheet.cells, office.settings)
    worth = to_date(sheet.stage, sheet.unit, values, sheet.month, office.adjust)
    return worth[item.id] if item is not None else sum(worth.values(), ZERO)


def _asked_for(office: Office, id: str, month: Month) -> tuple[Stage, Item | None]:
    """The stage cut down to the indicator, and the item unless the whole indicator is meant."""
    try:
        stage = stage_in(office.rubric, month)
        for indicator in stage.indicators:
            if indicator.id == id:
                if any(month in item.months for item in indicator.items):
                    return replace(stage, indicators=(indicator,)), None
                raise Refused(f"{id} 在 {month} 不考核", "换一个考核指标")
        item = check.known_item(office.rubric, id)
        if month not in item.months:
            raise Refused(f"{id} 在 {month} 不考核", "换一个考核要点")
    except Refused as refused:
        raise StateError(refused.at("")) from None
    return _indicator_alone(office, item), item


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
