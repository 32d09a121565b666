"""Pasted columns read line by line against the units of a sheet of items. Touches no ledger."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gsjx_tui.documents.tables import clean
from gsjx_tui.domain import Kind
from gsjx_tui.errors import ObservationError
from gsjx_tui.office import check
from gsjx_tui.office.check import Refused
from gsjx_tui.office.home import Office
from gsjx_tui.office.sheet import Sheet, typed
from gsjx_tui.rubric.model import Field, Item, Observation

Place = tuple[Item, Field, Kind]
"""A column that values go into."""

_GAP = re.compile(r"[\s,，]+")


@dataclass(frozen=True)
class PastedCell:
    """One value: where it goes, the value now, and what it would record or what is wrong with it.

    Without ``seen`` and ``fault`` the cell is passed over.
    """

    text: str
    place: Place
    before: Decimal | None
    seen: Observation | None = None
    fault: str = ""

    @property
    def changes(self) -> bool:
        """Whether taking it over changes the cell."""
        return self.seen is not None and self.seen.value != self.before


@dataclass(frozen=True)
class PastedLine:
    """One line: its unit and a cell for each column, or what is wrong with the line.

    A line with neither is passed over; ``why`` says so.
    """

    number: int
    text: str
    sheet: Sheet | None = None
    cells: tuple[PastedCell, ...] = ()
    fault: str = ""
    why: str = ""

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with the line and its cells; of several columns with the item's label."""
        wrong = [cell for cell in self.cells if cell.fault]
        several = len(self.cells) > 1
        return (
            *filter(None, [self.fault]),
            *(f"{cell.place[0].label} {cell.fault}" if several else cell.fault for cell in wrong),
        )

    @property
    def changed(self) -> tuple[Observation, ...]:
        """What taking it over would record."""
        return tuple(cell.seen for cell in self.cells if cell.seen is not None and cell.changes)


def read_columns(
    office: Office, sheets: Sequence[Sheet], start: int, places: Sequence[Place], text: str
) -> tuple[PastedLine, ...]:
    """Reads pasted lines: the values of a unit side by side, for the units from ``start`` down.

    The first value goes into the first of ``places``, the next into the next. A line may begin
    with its unit, by code or name, or by both; then it goes there. An empty line passes its unit
    over, an empty cell its column.
    """
    raw = _lines(text)
    split = [_parts(line) for line in raw]
    reader = _Reader(office, sheets, places)
    named = reader.is_named(split)
    read = []
    at = start
    for number, (line, parts) in enumerate(zip(raw, split, strict=True), 1):
        if named:
            read.append(reader.named(number, clean(line), parts))
        elif number == 1 and len(parts) > 1 and _is_title(parts):
            read.append(PastedLine(number, clean(line), why="标题，略过"))
        else:
            sheet = sheets[at] if at < len(sheets) else None
            read.append(reader.next(number, clean(line), parts, sheet))
            at += 1
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


def _is_title(values: Sequence[str]) -> bool:
    return any(values) and not any(map(_has_digit, values))


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


class _Reader:
    """Reads lines one after another; remembers which units it has had."""

    def __init__(self, office: Office, sheets: Sequence[Sheet], places: Sequence[Place]) -> None:
        self._office, self._places = office, places
        self._by_name: dict[str, list[Sheet]] = {}
        for sheet in sheets:
            for name in {sheet.unit.code.lower(), sheet.unit.name.lower()}:
                self._by_name.setdefault(name, []).append(sheet)
        self._had: dict[str, int] = {}

    def is_named(self, lines: Sequence[Sequence[str]]) -> bool:
        """Whether lines begin with their units: into one column nothing else can be meant."""
        several = [parts for parts in lines if len(parts) > 1]
        if len(self._places) == 1:
            return bool(several)
        words = (parts[0] for parts in several if parts is not lines[0])
        return any(parts[0].lower() in self._by_name for parts in several) or any(
            word and not _has_digit(word) for word in words
        )

    def named(self, number: int, line: str, parts: list[str]) -> PastedLine:
        """A line that names its unit."""
        if not parts:
            return PastedLine(number, line, why="空行，略过")
        if len(parts) == 1:
            return PastedLine(number, line, fault="没有写单位，而别的行写了")
        names, values = self._divided(parts)
        found = [self._by_name.get(name.lower(), []) for name in names]
        if number == 1 and not any(found) and _is_title(values):
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
        return self._judged(number, line, values, sheet)

    def next(self, number: int, line: str, parts: list[str], sheet: Sheet | None) -> PastedLine:
        """A line without a name, for the unit whose turn it is."""
        if sheet is None:
            what = "多出的行，名单到底了" if line else ""
            return PastedLine(number, line, fault=what, why="" if what else "空行，略过")
        return self._judged(number, line, parts if len(self._places) > 1 else [line], sheet)

    def _divided(self, parts: list[str]) -> tuple[list[str], list[str]]:
        """The names that a line begins with, and its values."""
        if len(self._places) == 1:
            return [name for name in parts[:-1] if name], parts[-1:]
        both = len(parts) > 2 and parts[1].lower() in self._by_name
        cut = 2 if both else 1
        return [name for name in parts[:cut] if name], parts[cut:]

    def _judged(self, number: int, line: str, values: list[str], sheet: Sheet) -> PastedLine:
        places = self._places
        while values and not values[-1]:
            values = values[:-1]
        if len(values) > len(places):
            fault = f"多出 {len(values) - len(places)} 个数，右边只有 {len(places)} 列"
            return PastedLine(number, line, sheet, fault=fault)
        filled = [*values, *[""] * (len(places) - len(values))]
        # Values of one item that only stand together (of 20 asked 3 against) are judged together.
        draft = sheet
        for value, (item, field, kind) in zip(filled, places, strict=True):
            draft = _with_value(draft, item, field, kind, value)
        cells = tuple(
            self._cell(value, place, sheet, draft)
            for value, place in zip(filled, places, strict=True)
        )
        return PastedLine(number, line, sheet, cells, why="" if values else "空，略过")

    def _cell(self, text: str, place: Place, sheet: Sheet, draft: Sheet) -> PastedCell:
        item, field, kind = place
        before = sheet.value(kind, item.id, field.name)
        if not text:
            return PastedCell(text, place, before)
        try:
            seen, _ = typed(self._office, draft, item, field, kind, text)
        except ObservationError as error:
            return PastedCell(text, place, before, fault=error.faults[0].what)
        return PastedCell(text, place, before, seen)


def _with_value(sheet: Sheet, item: Item, field: Field, kind: Kind, text: str) -> Sheet:
    """The sheet with a value in it, if it is one."""
    try:
        value = check.value_of(field, text)
    except Refused:
        return sheet
    return sheet.with_observation(
        Observation(sheet.unit.code, sheet.month, item.id, field.name, kind, value)
    )
