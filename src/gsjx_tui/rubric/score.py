"""What a unit is worth through a month, and the postings a confirmation owes (SPEC 2, 3, 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple, Protocol

from gsjx_tui.domain import ZERO, Kind, Month, Points, Settings, Unit, Values, points
from gsjx_tui.errors import Fault, RubricError
from gsjx_tui.rubric.model import Item, Observation, Seen, Stage

Cell = tuple[str, Month, str]
"""Item id, month, field."""

Effective = Mapping[str, Mapping[Month, Values]]
"""Item id -> month -> field -> the effective value, for one unit."""

ToDate = dict[str, Points]
"""Item id -> points from the start of the stage through a month."""


class Adjust(Protocol):
    """A say in scoring one item: gets what the rule found, answers what shall count."""

    def __call__(
        self, item: Item, unit: Unit, month: Month, values: Mapping[Month, Values], points: Points
    ) -> Points:
        """The points that shall count."""
        ...


def newest(observations: Iterable[Observation]) -> dict[Kind, dict[Cell, Decimal]]:
    """The newest value of each cell by kind, observations given in the order of recording."""
    cells: dict[Kind, dict[Cell, Decimal]] = {"claim": {}, "verify": {}}
    for seen in observations:
        cells[seen.kind][seen.item, seen.month, seen.field] = seen.value
    return cells


def effective(cells: Mapping[Kind, Mapping[Cell, Decimal]], settings: Settings) -> Effective:
    """The verification where there is one, else the claim (SPEC 2), field by field.

    With ``unverified_claims = "reject"`` a claim alone counts as no observation (SPEC 7.6).
    """
    claims = cells["claim"] if settings.unverified_claims == "accept" else {}
    merged = {**claims, **cells["verify"]}
    values: dict[str, dict[Month, dict[str, Decimal]]] = {}
    for (item, month, field), value in merged.items():
        values.setdefault(item, {}).setdefault(month, {})[field] = value
    return values


def to_date(
    stage: Stage, unit: Unit, values: Effective, through: Month, adjust: Adjust | None = None
) -> ToDate:
    """What each item of the stage is worth through a month, in points to the hundredth.

    Observations later than ``through``, outside the item's months or outside the months in
    which the unit takes part don't count. ``adjust`` is the plugins' say in each item.
    """
    scores = scored(stage, unit, values, through, adjust)
    worth = {score.item.id: score.points for score in scores}
    return {item.id: worth[item.id] for item in stage.items}


class Scored(NamedTuple):
    """One item as it was scored: what the rule looked at, what counts after the plugins' say."""

    item: Item
    seen: Seen
    points: Points
    coefficient: Decimal | None


def scored(
    stage: Stage, unit: Unit, values: Effective, through: Month, adjust: Adjust | None = None
) -> Iterator[Scored]:
    """Scores the items of a stage one after the other; those that look at others come last.

    An item that isn't for the unit's category is worth 0. A coefficient multiplies what the rule
    found, before the plugins have their say.
    """
    unit_months = tuple(m for m in stage.months_through(through) if unit.takes_part(m))
    whole = ZERO

    def one(item: Item, siblings: Points) -> Scored:
        applies = item.applies_to(unit)
        seen = Seen(
            values=_counted(item, values.get(item.id, {}), unit_months) if applies else {},
            through=through,
            open_months=item.months,
            stage_months=stage.months,
            unit_months=unit_months,
            siblings=siblings,
        )
        if not applies:
            return Scored(item, seen, ZERO, None)
        coefficient = item.coefficient(unit)
        found = _exact(item, item.rule.to_date(item.params, seen))
        found = points(found if coefficient is None else found * coefficient)
        if adjust is not None:
            found = points(adjust(item, unit, through, seen.values, found))
        return Scored(item, seen, found, coefficient)

    for indicator in stage.indicators:
        siblings = ZERO
        for item in sorted(indicator.items, key=lambda item: item.rule.needs_siblings):
            if not item.rule.needs_stage:
                score = one(item, siblings)
                siblings += score.points
                yield score
        whole += siblings
    for item in stage.items:
        if item.rule.needs_stage:
            score = one(item, whole)
            whole += score.points
            yield score


def _counted(
    item: Item, by_month: Mapping[Month, Values], unit_months: tuple[Month, ...]
) -> Mapping[Month, Values]:
    if not by_month:
        return by_month
    return {
        month: by_month[month]
        for month in unit_months
        if month in by_month and month in item.months
    }


def _exact(item: Item, found: object) -> Decimal:
    if not isinstance(found, Decimal):
        what = f"给 {item.id} 的分不是 Decimal：{found!r}"
        raise RubricError(Fault(f"计分规则 {item.rule_name}", what, "改正插件的 gsjx_rules"))
    return found


def owed(worth: ToDate, posted: Mapping[str, Points]) -> dict[str, Points]:
    """What must still be posted so that the postings reach ``worth``; nothing where they do."""
    differences = {item: value - posted.get(item, ZERO) for item, value in worth.items()}
    return {item: points for item, points in differences.items() if points != 0}
