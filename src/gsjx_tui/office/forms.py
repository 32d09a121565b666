"""The self-report workbooks 自评表 of a month for the units to fill in (method 三（一）)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from gsjx_tui.documents.workbook import Reported, report_form
from gsjx_tui.documents.workbook_write import write_reports
from gsjx_tui.domain import Month, Unit
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office import check
from gsjx_tui.office.acts import Arguments, act
from gsjx_tui.office.facts import confirmations
from gsjx_tui.office.home import Office
from gsjx_tui.office.people import Person


@dataclass(frozen=True)
class ClaimedCell:
    """What a unit has claimed in a cell, and since when it stands (UTC)."""

    item: str
    field: str
    value: Decimal
    note: str
    at: datetime


@dataclass(frozen=True)
class UnitToReport:
    """A unit that is to report a month, and what it has claimed of it so far."""

    code: str
    cells: tuple[ClaimedCell, ...]


@dataclass(frozen=True)
class ToReport:
    """The units that are to report a month; ``confirmed`` are those whose month is closed."""

    units: tuple[UnitToReport, ...]
    confirmed: tuple[str, ...]


@dataclass(frozen=True)
class MadeForms:
    """The workbooks made: where, of which month; ``confirmed``: units that need none any more."""

    folder: Path
    month: Month
    files: tuple[Path, ...]
    confirmed: tuple[str, ...]


def _own(person: Person, arguments: Arguments) -> bool:
    return set(arguments.get("units", ())) <= {person.unit}


@act("viewer", own=_own)
def to_report(office: Office, month: Month, units: Sequence[str] = ()) -> ToReport:
    """The units that are to report a month: those named, or all that take part.

    Raises StateError for a named unit that is unknown, takes no part or is confirmed already, and
    where nobody is left to report.
    """
    chosen = _chosen(office, month, units)
    only = chosen[0].code if len(chosen) == 1 else ""
    done = confirmations(office.ledger, only)
    closed = [unit for unit in chosen if month in done.get(unit.code, {})]
    if closed and (units or len(closed) == len(chosen)):
        raise StateError.of(_closed(unit, month) for unit in closed)
    cells: dict[str, list[ClaimedCell]] = {}
    for code, _, item, field, kind, value, note, _, at in office.ledger.rows(
        "newest_cells", first=str(month), through=str(month), unit=only
    ):
        if kind == "claim":
            cells.setdefault(code, []).append(ClaimedCell(item, field, value, note, at))
    return ToReport(
        units=tuple(
            UnitToReport(unit.code, tuple(cells.get(unit.code, ())))
            for unit in chosen
            if unit not in closed
        ),
        confirmed=tuple(unit.code for unit in closed),
    )


def _chosen(office: Office, month: Month, units: Sequence[str]) -> list[Unit]:
    chosen = [office.unit(code) for code in dict.fromkeys(units)] or office.seen(office.units)
    taking_part = [unit for unit in chosen if unit.takes_part(month)]
    if units and len(taking_part) < len(chosen):
        raise StateError.of(
            Fault(unit.name, f"在 {month} 不参加考核", "核对单位和月份")
            for unit in chosen
            if unit not in taking_part
        )
    if not taking_part:
        raise StateError(Fault("", f"{month} 没有单位参加考核", "核对月份与名册"))
    return taking_part


def _closed(unit: Unit, month: Month) -> Fault:
    return Fault(unit.name, f"{month} 已经核定，不再填报", "改动请用更正：gsjx correct")


def make_forms(
    office: Office,
    month: str,
    units: Sequence[str] = (),
    into: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> MadeForms:
    """Writes a workbook for every unit that is to report, all of them or none.

    They go ``into`` a folder, by default one of the month among the person's own. Never over a
    file that is there. Raises StateError, ExportError.
    """
    of_month = check.month_of(office.rubric, month)
    asked = to_report(office, of_month, units)
    forms = [
        report_form(
            office.rubric,
            office.loaded.digest,
            office.unit(unit.code),
            of_month,
            {
                (cell.item, cell.field): Reported(cell.value, cell.note, cell.at)
                for cell in unit.cells
            },
        )
        for unit in asked.units
    ]
    folder = into or office.own_folder.absolute() / f"自评表-{of_month}"
    there = [form.file_name for form in forms if (folder / form.file_name).exists()]
    if there:
        more = f"等 {len(there)} 个文件" if len(there) > 1 else ""
        raise StateError(
            Fault(
                str(folder),
                f"已有 {there[0]}{more}，没有生成也没有覆盖任何文件",
                "移走旧表再生成，或用 --into 指定别的文件夹",
            )
        )
    files = write_reports(folder, forms, progress)
    return MadeForms(folder, of_month, files, asked.confirmed)
