"""What a result table states (method 三（三）): units by rank in their category, ranks by month.

``results_write`` makes the workbook of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gsjx_tui.documents.mark import Mark
from gsjx_tui.domain import Month, Points

TREND, CHARTS = "名次走势", "图表"
"""The sheets beside those of the categories."""
FIRST_ROW = 4
"""Of every table, under title, scope and headings; counted from 1."""


@dataclass(frozen=True)
class ResultRow:
    """A unit's place in its category; ``previous_*``, ``moved`` and ``gap`` None where there is
    none. ``moved`` is positive for places gained, ``gap`` in points to the next better place."""

    rank: int
    unit: str
    name: str
    points: Points
    previous_rank: int | None = None
    previous_points: Points | None = None
    moved: int | None = None
    gap: Points | None = None
    confirmed: bool = True


@dataclass(frozen=True)
class UnitTrend:
    """A unit's ranks, one for each month of the results; None where it didn't take part."""

    unit: str
    name: str
    ranks: tuple[int | None, ...]


@dataclass(frozen=True)
class CategoryResult:
    """One category: its rows by rank, its trends in any order."""

    name: str
    rows: tuple[ResultRow, ...]
    trends: tuple[UnitTrend, ...]


@dataclass(frozen=True)
class Results:
    """A ranking as it is handed out. ``scope`` says what is added up, for people; ``months`` are
    those of the trends."""

    campaign: str
    scope: str
    months: tuple[Month, ...]
    categories: tuple[CategoryResult, ...]
    mark: Mark
    printed: date
