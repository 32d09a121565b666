"""An event as a person wrote it, and whether it may be registered: every fault at its field."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from gsjx_tui.documents.tables import clean
from gsjx_tui.domain import Month, Unit
from gsjx_tui.errors import Fault, ObservationError, reason_of
from gsjx_tui.harmless import printable
from gsjx_tui.office import check
from gsjx_tui.office.check import Refused
from gsjx_tui.office.facts import confirmations
from gsjx_tui.office.home import Office
from gsjx_tui.rubric.model import Field, Item


@dataclass(frozen=True)
class EventDraft:
    """An event as a person wrote it.

    ``month`` is the month it counts in; empty: the one it happened in. ``file_name`` is the path
    of a file to prove it by: its content is hashed, its name kept without the folder.
    """

    unit: str = ""
    happened_on: str = ""
    month: str = ""
    item: str = ""
    field: str = ""
    origin: str = ""
    document: str = ""
    file_name: str = ""
    kept_at: str = ""
    note: str = ""


class EventError(ObservationError):
    """An event can't be registered: ``fields`` has the fault of each field of the draft."""

    carried: ClassVar[Mapping[str, Any]] = {"fields": Mapping[str, Fault]}

    def __init__(self, fields: Mapping[str, Fault]) -> None:
        self.fields = fields
        super().__init__(*fields.values())


@dataclass(frozen=True)
class Ready:
    """A draft that may be registered."""

    unit: Unit
    month: Month
    item: Item
    field: Field
    happened_on: date
    texts: tuple[str, ...]  # origin, document, file_name, file_sha256, kept_at, note


@dataclass(frozen=True)
class Evidence:
    """What the draft's file is: its SHA-256, or why it can't be read. Empty without a file."""

    sha256: str = ""
    fault: Fault | None = None


def evidence_of(draft: EventDraft) -> Evidence:
    """Looks at the draft's file, on the machine and with the rights of who wrote the draft."""
    path = draft.file_name.strip()
    try:
        return Evidence(_digest(path) if path else "")
    except Refused as refused:
        return Evidence(fault=refused.at(""))


def ready(office: Office, draft: EventDraft, evidence: Evidence) -> Ready:
    """The draft as it may be registered. Raises EventError with every fault."""
    faults: dict[str, Fault] = {}

    @contextmanager
    def at(place: str) -> Iterator[None]:
        try:
            yield
        except Refused as refused:
            faults[place] = refused.at("")

    unit = item = field = month = day = None
    with at("unit"):
        if not draft.unit:
            raise Refused("没有写单位", "写单位名称、代码或拼音首字母")
        unit = check.known_unit(office, draft.unit)
    with at("item"):
        item, field = _kind(office, draft)
    if item is not None:
        with at("happened_on"):
            day = happened_on(office, item, draft.happened_on)
    if unit is not None and item is not None and day is not None:
        with at("month"):
            month = _month(office, unit, item, day, draft.month)
    origin, document, kept_at, note = (
        clean(printable(text)) for text in (draft.origin, draft.document, draft.kept_at, draft.note)
    )
    path = draft.file_name.strip()
    with at("document"):
        if not (document or path or kept_at):
            raise Refused("没有佐证", "至少写文号、文件或存放处之一")
    digest = evidence.sha256
    if evidence.fault is not None:
        faults["file_name"] = evidence.fault
    if unit is not None and item is not None and field is not None and (document or digest):
        same = office.ledger.rows(
            "same_event",
            unit=unit.code,
            item=item.id,
            field=field.name,
            document=document,
            file_sha256=digest,
        )
        if same:
            seq, counted, by_file = same[0]
            what = "同一文件" if by_file else "同一文号"
            place = "file_name" if by_file else "document"
            faults.setdefault(
                place,
                Fault("", f"{what}已登记为第 {seq} 号（计入 {counted}）", "同一件事只计一次"),
            )
    if faults or unit is None or item is None or field is None or month is None or day is None:
        raise EventError(faults)
    name = printable(Path(path).name) if path else ""
    return Ready(unit, month, item, field, day, (origin, document, name, digest, kept_at, note))


