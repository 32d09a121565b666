"""The result tables 结果表 of a ranking: by category, with ranks by month (method 三（三）)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from gsjx_tui.documents.mark import DRAFT, Mark
from gsjx_tui.documents.paper_figures import with_code
from gsjx_tui.documents.results import CategoryResult, ResultRow, Results, UnitTrend
from gsjx_tui.documents.results_write import write_results
from gsjx_tui.domain import Month, month_range
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.office.acts import act
from gsjx_tui.office.home import Office
from gsjx_tui.office.rank import (
    END_OF_TIME,
    CampaignFacts,
    Rank,
    Scope,
    campaign_facts,
    ranking,
    scope_of,
)


@act("viewer")
def draft_results(office: Office, through: str = "", stage: str = "") -> Results:
    """The ranking through a month (the newest confirmed by default), or of a stage, as it is now.

    It is stamped 未定稿. Raises StateError for what doesn't exist.
    """
    campaign = campaign_facts(office.ledger)
    if campaign.newest_confirmed is None:
        raise StateError(Fault("", "还没有核定任何月份，没有名次可列", "先核定：gsjx confirm 月份"))
    scope = scope_of(campaign, through, stage)
    rows = ranking(office.ledger, scope)
    if not rows:
        raise StateError(Fault("", f"{scope.through} 没有单位参加排名", "核对月份与名册"))
    made = results_of(office.ledger, campaign, scope, stage, rows)
    return with_code(made, campaign.id)


def results_of(
    ledger: Ledger,
    campaign: CampaignFacts,
    scope: Scope,
    stage: str,
    rows: Sequence[Rank],
    mark: Mark | None = None,
    as_of: datetime = END_OF_TIME,
) -> Results:
    """The tables of a ranking with these rows, with the ranks by month as known at an instant.

    ``mark`` is that of an edition, None for a draft. The check code is still to be put in.
    """
    months = month_range(scope.first, min(scope.through, campaign.newest))
    by_month = {
        month: ranking(ledger, scope_of(campaign, str(month), stage), as_of=as_of)
        for month in months
    }
    places = {
        (month, row.unit): row.rank for month, standing in by_month.items() for row in standing
    }
    return Results(
        campaign=campaign.name,
        scope=scope_text(campaign, scope, stage),
        months=months,
        categories=tuple(
            _category(known.name, members, months, places)
            for known in campaign.categories
            if (members := [row for row in rows if row.category == known.id])
        ),
        mark=mark or Mark(0, ""),
        printed=date.today(),
    )


def scope_text(campaign: CampaignFacts, scope: Scope, stage: str) -> str:
    """What is added up, for people: 截至2013年7月累计; of a stage its name, and how far it is."""
    if not stage:
        return f"截至{scope.through.chinese}累计"
    _, name, _, final = campaign.stage(stage)
    return f"{name}阶段" + (f"（截至{scope.through.chinese}）" if scope.through < final else "")


def _category(
    name: str,
    rows: Sequence[Rank],
    months: Sequence[Month],
    places: Mapping[tuple[Month, str], int],
) -> CategoryResult:
    return CategoryResult(
        name=name,
        rows=tuple(
            ResultRow(
                rank=row.rank,
                unit=row.unit,
                name=row.name,
                points=row.points,
                previous_rank=row.previous_rank,
                previous_points=row.previous_points,
                moved=row.moved,
                gap=row.gap,
                confirmed=row.confirmed_through,
            )
            for row in rows
        ),
        trends=tuple(
            UnitTrend(row.unit, row.name, tuple(places.get((month, row.unit)) for month in months))
            for row in rows
        ),
    )


def write_tables(office: Office, results: Results, into: Path | None, now: datetime) -> Path:
    """Writes the tables ``into`` a file, by default among the person's own; where it is.

    Never over a file that is there. Raises ExportError.
    """
    if into is None:
        name = file_name(f"{results.campaign}-{results.scope}", _version(results.mark, now))
        into = office.own_folder.absolute() / "结果表" / f"{name}.xlsx"
    elif into.suffix.lower() != ".xlsx":
        into = into.with_name(f"{into.name}.xlsx")
    write_results(into, results)
    return into


def _version(mark: Mark, now: datetime) -> str:
    """Drafts are many, an edition is one: the clock tells drafts apart."""
    return mark.edition_name or f"{DRAFT}-{now:%Y%m%d-%H%M%S}"


def file_name(about: str, ending: str) -> str:
    """A name that every file system takes: what the file is about, cut if need be, and what tells
    it from others."""
    about = "".join(c if c.isalnum() or c in "-_·（）〔〕" else "_" for c in about)
    return f"{about[: 70 - len(ending)]}-{ending}"
