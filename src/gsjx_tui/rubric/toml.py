"""``stage.toml`` and ``campaign.toml`` -> the model, every fault with file, line and remedy."""

from __future__ import annotations

import dataclasses
import difflib
import itertools
import re
import types
import typing
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, cast

from gsjx_tui.domain import (
    ZERO,
    Campaign,
    Category,
    Grade,
    Month,
    Points,
    Settings,
    month_range,
    points,
)
from gsjx_tui.errors import RubricError
from gsjx_tui.rubric.model import WORK, Indicator, Item, Rubric, Rule, Stage
from gsjx_tui.rubric.source import Source, Table

CAMPAIGN_KEYS = ("id", "name", "points", "stages", "categories", "grades")
CATEGORY_KEYS = ("id", "name", "superior_letter")
GRADE_KEYS = ("name", "at_least", "share")
STAGE_KEYS = ("id", "name", "points", "months", "indicators")
SCOPE_KEYS = ("categories", "coefficients", "unit_coefficients")
INDICATOR_KEYS = ("id", "kind", "name", "points", "clause", "items", *SCOPE_KEYS)
ITEM_KEYS = ("id", "label", "rule", "months", "office", "clause", *SCOPE_KEYS)


def parse_campaign(text: str, name: str) -> Campaign:
    """The campaign of a ``campaign.toml``. Raises RubricError with all faults."""
    source = Source(text, name)
    source.raise_faults()
    top = source.top()
    settings = [field.name for field in dataclasses.fields(Settings)]
    top.only((*CAMPAIGN_KEYS, *settings))
    campaign = Campaign(
        id=top.text("id"),
        name=top.text("name"),
        points=top.points("points"),
        categories=tuple(_category(table) for table in top.tables("categories")),
        stages=top.texts("stages"),
        settings=_parameters(Settings, top),
        grades=tuple(_grade(table) for table in top.tables("grades"))
        if "grades" in top.data
        else (),
    )
    _unique(top, "grades", [grade.name for grade in campaign.grades], "name")
    _unique(top, "categories", [category.id for category in campaign.categories])
    _unique(top, "stages", list(campaign.stages))
    if campaign.settings.award_places < 0:
        top.fault("award_places", "award_places 不能为负数", "填每类列为评先选优的名次数")
    if campaign.settings.objection_days < 1:
        top.fault("objection_days", "objection_days 至少为 1", "填申诉须在几天之内答复")
    source.raise_faults()
    return campaign


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
    _unique(top, "indicators", [indicator.id for indicator in stage.indicators])
    total = sum((indicator.points for indicator in stage.indicators), ZERO)
    if not source.faults and total != stage.points:
        _does_not_add_up(top, f"阶段 {id}", stage.points, "各指标", total)
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


def assemble(campaign: Campaign, stages: Sequence[Stage], text: str, name: str) -> Rubric:
    """The rubric of a campaign from the stages it names, in its order.

    ``text`` and ``name`` are those of ``campaign.toml``, for the line of a fault. Raises
    RubricError if a stage is missing, months overlap or leave a gap, or points don't add up.
    """
    top = Source(text, name).top()
    known = {stage.id: stage for stage in stages}
    for id in campaign.stages:
        if id not in known:
            here = "、".join(known) or "无"
            top.fault("stages", f"找不到阶段 {id}", f"安装它的插件或改正名称（已装：{here}）")
    top.source.raise_faults()
    chosen = tuple(known[id] for id in campaign.stages)
    for before, after in itertools.pairwise(chosen):
        if after.months[0] != before.months[-1].plus(1):
            top.fault(
                "stages",
                f"阶段 {after.id} 从 {after.months[0]} 开始，与 {before.id} 止于 "
                f"{before.months[-1]} 不相接",
                "改正阶段的次序或月份，每月属于且只属于一个阶段",
            )
    total = sum((stage.points for stage in chosen), ZERO)
    if total != campaign.points:
        _does_not_add_up(top, f"活动 {campaign.id}", campaign.points, "各阶段", total)
    top.source.raise_faults()
    return Rubric(campaign, chosen)


def _category(table: Table) -> Category:
    table.only(CATEGORY_KEYS)
    letter = table.flag("superior_letter", default=False)
    return Category(table.name("id"), table.text("name"), letter)


def _grade(table: Table) -> Grade:
    table.only(GRADE_KEYS)
    grade = Grade(
        name=table.text("name"),
        at_least=table.points("at_least") if "at_least" in table.data else None,
        share=table.points("share") if "share" in table.data else None,
    )
    if grade.share is not None and not 0 <= grade.share <= 100:
        table.fault("share", f"share {grade.share} 不在 0 到 100 之间", "填占本类别单位的百分数")
    return grade


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
    _unique(table, "items", [item.id for item in indicator.items])
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
            _does_not_add_up(table, whole, indicator.points, "各考核要点", total)
        return
    for category in known or sorted(named):
        its = [i for i in indicator.items if not i.categories or category in i.categories]
        total = sum((item.nominal for item in its), ZERO)
        if its and total != indicator.points:
            whole = f"指标 {indicator.id} 对类别 {category}"
            _does_not_add_up(table, whole, indicator.points, "各考核要点", total)


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
    params = _parameters(rule.params, table)
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


def _parameters(cls: type[Any], table: Table) -> Any:
    """A dataclass from the keys of a table, each read by the type of its field."""
    hints = typing.get_type_hints(cls)
    values: dict[str, Any] = {}
    for field in dataclasses.fields(cls):
        if field.default is not dataclasses.MISSING and field.name not in table.data:
            continue
        values[field.name] = _value(table, field.name, hints[field.name])
    return cls(**values)


def _value(table: Table, key: str, hint: Any) -> Any:
    if isinstance(hint, types.UnionType):
        hint = next(choice for choice in typing.get_args(hint) if choice is not types.NoneType)
    if typing.get_origin(hint) is Literal:
        return table.choice(key, typing.get_args(hint))
    if hint is bool:
        return table.flag(key)
    if hint is int:
        return table.whole(key)
    if hint is str:
        return table.text(key)
    if hint is Decimal:
        return table.points(key)
    if typing.get_args(hint) == (str, str):
        return table.texts_by_name(key)
    return table.points_by_name(key)


def _unique(table: Table, key: str, ids: list[str], named: str = "id") -> None:
    seen: set[str] = set()
    for id in ids:
        if id in seen:
            index = len(ids) - 1 - ids[::-1].index(id)
            table.source.fault(
                (*table.path, key, index, named), f"{id} 写了两次", f"改为不同的 {named}"
            )
        seen.add(id)


def _does_not_add_up(table: Table, whole: str, stated: Points, parts: str, total: Points) -> None:
    table.fault(
        "points",
        f"{whole} 满分 {points(stated)}，{parts}相加为 {points(total)}，相差 "
        f"{points(total - stated)}",
        "改正满分或其下的分值",
    )


def faults_of(*errors: RubricError) -> RubricError:
    """One error with the faults of many."""
    return RubricError(*(fault for error in errors for fault in error.faults))
