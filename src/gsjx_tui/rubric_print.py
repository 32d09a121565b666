"""``gsjx rubric``: stages, indicators, items and settings as JSON or for people."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gsjx_tui.domain import Month
from gsjx_tui.printing import print_json, print_table
from gsjx_tui.rubric.model import WORK, Item, Rubric, Stage

PARAMETERS = {
    "max": "满分",
    "monthly": "按月均分",
    "target": "每月应报",
    "shortfall": "少一篇扣",
    "surplus": "多一篇加",
    "surplus_cap": "多报加分封顶",
    "pool": "少报扣分范围",
    "cap_per": "封顶范围",
    "weights": "每次",
    "base": "底分",
    "cap": "封顶",
    "floor": "保底",
    "base_stands": "底分计入",
    "at_least": "达标率",
    "weight": "每例扣",
    "most": "每月至多扣",
    "raters": "评委人数",
    "drop": "高低各去掉",
    "keeps": "否决后至多留",
}
"""What people call the parameters of the shipped rules."""

_VALUES = {
    "stage": "全阶段",
    "month": "当月",
    "first_month": "首月",
    "accrued": "按月均计",
    "last_month": "末月",
    "accept": "照自评计分",
    "reject": "视同未报",
    "category": "各类别",
    "all": "全部单位",
    "True": "是",
    "False": "否",
}
_SETTINGS = {
    "unverified_claims": "未经复核的自评（SPEC 7.6）",
    "final_scope": "最终末位的范围（SPEC 5）",
    "award_places": "每类评先选优名次数（SPEC 5）",
    "four_eyes": "复核人不核定同一单位月",
    "objection_days": "申诉答复期限（天）",
}


def as_json(rubric: Rubric) -> None:
    """JSON with the keys of SPEC 8; points as strings with two decimals."""
    campaign = rubric.campaign
    print_json(
        {
            "campaign": {
                "id": campaign.id,
                "name": campaign.name,
                "points": _plain(campaign.points),
                "categories": [{"id": c.id, "name": c.name} for c in campaign.categories],
                "settings": dataclasses.asdict(campaign.settings),
            },
            "stages": [
                {
                    "id": stage.id,
                    "name": stage.name,
                    "months": [str(month) for month in stage.months],
                    "points": _plain(stage.points),
                    "indicators": [
                        {
                            "id": indicator.id,
                            "kind": indicator.kind,
                            "name": indicator.name,
                            "points": _plain(indicator.points),
                            "items": [_item(item) for item in indicator.items],
                        }
                        for indicator in stage.indicators
                    ],
                }
                for stage in rubric.stages
            ],
        }
    )


def _item(item: Item) -> Mapping[str, object]:
    return {
        "id": item.id,
        "label": item.label,
        "rule": item.rule_name,
        "params": {name: _plain(value) for name, value in _parameters(item)},
        "months": [str(month) for month in item.months],
        "office": item.office,
        "clause": item.clause,
        **{
            name: _plain(value) if isinstance(value, Mapping) else list(value)
            for name in ("categories", "coefficients", "unit_coefficients")
            if (value := getattr(item, name))  # keys of SPEC 8 alone where nothing else is said
        },
    }


def _parameters(item: Item) -> Sequence[tuple[str, Any]]:
    pairs = ((field.name, getattr(item.params, field.name)) for field in _fields(item))
    return [(name, value) for name, value in pairs if value is not None and name != "names"]


def _fields(item: Item) -> Sequence[dataclasses.Field[Any]]:
    return dataclasses.fields(item.params)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    return value


def as_table(rubric: Rubric) -> None:
    """For people: each stage, then what the campaign and the roster decide."""
    for stage in rubric.stages:
        print_stage(stage)
    campaign = rubric.campaign
    print(f"{campaign.name}（{campaign.id}）满分 {campaign.points:.2f}，设定：")
    rows = [
        [name, _VALUES.get(str(value), str(value)), f"campaign.toml {key}"]
        for key, name in _SETTINGS.items()
        for value in [getattr(campaign.settings, key)]
    ]
    rows += [
        ["单位的起止月份（SPEC 7.7）", "名册逐个写明", "units.csv from、through"],
        ["考核月份、扣分与封顶范围、底分（SPEC 7.1 至 7.5）", "见上表", "各阶段 stage.toml"],
    ]
    print_table(["事项", "现定", "在哪里改"], rows)


def print_stage(stage: Stage) -> None:
    """One stage for people: its indicators and items as a table."""
    print(f"{stage.name}（{stage.id}）{stage.months[0]} 至 {stage.months[-1]}，满分 {stage.points}")
    rows: list[Sequence[object]] = []
    for indicator in stage.indicators:
        rows.append([indicator.id, indicator.name, WORK[indicator.kind], indicator.points, "", ""])
        for item in indicator.items:
            rows.append(
                [
                    f"  {item.id}",
                    f"  {item.label}",
                    "只复核" if item.office else "",
                    item.nominal,
                    _months(item, stage),
                    _said(item),
                ]
            )
        rows[-len(indicator.items) - 1] = [
            *rows[-len(indicator.items) - 1][:5],
            f"依据 {indicator.items[0].clause}",
        ]
    print_table(["编号", "名称", "类型", "分值", "考核月份", "计分"], rows, right="分值")
    print()


def _months(item: Item, stage: Stage) -> str:
    if item.months == stage.months:
        return "每月" if item.expects == "monthly" else "任何月份"
    return _span(item.months)


def _span(months: Sequence[Month]) -> str:
    if len(months) == 1:
        return str(months[0])
    return f"{months[0]} 至 {months[-1]}"


def _said(item: Item) -> str:
    """The rule's parameters in words; parameters left at their default say nothing new."""
    said = [f"只考核 {'、'.join(item.categories)}"] if item.categories else []
    for name, value in _parameters(item):
        if name == "weights":
            labels = {field.name: field.label for field in item.fields}
            said += [f"{labels[field]}每次 {points:+}" for field, points in value.items()]
        elif isinstance(value, bool):
            said += [PARAMETERS.get(name, name)] if value else []
        elif name != "base" or value:
            text = _VALUES.get(value, value) if isinstance(value, str) else value
            said.append(f"{PARAMETERS.get(name, name)} {text}")
    coefficients = {**item.coefficients, **item.unit_coefficients}
    said += [f"{name} 系数 {value.normalize():f}" for name, value in coefficients.items()]
    return "，".join(said)
