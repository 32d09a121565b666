"""What follows from closing a stage or the campaign (SPEC 5, method 四)."""

from __future__ import annotations

from pathlib import Path

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
    observed,
    recorded,
    the_shipped_rubric,
)
from gsjx_tui.domain import Unit
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office.home import Office
from gsjx_tui.office.outcomes import outcomes

PLAN = "first.b1.plan"

UNITS = (
    a_unit("E1"),
    a_unit("E2"),
    a_unit("E3"),
    a_unit("S1", "support"),
    a_unit("C1", "central", superior="市公司"),
    a_unit("C2", "central"),
)


def a_short_campaign(tmp_path: Path, *units: Unit, **settings: str | int) -> Office:
    """A campaign of two stages with a month and 10 points each: first in June, second in July."""
    folder = a_plugin(tmp_path / "plugins", "first", stage=a_stage(id="first", months=[JUNE]))
    a_plugin(tmp_path / "plugins", "second", stage=a_stage(id="second", months=[JULY]))
    campaign = a_campaign(["first", "second"], points=20, **settings)
    return an_office(tmp_path, *(units or UNITS), campaign=campaign, folders=[folder])


def closed(
    tmp_path: Path, *units: Unit, points: dict[str, Number], **settings: str | int
) -> Office:
    """The same, all confirmed, with so many points in the first stage by unit."""
    office = a_short_campaign(tmp_path, *units, **settings)
    for code, number in points.items():
        recorded(office, observed(PLAN, number, unit=code))
    confirmed(office, JUNE, JULY)
    return office


def listed(office: Office, stage: str = "", kind: str = "") -> list[tuple[str, str, bool]]:
    """Kind (left out if asked for one), unit and whether it is tied, of each consequence."""
    found = outcomes(office, stage).outcomes
    return [(o.kind, o.unit, o.tied) for o in found if kind in ("", o.kind)]


ALL_DIFFERENT: dict[str, Number] = {"E1": 9, "E2": 7, "E3": 8, "S1": 1, "C1": 2, "C2": 3}


# a stage ---------------------------------------------------------------------------------------


def test_closing_a_stage_lists_the_bottom_of_each_category_with_two_units_or_more(
    tmp_path: Path,
) -> None:
    with closed(tmp_path, points=ALL_DIFFERENT) as office:
        assert listed(office, "first") == [
            ("key_rectification", "E2", False),
            ("key_rectification", "C1", False),
        ]
        assert outcomes(office, "first").title == "试行first阶段"


def test_a_tie_at_the_bottom_lists_all_of_them_marked(tmp_path: Path) -> None:
    with closed(tmp_path, points={**ALL_DIFFERENT, "E3": 7}) as office:
        assert listed(office, "first") == [
            ("key_rectification", "E2", True),
            ("key_rectification", "E3", True),
            ("key_rectification", "C1", False),
        ]


def test_where_all_have_the_same_all_are_at_the_bottom_and_tied(tmp_path: Path) -> None:
    with closed(tmp_path, *UNITS[:3], points={}) as office:
        assert listed(office, "first") == [
            ("key_rectification", code, True) for code in ("E1", "E2", "E3")
        ]


def test_a_stage_counts_its_own_points_alone(tmp_path: Path) -> None:
    with a_short_campaign(tmp_path, *UNITS[:2]) as office:
        recorded(office, observed(PLAN, 1, unit="E1"), observed(PLAN, 9, unit="E2"))
        recorded(office, observed("second.b1.plan", 5, unit="E1", month=JULY))
        confirmed(office, JUNE, JULY)

        assert listed(office, "first") == [("key_rectification", "E1", False)]
        assert listed(office, "second") == [("key_rectification", "E2", False)]


def test_a_stage_can_be_closed_once_its_last_month_is_confirmed(tmp_path: Path) -> None:
    with a_short_campaign(tmp_path, *UNITS[:3]) as office:
        confirmed(office, JUNE, units=["E2"])
        with pytest.raises(StateError) as refused:
            outcomes(office, "first")
        confirmed(office, JUNE)

        assert len(outcomes(office, "first").outcomes) == 3

    assert refused.value.faults == (
        Fault(
            "试行first阶段",
            "还不能结算，E1 E1局、E3 E3局没有核定到 2013-06",
            "先逐月核定：gsjx confirm 月份",
        ),
    )


def test_many_units_in_the_way_are_told_in_short(tmp_path: Path) -> None:
    with (
        a_short_campaign(tmp_path, *(a_unit(f"E{n}") for n in range(12))) as office,
        pytest.raises(StateError, match=r"E9 E9局 等 12 个单位没有核定到 2013-06"),
    ):
        outcomes(office, "first")


