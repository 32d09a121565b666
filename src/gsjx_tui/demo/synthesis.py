"""Made-up observations of one unit in one month, as an office might have seen them.

Everything is a pure function of seed, unit, item and month: the same seed gives the same figures,
and what one unit does never depends on another. Floats only steer chance; values are Decimal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from random import Random

from gsjx_tui.domain import Kind, Month, Unit
from gsjx_tui.rubric.model import Field, Item, Observation, Stage

_TYPICAL = {"economy": 0.88, "support": 0.86, "central": 0.90, "township": 0.84}
"""How good the units of a category are on average (others: 0.86)."""

_EVIDENCE = ("办发〔2013〕{}号", "活动简报第{}期", "会议记录{}份", "见附件{}", "材料共{}页")
_CUT = ("佐证不全，核减", "现场核对少于所报", "材料迟于截止日期，核减", "与台账不符，核减")
_KEPT = ("核对属实", "现场查看属实", "")
_SHARE_OF_SAMPLES = 0.3
_SHARE_OF_NOTES = 0.4


@dataclass(frozen=True)
class Nature:
    """What a unit is like, hidden behind its observations; each about 0 to 1."""

    quality: float
    optimism: float
    diligence: float


@cache
def nature(seed: int, unit: Unit) -> Nature:
    """The nature of a unit."""
    chance = Random(f"{seed}/{unit.code}")
    typical = _TYPICAL.get(unit.category, 0.86)
    return Nature(
        quality=_within(chance.gauss(typical, 0.05), 0.6, 0.98),
        optimism=_within(chance.gauss(0.04, 0.03), 0, 0.12),
        diligence=_within(chance.gauss(0.9, 0.07), 0.6, 0.99),
    )


def claims(seed: int, unit: Unit, stage: Stage, month: Month) -> list[Observation]:
    """What the unit reports of itself in a month 自评: a little better than it is."""
    return [
        seen
        for item in stage.items
        if not item.office and month in item.months
        for seen in _seen(seed, unit, item, month, nature(seed, unit).optimism)
    ]


def office_sightings(seed: int, unit: Unit, stage: Stage, month: Month) -> list[Observation]:
    """What only the office knows of the unit in a month: rare faults, samples, reviews."""
    return [
        seen
        for item in stage.items
        if item.office and month in item.months
        for seen in _seen(seed, unit, item, month, 0)
    ]


def verifications(
    seed: int, unit: Unit, stage: Stage, claimed: Sequence[Observation]
) -> list[Observation]:
    """A check of every claim 复核: what it should have been; never more than was claimed."""
    items = {item.id: item for item in stage.items}
    checked = []
    for claim in claimed:
        honest = {
            seen.field: seen.value for seen in _seen(seed, unit, items[claim.item], claim.month, 0)
        }
        value = min(claim.value, honest.get(claim.field, Decimal(0)))
        chance = Random(f"{seed}/{unit.code}/{claim.item}/{claim.month}/check")
        note = chance.choice(_CUT if value < claim.value else _KEPT)
        checked.append(
            Observation(claim.unit, claim.month, claim.item, claim.field, "verify", value, note)
        )
    return checked


def _seen(
    seed: int, unit: Unit, item: Item, month: Month, optimism: float
) -> Iterator[Observation]:
    """The fields of one item in one month, if there is anything to see; better by optimism."""
    chance = Random(f"{seed}/{unit.code}/{item.id}/{month}")
    quality = _within(chance.gauss(nature(seed, unit).quality, 0.08), 0.3, 1)
    diligence = nature(seed, unit).diligence
    values: dict[str, Decimal] = {}
    if item.rule_name == "sample":
        values = _sampled(chance, item, month, quality)
    elif item.rule_name == "tally":
        for name, weight in item.params.weights.items():
            if chance.random() < _rarely(float(weight), quality):
                values[name] = Decimal(chance.choice((1, 1, 1, 2)))
    elif item.expects == "monthly" or month == _month_of_report(seed, unit, item, diligence):
        for field in item.fields:
            values[field.name] = _measured(chance, field, quality, optimism, diligence)
    kind: Kind = "verify" if item.office else "claim"
    for name, value in values.items():
        noted = kind == "claim" and chance.random() < _SHARE_OF_NOTES
        note = chance.choice(_EVIDENCE).format(chance.randint(1, 60)) if noted else ""
        yield Observation(unit.code, month, item.id, name, kind, value, note)


def _month_of_report(seed: int, unit: Unit, item: Item, diligence: float) -> Month | None:
    """When the unit reports an item that is due once a stage; None if it forgets to."""
    chance = Random(f"{seed}/{unit.code}/{item.id}")
    months = [month for month in item.months if unit.takes_part(month)]
    if item.office:
        return months[-1]
    return chance.choice(months) if chance.random() < 0.9 + diligence / 10 else None


def _measured(
    chance: Random, field: Field, quality: float, optimism: float, diligence: float
) -> Decimal:
    if field.kind == "count":
        pieces = (0, 1, 2, 3, 4)
        late = 1 - diligence
        weights = (late / 3, late, 3 * diligence / 4, diligence / 6, diligence / 12)
        return Decimal(chance.choices(pieces, weights)[0])
    if field.kind == "rate":
        return _rounded(_within(72 + 24 * (quality + optimism), 0, 100), Decimal("0.1"))
    step = Decimal(1) if 5 <= field.maximum < 50 else Decimal("0.5")
    worth = float(field.maximum) * _within(quality + optimism, 0, 1)
    return min(field.maximum, _rounded(worth, step))


def _sampled(chance: Random, item: Item, month: Month, quality: float) -> dict[str, Decimal]:
    """In the last month of a stage the office asks people about some of the units."""
    if month != item.months[-1] or chance.random() > _SHARE_OF_SAMPLES:
        return {}
    asked = chance.choice((10, 10, 20))
    negative = sum(chance.random() < (1 - quality) / 4 for _ in range(asked))
    return {"sampled": Decimal(asked), "negative": Decimal(negative)}


def _rarely(weight: float, quality: float) -> float:
    """How likely a counted event is in a month: the dearer, the rarer."""
    return (0.6 * quality if weight > 0 else 1.6 * (1 - quality)) / weight**2


def _rounded(value: float, step: Decimal) -> Decimal:
    return round(value / float(step)) * step


def _within(value: float, least: float, most: float) -> float:
    return max(least, min(most, value))
