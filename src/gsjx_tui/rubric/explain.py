"""How the points of an item come about, in words: the rule itself, then step by step.

Pure, as the rules are. The steps of a shipped rule add up to its total, which is what the rule
gives; a property test holds them together. Texts hold no sign of ambiguous width.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from gsjx_tui.domain import ZERO, Month, Points, points
from gsjx_tui.rubric import explained_other_rules, explained_rules
from gsjx_tui.rubric.model import Field, Rule, Seen
from gsjx_tui.rubric.shipped import RULES
from gsjx_tui.rubric.steps import TOTAL, Step


def words(
    rule: Rule, name: str, params: Any, fields: Iterable[Field], stage_months: tuple[Month, ...]
) -> str:
    """The rule with its parameters in one sentence; of a plugin's rule its name."""
    known = _shipped_name(rule)
    if known is None:
        return f"按插件的规则 {name} 计分"
    return _WORDS[known](params, {field.name: field for field in fields}, stage_months)


def steps(rule: Rule, name: str, params: Any, seen: Seen) -> tuple[Step, ...]:
    """The lines that lead to what the item is worth; the last is the total, in hundredths."""
    known = _shipped_name(rule)
    if known is None:
        found = rule.to_date(params, seen)
        return (Step(f"按 {name} 计", found), Step(TOTAL, points(found)))
    lines, total = _STEPS[known](params, seen)
    return (*lines, Step(TOTAL, points(total)))


def adjusted(
    lines: tuple[Step, ...], counts: Points, coefficient: Decimal | None = None
) -> tuple[Step, ...]:
    """The lines with what the coefficient and then the plugins made of the total."""
    total = lines[-1].points or ZERO
    if coefficient is not None:
        # of the exact sum, as the score is: the total line is rounded
        exact = sum((line.points or ZERO for line in lines[:-1]), ZERO)
        times = points(exact * coefficient)
        step = Step(f"乘以系数 {coefficient.normalize():f}", times - total)
        lines, total = (*lines[:-1], step, Step(TOTAL, times)), times
    if counts == total:
        return lines
    return (*lines[:-1], Step("插件调整", counts - total), Step(TOTAL, counts))


def _shipped_name(rule: Rule) -> str | None:
    return next((name for name, shipped in RULES.items() if shipped is rule), None)


_WORDS = {**explained_rules.WORDS, **explained_other_rules.WORDS}
_STEPS = {**explained_rules.STEPS, **explained_other_rules.STEPS}
