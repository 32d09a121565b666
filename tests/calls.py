"""A home with something for every act to work on, and a call of every act by everybody.

``main`` makes calls at a seat of a service, as the user who runs it: a line of JSON with labels
comes in, a line with the outcome of each goes out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from builders import JULY, JUNE, a_unit, an_office, confirmed, observed, recorded
from gsjx_tui.domain import Month
from gsjx_tui.errors import GsjxError, NotPermitted
from gsjx_tui.office import (
    backup,
    ballots,
    board,
    card,
    case_papers,
    case_step,
    cases,
    charts,
    clock,
    closed,
    closing,
    compare,
    confirm,
    consequences,
    copies,
    correct,
    draw,
    event_draft,
    events,
    explain,
    forms,
    history,
    in_force_rubric,
    item_sheet,
    names_index,
    objecting,
    objections,
    outcomes,
    outdated,
    paper_check,
    papers,
    progress,
    publications,
    publish,
    rank,
    record,
    register,
    reliability,
    result_tables,
    returned,
    review,
    sheet,
    snapshot,
    staff,
    taking_in,
    trend,
    undo,
    verify,
)
from gsjx_tui.office.home import Office

LOGINS = {
    "reporter": "lp",
    "viewer": "daemon",
    "clerk": "bin",
    "reviewer": "sys",
    "lead": "games",
    "admin": "man",
    "keeper": "mail",
    "stranger": "news",
}
"""Who has which role: users that every Debian has. The keeper owns the file, the last is nobody."""

LISTED = [role for role in LOGINS if role not in ("keeper", "stranger")]

OWN, OTHER, LEFT, DONE = "A1", "A2", "A3", "A4"
"""The reporter's unit; one that isn't; one that is left to confirm; one whose June is confirmed."""

JUN, JUL = Month.parse(JUNE), Month.parse(JULY)
BODY, GROUP, PRAISE = "study.b1.body", "study.k1.group", "study.e4.praise"

Outcome = str
"""``done``; ``refused``: not permitted; ``stopped``: permitted, and something else was wrong."""


@dataclass(frozen=True)
class Call:
    """A call of an act, and which of ``LOGINS`` may make it, one sign each: + or a dot."""

    may: str
    do: Callable[..., Any]
    words: tuple[Any, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def act(self) -> str:
        """The name of the act."""
        return f"{self.do.__module__.removeprefix('gsjx_tui.office.')}.{self.do.__name__}"

    def allowed(self, role: str) -> bool:
        """Whether the role may make it."""
        signs = self.may.split()
        assert len(signs) == len(LOGINS), self.may
        return signs[list(LOGINS).index(role)] == "+"

    def made(self, office: Office) -> Any:
        """Makes it: the answer of the act."""
        return self.do(office, *self.words, **self.options)

    def outcome(self, office: Office) -> Outcome:
        """Makes it."""
        try:
            self.made(office)
        except NotPermitted:
            return "refused"
        except GsjxError:
            return "stopped"
        return "done"


def a_draft(unit: str, document: str = "县委通〔2013〕9号") -> event_draft.EventDraft:
    """A praise in June."""
    return event_draft.EventDraft(
        unit=unit, item=PRAISE, field="count", happened_on="2013-06-05", document=document
    )


def _imported(*seen: Any, dry_run: bool = False) -> tuple[tuple[Any, ...], dict[str, Any]]:
    return ([*seen], [2 + n for n in range(len(seen))], [], "六月.csv"), {"dry_run": dry_run}


_CLAIM = observed(BODY, 7, unit=OWN, kind="claim")
_CLAIM_OF_OTHER = observed(BODY, 7, unit=OTHER, kind="claim")
_CELL = taking_in.ReportedCell(
    *("六月.xlsx", "H12", OWN, JUN, GROUP, "points"), value=Decimal(7), note="", seen=None
)
_VERIFY = observed(BODY, 6, unit=OWN)
_EVIDENCE = event_draft.Evidence()
_DRY = {"dry_run": True}
_TODAY = date(2013, 7, 20)
_VOTES = ballots.BallotFile(
    "选票.csv",
    "0a",
    tuple(
        ballots.Ballot(OWN, group, Decimal(score), 2)
        for group in ballots.EVEN
        for score in ("70.00", "80.00", "90.00")
    ),
)
_NOTICE, _CLOSED = case_step.StepDraft("notice"), case_step.StepDraft("closed", text="完成")

CANNOT_BE_DONE = {
    "outcomes",
    "decision effect",
    "object for own",
    "publish",
    "close the campaign",
    "reopen the campaign",
    "publication",
    "check paper",
    "case",
    "take a step",
    "close a case",
    "edition results",
    "ranking notice",
    "objection decision",
    "rectification notice",
    "admonition notice",
    "admonition record",
    "results letter",
    "adjustment recommendation",
    "award candidates",
}
"""Calls that are stopped in this world: nobody has confirmed a whole month, nor decided."""

# What each role may do: reporter viewer clerk reviewer lead admin keeper stranger, in that order.
CALLS: dict[str, Call] = {
    # looking at what is about one unit
    "clock": Call("+ + + + + + + .", clock.clock_fault),
    "back up": Call(". . . . . + + .", backup.back_up),
    "sheet of own": Call("+ + + + + + + .", sheet.sheet, (OWN, JUN)),
    "sheet of other": Call(". + + + + + + .", sheet.sheet, (OTHER, JUN)),
    "card of own": Call("+ + + + + + + .", card.card, (OWN,)),
    "card of other": Call(". + + + + + + .", card.card, (OTHER,)),
    "history of own": Call("+ + + + + + + .", card.history, (OWN, BODY)),
    "history of other": Call(". + + + + + + .", card.history, (OTHER, BODY)),
    "explain own": Call("+ + + + + + + .", explain.explain, (OWN, BODY, JUN)),
    "explain other": Call(". + + + + + + .", explain.explain, (OTHER, BODY, JUN)),
    "review of own": Call("+ + + + + + + .", review.review, (OWN, JUN)),
    "review of other": Call(". + + + + + + .", review.review, (OTHER, JUN)),
    "to report of own": Call("+ + + + + + + .", forms.to_report, (JUN, [OWN])),
    "to report of other": Call(". + + + + + + .", forms.to_report, (JUN, [OTHER])),
    "to report of both": Call(". + + + + + + .", forms.to_report, (JUN, [OWN, OTHER])),
    "returns of own": Call("+ + + + + + + .", review.returns, (OWN, JUN)),
    "returns of other": Call(". + + + + + + .", review.returns, (OTHER, JUN)),
    "events behind own": Call("+ + + + + + + .", events.events_behind, (OWN, PRAISE, "count", JUN)),
    "events behind other": Call(
        ". + + + + + + .", events.events_behind, (OTHER, PRAISE, "count", JUN)
    ),
    "claim versions of own": Call("+ + + + + + + .", returned.claim_versions, (OWN, JUN)),
    "claim versions of other": Call(". + + + + + + .", returned.claim_versions, (OTHER, JUN)),
    # looking at what shows a reporter the own unit alone
    "objections": Call("+ + + + + + + .", objections.objections, (), {"today": _TODAY}),
    "objection of own": Call("+ + + + + + + .", objections.objection, (3,)),
    "events": Call("+ + + + + + + .", events.events, (JUN,)),
    "to report": Call("+ + + + + + + .", forms.to_report, (JUN,)),
    "progress": Call("+ + + + + + + .", progress.progress),
    "review counts": Call("+ + + + + + + .", review.review_counts, (JUN,)),
    "named": Call("+ + + + + + + .", names_index.named),
    "campaign": Call("+ + + + + + + .", rank.campaign),
    "open items": Call("+ + + + + + + .", item_sheet.open_items, (JUN,)),
    # looking at all
    "rank": Call(". + + + + + + .", rank.rank),
    "draft notice": Call(". + + + + + + .", papers.draft_notice),
    "edition results": Call(". + + + + + + .", papers.edition_results, (1,)),
    "ranking notice": Call(". + + + + + + .", papers.ranking_notice, (1,)),
    "objection decision": Call(". + + + + + + .", papers.objection_decision, (3,)),
    "rectification notice": Call(". + + + + + + .", case_papers.rectification_notice, (1,)),
    "admonition notice": Call(". + + + + + + .", case_papers.admonition_notice, (1, "principal")),
    "admonition record": Call(". + + + + + + .", case_papers.admonition_record, (1, "leader")),
    "results letter": Call(". + + + + + + .", case_papers.results_letter, (1,)),
    "adjustment recommendation": Call(
        ". + + + + + + .", case_papers.adjustment_recommendation, (1,)
    ),
    "award candidates": Call(". + + + + + + .", papers.award_candidates, (1,)),
    "find paper": Call(". + + + + + + .", paper_check.find_paper, ("30J0-C92V-4H82",)),
    "draft results": Call(". + + + + + + .", result_tables.draft_results),
    "ranking sheet": Call(". + + + + + + .", trend.ranking_sheet),
    "rank paths": Call(". + + + + + + .", charts.rank_paths),
    "stage points": Call(". + + + + + + .", charts.stage_points),
    "losses": Call(". + + + + + + .", charts.losses),
    "compare": Call(". + + + + + + .", compare.compare, ([OWN, OTHER], JUN)),
    "item sheet": Call(". + + + + + + .", item_sheet.item_sheet, (BODY, JUN)),
    "board": Call(". + + + + + + .", board.board, (_TODAY,)),
    "reminder": Call(". + + + + + + .", board.reminder, (JUN,)),
    "done": Call(". + + + + + + .", history.done),
    "verify": Call(". + + + + + + .", verify.verify),
    "ledger state": Call(". + + + + + + .", copies.ledger_state),
    "publish a snapshot": Call(". + + + + + + .", snapshot.publish),
    "publish a snapshot for readers": Call(". . . . . + + .", snapshot.publish, ("",)),
    "outcomes": Call(". + + + + + + .", outcomes.outcomes, ("study",)),
    "effect": Call(". + + + + + + .", register.effect, (OWN, JUN, PRAISE, "count")),
    "preview": Call(". + + + + + + .", confirm.preview, (JUN, [LEFT])),
    "confirm, dry": Call(". + + + + + + .", confirm.confirm, (JUN, [LEFT]), _DRY),
    "correctable": Call(". + + + + + + .", correct.correctable, (DONE, BODY)),
    "correct, dry": Call(
        ". + + + + + + .", correct.correct, (DONE, BODY, JUNE, {"points": "5"}, "核错"), _DRY
    ),
    "staff": Call(". + + + + + + .", staff.staff),
    "decision effect": Call("+ + + + + + + .", objections.decision_effect, (3,)),
    # looking at all of the process
    "draws": Call(". + + + + + + .", draw.draws, (JUN,)),
    "coverage": Call(". + + + + + + .", draw.coverage, (JUN,)),
    "reliability": Call(". + + + + + + .", reliability.reliability),
    "returns that are out": Call(". + + + + + + .", returned.out_returns, (JUN,)),
    "confirming would": Call(". + + + + + + .", consequences.confirming_would, (JUN, [LEFT])),
    "correcting would": Call(
        ". + + + + + + .",
        consequences.correcting_would,
        (DONE, BODY, JUNE, {"points": "5"}, "核错"),
    ),
    "draft": Call(". + + + + + + .", publish.draft, ("month", JUNE)),
    "publications": Call(". + + + + + + .", publications.publications),
    "publication": Call(". + + + + + + .", publications.publication, (1,)),
    "outdated": Call(". + + + + + + .", outdated.outdated),
    "listed": Call(". + + + + + + .", outdated.listed),
    "published now": Call(". + + + + + + .", publications.published_now, (JUNE,)),
    "check paper": Call(". + + + + + + .", publications.check_paper, ("0000-0000-0000",)),
    "cases": Call(". + + + + + + .", cases.cases),
    "case": Call(". + + + + + + .", cases.case, (1,)),
    "ballot counts": Call(". + + + + + + .", ballots.ballot_counts),
    "rubrics": Call(". + + + + + + .", in_force_rubric.rubrics),
    # claims and events
    "record a claim": Call("+ . + + + + . .", record.record, (_CLAIM,)),
    "record a claim of other": Call(". . + + + + . .", record.record, (_CLAIM_OF_OTHER,)),
    "import claims": Call("+ . + + + + . .", record.import_rows, *_imported(*_CLAIM)),
    "import claims, dry": Call(
        "+ . + + + + . .", record.import_rows, *_imported(*_CLAIM, dry_run=True)
    ),
    "import claims of two": Call(
        ". . + + + + . .", record.import_rows, *_imported(*_CLAIM, *_CLAIM_OF_OTHER)
    ),
    "empty a claim": Call("+ . + + + + . .", undo.empty, (OWN, BODY, "points", JUN, "claim")),
    "empty a claim of other": Call(
        ". . + + + + . .", undo.empty, (OTHER, BODY, "points", JUN, "claim")
    ),
    "undo": Call("+ . + + + + . .", undo.undo, (JUL,)),
    "judge": Call(". . + + + + . .", register.judge_proved, (a_draft(OWN), _EVIDENCE)),
    "register": Call(". . + + + + . .", register.register_proved, (a_draft(OWN), _EVIDENCE)),
    "withdraw": Call(". . + + + + . .", register.withdraw, (1, "误登")),
    # objections
    "object": Call(
        ". . + + + + . .", objecting.file_objection, (DONE, JUNE, PRAISE, "有锦旗", "2013-07-05")
    ),
    "object for own": Call(
        "+ . + + + + . .", objecting.file_objection, (OWN, JUNE, BODY, "有文件")
    ),
    "withdraw an objection": Call(
        ". . + + + + . .", objecting.withdraw_objection, (DONE, 1, "不提了")
    ),
    "withdraw an objection of own": Call(
        "+ . + + + + . .", objecting.withdraw_objection, (OWN, 3, "不提了")
    ),
    "take an objection": Call(". . . + + + . .", objecting.take_objection, (1,)),
    "decide an objection": Call(
        ". . . . + + . .", objecting.decide_objection, (2, "upheld", "属实", {"points": "4"})
    ),
    # verifications
    "record a verification": Call(". . . + + + . .", record.record, (_VERIFY,)),
    "record both": Call(". . . + + + . .", record.record, ([*_CLAIM, *_VERIFY],)),
    "take in own": Call("+ . + + + + . .", taking_in.take_in, ([_CELL],)),
    "take in own, dry": Call("+ . + + + + . .", taking_in.take_in, ([_CELL],), _DRY),
    "take in of two": Call(
        ". . + + + + . .", taking_in.take_in, ([_CELL, replace(_CELL, unit=OTHER)],)
    ),
    "import verifications": Call(". . . + + + . .", record.import_rows, *_imported(*_VERIFY)),
    "register instead of a verification": Call(
        ". . . + + + . .", register.register_proved, (a_draft(LEFT), _EVIDENCE), {"replacing": True}
    ),
    "empty a verification": Call(
        ". . . + + + . .", undo.empty, (OTHER, BODY, "points", JUN, "verify")
    ),
    "accept all": Call(". . . + + + . .", review.accept_all, (OWN, JUN)),
    "return": Call(". . . + + + . .", review.return_to_unit, (OWN, JUN, "", "补材料")),
    "draw": Call(". . . + + + . .", draw.draw, (JUN, 0, 1, "种子")),
    "count ballots": Call(". . . + + + . .", ballots.count_ballots, (Month(2013, 9), _VOTES)),
    "take a step": Call(". . . + + + . .", case_step.take_step, (1, _NOTICE)),
    # confirming
    "confirm": Call(". . . . + + . .", confirm.confirm, (JUN, [LEFT])),
    "correct": Call(
        ". . . . + + . .", correct.correct, (DONE, BODY, JUNE, {"points": "5"}, "核错")
    ),
    "publish": Call(". . . . + + . .", publish.publish, ("month", JUNE)),
    "close the campaign": Call(". . . . + + . .", closing.close_campaign),
    "close a case": Call(". . . . + + . .", case_step.take_step, (1, _CLOSED)),
    # the end
    "reopen the campaign": Call(". . . . . + + .", closing.reopen_campaign, ("有误",)),
    "closed": Call("+ + + + + + + .", closed.closed),
    # the list
    "set staff": Call(". . . . . + + .", staff.set_staff, ("uucp", "viewer", "某")),
    "remove staff": Call(". . . . . + + .", staff.remove_staff, ("backup",)),
}
"""Every act, those that depend on what they are asked more than once. Nothing is left out."""


def a_world(folder: Path) -> Office:
    """A home where every call has something to work on, opened by who owns it; all are listed."""
    units = [a_unit(code, name=f"{code}局") for code in (OWN, OTHER, LEFT, DONE)]
    typing = {role: f"U{number}" for number, role in enumerate(LISTED) if role not in _LOOKERS}
    office = an_office(folder, *units, *(a_unit(code) for code in typing.values()))
    recorded(
        office,
        observed(BODY, 8, unit=OWN, kind="claim"),
        observed(BODY, 8, unit=OTHER, kind="claim"),
        observed(BODY, 9, unit=OTHER),
        observed(BODY, 9, unit=LEFT),
        observed(PRAISE, unit=LEFT, count=3),
        observed(BODY, 9, unit=DONE),
    )
    confirmed(office, JUNE, units=[DONE])
    register.register(office, a_draft(OTHER, "县委通〔2013〕1号"))
    objecting.file_objection(office, DONE, JUNE, BODY, "有文件", "2013-07-05")
    objecting.file_objection(office, DONE, JUNE, "study.b2.plan", "有方案", "2013-07-05")
    objecting.take_objection(office, 2)
    with office.ledger.act() as now:
        row = (OWN, JUNE, BODY, "有文件", "2013-07-05", office.who, now)
        office.ledger.append("objection", [row])
    staff.set_staff(office, LOGINS["admin"], "admin")
    keeper = office  # who owns the file may keep the list, whoever is on it
    for role in LISTED:
        staff.set_staff(keeper, LOGINS[role], role, unit=OWN if role == "reporter" else "")
    staff.set_staff(keeper, "backup", "viewer")
    for role, unit in {**typing, "reporter": OWN}.items():
        acting = office.acting(LOGINS[role], owner=False)
        recorded(acting, observed(GROUP, 9, unit=unit, kind="claim", month=JULY))
    return office


_LOOKERS = ("reporter", "viewer")


def outcomes_of(office: Office, labels: Iterable[str]) -> dict[str, Outcome]:
    """Makes calls one after another."""
    return {label: CALLS[label].outcome(office) for label in labels}


def main(home: Path) -> None:
    """Makes the calls that standard input names."""
    from gsjx_tui.seats.opening import open_office

    with open_office(home) as office:
        for line in sys.stdin:
            print(json.dumps(outcomes_of(office, json.loads(line))), flush=True)
