"""A unit's card: its points by stage, indicator and item, with what was seen (SPEC 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from gsjx_tui.documents.mark import DRAFT
from gsjx_tui.domain import ZERO, Kind, Month, Points
from gsjx_tui.office.acts import act, own_unit
from gsjx_tui.office.figures import Published, edition_now
from gsjx_tui.office.home import Office, no_such_unit
from gsjx_tui.office.rank import END_OF_TIME
from gsjx_tui.office.rank import campaign as campaign_of


@dataclass(frozen=True)
class CardItem:
    """One item: nominal points, points through the month."""

    id: str
    label: str
    clause: str
    nominal: Points
    points: Points


@dataclass(frozen=True)
class CardIndicator:
    """One indicator with its items."""

    id: str
    name: str
    kind: str
    nominal: Points
    items: tuple[CardItem, ...]

    @property
    def points(self) -> Points:
        """Points through the month."""
        return sum((item.points for item in self.items), ZERO)


@dataclass(frozen=True)
class CardStage:
    """One stage with its indicators; ``begun`` if its first month isn't after the card's."""

    id: str
    name: str
    begun: bool
    indicators: tuple[CardIndicator, ...]

    @property
    def points(self) -> Points:
        """Points through the month."""
        return sum((indicator.points for indicator in self.indicators), ZERO)


@dataclass(frozen=True)
class Card:
    """A unit's points through a month; every stage, indicator and item of the rubric.

    ``edition``: the one published whose ranking through the month holds as it is now, None before
    there is one (未定稿).
    """

    unit: str
    name: str
    category: str
    category_name: str
    through: Month
    stages: tuple[CardStage, ...]
    edition: Published | None = None

    @property
    def mark(self) -> str:
        """The edition that the points are published in with its code, or 未定稿."""
        return f"第 {self.edition.edition} 版 {self.edition.code}" if self.edition else DRAFT

    @property
    def points(self) -> Points:
        """Points through the month."""
        return sum((stage.points for stage in self.stages), ZERO)


@dataclass(frozen=True)
class Seen:
    """One observation of an item as it stands in the ledger; a withdrawn one doesn't count."""

    month: Month
    field: str
    kind: Kind
    value: Decimal
    note: str
    source: str
    by: str
    at: datetime
    withdrawn: bool


@dataclass(frozen=True)
class Posted:
    """One posting of an item."""

    month: Month
    points: Points
    origin: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class ItemHistory:
    """Everything observed and posted of one unit's item, oldest first."""

    observations: tuple[Seen, ...]
    postings: tuple[Posted, ...]


@act("viewer", own=own_unit)
def card(office: Office, unit: str, through: str = "") -> Card:
    """A unit's card through a month (the newest confirmed by default). Raises StateError."""
    ledger = office.ledger
    campaign = campaign_of(office)
    month = campaign.month(through) if through else campaign.newest
    found = ledger.rows("unit", unit=unit)
    if not found:
        raise no_such_unit(unit)
    code, name, category, *_ = found[0]
    first_month = {stage: first for stage, _, first, _ in campaign.stages}
    names = {known.id: known.name for known in campaign.categories}
    rows = ledger.rows("card", unit=unit, through=str(month), as_of=END_OF_TIME)
    stages = tuple(
        CardStage(
            id=id,
            name=stage_name,
            begun=first_month[id] <= month,
            indicators=_indicators(list(group)),
        )
        for (id, stage_name), group in groupby(rows, key=lambda row: (row[0], row[1]))
    )
    edition = edition_now(ledger, str(month))
    return Card(code, name, category, names[category], month, stages, edition)


def _indicators(rows: Sequence[tuple[str, ...]]) -> tuple[CardIndicator, ...]:
    return tuple(
        CardIndicator(
            id=id,
            name=name,
            kind=kind,
            nominal=Points(nominal),
            items=tuple(
                CardItem(item, label, clause, Points(worth), Points(points))
                for *_, item, label, clause, worth, points in group
            ),
        )
        for (id, name, nominal, kind), group in groupby(rows, key=lambda row: row[2:6])
    )


@act("viewer", own=own_unit)
def history(office: Office, unit: str, item: str) -> ItemHistory:
    """What was observed and posted of one item of a unit."""
    observations = office.ledger.rows("observations_of", unit=unit, item=item)
    postings = office.ledger.rows("postings_of", unit=unit, item=item)
    return ItemHistory(
        tuple(Seen(Month.parse(month), *rest) for month, _, *rest in observations),
        tuple(Posted(Month.parse(month), *rest) for month, *rest in postings),
    )
