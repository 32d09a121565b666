"""Comparing 对比: a few units side by side, where the points between them were lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from gsjx_tui.domain import ZERO, Month, Points, Unit
from gsjx_tui.office.acts import act
from gsjx_tui.office.home import Office
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
    """Units side by side through a month, the best first; ``trend`` by unit and month.

    ``categories`` names those that the units belong to.
    """

    through: Month
    units: tuple[Unit, ...]
    categories: tuple[str, ...]
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


@act("viewer")
def compare(office: Office, codes: Sequence[str], through: Month) -> Comparison:
    """Compares units by stage and indicator through a month. Raises StateError."""
    units = [office.unit(code) for code in codes]
    posted: dict[str, dict[str, Points]] = {}
    for code, item, points in office.ledger.rows(
        "points_of", units=list(codes), through=str(through)
    ):
        posted.setdefault(code, {})[item] = points
    totals = {unit.code: sum(posted.get(unit.code, {}).values(), ZERO) for unit in units}
    units.sort(key=lambda unit: -totals[unit.code])
    by_unit = [posted.get(unit.code, {}) for unit in units]
    stages = []
    for stage in office.rubric.stages:
        if stage.months[0] > through:
            continue
        lines = tuple(
            ComparedLine(
                id=indicator.id,
                name=indicator.name,
                clause=indicator.items[0].clause,
                nominal=indicator.points,
                points=tuple(
                    sum((has.get(item.id, ZERO) for item in indicator.items), ZERO)
                    for has in by_unit
                ),
            )
            for indicator in stage.indicators
        )
        stages.append(ComparedStage(_sum(stage.id, stage.name, stage.points, lines), lines))
    campaign = campaign_facts(office.ledger)
    months = trend_months(campaign, through)
    ids = {unit.category for unit in units}
    return Comparison(
        through=through,
        units=tuple(units),
        categories=tuple(known.name for known in campaign.categories if known.id in ids),
        total=_sum(
            "total",
            "累计",
            sum((stage.line.nominal for stage in stages), ZERO),
            tuple(stage.line for stage in stages),
            len(units),
        ),
        stages=tuple(stages),
        months=months,
        trend=trend(office.ledger, months, next(iter(ids)) if len(ids) == 1 else ""),
    )


def _sum(
    id: str, name: str, nominal: Points, lines: Sequence[ComparedLine], units: int = 0
) -> ComparedLine:
    """The sum of lines, unit by unit."""
    columns = zip(*(line.points for line in lines), strict=True)
    points = tuple(sum(column, ZERO) for column in columns)
    return ComparedLine(id, name, "", nominal, points or (ZERO,) * units)
