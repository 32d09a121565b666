"""Consequences as cases 整改台账: what follows for a unit from a published stage, how far it is.

Publishing opens them (``open_cases``). What has to be done for each kind is in ``REQUIRED``; a tie
waits for the leading group's decision; a unit that a later edition lifts is marked for rescission.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.office.acts import act
from gsjx_tui.office.figures import Published, PublishedRow, ScopeKind, editions
from gsjx_tui.office.home import Office
from gsjx_tui.office.outcomes import follows
from gsjx_tui.office.rank import campaign_facts
from gsjx_tui.rubric.outcome import (
    AWARD_CANDIDATE,
    FINAL_LAST,
    KEY_RECTIFICATION,
    SUPERIOR_LETTER,
    Outcome,
    Standing,
)

What = Literal[
    "decided", "notice", "talk", "measures", "deadline", "proof", "recommended", "letter",
    "closed", "rescinded",
]  # fmt: skip
Subject = Literal["", "principal", "leader", "named", "spared"]

STEP_NAMES: Mapping[tuple[str, str], str] = {
    ("decided", "named"): "领导小组决定列入",
    ("decided", "spared"): "领导小组决定不列入",
    ("notice", ""): "整改通知",
    ("talk", "principal"): "主要负责人诫勉谈话",
    ("talk", "leader"): "分管领导诫勉谈话",
    ("measures", ""): "整改措施",
    ("deadline", ""): "整改期限",
    ("proof", ""): "整改佐证",
    ("recommended", ""): "组织调整建议",
    ("letter", ""): "通报上级单位",
    ("closed", ""): "结案",
    ("rescinded", ""): "撤销",
}
"""Each step that can be taken, with what it is about, as people call it."""

REQUIRED: Mapping[str, tuple[tuple[str, str], ...]] = {
    KEY_RECTIFICATION: (
        ("notice", ""), ("talk", "principal"), ("talk", "leader"), ("measures", ""), ("proof", ""),
    ),
    FINAL_LAST: (("recommended", ""),),
    SUPERIOR_LETTER: (("letter", ""),),
    AWARD_CANDIDATE: (("decided", "named"),),
}  # fmt: skip
"""What must be done before a case of a kind is closed (method 四)."""

Status = Literal["waiting", "open", "lifted", "spared", "closed", "rescinded"]
STATUS_NAMES: Mapping[Status, str] = {
    "waiting": "并列，待领导小组决定",
    "open": "办理中",
    "lifted": "已不在其列，待撤销",
    "spared": "决定不列入",
    "closed": "已结案",
    "rescinded": "已撤销",
}


@dataclass(frozen=True)
class Step:
    """One thing that was done: what and about whom, when, with whom, its record, until when."""

    what: str
    subject: str
    happened_on: str
    person: str
    text: str
    deadline: str
    by: str
    at: datetime

    @property
    def name(self) -> str:
        """As people call it."""
        return STEP_NAMES[self.what, self.subject]


@dataclass(frozen=True)
class Case:
    """A consequence for one unit; ``number`` is its own in the ledger.

    ``shared_by``: how many units share the place in the newest edition, 0 if this unit is no
    longer among them. ``missing``: what must still be done; ``overdue``: past the deadline.
    """

    number: int
    unit: str
    name: str
    month: Month
    stage: str
    category: str
    kind: str
    publication: int
    by: str
    at: datetime
    shared_by: int
    steps: tuple[Step, ...]
    deadline: str
    missing: tuple[str, ...]
    overdue: bool

    @property
    def status(self) -> Status:
        """Where it stands."""
        done = {(step.what, step.subject) for step in self.steps}
        if ("rescinded", "") in done:
            return "rescinded"
        if ("decided", "spared") in done:
            return "spared"
        if ("closed", "") in done:
            return "closed" if self.shared_by else "lifted"
        if not self.shared_by:
            return "lifted"
        if self.shared_by > 1 and self.kind in TIES and ("decided", "named") not in done:
            return "waiting"
        return "open"

    @property
    def offered(self) -> tuple[tuple[str, str], ...]:
        """The steps that are next, as in ``STEP_NAMES``; which of them can be, taking one says."""
        if self.status == "waiting":
            return ("decided", "named"), ("decided", "spared")
        if self.status == "lifted":
            return (("rescinded", ""),)
        if not self.is_open:
            return ()
        required = REQUIRED[self.kind]
        spared = (("decided", "spared"),) if ("decided", "named") in required else ()
        deadline = (("deadline", ""),) if ("notice", "") in required else ()
        return *required, *spared, *deadline, ("closed", "")

    @property
    def owed(self) -> tuple[str, ...]:
        """What is to be done next; of one that is lifted only to rescind it, of a tie to decide."""
        if self.status == "lifted":
            return (STEP_NAMES["rescinded", ""],)
        if self.status == "waiting":
            return ("领导小组的决定",)
        return self.missing if self.is_open else ()

    @property
    def is_open(self) -> bool:
        """Something is still to be done."""
        return self.status in ("waiting", "open", "lifted")


TIES = (KEY_RECTIFICATION, FINAL_LAST, AWARD_CANDIDATE)
"""Kinds of which a tie waits for the leading group."""


@act("viewer")
def cases(
    office: Office, *, only_open: bool = False, today: date | None = None
) -> tuple[Case, ...]:
    """Every case, oldest first; deadlines are read on ``today``, by default the day it is."""
    found = _cases(office, 0, today)
    return tuple(one for one in found if one.is_open or not only_open)


@act("viewer")
def case(office: Office, number: int, *, today: date | None = None) -> Case:
    """One case with all that was done. Raises StateError if there is none of that number."""
    found = _cases(office, number, today) if number > 0 else []
    if not found:
        raise StateError(Fault("", f"没有台账第 {number} 号", "用 gsjx cases --all 查看编号"))
    return found[0]


def cases_of(office: Office, head: Published) -> tuple[Case, ...]:
    """The open cases of the ranking that an edition is of, oldest first."""
    stage = head.stage if head.scope == "stage" else ""
    return tuple(
        one
        for one in cases(office, only_open=True)
        if head.scope != "month" and (one.stage, one.month) == (stage, head.month)
    )


def open_cases(office: Office, number: int, now: datetime) -> int:
    """Opens the cases of a publication that was just appended, within its act; how many.

    A unit that has one of the same kind and stage gets no second, unless that was rescinded, or
    spared it in a tie that is none any more.
    """
    ((_, scope, month, stage, *_),) = office.ledger.rows(
        "publications", scope="", month="", stage="", code="", number=number
    )
    found = _outcomes(office, scope, Month.parse(month), stage)
    known = [one for one in _cases(office, 0, None) if one.stage == stage]
    rows = []
    for outcome in found:
        shared = _sharing(office, found, outcome)
        mine = [one for one in known if (one.unit, one.kind) == (outcome.unit, outcome.kind)]
        if any(_stands(one, shared) for one in mine):
            continue
        told = (stage, outcome.category, outcome.kind, shared, number, office.who, now)
        rows.append((outcome.unit, month, *told))
    return office.ledger.append("followup", rows)


def _stands(known: Case, shared: int) -> bool:
    if known.status == "rescinded":
        return False
    return known.status != "spared" or shared > 1


# reading ----------------------------------------------------------------------------------------


def _cases(office: Office, number: int, today: date | None) -> list[Case]:
    ledger = office.ledger
    steps: dict[int, list[Step]] = {}
    for followup, *step in ledger.rows("followup_steps", number=number):
        steps.setdefault(followup, []).append(Step(*step))
    outcomes: dict[tuple[str, str], Sequence[Outcome]] = {}
    found = []
    for row in ledger.rows("followups", number=number):
        _, _, _, month, stage, *_ = row
        if (stage, month) not in outcomes:
            scope: ScopeKind = "stage" if stage else "campaign"
            outcomes[stage, month] = _outcomes(office, scope, Month.parse(month), stage)
        day = today or date.today()
        found.append(_case(office, row, steps.get(row[0], []), outcomes[stage, month], day))
    return found


def _case(
    office: Office,
    row: tuple[Any, ...],
    steps: Sequence[Step],
    outcomes: Sequence[Outcome],
    today: date,
) -> Case:
    seq, unit, name, month, stage, category, kind, publication, by, at = row
    mine = [o for o in outcomes if (o.unit, o.kind) == (unit, kind)]
    deadline = next((step.deadline for step in reversed(steps) if step.deadline), "")
    done = {(step.what, step.subject) for step in steps}
    ended = done & {("closed", ""), ("rescinded", ""), ("decided", "spared")}
    return Case(
        number=seq,
        unit=unit,
        name=name,
        month=Month.parse(month),
        stage=stage,
        category=category,
        kind=kind,
        publication=publication,
        by=by,
        at=at,
        shared_by=_sharing(office, outcomes, mine[0]) if mine else 0,
        steps=tuple(steps),
        deadline=deadline,
        missing=tuple(STEP_NAMES[need] for need in REQUIRED.get(kind, ()) if need not in done),
        overdue=bool(deadline) and not ended and today > date.fromisoformat(deadline),
    )


def _outcomes(office: Office, scope: ScopeKind, month: Month, stage: str) -> Sequence[Outcome]:
    """The consequences of the newest edition, by its own rows."""
    found = editions(office.ledger, scope, month, stage)
    if scope == "month" or not found:
        return ()
    return follows(office, standings_of(office.ledger, found[-1][1]), stage)


def standings_of(ledger: Ledger, rows: Sequence[PublishedRow]) -> list[Standing]:
    """The units of an edition as they stand, for what follows for them."""
    letters = {c.id: c.superior_letter for c in campaign_facts(ledger).categories}
    return [
        Standing(
            category=row.category,
            rank=row.rank,
            unit=row.unit,
            name=row.name,
            superior=row.superior,
            superior_letter=letters.get(row.category, False),
            points=row.points,
        )
        for row in rows
    ]


def _sharing(office: Office, outcomes: Sequence[Outcome], mine: Outcome) -> int:
    """How many units share the place: one, or all that are tied in the same kind and category.

    The last of the final ranking may be one of all units (the setting ``final_scope``).
    """
    if not mine.tied:
        return 1
    across = mine.kind == FINAL_LAST and office.settings.final_scope == "all"
    same = [o for o in outcomes if o.tied and o.kind == mine.kind]
    return sum(across or o.category == mine.category for o in same)