def test_a_unit_that_left_is_closed_with_its_own_last_month_and_not_in_the_next_stage(
    tmp_path: Path,
) -> None:
    units = a_unit("E1", through=JUNE), a_unit("E2"), a_unit("E3")

    with closed(tmp_path, *units, points={"E2": 5, "E3": 5}) as office:
        assert listed(office, "first") == [("key_rectification", "E1", False)]
        assert listed(office, "second") == [
            ("key_rectification", "E2", True),
            ("key_rectification", "E3", True),
        ]
        assert listed(office, kind="final_last") == [("final_last", "E1", False)]


def test_a_stage_nobody_knows_is_refused(tmp_path: Path) -> None:
    with a_short_campaign(tmp_path) as office, pytest.raises(StateError) as refused:
        outcomes(office, "third")

    assert refused.value.faults == (Fault("", "没有阶段“third”", "可用：first、second"),)


# the campaign ----------------------------------------------------------------------------------


def test_closing_the_campaign_lists_the_last_the_letters_and_the_first(tmp_path: Path) -> None:
    with closed(tmp_path, points=ALL_DIFFERENT) as office:
        assert listed(office) == [
            ("final_last", "E2", False),
            ("final_last", "C1", False),
            ("superior_letter", "C2", False),
            ("superior_letter", "C1", False),
            ("award_candidate", "E1", False),
            ("award_candidate", "S1", False),
            ("award_candidate", "C2", False),
        ]
        assert outcomes(office).title == "试点活动"


def test_the_standings_carry_what_a_letter_needs(tmp_path: Path) -> None:
    with closed(tmp_path, points=ALL_DIFFERENT) as office:
        by_unit = {standing.unit: standing for standing in outcomes(office).standings}

    assert (by_unit["C1"].superior, by_unit["C1"].superior_letter) == ("市公司", True)
    assert (by_unit["C1"].rank, by_unit["C1"].points, by_unit["C1"].name) == (2, 2, "C1局")
    assert not by_unit["E1"].superior_letter


def test_the_campaign_is_closed_only_with_its_last_month(tmp_path: Path) -> None:
    with a_short_campaign(tmp_path, *UNITS[:2]) as office:
        confirmed(office, JUNE)

        with pytest.raises(
            StateError, match="试点活动：还不能结算，E1 E1局、E2 E2局没有核定到 2013-07"
        ):
            outcomes(office)


def test_all_over_the_last_is_one_unit_of_all(tmp_path: Path) -> None:
    with closed(tmp_path, points=ALL_DIFFERENT, final_scope="all") as office:
        assert listed(office, kind="final_last") == [("final_last", "S1", False)]
        assert listed(office, "first", kind="key_rectification") == [
            ("key_rectification", "E2", False),
            ("key_rectification", "C1", False),
        ]


def test_all_over_a_tie_reaches_across_categories(tmp_path: Path) -> None:
    points = {**ALL_DIFFERENT, "E2": 1}

    with closed(tmp_path, points=points, final_scope="all") as office:
        assert listed(office, kind="final_last") == [
            ("final_last", "E2", True),
            ("final_last", "S1", True),
        ]


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        (0, []),
        (1, [("E1", False), ("S1", False), ("C2", False)]),
        (2, [("E1", False), ("E3", False), ("S1", False), ("C2", False), ("C1", False)]),
    ],
)
def test_how_many_are_listed_for_awards_is_a_setting(
    tmp_path: Path, places: int, expected: list[tuple[str, bool]]
) -> None:
    with closed(tmp_path, points=ALL_DIFFERENT, award_places=places) as office:
        assert [
            (unit, tied) for _, unit, tied in listed(office, kind="award_candidate")
        ] == expected


def test_a_tie_for_an_award_is_marked_and_uses_up_the_places_behind_it(tmp_path: Path) -> None:
    points: dict[str, Number] = {"E1": 9, "E2": 9, "E3": 8}

    with closed(tmp_path, *UNITS[:3], points=points, award_places=2) as office:
        assert listed(office, kind="award_candidate") == [
            ("award_candidate", "E1", True),
            ("award_candidate", "E2", True),
        ]


def test_the_shipped_campaign_closes_by_category_with_one_award_each() -> None:
    campaign = the_shipped_rubric().campaign

    assert (campaign.settings.final_scope, campaign.settings.award_places) == ("category", 1)
