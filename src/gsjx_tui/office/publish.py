"""Publishing 发布: through the gate, into an edition that never changes (method 三（三）、四)."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from gsjx_tui.documents.check_code import canonical, check_code
from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.harmless import printable
from gsjx_tui.office.acts import act
from gsjx_tui.office.cases import open_cases
from gsjx_tui.office.figures import (
    Erratum,
    PublishedRow,
    ScopeKind,
    changed,
    editions,
    figures_of,
    rows_now,
    text_of,
)
from gsjx_tui.office.gate import Obstacles, in_the_way
from gsjx_tui.office.home import Office
from gsjx_tui.office.publications import Publication, publication
from gsjx_tui.office.rank import campaign_facts


@dataclass(frozen=True)
class Draft:
    """What publishing would publish 未定稿, and all that stands in the way, by kind.

    ``edition`` is the number it would have; ``errata`` what it would correct of the one before.
    """

    scope: ScopeKind
    stage: str
    first: Month
    through: Month
    title: str
    edition: int
    rows: tuple[PublishedRow, ...]
    errata: tuple[Erratum, ...]
    blocked: tuple[Obstacles, ...]

    @property
    def left(self) -> tuple[Fault, ...]:
        """Each thing that stands in the way."""
        return tuple(fault for obstacles in self.blocked for fault in obstacles.faults)

    @property
    def refusal(self) -> str:
        """That it can't be published, and how much stands in the way."""
        return f"{self.title}还不能发布，有 {len(self.left)} 件事未了："


@act("viewer")
def draft(office: Office, scope: ScopeKind, which: str = "") -> Draft:
    """What publishing would publish. ``which``: a month, a stage's id, nothing for the campaign.

    Raises StateError for a month or stage that doesn't exist.
    """
    campaign = campaign_facts(office.ledger)
    stage, first = "", campaign.first
    if scope == "stage":
        stage, name, first, through = campaign.stage(which)
        title, drawn_from = f"{name}阶段排名", first
    elif scope == "month":
        through = drawn_from = campaign.month(which)
        title = f"{through.chinese}累计排名"
    else:
        through, title = campaign.last, "最终排名"
        drawn_from = campaign.stages[-1][2]
    rows = rows_now(office.ledger, scope, through, stage)
    before = editions(office.ledger, scope, through, stage)
    blocked = in_the_way(office, first, through, drawn_from)
    errata: tuple[Erratum, ...] = ()
    if before:
        errata = changed(before[-1][1], rows)
        if rows == before[-1][1]:
            same = Fault(title, f"与第 {len(before)} 版完全相同", "有更正之后才需要发布新版")
            blocked += (Obstacles("没有变动", same.remedy, (same,)),)
    return Draft(scope, stage, first, through, title, len(before) + 1, rows, errata, blocked)


@act("lead", writes=True)
def publish(office: Office, scope: ScopeKind, which: str = "", note: str = "") -> Publication:
    """Publishes a ranking as the next edition of its scope, and opens the cases it gives rise to.

    Raises StateError with what stands in the way, counted by kind (``draft`` has all of it); then
    nothing is published.
    """
    found = draft(office, scope, which)
    if found.blocked:
        told = (obstacles.told for obstacles in found.blocked)
        raise StateError.of(told, heading=found.refusal)
    figures = figures_of(
        office.rubric.campaign.id,
        found.edition,
        scope,
        found.stage,
        (found.first, found.through),
        found.rows,
    )
    content = canonical(figures)
    row = (
        found.title,
        str(found.through),
        scope,
        found.stage,
        found.edition,
        printable(note).strip(),
        text_of(figures),
        sha256(content).hexdigest(),
        check_code(content),
    )
    with office.ledger.act() as now:
        office.ledger.append("publication", [(*row, office.who, now)])
        number = office.ledger.head("publication").seq
        open_cases(office, number, now)
    return publication(office, number)
