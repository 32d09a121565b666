"""The scoring rules of SPEC 3: pure functions of what was seen, one per rule, in a table by name.

Each function answers what an item is worth from the start of its stage through a month
(``to_date``), in points. Nothing here knows a unit, a ledger or a screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from gsjx_tui.domain import ZERO, Month, Points, Values, points
from gsjx_tui.rubric.model import LARGEST_COUNT, Field, Rule, Seen

Per = Literal["stage", "month"]
BaseStands = Literal["first_month", "accrued", "last_month"]
HUNDRED = Decimal(100)


# graded 评分 -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Graded:
    """``max`` points; with ``monthly`` in equal slots, one for each month the item is open."""

    max: Points
    monthly: bool = False


def graded(params: Graded, seen: Seen) -> Points:
    """The newest points by month, or the sum of the monthly slots."""
    if params.monthly:
        return seen.sum("points")
    if not seen.values:
        return ZERO
    return seen.values[max(seen.values)].get("points", ZERO)


def _graded_fields(params: Graded, months: tuple[Month, ...]) -> tuple[Field, ...]:
    maximum = points(params.max / len(months)) if params.monthly else points(params.max)
    return (Field("points", "得分", "points", maximum),)


def _graded_check(params: Graded, months: tuple[Month, ...]) -> Iterator[str]:
    yield from not_negative(params, "max")
    if params.monthly and points(params.max / len(months)) * len(months) != params.max:
        yield f"满分 {params.max} 按 {len(months)} 个月均分除不尽到百分位，应改满分或月份"


# quota 篇数 ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Quota:
    """``target`` pieces a month for ``max`` points a stage; missing and extra pieces count.

    ``pool`` says whether missing pieces eat up the points of the whole stage so far or of their
    own month only (SPEC 7.2); ``cap_per`` whether ``surplus_cap`` holds for the stage or for
    each month (SPEC 7.3).
    """

    max: Points
    target: int
    shortfall: Points
    surplus: Points
    surplus_cap: Points
    pool: Per = "stage"
    cap_per: Per = "stage"


def quota(params: Quota, seen: Seen) -> Points:
    """Points accrued by month, less missing pieces (not below 0), plus capped extra pieces."""
    target = Decimal(params.target)
    counts = [seen.values.get(month, {}).get("count", ZERO) for month in seen.unit_months]
    missing = [max(ZERO, target - count) for count in counts]
    extra = [max(ZERO, count - target) for count in counts]
    share = params.max / len(seen.stage_months)
    if params.pool == "stage":
        accrued = params.max * len(counts) / len(seen.stage_months)
        kept = max(ZERO, accrued - params.shortfall * sum(missing, ZERO))
    else:
        kept = sum((max(ZERO, share - params.shortfall * m) for m in missing), ZERO)
    return kept + _capped([params.surplus * e for e in extra], params.surplus_cap, params.cap_per)


def _quota_check(params: Quota, months: tuple[Month, ...]) -> Iterator[str]:
    yield from not_negative(params, "max", "target", "shortfall", "surplus", "surplus_cap")


# tally 计次 ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """A count per weight, added to ``base``, held by ``cap`` and ``floor``.

    ``cap_per``: the cap holds for the stage or for each month (SPEC 7.3). ``base_stands``: from
    the first month, in equal shares, or in the last month (SPEC 7.5). ``names`` are the fields'
    labels on screens and papers.
    """

    weights: Mapping[str, Points]
    base: Points = ZERO
    cap: Points | None = None
    floor: Points | None = None
    cap_per: Per = "stage"
    base_stands: BaseStands = "first_month"
    names: Mapping[str, str] | None = None


def tally(params: Tally, seen: Seen) -> Points:
    """``base + Σ weight × count``, then not above the cap and not below the floor."""
    by_month = [
        sum((weight * values.get(name, ZERO) for name, weight in params.weights.items()), ZERO)
        for values in seen.values.values()
    ]
    if params.cap is not None and params.cap_per == "month":
        by_month = [min(points, params.cap) for points in by_month]
    total = _base(params, seen) + sum(by_month, ZERO)
    if params.cap is not None and params.cap_per == "stage":
        total = min(total, params.cap)
    return total if params.floor is None else max(total, params.floor)


def _base(params: Tally, seen: Seen) -> Points:
    if params.base_stands == "first_month":
        return params.base
    if params.base_stands == "last_month":
        return params.base if seen.through >= seen.stage_months[-1] else ZERO
    return params.base * len(seen.unit_months) / len(seen.stage_months)


def _tally_fields(params: Tally, months: tuple[Month, ...]) -> tuple[Field, ...]:
    names = params.names or {}
    return tuple(
        Field(name, names.get(name, "次数"), "count", LARGEST_COUNT) for name in params.weights
    )


def _tally_check(params: Tally, months: tuple[Month, ...]) -> Iterator[str]:
    yield from not_negative(params, "base")
    if not params.weights:
        yield "weights 为空，至少要有一种计次及其分值"
    if params.cap is not None and params.floor is not None and params.floor > params.cap:
        yield f"floor {params.floor} 大于 cap {params.cap}"
    for name in params.names or {}:
        if name not in params.weights:
            yield f"names 中的 {name} 不在 weights 中"


# threshold 达标 --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Threshold:
    """``max`` points for a rate of at least ``at_least`` per cent."""

    max: Points
    at_least: Decimal


def threshold(params: Threshold, seen: Seen) -> Points:
    """All or nothing by the newest rate; 以上 includes the bound itself."""
    if not seen.values:
        return ZERO
    rate = seen.values[max(seen.values)].get("rate", ZERO)
    return params.max if rate >= params.at_least else ZERO


def _threshold_check(params: Threshold, months: tuple[Month, ...]) -> Iterator[str]:
    yield from not_negative(params, "max", "at_least")
    if params.at_least > HUNDRED:
        yield f"at_least {params.at_least} 超过 100"


# sample 抽查 -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """``weight`` points off for each negative answer, down to 0 of the whole indicator."""

    weight: Points


def sample(params: Sample, seen: Seen) -> Points:
    """Takes its indicator down, at most to 0."""
    return -min(params.weight * seen.sum("negative"), max(ZERO, seen.siblings))


def _sample_fields(params: Sample, months: tuple[Month, ...]) -> tuple[Field, ...]:
    return (
        Field("sampled", "抽查人数", "count", LARGEST_COUNT, minimum=Decimal(1)),
        Field("negative", "不达标人数", "count", LARGEST_COUNT),
    )


def _sample_together(values: Values) -> str | None:
    if "negative" in values and "sampled" not in values:
        return "填了不达标人数，没有抽查人数"
    if values.get("negative", ZERO) > values.get("sampled", ZERO):
        return f"不达标人数 {values['negative']:.0f} 多于抽查人数 {values['sampled']:.0f}"
    return None


def _sample_check(params: Sample, months: tuple[Month, ...]) -> Iterator[str]:
    yield from not_negative(params, "weight")


# -----------------------------------------------------------------------------------------------


def _capped(by_month: list[Points], cap: Points, per: Per) -> Points:
    if per == "month":
        return sum((min(points, cap) for points in by_month), ZERO)
    return min(cap, sum(by_month, ZERO))


def not_negative(params: object, *names: str) -> Iterator[str]:
    """What is wrong with parameters that are below zero."""
    for name in names:
        if getattr(params, name) < 0:
            yield f"{name} 不能为负数"


SPEC_RULES: Mapping[str, Rule] = {
    "graded": Rule(
        params=Graded,
        to_date=graded,
        nominal=lambda params: points(params.max),
        fields=_graded_fields,
        expects=lambda params: "monthly" if params.monthly else "once",
        check=_graded_check,
    ),
    "quota": Rule(
        params=Quota,
        to_date=quota,
        nominal=lambda params: points(params.max),
        fields=lambda params, months: (Field("count", "篇数", "count", LARGEST_COUNT),),
        expects=lambda params: "monthly",
        check=_quota_check,
    ),
    "tally": Rule(
        params=Tally,
        to_date=tally,
        nominal=lambda params: points(params.base),
        fields=_tally_fields,
        expects=lambda params: "never",
        check=_tally_check,
        counts_events=True,
    ),
    "threshold": Rule(
        params=Threshold,
        to_date=threshold,
        nominal=lambda params: points(params.max),
        fields=lambda params, months: (Field("rate", "百分率", "rate", HUNDRED),),
        expects=lambda params: "once",
        check=_threshold_check,
    ),
    "sample": Rule(
        params=Sample,
        to_date=sample,
        nominal=lambda params: ZERO,
        fields=_sample_fields,
        expects=lambda params: "never",
        check=_sample_check,
        together=_sample_together,
        needs_siblings=True,
    ),
}
"""The rules of SPEC 3 by the name that ``stage.toml`` uses (``shipped.RULES`` has all)."""
