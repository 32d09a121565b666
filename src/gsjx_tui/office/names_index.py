"""Everything that can be looked for by name: units and items with their pinyin initials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gsjx_tui.office.acts import act, narrowed

if TYPE_CHECKING:
    from gsjx_tui.office.home import Office


@dataclass(frozen=True)
class Named:
    """A unit (``id`` its code) or an item of the rubric."""

    kind: Literal["unit", "item"]
    id: str
    name: str
    initials: str


@act("viewer", own=narrowed)
def named(office: Office) -> tuple[Named, ...]:
    """All items in force, and the units that the person may see."""
    person = office.person
    found = (Named(*row) for row in office.ledger.rows("names"))
    return tuple(name for name in found if name.kind == "item" or person.sees(name.id))
