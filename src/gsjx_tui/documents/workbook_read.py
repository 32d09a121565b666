"""Self-report workbooks read back: the values, or every fault with its cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from gsjx_tui.documents import xlsx
from gsjx_tui.documents.tables import clean
from gsjx_tui.documents.workbook import (
    FIRST_ROW,
    KEY,
    LONGEST_NOTE,
    NOTE,
    VALUE,
    Identification,
    ReportForm,
    ReportRow,
    seen_in,
)
from gsjx_tui.documents.workbook_open import REISSUE, OpenedReport, ReadCell
from gsjx_tui.errors import Fault
from gsjx_tui.harmless import printable
from gsjx_tui.rubric.model import Field

ValueOf = Callable[[Field, str], Decimal | Fault]
"""The number a person wrote for a field, or what is wrong with it: the office's own rule."""


@dataclass(frozen=True)
class Claim:
    """A value the unit filled in: where it stands in the file, and what it is of.

    ``seen`` is the instant of the claim that was filled in beforehand, None if there was none.
    """

    cell: str
    item: str
    field: str
    value: Decimal
    note: str
    seen: datetime | None = None


@dataclass(frozen=True)
class Blank:
    """A cell the unit left empty: nothing is claimed. ``seen`` as in Claim."""

    cell: str
    item: str
    field: str
    seen: datetime | None = None


@dataclass(frozen=True)
class Reading:
    """What was read; if there are faults, nothing else."""

    claims: tuple[Claim, ...]
    blank: tuple[Blank, ...]
    faults: tuple[Fault, ...]


def read_report(opened: OpenedReport, form: ReportForm, value_of: ValueOf) -> Reading:
    """The claims of a workbook that should be ``form`` filled in, or all its faults.

    Every fault names the file and, where there is one, the cell. Values that can't stand
    together and months that are closed are the office's to notice.
    """
    faults = list(other_workbook(opened, form.identification))
    if faults:
        return Reading((), (), tuple(faults))
    faults = list(_changed(opened, form))
    claims: list[Claim] = []
    blank: list[Blank] = []
    rows = {row.key: row for row in form.rows}
    seen = seen_in(opened.lines)
    for at, key in _keyed_rows(opened):
        if key not in rows:
            continue
        found = _claim(opened, at, rows[key], value_of)
        if isinstance(found, Claim):
            claims.append(replace(found, seen=seen.get(key)))
        elif isinstance(found, Blank):
            blank.append(replace(found, seen=seen.get(key)))
        else:
            faults += found
    if faults:
        return Reading((), (), tuple(faults))
    return Reading(tuple(claims), tuple(blank), ())


def other_workbook(opened: OpenedReport, wanted: Identification) -> Iterator[Fault]:
    """Why the workbook isn't the one with that identification, if it isn't."""
    found = opened.identification
    if found.campaign != wanted.campaign:
        yield Fault(
            opened.name, f"是活动 {found.campaign} 的自评表，应为 {wanted.campaign}", REISSUE
        )
    if found.month != wanted.month:
        yield Fault(opened.name, f"是 {found.month} 的自评表，应为 {wanted.month}", "核对月份")
    if found.unit != wanted.unit:
        yield Fault(opened.name, f"是单位 {found.unit} 的自评表，应为 {wanted.unit}", "核对单位")
    if found.campaign == wanted.campaign and found.rubric != wanted.rubric:
        yield Fault(opened.name, "表下发之后考核标准有变动", REISSUE)


def _keyed_rows(opened: OpenedReport) -> Iterator[tuple[int, str]]:
    for (row, column), cell in opened.cells.items():
        if column == KEY and row >= FIRST_ROW:
            yield row, cell.text


