"""Everything that can be looked for by name: units and items with their pinyin initials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from gsjx_tui.office.home import Office


@dataclass(frozen=True)
class Named:
    """A unit (``id`` its code) or an item of the rubric."""

    kind: Literal["unit", "item"]
    id: str
    name: str
    initials: str


def named(office: Office) -> tuple[Named, ...]:
    """All units and items in force."""
    return tuple(Named(*row) for row in office.ledger.rows("names"))
