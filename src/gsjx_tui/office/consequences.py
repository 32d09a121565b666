"""What would follow 后果预览: before something is confirmed or corrected, whom it would move.

Nothing is written: the points that would be posted are counted beside the ledger's, by the same
ranking and the same consequences as afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from gsjx_tui.domain import Month, Points
from gsjx_tui.office.acts import act
from gsjx_tui.office.confirm import preview
from gsjx_tui.office.correct import prepared
from gsjx_tui.office.facts import confirmations
from gsjx_tui.office.figures import Published
from gsjx_tui.office.home import Office
from gsjx_tui.office.outcomes import standings_of
from gsjx_tui.office.outdated import would_outdate
from gsjx_tui.office.rank import Added, campaign_facts
from gsjx_tui.rubric.model import Stage
from gsjx_tui.rubric.outcome import (
    FINAL_LAST,
    KEY_RECTIFICATION,
    Outcome,
    Standing,
    final_outcomes,
    stage_outcomes,
)


@dataclass(frozen=True)
class Moved:
    """A unit whose place in the ranking changes: rank and points before and after."""

    category: str
    unit: str
    name: str
    rank_before: int
    rank_after: int
    points_before: Points
    points_after: Points


@dataclass(frozen=True)
class LastPlace:
    """A unit that comes to the last place of its category, or leaves it.

    What closes a stage makes all of its last places: nobody was 重点整改单位 before.

    ``kind`` is that of the consequence: of a stage (重点整改单位) or of the campaign; ``title`` its
    name. ``closed``: all months are confirmed then, so that it takes effect; before that the last
    place is that of the moment.
    """

    kind: str
    title: str
    category: str
    unit: str
    name: str
    becomes: bool
    tied: bool
    closed: bool

    @property
    def told(self) -> str:
        """In words, without the unit: what becomes of it."""
        named = "重点整改单位" if self.kind == KEY_RECTIFICATION else "最终末位"
        what = named if self.closed else "末位（尚未结算）"
        tied = "，与他单位并列" if self.tied else ""
        return f"{'成为' if self.becomes else '不再是'}{what}{tied}"


@dataclass(frozen=True)
class Consequences:
    """What moves: ranks through a month (points to date), and last places.

    ``editions`` are those published whose figures would no longer be the ledger's: each needs a
    new edition with an erratum.
    """

    through: Month
    moved: tuple[Moved, ...]
    last_places: tuple[LastPlace, ...]
    editions: tuple[Published, ...] = ()

    @property
    def lasts(self) -> tuple[LastPlace, ...]:
        """Those who come to a last place."""
        return tuple(place for place in self.last_places if place.becomes)


@act("viewer")
def confirming_would(office: Office, month: Month, codes: Sequence[str] = ()) -> Consequences:
    """What confirming a month would move. Raises StateError for an unknown unit."""
    found = preview(office, month, codes)
    added = [(one.unit.code, month, one.points) for one in found.units]
    return consequences(office, added, {(one.unit.code, month) for one in found.units}, month)


@act("viewer")
def correcting_would(
    office: Office, unit: str, item: str, month: str, values: Mapping[str, str], reason: str
) -> Consequences:
    """What a correction would move; raises as *correct* does."""
    found, _ = prepared(office, unit, item, month, values, reason)
    added = [(unit, posting.month, posting.points) for posting in found.postings]
    return consequences(office, added, set(), found.month)


def consequences(
    office: Office, added: Added, confirming: set[tuple[str, Month]], month: Month
) -> Consequences:
    """What these points would move: in the ranking so far, in the stages they are of, in the end.

    ``confirming``: units and months that would be confirmed with them; ``month``: the one that all
    begins with.
    """
    campaign = campaign_facts(office.ledger)
    through = max([month, *([campaign.newest_confirmed] if campaign.newest_confirmed else [])])
    before = standings_of(office, str(through))
    after = standings_of(office, str(through), added=added)
    places: list[LastPlace] = []
    for stage in _stages_of(office, {month, *(when for _, when, _ in added)}):
        last = min(through, stage.months[-1])
        closed = _closed(office, stage.months[0], stage.months[-1], confirming)
        closes = closed and not _closed(office, stage.months[0], stage.months[-1], set())
        begun = _begun(office, stage) and not closes
        was = standings_of(office, str(last), stage.id) if begun else ()
        now = standings_of(office, str(last), stage.id, added=added)
        kind, title = KEY_RECTIFICATION, f"{stage.name}阶段"
        places += _changes(kind, title, stage_outcomes(was), stage_outcomes(now), now, closed)
    if through == campaign.last:
        closed = _closed(office, campaign.first, campaign.last, confirming)
        closes = closed and not _closed(office, campaign.first, campaign.last, set())
        was_last, is_last = (
            [o for o in final_outcomes(found, office.settings) if o.kind == FINAL_LAST]
            for found in ([] if closes else before, after)
        )
        places += _changes(FINAL_LAST, campaign.name, was_last, is_last, after, closed)
    editions = would_outdate(office, added)
    return Consequences(through, tuple(_moved(before, after)), tuple(places), editions)


def _stages_of(office: Office, months: Iterable[Month]) -> list[Stage]:
    wanted = set(months)
    return [stage for stage in office.rubric.stages if wanted & set(stage.months)]


def _begun(office: Office, stage: Stage) -> bool:
    """Somebody is confirmed in the stage: before that all of a category would be the last."""
    done = confirmations(office.ledger).values()
    return any(month in stage.months for months in done for month in months)


def _closed(office: Office, first: Month, last: Month, confirming: set[tuple[str, Month]]) -> bool:
    """Whether every unit would be confirmed through the last month."""
    left = office.ledger.rows("unconfirmed", first=str(first), through=str(last))
    with_these = {(unit, str(month)) for unit, month in confirming}
    return all((unit, month) in with_these for unit, _, month in left)


def _moved(before: Sequence[Standing], after: Sequence[Standing]) -> Iterable[Moved]:
    was = {standing.unit: standing for standing in before}
    for now in after:
        old = was[now.unit]
        if old.rank != now.rank:
            yield Moved(
                category=now.category,
                unit=now.unit,
                name=now.name,
                rank_before=old.rank,
                rank_after=now.rank,
                points_before=old.points,
                points_after=now.points,
            )


def _changes(
    kind: Literal["key_rectification", "final_last"] | str,
    title: str,
    before: Sequence[Outcome],
    after: Sequence[Outcome],
    standings: Sequence[Standing],
    closed: bool,
) -> Iterable[LastPlace]:
    """Who comes to a last place and who leaves it, in the order of the ranking."""
    was, now = ({o.unit: o for o in outcomes} for outcomes in (before, after))
    for standing in standings:
        unit = standing.unit
        if (unit in was) != (unit in now):
            outcome = now.get(unit) or was[unit]
            yield LastPlace(
                kind=kind,
                title=title,
                category=standing.category,
                unit=unit,
                name=standing.name,
                becomes=unit in now,
                tied=outcome.tied,
                closed=closed,
            )
