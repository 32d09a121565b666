"""Ballots of 360 degrees 三评三议: from a file to the verification of the item, means alone kept.

The ballots themselves are not kept: the ledger has the file's SHA-256, the lines of the count and
what they gave; the paper ballots stay in the office's drawer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from gsjx_tui.documents.tables import TableError, read_table
from gsjx_tui.domain import Month, Points, points
from gsjx_tui.errors import Fault, ObservationError, StateError, reason_of
from gsjx_tui.harmless import printable
from gsjx_tui.office import check
from gsjx_tui.office.acts import act
from gsjx_tui.office.check import Refused
from gsjx_tui.office.facts import confirmations
from gsjx_tui.office.home import Office
from gsjx_tui.office.record import append_observations
from gsjx_tui.rubric.ballots import GROUP_NAMES, GROUPS, WHOLE, Counted, Group, Line, TooFew, count
from gsjx_tui.rubric.model import Field, Item, Observation

EVEN: Mapping[Group, int] = dict.fromkeys(GROUPS, 25)
"""All groups weigh the same."""

_CHINESE = {"单位代码": "unit", "组别": "group", "得分": "score"}
_BALLOT = Field("score", "得分", "points", Decimal(WHOLE))


@dataclass(frozen=True)
class Ballot:
    """One ballot: the unit rated, by whom, its score of 0 to 100, its line in the file."""

    unit: str
    group: Group
    score: Decimal
    line: int


@dataclass(frozen=True)
class BallotFile:
    """A file of ballots as it was read; ``faults`` with their lines, ``sha256`` of its content."""

    name: str
    sha256: str
    ballots: tuple[Ballot, ...]
    faults: tuple[tuple[int, Fault], ...] = ()


@dataclass(frozen=True)
class UnitCount:
    """What a unit's ballots give: lines, score of 0 to 100, points for the item."""

    unit: str
    name: str
    ballots: int
    lines: tuple[Line, ...]
    score: Decimal
    points: Points


@dataclass(frozen=True)
class KeptCount:
    """A count as the ledger keeps it; ``stands``: its points are what counts now."""

    number: int
    month: Month
    item: str
    trim: int
    observation: int
    file_name: str
    file_sha256: str
    by: str
    at: datetime
    stands: bool
    count: UnitCount


def read_ballots(path: Path) -> BallotFile:
    """The ballots of a CSV or XLSX file: columns unit, group, score, a row for each.

    Raises ObservationError if the file can't be read; what is wrong with rows is in ``faults``.
    """
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        table = read_table(path, ("unit", "group", "score"), (), _CHINESE)
    except TableError as error:
        raise ObservationError(*error.faults) from error
    except OSError as error:
        raise ObservationError(
            Fault(str(path), f"读不出：{reason_of(error)}", "核对文件名")
        ) from None
    ballots, faults = [], []
    for line, (unit, group, score) in table.rows:
        try:
            ballots.append(Ballot(unit, _group(group), check.value_of(_BALLOT, score), line))
        except Refused as refused:
            faults.append((line, refused.at(f"{path.name} 第 {line} 行")))
    return BallotFile(printable(path.name), digest, tuple(ballots), tuple(faults))


@act("reviewer", writes=True)
def count_ballots(
    office: Office,
    month: Month,
    file: BallotFile,
    item: str = "",
    weights: Mapping[Group, int] = EVEN,
    trim: int = 0,
    *,
    dry_run: bool = False,
) -> tuple[UnitCount, ...]:
    """Counts a file's ballots; each unit's result becomes its verification of the item.

    ``item`` empty: the only graded item of the month that is the office's own. Raises
    ObservationError with every fault of the file, and StateError; then nothing is recorded.
    """
    place = _item(office, month, item)
    _check_weights(weights, trim)
    kept = {group: weight for group, weight in weights.items() if weight}
    faults = [*file.faults, *_faults(office, month, place, file, kept)]
    if faults:
        ordered = [fault for _, fault in sorted(faults, key=lambda fault: fault[0])]
        heading = f"{file.name} 有 {len(ordered)} 处错误，没有计票："
        raise ObservationError(*ordered, heading=heading)
    found = tuple(_counts(office, place, file, kept, trim))
    if not dry_run:
        _keep(office, month, place, file, found, trim)
    return found


@act("viewer")
def ballot_counts(office: Office, unit: str = "") -> tuple[KeptCount, ...]:
    """Every count of ballots (of one unit), oldest first, with the lines that may be shown."""
    found = []
    for _, rows in groupby(office.ledger.rows("ballot_counts", unit=unit), key=lambda row: row[0]):
        lines = list(rows)
        number, code, name, month, id, ballots, trim, score, worth, *told = lines[0][:15]
        of_lines = tuple(Line(tuple(row[15].split("+")), *row[16:]) for row in lines)
        one = UnitCount(code, name, ballots, of_lines, score, worth)
        found.append(KeptCount(*(number, Month.parse(month), id, trim, *told, one)))
    return tuple(found)


# checking ---------------------------------------------------------------------------------------


def _group(text: str) -> Group:
    found = next((group for group in GROUPS if text in (group, GROUP_NAMES[group])), None)
    if found is None:
        raise Refused(f"组别“{printable(text)}”不认识", f"可用：{'、'.join(GROUP_NAMES.values())}")
    return found


