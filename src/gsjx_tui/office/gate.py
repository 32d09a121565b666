"""What stands in the way of publishing 发布前核查: all of it by kind, with how to go on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault
from gsjx_tui.office.draw import coverage, open_cells
from gsjx_tui.office.home import Office
from gsjx_tui.office.objections import open_objections
from gsjx_tui.rubric.model import Item

FIRST = 3
"""How many obstacles of a kind are named where there is no room for all."""


@dataclass(frozen=True)
class Obstacles:
    """What of one kind stands in the way: ``kind`` names it, ``remedy`` says what to do."""

    kind: str
    remedy: str
    faults: tuple[Fault, ...]

    @property
    def told(self) -> Fault:
        """In one line: how many there are, the first of them, what to do."""
        named = "、".join(fault.where for fault in self.faults[:FIRST])
        more = "等" if len(self.faults) > FIRST else ""
        return Fault(f"{self.kind} {len(self.faults)} 件", f"{named}{more}", self.remedy)


def in_the_way(
    office: Office, first: Month, through: Month, drawn_from: Month
) -> tuple[Obstacles, ...]:
    """Everything that forbids publishing the months ``first``..``through``, by kind.

    Units not confirmed, open objections, claims of extra points that nobody verified, and for the
    months from ``drawn_from`` on spot checks that weren't drawn or weren't made.
    """
    asked = office, first, through
    found = (
        unconfirmed(*asked),
        unsettled(*asked),
        Obstacles(
            "加分的自评没有复核",
            "凭材料逐项复核；该月已核定的用 gsjx correct",
            tuple(_bonus_claims(*asked)),
        ),
        Obstacles(
            "没有抽查", f"补抽：gsjx draw {through}", tuple(_undrawn(office, drawn_from, through))
        ),
        Obstacles(
            "抽中的没有复核",
            "逐项复核；该月已核定的用 gsjx correct",
            tuple(_unchecked(office, drawn_from, through)),
        ),
    )
    return tuple(one for one in found if one.faults)


def unconfirmed(office: Office, first: Month, through: Month) -> Obstacles:
    """Units that are not confirmed through their last month of these."""
    found = tuple(_unconfirmed(office, first, through))
    return Obstacles("没有核定", "逐月核定：gsjx confirm 月份", found)


def unsettled(office: Office, first: Month, through: Month) -> Obstacles:
    """Objections to these months that are not decided."""
    found = tuple(_objections(office, first, through))
    return Obstacles("申诉没有办结", "先作出决定：gsjx objections", found)


def is_bonus(item: Item, field: str, value: Decimal) -> bool:
    """Whether such a claim asks for extra points: counted things that add, pieces over a target."""
    weight = getattr(item.params, "weights", {}).get(field)
    if weight is not None:
        return bool(weight > 0 and value > 0)
    target = getattr(item.params, "target", None)
    return target is not None and value > target


def _unconfirmed(office: Office, first: Month, through: Month) -> Iterator[Fault]:
    for code, name, month in office.ledger.rows(
        "unconfirmed", first=str(first), through=str(through)
    ):
        yield Fault(f"{code} {name}", f"没有核定到 {month}", f"gsjx confirm {month} --unit {code}")


def _objections(office: Office, first: Month, through: Month) -> Iterator[Fault]:
    for number, unit, month in open_objections(office.ledger, first, through):
        name = office.unit(unit).name
        yield Fault(
            f"{unit} {name}", f"{month} 的申诉第 {number} 号没有办结", "先作出决定：gsjx objections"
        )


def _bonus_claims(office: Office, first: Month, through: Month) -> Iterator[Fault]:
    if office.settings.unverified_claims == "reject":
        return  # they count for nothing
    rows = office.ledger.rows("unverified_claims", first=str(first), through=str(through))
    for (unit, name, month, id, label), cells in groupby(rows, key=lambda row: row[:5]):
        item = office.rubric.items.get(id)
        extra = [
            (field, value)
            for *_, field, value in cells
            if item is not None and is_bonus(item, field, value)
        ]
        if item is not None and extra:
            yield Fault(
                f"{unit} {name} {month} {label}",
                f"自评{_claimed(item, extra)}会加分，没有复核",
                f"凭材料复核 {id}；该月已核定的用 gsjx correct",
            )


def _claimed(item: Item, cells: Sequence[tuple[str, Decimal]]) -> str:
    """The claims of an item in words: its fields by name, unless it has but one."""
    if len(item.fields) == 1:
        return f" {cells[0][1]:f} "
    labels = {field.name: field.label for field in item.fields}
    return "、".join(f"{labels[field]} {value:f}" for field, value in cells) + " "


def _undrawn(office: Office, first: Month, through: Month) -> Iterator[Fault]:
    found = coverage(office, through)
    stage = office.rubric.stage_of(through)
    assert stage is not None
    if first == through:  # a month on its own: what the stage needs of it
        if found.needed:
            yield Fault(
                f"{through} 抽查",
                f"还要抽 {found.needed} 个单位，本阶段才能都抽到",
                f"gsjx draw {through}",
            )
        return
    for unit in found.missing:
        yield Fault(
            f"{unit.unit} {unit.name}",
            f"{stage.name}阶段没有抽查过",
            f"补抽：gsjx draw {through}",
        )


def _unchecked(office: Office, first: Month, through: Month) -> Iterator[Fault]:
    for cell in open_cells(office.ledger, first, through):
        yield Fault(
            f"{cell.unit} {cell.name} {cell.month} {cell.label}",
            "抽中的要点没有复核",
            f"复核 {cell.item} 后再发布；该月已核定的用 gsjx correct",
        )
