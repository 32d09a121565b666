"""A pasted column read line by line against the units of an item's sheet. Touches no ledger."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gsjx_tui.documents.tables import clean
from gsjx_tui.domain import Kind
from gsjx_tui.errors import ObservationError
from gsjx_tui.office.home import Office
from gsjx_tui.office.sheet import Sheet, typed
from gsjx_tui.rubric.model import Field, Item, Observation

_GAP = re.compile(r"[\s,，]+")


@dataclass(frozen=True)
class PastedLine:
    """One line: its unit, the value now, and what it would record or what is wrong with it.

    Without ``seen`` and ``fault`` the line is passed over; ``why`` says so.
    """

    number: int
    text: str
    sheet: Sheet | None = None
    before: Decimal | None = None
    seen: Observation | None = None
    fault: str = ""
    why: str = ""

    @property
    def changes(self) -> bool:
        """Whether taking it over changes the cell."""
        return self.seen is not None and self.seen.value != self.before


def read_column(
    office: Office,
    sheets: Sequence[Sheet],
    start: int,
    place: tuple[Item, Field, Kind],
    text: str,
) -> tuple[PastedLine, ...]:
    """Reads pasted lines: numbers for the units from ``start`` down, or "unit<TAB>number".

    A unit is named by its code or its name, also by both. An empty line passes its unit over.
    """
    lines = [clean(line) for line in _lines(text)]
    split = [_parts(raw) for raw in _lines(text)]
    keyed = any(len(parts) > 1 for parts in split)
    reader = _Reader(office, sheets, place)
    read = []
    for index, (line, parts) in enumerate(zip(lines, split, strict=True)):
        if keyed:
            read.append(reader.named(index + 1, line, parts))
        else:
            at = start + index
            sheet = sheets[at] if at < len(sheets) else None
            read.append(reader.next(index + 1, line, sheet))
    return tuple(read)


def _lines(text: str) -> list[str]:
    """The lines, without the empty ones at the end."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _parts(line: str) -> list[str]:
    """The columns of a line, cleaned; none for an empty line."""
    parts = line.split("\t") if "\t" in line else _GAP.split(line.strip())
    return [clean(part) for part in parts] if line.strip() else []


class _Reader:
    """Reads lines one after another; remembers which units it has had."""

    def __init__(
        self, office: Office, sheets: Sequence[Sheet], place: tuple[Item, Field, Kind]
    ) -> None:
        self._office, self._place = office, place
        self._by_name: dict[str, list[Sheet]] = {}
        for sheet in sheets:
            for name in {sheet.unit.code.lower(), sheet.unit.name.lower()}:
                self._by_name.setdefault(name, []).append(sheet)
        self._had: dict[str, int] = {}

    def named(self, number: int, line: str, parts: list[str]) -> PastedLine:
        """A line that names its unit."""
        if not parts:
            return PastedLine(number, line, why="空行，略过")
        if len(parts) == 1:
            return PastedLine(number, line, fault="没有写单位，而别的行写了")
        *names, value = parts
        names = [name for name in names if name]
        found = [self._by_name.get(name.lower(), []) for name in names]
        if number == 1 and not any(found) and value and not any(map(str.isdigit, value)):
            return PastedLine(number, line, why="标题，略过")
        for name, matches in zip(names, found, strict=True):
            if not matches:
                return PastedLine(number, line, fault=f"名单里没有“{name}”")
            if len(matches) > 1:
                return PastedLine(number, line, fault=f"有 {len(matches)} 个“{name}”，请写代码")
        if not names:
            return PastedLine(number, line, fault="没有写单位")
        sheet = found[0][0]
        if any(matches[0] is not sheet for matches in found):
            return PastedLine(number, line, fault="代码和名称不是同一单位")
        earlier = self._had.setdefault(sheet.unit.code, number)
        if earlier != number:
            return PastedLine(number, line, sheet, fault=f"与第 {earlier} 行是同一单位")
        return self._judged(number, value, sheet)

    def next(self, number: int, line: str, sheet: Sheet | None) -> PastedLine:
        """A line without a name, for the unit whose turn it is."""
        if sheet is None:
            what = "多出的行，名单到底了" if line else ""
            return PastedLine(number, line, fault=what, why="" if what else "空行，略过")
        return self._judged(number, line, sheet)

    def _judged(self, number: int, text: str, sheet: Sheet) -> PastedLine:
        item, field, kind = self._place
        before = sheet.value(kind, item.id, field.name)
        if not text:
            return PastedLine(number, text, sheet, before, why="空，略过")
        try:
            seen, _ = typed(self._office, sheet, item, field, kind, text)
        except ObservationError as error:
            return PastedLine(number, text, sheet, before, fault=error.faults[0].what)
        return PastedLine(number, text, sheet, before, seen)
