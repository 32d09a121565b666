"""Papers 文件 of editions, cases and objections: what each states, with its check code.

A paper of an edition as a whole carries the code that the edition was published with; one about a
single unit has a code of its own figures, found again by ``paper_check``. Words that the ledger
doesn't know, and names of people, are put in afterwards (``paper_files.Wording``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gsjx_tui.documents.mark import Mark
from gsjx_tui.documents.paper_figures import with_code
from gsjx_tui.documents.papers import (
    AwardCandidates,
    ErratumRow,
    Letterhead,
    ObjectionDecision,
    Place,
    RankingNotice,
)
from gsjx_tui.documents.results import Results
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office.acts import act
from gsjx_tui.office.cases import standings_of
from gsjx_tui.office.figures import Erratum, PublishedRow
from gsjx_tui.office.home import Office
from gsjx_tui.office.objections import DECISION_NAMES, decision_effect, objection
from gsjx_tui.office.outcomes import follows
from gsjx_tui.office.publications import Publication, publication
from gsjx_tui.office.rank import Rank, Scope, campaign_facts
from gsjx_tui.office.result_tables import draft_results, results_of, scope_text
from gsjx_tui.rubric.outcome import AWARD_CANDIDATE, stage_outcomes

BARE = Letterhead("")
"""Nothing that the ledger doesn't know."""


# of an edition as a whole ------------------------------------------------------------------------


@act("viewer")
def edition_results(office: Office, number: int) -> Results:
    """The result tables of an edition, exactly as published, by its number in the ledger.

    The ranks by month are those known when it was published. Raises StateError.
    """
    found = publication(office, number)
    head, campaign = found.head, campaign_facts(office.ledger)
    names = {row.category: row.category_name for row in found.rows}
    campaign = replace(
        campaign,
        categories=tuple(replace(c, name=names.get(c.id, c.name)) for c in campaign.categories),
    )
    scope = Scope(head.first, head.month, None)
    mark = Mark(head.edition, head.code)
    rows = [_rank(row) for row in found.rows]
    return results_of(office.ledger, campaign, scope, head.stage, rows, mark, head.at)


def _rank(row: PublishedRow) -> Rank:
    return Rank(
        category=row.category,
        rank=row.rank,
        unit=row.unit,
        name=row.name,
        points=row.points,
        previous_rank=row.previous_rank,
        previous_points=row.previous_points,
        moved=row.moved,
        confirmed_through=True,  # the gate lets nothing else through
        gap=row.gap,
    )


@act("viewer")
def ranking_notice(office: Office, number: int) -> RankingNotice:
    """通报 of an edition, by its number in the ledger. Raises StateError."""
    found = publication(office, number)
    results, head = edition_results(office, number), found.head
    names = {row.category: row.category_name for row in found.rows}
    return RankingNotice(
        head=BARE,
        mark=results.mark,
        campaign=results.campaign,
        scope=results.scope,
        categories=results.categories,
        lasts=_lasts(office, found),
        errata=tuple(_erratum(names, one) for one in found.errata),
        replaces=head.edition - 1,
    )


@act("viewer")
def draft_notice(office: Office, through: str = "", stage: str = "") -> RankingNotice:
    """通报 of a ranking that isn't published, stamped 未定稿. Raises StateError."""
    return draft_of(draft_results(office, through, stage), campaign_facts(office.ledger).id)


def draft_of(found: Results, campaign: str) -> RankingNotice:
    """通报 of a ranking as its draft tables state it; ``campaign`` is the id."""
    made = RankingNotice(BARE, Mark(0, ""), found.campaign, found.scope, found.categories)
    return with_code(made, campaign)


def _lasts(office: Office, found: Publication) -> tuple[Place, ...]:
    """Those who become 重点整改单位 by the ranking of a stage."""
    if found.head.scope != "stage":
        return ()
    outcomes = stage_outcomes(standings_of(office.ledger, found.rows))
    return tuple(place_of(found.rows, outcome.unit) for outcome in outcomes)


def _erratum(names: dict[str, str], one: Erratum) -> ErratumRow:
    return ErratumRow(
        category=names.get(one.category, one.category),
        unit=one.name,
        rank_before=one.rank_before,
        points_before=one.points_before,
        rank_after=one.rank_after,
        points_after=one.points_after,
    )


def place_of(rows: Sequence[PublishedRow], unit: str) -> Place:
    """Where a unit stands by the rows of an edition."""
    mine = next(row for row in rows if row.unit == unit)
    peers = [row for row in rows if row.category == mine.category]
    return Place(
        unit=mine.name,
        category=mine.category_name,
        rank=mine.rank,
        ranked=len(peers),
        points=mine.points,
        tied=sum(row.rank == mine.rank for row in peers) > 1,
    )


@act("viewer")
def award_candidates(office: Office, number: int) -> AwardCandidates:
    """评先选优候选名单 of an edition of the final ranking, by its number in the ledger.

    Raises StateError.
    """
    found = publication(office, number)
    if found.head.scope != "campaign":
        what = f"是{found.head.title}，不是最终排名"
        raise StateError(Fault(f"第 {number} 号", what, "用 gsjx publish --list 核对"))
    return candidates_of(office, found)


def candidates_of(office: Office, found: Publication) -> AwardCandidates:
    """评先选优候选名单 by an edition of the final ranking, those who share a place marked."""
    campaign, head = campaign_facts(office.ledger), found.head
    outcomes = follows(office, standings_of(office.ledger, found.rows))
    made = AwardCandidates(
        head=BARE,
        mark=Mark(head.edition, ""),
        campaign=campaign.name,
        scope=scope_text(campaign, Scope(head.first, head.month, None), head.stage),
        candidates=tuple(
            place_of(found.rows, one.unit) for one in outcomes if one.kind == AWARD_CANDIDATE
        ),
    )
    return with_code(made, campaign.id)


# of an objection ---------------------------------------------------------------------------------


@act("viewer")
def objection_decision(office: Office, number: int) -> ObjectionDecision:
    """申诉处理决定 of an objection that was decided; the decision is its own first edition.

    Raises StateError.
    """
    found, effect = objection(office, number), decision_effect(office, number)
    assert found.closed is not None and found.closed.decision
    campaign = campaign_facts(office.ledger)
    made = ObjectionDecision(
        head=BARE,
        mark=Mark(1, ""),
        campaign=campaign.name,
        unit=found.name,
        received=found.filed_on,
        month=found.month,
        clause=office.rubric.items[found.item].clause,
        item=found.label,
        grounds=found.grounds,
        findings=found.closed.text,
        decision=DECISION_NAMES[found.closed.decision],
        upheld=bool(found.closed.correction),
        points_before=effect.item_before,
        points_after=effect.item_after,
        rank_before=effect.rank_before,
        rank_after=effect.rank_after,
    )
    return with_code(made, campaign.id)
