"""What follows from closing a stage or the campaign 结果应用 (SPEC 5, method 四)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office.acts import act
from gsjx_tui.office.home import Office
from gsjx_tui.office.rank import Added, campaign_facts, ranking, scope_of
from gsjx_tui.rubric.outcome import (
    Outcome,
    Standing,
    final_outcomes,
    grade_outcomes,
    stage_outcomes,
)


@dataclass(frozen=True)
class Closing:
    """The consequences of a closed stage (or the campaign) and the ranking they follow from."""

    title: str
    standings: tuple[Standing, ...]
    outcomes: tuple[Outcome, ...]


@act("viewer")
def outcomes(office: Office, stage: str = "") -> Closing:
    """The consequences of a stage, or of the whole campaign.

    Raises StateError unless every unit that takes part is confirmed through its last month.
    """
    campaign = campaign_facts(office.ledger)
    if stage:
        _, name, first, last = campaign.stage(stage)
        title = f"{name}阶段"
    else:
        first, last, title = campaign.first, campaign.last, campaign.name
    _check_confirmed(office, title, first, last)
    standings = standings_of(office, str(last), stage)
    found = follows(office, standings, stage)
    if not stage:
        found += grade_outcomes(standings, office.rubric.campaign.grades)
    return Closing(title, tuple(standings), tuple(found))


def follows(office: Office, standings: Sequence[Standing], stage: str = "") -> list[Outcome]:
    """What is to be done for units that stand so: by the rules, and by the plugins' say."""
    found = stage_outcomes(standings) if stage else final_outcomes(standings, office.settings)
    return [*found, *office.plugins.outcomes(stage or None, standings)]


def _check_confirmed(office: Office, title: str, first: Month, last: Month) -> None:
    left = office.ledger.rows("unconfirmed", first=str(first), through=str(last))
    if left:
        units = "、".join(f"{code} {name}" for code, name, _ in left[:10])
        more = f" 等 {len(left)} 个单位" if len(left) > 10 else ""
        raise StateError(
            Fault(
                title,
                f"还不能结算，{units}{more}没有核定到 {last}",
                "先逐月核定：gsjx confirm 月份",
            )
        )


def standings_of(
    office: Office, through: str, stage: str = "", added: Added = ()
) -> Sequence[Standing]:
    """Every unit's place in a stage (or so far) through a month, ``added`` points counted too."""
    scope = scope_of(campaign_facts(office.ledger), through, stage)
    facts = {code: rest for code, *rest in office.ledger.rows("standings")}
    return [
        Standing(
            category=row.category,
            rank=row.rank,
            unit=row.unit,
            name=row.name,
            superior=facts[row.unit][0],
            superior_letter=facts[row.unit][1],
            points=row.points,
        )
        for row in ranking(office.ledger, scope, added=added)
    ]
