"""The rules of SPEC 3, one by one: the examples worked by hand, then what holds always."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from builders import Number, observed, the_shipped_stage, worth
from gsjx_tui.domain import ZERO, Month, points
from gsjx_tui.rubric.model import Observation, Seen
from gsjx_tui.rubric.rules import Graded, Quota, Sample, Tally, Threshold
from gsjx_tui.rubric.shipped import RULES

SEPTEMBER = Month(2013, 9)
"""The first month of the stages made here; months are then counted 1, 2, 3 …"""

LENGTH = 7
"""Months of these stages, as 评议整改 has them."""

Counts = Mapping[int, Mapping[str, Number]]
"""Number of the month -> field -> value."""


def seen(
    values: Counts | None = None,
    *,
    through: int = LENGTH,
    first: int = 1,
    length: int = LENGTH,
    siblings: Number = 0,
) -> Seen:
    """What a rule looks at, through a month; the unit takes part from month ``first`` on."""
    months = tuple(SEPTEMBER.plus(n) for n in range(length))
    return Seen(
        values={
            months[n - 1]: {field: Decimal(value) for field, value in fields.items()}
            for n, fields in sorted((values or {}).items())
            if n <= through
        },
        through=months[through - 1],
        open_months=months,
        stage_months=months,
        unit_months=months[first - 1 : through],
        siblings=Decimal(siblings),
    )


def to_date(params: Any, found: Seen) -> Decimal:
    """What the rule that takes these parameters gives, exact, to the hundredth."""
    rule = next(rule for rule in RULES.values() if rule.params is type(params))
    exact = rule.to_date(params, found)
    assert isinstance(exact, Decimal)
    return points(exact)


def by_month(field: str, *values: Number | None) -> Counts:
    """Month 1, 2, 3 … -> the value of one field; None where nothing was observed."""
    return {n: {field: value} for n, value in enumerate(values, 1) if value is not None}


# what hypothesis draws from

amounts = st.decimals("0", "120", places=2)
small_counts = st.integers(0, 12)
month_numbers = st.integers(1, LENGTH)


def observed_by_month(fields: Mapping[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Counts]:
    """Some months, each with all of these fields."""
    return st.dictionaries(month_numbers, st.fixed_dictionaries(dict(fields)))


# worked by hand (SPEC 3) -----------------------------------------------------------------------


def worked(stage: str, item: str, through: str, *groups: list[Observation]) -> Decimal:
    """An item of a shipped stage through a month."""
    return worth(the_shipped_stage(stage), [o for group in groups for o in group], through)[item]


def test_study_briefs_one_pool_of_ten_for_two_months() -> None:
    briefs = "study.b3.briefs"
    reported = [
        observed(briefs, month="2013-06", count=1),
        observed(briefs, month="2013-07", count=4),
    ]

    by_then = [worked("study", briefs, month, *reported) for month in ("2013-06", "2013-07")]

    assert by_then == [Decimal("0.00"), Decimal("7.00")]


def test_rectify_briefs_month_by_month() -> None:
    briefs = "rectify.b2.briefs"
    months = the_shipped_stage("rectify").months
    reported = [
        observed(briefs, month=str(month), count=count)
        for month, count in zip(months, (2, 2, 3, 1, 0, 9, 2), strict=True)
    ]

    by_then = [worked("rectify", briefs, str(month), *reported) for month in months]

    assert by_then == [10, 20, 31, 36, 36, 50, 60]


def test_rectify_adopted_stops_at_ten() -> None:
    adopted = "rectify.b2.adopted"
    reported = [
        observed(adopted, month="2013-09", adopted=3),
        observed(adopted, month="2013-10", instructed=2),
    ]

    by_then = [worked("rectify", adopted, month, *reported) for month in ("2013-09", "2013-10")]

    assert by_then == [6, 10]


def test_rectify_materials_are_used_up_but_not_below_zero() -> None:
    materials = "rectify.b2.materials"
    reported = [
        observed(materials, month="2013-09", late=2),
        observed(materials, month="2013-10", missing=1),
    ]

    by_then = [worked("rectify", materials, month, *reported) for month in ("2013-09", "2013-10")]

    assert by_then == [6, 0]


def test_study_satisfaction_sample_takes_back_what_the_indicator_has() -> None:
    sample = observed("study.e2.sample", sampled=5, negative=4)
    june = observed("study.e2.plan", 5)
    july = [
        *observed("study.e2.result", 5, month="2013-07"),
        *observed("study.e2.analysis", 5, month="2013-07"),
        *observed("study.e2.improve", 10, month="2013-07"),
    ]

    by_then = [
        worked("study", "study.e2.sample", m, sample, june, july) for m in ("2013-06", "2013-07")
    ]

    assert by_then == [-5, -8]


def test_rectify_adopted_corrected_moves_the_later_month_too() -> None:
    adopted = "rectify.b2.adopted"
    reported = [
        observed(adopted, month="2013-09", adopted=3),
        observed(adopted, month="2013-10", instructed=2),
        observed(adopted, month="2013-09", adopted=1),
    ]

    by_then = [worked("rectify", adopted, month, *reported) for month in ("2013-09", "2013-10")]

    assert by_then == [2, 8]


# graded 评分 -----------------------------------------------------------------------------------

GRADED = Graded(max=Decimal(10))
MONTHLY = Graded(max=Decimal(70), monthly=True)


def test_graded_is_nothing_before_it_is_observed() -> None:
    assert to_date(GRADED, seen()) == ZERO


def test_graded_counts_the_newest_month_even_if_it_is_lower() -> None:
    assert to_date(GRADED, seen(by_month("points", 9, None, "4.5"))) == Decimal("4.50")


@given(observed_by_month({"points": st.decimals("0", "10", places=2)}), month_numbers)
def test_graded_stays_between_zero_and_its_maximum(values: Counts, through: int) -> None:
    assert 0 <= to_date(GRADED, seen(values, through=through)) <= GRADED.max


@given(observed_by_month({"points": st.decimals("0", "10", places=2)}))
def test_graded_depends_on_the_newest_month_alone(values: Counts) -> None:
    assume(values)
    newest = max(values)

    assert to_date(GRADED, seen(values)) == values[newest]["points"]
    assert to_date(GRADED, seen(values)) == to_date(GRADED, seen({newest: values[newest]}))


@given(observed_by_month({"points": st.decimals("0", "10", places=2)}), month_numbers)
def test_graded_monthly_is_the_sum_of_its_slots(values: Counts, through: int) -> None:
    slots = [fields["points"] for month, fields in values.items() if month <= through]

    assert to_date(MONTHLY, seen(values, through=through)) == sum(slots, ZERO)


@given(observed_by_month({"points": st.decimals("0", "10", places=2)}), st.integers(1, LENGTH - 1))
def test_graded_monthly_never_falls_from_month_to_month(values: Counts, through: int) -> None:
    before, after = (to_date(MONTHLY, seen(values, through=n)) for n in (through, through + 1))

    assert 0 <= before <= after <= MONTHLY.max


def test_graded_monthly_has_a_slot_of_equal_size_for_each_month() -> None:
    progress = next(i for i in the_shipped_stage("rectify").items if i.id == "rectify.k1.progress")

    slot = progress.field("points")

    assert slot is not None
    assert (slot.minimum, slot.maximum) == (0, 20)
    assert len(progress.months) == 5


# quota 篇数 ------------------------------------------------------------------------------------

BRIEFS = Quota(
    max=Decimal(70),
    target=2,
    shortfall=Decimal(5),
    surplus=Decimal(1),
    surplus_cap=Decimal(5),
)
BRIEFS_BY_MONTH = replace(BRIEFS, pool="month")
BRIEFS_CAPPED_BY_MONTH = replace(BRIEFS, cap_per="month")

quotas = st.builds(
    Quota,
    max=amounts,
    target=st.integers(0, 4),
    shortfall=amounts,
    surplus=st.decimals("0", "5", places=2),
    surplus_cap=amounts,
    pool=st.sampled_from(["stage", "month"]),
    cap_per=st.sampled_from(["stage", "month"]),
)
counted = observed_by_month({"count": small_counts})


@given(quotas, counted, month_numbers)
def test_quota_stays_between_zero_and_accrued_plus_surplus(
    params: Quota, values: Counts, through: int
) -> None:
    caps = through if params.cap_per == "month" else 1
    most = points(params.max * through / LENGTH + params.surplus_cap * caps)

    assert 0 <= to_date(params, seen(values, through=through)) <= most


@given(quotas, month_numbers)
def test_quota_on_target_is_exactly_what_accrued(params: Quota, through: int) -> None:
    on_target = {n: {"count": params.target} for n in range(1, LENGTH + 1)}

    accrued = to_date(params, seen(on_target, through=through))

    assert accrued == points(params.max * through / LENGTH)


@given(quotas, counted, month_numbers, st.integers(1, 5))
def test_quota_one_more_piece_never_costs_points(
    params: Quota, values: Counts, month: int, more: int
) -> None:
    before = values.get(month, {}).get("count", 0)
    raised = {**values, month: {"count": int(before) + more}}

    assert to_date(params, seen(raised)) >= to_date(params, seen(values))


@given(quotas, counted, month_numbers)
def test_quota_counts_a_month_without_observation_as_no_pieces(
    params: Quota, values: Counts, through: int
) -> None:
    filled = {n: values.get(n, {"count": 0}) for n in range(1, LENGTH + 1)}

    assert to_date(params, seen(values, through=through)) == to_date(
        params, seen(filled, through=through)
    )


@given(counted, month_numbers)
def test_quota_pooled_by_month_never_gives_less_than_by_stage(values: Counts, through: int) -> None:
    found = seen(values, through=through)

    assert to_date(BRIEFS_BY_MONTH, found) >= to_date(BRIEFS, found)


@given(counted, month_numbers)
def test_quota_capped_by_month_never_gives_less_than_by_stage(values: Counts, through: int) -> None:
    found = seen(values, through=through)

    assert to_date(BRIEFS_CAPPED_BY_MONTH, found) >= to_date(BRIEFS, found)


@given(quotas, small_counts)
def test_quota_in_a_stage_of_one_month_pool_and_cap_come_to_the_same(
    params: Quota, count: int
) -> None:
    found = seen(by_month("count", count), through=1, length=1)

    answers = {
        to_date(replace(params, pool=pool, cap_per=cap), found)
        for pool in ("stage", "month")
        for cap in ("stage", "month")
    }

    assert len(answers) == 1


def test_quota_pool_of_the_stage_two_missing_pieces_eat_up_two_months() -> None:
    nothing_then_target = seen(by_month("count", 0, 2), through=2, length=2)
    ten_for_two_months = replace(BRIEFS, max=Decimal(10))

    assert to_date(ten_for_two_months, nothing_then_target) == 0
    assert to_date(replace(ten_for_two_months, pool="month"), nothing_then_target) == 5


def test_quota_cap_of_the_month_lets_each_month_earn_the_whole_bonus() -> None:
    seven_extra_twice = seen(by_month("count", 9, 9), through=2)

    assert to_date(BRIEFS, seven_extra_twice) == 20 + 5
    assert to_date(BRIEFS_CAPPED_BY_MONTH, seven_extra_twice) == 20 + 5 + 5


def test_quota_extra_pieces_of_one_month_dont_make_up_for_another() -> None:
    none_then_four = seen(by_month("count", 0, 4), through=2)

    assert to_date(BRIEFS, none_then_four) == 20 - 2 * 5 + 2


def test_quota_months_before_a_unit_joins_neither_accrue_nor_lack_pieces() -> None:
    joined_in_the_third = seen({3: {"count": 2}, 4: {"count": 2}}, first=3, through=4)

    assert to_date(BRIEFS, joined_in_the_third) == 2 * 10


def test_quota_of_points_that_dont_divide_is_rounded_once_at_the_end() -> None:
    ten_for_three_months = replace(BRIEFS, max=Decimal(10))
    on_target = by_month("count", 2, 2, 2)

    worths = [
        to_date(ten_for_three_months, seen(on_target, through=n, length=3)) for n in (1, 2, 3)
    ]

    assert worths == [Decimal("3.33"), Decimal("6.67"), Decimal("10.00")]


# tally 计次 ------------------------------------------------------------------------------------

ADOPTED = Tally(weights={"adopted": Decimal(2), "instructed": Decimal(3)}, cap=Decimal(10))
MATERIALS = Tally(
    weights={"late": Decimal(-2), "missing": Decimal(-10)}, base=Decimal(10), floor=ZERO
)
COMPLAINTS = Tally(weights={"count": Decimal(-5)})

weights = st.decimals("-20", "20", places=2)
tallies = st.builds(
    Tally,
    weights=st.fixed_dictionaries({"a": weights, "b": weights}),
    base=amounts,
    cap=st.none() | st.decimals("30", "60", places=2),
    floor=st.none() | st.decimals("-30", "30", places=2),
    cap_per=st.sampled_from(["stage", "month"]),
    base_stands=st.sampled_from(["first_month", "accrued", "last_month"]),
)
tallied = observed_by_month({"a": small_counts, "b": small_counts})


@given(tallies, tallied, month_numbers)
def test_tally_stays_between_floor_and_cap(params: Tally, values: Counts, through: int) -> None:
    found = to_date(params, seen(values, through=through))

    if params.floor is not None:
        assert found >= params.floor
    if params.cap is not None and params.cap_per == "stage":
        assert found <= params.cap
    if params.cap is not None and params.cap_per == "month":
        assert found <= params.base + params.cap * through


@given(tallies, tallied)
def test_tally_without_cap_and_floor_is_the_plain_sum(params: Tally, values: Counts) -> None:
    unbounded = replace(params, cap=None, floor=None)

    found = to_date(unbounded, seen(values))

    assert found == params.base + sum(
        (weight * Decimal(fields[name]) for fields in values.values()
         for name, weight in params.weights.items()),
        ZERO,
    )  # fmt: skip


@given(tallies, tallied, month_numbers, st.sampled_from(["a", "b"]))
def test_tally_one_more_moves_the_points_towards_its_weight(
    params: Tally, values: Counts, month: int, name: str
) -> None:
    fields = {"a": 0, "b": 0, **values.get(month, {})}
    raised = {**values, month: {**fields, name: int(fields[name]) + 1}}

    before, after = to_date(params, seen(values)), to_date(params, seen(raised))

    assert after >= before if params.weights[name] >= 0 else after <= before


@given(tallied, month_numbers)
def test_tally_capped_by_stage_doesnt_mind_in_which_month_it_happened(
    values: Counts, month: int
) -> None:
    params = Tally(weights={"a": Decimal(2), "b": Decimal(-3)}, cap=Decimal(20), floor=Decimal(-20))
    together = {
        month: {name: sum(int(fields[name]) for fields in values.values()) for name in ("a", "b")}
    }

    assert to_date(params, seen(values)) == to_date(params, seen(together))


@given(tallied, month_numbers)
def test_tally_of_bonuses_capped_by_month_never_gives_less_than_by_stage(
    values: Counts, through: int
) -> None:
    params = Tally(weights={"a": Decimal(2), "b": Decimal(3)}, cap=Decimal(10))
    found = seen(values, through=through)

    assert to_date(replace(params, cap_per="month"), found) >= to_date(params, found)


@given(observed_by_month({"count": st.integers(0, 99_999)}))
def test_tally_of_complaints_has_no_lower_bound(values: Counts) -> None:
    complaints = sum(int(fields["count"]) for fields in values.values())

    assert to_date(COMPLAINTS, seen(values)) == -5 * complaints


def test_tally_cap_comes_before_floor() -> None:
    params = Tally(weights={"a": Decimal(1)}, cap=Decimal(3), floor=Decimal(2))

    assert [to_date(params, seen(by_month("a", n))) for n in (0, 1, 2, 3, 9)] == [2, 2, 2, 3, 3]


def test_tally_floor_holds_for_the_sum_not_for_each_month() -> None:
    params = Tally(weights={"late": Decimal(-2), "early": Decimal(1)}, base=Decimal(10), floor=ZERO)
    six_late_then_three_early = {1: {"late": 6}, 2: {"early": 3}}

    worths = [to_date(params, seen(six_late_then_three_early, through=n)) for n in (1, 2)]

    assert worths == [0, 10 - 12 + 3]


def test_tally_cap_of_the_month_holds_for_each_month_anew() -> None:
    four_then_four = seen(by_month("adopted", 4, 4))
    nine_then_none = seen(by_month("adopted", 9))

    assert to_date(ADOPTED, four_then_four) == 10
    assert to_date(replace(ADOPTED, cap_per="month"), four_then_four) == 8 + 8
    assert to_date(replace(ADOPTED, cap_per="month"), nine_then_none) == 10


@pytest.mark.parametrize(
    ("base_stands", "by_then"),
    [
        ("first_month", ["10.00", "10.00", "10.00"]),
        ("accrued", ["3.33", "6.67", "10.00"]),
        ("last_month", ["0.00", "0.00", "10.00"]),
    ],
)
def test_tally_base_stands_as_set(base_stands: Any, by_then: list[str]) -> None:
    params = replace(MATERIALS, base_stands=base_stands)

    worths = [to_date(params, seen(through=n, length=3)) for n in (1, 2, 3)]

    assert worths == [Decimal(text) for text in by_then]


def test_tally_base_accrues_only_in_months_in_which_the_unit_takes_part() -> None:
    params = replace(MATERIALS, base_stands="accrued")

    assert to_date(params, seen(first=3, through=3, length=4)) == Decimal("2.50")


@given(tallies, tallied)
def test_tally_base_is_the_same_in_the_last_month_however_it_stands(
    params: Tally, values: Counts
) -> None:
    answers = {
        to_date(replace(params, base_stands=stands), seen(values))
        for stands in ("first_month", "accrued", "last_month")
    }

    assert len(answers) == 1


# threshold 达标 --------------------------------------------------------------------------------

AWARENESS = Threshold(max=Decimal(10), at_least=Decimal(90))

rates = st.decimals("0", "100", places=2)


@pytest.mark.parametrize(
    ("rate", "expected"), [("89.99", 0), ("90", 10), ("90.01", 10), ("100", 10), ("0", 0)]
)
def test_threshold_includes_the_bound_itself(rate: str, expected: int) -> None:
    assert to_date(AWARENESS, seen(by_month("rate", rate))) == expected


def test_threshold_is_nothing_before_a_rate_is_observed() -> None:
    assert to_date(AWARENESS, seen()) == ZERO
    assert to_date(replace(AWARENESS, at_least=ZERO), seen()) == ZERO


@given(st.builds(Threshold, max=amounts, at_least=rates), observed_by_month({"rate": rates}))
def test_threshold_is_all_or_nothing_by_the_newest_rate(params: Threshold, values: Counts) -> None:
    assume(values)
    reached = values[max(values)]["rate"] >= params.at_least  # type: ignore[operator]

    assert to_date(params, seen(values)) == (params.max if reached else 0)


@given(st.builds(Threshold, max=amounts, at_least=rates), rates, rates)
def test_threshold_a_higher_rate_never_gives_less(
    params: Threshold, one: Decimal, other: Decimal
) -> None:
    lower, higher = (to_date(params, seen(by_month("rate", rate))) for rate in sorted((one, other)))

    assert lower <= higher


# sample 抽查 -----------------------------------------------------------------------------------

SAMPLE = Sample(weight=Decimal(2))

samples = observed_by_month({"sampled": st.integers(5, 9), "negative": st.integers(0, 5)})


@given(st.builds(Sample, weight=amounts), samples, amounts)
def test_sample_takes_the_indicator_down_to_zero_but_not_below(
    params: Sample, values: Counts, siblings: Decimal
) -> None:
    taken = to_date(params, seen(values, siblings=siblings))

    assert -siblings <= taken <= 0


@given(st.builds(Sample, weight=amounts), samples, amounts)
def test_sample_takes_its_weight_for_each_negative_answer_while_points_last(
    params: Sample, values: Counts, siblings: Decimal
) -> None:
    negative = sum(int(fields["negative"]) for fields in values.values())

    taken = to_date(params, seen(values, siblings=siblings))

    assert taken == -min(params.weight * negative, siblings)


@given(samples, amounts, month_numbers)
def test_sample_one_more_negative_answer_never_gives_points_back(
    values: Counts, siblings: Decimal, month: int
) -> None:
    fields = values.get(month, {"sampled": 5, "negative": 0})
    raised = {**values, month: {**fields, "negative": int(fields["negative"]) + 1}}

    before, after = (to_date(SAMPLE, seen(v, siblings=siblings)) for v in (values, raised))

    assert after <= before


@given(samples, amounts, amounts)
def test_sample_points_gained_by_the_siblings_never_lower_the_indicator(
    values: Counts, siblings: Decimal, more: Decimal
) -> None:
    before = siblings + to_date(SAMPLE, seen(values, siblings=siblings))
    after = siblings + more + to_date(SAMPLE, seen(values, siblings=siblings + more))

    assert after >= before


def test_sample_takes_nothing_from_an_indicator_that_is_below_zero_already() -> None:
    assert to_date(SAMPLE, seen(by_month("negative", 3), siblings=-4)) == ZERO


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"sampled": 5, "negative": 5}, None),
        ({"sampled": 5}, None),
        ({"sampled": 5, "negative": 6}, "不达标人数 6 多于抽查人数 5"),
        ({"negative": 1}, "填了不达标人数，没有抽查人数"),
    ],
)
def test_sample_negative_answers_need_as_many_people_asked(
    values: Mapping[str, int], complaint: str | None
) -> None:
    together = RULES["sample"].together

    assert together({field: Decimal(value) for field, value in values.items()}) == complaint


def test_sample_asks_one_person_at_least() -> None:
    sampled, negative = RULES["sample"].fields(SAMPLE, ())

    assert (sampled.name, sampled.minimum) == ("sampled", 1)
    assert (negative.name, negative.minimum) == ("negative", 0)
