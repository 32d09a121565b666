"""The self-report workbook (自评表) of one unit and month: what it asks, and how it is laid out.

Units fill it in and send it back (method 三（一）). ``workbook_write`` makes the file,
``workbook_read`` reads one back; both follow the layout below.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from gsjx_tui.documents.check_code import check_code
from gsjx_tui.domain import Month, Unit
from gsjx_tui.errors import GsjxError
from gsjx_tui.rubric.model import Field, Item, Rubric

VERSION = "1"
"""The format of the workbook; another one is refused on reading."""

SHEET, HIDDEN = "自评表", "标识"
TITLE_ROW, UNIT_ROW, HINT_ROW, HEADING_ROW = 1, 2, 3, 4
FIRST_ROW = 5
KEY, VALUE, NOTE = 1, 8, 9
"""Columns: the hidden key of the row, what the unit fills in, and its note."""
HEADINGS = (
    "",
    "条款",
    "考核指标",
    "考核要点",
    "填报内容",
    "填报范围",
    "考核月份",
    "填报值",
    "说明",
)
LONGEST_NOTE = 200
HINT = "只填黄色格；没有的留空。说明栏写明佐证材料。不要增删行列，不要改动其他格。"
SIGNATURES = (
    "填报人（签字）：　　　　　　　　单位负责人（签字）：　　　　　　　　　　　　年　　月　　日"
)

_FEW = Decimal(10)
_STEP = Decimal("0.5")

Key = tuple[str, str]
"""Item and field."""


class WorkbookError(GsjxError):
    """A file isn't a self-report workbook of ours, or can't be read as one."""


@dataclass(frozen=True)
class Identification:
    """Which workbook it is. ``rubric`` is the digest of the rubric in force when it was made.

    The checksum notices slips and tinkering by hand; it is no signature: who sent the file is
    for the office to know.
    """

    campaign: str
    unit: str
    month: Month
    rubric: str
    version: str = VERSION

    def checksum(self, lines: Sequence[str]) -> str:
        """SHA-256 over the identification and the lines of the rows, in hexadecimal."""
        return hashlib.sha256(self._canonical(lines)).hexdigest()

    def code(self, keys: Sequence[str]) -> str:
        """The short form that is printed at the foot of the sheet."""
        return check_code(self._canonical(keys))

    def _canonical(self, keys: Sequence[str]) -> bytes:
        value = [self.version, self.campaign, self.unit, str(self.month), self.rubric, [*keys]]
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Reported:
    """What a unit has reported already of a row, and since when (UTC) it stands in the ledger."""

    value: Decimal
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class ReportRow:
    """One field of one item that the unit fills in; with what it has reported already."""

    item: str
    clause: str
    indicator: str
    label: str
    field: Field
    months: tuple[Month, ...]
    reported: Reported | None = None

    @property
    def line(self) -> str:
        """The row in the identification: its key, and the instant of what is filled in already."""
        if self.reported is None or self.reported.at is None:
            return self.key
        return f"{self.key}={self.reported.at.isoformat()}"

    @property
    def key(self) -> str:
        """The row's name within the workbook: item and field."""
        return f"{self.item}/{self.field.name}"

    @property
    def whole(self) -> bool:
        """Whether only whole numbers may be filled in."""
        return self.field.kind == "count"

    @property
    def choices(self) -> tuple[Decimal, ...]:
        """What the drop-down offers: whole and half points, where ten points are the most.

        Empty: any number within the bounds. What the office itself enters isn't bound by it.
        """
        low, high = self.field.minimum, self.field.maximum
        if self.field.kind != "points" or high > _FEW or low % _STEP or high % _STEP:
            return ()
        return tuple(low + _STEP * n for n in range(int((high - low) / _STEP) + 1))

    @property
    def bounds(self) -> str:
        """What may be filled in, for people."""
        low, high = number(self.field.minimum), number(self.field.maximum)
        if self.field.kind == "rate":
            return f"{low} 至 {high}，百分率"
        if self.whole:
            return f"不小于 {low} 的整数"
        return f"{low} 至 {high} 分"

    @property
    def texts(self) -> tuple[str, ...]:
        """What the row says, in the columns from 条款 to 考核月份."""
        return (
            self.clause,
            self.indicator,
            self.label,
            self.field.label,
            self.bounds,
            spans(self.months),
        )


