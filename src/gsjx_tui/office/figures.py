"""The figures of a published edition: as they are now, as they are kept, and what differs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from gsjx_tui.documents.check_code import Figures, canonical
from gsjx_tui.domain import Month, Points
from gsjx_tui.office.rank import Added, campaign_facts, ranking, scope_of

if TYPE_CHECKING:
    from gsjx_tui.ledger.ledger import Ledger

ScopeKind = Literal["month", "stage", "campaign"]
"""What is published: the ranking to date through a month, of one stage, or the final one."""

_PAPER = "ranking"


@dataclass(frozen=True)
class PublishedRow:
    """A unit's row as it was published; what there was a month earlier is None in the first."""

    category: str
    category_name: str
    rank: int
    unit: str
    name: str
    superior: str
    points: Points
    previous_rank: int | None
    previous_points: Points | None
    moved: int | None
    gap: Points | None


@dataclass(frozen=True)
class Erratum:
    """A unit whose figures are others than before; None where it wasn't or isn't ranked."""

    category: str
    unit: str
    name: str
    rank_before: int | None
    rank_after: int | None
    points_before: Points | None
    points_after: Points | None


@dataclass(frozen=True)
class Published:
    """An edition without its rows: ``number`` is its own in the ledger, ``edition`` that within
    its scope, ``code`` what is printed to find it by.
    """

    number: int
    scope: ScopeKind
    first: Month
    month: Month
    stage: str
    edition: int
    title: str
    note: str
    sha256: str
    code: str
    by: str
    at: datetime

    @property
    def called(self) -> str:
        """Title and edition."""
        return f"{self.title}第 {self.edition} 版"

    @property
    def stamp(self) -> str:
        """What is printed on its figures: title, edition, check code."""
        return f"{self.called}，校验码 {self.code}"

    @property
    def cited(self) -> str:
        """Title, edition, and the number by which it is printed again."""
        return f"{self.called}（第 {self.number} 号）"


def rows_now(
    ledger: Ledger, scope: ScopeKind, month: Month, stage: str, added: Added = ()
) -> tuple[PublishedRow, ...]:
    """The rows that would be published now; ``added`` counts as if it were posted."""
    campaign = campaign_facts(ledger)
    names = {category.id: category.name for category in campaign.categories}
    superiors = {code: superior for code, superior, _ in ledger.rows("standings")}
    return tuple(
        PublishedRow(
            category=row.category,
            category_name=names[row.category],
            rank=row.rank,
            unit=row.unit,
            name=row.name,
            superior=superiors[row.unit],
            points=row.points,
            previous_rank=row.previous_rank,
            previous_points=row.previous_points,
            moved=row.moved,
            gap=row.gap,
        )
        for row in ranking(ledger, scope_of(campaign, str(month), stage), added=added)
    )


def figures_of(
    campaign: str,
    edition: int,
    scope: ScopeKind,
    stage: str,
    months: tuple[Month, Month],
    rows: Sequence[PublishedRow],
) -> Figures:
    """What an edition states, as it is hashed, kept and proved."""
    return Figures(
        paper=_PAPER,
        campaign=campaign,
        edition=edition,
        scope=(scope, stage, *map(str, months)),
        rows=[_cells(row) for row in rows],
    )


def _cells(row: PublishedRow) -> list[str]:
    return ["" if cell is None else str(cell) for cell in astuple(row)]


def text_of(figures: Figures) -> str:
    """The figures as the ledger keeps them."""
    return canonical(figures).decode()


def changed(before: Sequence[PublishedRow], after: Sequence[PublishedRow]) -> tuple[Erratum, ...]:
    """Each unit whose figures (or being there at all) differ, in the order of the ranking.

    Only what follows from others' figures, the gap to the place above, isn't looked at.
    """
    was, now = ({row.unit: row for row in rows} for rows in (before, after))
    errata = []
    for unit in dict.fromkeys([*now, *was]):
        old, new = was.get(unit), now.get(unit)
        if old and new and replace(old, gap=None) == replace(new, gap=None):
            continue
        row = new or old
        assert row is not None
        errata.append(
            Erratum(
                category=row.category,
                unit=unit,
                name=row.name,
                rank_before=old.rank if old else None,
                rank_after=new.rank if new else None,
                points_before=old.points if old else None,
                points_after=new.points if new else None,
            )
        )
    return tuple(errata)


def editions(
    ledger: Ledger, scope: ScopeKind, month: Month, stage: str
) -> list[tuple[Published, tuple[PublishedRow, ...]]]:
    """All editions of one scope, oldest first, with their rows."""
    return read(ledger, scope=scope, month=str(month), stage=stage)


def edition_now(ledger: Ledger, through: str, stage: str = "") -> Published | None:
    """The newest edition of a ranking if its figures are still the ledger's, else None (未定稿)."""
    scope = scope_of(campaign_facts(ledger), through, stage)
    kinds: Sequence[ScopeKind] = ("stage",) if stage else ("month", "campaign")
    for kind in kinds:
        found = editions(ledger, kind, scope.through, stage)
        if found and found[-1][1] == rows_now(ledger, kind, scope.through, stage):
            return found[-1][0]
    return None


def read(ledger: Ledger, **asked: Any) -> list[tuple[Published, tuple[PublishedRow, ...]]]:
    """Editions with their rows, oldest first; ``asked`` as in ``rows_of``."""
    return [_publication(row) for row in rows_of(ledger, **asked)]


def rows_of(
    ledger: Ledger,
    *,
    scope: str = "",
    month: str = "",
    stage: str = "",
    code: str = "",
    number: int = 0,
) -> list[tuple[Any, ...]]:
    """Rows of ``publications.sql`` by scope, month, stage, code or number; all of them without."""
    return ledger.rows(
        "publications", scope=scope, month=month, stage=stage, code=code, number=number
    )


def _publication(row: tuple[Any, ...]) -> tuple[Published, tuple[PublishedRow, ...]]:
    seq, scope, month, stage, edition, title, note, content, digest, code, by, at = row
    *_, (_, _, first, _), rows = json.loads(content)
    head = Published(
        number=seq,
        scope=scope,
        first=Month.parse(first),
        month=Month.parse(month),
        stage=stage,
        edition=edition,
        title=title,
        note=note,
        sha256=digest,
        code=code,
        by=by,
        at=at,
    )
    return head, tuple(_row(cells) for cells in rows)


def _row(cells: Sequence[str]) -> PublishedRow:
    category, called, rank, unit, name, superior, points, *rest = cells
    previous_rank, previous_points, moved, gap = rest
    return PublishedRow(
        category=category,
        category_name=called,
        rank=int(rank),
        unit=unit,
        name=name,
        superior=superior,
        points=Decimal(points),
        previous_rank=int(previous_rank) if previous_rank else None,
        previous_points=Decimal(previous_points) if previous_points else None,
        moved=int(moved) if moved else None,
        gap=Decimal(gap) if gap else None,
    )
