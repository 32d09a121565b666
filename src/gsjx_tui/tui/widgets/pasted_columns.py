"""Pasted lines as rows of a grid: the unit, the values, what was found of them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from gsjx_tui.office.check import short
from gsjx_tui.office.paste import PastedCell, PastedLine, Place
from gsjx_tui.tui.widgets.grid import Column, Row
from gsjx_tui.tui.widgets.text import balanced

_LINE, _UNIT, _VERDICT, _SHORT = 4, 16, 30, 22
_BESIDE = 5
"""Margins and gaps around the values."""
_NAME = 32
"""What the longest names of units take with their codes; the verdict has what is left beyond."""


class PastedColumns:
    """The columns from ``first`` on that fit into a width; a single one with its old value."""

    def __init__(self, places: Sequence[Place], first: int, width: int) -> None:
        self._single = len(places) == 1
        heads = [field.label if len(item.fields) > 1 else item.label for item, field, _ in places]
        widths = [min(max(8, cell_len(head)), 12) for head in heads]
        room = width - _LINE - _UNIT - _SHORT - _BESIDE
        self.first = self._begins(first, widths, room)
        self._last = self.first + 1
        while self._last < len(places) and _across(widths[self.first : self._last + 1]) <= room:
            self._last += 1
        shown = range(self.first, self._last)
        values = [
            Column("\n".join(balanced(heads[at], widths[at])), widths[at], right=True)
            for at in shown
        ]
        if self._single:
            values = [Column("原来", 7, right=True), Column("新的", 8, right=True)]
        verdict = _VERDICT if self._single else _SHORT
        taken = sum(column.width + 1 for column in values) + _LINE + verdict + _BESIDE
        verdict += max(0, width - taken - _NAME)
        after = len(places) - self._last
        beside = f" <{self.first}" * bool(self.first) + f" {after}>" * bool(after)
        self.columns = [
            Column("行", _LINE, right=True),
            Column("单位"),
            *values,
            Column(f" 核对{beside}", verdict),
        ]

    @staticmethod
    def _begins(first: int, widths: Sequence[int], room: int) -> int:
        """Where to begin: not so far that room stays empty."""
        first = max(0, min(first, len(widths) - 1))
        while first and _across(widths[first - 1 :]) <= room:
            first -= 1
        return first

    def row(self, line: PastedLine) -> Row:
        """A line: what is wrong is marked with ``!`` and said at the end."""
        unit = line.text
        if line.sheet is not None:
            unit = f"{line.sheet.unit.code} {line.sheet.unit.name}"
        verdict, tone = _verdict(line)
        number = str(line.number)
        return Row(number, (number, unit, *self._values(line.cells), f" {verdict}"), tone)

    def _values(self, cells: Sequence[PastedCell]) -> list[str]:
        if not cells:
            return [""] * (2 if self._single else self._last - self.first)
        if self._single:
            before = cells[0].before
            return ["" if before is None else short(before), _value(cells[0])]
        return [_value(cell) for cell in cells[self.first : self._last]]


def _across(widths: Sequence[int]) -> int:
    return sum(widths) + len(widths) - 1


def _value(cell: PastedCell) -> str:
    if cell.fault:
        return f"!{cell.text[-7:]}"
    return "" if cell.seen is None else short(cell.seen.value)


def _verdict(line: PastedLine) -> tuple[str, str]:
    """What is said of a line, and its tone."""
    if line.faults:  # which cell is marked already
        fault = line.fault or next(cell.fault for cell in line.cells if cell.fault)
        return f"误 {fault}", "bad"
    if line.changed:
        return "好", ""
    if any(cell.seen is not None for cell in line.cells):
        return "不变", "muted"
    return line.why, "muted"
