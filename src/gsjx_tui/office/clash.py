"""Two people at one cell: the second sees the first one's value before it is replaced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from gsjx_tui.domain import Kind, Month
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office import check
from gsjx_tui.office.home import Office
from gsjx_tui.rubric.model import Observation


@dataclass(frozen=True)
class Clash:
    """A cell that somebody else changed meanwhile: what it holds now, who wrote it, when (UTC).

    ``value`` and ``at`` are None for a cell that was emptied.
    """

    unit: str
    month: Month
    item: str
    field: str
    kind: Kind
    value: Decimal | None
    by: str
    at: datetime | None
    note: str


class Clashed(StateError):
    """Cells hold something else than what the person saw; nothing was recorded."""

    carried: ClassVar[Mapping[str, Any]] = {"clashes": tuple[Clash, ...]}

    def __init__(self, faults: Sequence[Fault], clashes: tuple[Clash, ...]) -> None:
        self.clashes = clashes
        super().__init__(*faults)


def check_seen(
    office: Office, observations: Sequence[Observation], seen: Sequence[datetime | None]
) -> None:
    """Whether each cell still holds what the person saw. Raises Clashed.

    ``seen`` has the instant of the value that was seen in the cell of each observation, None for
    an empty one. What the person wrote oneself since clashes with nothing, nor does a cell that
    holds the new value already.
    """
    clashes = []
    for observation, instant in zip(observations, seen, strict=True):
        now = _newest(office, observation)
        if now is None:
            if instant is not None:
                clashes.append(_emptied(observation))
        elif now.at != instant and now.by != office.who and now.value != observation.value:
            clashes.append(now)
    if clashes:
        raise Clashed([_fault(office, clash) for clash in clashes], tuple(clashes))


def _newest(office: Office, seen: Observation) -> Clash | None:
    rows = office.ledger.rows(
        "newest_cell",
        unit=seen.unit,
        month=str(seen.month),
        item=seen.item,
        field=seen.field,
        kind=seen.kind,
    )
    if not rows:
        return None
    value, note, by, at = rows[0]
    return Clash(seen.unit, seen.month, seen.item, seen.field, seen.kind, value, by, at, note)


def _emptied(seen: Observation) -> Clash:
    return Clash(seen.unit, seen.month, seen.item, seen.field, seen.kind, None, "", None, "")


def _fault(office: Office, clash: Clash) -> Fault:
    label = office.rubric.items[clash.item].label
    where = f"{office.unit(clash.unit).name} {label}"
    kind = check.KIND_NAMES[clash.kind]
    if clash.value is None or clash.at is None:
        return Fault(where, f"{kind}刚被别人清空", "再保存一次即按您的值记录")
    what = f"{clash.by} 于 {check.local(clash.at)} 把{kind}写成了 {check.short(clash.value)}"
    return Fault(where, what, "再保存一次即改为您的值，不保存则保留对方的")
