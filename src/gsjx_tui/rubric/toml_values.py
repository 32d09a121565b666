"""What campaign and stage files share: values by their types, sums, ids written twice."""

from __future__ import annotations

import dataclasses
import types
import typing
from decimal import Decimal
from typing import Any, Literal

from gsjx_tui.domain import (
    Points,
    points,
)
from gsjx_tui.errors import RubricError
from gsjx_tui.rubric.source import Table


def parameters(cls: type[Any], table: Table) -> Any:
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


def check_unique(table: Table, key: str, ids: list[str], named: str = "id") -> None:
    """Notes every id that is written a second time."""
    seen: set[str] = set()
    for id in ids:
        if id in seen:
            index = len(ids) - 1 - ids[::-1].index(id)
            table.source.fault(
                (*table.path, key, index, named), f"{id} 写了两次", f"改为不同的 {named}"
            )
        seen.add(id)


def does_not_add_up(table: Table, whole: str, stated: Points, parts: str, total: Points) -> None:
    """Notes points that are not the sum of their parts."""
    table.fault(
        "points",
        f"{whole} 满分 {points(stated)}，{parts}相加为 {points(total)}，相差 "
        f"{points(total - stated)}",
        "改正满分或其下的分值",
    )


def faults_of(*errors: RubricError) -> RubricError:
    """One error with the faults of many."""
    return RubricError(*(fault for error in errors for fault in error.faults))
