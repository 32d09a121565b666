"""A printed paper held against the ledger: which one its check code is of, and what it must say.

Papers about one unit, and drafts, aren't kept: they are made again from the ledger, and the one
with the code is the one. Whoever holds the paper compares its figures with those shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gsjx_tui.documents.check_code import CheckCodeError, parse_check_code
from gsjx_tui.documents.paper_figures import figures
from gsjx_tui.documents.papers import (
    AdmonitionNotice,
    AdmonitionRecord,
    AwardCandidates,
    ObjectionDecision,
    Paper,
    RankingNotice,
)
from gsjx_tui.documents.results import Results
from gsjx_tui.domain import month_range
from gsjx_tui.errors import StateError
from gsjx_tui.office.acts import act
from gsjx_tui.office.case_papers import (
    ROLES,
    editions_of,
    of_adjustment,
    of_letter,
    of_rectification,
    of_talk,
)
from gsjx_tui.office.cases import Case, cases
from gsjx_tui.office.home import Office
from gsjx_tui.office.objections import objections
from gsjx_tui.office.paper_files import called
from gsjx_tui.office.papers import candidates_of, draft_of, objection_decision
from gsjx_tui.office.publications import Publication, publication, publications
from gsjx_tui.office.rank import campaign_facts
from gsjx_tui.office.result_tables import draft_results
from gsjx_tui.rubric.outcome import FINAL_LAST, KEY_RECTIFICATION, SUPERIOR_LETTER


@dataclass(frozen=True)
class FoundPaper:
    """A paper that the ledger makes: its kind and what it is about, for people.

    ``edition`` is 0 for a draft; ``newer``: there is a newer edition of its ranking. ``lines`` are
    its figures in the order printed, for comparing.
    """

    code: str
    kind: str
    about: str
    edition: int
    newer: bool
    lines: tuple[tuple[str, ...], ...]


_SAID = {"tied": "并列", "corrected": "予以更正"}
"""What figures hold in a word, for people."""


@act("viewer")
def find_paper(office: Office, code: str) -> FoundPaper | None:
    """The paper about one unit, or the draft, with that code; None for what is neither.

    Raises StateError for a code that is mistyped.
    """
    try:
        written = parse_check_code(code)
    except CheckCodeError as error:
        raise StateError(*error.faults) from None
    if any(edition.code == written for edition in publications(office)):
        return None
    campaign = campaign_facts(office.ledger).id
    for paper, newer in _papers(office):
        if paper.mark.code == written:
            return FoundPaper(
                code=written,
                kind="结果表" if isinstance(paper, Results) else called(paper),
                about=_about(paper),
                edition=paper.mark.edition,
                newer=newer,
                lines=tuple(
                    tuple(_SAID.get(cell, cell) for cell in row)
                    for row in figures(paper, campaign).rows
                ),
            )
    return None


def _papers(office: Office) -> Iterator[tuple[Paper | Results, bool]]:
    """Every paper there may be, with whether a newer edition has come."""
    for found in cases(office):
        editions = editions_of(office, found)
        for edition in editions:
            if any(row.unit == found.unit for row in edition.rows):
                for paper in _of_case(office, found, edition):
                    yield paper, edition is not editions[-1]
    finals = [head.number for head in publications(office) if head.scope == "campaign"]
    for number in finals:
        yield candidates_of(office, publication(office, number)), number != finals[-1]
    for objection in objections(office):
        if objection.status == "decided":
            yield objection_decision(office, objection.number), False
    yield from ((paper, False) for paper in _drafts(office))


def _of_case(office: Office, found: Case, edition: Publication) -> Iterator[Paper]:
    if found.kind == KEY_RECTIFICATION:
        yield of_rectification(office, found, edition)
        for role in ROLES.values():
            yield of_talk(office, found, edition, AdmonitionNotice, role)
            yield of_talk(office, found, edition, AdmonitionRecord, role)
    if found.kind == SUPERIOR_LETTER:
        yield of_letter(office, found, edition)
    if found.kind == FINAL_LAST:
        yield of_adjustment(office, found, edition)


def _drafts(office: Office) -> Iterator[Paper | Results]:
    """Drafts of every ranking, as they would be printed now."""
    campaign = campaign_facts(office.ledger)
    if campaign.newest_confirmed is None:
        return
    for month in month_range(campaign.first, campaign.newest):
        stages = [id for id, _, first, last in campaign.stages if first <= month <= last]
        for stage in ("", *stages):
            results = draft_results(office, str(month), stage)
            yield results
            yield draft_of(results, campaign.id)


def _about(paper: Paper | Results) -> str:
    if isinstance(paper, Results | RankingNotice | AwardCandidates):
        return paper.scope
    if isinstance(paper, ObjectionDecision):
        return f"{paper.unit} {paper.month} {paper.item}"
    role = f" {paper.role}" if isinstance(paper, AdmonitionNotice | AdmonitionRecord) else ""
    return f"{paper.place.unit}{role}"
