"""The rules of other methods in words, step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gsjx_tui.domain import ZERO, Month, Points
from gsjx_tui.rubric.model import Field, Seen
from gsjx_tui.rubric.other_rules import Judged, Raters, Veto, kept_ratings
from gsjx_tui.rubric.steps import (
    Step,
    Steps,
    bounded,
    month_name,
    plain,
)

# judged 酌情扣分 --------------------------------------------------------------------------------


def _judged_words(params: Judged, fields: Mapping[str, Field], months: tuple[Month, ...]) -> str:
    parts = [f"底分 {plain(params.base)}"] if params.base else []
    parts.append(f"酌情扣分，每月至多扣 {plain(params.most)}")
    if params.floor is not None:
        parts.append(f"低于 {plain(params.floor)} 按 {plain(params.floor)}")
    return "，".join(parts)


def _judged(params: Judged, seen: Seen) -> tuple[Steps, Points]:
    lines = [Step("底分", params.base)] if params.base else []
    total = params.base
    for month, values in sorted(seen.values.items()):
        deducted = values.get("deducted", ZERO)
        if deducted:
            lines.append(Step(f"{month_name(month)} 扣 {plain(deducted)} 分", -deducted))
        total -= deducted
    if total == params.base:
        lines.append(Step("没有扣分", ZERO))
    if params.floor is not None and total < params.floor:
        floor = plain(params.floor)
        lines.append(bounded(f"合计 {plain(total)}，低于 {floor} 按 {floor}", params.floor - total))
        total = params.floor
    return lines, total


# raters 评委 -----------------------------------------------------------------------------------


def _raters_words(params: Raters, fields: Mapping[str, Field], months: tuple[Month, ...]) -> str:
    dropped = f"，去掉最高、最低各 {params.drop} 个" if params.drop else ""
    return f"{params.raters} 名评委评分{dropped}取平均，满分 {plain(params.max)}，以最近一次为准"


def _raters(params: Raters, seen: Seen) -> tuple[Steps, Points]:
    if not seen.values:
        return [Step("没有记录，计 0", ZERO)], ZERO
    newest = max(seen.values)
    lines = [
        Step(f"{month_name(month)} 的评分，后来另评，不再计")
        for month in sorted(seen.values)
        if month != newest
    ]
    given, kept = seen.values[newest], kept_ratings(params, seen.values[newest])
    mean = sum(kept, ZERO) / len(kept) if kept else ZERO
    text = (
        f"{month_name(newest)} {len(given)} 名评委：{'、'.join(map(plain, sorted(given.values())))}"
    )
    lines.append(Step(text))
    shown = "、".join(map(plain, kept))
    return [*lines, Step(f"计 {len(kept)} 个（{shown}），平均", mean)], mean


# veto 一票否决 ---------------------------------------------------------------------------------


def _veto_words(params: Veto, fields: Mapping[str, Field], months: tuple[Month, ...]) -> str:
    kept = f"至多留 {plain(params.keeps)} 分" if params.keeps else "不得分"
    return f"一票否决：有一次，本阶段{kept}"


def _veto(params: Veto, seen: Seen) -> tuple[Steps, Points]:
    cases = [
        Step(f"{month_name(month)} {plain(values['count'])} 次，一票否决")
        for month, values in sorted(seen.values.items())
        if values.get("count")
    ]
    if not cases:
        return [Step("没有发生", ZERO)], ZERO
    taken = max(ZERO, seen.siblings - params.keeps)
    text = f"本阶段其余要点 {plain(seen.siblings)} 分，留 {plain(seen.siblings - taken)}"
    return [*cases, Step(text, -taken)], -taken


WORDS: Mapping[str, Callable[[Any, Mapping[str, Field], tuple[Month, ...]], str]] = {
    "judged": _judged_words,
    "raters": _raters_words,
    "veto": _veto_words,
}
"""Each rule with its parameters in one sentence."""

STEPS: Mapping[str, Callable[[Any, Seen], tuple[Steps, Points]]] = {
    "judged": _judged,
    "raters": _raters,
    "veto": _veto,
}
"""The lines of each rule, and what they add up to."""
