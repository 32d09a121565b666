"""Comparing 对比: a few units side by side, where the points between them were lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from gsjx_tui.domain import Month, Points
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.office.card import Card, card
from gsjx_tui.office.rank import campaign_facts
from gsjx_tui.office.trend import Standing, trend, trend_months

MOST_MARKED = 3
"""How many of the largest differences are marked."""


@dataclass(frozen=True)
class ComparedLine:
    """A stage or an indicator: what each unit has of it, in the order of the units."""

    id: str
    name: str
    clause: str
    nominal: Points
    points: tuple[Points, ...]

    @property
    def behind(self) -> tuple[Points, ...]:
        """How far each unit is behind the best of them; 0 for the best."""
        return tuple(points - max(self.points) for points in self.points)

    @property
    def spread(self) -> Points:
        """From the best to the worst."""
        return max(self.points) - min(self.points)


@dataclass(frozen=True)
class ComparedStage:
    """A stage that has begun, with its indicators."""

    line: ComparedLine
    indicators: tuple[ComparedLine, ...]


@dataclass(frozen=True)
class Comparison:
    """Units side by side through a month, the best first; ``trend`` by unit and month."""

    through: Month
    cards: tuple[Card, ...]
    total: ComparedLine
    stages: tuple[ComparedStage, ...]
    months: tuple[Month, ...]
    trend: Mapping[str, Mapping[Month, Standing]]

    @property
    def largest(self) -> frozenset[str]:
        """The ids of the indicators that set the units apart most."""
        lines = chain.from_iterable(stage.indicators for stage in self.stages)
        apart = sorted((line for line in lines if line.spread), key=lambda line: -line.spread)
        return frozenset(line.id for line in apart[:MOST_MARKED])


def compare(ledger: Ledger, units: Sequence[str], through: Month) -> Comparison:
    """Compares units by stage and indicator through a month. Raises StateError."""
    found = [card(ledger, unit, str(through)) for unit in units]
    cards = tuple(sorted(found, key=lambda one: -one.points))
    months = trend_months(campaign_facts(ledger), through)
    categories = {one.category for one in cards}
    only = next(iter(categories)) if len(categories) == 1 else ""
    stages = []
    for same in zip(*(one.stages for one in cards), strict=True):
        if not same[0].begun:
            continue
        indicators = tuple(
            ComparedLine(
                id=alike[0].id,
                name=alike[0].name,
                clause=alike[0].items[0].clause,
                nominal=alike[0].nominal,
                points=tuple(indicator.points for indicator in alike),
            )
            for alike in zip(*(stage.indicators for stage in same), strict=True)
        )
        nominal = sum((line.nominal for line in indicators), Points(0))
        points = tuple(stage.points for stage in same)
        line = ComparedLine(same[0].id, same[0].name, "", nominal, points)
        stages.append(ComparedStage(line, indicators))
    return Comparison(
        through=through,
        cards=cards,
        total=ComparedLine(
            id="total",
            name="累计",
            clause="",
            nominal=sum((stage.line.nominal for stage in stages), Points(0)),
            points=tuple(one.points for one in cards),
        ),
        stages=tuple(stages),
        months=months,
        trend=trend(ledger, months, only),
    )
