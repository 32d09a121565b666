"""Thirteen months of an office's work on made-up observations, by the program's own functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from gsjx_tui.demo import process
from gsjx_tui.demo.synthesis import claims, office_sightings, verifications
from gsjx_tui.domain import Month, Unit
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.correct import correct
from gsjx_tui.office.event_draft import EventDraft
from gsjx_tui.office.events import event_kinds
from gsjx_tui.office.home import Office
from gsjx_tui.office.record import record
from gsjx_tui.office.register import register
from gsjx_tui.office.review import return_to_unit
from gsjx_tui.rubric.model import Observation, Stage

_SHARE_CHECKED = 0.35
"""The office checks claims by sample: this share of the units a month."""

_CORRECTIONS = 2
"""How many corrections follow the end of a stage."""

_EVENTS = 2
"""How many events are registered a month."""

_ORIGINS = ("县委通报", "督查", "来信来访", "上级采用")

_RETURNED = ("佐证材料没有盖章，请补报", "简报只见一篇，请补齐后重报")
"""Why months are sent back to units."""

_REASONS = ("复查发现材料日期不符", "部分材料与上年重复", "核对台账后核减")


@dataclass(frozen=True)
class Work:
    """How far the office got with a unit's month."""

    reported: bool
    checked: bool
    confirmed: bool


@dataclass(frozen=True)
class MonthDone:
    """What was done for a month, the ``number``-th of ``total``, for showing progress."""

    number: int
    total: int
    month: Month
    observations: int
    confirmed: int
    postings: int


def fill(
    office: Office,
    seed: int,
    months: Sequence[Month] = (),
    progress: Callable[[MonthDone], None] = lambda done: None,
    *,
    whole_process: bool = False,
) -> None:
    """Records, confirms and corrects month by month: the whole campaign, or its first months.

    In the last month half of the units stay open: some without a report, some reported, of which
    is sent back, some checked. With ``whole_process`` the first stage is drawn, published and seen
    through to its cases (``demo.process``), and where units are rated, ballots are counted.
    """
    months = months or office.rubric.months
    first = office.rubric.stages[0]
    followed = first if whole_process and first.months[-1] < months[-1] else None
    opening: Sequence[Observation] = ()
    for number, month in enumerate(months, 1):
        stage = office.rubric.stage_of(month)
        assert stage is not None
        last = month == months[-1]
        work = _work(seed, [u for u in office.units if u.takes_part(month)], month, last)
        seen = list(_observations(seed, stage, month, work))
        if stage == followed:
            seen += process.checked(office, seed, stage, month, seen)
        record(office, seen)
        if whole_process and month == stage.months[-1] != months[-1]:
            process.rated(office, seed, stage, month)
        _register_some(office, seed, stage, month, work)
        if last:
            _return_one(office, seed, month, work)
        closed = [unit for unit, how in work.items() if how.confirmed]
        done = confirm(office, month, [unit.code for unit in closed])
        if last or month == stage.months[-1]:
            _correct_some(office, seed, stage, month, closed)
        if stage == followed:
            opening = opening or seen
            _see_through(office, stage, month, opening)
        progress(MonthDone(number, len(months), month, len(seen), len(closed), done.postings))


def _see_through(
    office: Office, stage: Stage, month: Month, opening: Sequence[Observation]
) -> None:
    """Publishes the first month of a stage; at its end anew after an objection, and the stage."""
    first, last = stage.months[0], stage.months[-1]
    if month == first:
        process.published(office, "month", str(first))
    if month == last:
        process.objected(office, opening, first)
        process.published(office, "month", str(first), "申诉与复查之后的更正")
        if process.published(office, "stage", stage.id):
            process.followed(office, last)


def _work(seed: int, units: Sequence[Unit], month: Month, last: bool) -> Mapping[Unit, Work]:
    """All units confirmed, a sample of them checked; in the last month half of them open."""
    chance = Random(f"{seed}/{month}")
    work = {unit: Work(True, chance.random() < _SHARE_CHECKED, True) for unit in units}
    if last:
        still_open = chance.sample(units, len(units) // 2)
        states = [Work(False, False, False), Work(True, False, False), Work(True, True, False)]
        work |= {unit: states[number % 3] for number, unit in enumerate(still_open)}
    return work


def _observations(
    seed: int, stage: Stage, month: Month, work: Mapping[Unit, Work]
) -> Iterator[Observation]:
    for unit, how in work.items():
        if how.reported:
            claimed = claims(seed, unit, stage, month)
            yield from claimed
            if how.checked:
                yield from verifications(seed, unit, stage, claimed)
        if how.checked or how.confirmed:
            yield from office_sightings(seed, unit, stage, month)


def _register_some(
    office: Office, seed: int, stage: Stage, month: Month, work: Mapping[Unit, Work]
) -> None:
    """Registers events with a document; where a number was seen, the events count instead."""
    chance = Random(f"{seed}/{month}/events")
    units = [unit for unit, how in work.items() if how.checked or how.confirmed]
    kinds = [kind for kind in event_kinds(stage) if month in kind.item.months]
    for unit in chance.sample(units, min(_EVENTS, len(units)) if kinds else 0):
        kind = chance.choice(kinds)
        draft = EventDraft(
            unit=unit.code,
            happened_on=f"{month}-{chance.randint(1, 28):02d}",
            item=kind.item.id,
            field=kind.field.name,
            origin=chance.choice(_ORIGINS),
            document=f"通报〔{month.year}〕{chance.randint(1, 60)}号",
        )
        register(office, draft, replacing=True)


def _return_one(office: Office, seed: int, month: Month, work: Mapping[Unit, Work]) -> None:
    """Sends the month back to a unit whose report nobody has checked yet."""
    waiting = [unit for unit, how in work.items() if how == Work(True, False, False)]
    if waiting:
        chance = Random(f"{seed}/{month}/returned")
        reason = chance.choice(_RETURNED)
        return_to_unit(office, chance.choice(waiting).code, month, "", reason, f"{month}-28")


def _correct_some(
    office: Office, seed: int, stage: Stage, through: Month, units: Sequence[Unit]
) -> None:
    """Takes back some points of confirmed months, as a later look at the papers would."""
    chance = Random(f"{seed}/{stage.id}/correct")
    for unit in chance.sample(units, min(_CORRECTIONS, len(units))):
        month = chance.choice([m for m in stage.months_through(through) if unit.takes_part(m)])
        graded = [
            seen
            for seen in claims(seed, unit, stage, month)
            if seen.field == "points" and seen.value >= 1
        ]
        if graded:
            seen = chance.choice(graded)
            less = str((seen.value / 2).quantize(Decimal(1)))
            reason = chance.choice(_REASONS)
            correct(office, unit.code, seen.item, str(month), {seen.field: less}, reason)
