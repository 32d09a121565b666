"""Taking back what was typed 撤销: the newest act of a person, or all of one cell.

Nothing is deleted: what is taken back is withdrawn, and the value before it counts again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from gsjx_tui.domain import Kind, Month
from gsjx_tui.errors import Fault, NotPermitted, StateError
from gsjx_tui.office import check
from gsjx_tui.office.acts import act, by_kind, narrowed, own_claim
from gsjx_tui.office.check import Refused
from gsjx_tui.office.clash import check_seen
from gsjx_tui.office.facts import Cells, cells_of_stage, confirmations, event_counts, no_cells
from gsjx_tui.office.home import Office
from gsjx_tui.office.people import ROLE_NAMES
from gsjx_tui.rubric.model import Observation

UNDONE, EMPTIED = "撤销", "清空"
"""The reasons that are kept with a withdrawal."""


@dataclass(frozen=True)
class UndoneCell:
    """One cell of which a value was taken back; ``now`` is the value that counts again."""

    unit: str
    month: Month
    item: str
    field: str
    kind: Kind
    value: Decimal
    now: Decimal | None


@dataclass(frozen=True)
class Undone:
    """What was taken back, in the order in which it was recorded."""

    cells: tuple[UndoneCell, ...]


@act("clerk", writes=True, own=narrowed)
def undo(office: Office, month: Month) -> Undone:
    """Withdraws all that the newest act of this person recorded by typing in a month.

    Acts that were confirmed or overwritten since are passed over. Raises StateError if there is
    none, or if what would be left can't stand together; NotPermitted for what the person may no
    longer record.
    """
    rows = office.ledger.rows("undoable", who=office.who, month=str(month))
    if not rows:
        raise StateError(_nothing(office, month))
    cells = [
        UndoneCell(unit, Month.parse(when), item, field, kind, value, before)
        for _, unit, when, item, field, kind, value, before in rows
    ]
    person = office.person
    if not all(person.records(cell.unit, cell.kind) for cell in cells):
        # Recorded in a role that the person no longer has.
        what = f"最近一次录入不是现在的身份“{ROLE_NAMES[person.role]}”可以改动的"
        raise NotPermitted(Fault(person.called, what, "请有此身份的人改正"))
    _check_left(office, cells)
    targets = [(row[0], cell) for row, cell in zip(rows, cells, strict=True)]
    _withdraw(office, targets, UNDONE)
    return Undone(tuple(cells))


@act(by_kind, writes=True, own=own_claim)
def empty(
    office: Office,
    unit: str,
    item: str,
    field: str,
    month: Month,
    kind: Kind,
    seen: Sequence[datetime] = (),
) -> Undone:
    """Withdraws all that was recorded in one cell: it is empty after.

    With ``seen``, the instant of the value the person saw, nobody else's newer one is withdrawn:
    raises Clashed. Raises StateError if the month is confirmed, the cell empty or a count of
    registered events, or if the rest can't stand alone.
    """
    chosen = office.unit(unit)
    done = confirmations(office.ledger, unit).get(unit, {}).get(month)
    if done is not None:
        raise StateError(check.confirmed_already(month, done.by, done.at).at(chosen.name))
    events = event_counts(office.ledger, unit).get((unit, str(month), item, field), 0)
    if kind == "verify" and events:
        what = f"这一格由登记的 {events} 件事件计数，不能清空"
        raise StateError(Fault(chosen.name, what, "请到加扣分登记撤回"))
    rows = office.ledger.rows(
        "standing_of_cell", unit=unit, month=str(month), item=item, field=field, kind=kind
    )
    if not rows:
        what = f"这一格（{check.KIND_NAMES[kind]}）本来就是空的"
        raise StateError(Fault(chosen.name, what, "不需要清空"))
    cell = UndoneCell(unit, month, item, field, kind, rows[-1][1], None)
    if seen:
        cells = [Observation(unit, month, item, field, kind, Decimal(-1))]
        check_seen(office, cells, seen)
    _check_left(office, [cell])
    _withdraw(office, [(seq, cell) for seq, _ in rows], EMPTIED)
    return Undone((cell,))


def _nothing(office: Office, month: Month) -> Fault:
    """Why nothing can be undone in a month."""
    confirmed = confirmations(office.ledger)
    units = [unit for unit in office.seen(office.units) if unit.takes_part(month)]
    if units and all(month in confirmed.get(unit.code, {}) for unit in units):
        return Fault("", f"{month} 已全部核定，不能撤销", "改动请用更正")
    return Fault(
        "",
        f"{month} 没有可以撤销的录入",
        "只能撤销本人录入的、还没有核定、也没有被别人改过的数值",
    )


def _check_left(office: Office, cells: Iterable[UndoneCell]) -> None:
    """Whether what is left of each item can stand together. Raises StateError."""
    places: dict[tuple[str, str, Month], list[UndoneCell]] = {}
    for cell in cells:
        if len(office.rubric.items[cell.item].fields) > 1:
            places.setdefault((cell.unit, cell.item, cell.month), []).append(cell)
    for (unit, id, month), undone in places.items():
        item, stage = office.rubric.items[id], office.rubric.stage_of(month)
        assert stage is not None
        left: Cells = cells_of_stage(office.ledger, stage, unit).get(unit, no_cells())
        for cell in undone:
            values = left[cell.kind]
            if cell.now is None:
                values.pop((id, month, cell.field), None)
            else:
                values[id, month, cell.field] = cell.now
        try:
            kinds: tuple[Kind, Kind] = ("claim", "verify")
            for kind in kinds:
                check.check_together(item, check.merged(left, item, month, kind))
        except Refused as refused:
            where = f"{office.unit(unit).name} {item.label}"
            what = f"拿掉之后剩下的不能成立：{refused.what}"
            raise StateError(Fault(where, what, "先改正或清空另一格")) from None


def _withdraw(office: Office, targets: Sequence[tuple[int, UndoneCell]], reason: str) -> None:
    with office.ledger.act() as now:
        office.ledger.append(
            "withdrawal",
            (
                (cell.unit, str(cell.month), "observation", seq, reason, office.who, now)
                for seq, cell in targets
            ),
        )
