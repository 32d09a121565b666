"""Papers 文件 of a case: to its unit, its people, its superior body (method 四（二）).

They go by the newest edition of the ranking that the case came from, and say which. Each has a
check code of its own figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from gsjx_tui.documents.mark import Mark
from gsjx_tui.documents.paper_figures import with_code
from gsjx_tui.documents.papers import (
    AdjustmentRecommendation,
    AdmonitionNotice,
    AdmonitionRecord,
    Loss,
    RectificationNotice,
    ResultsLetter,
    StagePoints,
)
from gsjx_tui.domain import ZERO
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office.acts import act
from gsjx_tui.office.cases import STATUS_NAMES, Case, case
from gsjx_tui.office.figures import ScopeKind, editions
from gsjx_tui.office.home import Office
from gsjx_tui.office.papers import BARE, place_of
from gsjx_tui.office.publications import Publication
from gsjx_tui.office.rank import Scope, campaign_facts
from gsjx_tui.office.result_tables import scope_text
from gsjx_tui.rubric.outcome import FINAL_LAST, KEY_RECTIFICATION, KIND_NAMES, SUPERIOR_LETTER

ROLES = {"principal": "主要负责人", "leader": "分管领导"}
"""Whom the talks are with (method 四（二）), by the subject of the case's step."""

_Talk = TypeVar("_Talk", AdmonitionNotice, AdmonitionRecord)


@act("viewer")
def rectification_notice(office: Office, number: int) -> RectificationNotice:
    """整改通知 of a case, by the newest edition. Raises StateError."""
    found = _ready(office, number, KEY_RECTIFICATION)
    return of_rectification(office, found, _newest(office, found))


@act("viewer")
def admonition_notice(office: Office, number: int, subject: str) -> AdmonitionNotice:
    """诫勉谈话通知 of a case for the principal or the leader (``ROLES``). Raises StateError."""
    found = _ready(office, number, KEY_RECTIFICATION)
    return of_talk(office, found, _newest(office, found), AdmonitionNotice, _role(subject))


@act("viewer")
def admonition_record(office: Office, number: int, subject: str) -> AdmonitionRecord:
    """谈话记录 of a case, to be filled in during the talk. Raises StateError."""
    found = _ready(office, number, KEY_RECTIFICATION)
    return of_talk(office, found, _newest(office, found), AdmonitionRecord, _role(subject))


@act("viewer")
def results_letter(office: Office, number: int) -> ResultsLetter:
    """结果函 of a case to the unit's superior body. Raises StateError."""
    found = _ready(office, number, SUPERIOR_LETTER)
    return of_letter(office, found, _newest(office, found))


@act("viewer")
def adjustment_recommendation(office: Office, number: int) -> AdjustmentRecommendation:
    """组织调整建议 of a case to the leading group, by the newest edition. Raises StateError."""
    found = _ready(office, number, FINAL_LAST)
    return of_adjustment(office, found, _newest(office, found))


def _ready(office: Office, number: int, kind: str) -> Case:
    """The case, if a paper may still go out for it."""
    found = case(office, number)
    place = f"台账第 {number} 号"
    if found.kind != kind:
        what = f"是“{KIND_NAMES.get(found.kind, found.kind)}”，不是“{KIND_NAMES[kind]}”"
        raise StateError(Fault(place, what, "用 gsjx cases 核对编号"))
    if found.status in ("open", "closed"):
        return found
    remedy = "先记下领导小组的决定" if found.status == "waiting" else "不再发文"
    raise StateError(Fault(place, STATUS_NAMES[found.status], remedy))


def _role(subject: str) -> str:
    if subject not in ROLES:
        known = "、".join(f"{word} {name}" for word, name in ROLES.items())
        raise StateError(Fault("谈话对象", f"不认识“{subject}”", f"可用：{known}"))
    return ROLES[subject]


def _newest(office: Office, found: Case) -> Publication:
    return editions_of(office, found)[-1]


def editions_of(office: Office, found: Case) -> list[Publication]:
    """The editions that a case may go by, oldest first."""
    scope: ScopeKind = "stage" if found.stage else "campaign"
    return [
        Publication(head, rows, ())
        for head, rows in editions(office.ledger, scope, found.month, found.stage)
    ]


@dataclass(frozen=True)
class _Frame:
    """What the papers of a case have in common."""

    mark: Mark
    campaign: str
    id: str
    stage: str


def _frame(office: Office, found: Case, edition: Publication) -> _Frame:
    campaign = campaign_facts(office.ledger)
    stage = campaign.stage(found.stage)[1] if found.stage else ""
    return _Frame(Mark(edition.head.edition, ""), campaign.name, campaign.id, stage)


def of_rectification(office: Office, found: Case, edition: Publication) -> RectificationNotice:
    """整改通知 by an edition, with the items in which the unit lost points as known then."""
    frame = _frame(office, found, edition)
    losses = tuple(
        Loss(row[8], row[7], row[10], row[9])
        for row in _card(office, found, edition)
        if row[0] == found.stage and row[10] < row[9]
    )
    place = place_of(edition.rows, found.unit)
    made = RectificationNotice(BARE, frame.mark, frame.campaign, frame.stage, place, losses)
    return with_code(made, frame.id)


def of_talk(
    office: Office, found: Case, edition: Publication, kind: type[_Talk], role: str
) -> _Talk:
    """The notice or the record of a talk by an edition."""
    frame = _frame(office, found, edition)
    place = place_of(edition.rows, found.unit)
    return with_code(kind(BARE, frame.mark, frame.campaign, frame.stage, place, role), frame.id)


def of_letter(office: Office, found: Case, edition: Publication) -> ResultsLetter:
    """结果函 by an edition, with the points of each stage that has begun, as known then."""
    frame = _frame(office, found, edition)
    made = ResultsLetter(
        head=BARE,
        mark=frame.mark,
        campaign=frame.campaign,
        scope=_scope(office, edition),
        place=place_of(edition.rows, found.unit),
        stages=_stages(office, found, edition),
    )
    return with_code(made, frame.id)


def of_adjustment(office: Office, found: Case, edition: Publication) -> AdjustmentRecommendation:
    """组织调整建议 by an edition, with the points of each stage as known then."""
    frame = _frame(office, found, edition)
    across = office.settings.final_scope == "all"
    made = AdjustmentRecommendation(
        head=BARE,
        mark=frame.mark,
        campaign=frame.campaign,
        scope=_scope(office, edition),
        place=place_of(edition.rows, found.unit),
        among_all=len(edition.rows) if across else 0,
        stages=_stages(office, found, edition),
    )
    return with_code(made, frame.id)


def _scope(office: Office, edition: Publication) -> str:
    head = edition.head
    scope = Scope(head.first, head.month, None)
    return scope_text(campaign_facts(office.ledger), scope, head.stage)


def _stages(office: Office, found: Case, edition: Publication) -> tuple[StagePoints, ...]:
    """The unit's points in each stage that has begun."""
    head = edition.head
    got = {stage.id: ZERO for stage in office.rubric.stages if stage.months[0] <= head.month}
    for row in _card(office, found, edition):
        if row[0] in got:
            got[row[0]] += row[10]
    return tuple(
        StagePoints(stage.name, stage.points, got[stage.id])
        for stage in office.rubric.stages
        if stage.id in got
    )


def _card(office: Office, found: Case, edition: Publication) -> Sequence[tuple[Any, ...]]:
    """The unit's points by item as the edition knew them (``card.sql``)."""
    head = edition.head
    return office.ledger.rows("card", unit=found.unit, through=str(head.month), as_of=head.at)
