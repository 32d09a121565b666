"""Scoring a unit: what counts, in which order it came, and what a confirmation owes (SPEC 2–4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import JULY, JUNE, a_unit, observed, the_shipped_stage, the_stage, worth
from gsjx_tui.domain import ZERO, Month, Points, Settings, points
from gsjx_tui.errors import RubricError
from gsjx_tui.rubric.model import Item, Observation, Stage
from gsjx_tui.rubric.score import ToDate, effective, newest, owed, to_date

STAGES = ("study", "selfcheck", "rectify", "consolidate")


# what hypothesis draws from


def observations_of(item: Item) -> st.SearchStrategy[list[Observation]]:
    """One observation of an item: every field, in one of its months, as check.py allows it."""
    month = st.sampled_from(item.months)
    kind = st.just("verify") if item.office else st.sampled_from(["claim", "verify"])
    if item.rule_name == "sample":
        values = st.integers(1, 9).flatmap(
            lambda sampled: st.fixed_dictionaries(
                {"sampled": st.just(sampled), "negative": st.integers(0, sampled)}
            )
        )
    elif item.rule_name in ("quota", "tally"):
        values = st.fixed_dictionaries({field.name: st.integers(0, 6) for field in item.fields})
    else:
        values = st.fixed_dictionaries(
            {f.name: st.decimals(f.minimum, f.maximum, places=2) for f in item.fields}
        )
    return st.builds(
        lambda month, kind, values: observed(item.id, month=str(month), kind=kind, **values),
        month,
        kind,
        values,
    )


def histories_of(stage: Stage) -> st.SearchStrategy[list[Observation]]:
    """What may be recorded of a unit during a stage, in the order of recording."""
    one = st.sampled_from(stage.items).flatmap(observations_of)
    return st.lists(one, max_size=25).map(lambda groups: [o for group in groups for o in group])


histories = st.sampled_from(STAGES).flatmap(
    lambda id: st.tuples(st.just(the_shipped_stage(id)), histories_of(the_shipped_stage(id)))
)
History = tuple[Stage, list[Observation]]

FEWER = settings(max_examples=50)
"""A history is long: fewer of them show as much."""


# types -----------------------------------------------------------------------------------------


@FEWER
@given(histories)
def test_every_item_is_worth_a_decimal_with_two_places(history: History) -> None:
    stage, observations = history

    for month in stage.months:
        found = worth(stage, observations, str(month))

        assert list(found) == [item.id for item in stage.items]
        assert {type(value) for value in found.values()} == {Decimal}
        assert {value.as_tuple().exponent for value in found.values()} == {-2}


def test_a_rule_that_answers_a_float_is_refused_and_named() -> None:
    stage = the_stage()
    item = stage.items[0]
    floating = _with_rule(stage, lambda params, seen: 0.1)

    with pytest.raises(RubricError) as refused:
        worth(floating, [], JUNE)

    assert item.id in str(refused.value)
    assert "0.1" in str(refused.value)


# the order of recording ------------------------------------------------------------------------


def interleaved(observations: Sequence[Observation], seed: int) -> list[Observation]:
    """The same observations in another order; those of one cell and kind stay as they are."""
    by_cell: dict[Any, list[Observation]] = {}
    for seen in observations:
        key = (seen.item, seen.month, seen.field, seen.kind)
        by_cell.setdefault(key, []).append(seen)
    turns = [key for key, group in by_cell.items() for _ in group]
    Random(seed).shuffle(turns)
    waiting = {key: iter(group) for key, group in by_cell.items()}
    return [next(waiting[key]) for key in turns]


@FEWER
@given(histories, st.integers(0, 1_000_000))
def test_the_order_of_recording_across_cells_changes_nothing(history: History, seed: int) -> None:
    stage, observations = history
    last = str(stage.months[-1])

    assert worth(stage, interleaved(observations, seed), last) == worth(stage, observations, last)


def test_of_one_kind_the_newest_recorded_counts() -> None:
    stage = the_stage()
    typed_twice = [*observed("trial.b1.plan", 9), *observed("trial.b1.plan", 3)]

    assert worth(stage, typed_twice, JUNE) == {"trial.b1.plan": 3}
    assert worth(stage, typed_twice[::-1], JUNE) == {"trial.b1.plan": 9}


def test_the_verification_counts_whenever_the_claim_was_recorded() -> None:
    stage = the_stage()
    claim = observed("trial.b1.plan", 9, kind="claim")
    verification = observed("trial.b1.plan", 4, kind="verify")

    assert worth(stage, claim + verification, JUNE) == {"trial.b1.plan": 4}
    assert worth(stage, verification + claim, JUNE) == {"trial.b1.plan": 4}


def test_a_claim_nobody_checked_stands_field_by_field() -> None:
    stage = the_stage({"id": "news", "rule": "tally", "weights": {"a": 2, "b": 3}}, points=0)
    claim = observed("trial.b1.news", kind="claim", a=1, b=1)
    verification = observed("trial.b1.news", kind="verify", b=0)

    assert worth(stage, claim + verification, JUNE) == {"trial.b1.news": 2}


def test_a_campaign_can_reject_unverified_claims() -> None:
    stage = the_stage(
        {"id": "plan", "rule": "graded", "max": 5}, {"id": "report", "rule": "graded", "max": 5}
    )
    seen = [
        *observed("trial.b1.plan", 5, kind="claim"),
        *observed("trial.b1.report", 5, kind="claim"),
        *observed("trial.b1.report", 4, kind="verify"),
    ]

    rejecting = worth(stage, seen, JUNE, settings=Settings(unverified_claims="reject"))

    assert rejecting == {"trial.b1.plan": 0, "trial.b1.report": 4}


@FEWER
@given(histories)
def test_rejecting_claims_is_the_same_as_never_having_had_them(history: History) -> None:
    stage, observations = history
    last = str(stage.months[-1])
    verified = [seen for seen in observations if seen.kind == "verify"]

    rejecting = worth(stage, observations, last, settings=Settings(unverified_claims="reject"))

    assert rejecting == worth(stage, verified, last)


# which observations count ----------------------------------------------------------------------


@FEWER
@given(histories, st.data())
def test_later_months_say_nothing_about_an_earlier_one(history: History, data: Any) -> None:
    stage, observations = history
    through = data.draw(st.sampled_from(stage.months))
    by_then = [seen for seen in observations if seen.month <= through]

    assert worth(stage, observations, str(through)) == worth(stage, by_then, str(through))


def test_an_item_tied_to_months_counts_in_those_alone() -> None:
    stage = the_stage({"id": "plan", "rule": "graded", "max": 10, "months": [JUNE]})
    strayed = [*observed("trial.b1.plan", 6), *observed("trial.b1.plan", 9, month=JULY)]

    assert worth(stage, strayed, JULY) == {"trial.b1.plan": 6}


# units that come and go (SPEC 7.7) -------------------------------------------------------------

RECTIFY_BRIEFS = "rectify.b2.briefs"


def test_a_unit_that_joins_late_neither_lacks_briefs_nor_accrues_points_before() -> None:
    rectify = the_shipped_stage("rectify")
    joined = a_unit(since="2013-12")
    reported = observed(RECTIFY_BRIEFS, month="2013-12", count=2)

    assert worth(rectify, reported, "2013-12", unit=joined)[RECTIFY_BRIEFS] == 10
    assert worth(rectify, reported, "2014-01", unit=joined)[RECTIFY_BRIEFS] == 20 - 10


def test_a_unit_that_leaves_is_worth_the_same_ever_after() -> None:
    rectify = the_shipped_stage("rectify")
    left = a_unit(through="2013-10")
    reported = [
        *observed(RECTIFY_BRIEFS, month="2013-09", count=3),
        *observed(RECTIFY_BRIEFS, month="2013-10", count=1),
    ]

    by_month = [worth(rectify, reported, str(m), unit=left) for m in rectify.months[1:]]

    assert by_month[0][RECTIFY_BRIEFS] == 20 - 5 + 1
    assert all(found == by_month[0] for found in by_month)


def test_observations_outside_a_units_months_dont_count() -> None:
    study = the_shipped_stage("study")
    joined = a_unit(since=JULY)
    strayed = [*observed("study.b1.body", 10), *observed("study.e4.praise", count=1)]

    found = worth(study, strayed, JULY, unit=joined)

    assert (found["study.b1.body"], found["study.e4.praise"]) == (0, 0)


@FEWER
@given(histories_of(the_shipped_stage("rectify")), st.integers(0, 6), st.integers(0, 6))
def test_months_outside_a_units_time_change_nothing(
    observations: list[Observation], one: int, other: int
) -> None:
    rectify = the_shipped_stage("rectify")
    first, last = (rectify.months[n] for n in sorted((one, other)))
    unit = a_unit(since=str(first), through=str(last))
    inside = [seen for seen in observations if first <= seen.month <= last]

    found = worth(rectify, observations, str(last), unit=unit)

    assert found == worth(rectify, inside, str(last), unit=unit)


# sample and its indicator ----------------------------------------------------------------------


@FEWER
@given(histories)
def test_an_indicator_with_a_sample_never_falls_below_zero(history: History) -> None:
    stage, observations = history

    for month in stage.months:
        found = worth(stage, observations, str(month))

        for indicator in stage.indicators:
            if any(item.rule_name == "sample" for item in indicator.items):
                assert sum(found[item.id] for item in indicator.items) >= 0


def test_a_sample_standing_before_its_siblings_in_the_rubric_sees_them_all_the_same() -> None:
    stage = the_stage(
        {"id": "sample", "rule": "sample", "weight": 2},
        {"id": "plan", "rule": "graded", "max": 10},
    )
    seen = [
        *observed("trial.b1.plan", 5),
        *observed("trial.b1.sample", sampled=5, negative=3),
    ]

    found = worth(stage, seen, JUNE)

    assert found == {"trial.b1.sample": -5, "trial.b1.plan": 5}
    assert list(found) == ["trial.b1.sample", "trial.b1.plan"]


def test_the_plugins_say_comes_before_the_sample_looks_at_its_siblings() -> None:
    stage = the_stage(
        {"id": "plan", "rule": "graded", "max": 10},
        {"id": "sample", "rule": "sample", "weight": 2},
    )
    seen = [*observed("trial.b1.plan", 8), *observed("trial.b1.sample", sampled=5, negative=5)]

    def halved(item: Item, unit: object, month: Month, values: object, points: Points) -> Points:
        return points / 2 if item.id == "trial.b1.plan" else points

    values = effective(newest(seen), Settings())
    found = to_date(stage, a_unit(), values, Month.parse(JUNE), halved)

    assert found == {"trial.b1.plan": 4, "trial.b1.sample": -4}


# what a confirmation owes ----------------------------------------------------------------------


def confirmed_month_by_month(stage: Stage, observations: Sequence[Observation]) -> list[ToDate]:
    """What each month's confirmation posts, in order."""
    posted: ToDate = {}
    months = []
    for month in stage.months:
        postings = owed(worth(stage, observations, str(month)), posted)
        for item, value in postings.items():
            posted[item] = posted.get(item, ZERO) + value
        months.append(postings)
    return months


