"""Preview of consequences: who would move, and that it is what then happens."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from builders import (
    JULY,
    JUNE,
    Number,
    a_campaign,
    a_plugin,
    a_stage,
    a_unit,
    an_office,
    confirmed,
    counts,
    observed,
    recorded,
)
from gsjx_tui.domain import Month
from gsjx_tui.errors import ObservationError
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.consequences import Consequences, confirming_would, correcting_would
from gsjx_tui.office.correct import correct
from gsjx_tui.office.home import Office
from gsjx_tui.office.outcomes import outcomes, standings_of

PLAN = "first.b1.plan"
THE_JUNE, THE_JULY = Month.parse(JUNE), Month.parse(JULY)


def a_short_campaign(tmp_path: Path, **points: Number) -> Office:
    """Two stages of a month with 10 points each; so many in the first, by unit. All confirmed."""
    folder = a_plugin(tmp_path / "plugins", "first", stage=a_stage(id="first", months=[JUNE]))
    a_plugin(tmp_path / "plugins", "second", stage=a_stage(id="second", months=[JULY]))
    campaign = a_campaign(["first", "second"], points=20)
    units = [a_unit(code) for code in points]
    office = an_office(tmp_path, *units, campaign=campaign, folders=[folder])
    for code, number in points.items():
        recorded(office, observed(PLAN, number, unit=code))
    return office


def moved(found: Consequences) -> list[tuple[str, int, int]]:
    return [(m.unit, m.rank_before, m.rank_after) for m in found.moved]


def lasts(found: Consequences) -> list[tuple[str, str, bool, bool, bool]]:
    return [(p.title, p.unit, p.becomes, p.tied, p.closed) for p in found.last_places]


def correcting(office: Office, unit: str, points: str, month: str = JUNE) -> Consequences:
    return correcting_would(office, unit, PLAN, month, {"points": points}, "复核")


# corrections -----------------------------------------------------------------------------------


def test_a_correction_names_who_changes_places_and_who_takes_the_last(tmp_path: Path) -> None:
    with a_short_campaign(tmp_path, A=9, B=7, C=5) as office:
        confirmed(office, JUNE)
        before = counts(office.ledger)

        found = correcting(office, "B", "4")

        assert counts(office.ledger) == before
    assert moved(found) == [("C", 3, 2), ("B", 2, 3)]
    assert (found.moved[1].points_before, found.moved[1].points_after) == (7, 4)
    assert lasts(found) == [
        ("试行first阶段", "C", False, False, True),
        ("试行first阶段", "B", True, False, True),
    ]


def test_a_correction_into_a_tie_at_the_bottom_marks_it(tmp_path: Path) -> None:
    with a_short_campaign(tmp_path, A=9, B=7, C=5) as office:
        confirmed(office, JUNE)

        assert lasts(correcting(office, "B", "5")) == [("试行first阶段", "B", True, True, True)]


def test_a_correction_that_moves_nobody_says_so(tmp_path: Path) -> None:
    with a_short_campaign(tmp_path, A=9, B=7, C=5) as office:
        confirmed(office, JUNE)

        found = correcting(office, "A", "8")

        assert (moved(found), lasts(found)) == ([], [])


def test_after_the_last_month_the_end_of_the_campaign_is_told_too(tmp_path: Path) -> None:
    with a_short_campaign(tmp_path, A=9, B=7) as office:
        confirmed(office, JUNE, JULY)

        found = correcting(office, "A", "1")

    assert [(p.title, p.unit, p.becomes) for p in found.last_places] == [
        ("试行first阶段", "B", False),
        ("试行first阶段", "A", True),
        ("试点活动", "B", False),
        ("试点活动", "A", True),
    ]
    assert [place.unit for place in found.lasts] == ["A", "A"]


def test_a_correction_that_cant_be_previews_nothing(tmp_path: Path) -> None:
    with a_short_campaign(tmp_path, A=9, B=7) as office:
        confirmed(office, JUNE)
        with pytest.raises(ObservationError, match="超过上限"):
            correcting(office, "A", "11")


# confirmations ---------------------------------------------------------------------------------


def test_confirming_the_last_unit_of_a_stage_closes_it(tmp_path: Path) -> None:
    with a_short_campaign(tmp_path, A=9, B=7, C=5) as office:
        confirmed(office, JUNE, units=["A", "B"])

        found = confirming_would(office, THE_JUNE)

    assert moved(found) == []  # C stands at 0 so far
    assert lasts(found) == [("试行first阶段", "C", True, False, True)]


def test_confirming_some_leaves_the_last_place_one_of_the_moment(tmp_path: Path) -> None:
    with a_short_campaign(tmp_path, A=9, B=7, C=5) as office:
        found = confirming_would(office, THE_JUNE, ["A", "C"])

    assert moved(found) == [("C", 1, 2), ("B", 1, 3)]
    assert lasts(found) == [("试行first阶段", "B", True, False, False)]


def test_a_stage_that_nobody_is_confirmed_in_has_no_last_place_to_leave(tmp_path: Path) -> None:
    with a_short_campaign(tmp_path, A=9, B=7) as office:
        assert lasts(confirming_would(office, THE_JUNE)) == [
            ("试行first阶段", "B", True, False, True)
        ]


def test_the_last_place_of_the_moment_is_among_those_who_take_part_by_then(tmp_path: Path) -> None:
    stage = a_stage(id="first", months=[JUNE, JULY])
    folder = a_plugin(tmp_path / "plugins", "first", stage=stage)
    units = [a_unit("A"), a_unit("B"), a_unit("C", since=JULY)]
    campaign = a_campaign(["first"], points=10)
    with an_office(tmp_path, *units, campaign=campaign, folders=[folder]) as office:
        recorded(office, observed(PLAN, 9, unit="A"), observed(PLAN, 7, unit="B"))

        found = confirming_would(office, THE_JUNE)

    assert lasts(found) == [("试行first阶段", "B", True, False, False)]


def test_who_is_last_already_becomes_the_final_last_when_the_campaign_closes(
    tmp_path: Path,
) -> None:
    with a_short_campaign(tmp_path, A=9, B=7) as office:
        confirmed(office, JUNE)
        confirmed(office, JULY, units=["A"])

        found = confirming_would(office, THE_JULY)

    assert ("试点活动", "B", True, False, True) in lasts(found)


# at any time -----------------------------------------------------------------------------------


def ranks(office: Office, through: Month) -> dict[str, tuple[int, object]]:
    return {s.unit: (s.rank, s.points) for s in standings_of(office, str(through))}


def bottom(office: Office, stage: str) -> set[str]:
    closing = outcomes(office, stage).outcomes
    return {o.unit for o in closing if o.kind in ("key_rectification", "final_last")}


@pytest.mark.parametrize("seed", range(4))
def test_what_is_foreseen_is_what_happens(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    units = {f"U{n}": random.randint(0, 4) for n in range(6)}
    with a_short_campaign(tmp_path, **units) as office:
        for month in (THE_JUNE, THE_JULY):
            some = random.sample(sorted(units), 3)
            for codes in (some, []):
                before = ranks(office, month)
                foreseen = confirming_would(office, month, codes)
                confirm(office, month, codes)
                assert_moved(foreseen, before, ranks(office, month))
        for _ in range(12):
            unit, points = random.choice(sorted(units)), str(random.randint(0, 4))
            before = ranks(office, THE_JULY)
            lows = {stage: bottom(office, stage) for stage in ("first", "")}
            foreseen = correcting(office, unit, points)
            correct(office, unit, PLAN, JUNE, {"points": points}, "复核")
            assert_moved(foreseen, before, ranks(office, THE_JULY))
            for stage, kind in (("first", "key_rectification"), ("", "final_last")):
                changes = [p for p in foreseen.last_places if p.kind == kind]
                now = bottom(office, stage)
                assert {p.unit for p in changes if p.becomes} == now - lows[stage]
                assert {p.unit for p in changes if not p.becomes} == lows[stage] - now
                assert all(p.closed for p in changes)


def assert_moved(
    foreseen: Consequences,
    before: dict[str, tuple[int, object]],
    after: dict[str, tuple[int, object]],
) -> None:
    happened = {u: (before[u], after[u]) for u in after if before[u][0] != after[u][0]}
    assert {
        m.unit: ((m.rank_before, m.points_before), (m.rank_after, m.points_after))
        for m in foreseen.moved
    } == happened