def cell_of(office: Office, draft: EventDraft) -> tuple[Unit, Item, Field, Month]:
    """The cell that a draft would count into. Raises Refused while it can't be told."""
    unit = check.known_unit(office, draft.unit)
    item, field = _kind(office, draft)
    day = happened_on(office, item, draft.happened_on)
    return unit, item, field, _month(office, unit, item, day, draft.month)


def _kind(office: Office, draft: EventDraft) -> tuple[Item, Field]:
    if not draft.item:
        raise Refused("没有选事项", "从事项表中选一种")
    item = check.known_item(office.rubric, draft.item)
    if not item.rule.counts_events:
        raise Refused(f"{item.id} 不是计次的要点", "从事项表中选一种")
    return item, check.known_field(item, draft.field)


def happened_on(office: Office, item: Item, text: str) -> date:
    """The day a person wrote: 2013-06-05, 6.5, 6月5日. Raises Refused.

    A day without a year is the one in the item's stage.
    """
    stage = office.rubric.stage(item.stage)
    assert stage is not None
    written = clean(text)
    if not written:
        raise Refused("没有写日期", "写成 2013-06-05、6.5 或 6月5日")
    day = day_of(written, stage.months)
    if day > date.today():
        raise Refused(f"{day} 还没有到", "写事情发生的日期")
    if Month(day.year, day.month) not in stage.months:
        first, last = stage.months[0], stage.months[-1]
        raise Refused(f"{day} 不在{stage.name}之内", f"该阶段为 {first} 至 {last}")
    return day


def day_of(written: str, months: Sequence[Month]) -> date:
    """A day as people write it; without a year it is the one among the months. Raises Refused."""
    for pattern in _DAYS:
        match = pattern.fullmatch(written)
        if match is None:
            continue
        number, day = int(match["month"]), int(match["day"])
        year = match.groupdict().get("year")
        years = [int(year)] if year else [m.year for m in months if m.number == number]
        if not years and 1 <= number <= 12:
            raise Refused(
                f"{number} 月不在 {months[0]} 至 {months[-1]} 之内",
                "改正日期，或写上年份",
            )
        try:
            return date(years[0] if years else 0, number, day)
        except ValueError:
            break
    raise Refused(f"日期“{written}”写法不对", "写成 2013-06-05、6.5 或 6月5日")


_DAYS: tuple[re.Pattern[str], ...] = (
    re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
    re.compile(r"(?P<year>[0-9]{4})[-./年](?P<month>[0-9]{1,2})[-./月](?P<day>[0-9]{1,2})[日号]?"),
    re.compile(r"(?P<month>[0-9]{1,2})[-./月](?P<day>[0-9]{1,2})[日号]?"),
)


def _month(office: Office, unit: Unit, item: Item, day: date, text: str) -> Month:
    """The month the event counts in. Raises Refused."""
    happened = Month(day.year, day.month)
    written = clean(text)
    if number := re.fullmatch(r"([0-9]{1,2})月?", written):
        stage_months = office.rubric.stage_of(happened)
        found = (
            [m for m in stage_months.months if m.number == int(number[1])] if stage_months else []
        )
        written = str(found[0]) if found else written
    month = check.known_month(office.rubric, written) if written else happened
    if month < happened:
        raise Refused(f"{month} 早于事情发生的 {happened}", "计入发生的月份，或以后未核定的月份")
    stage = office.rubric.stage_of(month)
    if stage is None or stage.id != item.stage:
        raise Refused(f"{month} 不在该事项的阶段之内", "计入同一阶段的月份")
    check.check_open(unit, item, month, "verify")
    done = confirmations(office.ledger, unit.code).get(unit.code, {}).get(month)
    if done is not None:
        refused = check.confirmed_already(month, done.by, done.at)
        raise Refused(refused.what, f"计入以后未核定的月份；{refused.remedy}")
    return month


def _digest(path: str) -> str:
    """The SHA-256 of a file's content. Raises Refused."""
    place = Path(path).expanduser()
    try:
        with place.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Refused(f"文件 {path} 读不出：{reason_of(error)}", "改正路径，或只写存放处") from None
    except ValueError:
        raise Refused(f"文件 {path} 读不出", "改正路径，或只写存放处") from None