def _changed(opened: OpenedReport, form: ReportForm) -> Iterator[Fault]:
    """What differs from the form outside the cells to fill in."""
    expected = dict(form.protected())
    found = list(_keyed_rows(opened))
    times = Counter(key for _, key in found)
    for key in form.keys:
        if not times[key]:
            at = f"{opened.name} 第 {FIRST_ROW + form.keys.index(key)} 行"
            yield Fault(at, f"缺少 {key} 这一行", REISSUE)
        elif times[key] > 1:
            yield Fault(opened.name, f"{key} 有 {times[key]} 行", "删去重复的行")
    order = [key for _, key in sorted(found)]
    if order != list(form.keys) and sorted(order) == sorted(form.keys):
        yield Fault(opened.name, "行的次序被改动", REISSUE)
    in_place = order == list(form.keys)
    strange_rows = set()
    for (row, column), cell in opened.cells.items():
        place = f"{opened.name} 单元格 {cell.coordinate}"
        if (row, column) in expected:
            text = expected.pop((row, column))
            if in_place and xlsx.plain(cell.text) != text:
                yield Fault(place, f"“{text}”被改成“{_shown(cell)}”", "改回原文，或重新索取空表")
        elif column not in (VALUE, NOTE) or not FIRST_ROW <= row <= form.last_row:
            strange_rows.add(row)
            if row <= form.last_row:
                yield Fault(place, f"填报格之外多出“{_shown(cell)}”", "删去；要说明的写在说明栏")
    for row in sorted(row for row in strange_rows if row > form.last_row):
        yield Fault(f"{opened.name} 第 {row} 行", "是多出的行", "删去这一行；只填表内各行")
    if in_place:
        for (row, column), text in expected.items():
            place = f"{opened.name} 单元格 {xlsx.letters(column)}{row}"
            yield Fault(place, f"“{text}”被删去", "改回原文，或重新索取空表")


def _shown(cell: ReadCell) -> str:
    text = clean(" ".join(cell.text.split()))
    return text if len(text) <= 40 else f"{text[:40]}……"


def _claim(
    opened: OpenedReport, at: int, row: ReportRow, value_of: ValueOf
) -> Claim | Blank | list[Fault]:
    """The claim of a row, or that there is none; or the faults."""
    cell, note_cell = opened.cells.get((at, VALUE)), opened.cells.get((at, NOTE))
    address = f"{xlsx.letters(VALUE)}{at}"
    place = f"{opened.name} 单元格 {address}（{row.label}·{row.field.label}）"
    note = _note(opened.name, note_cell)
    faults = [note] if isinstance(note, Fault) else []
    if cell is None or (cell.kind == "s" and not cell.text.strip()):
        if note and not faults:
            faults.append(Fault(place, "写了说明，没有填数值", "填上数值，或删去说明"))
        return faults or Blank(address, row.item, row.field.name)
    value = _value(cell, row, value_of)
    if isinstance(value, Fault):
        return [Fault(place, value.what, value.remedy), *faults]
    if isinstance(note, Fault):
        return faults
    return Claim(address, row.item, row.field.name, value, note)


def _value(cell: ReadCell, row: ReportRow, value_of: ValueOf) -> Decimal | Fault:
    fill = f"直接填数字：{row.bounds}"
    if cell.kind == "f":
        return Fault("", "是公式，不是数值", "复制后“选择性粘贴”为数值")
    if cell.kind == "e":
        return Fault("", f"是错误值 {_shown(cell)}", fill)
    if cell.kind == "s":
        return Fault("", f"“{_shown(cell)}”是文本，不是数值", fill)
    if cell.kind == "b":
        return Fault("", "是逻辑值，不是数值", fill)
    if cell.kind == "d":
        return Fault("", "是日期，不是数值", f"格式改回“常规”，{fill}")
    if cell.percent:
        # 0.95 shown as 95%: which of the two was meant must not be guessed.
        return Fault("", "是百分比格式", f"格式改回“常规”，{fill}")
    return value_of(row.field, f"{Decimal(cell.text):f}")


def _note(name: str, cell: ReadCell | None) -> str | Fault:
    if cell is None:
        return ""
    place = f"{name} 单元格 {cell.coordinate}"
    if cell.kind == "f":
        return Fault(place, "说明是公式", "改为文字")
    text = printable(" ".join(cell.text.split()))
    if len(text) > LONGEST_NOTE:
        return Fault(place, f"说明有 {len(text)} 字", f"至多 {LONGEST_NOTE} 字；详细材料另附")
    return text
