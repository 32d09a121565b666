"""Scoring rules that the methods of other offices use: judged, raters, veto.

Pure functions, as those of ``rules``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from gsjx_tui.domain import ZERO, Month, Points, Values, points
from gsjx_tui.rubric.model import LARGEST_COUNT, Field, Rule, Seen
from gsjx_tui.rubric.rules import not_negative

# judged 酌情扣分 --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """``base`` points less what is taken off by judgement, at most ``most`` each month.

    The points don't go below ``floor`` where there is one.
    """

    most: Points
    base: Points = ZERO
    floor: Points | None = None


def judged(params: Judged, seen: Seen) -> Points:
    """``base`` less the deductions of all months, not below the floor."""
    total = params.base - seen.sum("deducted")
    return total if params.floor is None else max(total, params.floor)


def _judged_check(params: Judged, months: tuple[Month, ...]) -> Iterator[str]:
    yield from not_negative(params, "most", "base")
    if params.floor is not None and params.floor > params.base:
        yield f"floor {params.floor} 大于 base {params.base}"


# raters 评委 -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Raters:
    """The mean of several raters' points, ``drop`` highest and as many lowest left out.

    With no more than twice ``drop`` ratings none is left out. The newest month counts.
    """

    max: Points
    raters: int
    drop: int = 1


def raters(params: Raters, seen: Seen) -> Points:
    """The mean of the newest month's ratings without the highest and lowest."""
    if not seen.values:
        return ZERO
    given = kept_ratings(params, seen.values[max(seen.values)])
    return sum(given, ZERO) / len(given) if given else ZERO


def kept_ratings(params: Raters, values: Values) -> list[Decimal]:
    """The ratings of a month that count, the lowest first."""
    given = sorted(values.values())
    return given[params.drop : -params.drop] if len(given) > 2 * params.drop > 0 else given


def _raters_fields(params: Raters, months: tuple[Month, ...]) -> tuple[Field, ...]:
    return tuple(
        Field(f"r{number}", f"评委{number}", "points", points(params.max))
        for number in range(1, params.raters + 1)
    )


def _raters_check(params: Raters, months: tuple[Month, ...]) -> Iterator[str]:
    yield from not_negative(params, "max", "drop")
    if not 1 <= params.raters <= _MOST_RATERS:
        yield f"raters {params.raters} 不在 1 到 {_MOST_RATERS} 之间"
    elif params.raters <= 2 * params.drop:
        left = f"{params.raters} 名评委去掉高低各 {params.drop} 个后没有剩下的"
        yield f"drop {params.drop} 太大，{left}"


_MOST_RATERS = 30


# veto 一票否决 ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Veto:
    """One case is enough: the unit keeps ``keeps`` points of the stage at most."""

    keeps: Points = ZERO


def veto(params: Veto, seen: Seen) -> Points:
    """Takes the stage down to what it keeps, from the first month with a case on."""
    if seen.sum("count") == 0:
        return ZERO
    return -max(ZERO, seen.siblings - params.keeps)


def _veto_check(params: Veto, months: tuple[Month, ...]) -> Iterator[str]:
    yield from not_negative(params, "keeps")


OTHER_RULES: Mapping[str, Rule] = {
    "judged": Rule(
        params=Judged,
        to_date=judged,
        nominal=lambda params: points(params.base),
        fields=lambda params, months: (Field("deducted", "扣分", "points", points(params.most)),),
        expects=lambda params: "never",
        check=_judged_check,
    ),
    "raters": Rule(
        params=Raters,
        to_date=raters,
        nominal=lambda params: points(params.max),
        fields=_raters_fields,
        expects=lambda params: "once",
        check=_raters_check,
    ),
    "veto": Rule(
        params=Veto,
        to_date=veto,
        nominal=lambda params: ZERO,
        fields=lambda params, months: (Field("count", "次数", "count", LARGEST_COUNT),),
        expects=lambda params: "never",
        check=_veto_check,
        needs_stage=True,
        counts_events=True,
    ),
}
"""These rules by the name that ``stage.toml`` uses."""
