"""Self-report workbooks taken in: read, held against the ledger, recorded together or not at all.

A unit's workbook knows since when each claim in it stood as it was made. What the ledger got
since from elsewhere is shown and never overwritten: a file is no person who has seen it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from gsjx_tui.documents.workbook import note_in_form
from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault, ObservationError
from gsjx_tui.office import check
from gsjx_tui.office.acts import Arguments, act
from gsjx_tui.office.check import Refused
from gsjx_tui.office.facts import Cells, cells_of_stage, confirmations, no_cells
from gsjx_tui.office.home import Office
from gsjx_tui.office.people import Person
from gsjx_tui.office.record import append_observations, faults_in_rubric
from gsjx_tui.office.undo import EMPTIED
from gsjx_tui.rubric.model import Observation


@dataclass(frozen=True)
class ReportedCell:
    """A cell of a workbook, with the file's name; ``value`` None: nothing is claimed.

    ``seen`` is the instant (UTC) of the claim that the workbook held when it was made, None if
    it held none.
    """

    file: str
    cell: str
    unit: str
    month: Month
    item: str
    field: str
    value: Decimal | None
    note: str
    seen: datetime | None

    @property
    def place(self) -> str:
        """Where it stands, for people."""
        return f"{self.file} 单元格 {self.cell}"

    @property
    def observation(self) -> Observation:
        """The claim, if there is one."""
        assert self.value is not None
        key = (self.unit, self.month, self.item, self.field)
        return Observation(*key, "claim", self.value, self.note)


@dataclass(frozen=True)
class TakenIn:
    """What workbooks brought: how many units' months, which months, how many claims are new or
    other than before, withdrawn because they were erased, and as the ledger has them already."""

    reports: int
    months: tuple[Month, ...]
    recorded: int
    withdrawn: int
    unchanged: int


@dataclass(frozen=True)
class _Now:
    """What the ledger holds of a claim."""

    value: Decimal
    note: str
    by: str
    at: datetime


_NowByCell = Mapping[tuple[str, str, str, str], _Now]


def _own(person: Person, arguments: Arguments) -> bool:
    return {cell.unit for cell in arguments["cells"]} <= {person.unit}


@act("clerk", writes=True, own=_own)
def take_in(office: Office, cells: Sequence[ReportedCell], *, dry_run: bool = False) -> TakenIn:
    """Records what units' workbooks claim, and withdraws what they erased of their claims.

    Takes nothing on trust. Raises ObservationError with every cell that can't be, whose month is
    confirmed, or whose claim in the ledger is another since the workbook was made; then nothing
    is recorded.
    """
    claims = [(cell.place, cell.observation) for cell in cells if cell.value is not None]
    faults = [*_unknown(office, cells), *faults_in_rubric(office, claims)]
    faults = faults or list(_confirmed(office, cells))
    if faults:
        raise ObservationError.of(faults)
    now = _now(office, cells)
    faults = [*_changed_since(office, cells, now), *_objections(office, claims)]
    faults = faults or list(_together(office, cells))
    if faults:
        raise ObservationError.of(faults)
    fresh = [cell.observation for cell in cells if _is_new(cell, now.get(_key(cell)))]
    erased = [cell for cell in cells if cell.value is None and _key(cell) in now]
    if (fresh or erased) and not dry_run:
        _write(office, fresh, erased)
    return TakenIn(
        reports=len({(cell.unit, cell.month) for cell in cells}),
        months=tuple(sorted({cell.month for cell in cells})),
        recorded=len(fresh),
        withdrawn=len(erased),
        unchanged=len(claims) - len(fresh),
    )


def _key(cell: ReportedCell) -> tuple[str, str, str, str]:
    return (cell.unit, str(cell.month), cell.item, cell.field)


def _now(office: Office, cells: Sequence[ReportedCell]) -> _NowByCell:
    found = {}
    units = {cell.unit for cell in cells}
    only = next(iter(units)) if len(units) == 1 else ""
    for month in {str(cell.month) for cell in cells}:
        rows = office.ledger.rows("newest_cells", first=month, through=month, unit=only)
        for unit, _, item, field, kind, value, note, by, at in rows:
            if kind == "claim":
                found[unit, month, item, field] = _Now(value, note, by, at)
    return found


def _is_new(cell: ReportedCell, now: _Now | None) -> bool:
    if cell.value is None:
        return False
    if now is None or now.value != cell.value:
        return True
    return bool(cell.note) and cell.note != note_in_form(now.note)


# what stands against it --------------------------------------------------------------------------


def _unknown(office: Office, cells: Sequence[ReportedCell]) -> Iterator[Fault]:
    """Empty cells of what isn't there; those with a value are checked as observations are."""
    for cell in cells:
        if cell.value is None:
            try:
                unit = check.known_unit(office, cell.unit)
                item = check.known_item(office.rubric, cell.item)
                check.known_field(item, cell.field)
                check.check_open(unit, item, cell.month, "claim")
            except Refused as refused:
                yield refused.at(cell.place)


