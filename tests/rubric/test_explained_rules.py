"""Explanations: the words by hand, then that the steps add up to what the rule gives, always."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_rules import (
    ADOPTED,
    BRIEFS,
    MATERIALS,
    SAMPLE,
    Counts,
    amounts,
    by_month,
    counted,
    month_numbers,
    observed_by_month,
    quotas,
    rates,
    samples,
    seen,
    tallied,
    tallies,
)

from builders import the_shipped_rubric
from gsjx_tui.domain import ZERO, points
from gsjx_tui.rubric.explain import adjusted, steps, words
from gsjx_tui.rubric.model import Rule, Seen
from gsjx_tui.rubric.rules import Graded, Sample, Threshold
from gsjx_tui.rubric.shipped import RULES
from gsjx_tui.rubric.steps import TOTAL, Step


def rule_of(params: Any) -> Rule:
    """The shipped rule that takes these parameters."""
    return next(rule for rule in RULES.values() if rule.params is type(params))


def explained(params: Any, found: Seen) -> list[tuple[str, Decimal | None]]:
    """Text and points, to the hundredth, of each step."""
    lines = steps(rule_of(params), "", params, found)
    return [(s.text, None if s.points is None else points(s.points)) for s in lines]


def texts(params: Any, found: Seen) -> list[str]:
    """The text of each step."""
    return [text for text, _ in explained(params, found)]


# in words --------------------------------------------------------------------------------------


def test_quota_says_which_month_lacked_pieces_and_what_the_bonus_was_capped_at() -> None:
    found = seen(by_month("count", 1, 9), through=3)

    assert explained(BRIEFS, found) == [
        ("计到 3 个月，每月 10", 30),
        ("9月 应报 2 篇，报 1 篇，缺 1 篇，每篇扣 5", -5),
        ("10月 应报 2 篇，报 9 篇，多 7 篇，每篇加 1", 7),
        ("11月 应报 2 篇，没有记录，缺 2 篇，每篇扣 5", -10),
        ("加分 7，封顶 5", -2),
        (TOTAL, 20),
    ]


def test_quota_says_that_no_more_can_be_taken_than_there_is() -> None:
    assert explained(BRIEFS, seen(through=1))[2:] == [(TOTAL, 0)]
    assert explained(replace(BRIEFS, shortfall=Decimal(8)), seen(through=1))[1:] == [
        ("9月 应报 2 篇，没有记录，缺 2 篇，每篇扣 8", -16),
        ("少报扣分 16，扣完为止", 6),
        (TOTAL, 0),
    ]


def test_tally_says_cap_and_floor() -> None:
    assert explained(ADOPTED, seen({1: {"adopted": 3}, 2: {"instructed": 2}})) == [
        ("9月 adopted 3 次，每次 +2", 6),
        ("10月 instructed 2 次，每次 +3", 6),
        ("合计 12，封顶 10", -2),
        (TOTAL, 10),
    ]
    assert explained(MATERIALS, seen({1: {"late": 2, "missing": 1}}))[-2:] == [
        ("合计 -4，低于 0 按 0", 4),
        (TOTAL, 0),
    ]
    assert explained(ADOPTED, seen()) == [("没有发生", 0), (TOTAL, 0)]


def test_graded_says_what_was_replaced_by_a_newer_value() -> None:
    assert explained(Graded(Decimal(10)), seen(by_month("points", 9, "4.5"))) == [
        ("9月 评 9 分，后来另评，不再计", None),
        ("10月 评 4.5 分", Decimal("4.50")),
        (TOTAL, Decimal("4.50")),
    ]


def test_threshold_says_whether_it_was_reached() -> None:
    awareness = Threshold(Decimal(10), Decimal(90))

    assert texts(awareness, seen(by_month("rate", 91)))[0] == "9月 百分率 91，达到 90，得 10"
    assert texts(awareness, seen(by_month("rate", "89.99")))[0] == "9月 百分率 89.99，不到 90，得 0"


def test_sample_says_how_much_could_really_be_taken() -> None:
    assert explained(SAMPLE, seen({1: {"sampled": 8, "negative": 5}}, siblings=5)) == [
        ("9月 抽查 8 人，不达标 5 人，每人扣 2", -10),
        ("本指标其余要点 5 分，扣至 0，实扣 5", 5),
        (TOTAL, -5),
    ]


def test_a_rule_of_a_plugin_is_named() -> None:
    strange = replace(RULES["graded"], to_date=lambda params, seen: Decimal("1.005"))

    lines = steps(strange, "lottery", None, seen())

    assert lines == (Step("按 lottery 计", Decimal("1.005")), Step(TOTAL, Decimal("1.01")))
    assert words(strange, "lottery", None, (), ()) == "按插件的规则 lottery 计分"


def test_what_plugins_make_of_it_is_a_line_of_its_own() -> None:
    lines = (Step("底分", Decimal(10)), Step(TOTAL, Decimal("10.00")))

    assert adjusted(lines, Decimal("10.00")) == lines
    assert adjusted(lines, Decimal("8.50")) == (
        lines[0],
        Step("插件调整", Decimal("-1.50")),
        Step(TOTAL, Decimal("8.50")),
    )


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("study.b2.plan", "评分，满分 10，以最近一次为准"),
        ("rectify.k1.progress", "按月评分，满分 100，每月至多 20，各月相加"),
        (
            "study.b3.briefs",
            "应报 2 篇/月，阶段满分 10（2 个月均计）；少一篇扣 5，扣完已计的分为止；"
            "多一篇加 1，全阶段至多加 5",
        ),
    ],
)
def test_the_rule_of_a_shipped_item_in_words(item: str, expected: str) -> None:
    found = the_shipped_rubric().items[item]
    stage = the_shipped_rubric().stage(found.stage)
    assert stage is not None

    assert words(found.rule, found.rule_name, found.params, found.fields, stage.months) == expected


# always ----------------------------------------------------------------------------------------


def check(params: Any, found: Seen) -> None:
    """The total is what the rule gives, and the steps before it add up to it."""
    rule = rule_of(params)
    *lines, total = steps(rule, "", params, found)

    assert total.points == points(rule.to_date(params, found))
    added = sum((line.points for line in lines if line.points is not None), ZERO)
    assert abs(added - rule.to_date(params, found)) < Decimal("1e-20")


gradings = st.builds(Graded, max=amounts, monthly=st.booleans())
thresholds = st.builds(Threshold, max=amounts, at_least=rates)


@given(gradings, observed_by_month({"points": amounts}), month_numbers, month_numbers)
def test_graded_adds_up(params: Graded, values: Counts, through: int, first: int) -> None:
    inside = {n: v for n, v in values.items() if first <= n <= through}
    check(params, seen(inside, through=through, first=first))


@given(quotas, counted, month_numbers, month_numbers)
def test_quota_adds_up(params: Any, values: Counts, through: int, first: int) -> None:
    inside = {n: v for n, v in values.items() if first <= n <= through}
    check(params, seen(inside, through=through, first=first))


@given(tallies, tallied, month_numbers, month_numbers)
def test_tally_adds_up(params: Any, values: Counts, through: int, first: int) -> None:
    inside = {n: v for n, v in values.items() if first <= n <= through}
    check(params, seen(inside, through=through, first=first))


@given(thresholds, observed_by_month({"rate": rates}), month_numbers)
def test_threshold_adds_up(params: Threshold, values: Counts, through: int) -> None:
    check(params, seen(values, through=through))


@given(st.builds(Sample, weight=amounts), samples, month_numbers, st.decimals(-50, 50, places=2))
def test_sample_adds_up(params: Sample, values: Counts, through: int, siblings: Decimal) -> None:
    check(params, seen(values, through=through, siblings=siblings))


@given(quotas | tallies | gradings | thresholds, st.data())
def test_no_step_holds_a_sign_of_ambiguous_width(params: Any, data: st.DataObject) -> None:
    strategies: Mapping[type, Any] = {Graded: {"points": amounts}, Threshold: {"rate": rates}}
    values = data.draw(
        observed_by_month(strategies[type(params)]) if type(params) in strategies else counted
    )

    assert not set("×·≥≤→—…“”") & set("".join(texts(params, seen(values))))
