"""Ranking units within their category: order, ties, what was before, as known when (SPEC 5)."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from builders import (
    AUGUST,
    JULY,
    JUNE,
    Number,
    a_unit,
    an_office,
    confirmed,
    observed,
    recorded,
)
from gsjx_tui.domain import Unit
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office.card import history
from gsjx_tui.office.correct import correct
from gsjx_tui.office.home import Office
from gsjx_tui.office.rank import Rank, instant_of, rank

BODY = "study.b1.body"
STANDING = 10
"""What 材料报送 gives everybody in the first month of a stage."""


def an_office_with(tmp_path: Path, *units: Unit, **june: Number) -> Office:
    """Units with so many points for 机构 in June, by code; June is confirmed."""
    office = an_office(tmp_path, *(units or map(a_unit, june)))
    for code, points in june.items():
        recorded(office, observed(BODY, points, unit=code))
    confirmed(office, JUNE)
    return office


def rows(office: Office, **scope: str) -> dict[str, Rank]:
    """The rows of a ranking by unit, in its order."""
    return {row.unit: row for row in rank(office, **scope)}


def places(office: Office, **scope: str) -> list[tuple[int, str]]:
    """Rank and unit, in the order of the ranking."""
    return [(row.rank, row.unit) for row in rank(office, **scope)]


# order and ties --------------------------------------------------------------------------------


def test_the_unit_with_most_points_comes_first(tmp_path: Path) -> None:
    with an_office_with(tmp_path, A1=3, A2="9.5", A3="9.49") as office:
        assert places(office) == [(1, "A2"), (2, "A3"), (3, "A1")]
        assert rows(office)["A2"].points == STANDING + Decimal("9.50")


def test_equal_points_share_a_rank_and_the_next_is_skipped(tmp_path: Path) -> None:
    with an_office_with(tmp_path, A1=1, A2=5, A3=9, A4=5) as office:
        assert places(office) == [(1, "A3"), (2, "A2"), (2, "A4"), (4, "A1")]


def test_inside_a_tie_units_stand_in_the_order_of_the_roster(tmp_path: Path) -> None:
    units = [a_unit(code) for code in ("C", "A", "D", "B")]

    with an_office_with(tmp_path, *units, A=5, B=5, C=5, D=5) as office:
        assert places(office) == [(1, "C"), (1, "A"), (1, "D"), (1, "B")]


def test_points_below_zero_come_last(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        recorded(office, observed("study.e5.graft", unit="A1", count=3))
        confirmed(office, JUNE)

        assert places(office) == [(1, "A2"), (2, "A1")]
        assert rows(office)["A1"].points == STANDING - 30


def test_the_gap_is_counted_to_the_next_better_place(tmp_path: Path) -> None:
    with an_office_with(tmp_path, A1=10, A2=7, A3=7, A4="6.5", A5=10) as office:
        assert {unit: row.gap for unit, row in rows(office).items()} == {
            "A1": None,
            "A5": None,
            "A2": 3,
            "A3": 3,
            "A4": Decimal("0.50"),
        }


def test_categories_are_ranked_apart_and_stand_in_the_order_of_the_campaign(tmp_path: Path) -> None:
    units = [
        a_unit("S1", "support"),
        a_unit("E1"),
        a_unit("C1", "central"),
        a_unit("S2", "support"),
    ]

    with an_office_with(tmp_path, *units, S1=1, E1=2, C1=3, S2=4) as office:
        found = [(row.category, row.rank, row.unit) for row in rank(office)]

        assert found == [
            ("economy", 1, "E1"),
            ("support", 1, "S2"),
            ("support", 2, "S1"),
            ("central", 1, "C1"),
        ]
        assert places(office, category="support") == [(1, "S2"), (2, "S1")]
        assert rows(office)["S1"].gap == 3


# who is ranked ---------------------------------------------------------------------------------


def test_a_unit_without_postings_stands_at_nothing(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        confirmed(office, JUNE, units=["A2"])

        assert places(office) == [(1, "A2"), (2, "A1")]
        assert str(rows(office)["A1"].points) == "0.00"


def test_before_anything_is_confirmed_all_stand_at_nothing_in_the_first_month(
    tmp_path: Path,
) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2", since=JULY)) as office:
        assert places(office) == [(1, "A1")]


def test_ranked_are_the_units_that_take_part_in_a_month_of_the_scope(tmp_path: Path) -> None:
    units = a_unit("A1"), a_unit("A2", since=JULY), a_unit("A3", through=JUNE)

    with an_office(tmp_path, *units) as office:
        confirmed(office, JUNE, JULY, AUGUST)

        assert set(rows(office, through=JUNE)) == {"A1", "A3"}
        assert set(rows(office, through=JULY)) == {"A1", "A2", "A3"}
        assert set(rows(office, month=JULY)) == {"A1", "A2"}
        assert set(rows(office, stage="study")) == {"A1", "A2", "A3"}
        assert set(rows(office, stage="selfcheck")) == {"A1", "A2"}


# scopes ----------------------------------------------------------------------------------------


def an_office_of_three_months(tmp_path: Path) -> Office:
    """A1 leads in June, A2 in July, A3 in August."""
    office = an_office(tmp_path, a_unit("A1"), a_unit("A2"), a_unit("A3"))
    recorded(
        office,
        observed(BODY, 10, unit="A1"),
        observed("study.k1.self", 15, unit="A2", month=JULY),
        observed("selfcheck.b1.plan", 20, unit="A3", month=AUGUST),
    )
    confirmed(office, JUNE, JULY, AUGUST)
    return office


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({"through": JUNE}, {"A1": 20, "A2": 10, "A3": 10}),
        ({"through": JULY}, {"A2": 25, "A1": 20, "A3": 10}),
        ({"through": AUGUST}, {"A3": 40, "A2": 35, "A1": 30}),
        ({}, {"A3": 40, "A2": 35, "A1": 30}),
        ({"through": "2014-06"}, {"A3": 40, "A2": 35, "A1": 30}),
        ({"month": JUNE}, {"A1": 20, "A2": 10, "A3": 10}),
        ({"month": JULY}, {"A2": 15, "A1": 0, "A3": 0}),
        ({"month": AUGUST}, {"A3": 30, "A1": 10, "A2": 10}),
        ({"stage": "study"}, {"A2": 25, "A1": 20, "A3": 10}),
        ({"stage": "study", "through": JUNE}, {"A1": 20, "A2": 10, "A3": 10}),
        ({"stage": "study", "through": AUGUST}, {"A2": 25, "A1": 20, "A3": 10}),
        ({"stage": "selfcheck"}, {"A3": 30, "A1": 10, "A2": 10}),
        ({"stage": "rectify"}, {"A1": 0, "A2": 0, "A3": 0}),
    ],
)
def test_a_scope_adds_up_its_months(
    tmp_path: Path, scope: dict[str, str], expected: dict[str, int]
) -> None:
    with an_office_of_three_months(tmp_path) as office:
        found = rows(office, **scope)

        assert [(unit, row.points) for unit, row in found.items()] == list(expected.items())


def test_a_stage_under_way_is_ranked_through_the_newest_month_confirmed(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2", since=JULY)) as office:
        confirmed(office, JUNE)

        assert rows(office, stage="study") == rows(office, stage="study", through=JUNE)
        assert set(rows(office, stage="study")) == {"A1"}


# one month earlier -----------------------------------------------------------------------------


def before(office: Office, **scope: str) -> dict[str, tuple[object, object, object]]:
    """Previous rank, previous points and places gained, by unit."""
    found = rows(office, **scope).items()
    return {unit: (row.previous_rank, row.previous_points, row.moved) for unit, row in found}


@pytest.mark.parametrize(
    "scope",
    [
        {"through": JUNE},
        {"month": JUNE},
        {"stage": "selfcheck"},
        {"stage": "study", "through": JUNE},
    ],
)
def test_the_first_month_of_a_scope_has_nothing_before_it(
    tmp_path: Path, scope: dict[str, str]
) -> None:
    with an_office_of_three_months(tmp_path) as office:
        assert set(before(office, **scope).values()) == {(None, None, None)}


def test_over_the_months_places_gained_are_positive_and_lost_negative(tmp_path: Path) -> None:
    with an_office_of_three_months(tmp_path) as office:
        assert before(office, through=JULY) == {
            "A2": (2, 10, 1),
            "A1": (1, 20, -1),
            "A3": (2, 10, -1),
        }
        assert before(office, through=AUGUST) == {
            "A3": (3, 10, 2),
            "A2": (1, 25, -1),
            "A1": (2, 20, -1),
        }


def test_the_month_before_in_a_stage_is_one_of_that_stage(tmp_path: Path) -> None:
    with an_office_of_three_months(tmp_path) as office:
        assert before(office, stage="study")["A2"] == (2, 10, 1)


def test_of_a_single_month_the_month_before_is_compared_even_in_another_stage(
    tmp_path: Path,
) -> None:
    with an_office_of_three_months(tmp_path) as office:
        assert before(office, month=AUGUST) == {
            "A3": (2, 0, 1),
            "A1": (2, 0, 0),
            "A2": (1, 15, -1),
        }


def test_a_unit_that_is_new_has_nothing_before_and_moves_nobody(tmp_path: Path) -> None:
    with an_office_with(tmp_path, a_unit("A1"), a_unit("A2", since=JULY), A1=1) as office:
        recorded(office, observed("study.k1.self", 15, unit="A2", month=JULY))
        confirmed(office, JULY)

        assert before(office, through=JULY) == {
            "A2": (None, None, None),
            "A1": (1, STANDING + 1, -1),
        }


def test_a_unit_that_takes_no_part_is_above_nobody_though_nothing_is_more_than_less(
    tmp_path: Path,
) -> None:
    units = a_unit("A1"), a_unit("A2", since=JULY), a_unit("A3", through=JUNE)

    with an_office(tmp_path, *units) as office:
        recorded(office, observed("study.e5.graft", unit="A1", count=3))
        confirmed(office, JUNE)
        recorded(office, observed("study.e5.graft", unit="A1", month=JULY, count=1))
        confirmed(office, JULY)

        assert places(office, through=JUNE) == [(1, "A3"), (2, "A1")]
        assert places(office, month=JULY) == [(1, "A2"), (2, "A1")]
        assert rows(office, through=JULY)["A1"].previous_rank == 2
        assert rows(office, month=JULY)["A1"].previous_rank == 2
        assert rows(office, month=JULY)["A1"].gap == 10 + STANDING


# confirmed through -----------------------------------------------------------------------------


def test_a_row_says_whether_the_unit_is_confirmed_through_the_last_month(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        confirmed(office, JUNE)
        confirmed(office, JULY, units=["A1"])

        def through(**scope: str) -> dict[str, bool]:
            return {unit: row.confirmed_through for unit, row in rows(office, **scope).items()}

        assert through(through=JUNE) == {"A1": True, "A2": True}
        assert through() == {"A1": True, "A2": False}
        assert through(through=AUGUST) == {"A1": False, "A2": False}
        assert through(month=JUNE) == {"A1": True, "A2": True}
        assert through(stage="study") == {"A1": True, "A2": False}


def test_a_unit_that_left_is_confirmed_through_once_its_own_last_month_is(tmp_path: Path) -> None:
    units = a_unit("A1", through=JUNE), a_unit("A2", through=JULY), a_unit("A3")

    with an_office(tmp_path, *units) as office:
        confirmed(office, JUNE)
        confirmed(office, JULY, AUGUST, units=["A3"])

        found = {unit: row.confirmed_through for unit, row in rows(office).items()}
        assert found == {"A1": True, "A2": False, "A3": True}


# as known at an instant ------------------------------------------------------------------------


def an_office_corrected(tmp_path: Path) -> tuple[Office, datetime, datetime]:
    """A1 leads A2 until it is corrected; the instants of confirming and of correcting (UTC)."""
    office = an_office_with(tmp_path, A1=9, A2=5)
    time.sleep(0.002)
    correct(office, "A1", BODY, JUNE, {"points": "1"}, "查实")
    confirming, correcting = history(office, "A1", BODY).postings
    assert confirming.at < correcting.at
    return office, confirming.at, correcting.at


def test_a_ranking_can_be_asked_as_it_was_known_before_a_correction(tmp_path: Path) -> None:
    office, confirming, correcting = an_office_corrected(tmp_path)

    with office:
        moment = timedelta(microseconds=1)
        known = {
            at: places(office, through=JUNE, as_of=at.replace(tzinfo=UTC).isoformat())
            for at in (confirming - moment, confirming, correcting - moment, correcting)
        }

        nobody, a1_leads, a2_leads = (
            [(1, "A1"), (1, "A2")],
            [(1, "A1"), (2, "A2")],
            [(1, "A2"), (2, "A1")],
        )
        assert list(known.values()) == [nobody, a1_leads, a1_leads, a2_leads]
        assert places(office) == a2_leads


def test_what_was_before_and_who_was_confirmed_is_as_known_then_too(tmp_path: Path) -> None:
    office, confirming, correcting = an_office_corrected(tmp_path)

    with office:
        confirmed(office, JULY)
        then = correcting.replace(tzinfo=UTC).isoformat()
        long_ago = (confirming - timedelta(days=1)).replace(tzinfo=UTC).isoformat()

        july_then = rows(office, through=JULY, as_of=then)["A1"]
        assert (july_then.previous_points, july_then.confirmed_through) == (STANDING + 1, False)
        assert rows(office, through=JULY)["A1"].confirmed_through
        assert not rows(office, through=JUNE, as_of=long_ago)["A1"].confirmed_through


@pytest.fixture
def in_chongqing(monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("in_chongqing")
@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2013-08-05T09:30", datetime(2013, 8, 5, 1, 30)),
        ("2013-08-05 09:30:15.5", datetime(2013, 8, 5, 1, 30, 15, 500_000)),
        ("2013-08-05T09:30+00:00", datetime(2013, 8, 5, 9, 30)),
        ("2013-08-05T09:30Z", datetime(2013, 8, 5, 9, 30)),
        ("2013-08-05", datetime(2013, 8, 5, 15, 59, 59, 999_999)),
        ("20130805", datetime(2013, 8, 5, 15, 59, 59, 999_999)),
    ],
)
def test_an_instant_is_local_unless_it_says_otherwise_and_a_date_is_its_end(
    text: str, utc: datetime
) -> None:
    assert instant_of(text) == utc


@pytest.mark.parametrize(
    "text", ["yesterday", "2013-13-01", "2013-08-05T25:00", "9999-12-31T23:59-12:00"]
)
def test_an_instant_that_cant_be_is_refused(text: str) -> None:
    with pytest.raises(StateError) as refused:
        instant_of(text)

    assert refused.value.faults == (
        Fault("", f"时刻“{text}”写法不对", "写成 2013-08-05T09:30 或 2013-08-05"),
    )


# what doesn't exist ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "what", "remedy"),
    [
        ({"category": "rural"}, "没有类别“rural”", "可用：economy、support、central"),
        (
            {"stage": "harvest"},
            "没有阶段“harvest”",
            "可用：study、selfcheck、rectify、consolidate",
        ),
        ({"through": "2013-05"}, "月份 2013-05 不在活动之内", "活动为 2013-06 至 2014-06"),
        ({"month": "2014-07"}, "月份 2014-07 不在活动之内", "活动为 2013-06 至 2014-06"),
        ({"month": "6"}, "月份“6”写法不对", "写成 2013-06 这样的四位年、两位月"),
        (
            {"stage": "rectify", "through": JULY},
            "阶段 rectify 评议整改自 2013-09 开始，晚于 2013-07",
            "把月份改为 2013-09 或以后",
        ),
    ],
)
def test_a_scope_that_doesnt_exist_is_refused(
    tmp_path: Path, scope: dict[str, str], what: str, remedy: str
) -> None:
    with an_office(tmp_path) as office, pytest.raises(StateError) as refused:
        rank(office, **scope)

    assert refused.value.faults == (Fault("", what, remedy),)