def _confirmed(office: Office, cells: Sequence[ReportedCell]) -> Iterator[Fault]:
    """A month that is closed: one fault for each workbook."""
    done = confirmations(office.ledger)
    for file, unit, month in dict.fromkeys((cell.file, cell.unit, cell.month) for cell in cells):
        confirmed = done.get(unit, {}).get(month)
        if confirmed is not None:
            refused = check.confirmed_already(month, confirmed.by, confirmed.at)
            yield refused.at(f"{file}（{unit}）")


def _changed_since(
    office: Office, cells: Sequence[ReportedCell], now: _NowByCell
) -> Iterator[Fault]:
    """What the ledger got, or lost, since the workbook was made, and is other than it says."""
    for cell in cells:
        there = now.get(_key(cell))
        if (there.at if there else None) == cell.seen:
            continue
        if (there.value if there else None) == cell.value:
            continue
        says = "是空的" if cell.value is None else f"是 {check.short(cell.value)}"
        if there is None:
            yield Fault(
                cell.place,
                f"表里{says}，而账本里这一项自评在表下发之后清空了",
                "没有这一项就把这一格也清空；有就先在录入界面填上",
            )
            continue
        value = check.short(there.value)
        yield Fault(
            cell.place,
            f"表里{says}，而账本里这一项自评在表下发之后由 {there.by} 于 "
            f"{check.local(there.at)} 记为 {value}",
            f"以账本为准就把这一格改为 {value}，以表为准就先在录入界面改成表里的",
        )


def _objections(office: Office, claims: Iterable[tuple[str, Observation]]) -> Iterator[Fault]:
    if office.plugins.checks:
        for place, claim in claims:
            try:
                check.check_plugins(office, claim)
            except Refused as refused:
                yield refused.at(place)


def _together(office: Office, cells: Sequence[ReportedCell]) -> Iterator[Fault]:
    """Values of one item that can't stand together once the workbook's are in."""
    several = [cell for cell in cells if len(office.rubric.items[cell.item].fields) > 1]
    after = _after(office, several)
    told = set()
    for cell in several:
        item = office.rubric.items[cell.item]
        place = (cell.unit, cell.item, cell.month)
        if place in told:
            continue
        told.add(place)
        try:
            for kind in check.KIND_NAMES:
                values = check.merged(after[cell.unit], item, cell.month, kind)
                check.check_together(item, values)
        except Refused as refused:
            yield refused.at(cell.place)


def _after(office: Office, cells: Sequence[ReportedCell]) -> Mapping[str, Cells]:
    """The newest values of the units concerned as they would be with the workbooks'."""
    after: dict[str, Cells] = {cell.unit: no_cells() for cell in cells}
    only = next(iter(after)) if len(after) == 1 else ""
    for stage in {id(s): s for cell in cells if (s := office.rubric.stage_of(cell.month))}.values():
        for unit, found in cells_of_stage(office.ledger, stage, only).items():
            if unit in after:
                for kind, values in found.items():
                    after[unit][kind].update(values)
    for cell in cells:
        key, claimed = (cell.item, cell.month, cell.field), after[cell.unit]["claim"]
        if cell.value is None:
            claimed.pop(key, None)
        else:
            claimed[key] = cell.value
    return after


# writing -----------------------------------------------------------------------------------------


def _write(office: Office, fresh: Sequence[Observation], erased: Sequence[ReportedCell]) -> None:
    targets = [
        (cell, seq)
        for cell in erased
        for seq, _ in office.ledger.rows(
            "standing_of_cell",
            unit=cell.unit,
            month=str(cell.month),
            item=cell.item,
            field=cell.field,
            kind="claim",
        )
    ]
    with office.ledger.act() as now:
        append_observations(office, fresh, "import", now)
        office.ledger.append(
            "withdrawal",
            (
                (cell.unit, str(cell.month), "observation", seq, EMPTIED, office.who, now)
                for cell, seq in targets
            ),
        )
