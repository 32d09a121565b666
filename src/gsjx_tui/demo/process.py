"""From spot check to consequence in the demo: its first stage goes the whole way to its cases.

Draws with results, an objection that is upheld, a month published and published anew with an
erratum, the stage published, its cases seen through; and ballots where an item is rated by them.
Everything is done by the acts of the office and follows from the seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from hashlib import sha256
from random import Random

from gsjx_tui.demo.synthesis import claims, nature, verifications
from gsjx_tui.domain import Month, Unit
from gsjx_tui.office.ballots import Ballot, BallotFile, count_ballots
from gsjx_tui.office.case_step import StepDraft, take_step
from gsjx_tui.office.cases import Case, case, cases
from gsjx_tui.office.draw import draw
from gsjx_tui.office.figures import ScopeKind
from gsjx_tui.office.gate import is_bonus
from gsjx_tui.office.home import Office
from gsjx_tui.office.objecting import decide_objection, file_objection, take_objection
from gsjx_tui.office.publish import draft, publish
from gsjx_tui.rubric.ballots import GROUPS
from gsjx_tui.rubric.model import Item, Observation, Stage

CLERK, REVIEWER, LEAD = "clerk01", "fuhe02", "lead01"
"""Who does what: logins, as a system gives them."""

_ITEMS = 2
"""How many items of a drawn unit are checked."""
_RATED, _VOTES = 8, 3
"""How many units are rated by ballots, and how many ballots a group casts."""

Cell = tuple[str, str]


def checked(
    office: Office, seed: int, stage: Stage, month: Month, seen: Sequence[Observation]
) -> Iterator[Observation]:
    """Draws the month, and verifies what was drawn and every claim of extra points."""
    done = {(one.unit, one.item, one.field) for one in seen if one.kind == "verify"}
    claimed = [
        one for one in seen if one.kind == "claim" and (one.unit, one.item, one.field) not in done
    ]
    items = {item.id: item for item in stage.items}
    drawn = _drawn(office, seed, stage, month)
    units = {unit.code: unit for unit in office.units}
    for one in claimed:
        if (one.unit, one.item) in drawn or is_bonus(items[one.item], one.field, one.value):
            yield from verifications(seed, units[one.unit], stage, [one])
    recorded = {(one.unit, one.item) for one in seen}
    for code, id in drawn:
        if (code, id) not in recorded:
            yield from _found_unclaimed(seed, units[code], stage, items[id], month)


def _drawn(office: Office, seed: int, stage: Stage, month: Month) -> dict[Cell, None]:
    """What was drawn, in the order drawn; nothing where no item can be."""
    there = sum(month in item.months and not item.office for item in stage.items)
    if not there:
        return {}
    by = office.acting(REVIEWER)
    found = draw(by, month, items=min(_ITEMS, there), seed=f"{seed}-{month}")
    return {(one.unit, one.item): None for one in found.drawn}


def _found_unclaimed(
    seed: int, unit: Unit, stage: Stage, item: Item, month: Month
) -> Iterator[Observation]:
    """What a check finds where nothing is claimed: what an earlier month left, else nothing."""
    known = dict.fromkeys((field.name for field in item.fields), Decimal(0))
    if item.rule_name in ("graded", "threshold"):
        for before in stage.months_through(month):
            if unit.takes_part(before):
                mine = [one for one in claims(seed, unit, stage, before) if one.item == item.id]
                known |= {one.field: one.value for one in verifications(seed, unit, stage, mine)}
    for field, value in known.items():
        yield Observation(unit.code, month, item.id, field, "verify", value, "抽查现场核对")


def rated(office: Office, seed: int, stage: Stage, month: Month) -> None:
    """Counts the ballots of some units, where one item of the month is the office's to grade."""
    own = [
        item
        for item in stage.items
        if month in item.months and item.rule_name == "graded" and item.office
    ]
    if len(own) != 1:
        return
    chance = Random(f"{seed}/{month}/ballots")
    units = [unit for unit in office.units if unit.takes_part(month)]
    ballots = [
        Ballot(unit.code, group, _score(chance, seed, unit), 0)
        for unit in chance.sample(units, min(_RATED, len(units)))
        for group in GROUPS
        for _ in range(_VOTES)
    ]
    digest = sha256(repr(ballots).encode()).hexdigest()
    file = BallotFile(f"评议票-{month}.xlsx", digest, tuple(ballots))
    count_ballots(office.acting(REVIEWER), month, file, own[0].id)


def _score(chance: Random, seed: int, unit: Unit) -> Decimal:
    quality = nature(seed, unit).quality
    return Decimal(max(60, min(100, round(100 * chance.gauss(quality, 0.04)))))


def published(office: Office, scope: ScopeKind, which: str, note: str = "") -> bool:
    """Publishes a ranking if nothing stands in the way; whether it did."""
    lead = office.acting(LEAD)
    ready = not draft(lead, scope, which).blocked
    if ready:
        publish(lead, scope, which, note)
    return ready


def objected(office: Office, seen: Sequence[Observation], month: Month) -> None:
    """An objection to a claim that was cut, upheld with what was claimed."""
    claimed = {(one.unit, one.item, one.field): one for one in seen if one.kind == "claim"}
    cut = [
        claimed[cell]
        for one in seen
        if one.kind == "verify" and one.field == "points"
        for cell in [(one.unit, one.item, one.field)]
        if cell in claimed and one.value < claimed[cell].value
    ]
    if not cut:
        return
    one = cut[0]
    number = file_objection(
        office.acting(CLERK),
        one.unit,
        str(month),
        one.item,
        "佐证材料已补齐，请复核",
        f"{month.plus(1)}-10",
    ).number
    take_objection(office.acting(REVIEWER), number)
    decide_objection(
        office.acting(LEAD),
        number,
        "upheld",
        "补交的材料经核对属实",
        {one.field: f"{one.value:f}"},
    )


def followed(office: Office, month: Month) -> None:
    """Sees the cases of a published stage through: one to its end, one to the talks."""
    lead = office.acting(LEAD)
    after = month.plus(1)
    for number, found in enumerate(cases(lead)[:2]):
        found = _decided(lead, found, f"{after}-02")
        steps = [
            StepDraft("notice", "", f"{after}-05", "", "整改通知已送达", f"{after}-28"),
            StepDraft("talk", "principal", f"{after}-08", "单位主要负责人", "谈话记录 1 份"),
            StepDraft("talk", "leader", f"{after}-08", "单位分管领导", "谈话记录 1 份"),
        ]
        if number == 0:
            steps += [
                StepDraft("measures", "", f"{after}-12", "", "整改方案 5 条"),
                StepDraft("proof", "", f"{after}-26", "", "整改佐证 12 页，现场查看属实"),
                StepDraft("closed", "", f"{after}-27", "", "逐条完成"),
            ]
        for step in steps:
            take_step(lead, found.number, step)


def _decided(lead: Office, found: Case, day: str) -> Case:
    """The case, named by the leading group where it is one of a tie."""
    if found.status == "waiting":
        step = StepDraft("decided", "named", day, "领导小组会议", "会议纪要 1 份")
        take_step(lead, found.number, step)
    return case(lead, found.number)
