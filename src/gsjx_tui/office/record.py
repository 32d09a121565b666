"""Recording observations: typed one by one, or a file of them, all or nothing (SPEC 2, 8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from gsjx_tui.documents.tables import TableError, read_table
from gsjx_tui.domain import Kind, Month
from gsjx_tui.errors import Fault, ObservationError
from gsjx_tui.harmless import printable
from gsjx_tui.office import check
from gsjx_tui.office.acts import Arguments, act
from gsjx_tui.office.check import Refused
from gsjx_tui.office.clash import check_seen
from gsjx_tui.office.facts import (
    Cells,
    cells_of_stage,
    confirmations,
    event_counts,
    no_cells,
)
from gsjx_tui.office.home import Office
from gsjx_tui.office.people import Person, Role
from gsjx_tui.rubric.model import Field, Item, Observation

_COLUMNS = ("unit", "month", "item", "field", "value")
_CHINESE = {
    "单位代码": "unit",
    "月份": "month",
    "考核要点": "item",
    "字段": "field",
    "数值": "value",
    "说明": "note",
}


def _need(arguments: Arguments) -> Role:
    kinds = {seen.kind for seen in arguments["observations"]}
    return "reviewer" if "verify" in kinds else "clerk"


def _own(person: Person, arguments: Arguments) -> bool:
    return {(seen.unit, seen.kind) for seen in arguments["observations"]} <= {
        (person.unit, "claim")
    }


@dataclass(frozen=True)
class Imported:
    """What a file brought in: how many observations, of how many units, in which months."""

    observations: int
    units: int
    months: tuple[Month, ...]


@act(_need, writes=True, own=_own)
def record(
    office: Office,
    observations: Sequence[Observation],
    seen: Sequence[datetime | None] | None = None,
) -> datetime:
    """Records observations typed by a person; the instant at which they stand.

    Takes nothing on trust: place and range are checked here whatever the face has checked. With
    ``seen`` (see ``clash.check_seen``) nothing replaces what the person hasn't seen. Raises
    ObservationError or Clashed, with nothing recorded.
    """
    placed = [("", seen) for seen in observations]
    faults = list(faults_in_rubric(office, placed))
    if not faults:
        faults = list(_faults_in_ledger(office, placed))
    if faults:
        raise ObservationError.of(faults)
    if seen is not None:
        check_seen(office, observations, seen)
    return _append(office, observations, "entry")


def import_file(office: Office, path: Path, kind: Kind, *, dry_run: bool = False) -> Imported:
    """Observations of one kind from a CSV or XLSX file: all of them or, with a fault, none.

    Raises ObservationError with every bad row and its line.
    """
    return import_rows(office, *_read(office, path, kind), path.name, dry_run=dry_run)


@act(_need, writes=True, own=_own)
def import_rows(
    office: Office,
    observations: Sequence[Observation],
    lines: Sequence[int],
    faults: Sequence[tuple[int, Fault]],
    name: str,
    *,
    dry_run: bool = False,
) -> Imported:
    """Observations that were read from a file of a name, and the line of each (see import_file).

    ``faults`` are those found while reading, with their lines.
    """
    by_place = {f"{name} 第 {line} 行": line for line in lines}
    placed = list(zip(by_place, observations, strict=True))
    wrong = list(faults_in_rubric(office, placed))
    wrong = wrong or list(_faults_in_ledger(office, placed))
    found = [*faults, *((by_place[fault.where], fault) for fault in wrong)]
    if found:
        ordered = [fault for _, fault in sorted(found, key=lambda fault: fault[0])]
        raise ObservationError(
            *ordered, heading=f"{name} 有 {len(ordered)} 处错误，没有导入任何内容："
        )
    if not dry_run:
        _append(office, observations, "import")
    return Imported(
        observations=len(observations),
        units=len({seen.unit for seen in observations}),
        months=tuple(sorted({seen.month for seen in observations})),
    )


def _read(
    office: Office, path: Path, kind: Kind
) -> tuple[list[Observation], list[int], list[tuple[int, Fault]]]:
    """Observations of a file, the line of each, and what is wrong with other lines."""
    try:
        table = read_table(path, _COLUMNS, ("note",), _CHINESE)
    except TableError as error:
        raise ObservationError(*error.faults) from error
    reader = _RowReader(office, kind)
    faults: list[tuple[int, Fault]] = []
    seen: dict[tuple[str, ...], tuple[int, Observation]] = {}
    for line, cells in table.rows:
        try:
            observation = reader.read(*cells)
            key = (cells[0], str(observation.month), cells[2], cells[3])
            earlier = seen.get(key)
            if earlier is not None and earlier[1].value != observation.value:
                raise Refused(
                    f"与第 {earlier[0]} 行是同一格（{'、'.join(key)}），"
                    f"数值却不同：{earlier[1].value} 和 {observation.value}",
                    "只留正确的一行",
                )
            if earlier is None:
                seen[key] = (line, observation)
        except Refused as refused:
            faults.append((line, refused.at(f"{path.name} 第 {line} 行")))
    found = list(seen.values())
    return [observation for _, observation in found], [line for line, _ in found], faults


_LONG = 100
"""Letters that no code, month or value has; only a note may be longer."""


class _RowReader:
    """Turns the cells of a row into an observation; what recurs in most rows is looked up once."""

    def __init__(self, office: Office, kind: Kind) -> None:
        self._office, self._kind = office, kind
        self._places: dict[tuple[str, str, str], tuple[Month, Item, Field]] = {}

    def read(
        self, unit: str, month: str, item: str, field: str, value: str, note: str
    ) -> Observation:
        """The observation of a row. Raises Refused."""
        for text in (unit, month, item, field, value):
            if len(text) > _LONG:
                raise Refused(
                    f"“{text[:20]}……”（{len(text)} 个字）不是数值、代码或月份", "核对这一格"
                )
        known_unit = check.known_unit(self._office, unit)
        known_month, known_item, known_field = self._place(month, item, field)
        check.check_open(known_unit, known_item, known_month, self._kind)
        number = check.value_of(known_field, value)
        return Observation(unit, known_month, item, field, self._kind, number, printable(note))

    def _place(self, month: str, item: str, field: str) -> tuple[Month, Item, Field]:
        place = self._places.get((month, item, field))
        if place is None:
            known_month = check.known_month(self._office.rubric, month)
            known_item = check.known_item(self._office.rubric, item)
            place = (known_month, known_item, check.known_field(known_item, field))
            self._places[month, item, field] = place
        return place


def faults_in_rubric(office: Office, placed: Iterable[tuple[str, Observation]]) -> Iterable[Fault]:
    """What unit, item, month, field, kind or range forbid."""
    for place, seen in placed:
        try:
            item = check.known_item(office.rubric, seen.item)
            field = check.known_field(item, seen.field)
            check.check_open(check.known_unit(office, seen.unit), item, seen.month, seen.kind)
            check.value_of(field, f"{seen.value:f}")
        except Refused as refused:
            yield refused.at(place)


def _faults_in_ledger(office: Office, placed: Sequence[tuple[str, Observation]]) -> Iterable[Fault]:
    """What stands against the observations in the ledger or in one another."""
    only = _only_unit(seen for _, seen in placed)
    confirmed = confirmations(office.ledger, only)
    events = event_counts(office.ledger, only)
    items = office.rubric.items
    cells = _cells_with(office, [seen for _, seen in placed if len(items[seen.item].fields) > 1])
    for place, seen in placed:
        try:
            month = confirmed.get(seen.unit, {}).get(seen.month)
            if month is not None:
                raise check.confirmed_already(seen.month, month.by, month.at)
            item = items[seen.item]
            if events and seen.kind == "verify":
                cell = (seen.unit, str(seen.month), seen.item, seen.field)
                check.check_count(seen.value, events.get(cell, 0))
            if len(item.fields) > 1:
                check.check_together(
                    item, check.merged(cells[seen.unit], item, seen.month, seen.kind)
                )
            if office.plugins.checks:
                check.check_plugins(office, seen)
        except Refused as refused:
            yield refused.at(place)


def _cells_with(office: Office, observations: Sequence[Observation]) -> Mapping[str, Cells]:
    """The newest cells of the units concerned as they would be with the observations."""
    stages = {
        stage.id: stage
        for seen in observations
        if (stage := office.rubric.stage_of(seen.month)) is not None
    }
    only = _only_unit(observations)
    cells: dict[str, Cells] = {seen.unit: no_cells() for seen in observations}
    for stage in stages.values():
        for unit, found in cells_of_stage(office.ledger, stage, only).items():
            if unit in cells:
                for kind, values in found.items():
                    cells[unit][kind].update(values)
    for seen in observations:
        cells[seen.unit][seen.kind][seen.item, seen.month, seen.field] = seen.value
    return cells


def _only_unit(observations: Iterable[Observation]) -> str:
    """The one unit that all are of, or empty."""
    units = {seen.unit for seen in observations}
    return units.pop() if len(units) == 1 else ""


def _append(office: Office, observations: Sequence[Observation], source: str) -> datetime:
    with office.ledger.act() as now:
        append_observations(office, observations, source, now)
    return now


def append_observations(
    office: Office, observations: Iterable[Observation], source: str, now: object
) -> None:
    """Appends within an act that is under way; ``source`` is entry, import or correct."""
    office.ledger.append(
        "observation",
        (
            (
                seen.unit,
                str(seen.month),
                seen.item,
                seen.field,
                seen.kind,
                _two_places(seen.value),
                seen.note,
                source,
                office.who,
                now,
            )
            for seen in observations
        ),
    )


def _two_places(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))
