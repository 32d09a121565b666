"""Ranking 排名: units within their category, by postings (SPEC 5)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from gsjx_tui.domain import Category, Month, Points
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office.acts import act, narrowed
from gsjx_tui.office.home import Office

if TYPE_CHECKING:
    from gsjx_tui.ledger.ledger import Ledger

END_OF_TIME = datetime(9999, 12, 31)


@dataclass(frozen=True)
class Rank:
    """One row of a ranking; ``previous_*`` and ``moved`` are None where there was none.

    ``moved`` is positive for places gained, ``gap`` the points to the next better place,
    ``confirmed_through`` whether the unit is confirmed through the scope's last month.
    """

    category: str
    rank: int
    unit: str
    name: str
    points: Points
    previous_rank: int | None
    previous_points: Points | None
    moved: int | None
    confirmed_through: bool
    gap: Points | None


@dataclass(frozen=True)
class Scope:
    """The months a ranking adds up, and those of one month earlier (None in the first)."""

    first: Month
    through: Month
    previous: tuple[Month, Month] | None


@dataclass(frozen=True)
class CampaignFacts:
    """The campaign as the ledger knows it: enough to rank without loading the rubric."""

    id: str
    name: str
    points: Points
    final_scope: str
    award_places: int
    first: Month
    last: Month
    newest_confirmed: Month | None
    categories: tuple[Category, ...]
    stages: tuple[tuple[str, str, Month, Month], ...]

    def month(self, text: str) -> Month:
        """A month of the campaign. Raises StateError."""
        try:
            month = Month.parse(text)
        except ValueError:
            raise StateError(
                Fault("", f"月份“{text}”写法不对", "写成 2013-06 这样的四位年、两位月")
            ) from None
        if not self.first <= month <= self.last:
            raise StateError(
                Fault("", f"月份 {month} 不在活动之内", f"活动为 {self.first} 至 {self.last}")
            )
        return month

    def stage(self, id: str) -> tuple[str, str, Month, Month]:
        """Id, name, first and last month of a stage. Raises StateError."""
        for stage in self.stages:
            if stage[0] == id:
                return stage
        known = "、".join(stage[0] for stage in self.stages)
        raise StateError(Fault("", f"没有阶段“{id}”", f"可用：{known}"))

    @property
    def newest(self) -> Month:
        """The newest month anybody is confirmed for, else the first of the campaign."""
        return self.newest_confirmed or self.first


def campaign_facts(ledger: Ledger) -> CampaignFacts:
    """The campaign in force."""
    id, name, points, scope, places, first, last, newest = ledger.row("campaign")
    return CampaignFacts(
        id=id,
        name=name,
        points=points,
        final_scope=scope,
        award_places=places,
        first=Month.parse(first),
        last=Month.parse(last),
        newest_confirmed=Month.parse(newest) if newest else None,
        categories=tuple(Category(*row) for row in ledger.rows("categories")),
        stages=tuple(
            (id, name, Month.parse(first), Month.parse(last))
            for id, name, first, last in ledger.rows("stages")
        ),
    )


@act("viewer", own=narrowed)
def campaign(office: Office) -> CampaignFacts:
    """The campaign in force; for a reporter the newest confirmed month is the own unit's."""
    facts = campaign_facts(office.ledger)
    person = office.person
    if person.role != "reporter":
        return facts
    rows = office.ledger.rows("confirmations", unit=person.unit)
    newest = max((Month.parse(month) for _, month, *_ in rows), default=None)
    return replace(facts, newest_confirmed=newest)


@act("viewer")
def rank(
    office: Office,
    *,
    through: str = "",
    stage: str = "",
    month: str = "",
    category: str = "",
    as_of: str = "",
) -> Sequence[Rank]:
    """The ranking of all categories or one, ordered by category, rank, roster.

    Cumulative through a month (the newest confirmed by default), of one stage, or of one month;
    ``as_of`` an instant: as known then. Raises StateError for what
    doesn't exist.
    """
    campaign = campaign_facts(office.ledger)
    if category and category not in {known.id for known in campaign.categories}:
        known = "、".join(known.id for known in campaign.categories)
        raise StateError(Fault("", f"没有类别“{category}”", f"可用：{known}"))
    instant = instant_of(as_of) if as_of else END_OF_TIME
    return ranking(office.ledger, scope_of(campaign, through, stage, month), category, instant)


Added = Sequence[tuple[str, Month, Points]]
"""Postings that aren't in the ledger: unit, month, points."""


def ranking(
    ledger: Ledger,
    scope: Scope,
    category: str = "",
    as_of: datetime = END_OF_TIME,
    added: Added = (),
) -> Sequence[Rank]:
    """The ranking of a scope; ``category`` empty for all. ``added`` counts as if it were posted."""
    previous = scope.previous
    rows = ledger.rows(
        "rank",
        first=str(scope.first),
        through=str(scope.through),
        previous_first=str(previous[0]) if previous else "",
        previous_through=str(previous[1]) if previous else "",
        category=category,
        as_of=as_of,
        added=json.dumps(
            [{"unit": unit, "month": str(month), "points": str(p)} for unit, month, p in added]
        ),
    )
    return [Rank(*row) for row in rows]


def unit_initials(ledger: Ledger) -> Mapping[str, str]:
    """The pinyin initials of every unit's name by code, for finding it in a ranking."""
    return dict(ledger.rows("initials"))


def scope_of(campaign: CampaignFacts, through: str = "", stage: str = "", month: str = "") -> Scope:
    """The months that a ranking adds up. Raises StateError."""
    if month:
        only = campaign.month(month)
        before = only.plus(-1)
        return Scope(only, only, (before, before) if before >= campaign.first else None)
    last = campaign.month(through) if through else None
    if not stage:
        last = last or campaign.newest
        before = last.plus(-1)
        first = campaign.first
        return Scope(first, last, (first, before) if before >= first else None)
    _, name, first, final = campaign.stage(stage)
    if last is None:
        last = max(first, min(campaign.newest, final))
    if last < first:
        raise StateError(
            Fault(
                "", f"阶段 {stage} {name}自 {first} 开始，晚于 {last}", f"把月份改为 {first} 或以后"
            )
        )
    last = min(last, final)
    before = last.plus(-1)
    return Scope(first, last, (first, before) if before >= first else None)


def instant_of(text: str) -> datetime:
    """An instant in UTC from ISO 8601; without offset in local time, a date alone is its end.

    Raises StateError.
    """
    try:
        instant = datetime.fromisoformat(text)
        if re.fullmatch(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}", text):
            instant = datetime.combine(instant.date(), time.max)
        return instant.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise StateError(
            Fault("", f"时刻“{text}”写法不对", "写成 2013-08-05T09:30 或 2013-08-05")
        ) from None


def moved_text(moved: int | None) -> str:
    """Places gained or lost in words: 升2, 降1, 平. Arrows are two cells wide on some consoles."""
    if moved is None:
        return ""
    return f"升{moved}" if moved > 0 else f"降{-moved}" if moved < 0 else "平"
