"""Objecting 申诉: filed by the unit, handled by others than who verified, decided in writing.

A decision that changes points goes through *correct* in the same transaction, and is linked to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from gsjx_tui.documents.tables import clean
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.harmless import printable
from gsjx_tui.office import check
from gsjx_tui.office.acts import act, own_unit
from gsjx_tui.office.check import Refused
from gsjx_tui.office.correct import post, prepared
from gsjx_tui.office.event_draft import day_of
from gsjx_tui.office.facts import confirmations
from gsjx_tui.office.home import Office
from gsjx_tui.office.objections import DECISION_NAMES, Decision, Objection, objection, objections


@act("clerk", writes=True, own=own_unit)
def file_objection(
    office: Office, unit: str, month: str, item: str, grounds: str, filed_on: str = ""
) -> Objection:
    """Files a unit's objection to what it got for an item of a confirmed month.

    ``filed_on``: the day it came in, by default today. Raises StateError if the month isn't
    confirmed, the item isn't scored in it, grounds are missing, or one like it is open.
    """
    try:
        row = _filed(office, unit, month, item, grounds, filed_on)
    except Refused as refused:
        raise StateError(refused.at("申诉")) from None
    with office.ledger.act() as now:
        office.ledger.append("objection", [(*row, office.who, now)])
    return objection(office, office.ledger.head("objection").seq)


@act("reviewer", writes=True)
def take_objection(office: Office, number: int) -> Objection:
    """Takes an objection in hand. Raises StateError for who verified what it is about."""
    found = _open(office, number)
    _check_not_verifier(office, found, "办理")
    if found.handler == office.who:
        raise StateError(Fault(f"申诉第 {number} 号", f"已由 {office.who} 受理", "直接办理"))
    _step(office, found, "taken")
    return objection(office, number)


@act("lead", writes=True)
def decide_objection(
    office: Office,
    number: int,
    decision: Decision,
    text: str,
    values: Mapping[str, str] | None = None,
) -> Objection:
    """Decides an objection in writing; ``values`` corrects fields of its item with it.

    One transaction. Upheld needs values, rejected can't have any; partly may have. Raises
    StateError before it was taken in hand, for who verified, without a text, or as *correct* does.
    """
    found = _open(office, number)
    place = f"申诉第 {number} 号"
    if not found.handler:
        raise StateError(Fault(place, "还没有人受理", "先由复核以外的人受理：--take"))
    _check_not_verifier(office, found, "决定")
    why = printable(text).strip()
    if decision not in DECISION_NAMES:
        raise StateError(Fault(place, f"不认识的决定“{printable(decision)}”",
                               f"可用：{'、'.join(DECISION_NAMES)}"))  # fmt: skip
    if not why:
        raise StateError(Fault(place, "没有写决定的理由", "写明查核情况与理由，它会答复单位"))
    if decision == "upheld" and not values:
        raise StateError(Fault(place, "申诉成立而没有更正", "用 --set 写明更正后的数值"))
    if decision == "rejected" and values:
        raise StateError(Fault(place, "申诉不成立，不能同时更正", "去掉 --set，或改写决定"))
    ready = None
    if values:
        month = str(found.month)
        reason = f"申诉第 {number} 号：{why}"
        ready = prepared(office, found.unit, found.item, month, values, reason)
    with office.ledger.act() as now:
        correction = post(office, *ready, now) if ready else 0
        row = (found.unit, str(found.month), number, "decided", decision, why, correction)
        office.ledger.append("objection_step", [(*row, office.who, now)])
    return objection(office, number)


@act("clerk", writes=True, own=own_unit)
def withdraw_objection(office: Office, unit: str, number: int, reason: str) -> Objection:
    """Ends an objection that the unit no longer raises. Raises StateError."""
    found = _open(office, number)
    why = printable(reason).strip()
    if found.unit != unit:
        raise StateError(Fault(f"申诉第 {number} 号", f"不是 {unit} 提出的", "核对编号与单位"))
    if not why:
        raise StateError(Fault(f"申诉第 {number} 号", "撤回理由是空的", "写明撤回的理由"))
    _step(office, found, "withdrawn", why)
    return objection(office, number)


def _filed(
    office: Office, code: str, text: str, id: str, grounds: str, filed_on: str
) -> tuple[str, str, str, str, str]:
    """Unit, month, item, grounds and day as they are kept. Raises Refused."""
    unit = check.known_unit(office, code)
    month = check.known_month(office.rubric, text)
    item = check.known_item(office.rubric, id)
    check.check_open(unit, item, month, "verify")
    if month not in confirmations(office.ledger, code).get(code, {}):
        raise Refused(f"{unit.name} {month} 还没有核定", "核定之前直接改自评，或请活动办复核")
    why = printable(grounds).strip()
    if not why:
        raise Refused("申诉理由是空的", "写明理由与依据")
    same = [one for one in objections(office, code, str(month), only_open=True) if one.item == id]
    if same:
        raise Refused(f"{item.label} 已有申诉第 {same[0].number} 号在办", "等它办结")
    written = clean(printable(filed_on))
    today = date.today()
    day = day_of(written, [month.plus(later) for later in range(12)]) if written else today
    if day > today or (day.year, day.month) < month:
        raise Refused(f"申诉日期 {day} 不对", f"写 {month} 以后、今天以前的日期")
    return code, str(month), id, why, day.isoformat()


def _open(office: Office, number: int) -> Objection:
    found = objection(office, number)
    if found.closed is not None:
        when = check.local(found.closed.at)
        done = "决定" if found.closed.what == "decided" else "撤回"
        raise StateError(
            Fault(f"申诉第 {number} 号", f"已由 {found.closed.by} 于 {when} {done}", "可另提申诉")
        )
    return found


def _check_not_verifier(office: Office, found: Objection, what: str) -> None:
    """Whoever verified the item in that month has no say in the objection."""
    month = str(found.month)
    asked = {"unit": found.unit, "month": month, "item": found.item}
    if office.who in {who for (who,) in office.ledger.rows("verifiers_of_item", **asked)}:
        raise StateError(
            Fault(
                f"申诉第 {found.number} 号",
                f"{office.who} 是这一要点的复核人，不能{what}对它的申诉",
                "请没有复核过它的人来做",
            )
        )


def _step(office: Office, found: Objection, what: str, text: str = "") -> None:
    with office.ledger.act() as now:
        row = (found.unit, str(found.month), found.number, what, "", text, 0, office.who, now)
        office.ledger.append("objection_step", [row])
