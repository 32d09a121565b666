"""The ledger's reference data: campaign, rubric and roster as they are in force, in editions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gsjx_tui.domain import Unit
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.office.names import UNITS, current_user

if TYPE_CHECKING:
    from gsjx_tui.plugins.manager import Loaded


def check_still_fits(ledger: Ledger, roster: Sequence[Unit]) -> None:
    """A unit with records must stay, and its months must still hold them (SPEC 7.7)."""
    units = {unit.code: unit for unit in roster}
    faults = []
    for code, name, since, first, last, confirmed in ledger.rows("recorded_units"):
        unit = units.get(code)
        if unit is None:
            faults.append(
                Fault(UNITS, f"缺少已有记录的单位 {code} {name}", "恢复该行；撤并的填截止月份")
            )
        elif confirmed and str(unit.since or "0000-00") != since:
            faults.append(
                Fault(
                    UNITS, f"{code} {name} 已有核定的月份，起始月份不能再改", "恢复原来的起始月份"
                )
            )
        elif str(unit.since or "0000-00") > first or str(unit.through or "9999-99") < last:
            faults.append(
                Fault(UNITS, f"{code} {name} 在 {first} 至 {last} 已有记录", "起止月份须包含它们")
            )
    if faults:
        raise StateError.of(faults)


def adopt(ledger: Ledger, loaded: Loaded, roster: Sequence[Unit], files_digest: str) -> None:
    """Writes campaign, rubric and roster as a new edition of the ledger's reference data."""
    rubric, campaign = loaded.rubric, loaded.rubric.campaign
    known = ledger.rows("editions")
    edition = known[0][0] + 1 if known else 1
    from gsjx_tui.office.roster import initials_of

    initials = initials_of([unit.name for unit in roster])
    item_initials = initials_of([item.label for item in rubric.items.values()])
    with ledger.act() as now:
        ledger.append_reference(
            "edition",
            [
                {
                    "edition": edition,
                    "campaign": campaign.id,
                    "name": campaign.name,
                    "points": campaign.points,
                    "files_digest": files_digest,
                    "rubric_digest": loaded.digest,
                    "final_scope": campaign.settings.final_scope,
                    "award_places": campaign.settings.award_places,
                    "adopted_by": current_user(),
                    "adopted_at": now,
                }
            ],
        )
        ledger.append_reference(
            "category_edition",
            [
                {
                    "edition": edition,
                    "position": position,
                    "id": category.id,
                    "name": category.name,
                    "superior_letter": category.superior_letter,
                }
                for position, category in enumerate(campaign.categories, 1)
            ],
        )
        ledger.append_reference(
            "stage_edition",
            [
                {
                    "edition": edition,
                    "position": position,
                    "id": stage.id,
                    "name": stage.name,
                    "points": stage.points,
                    "first_month": str(stage.months[0]),
                    "last_month": str(stage.months[-1]),
                }
                for position, stage in enumerate(rubric.stages, 1)
            ],
        )
        indicators = [(stage, ind) for stage in rubric.stages for ind in stage.indicators]
        ledger.append_reference(
            "indicator_edition",
            [
                {
                    "edition": edition,
                    "position": position,
                    "id": indicator.id,
                    "stage": stage.id,
                    "kind": indicator.kind,
                    "name": indicator.name,
                    "points": indicator.points,
                }
                for position, (stage, indicator) in enumerate(indicators, 1)
            ],
        )
        ledger.append_reference(
            "item_edition",
            [
                {
                    "edition": edition,
                    "position": position,
                    "id": item.id,
                    "indicator": item.indicator,
                    "stage": item.stage,
                    "label": item.label,
                    "rule": item.rule_name,
                    "points": item.nominal,
                    "office": item.office,
                    "clause": item.clause,
                }
                for position, item in enumerate(rubric.items.values(), 1)
            ],
        )
        ledger.append_reference(
            "item_initials_edition",
            [
                {"edition": edition, "item": item, "initials": letters}
                for item, letters in zip(rubric.items, item_initials, strict=True)
            ],
        )
        ledger.append_reference(
            "unit_edition",
            [
                {
                    "edition": edition,
                    "position": position,
                    "code": unit.code,
                    "name": unit.name,
                    "initials": letters,
                    "category": unit.category,
                    "superior": unit.superior,
                    "from_month": str(unit.since or "0000-00"),
                    "through_month": str(unit.through or "9999-99"),
                }
                for position, (unit, letters) in enumerate(zip(roster, initials, strict=True), 1)
            ],
        )
