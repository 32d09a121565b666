"""Reliability of claims 自评可信度: what the office found where units had claimed (三（二）)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from gsjx_tui.domain import Month
from gsjx_tui.office.acts import act
from gsjx_tui.office.home import Office
from gsjx_tui.office.rank import campaign_facts


@dataclass(frozen=True)
class Reliability:
    """What became of the claims of one unit, item or month (``key``).

    ``claims`` are cells claimed; of those ``verified`` were verified, ``cut`` found lower,
    ``raised`` higher. ``difference``: verified less claimed over an item's verified claims, in the
    item's own measure; None for units and months, which mix points, pieces and percents.
    ``cut_percent``: the mean part cut of a verified claim, 0 to 100; None if none is verified.
    """

    key: str
    name: str
    claims: int
    verified: int
    cut: int
    raised: int
    claimed: Decimal | None
    found: Decimal | None
    cut_percent: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """Verified less claimed."""
        if self.claimed is None or self.found is None:
            return None
        return self.found - self.claimed


@dataclass(frozen=True)
class Reliabilities:
    """The same claims seen by unit, by item and by month, through a month."""

    through: Month
    units: tuple[Reliability, ...]
    items: tuple[Reliability, ...]
    months: tuple[Reliability, ...]


@act("viewer")
def reliability(office: Office, through: str = "") -> Reliabilities:
    """What became of the claims from the campaign's first month through one.

    By default through the newest month with verifications, the last if there are none. Units and
    items come most cut first. Raises StateError for a month outside the campaign.
    """
    campaign = campaign_facts(office.ledger)
    last = campaign.month(through) if through else campaign.last
    rows = office.ledger.rows("reliability", first=str(campaign.first), through=str(last))
    if not through:
        verified = [key for by, key, _, _, number, *_ in rows if by == "month" and number]
        return reliability(office, max(verified)) if verified else _found(last, rows)
    return _found(last, rows)


def _found(last: Month, rows: Sequence[tuple[Any, ...]]) -> Reliabilities:
    found: dict[str, list[Reliability]] = {"unit": [], "item": [], "month": []}
    for by, *told, share in rows:
        found[by].append(Reliability(*(*told, _percent(share))))
    return Reliabilities(
        last, _most_cut_first(found["unit"]), _most_cut_first(found["item"]), tuple(found["month"])
    )


def _percent(share: int | None) -> Decimal | None:
    """Ten thousandths as a percentage with one place."""
    if share is None:
        return None
    return (Decimal(share) / 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _most_cut_first(rows: Sequence[Reliability]) -> tuple[Reliability, ...]:
    return tuple(sorted(rows, key=lambda row: (row.cut_percent is None, -(row.cut_percent or 0))))
