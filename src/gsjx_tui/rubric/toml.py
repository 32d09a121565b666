"""``stage.toml`` -> the model, every fault with file, line and remedy."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal, cast

from gsjx_tui.domain import (
    ZERO,
    Month,
    month_range,
    points,
)
from gsjx_tui.rubric.model import WORK, Indicator, Item, Rule, Stage
from gsjx_tui.rubric.source import Source, Table
from gsjx_tui.rubric.toml_values import check_unique, does_not_add_up, parameters

STAGE_KEYS = ("id", "name", "points", "months", "indicators")
SCOPE_KEYS = ("categories", "coefficients", "unit_coefficients")
INDICATOR_KEYS = ("id", "kind", "name", "points", "clause", "items", *SCOPE_KEYS)
ITEM_KEYS = ("id", "label", "rule", "months", "office", "clause", *SCOPE_KEYS)


def parse_stage(
    text: str, name: str, rules: Mapping[str, Rule], categories: Sequence[str] | None = None
) -> Stage:
    """The stage of a ``stage.toml``. Raises RubricError with all faults.

    ``categories``: the ids that it may name; None if they aren't known.
    """
    source = Source(text, name)
    source.raise_faults()
    top = source.top()
    top.only(STAGE_KEYS)
    id, months = top.name("id"), top.months("months")
    if months and months != month_range(months[0], months[-1]):
        top.fault("months", "阶段的月份中间有缺", f"从 {months[0]} 到 {months[-1]} 每月都写上")
    stage = Stage(
        id=id,
        name=top.text("name"),
        points=points(top.points("points")),
        months=months,
        indicators=tuple(
            _indicator(table, id, months, rules, categories) for table in top.tables("indicators")
        ),
    )
    check_unique(top, "indicators", [indicator.id for indicator in stage.indicators])
    total = sum((indicator.points for indicator in stage.indicators), ZERO)
    if not source.faults and total != stage.points:
        does_not_add_up(top, f"阶段 {id}", stage.points, "各指标", total)
    source.raise_faults()
    return stage


def parse_outline(text: str, name: str) -> Stage:
    """The stage of a ``stage.toml`` without its indicators: what is known while its plugin is off.

    Raises RubricError with the faults of what is read.
    """
    source = Source(text, name)
    source.raise_faults()
    top = source.top()
    stage = Stage(
        id=top.name("id"),
        name=top.text("name"),
        points=points(top.points("points")),
        months=top.months("months"),
        indicators=(),
    )
    source.raise_faults()
    return stage


def _indicator(
    table: Table,
    stage: str,
    months: tuple[Month, ...],
    rules: Mapping[str, Rule],
    known: Sequence[str] | None,
) -> Indicator:
    table.only(INDICATOR_KEYS)
    id = f"{stage}.{table.name('id')}"
    clause = table.text("clause")
    before = len(table.source.faults)
    scope = _scope(table, known, _Scope())
    items = [
        _item(item, stage, id, clause, months, rules, known, scope)
        for item in table.tables("items")
    ]
    indicator = Indicator(
        id=id,
        kind=cast(Literal["basic", "key", "effect"], table.choice("kind", list(WORK))),
        name=table.text("name"),
        points=points(table.points("points")),
        items=tuple(item for item in items if item is not None),
    )
    check_unique(table, "items", [item.id for item in indicator.items])
    if len(table.source.faults) > before or None in items:
        return indicator
    _check_items_add_up(table, indicator, known)
    if sum(item.rule.needs_siblings for item in indicator.items) > 1:
        table.fault("items", f"指标 {id} 有两个抽查扣分要点", "合并为一个")
    return indicator


def _check_items_add_up(table: Table, indicator: Indicator, known: Sequence[str] | None) -> None:
    """For each category the items add up to the indicator, or none of them is for it."""
    named = {category for item in indicator.items for category in item.categories}
    if not named:
        total = sum((item.nominal for item in indicator.items), ZERO)
        if total != indicator.points:
            whole = f"指标 {indicator.id}"
            does_not_add_up(table, whole, indicator.points, "各考核要点", total)
        return
    for category in known or sorted(named):
        its = [i for i in indicator.items if not i.categories or category in i.categories]
        total = sum((item.nominal for item in its), ZERO)
        if its and total != indicator.points:
            whole = f"指标 {indicator.id} 对类别 {category}"
            does_not_add_up(table, whole, indicator.points, "各考核要点", total)


@dataclasses.dataclass(frozen=True)
class _Scope:
    """For which units an item or indicator is, and by how much it counts more or less."""

    categories: tuple[str, ...] = ()
    coefficients: Mapping[str, Decimal] = dataclasses.field(default_factory=dict)
    unit_coefficients: Mapping[str, Decimal] = dataclasses.field(default_factory=dict)


def _scope(table: Table, known: Sequence[str] | None, default: _Scope) -> _Scope:
    """What the table says; where it is silent, the default."""
    scope = default
    if "categories" in table.data:
        scope = dataclasses.replace(scope, categories=table.texts("categories"))
    for key in ("coefficients", "unit_coefficients"):
        if key in table.data:
            found = table.points_by_name(key)
            for name, value in found.items():
                if value < 0:
                    table.fault(key, f"{name} 的系数 {value} 是负数", "填 0 或正数，如 1.2")
            if key == "coefficients":
                scope = dataclasses.replace(scope, coefficients=found)
            else:
                scope = dataclasses.replace(scope, unit_coefficients=found)
    named = {"categories": scope.categories, "coefficients": tuple(scope.coefficients)}
    for key, ids in named.items():
        if known is not None and key in table.data:
            for id in (id for id in ids if id not in known):
                table.fault(key, f"活动没有类别 {id}", f"活动的类别：{'、'.join(known)}")
    return scope


def _item(
    table: Table,
    stage: str,
    indicator: str,
    clause: str,
    stage_months: tuple[Month, ...],
    rules: Mapping[str, Rule],
    known: Sequence[str] | None,
    scope: _Scope,
) -> Item | None:
    id = f"{indicator}.{table.name('id')}"
    label = table.text("label")
    rule_name = table.text("rule")
    rule = rules.get(rule_name)
    if rule is None:
        if rule_name:
            near = difflib.get_close_matches(rule_name, rules, 1)
            hint = f"是否应为 {near[0]}；" if near else ""
            table.fault("rule", f"不认识的计分规则 {rule_name}", f"{hint}可用：{'、'.join(rules)}")
        return None
    table.only((*ITEM_KEYS, *(field.name for field in dataclasses.fields(rule.params))))
    months = _item_months(table, id, stage_months, rule)
    before = len(table.source.faults)
    params = parameters(rule.params, table)
    mine = _scope(table, known, scope)
    if rule.needs_siblings or rule.needs_stage:
        for key in ("coefficients", "unit_coefficients"):
            if key in table.data:
                table.fault(key, f"{id} 按其他要点的分扣减，不能有系数", f"删去 {key}")
        mine = _Scope(mine.categories)
    if not months or len(table.source.faults) > before:
        return None
    for sentence in rule.check(params, months):
        words = re.findall(r"[a-z_]+", sentence)
        key = next((word for word in words if word in table.data), "rule")
        table.fault(key, f"考核要点 {id} 的 {sentence}", "改正该参数")
    if len(table.source.faults) > before:
        return None
    return Item(
        id=id,
        label=label,
        rule_name=rule_name,
        rule=rule,
        params=params,
        months=months,
        office=table.flag("office", default=False),
        clause=table.text("clause", default=clause),
        stage=stage,
        indicator=indicator,
        fields=rule.fields(params, months),
        categories=mine.categories,
        coefficients=mine.coefficients,
        unit_coefficients=mine.unit_coefficients,
    )


def _item_months(
    table: Table, id: str, stage_months: tuple[Month, ...], rule: Rule
) -> tuple[Month, ...]:
    if "months" not in table.data:
        return stage_months
    months = table.months("months")
    span = f"{stage_months[0]} 至 {stage_months[-1]}" if stage_months else "（未写明）"
    for month in months:
        if month not in stage_months:
            table.fault("months", f"{id} 的月份 {month} 不在本阶段内", f"改为 {span} 之间的月份")
    if rule.needs_siblings:
        table.fault("months", f"{id} 是抽查扣分，本阶段每月都可录入", "删去 months")
    return months
