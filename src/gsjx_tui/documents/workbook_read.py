"""Self-report workbooks read back: the values, or every fault with its cell."""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from gsjx_tui.documents import xlsx
from gsjx_tui.documents.tables import clean
from gsjx_tui.documents.workbook import (
    FIRST_ROW,
    HIDDEN,
    KEY,
    LONGEST_NOTE,
    NOTE,
    SHEET,
    VALUE,
    VERSION,
    Identification,
    ReportForm,
    ReportRow,
    WorkbookError,
)
from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault
from gsjx_tui.rubric.model import Field

ValueOf = Callable[[Field, str], Decimal | Fault]
"""The number a person wrote for a field, or what is wrong with it: the office's own rule."""

_LARGEST = 16 << 20
"""Bytes of a report unpacked; one of ours has 60,000."""
_REISSUE = "向活动办重新索取空表，把数值填进去"


@dataclass(frozen=True)
class Claim:
    """A value the unit filled in: where it stands in the file, and what it is of."""

    cell: str
    item: str
    field: str
    value: Decimal
    note: str


@dataclass(frozen=True)
class Reading:
    """What was read: claims only if there are no faults; ``blank`` are the keys not filled in."""

    claims: tuple[Claim, ...]
    blank: tuple[str, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class OpenedReport:
    """A workbook that says which one it is, not yet read; ``cells`` by row and column."""

    name: str
    identification: Identification
    cells: Mapping[tuple[int, int], Any]


def open_report(path: Path) -> OpenedReport:
    """A filled-in workbook, as far as its identification.

    Raises WorkbookError: unreadable, not one of ours, of another format, identification changed.
    """
    content = xlsx.content_of(path, WorkbookError)
    book = xlsx.load(content, path.name, WorkbookError, largest=_LARGEST)
    if SHEET not in book.sheetnames or HIDDEN not in book.sheetnames:
        raise WorkbookError(Fault(path.name, "不是本程序下发的自评表", _REISSUE))
    strangers = [sheet.title for sheet in book.worksheets if sheet.title not in (SHEET, HIDDEN)]
    if strangers:
        raise WorkbookError(
            Fault(path.name, f"多出工作表“{'、'.join(strangers)}”", f"只留“{SHEET}”，材料另附")
        )
    cells = {
        (cell.row, cell.column): cell
        for row in book[SHEET].iter_rows()
        for cell in row
        if cell.value is not None
    }
    return OpenedReport(path.name, _identification(path.name, book[HIDDEN]), cells)


def _identification(name: str, sheet: Any) -> Identification:
    facts = {
        str(first): str(second or "")
        for first, second in sheet.iter_rows(max_col=2, values_only=True)
        if first is not None
    }
    version = facts.get("version", "")
    if version != VERSION:
        raise WorkbookError(Fault(name, f"自评表格式为“{version}”，应为“{VERSION}”", _REISSUE))
    tampered = WorkbookError(Fault(name, "表内的标识已被改动", _REISSUE))
    try:
        month = Month.parse(facts.get("month", ""))
    except ValueError:
        raise tampered from None
    found = Identification(
        facts.get("campaign", ""), facts.get("unit", ""), month, facts.get("rubric", "")
    )
    checksum = found.checksum(facts.get("rows", "").split())
    if not hmac.compare_digest(checksum.encode(), facts.get("checksum", "").encode()):
        raise tampered
    return found


def read_report(opened: OpenedReport, form: ReportForm, value_of: ValueOf) -> Reading:
    """The claims of a workbook that should be ``form`` filled in, or all its faults.

    Every fault names the file and, where there is one, the cell. Values that can't stand
    together and months that are closed are the office's to notice.
    """
    faults = list(_other_workbook(opened, form.identification))
    if faults:
        return Reading((), (), tuple(faults))
    faults = list(_changed(opened, form))
    claims: list[Claim] = []
    blank: list[str] = []
    rows = {row.key: row for row in form.rows}
    for at, key in _keyed_rows(opened):
        if key not in rows:
            continue
        found = _claim(opened, at, rows[key], value_of)
        if isinstance(found, Claim):
            claims.append(found)
        elif found:
            faults += found
        else:
            blank.append(key)
    return Reading(() if faults else tuple(claims), tuple(blank), tuple(faults))


def _other_workbook(opened: OpenedReport, wanted: Identification) -> Iterator[Fault]:
    found = opened.identification
    if found.campaign != wanted.campaign:
        yield Fault(
            opened.name, f"是活动 {found.campaign} 的自评表，应为 {wanted.campaign}", _REISSUE
        )
    if found.month != wanted.month:
        yield Fault(opened.name, f"是 {found.month} 的自评表，应为 {wanted.month}", "核对月份")
    if found.unit != wanted.unit:
        yield Fault(opened.name, f"是单位 {found.unit} 的自评表，应为 {wanted.unit}", "核对单位")
    if found.campaign == wanted.campaign and found.rubric != wanted.rubric:
        yield Fault(opened.name, "表下发之后考核标准有变动", _REISSUE)


def _keyed_rows(opened: OpenedReport) -> Iterator[tuple[int, str]]:
    for (row, column), cell in opened.cells.items():
        if column == KEY and row >= FIRST_ROW:
            yield row, str(cell.value)


def _changed(opened: OpenedReport, form: ReportForm) -> Iterator[Fault]:
    """What differs from the form outside the cells to fill in."""
    expected = dict(form.protected())
    found = list(_keyed_rows(opened))
    times = Counter(key for _, key in found)
    for key in form.keys:
        if not times[key]:
            at = f"{opened.name} 第 {FIRST_ROW + form.keys.index(key)} 行"
            yield Fault(at, f"缺少 {key} 这一行", _REISSUE)
        elif times[key] > 1:
            yield Fault(opened.name, f"{key} 有 {times[key]} 行", "删去重复的行")
    order = [key for _, key in sorted(found)]
    if order != list(form.keys) and sorted(order) == sorted(form.keys):
        yield Fault(opened.name, "行的次序被改动", _REISSUE)
    in_place = order == list(form.keys)
    strange_rows = set()
    for (row, column), cell in opened.cells.items():
        place = f"{opened.name} 单元格 {cell.coordinate}"
        if (row, column) in expected:
            text = expected.pop((row, column))
            if in_place and _text(cell) != text:
                yield Fault(place, f"“{text}”被改成“{_text(cell)}”", "改回原文，或重新索取空表")
        elif column not in (VALUE, NOTE) or not FIRST_ROW <= row <= form.last_row:
            strange_rows.add(row)
            if row <= form.last_row:
                yield Fault(place, f"填报格之外多出“{_text(cell)}”", "删去；要说明的写在说明栏")
    for row in sorted(row for row in strange_rows if row > form.last_row):
        yield Fault(f"{opened.name} 第 {row} 行", "是多出的行", "删去这一行；只填表内各行")
    if in_place:
        for (row, column), text in expected.items():
            place = f"{opened.name} 单元格 {xlsx.letters(column)}{row}"
            yield Fault(place, f"“{text}”被删去", "改回原文，或重新索取空表")


def _text(cell: Any) -> str:
    return xlsx.plain(str(cell.value))


def _claim(opened: OpenedReport, at: int, row: ReportRow, value_of: ValueOf) -> Claim | list[Fault]:
    """The claim of a row; faults, or an empty list for a row left blank."""
    cell, note_cell = opened.cells.get((at, VALUE)), opened.cells.get((at, NOTE))
    place = f"{opened.name} 单元格 {xlsx.letters(VALUE)}{at}（{row.label}·{row.field.label}）"
    faults: list[Fault] = []
    note = _note(opened.name, note_cell)
    if isinstance(note, Fault):
        faults.append(note)
    if cell is None or (isinstance(cell.value, str) and not cell.value.strip()):
        if note_cell is not None and not faults:
            faults.append(Fault(place, "写了说明，没有填数值", "填上数值，或删去说明"))
        return faults
    value = _value(cell, row, value_of)
    if isinstance(value, Fault):
        return [Fault(place, value.what, value.remedy), *faults]
    if faults or isinstance(note, Fault):
        return faults
    return Claim(cell.coordinate, row.item, row.field.name, value, note)


def _value(cell: Any, row: ReportRow, value_of: ValueOf) -> Decimal | Fault:
    value = cell.value
    fill = f"直接填数字：{row.bounds}"
    if cell.data_type == "f":
        return Fault("", "是公式，不是数值", "复制后“选择性粘贴”为数值")
    if cell.data_type == "e":
        return Fault("", f"是错误值 {value}", fill)
    if isinstance(value, str):
        return Fault("", f"“{clean(value)[:40]}”是文本，不是数值", fill)
    if isinstance(value, bool):
        return Fault("", "是逻辑值，不是数值", fill)
    if isinstance(value, datetime | date | time):
        return Fault("", "是日期，不是数值", f"格式改回“常规”，{fill}")
    if "%" in (cell.number_format or ""):
        # 0.95 shown as 95%: which of the two was meant must not be guessed.
        return Fault("", "是百分比格式", f"格式改回“常规”，{fill}")
    return value_of(row.field, f"{Decimal(f'{value:.15g}'):f}")  # the digits that Excel shows


def _note(name: str, cell: Any) -> str | Fault:
    if cell is None:
        return ""
    place = f"{name} 单元格 {cell.coordinate}"
    if cell.data_type == "f":
        return Fault(place, "说明是公式", "改为文字")
    if isinstance(cell.value, float):
        text = f"{cell.value:.15g}"
    else:
        text = " ".join(str(cell.value).split())
    if len(text) > LONGEST_NOTE:
        return Fault(place, f"说明有 {len(text)} 字", f"至多 {LONGEST_NOTE} 字；详细材料另附")
    return "".join(letter for letter in text if letter.isprintable())
