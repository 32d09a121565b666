"""The rules of SPEC 3 in words, step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from gsjx_tui.domain import ZERO, Month, Points
from gsjx_tui.rubric.model import Field, Seen
from gsjx_tui.rubric.rules import Graded, Quota, Sample, Tally, Threshold
from gsjx_tui.rubric.steps import (
    Step,
    Steps,
    capped,
    floored,
    month_name,
    plain,
    signed,
)

# graded 评分 -----------------------------------------------------------------------------------


def _graded_words(params: Graded, fields: Mapping[str, Field], months: tuple[Month, ...]) -> str:
    if params.monthly:
        slot = f"，每月至多 {plain(fields['points'].maximum)}" if "points" in fields else ""
        return f"按月评分，满分 {plain(params.max)}{slot}，各月相加"
    return f"评分，满分 {plain(params.max)}，以最近一次为准"


def _graded(params: Graded, seen: Seen) -> tuple[Steps, Points]:
    if params.monthly:
        lines = []
        for month in seen.unit_months:
            if month in seen.values:
                value = seen.values[month].get("points", ZERO)
                lines.append(Step(f"{month_name(month)} 评 {plain(value)} 分", value))
            elif month in seen.open_months:
                lines.append(Step(f"{month_name(month)} 没有记录，计 0", ZERO))
        return lines, seen.sum("points")
    if not seen.values:
        return [Step("没有记录，计 0", ZERO)], ZERO
    newest = max(seen.values)
    value = seen.values[newest].get("points", ZERO)
    lines = [
        Step(f"{month_name(month)} 评 {plain(values.get('points', ZERO))} 分，后来另评，不再计")
        for month, values in sorted(seen.values.items())
        if month != newest
    ]
    return [*lines, Step(f"{month_name(newest)} 评 {plain(value)} 分", value)], value


# quota 篇数 ------------------------------------------------------------------------------------


def _quota_words(params: Quota, fields: Mapping[str, Field], months: tuple[Month, ...]) -> str:
    caps = "每月" if params.cap_per == "month" else "全阶段"
    pool = "当月的分" if params.pool == "month" else "已计的分"
    return (
        f"应报 {params.target} 篇/月，阶段满分 {plain(params.max)}（{len(months)} 个月均计）；"
        f"少一篇扣 {plain(params.shortfall)}，扣完{pool}为止；"
        f"多一篇加 {plain(params.surplus)}，{caps}至多加 {plain(params.surplus_cap)}"
    )


def _quota(params: Quota, seen: Seen) -> tuple[Steps, Points]:
    target, length = Decimal(params.target), len(seen.stage_months)
    share = params.max / length
    pooled = params.pool == "stage"
    kept, extra = ZERO, ZERO
    lines: Steps = []
    if pooled and seen.unit_months:
        count = len(seen.unit_months)
        kept = params.max * count / length
        lines.append(Step(f"计到 {count} 个月，每月 {plain(share)}", kept))
    missing = ZERO
    for month in seen.unit_months:
        count_of = seen.values.get(month, {}).get("count", ZERO)
        lacks, more = max(ZERO, target - count_of), max(ZERO, count_of - target)
        said = f"{month_name(month)} 应报 {params.target} 篇，报 {plain(count_of)} 篇"
        if month not in seen.values:
            said = f"{month_name(month)} 应报 {params.target} 篇，没有记录"
        missing += lacks
        if not pooled:
            left = max(ZERO, share - params.shortfall * lacks)
            kept += left
            lines.append(Step(f"{month_name(month)} 本月分", share))
            lines += _lacking(said, params, lacks, more)
            if left > share - params.shortfall * lacks:
                lines.append(floored(share - params.shortfall * lacks, "当月的分扣完为止"))
        else:
            lines += _lacking(said, params, lacks, more)
        if more:
            bonus = params.surplus * more
            text = f"{said}，多 {plain(more)} 篇，每篇加 {plain(params.surplus)}"
            lines.append(Step(text, bonus))
            if params.cap_per == "month" and bonus > params.surplus_cap:
                lines.append(capped(bonus, params.surplus_cap, "本月加分"))
                bonus = params.surplus_cap
            extra += bonus
    if pooled:
        before = kept - params.shortfall * missing
        if before < 0:
            lines.append(floored(before, f"少报扣分 {plain(kept - before)}，扣完为止"))
        kept = max(ZERO, before)
    if params.cap_per == "stage" and extra > params.surplus_cap:
        lines.append(capped(extra, params.surplus_cap, "加分"))
        extra = params.surplus_cap
    return lines, kept + extra


def _lacking(said: str, params: Quota, lacks: Decimal, more: Decimal) -> Steps:
    if lacks:
        text = f"{said}，缺 {plain(lacks)} 篇，每篇扣 {plain(params.shortfall)}"
        return [Step(text, -params.shortfall * lacks)]
    return [] if more else [Step(f"{said}，足额")]


# tally 计次 ------------------------------------------------------------------------------------

_BASE_STANDS = {
    "first_month": "",
    "accrued": "，按月均计",
    "last_month": "，末月才计",
}


def _tally_words(params: Tally, fields: Mapping[str, Field], months: tuple[Month, ...]) -> str:
    parts = [f"底分 {plain(params.base)}{_BASE_STANDS[params.base_stands]}"] if params.base else []
    parts += [
        f"{_label(params, name)}每次 {signed(weight)}" for name, weight in params.weights.items()
    ]
    if params.cap is not None:
        per = "每月" if params.cap_per == "month" else ""
        parts.append(f"{per}封顶 {plain(params.cap)}")
    if params.floor is not None:
        parts.append(f"低于 {plain(params.floor)} 按 {plain(params.floor)}")
    return "，".join(parts)


def _label(params: Tally, name: str) -> str:
    return (params.names or {}).get(name, "次数" if len(params.weights) == 1 else name)


def _tally(params: Tally, seen: Seen) -> tuple[Steps, Points]:
    total, lines = _base(params, seen)
    by_month = ZERO
    for month, values in sorted(seen.values.items()):
        gained = ZERO
        for name, weight in params.weights.items():
            count = values.get(name, ZERO)
            if count:
                text = f"{month_name(month)} {_label(params, name)} {plain(count)} 次"
                lines.append(Step(f"{text}，每次 {signed(weight)}", weight * count))
            gained += weight * count
        if params.cap is not None and params.cap_per == "month" and gained > params.cap:
            lines.append(capped(gained, params.cap, f"{month_name(month)} 合计"))
            gained = params.cap
        by_month += gained
    if not any(any(values.values()) for values in seen.values.values()):
        lines.append(Step("没有发生", ZERO))
    total += by_month
    if params.cap is not None and params.cap_per == "stage" and total > params.cap:
        lines.append(capped(total, params.cap, "合计"))
        total = params.cap
    if params.floor is not None and total < params.floor:
        floor = plain(params.floor)
        text = f"合计 {plain(total)}，低于 {floor} 按 {floor}"
        lines.append(Step(text, params.floor - total, bound=True))
        total = params.floor
    return lines, total


def _base(params: Tally, seen: Seen) -> tuple[Points, Steps]:
    if not params.base:
        return ZERO, []
    if params.base_stands == "first_month":
        return params.base, [Step("底分", params.base)]
    if params.base_stands == "last_month":
        if seen.through >= seen.stage_months[-1]:
            return params.base, [Step("底分，末月计入", params.base)]
        return ZERO, [Step(f"底分 {plain(params.base)} 到末月才计", ZERO)]
    count, length = len(seen.unit_months), len(seen.stage_months)
    base = params.base * count / length
    return base, [Step(f"底分 {plain(params.base)}，计到 {count} 个月（共 {length} 个月）", base)]


# threshold 达标 --------------------------------------------------------------------------------


def _threshold_words(
    params: Threshold, fields: Mapping[str, Field], months: tuple[Month, ...]
) -> str:
    return f"百分率达到 {plain(params.at_least)} 得 {plain(params.max)}，达不到得 0，以最近一次为准"


def _threshold(params: Threshold, seen: Seen) -> tuple[Steps, Points]:
    if not seen.values:
        return [Step("没有记录，计 0", ZERO)], ZERO
    newest = max(seen.values)
    lines = [
        Step(f"{month_name(month)} 百分率 {plain(values.get('rate', ZERO))}，后来另测，不再计")
        for month, values in sorted(seen.values.items())
        if month != newest
    ]
    rate = seen.values[newest].get("rate", ZERO)
    reached = rate >= params.at_least
    worth = params.max if reached else ZERO
    said = "达到" if reached else "不到"
    text = f"{month_name(newest)} 百分率 {plain(rate)}，{said} {plain(params.at_least)}"
    return [*lines, Step(f"{text}，得 {plain(worth)}", worth)], worth


# sample 抽查 -----------------------------------------------------------------------------------


def _sample_words(params: Sample, fields: Mapping[str, Field], months: tuple[Month, ...]) -> str:
    return f"抽查每有一人不达标扣 {plain(params.weight)}，本指标其余要点的分扣完为止"


def _sample(params: Sample, seen: Seen) -> tuple[Steps, Points]:
    lines, negatives = [], ZERO
    for month, values in sorted(seen.values.items()):
        negative = values.get("negative", ZERO)
        asked = f"抽查 {plain(values['sampled'])} 人，" if "sampled" in values else ""
        text = f"{month_name(month)} {asked}不达标 {plain(negative)} 人"
        if negative:
            text += f"，每人扣 {plain(params.weight)}"
        lines.append(Step(text, -params.weight * negative))
        negatives += negative
    if not lines:
        lines.append(Step("没有抽查", ZERO))
    full, left = params.weight * negatives, max(ZERO, seen.siblings)
    taken = min(full, left)
    if taken < full:
        text = f"本指标其余要点 {plain(left)} 分，扣至 0，实扣 {plain(taken)}"
        lines.append(Step(text, full - taken, bound=True))
    return lines, -taken


WORDS: Mapping[str, Callable[[Any, Mapping[str, Field], tuple[Month, ...]], str]] = {
    "graded": _graded_words,
    "quota": _quota_words,
    "tally": _tally_words,
    "threshold": _threshold_words,
    "sample": _sample_words,
}
"""Each rule with its parameters in one sentence."""

STEPS: Mapping[str, Callable[[Any, Seen], tuple[Steps, Points]]] = {
    "graded": _graded,
    "quota": _quota,
    "tally": _tally,
    "threshold": _threshold,
    "sample": _sample,
}
"""The lines of each rule, and what they add up to."""
