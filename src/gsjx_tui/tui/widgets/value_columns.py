"""The columns of a sheet of items: which there are, their widths and heads, which are in view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from rich.cells import cell_len

from gsjx_tui.domain import Kind
from gsjx_tui.office.check import KIND_NAMES
from gsjx_tui.office.item_sheet import ItemSheet
from gsjx_tui.rubric.model import Field, Item
from gsjx_tui.tui.widgets.cell_grid import KINDS
from gsjx_tui.tui.widgets.text import fit, shares, wrap

_CODE, _VALUE, _LABEL, _POINTS, _STATE, _WRITTEN = 5, 8, 10, 8, 4, 28
_UNIT = 18
"""What a unit's name keeps of the width before the values."""


class Value(NamedTuple):
    """What is typed into a column."""

    kind: Kind
    item: Item
    field: Field


def columns_of(found: ItemSheet, kind: Kind) -> tuple[Value, ...]:
    """Of one item claims and verifications; of a whole indicator those of a kind.

    Where the indicator has none of the kind (all its items are the office's), the other.
    """
    if found.item is not None:
        kinds = KINDS[1:] if found.item.office else KINDS
        return tuple(Value(kind, found.item, f) for kind in kinds for f in found.item.fields)
    items = [item for item in found.items if kind == "verify" or not item.office]
    if not items:
        return columns_of(found, "verify")
    return tuple(Value(kind, item, field) for item in items for field in item.fields)


@dataclass(frozen=True)
class Heads:
    """How wide the columns are, and the lines above them."""

    columns: tuple[Value, ...]
    whole: bool

    def group(self, column: Value) -> str:
        """What a column stands under, together with its neighbours of the same."""
        return column.item.label if self.whole else KIND_NAMES[column.kind]

    def width(self, column: Value) -> int:
        """Cells that a column takes."""
        if len(column.item.fields) > 1:
            return max(_VALUE, cell_len(column.field.label))
        return _LABEL if self.whole and cell_len(column.item.label) > 2 * _VALUE else _VALUE

    def height(self) -> int:
        """How many lines of headings there are, wherever one scrolls to."""
        return max((len(lines) for _, lines in self.blocks(self.columns)), default=1)

    def blocks(self, columns: Sequence[Value]) -> Iterator[tuple[int, list[str]]]:
        """Over adjacent columns of the same item or kind: their width together, and the lines."""
        for name, found in groupby(columns, self.group):
            group = list(found)
            widths = [self.width(column) for column in group]
            span = sum(widths) + len(group) - 1
            lines = [fit(row, span, right=True) for row in wrap(name, span, 2)]
            if len(group[0].item.fields) > 1:
                labels = (column.field.label for column in group)
                lines.append(
                    " ".join(fit(t, w, right=True) for t, w in zip(labels, widths, strict=True))
                )
            yield span, lines


@dataclass(frozen=True)
class Layout:
    """Widths of code, unit, the columns from ``first`` to before ``last``, points, state, and
    where there is room of who wrote."""

    widths: tuple[int, ...]
    first: int
    last: int

    def column_at(self, x: int) -> int | None:
        """Which of all columns is at a cell of the line, None beside them."""
        x -= self.widths[0] + self.widths[1] + 2
        for column in range(self.first, self.last):
            width = self.widths[2 + column - self.first]
            if 0 <= x <= width:
                return column
            x -= width + 1
        return None


def lay_out(heads: Heads, width: int, first: int, side: int) -> Layout:
    """As many columns as fit beside the unit, that of the cursor among them.

    Begins at ``first`` as before unless the cursor is elsewhere.
    """
    sizes = [heads.width(column) for column in heads.columns]
    room = width - _CODE - _UNIT - _POINTS - _STATE - 3
    first = min(first, side)
    while first < side and sum(sizes[first : side + 1]) + side + 1 - first > room:
        first += 1
    last = side + 1
    while last < len(sizes) and sum(sizes[first : last + 1]) + last + 1 - first <= room:
        last += 1
    while first and sum(sizes[first - 1 : last]) + last - first + 1 <= room:
        first -= 1
    values = sizes[first:last]
    left = room - sum(values) - len(values)
    written = [_WRITTEN] if left > _WRITTEN + 6 else []
    fixed = [_CODE, 0, *values, _POINTS, _STATE, *written]
    return Layout(tuple(shares(width, fixed, least=10, most=36)), first, last)
