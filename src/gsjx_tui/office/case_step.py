"""Seeing a case through 台账办理: each step with its date and record, until it is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gsjx_tui.documents.tables import clean
from gsjx_tui.errors import StateError
from gsjx_tui.harmless import printable
from gsjx_tui.office.acts import Arguments, act
from gsjx_tui.office.cases import STATUS_NAMES, STEP_NAMES, Case, case
from gsjx_tui.office.check import Refused
from gsjx_tui.office.event_draft import day_of
from gsjx_tui.office.home import Office
from gsjx_tui.office.people import Role

_BY_LEAD = ("decided", "recommended", "closed", "rescinded")
_WITH_DEADLINE = ("notice", "measures", "deadline")


@dataclass(frozen=True)
class StepDraft:
    """A step as a person wrote it: ``what`` and ``subject`` as in ``cases.STEP_NAMES``.

    ``happened_on`` empty: today. ``person``: whom a talk was with, who decided. ``text``: the
    record, the document, the proof. ``deadline``: a day, or empty.
    """

    what: str
    subject: str = ""
    happened_on: str = ""
    person: str = ""
    text: str = ""
    deadline: str = ""


def _need(arguments: Arguments) -> Role:
    return "lead" if arguments["step"].what in _BY_LEAD else "reviewer"


@act(_need, writes=True)
def take_step(office: Office, number: int, step: StepDraft) -> Case:
    """Records a step of a case. Raises StateError, with nothing recorded, for what can't be.

    An ended case takes no more; a tie is decided first; a talk names whom it was with; a case is
    closed when all that its kind requires is done, and rescinded only once its unit is lifted.
    """
    found = case(office, number)
    try:
        row = _checked(found, step)
    except Refused as refused:
        raise StateError(refused.at(f"台账第 {number} 号")) from None
    with office.ledger.act() as now:
        told = (found.unit, str(found.month), number, *row, office.who, now)
        office.ledger.append("followup_step", [told])
    return case(office, number)


def _checked(found: Case, step: StepDraft) -> tuple[str, str, str, str, str, str]:
    """What, subject, day, person, text, deadline as they are kept. Raises Refused."""
    name = STEP_NAMES.get((step.what, step.subject))
    if name is None:
        known = "、".join(" ".join(filter(None, key)) for key in STEP_NAMES)
        asked = printable(f"{step.what} {step.subject}").strip()
        raise Refused(f"没有步骤“{asked}”", f"可用：{known}")
    _check_turn(found, step)
    person, text = clean(printable(step.person)), printable(step.text).strip()
    if step.what in ("talk", "decided") and not person:
        raise Refused(f"{name}没有写人", "写明谈话对象，或作决定的会议与人")
    if step.what != "deadline" and not text:
        raise Refused(f"{name}没有写内容", "写明记录、文号或佐证")
    day = _day(found, step.happened_on) if step.happened_on.strip() else date.today()
    if day > date.today():
        raise Refused(f"{day} 还没有到", "写已经发生的日期")
    deadline = ""
    if step.deadline.strip():
        if step.what not in _WITH_DEADLINE:
            raise Refused(f"{name}不带期限", "期限写在整改通知、整改措施，或单独一步 deadline")
        due = _day(found, step.deadline)
        if due < day:
            raise Refused(f"期限 {due} 早于 {day}", "写以后的日期")
        deadline = due.isoformat()
    elif step.what == "deadline":
        raise Refused("没有写期限", "写明整改到哪一天")
    return step.what, step.subject, day.isoformat(), person, text, deadline


def _check_turn(found: Case, step: StepDraft) -> None:
    """Whether the case is at a point where such a step can be taken. Raises Refused."""
    status = found.status
    if step.what == "rescinded":
        if status != "lifted":
            raise Refused(
                f"{found.name}{STATUS_NAMES[status]}，不能撤销",
                "发布更正的新版、该单位不再在其列之后才能撤销",
            )
        return
    if status == "lifted":
        raise Refused(f"{found.name}{STATUS_NAMES[status]}", "先撤销（rescinded），不再办理")
    if not found.is_open:
        raise Refused(STATUS_NAMES[status], "不再办理；如有错误请领导小组另行处理")
    if status == "waiting" and step.what != "decided":
        raise Refused("并列末位还没有决定", "先记领导小组的决定（decided named 或 spared）")
    if step.what == "decided":
        done = [s for s in found.steps if s.what == "decided"]
        if done:
            raise Refused(f"已于 {done[0].happened_on} 决定", "不再重复决定")
        if status != "waiting" and found.kind != "award_candidate":
            raise Refused("没有并列，不需要决定", "直接办理")
    if step.what == "closed" and found.missing:
        raise Refused(f"还不能结案，缺：{'、'.join(found.missing)}", "补记之后再结案")


def _day(found: Case, text: str) -> date:
    return day_of(clean(printable(text)), [found.month.plus(later) for later in range(12)])