def _item(office: Office, month: Month, id: str) -> Item:
    stage = office.rubric.stage_of(month)
    graded = [
        item
        for item in (stage.items if stage else ())
        if month in item.months and item.rule_name == "graded"
    ]
    if not id:
        own = [item for item in graded if item.office]
        if len(own) != 1:
            raise StateError(
                Fault(f"{month} 计票", "不能确定计入哪个考核要点", "用 --item 写考核要点")
            )
        return own[0]
    found = next((item for item in graded if item.id == id), None)
    if found is None:
        raise StateError(
            Fault(printable(id), f"在 {month} 不是评分的考核要点", "用 gsjx rubric 查看评分要点")
        )
    return found


def _check_weights(weights: Mapping[Group, int], trim: int) -> None:
    if any(weight < 0 for weight in weights.values()) or sum(weights.values()) != WHOLE:
        told = "、".join(f"{GROUP_NAMES[group]} {weight}" for group, weight in weights.items())
        raise StateError(Fault("权重", f"{told} 合计不是 {WHOLE}", "改为不为负、合计 100 的整数"))
    if trim < 0:
        raise StateError(Fault("去高去低", "不能为负数", "写每组各去掉几张，0 为不去"))


def _faults(
    office: Office, month: Month, item: Item, file: BallotFile, weights: Mapping[Group, int]
) -> Iterator[tuple[int, Fault]]:
    """What stands against each ballot, and against each unit's ballots together, with lines."""
    if not file.ballots and not file.faults:
        yield 0, Fault(file.name, "没有选票", "每行写一张票")
    confirmed = confirmations(office.ledger)
    by_unit: dict[str, list[Ballot]] = {}
    for ballot in file.ballots:
        by_unit.setdefault(ballot.unit, []).append(ballot)
        if ballot.group not in weights:
            what = f"{GROUP_NAMES[ballot.group]}的权重为 0，却有选票"
            yield ballot.line, Fault(_at(file, ballot), what, "改权重，或删去该行")
    for code, ballots in by_unit.items():
        first = ballots[0]
        try:
            unit = check.known_unit(office, code)
            check.check_open(unit, item, month, "verify")
            done = confirmed.get(code, {}).get(month)
            if done is not None:
                raise check.confirmed_already(month, done.by, done.at)
            there = {ballot.group for ballot in ballots}
            missing = [GROUP_NAMES[g] for g in GROUPS if g in weights and g not in there]
            if missing and not file.faults:
                raise Refused(f"{unit.name}没有{'、'.join(missing)}的选票", "补齐，或改权重")
        except Refused as refused:
            yield first.line, refused.at(_at(file, first))


def _at(file: BallotFile, ballot: Ballot) -> str:
    return f"{file.name} 第 {ballot.line} 行"


# counting and keeping ---------------------------------------------------------------------------


def _counts(
    office: Office, item: Item, file: BallotFile, weights: Mapping[Group, int], trim: int
) -> Iterator[UnitCount]:
    """The counts by unit, in the order of the roster. Raises StateError where too few voted."""
    for unit in office.units:
        mine = [ballot for ballot in file.ballots if ballot.unit == unit.code]
        if not mine:
            continue
        by_group = {g: [b.score for b in mine if b.group == g] for g in weights}
        try:
            counted: Counted = count(by_group, weights, trim)
        except TooFew:
            raise StateError(
                Fault(
                    f"{unit.code} {unit.name}",
                    f"只有 {len(mine)} 张选票，算出的分会透露个人的评分",
                    "补足选票，至少 3 张",
                )
            ) from None
        worth = points(counted.score * item.fields[0].maximum / WHOLE)
        yield UnitCount(unit.code, unit.name, len(mine), counted.lines, counted.score, worth)


def _keep(
    office: Office,
    month: Month,
    item: Item,
    file: BallotFile,
    counts: Sequence[UnitCount],
    trim: int,
) -> None:
    field = item.fields[0]
    seen = [
        Observation(
            one.unit, month, item.id, field.name, "verify", one.points, f"评议 {one.ballots} 票"
        )
        for one in counts
    ]
    try:
        for observation in seen:
            check.check_plugins(office, observation)
    except Refused as refused:
        raise ObservationError(refused.at(file.name)) from None
    ledger = office.ledger
    with ledger.act() as now:
        first = ledger.head("observation").seq + 1
        number = ledger.head("ballot_count").seq + 1
        append_observations(office, seen, "import", now)
        told = (file.name, file.sha256, office.who, now)
        kept = [
            (item.id, one.ballots, trim, one.score, one.points, first + at, *told)
            for at, one in enumerate(counts)
        ]
        lines = [
            (one.unit, str(month), number + at, *_kept_line(line), office.who, now)
            for at, one in enumerate(counts)
            for line in one.lines
        ]
        of_units = zip(counts, kept, strict=True)
        ledger.append("ballot_count", ((one.unit, str(month), *row) for one, row in of_units))
        ledger.append("ballot_line", lines)


def _kept_line(line: Line) -> tuple[str, int, int, int, Decimal]:
    return "+".join(line.groups), line.weight, line.ballots, line.counted, line.mean
