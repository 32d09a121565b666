"""Trend 走势: where each unit stood through each month of the campaign so far (SPEC 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from gsjx_tui.domain import Month, Points, month_range
from gsjx_tui.office.acts import act
from gsjx_tui.office.check import stage_in
from gsjx_tui.office.home import Office
from gsjx_tui.office.rank import (
    CampaignFacts,
    Rank,
    campaign_facts,
    ranking,
    scope_of,
    unit_initials,
)
from gsjx_tui.rubric.model import Stage

if TYPE_CHECKING:
    from gsjx_tui.ledger.ledger import Ledger

ScopeName = Literal["cumulative", "stage", "month"]


@dataclass(frozen=True)
class Standing:
    """A unit's cumulative points and place through a month; ``ranked`` units stand with it."""

    month: Month
    points: Points
    rank: int
    ranked: int

    @property
    def height(self) -> float:
        """1 for the first place, 0 for the last; alone in its category it is first."""
        return 1.0 if self.ranked < 2 else (self.ranked - self.rank) / (self.ranked - 1)


def trend_months(campaign: CampaignFacts, through: Month) -> tuple[Month, ...]:
    """The months of a trend: from the first, not beyond the newest anybody is confirmed for."""
    return month_range(campaign.first, min(through, campaign.newest))


def trend(
    ledger: Ledger, months: Sequence[Month], category: str = ""
) -> Mapping[str, Mapping[Month, Standing]]:
    """Unit -> month -> standing, for all units of a category ('' for all categories).

    ``months`` are the campaign's from its first. A month in which a unit didn't stand yet is
    left out.
    """
    found: dict[str, dict[Month, Standing]] = {}
    if not months:
        return found
    parse = cache(Month.parse)  # few months, many rows
    rows = ledger.rows(
        "trend", months=[str(month) for month in months], first=str(months[0]), category=category
    )
    for unit, text, points, rank, ranked in rows:
        month = parse(text)
        found.setdefault(unit, {})[month] = Standing(month, points, rank, ranked)
    return found


@dataclass(frozen=True)
class RankingSheet:
    """A category's ranking through a month, or of its stage or the month alone, with the trend.

    ``months`` are those of the trend; ``initials`` the pinyin initials of names by unit.
    """

    campaign: CampaignFacts
    category: str
    month: Month
    stage: Stage
    rows: Sequence[Rank]
    months: Sequence[Month]
    trend: Mapping[str, Mapping[Month, Standing]]
    initials: Mapping[str, str]


@act("viewer")
def ranking_sheet(
    office: Office, category: str = "", month: Month | None = None, scope: ScopeName = "cumulative"
) -> RankingSheet:
    """The ranking of a category, by default the first, through the newest confirmed month."""
    campaign = campaign_facts(office.ledger)
    known = [found.id for found in campaign.categories]
    category = category if category in known else known[0]
    month = month or campaign.newest
    stage = stage_in(office.rubric, month)
    bounds = {
        "cumulative": scope_of(campaign, through=str(month)),
        "stage": scope_of(campaign, through=str(month), stage=stage.id),
        "month": scope_of(campaign, month=str(month)),
    }[scope]
    months = trend_months(campaign, month)
    return RankingSheet(
        campaign=campaign,
        category=category,
        month=month,
        stage=stage,
        rows=ranking(office.ledger, bounds, category),
        months=months,
        trend=trend(office.ledger, months, category),
        initials=unit_initials(office.ledger),
    )
