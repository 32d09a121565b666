"""What ``gsjx import`` is handed: tables of observations, or workbooks that units filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from gsjx_tui.documents.workbook import Identification, ReportForm, WorkbookError, report_form
from gsjx_tui.documents.workbook_open import OpenedReport, Opener
from gsjx_tui.documents.workbook_read import Blank, Claim, Reading, other_workbook, read_report
from gsjx_tui.domain import Kind
from gsjx_tui.errors import Fault, ObservationError, reason_of
from gsjx_tui.office import check
from gsjx_tui.office.check import Refused
from gsjx_tui.office.home import Office
from gsjx_tui.office.record import Imported, import_file
from gsjx_tui.office.taking_in import ReportedCell, TakenIn, take_in
from gsjx_tui.rubric.model import Field

Progress = Callable[[int, int], None]


def import_files(
    office: Office,
    paths: Sequence[Path],
    kind: Kind,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Imported | TakenIn:
    """Observations of one kind from a table, or the claims of any number of units' workbooks.

    A folder stands for the workbooks in it. What a file is, its content says. All or nothing:
    raises ObservationError with every fault of every file.
    """
    files = list(_files(paths))
    opened: list[OpenedReport] = []
    others: list[Path] = []
    faults: list[Fault] = []
    with Opener() as opener:
        for done, path in enumerate(files, 1):
            if progress is not None:
                progress(done, len(files))
            if path.exists() and not path.is_file():
                others.append(path)  # a pipe can be read but once: no workbook comes that way
                continue
            try:
                found = opener.open(path)
            except WorkbookError as error:
                faults += error.faults
                continue
            if found is None:
                others.append(path)
            else:
                opened.append(found)
    if others == files and len(files) == 1:
        return import_file(office, files[0], kind, dry_run=dry_run)
    faults += [Fault(path.name, "不是自评表", _ONE_TABLE) for path in others]
    if opened and kind != "claim":
        faults.append(Fault(opened[0].name, "是自评表，不是复核", "去掉 --kind verify 再导入"))
    return _take_in(office, opened, faults, dry_run=dry_run)


_ONE_TABLE = "登记表（unit,month,item,field,value）一次只导入一个文件"


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and the workbooks of the folders named."""
    for path in dict.fromkeys(paths):
        if not path.is_dir():
            yield path
            continue
        try:
            found = sorted(inner for inner in path.iterdir() if _is_workbook(inner))
        except OSError as error:
            raise ObservationError(
                Fault(str(path), f"读不出：{reason_of(error)}", "核对文件夹权限")
            ) from error
        if not found:
            raise ObservationError(Fault(str(path), "文件夹里没有 .xlsx 文件", "核对文件夹"))
        yield from found


def _is_workbook(path: Path) -> bool:
    """Not what Excel or LibreOffice keep beside an open file."""
    return (
        path.suffix.lower() == ".xlsx"
        and not path.name.startswith(("~$", "."))
        and (path.is_file())
    )


def _take_in(
    office: Office, opened: Sequence[OpenedReport], faults: list[Fault], *, dry_run: bool
) -> TakenIn:
    faults += _twice(opened)
    cells: list[ReportedCell] = []
    for report in opened:
        reading = _read(office, report)
        faults += reading.faults
        cells += _cells(report, reading)
    try:
        taken = take_in(office, cells, dry_run=dry_run or bool(faults))
    except ObservationError as error:
        faults += error.faults
    if faults:
        heading = f"有 {len(faults)} 处错误，没有导入任何内容：" if len(faults) > 1 else ""
        raise ObservationError(*faults, heading=heading)
    return taken


def _twice(opened: Sequence[OpenedReport]) -> Iterator[Fault]:
    known: dict[tuple[str, str], str] = {}
    for report in opened:
        of = (report.identification.unit, str(report.identification.month))
        if of in known:
            what = f"与 {known[of]} 是同一单位同一月份（{'、'.join(of)}）的自评表"
            yield Fault(report.name, what, "只留一份")
        known.setdefault(of, report.name)


def _read(office: Office, report: OpenedReport) -> Reading:
    found = _form(office, report)
    if isinstance(found, ReportForm):
        return read_report(report, found, _value_of)
    return Reading((), (), tuple(found))


def _form(office: Office, report: OpenedReport) -> ReportForm | Sequence[Fault]:
    """What the workbook should be: that of its unit and month as it would be made now."""
    known, campaign = report.identification, office.rubric.campaign.id
    wanted = Identification(campaign, known.unit, known.month, office.loaded.digest)
    faults = list(other_workbook(report, wanted))
    if faults:
        return faults
    try:
        unit = check.known_unit(office, known.unit)
        return report_form(office.rubric, office.loaded.digest, unit, known.month)
    except Refused as refused:
        return [refused.at(report.name)]
    except WorkbookError as error:
        return [Fault(report.name, fault.what, "核对名册与月份") for fault in error.faults]


def _value_of(field: Field, text: str) -> Decimal | Fault:
    try:
        return check.value_of(field, text)
    except Refused as refused:
        return refused.at("")


def _cells(report: OpenedReport, reading: Reading) -> Iterator[ReportedCell]:
    known = report.identification
    both: tuple[Claim | Blank, ...] = (*reading.claims, *reading.blank)
    for found in both:
        claimed = found if isinstance(found, Claim) else None
        yield ReportedCell(
            file=report.name,
            cell=found.cell,
            unit=known.unit,
            month=known.month,
            item=found.item,
            field=found.field,
            value=claimed.value if claimed else None,
            note=claimed.note if claimed else "",
            seen=found.seen,
        )
