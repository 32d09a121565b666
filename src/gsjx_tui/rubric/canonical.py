"""A rubric as one text that differs exactly if it scores or reads differently.

Comments and layout of the files don't matter, nor parameters written out that are the default.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from gsjx_tui.domain import Month, points
from gsjx_tui.rubric.model import Indicator, Item, Rubric, Stage


def canonical(rubric: Rubric, code: Mapping[str, str]) -> str:
    """The rubric as JSON; ``code``: a digest of each plugin's code that has a say in scoring."""
    campaign = rubric.campaign
    told = {
        "points": _plain(campaign.points),
        "categories": [category.id for category in campaign.categories],
        "unverified_claims": campaign.settings.unverified_claims,
        "stages": [_stage(stage) for stage in rubric.stages],
        "code": dict(code),
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _stage(stage: Stage) -> Mapping[str, Any]:
    return {
        "id": stage.id,
        "name": stage.name,
        "points": _plain(stage.points),
        "months": [str(month) for month in stage.months],
        "indicators": [_indicator(indicator) for indicator in stage.indicators],
    }


def _indicator(indicator: Indicator) -> Mapping[str, Any]:
    return {
        "id": indicator.id,
        "kind": indicator.kind,
        "name": indicator.name,
        "points": _plain(indicator.points),
        "items": [_item(item) for item in indicator.items],
    }


def _item(item: Item) -> Mapping[str, Any]:
    told: dict[str, Any] = {
        "id": item.id,
        "label": item.label,
        "rule": item.rule_name,
        "params": {
            field.name: _plain(value)
            for field in dataclasses.fields(item.params)
            if (value := getattr(item.params, field.name)) != field.default
        },
        "months": _plain(item.months),
        "office": item.office,
        "clause": item.clause,
    }
    for key in ("categories", "coefficients", "unit_coefficients"):
        if getattr(item, key):  # left out where nothing is said, as before there were such keys
            told[key] = _plain(getattr(item, key))
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(points(value))
    if isinstance(value, Month):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, str | int | bool | None) else str(value)