@FEWER
@given(histories)
def test_the_postings_of_the_months_add_up_to_what_an_item_is_worth(history: History) -> None:
    stage, observations = history

    by_month = confirmed_month_by_month(stage, observations)

    for number, month in enumerate(stage.months, 1):
        for item, value in worth(stage, observations, str(month)).items():
            assert sum((m.get(item, ZERO) for m in by_month[:number]), ZERO) == value


@FEWER
@given(histories)
def test_a_posting_is_never_nothing_and_has_two_places(history: History) -> None:
    for postings in confirmed_month_by_month(*history):
        for value in postings.values():
            assert value != 0
            assert value == points(value)
            assert value.as_tuple().exponent == -2


@FEWER
@given(histories, st.data())
def test_corrections_converge_on_what_would_have_been_posted_at_once(
    history: History, data: Any
) -> None:
    stage, observations = history
    corrections = data.draw(histories_of(stage))
    by_month = confirmed_month_by_month(stage, observations)

    for known in range(1, len(corrections) + 1):
        _post_again(stage, observations + corrections[:known], by_month)

    at_once = confirmed_month_by_month(stage, observations + corrections)
    assert [_without_nothing(month) for month in by_month] == at_once


def _post_again(stage: Stage, observations: Sequence[Observation], by_month: list[ToDate]) -> None:
    """What correcting does: in each month, the difference to what was posted so far."""
    posted: ToDate = {}
    for month, postings in zip(stage.months, by_month, strict=True):
        for item, value in postings.items():
            posted[item] = posted.get(item, ZERO) + value
        for item, value in owed(worth(stage, observations, str(month)), posted).items():
            postings[item] = postings.get(item, ZERO) + value
            posted[item] = posted.get(item, ZERO) + value


def _without_nothing(postings: ToDate) -> ToDate:
    return {item: value for item, value in postings.items() if value}


def test_nothing_is_owed_where_the_postings_reach_the_worth() -> None:
    assert owed({"a": Decimal("2.00"), "b": Decimal("0.00")}, {"a": Decimal("2.00")}) == {}


def test_what_was_posted_too_much_is_taken_back() -> None:
    assert owed({"a": Decimal("2.00")}, {"a": Decimal("5.50")}) == {"a": Decimal("-3.50")}


def _with_rule(stage: Stage, to_date: Any) -> Stage:
    item = replace(stage.items[0], rule=replace(stage.items[0].rule, to_date=to_date))
    indicator = replace(stage.indicators[0], items=(item,))
    return replace(stage, indicators=(indicator,))