@dataclass(frozen=True)
class ReportForm:
    """The workbook to be filled in by one unit for one month."""

    identification: Identification
    campaign: str
    unit: str
    stage: str
    rows: tuple[ReportRow, ...]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The rows' keys in order."""
        return tuple(row.key for row in self.rows)

    @property
    def lines(self) -> tuple[str, ...]:
        """The rows as the identification has them (``ReportRow.line``)."""
        return tuple(row.line for row in self.rows)

    @property
    def title(self) -> str:
        """What stands at the top."""
        return f"{self.campaign}自评表"

    @property
    def about(self) -> str:
        """The line under the title."""
        month = self.identification.month.chinese
        return f"单位：{self.unit}（{self.identification.unit}）　　{month}　　{self.stage}阶段"

    @property
    def last_row(self) -> int:
        """The last row of the table, counted from 1."""
        return FIRST_ROW + len(self.rows) - 1

    @property
    def signature_row(self) -> int:
        """The row to sign in by hand."""
        return self.last_row + 2

    def protected(self) -> Mapping[tuple[int, int], str]:
        """Every text outside the cells to fill in, by row and column counted from 1."""
        cells = {
            (TITLE_ROW, 2): self.title,
            (UNIT_ROW, 2): self.about,
            (HINT_ROW, 2): HINT,
            (self.signature_row, 2): SIGNATURES,
        }
        for column, heading in enumerate(HEADINGS[1:], 2):
            cells[HEADING_ROW, column] = heading
        for at, row in enumerate(self.rows, FIRST_ROW):
            cells[at, KEY] = row.key
            for column, text in enumerate(row.texts, 2):
                cells[at, column] = text
        return cells

    @property
    def file_name(self) -> str:
        """A name that every file system takes: month, code, unit."""
        name = f"{self.identification.month}_{self.identification.unit}_{self.unit}"
        return "".join(c if c.isalnum() or c in "-_·（）" else "_" for c in name)[:70] + ".xlsx"


def report_form(
    rubric: Rubric,
    digest: str,
    unit: Unit,
    month: Month,
    reported: Mapping[Key, Reported] | None = None,
) -> ReportForm:
    """The workbook of a unit's month: every field that takes a claim then.

    ``digest`` is the rubric's; ``reported`` what the unit has reported already by item and field,
    to be filled in beforehand. Raises WorkbookError where there is
    nothing to report: outside the campaign or the unit's months.
    """
    stage = rubric.stage_of(month)
    if stage is None:
        raise WorkbookError(f"月份 {month} 不在活动之内")
    if not unit.takes_part(month):
        raise WorkbookError(f"{unit.name} 在 {month} 不参加考核")
    return ReportForm(
        identification=Identification(rubric.campaign.id, unit.code, month, digest),
        campaign=rubric.campaign.name,
        unit=unit.name,
        stage=stage.name,
        rows=tuple(
            _row(indicator.name, item, field, (reported or {}).get((item.id, field.name)))
            for indicator in stage.indicators
            for item in indicator.items
            if month in item.months and not item.office
            for field in item.fields
        ),
    )


def _row(indicator: str, item: Item, field: Field, reported: Reported | None) -> ReportRow:
    return ReportRow(item.id, item.clause, indicator, item.label, field, item.months, reported)


def seen_in(lines: Sequence[str]) -> Mapping[str, datetime]:
    """The instant (UTC) of what was filled in beforehand, by the keys of the rows that have one.

    Lines are those of ``ReportRow.line``; one that nobody wrote so has none.
    """
    found = {}
    for line in lines:
        key, _, instant = line.rpartition("=")
        with contextlib.suppress(ValueError):
            found[key] = datetime.fromisoformat(instant).replace(tzinfo=None)
    return found


def note_in_form(note: str) -> str:
    """A note as it stands in the workbook: on one line, no longer than may be filled in."""
    return " ".join(note.split())[:LONGEST_NOTE].rstrip()


def spans(months: Sequence[Month]) -> str:
    """Months for people, runs drawn together: 2013-06 至 2013-08、2014-01."""
    runs: list[list[Month]] = []
    for month in sorted(months):
        if runs and runs[-1][-1].plus(1) == month:
            runs[-1].append(month)
        else:
            runs.append([month])
    return "、".join(str(run[0]) if len(run) == 1 else f"{run[0]} 至 {run[-1]}" for run in runs)


def number(value: Decimal) -> str:
    """A number without needless zeros: 10, 2.5."""
    return f"{value.normalize():f}" if value else "0"
