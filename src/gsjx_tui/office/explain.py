"""Explaining 得分说明: why a unit has its points for one item, from evidence to posting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from gsjx_tui.domain import ZERO, Kind, Month, Points, Unit
from gsjx_tui.errors import StateError
from gsjx_tui.office.acts import act, own_unit
from gsjx_tui.office.card import ItemHistory, Posted, Seen, history
from gsjx_tui.office.check import Refused, known_item
from gsjx_tui.office.facts import cells_of_stage, confirmations, no_cells
from gsjx_tui.office.home import Office
from gsjx_tui.rubric.explain import adjusted, steps, words
from gsjx_tui.rubric.model import Indicator, Item, Stage
from gsjx_tui.rubric.score import effective, scored
from gsjx_tui.rubric.steps import TOTAL, Step

Agreement = Literal["not_begun", "not_confirmed", "agrees", "differs"]
"""Whether what is posted is what the explanation comes to."""


@dataclass(frozen=True)
class Look:
    """One field in one month: the newest claim and verification, and the value that counts.

    ``earlier`` holds what was recorded before and replaced, oldest first.
    """

    month: Month
    label: str
    claim: Seen | None
    verify: Seen | None
    counts: Decimal | None
    earlier: tuple[Seen, ...]


@dataclass(frozen=True)
class Explanation:
    """Everything about one unit's item through a month.

    ``through`` isn't later than the item's stage. ``steps`` end in the total; empty before the
    stage begins. ``confirmed`` holds the months of the stage through it that are confirmed.
    """

    unit: Unit
    stage: Stage
    indicator: Indicator
    item: Item
    through: Month
    rule: str
    looks: tuple[Look, ...]
    steps: tuple[Step, ...]
    postings: tuple[Posted, ...]
    confirmed: tuple[Month, ...]
    agreement: Agreement

    @property
    def total(self) -> Points:
        """What the steps come to."""
        return (self.steps[-1].points or ZERO) if self.steps else ZERO

    @property
    def posted(self) -> Points:
        """What is posted through the month."""
        return sum((posted.points for posted in self.postings), ZERO)

    @property
    def bounds(self) -> tuple[Step, ...]:
        """The caps and floors that took effect."""
        return tuple(step for step in self.steps if step.bound)


@act("viewer", own=own_unit)
def explain(office: Office, unit: str, item: str, through: Month) -> Explanation:
    """How a unit's points for an item come about through a month. Raises StateError."""
    chosen, found = office.unit(unit), _item(office, item)
    stage = office.rubric.stage(found.stage)
    assert stage is not None
    indicator = next(i for i in stage.indicators if i.id == found.indicator)
    last = min(through, stage.months[-1])
    begun = last >= stage.months[0]
    events = history(office, unit, item)
    confirmed = confirmations(office.ledger, unit).get(unit, {})
    lines = _steps(office, chosen, stage, found, last) if begun else ()
    postings = tuple(posted for posted in events.postings if posted.month <= last)
    taken_part = [m for m in stage.months_through(last) if chosen.takes_part(m)]
    agreement: Agreement = "not_begun"
    if begun:
        total = lines[-1].points or ZERO
        agrees = total == sum((posted.points for posted in postings), ZERO)
        agreement = "agrees" if agrees else "differs"
        if any(month not in confirmed for month in taken_part):
            agreement = "not_confirmed"
    return Explanation(
        unit=chosen,
        stage=stage,
        indicator=indicator,
        item=found,
        through=last,
        rule=words(found.rule, found.rule_name, found.params, found.fields, stage.months),
        looks=_looks(office, found, events, last),
        steps=lines,
        postings=postings,
        confirmed=tuple(m for m in stage.months_through(last) if m in confirmed),
        agreement=agreement,
    )


def _item(office: Office, id: str) -> Item:
    try:
        return known_item(office.rubric, id)
    except Refused as refused:
        raise StateError(refused.at("")) from None


def _steps(
    office: Office, unit: Unit, stage: Stage, item: Item, through: Month
) -> tuple[Step, ...]:
    cells = cells_of_stage(office.ledger, stage, unit.code).get(unit.code, no_cells())
    values = effective(cells, office.settings)
    score = next(
        score
        for score in scored(stage, unit, values, through, office.adjust)
        if score.item.id == item.id
    )
    if not item.applies_to(unit):
        return (Step("不考核本单位所在的类别", ZERO), Step(TOTAL, ZERO))
    lines = steps(item.rule, item.rule_name, item.params, score.seen)
    return adjusted(lines, score.points, score.coefficient)


def _looks(office: Office, item: Item, events: ItemHistory, through: Month) -> tuple[Look, ...]:
    found = []
    for month in sorted({seen.month for seen in events.observations if seen.month <= through}):
        for field in item.fields:
            here = [s for s in events.observations if (s.month, s.field) == (month, field.name)]
            if not here:
                continue
            claim, verify = _newest(here, "claim"), _newest(here, "verify")
            accepted = claim if office.settings.unverified_claims == "accept" else None
            counts = verify or accepted
            found.append(
                Look(
                    month=month,
                    label=field.label,
                    claim=claim,
                    verify=verify,
                    counts=counts.value if counts else None,
                    earlier=tuple(s for s in here if s is not claim and s is not verify),
                )
            )
    return tuple(found)


def _newest(seen: Sequence[Seen], kind: Kind) -> Seen | None:
    return next((s for s in reversed(seen) if s.kind == kind and not s.withdrawn), None)
