"""What another rubric makes of confirmed months: the postings that would then be owed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gsjx_tui.domain import ZERO, Month, Points, Unit
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office.facts import cells_of_stage, confirmations, no_cells
from gsjx_tui.rubric.score import effective, owed, to_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gsjx_tui.ledger.ledger import Ledger
    from gsjx_tui.plugins.manager import Loaded


@dataclass(frozen=True)
class Difference:
    """Points to be posted for a unit's item in a confirmed month; ``label`` of an item that is
    gone is empty.
    """

    unit: str
    month: Month
    item: str
    label: str
    points: Points


def rescored(ledger: Ledger, loaded: Loaded, roster: Sequence[Unit]) -> list[Difference]:
    """What must be posted so that every confirmed month stands as the rubric has it (SPEC 4).

    Items that the rubric no longer has are taken back. Raises StateError if confirmed months are
    in none of its stages or a plugin of theirs is off.
    """
    done = confirmations(ledger)
    _check_months(loaded, {month for months in done.values() for month in months})
    adjust = loaded.plugins.adjust if loaded.plugins.scores else None
    settings = loaded.rubric.campaign.settings
    differences: list[Difference] = []
    posted = _posted(ledger, loaded)
    for stage in loaded.rubric.stages:
        cells = cells_of_stage(ledger, stage)
        for unit in roster:
            months = [month for month in stage.months if month in done.get(unit.code, {})]
            by_month = posted.get(unit.code, {})
            values = effective(cells.get(unit.code, no_cells()), settings)
            standing: dict[str, Points] = {}
            for month in months:
                for item, points in by_month.get(month, {}).items():
                    standing[item] = standing.get(item, ZERO) + points
                worth = to_date(stage, unit, values, month, adjust)
                for item in standing.keys() - worth.keys():
                    worth[item] = ZERO
                for item, points in owed(worth, standing).items():
                    standing[item] = standing.get(item, ZERO) + points
                    known = loaded.rubric.items.get(item)
                    label = known.label if known else ""
                    differences.append(Difference(unit.code, month, item, label, points))
        off = loaded.plugins.blocking(stage.id)
        if off:
            raise StateError.of(off)
    return differences


def _posted(ledger: Ledger, loaded: Loaded) -> dict[str, dict[Month, dict[str, Points]]]:
    """Points posted by unit, month and item, of all months."""
    months = {str(month): month for month in loaded.rubric.months}
    found: dict[str, dict[Month, dict[str, Points]]] = {}
    rows = ledger.rows("posted", first=min(months), through=max(months), unit="")
    for code, item, month, points in rows:
        found.setdefault(code, {}).setdefault(months[month], {})[item] = points
    return found


def _check_months(loaded: Loaded, confirmed: set[Month]) -> None:
    lost = sorted(month for month in confirmed if loaded.rubric.stage_of(month) is None)
    if lost:
        raise StateError(
            Fault(
                "、".join(map(str, lost)),
                "已有核定，而改动后的评分表里没有这些月份",
                "恢复阶段的月份，已核定的月份不能去掉",
            )
        )


def as_postings(
    differences: Sequence[Difference], reason: str, who: str, now: object
) -> Iterator[tuple[object, ...]]:
    """The differences as rows of the chain of postings."""
    for found in differences:
        month = str(found.month)
        yield found.unit, month, found.item, found.points, "correct", reason, who, now
