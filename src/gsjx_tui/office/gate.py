"""What stands in the way of publishing 发布前核查: all of it, each with where and how to go on."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault
from gsjx_tui.office.draw import coverage, open_cells
from gsjx_tui.office.home import Office
from gsjx_tui.office.objections import open_objections
from gsjx_tui.rubric.model import Item


def in_the_way(office: Office, first: Month, through: Month, drawn_from: Month) -> list[Fault]:
    """Everything that forbids publishing the months ``first``..``through``.

    Units not confirmed, open objections, claims of extra points that nobody verified, and for the
    months from ``drawn_from`` on spot checks that weren't drawn or weren't made.
    """
    return [
        *unconfirmed_in_the_way(office, first, through),
        *objections_in_the_way(office, first, through),
        *_bonus_claims(office, first, through),
        *_checks(office, drawn_from, through),
    ]


def is_bonus(item: Item, field: str, value: Decimal) -> bool:
    """Whether such a claim asks for extra points: counted things that add, pieces over a target."""
    weight = getattr(item.params, "weights", {}).get(field)
    if weight is not None:
        return bool(weight > 0 and value > 0)
    target = getattr(item.params, "target", None)
    return target is not None and value > target


def unconfirmed_in_the_way(office: Office, first: Month, through: Month) -> Iterator[Fault]:
    """Units that are not confirmed through their last month."""
    for code, name, month in office.ledger.rows(
        "unconfirmed", first=str(first), through=str(through)
    ):
        yield Fault(f"{code} {name}", f"没有核定到 {month}", f"gsjx confirm {month} --unit {code}")


def objections_in_the_way(office: Office, first: Month, through: Month) -> Iterator[Fault]:
    """Objections that are not settled."""
    for number, unit, month in open_objections(office.ledger, first, through):
        name = office.unit(unit).name
        yield Fault(
            f"{unit} {name}", f"{month} 的申诉第 {number} 号没有办结", "先作出决定：gsjx objections"
        )


def _bonus_claims(office: Office, first: Month, through: Month) -> Iterator[Fault]:
    if office.settings.unverified_claims == "reject":
        return  # they count for nothing
    rows = office.ledger.rows("unverified_claims", first=str(first), through=str(through))
    items = office.rubric.items
    for unit, name, month, id, label, field, value in rows:
        item = items.get(id)
        if item is not None and is_bonus(item, field, value):
            yield Fault(
                f"{unit} {name} {month}",
                f"{label}自评 {value:f} 会加分，没有复核",
                f"凭材料复核 {id}；该月已核定的用 gsjx correct",
            )


def _checks(office: Office, first: Month, through: Month) -> Iterator[Fault]:
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
    else:
        for unit in found.missing:
            yield Fault(
                f"{unit.unit} {unit.name}",
                f"{stage.name}阶段没有抽查过",
                f"补抽：gsjx draw {through}",
            )
    for cell in open_cells(office.ledger, first, through):
        yield Fault(
            f"{cell.unit} {cell.name} {cell.month}",
            f"抽中的 {cell.label}（{cell.item}）没有复核",
            "复核后再发布；该月已核定的用 gsjx correct",
        )
