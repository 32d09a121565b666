"""What the ledger holds, as values of the domain: the reading side that the use cases share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from gsjx_tui.domain import Kind, Month, Points
from gsjx_tui.rubric.model import Stage
from gsjx_tui.rubric.score import Cell

if TYPE_CHECKING:
    from gsjx_tui.ledger.ledger import Ledger

Cells = dict[Kind, dict[Cell, Decimal]]
"""Kind -> cell -> newest value, of one unit."""


@dataclass(frozen=True)
class Confirmed:
    """Who confirmed a unit's month and when (UTC)."""

    by: str
    at: datetime


def no_cells() -> Cells:
    """Nothing observed."""
    return {"claim": {}, "verify": {}}


def cells_of_stage(ledger: Ledger, stage: Stage, unit: str = "") -> dict[str, Cells]:
    """The newest values of the stage by unit (one or all); a unit without any is left out."""
    found: dict[str, Cells] = {}
    months = {str(month): month for month in stage.months}
    rows = ledger.rows(
        "newest_cells", first=str(stage.months[0]), through=str(stage.months[-1]), unit=unit
    )
    for code, month, item, field, kind, value, *_ in rows:
        found.setdefault(code, no_cells())[kind][item, months[month], field] = value
    return found


def posted_in_stage(
    ledger: Ledger, stage: Stage, unit: str = ""
) -> dict[str, dict[Month, dict[str, Points]]]:
    """Points posted in the stage by unit, month and item."""
    found: dict[str, dict[Month, dict[str, Points]]] = {}
    months = {str(month): month for month in stage.months}
    rows = ledger.rows(
        "posted", first=str(stage.months[0]), through=str(stage.months[-1]), unit=unit
    )
    for code, item, month, points in rows:
        found.setdefault(code, {}).setdefault(months[month], {})[item] = points
    return found


def posted_through(
    by_month: Mapping[Month, Mapping[str, Points]], through: Month
) -> dict[str, Points]:
    """Points posted by item in all months not later than ``through``."""
    total: dict[str, Points] = {}
    for month, by_item in by_month.items():
        if month <= through:
            for item, points in by_item.items():
                total[item] = total.get(item, Decimal(0)) + points
    return total


def confirmations(ledger: Ledger, unit: str = "") -> dict[str, dict[Month, Confirmed]]:
    """Every confirmation by unit (one or all) and month."""
    found: dict[str, dict[Month, Confirmed]] = {}
    parse = cache(Month.parse)  # few months, many rows
    for code, month, by, at in ledger.rows("confirmations", unit=unit):
        found.setdefault(code, {})[parse(month)] = Confirmed(by, at)
    return found


def event_counts(ledger: Ledger, unit: str = "") -> dict[tuple[str, str, str, str], int]:
    """How many standing events count into each (unit, month, item, field) that has any."""
    return {tuple(cell): events for *cell, events in ledger.rows("event_counts", unit=unit)}
