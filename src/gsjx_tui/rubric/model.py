"""Stage, Indicator, Item, Observation, and what a scoring rule is (SPEC 2). Values, no I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as having
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from gsjx_tui.domain import ZERO, Campaign, Kind, Month, Points, Unit, Values

FieldKind = Literal["points", "count", "rate"]
Expectation = Literal["once", "monthly", "never"]
"""When a unit is expected to report: once a stage, in each open month, or only if something
happened."""

WORK = {"basic": "基础工作", "key": "重点工作", "effect": "活动成效"}
"""The kinds of work in a stage (SPEC 1)."""

LARGEST_COUNT = Decimal(99_999)
"""No county has more of anything a month; what is larger is a slip of the finger."""


@dataclass(frozen=True)
class Field:
    """One number observed of an item: its unit of measure and its bounds (both included)."""

    name: str
    label: str
    kind: FieldKind
    maximum: Decimal
    minimum: Decimal = ZERO


@dataclass(frozen=True)
class Observation:
    """What was seen of one field of one item, for one unit, in one month (SPEC 2)."""

    unit: str
    month: Month
    item: str
    field: str
    kind: Kind
    value: Decimal
    note: str = ""


@dataclass(frozen=True)
class Seen:
    """All that a rule may look at to say what an item is worth through a month.

    ``values`` holds the effective values by month, none later than ``through`` and none
    outside the months in which the item is open and the unit takes part. ``siblings`` is what the
    other items of the indicator are worth through the same month (for ``sample``), or those of
    the whole stage (for ``veto``).
    """

    values: Mapping[Month, Values]
    through: Month
    open_months: tuple[Month, ...]
    stage_months: tuple[Month, ...]
    unit_months: tuple[Month, ...]
    siblings: Points = ZERO

    def sum(self, field: str) -> Decimal:
        """The field added up over all months; a month without it counts as 0."""
        return sum((values.get(field, ZERO) for values in self.values.values()), ZERO)


@dataclass(frozen=True)
class Rule:
    """A scoring rule by name: its parameters, what is observed, what it is worth.

    ``params`` is a frozen dataclass; the keys of an item in ``stage.toml`` are its fields.
    The functions are pure. ``to_date`` gives points, rounded to the hundredth by the caller.
    ``check`` yields a sentence in Chinese for each parameter that can't be; ``together`` says
    in Chinese why the values of one month can't stand together, or nothing. With
    ``counts_events`` each field counts events that may be registered one by one. An item with
    ``needs_siblings`` is scored after the others of its indicator, one with ``needs_stage`` after
    all others of its stage.
    """

    params: type[Any]
    to_date: Callable[[Any, Seen], Points]
    nominal: Callable[[Any], Points]
    fields: Callable[[Any, tuple[Month, ...]], tuple[Field, ...]]
    expects: Callable[[Any], Expectation]
    check: Callable[[Any, tuple[Month, ...]], Iterator[str]]
    together: Callable[[Values], str | None] = lambda values: None
    needs_siblings: bool = False
    needs_stage: bool = False
    counts_events: bool = False


@dataclass(frozen=True)
class Item:
    """考核要点: one scoring line; the smallest thing observed, scored and posted.

    ``categories``: those whose units it is for; empty for all. ``coefficients`` by category and
    ``unit_coefficients`` by unit code multiply what the rule finds; the unit's comes first.
    """

    id: str
    label: str
    rule_name: str
    rule: Rule
    params: Any
    months: tuple[Month, ...]
    office: bool
    clause: str
    stage: str
    indicator: str
    fields: tuple[Field, ...]
    categories: tuple[str, ...] = ()
    coefficients: Mapping[str, Decimal] = having(default_factory=dict)
    unit_coefficients: Mapping[str, Decimal] = having(default_factory=dict)

    def applies_to(self, unit: Unit) -> bool:
        """Whether the unit is appraised by this item."""
        return self.is_for(unit.category)

    def is_for(self, category: str) -> bool:
        """Whether the units of a category are appraised by this item."""
        return not self.categories or category in self.categories

    def coefficient(self, unit: Unit) -> Decimal | None:
        """What the unit's points are multiplied by, None for nothing."""
        return self.unit_coefficients.get(unit.code, self.coefficients.get(unit.category))

    @property
    def nominal(self) -> Points:
        """The points the method gives to the item; 0 for a pure 加扣分 line."""
        return self.rule.nominal(self.params)

    @property
    def expects(self) -> Expectation:
        """When a report on the item is expected."""
        return self.rule.expects(self.params)

    def field(self, name: str) -> Field | None:
        """The field of that name, or None."""
        return next((f for f in self.fields if f.name == name), None)


@dataclass(frozen=True)
class Indicator:
    """考核指标: one circled entry of the method, with its nominal points."""

    id: str
    kind: Literal["basic", "key", "effect"]
    name: str
    points: Points
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Stage:
    """One stage of the campaign, its consecutive months and its nominal points."""

    id: str
    name: str
    points: Points
    months: tuple[Month, ...]
    indicators: tuple[Indicator, ...]

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All items of the stage in the order of the rubric."""
        return tuple(item for indicator in self.indicators for item in indicator.items)

    def months_through(self, month: Month) -> tuple[Month, ...]:
        """The months of the stage that are not later than ``month``."""
        return tuple(m for m in self.months if m <= month)


@dataclass(frozen=True)
class Rubric:
    """A campaign with all its stages, in order."""

    campaign: Campaign
    stages: tuple[Stage, ...]

    @cached_property
    def months(self) -> tuple[Month, ...]:
        """All months of the campaign in order."""
        return tuple(month for stage in self.stages for month in stage.months)

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """Every item by id."""
        return {item.id: item for stage in self.stages for item in stage.items}

    def stage(self, id: str) -> Stage | None:
        """The stage of that id, or None."""
        return next((stage for stage in self.stages if stage.id == id), None)

    def stage_of(self, month: Month) -> Stage | None:
        """The stage a month belongs to, or None outside the campaign."""
        return self._stage_by_month.get(month)

    @cached_property
    def _stage_by_month(self) -> Mapping[Month, Stage]:
        return {month: stage for stage in self.stages for month in stage.months}
