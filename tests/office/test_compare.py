"""Comparing units: who is best, how far the others are behind, which indicators decide."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import JULY, JUNE, a_unit, an_office, confirmed, observed, recorded
from gsjx_tui.domain import Month
from gsjx_tui.errors import StateError
from gsjx_tui.office.card import card
from gsjx_tui.office.compare import compare
from gsjx_tui.office.home import Office
from gsjx_tui.office.trend import ranking_sheet


def an_office_of_three(tmp_path: Path) -> Office:
    """A2 leads, A1 follows, S1 is of another category."""
    office = an_office(tmp_path, a_unit("A1"), a_unit("A2"), a_unit("S1", "support"))
    recorded(
        office,
        observed("study.b1.body", 4, unit="A1"),
        observed("study.b1.body", 9, unit="A2"),
        observed("study.k1.self", 15, unit="A1", month=JULY),
        observed("study.k1.self", 14, unit="A2", month=JULY),
    )
    confirmed(office, JUNE, JULY)
    return office


def test_the_best_comes_first_and_the_others_are_behind(tmp_path: Path) -> None:
    with an_office_of_three(tmp_path) as office:
        found = compare(office, ["A1", "A2", "S1"], Month(2013, 7))

        assert [unit.code for unit in found.units] == ["A2", "A1", "S1"]
        assert found.total.points == (33, 29, 10)
        assert found.total.behind == (0, -4, -23)
        assert found.categories == ("economy类", "support类")
        assert [stage.line.id for stage in found.stages] == ["study"]
        assert found.largest == {"study.b1", "study.k1"}
        assert found.trend["S1"][Month(2013, 7)].rank == 1


def test_its_points_are_those_of_the_cards(tmp_path: Path) -> None:
    with an_office_of_three(tmp_path) as office:
        for month in (JUNE, JULY, "2013-08"):
            found = compare(office, ["A1", "A2"], Month.parse(month))
            for place, unit in enumerate(found.units):
                same = card(office, unit.code, month)
                assert found.total.points[place] == same.points
                assert [i.points[place] for i in found.stages[0].indicators] == [
                    i.points for i in same.stages[0].indicators
                ]


def test_a_unit_that_is_not_in_the_roster_is_refused(tmp_path: Path) -> None:
    with an_office(tmp_path) as office, pytest.raises(StateError):
        compare(office, ["A1", "Z9"], Month(2013, 6))


def test_a_ranking_sheet_starts_with_the_first_category_and_the_newest_month(
    tmp_path: Path,
) -> None:
    with an_office_of_three(tmp_path) as office:
        found = ranking_sheet(office)

        assert (found.category, found.month, found.stage.id) == ("economy", Month(2013, 7), "study")
        assert [row.unit for row in found.rows] == ["A2", "A1"]
        assert [row.points for row in ranking_sheet(office, scope="month").rows] == [15, 14]
        assert ranking_sheet(office, "nothing").category == "economy"
