"""The rules and keys that other methods use: what can't be is told, what counts is explained."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_rules import amounts, by_month, month_numbers, seen

from builders import JUNE, a_campaign, a_stage, a_unit, observed, worth
from gsjx_tui.domain import ZERO, Grade, Month, Points, Settings, points
from gsjx_tui.errors import RubricError
from gsjx_tui.rubric.campaign_toml import parse_campaign
from gsjx_tui.rubric.explain import steps, words
from gsjx_tui.rubric.model import Item
from gsjx_tui.rubric.other_rules import Judged, Raters, Veto, judged, raters, veto
from gsjx_tui.rubric.outcome import Standing, grade_outcomes
from gsjx_tui.rubric.score import effective, newest, to_date
from gsjx_tui.rubric.shipped import RULES
from gsjx_tui.rubric.toml import parse_stage

KNOWN = ["economy", "support", "central"]
PLAN = {"id": "plan", "rule": "graded", "max": 10}


def faults(text: str) -> list[str]:
    """The faults of a stage file, without their places."""
    with pytest.raises(RubricError) as refused:
        parse_stage(text, "stage.toml", RULES, KNOWN)
    assert all(fault.where.startswith("stage.toml 第 ") for fault in refused.value.faults)
    return [f"{fault.what}；{fault.remedy}" for fault in refused.value.faults]


def item_of(**keys: object) -> Item:
    """The only item of a stage."""
    text = a_stage({"id": "it", **keys}, points=keys.pop("points", 10))  # type: ignore[arg-type]
    return parse_stage(text, "stage.toml", RULES, KNOWN).items[0]


# keys ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (
            {**PLAN, "categories": ["economics"]},
            "活动没有类别 economics；活动的类别：economy、support、central",
        ),
        ({**PLAN, "categories": []}, "categories 是空的；至少写一项"),
        (
            {**PLAN, "coefficients": {"town": 1}},
            "活动没有类别 town；活动的类别：economy、support、central",
        ),
        (
            {**PLAN, "coefficients": {"economy": -1}},
            "economy 的系数 -1 是负数；填 0 或正数，如 1.2",
        ),
    ],
)
def test_a_scope_that_cant_be_is_told(item: dict[str, object], told: str) -> None:
    assert told in faults(a_stage(item))


@pytest.mark.parametrize("rule", [{"rule": "sample", "weight": 2}, {"rule": "veto"}])
def test_what_is_taken_from_other_items_has_no_coefficient(rule: dict[str, object]) -> None:
    text = a_stage(PLAN, {"id": "taken", **rule, "coefficients": {"economy": 2}})

    assert faults(text) == ["trial.b1.taken 按其他要点的分扣减，不能有系数；删去 coefficients"]


def test_the_items_must_add_up_for_each_category() -> None:
    some = [
        {"id": "a", "rule": "graded", "max": 10, "categories": ["economy"]},
        {"id": "b", "rule": "graded", "max": 8, "categories": ["support"]},
    ]

    assert faults(a_stage(*some)) == [
        "指标 trial.b1 对类别 support 满分 10.00，各考核要点相加为 8.00，相差 -2.00；"
        "改正满分或其下的分值"
    ]
    some[1]["max"] = 10
    assert len(parse_stage(a_stage(*some), "stage.toml", RULES, KNOWN).items) == 2


def test_an_item_of_an_indicator_for_some_is_for_them_unless_it_says_otherwise() -> None:
    text = a_stage(PLAN, {**PLAN, "id": "all", "max": 0, "coefficients": {"economy": 3}})
    text = text.replace('clause = "一1①"', 'clause = "一1①"\ncoefficients = { economy = 2 }')

    plan, other = parse_stage(text, "stage.toml", RULES, KNOWN).items

    assert plan.coefficient(a_unit()) == 2
    assert other.coefficient(a_unit()) == 3
    assert plan.coefficient(a_unit(category="support")) is None


def test_a_sample_takes_what_the_coefficient_left() -> None:
    text = a_stage(
        {**PLAN, "coefficients": {"economy": Decimal("0.5")}},
        {"id": "sample", "rule": "sample", "weight": 2},
    )
    stage = parse_stage(text, "stage.toml", RULES, KNOWN)
    told = observed("trial.b1.plan", 9) + observed("trial.b1.sample", sampled=5, negative=4)

    assert worth(stage, told, JUNE) == {
        "trial.b1.plan": Decimal("4.50"),
        "trial.b1.sample": Decimal("-4.50"),
    }


def test_an_item_for_others_is_worth_nothing_whatever_its_base() -> None:
    based = {"id": "based", "rule": "judged", "most": 5, "base": 10, "categories": ["support"]}
    stage = parse_stage(
        a_stage({**PLAN, "categories": ["economy"]}, based), "stage.toml", RULES, KNOWN
    )
    told = observed("trial.b1.plan", 9)

    assert worth(stage, told, JUNE) == {"trial.b1.plan": 9, "trial.b1.based": 0}
    assert worth(stage, told, JUNE, unit=a_unit(category="support"))["trial.b1.based"] == 10


def test_a_plugin_has_its_say_on_what_the_coefficient_left() -> None:
    text = a_stage({**PLAN, "coefficients": {"economy": Decimal("0.5")}})
    stage = parse_stage(text, "stage.toml", RULES, KNOWN)
    values = effective(newest(observed("trial.b1.plan", 8)), Settings())

    def one_less(item: Item, unit: object, month: Month, seen: object, found: Points) -> Points:
        return found - 1

    assert to_date(stage, a_unit(), values, Month.parse(JUNE), one_less) == {"trial.b1.plan": 3}


# rules -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "told"),
    [
        ({"rule": "judged", "most": -1, "base": 10}, "most 不能为负数"),
        ({"rule": "judged", "most": 5, "base": 10, "floor": 11}, "floor 11 大于 base 10"),
        ({"rule": "raters", "max": 10, "raters": 0}, "raters 0 不在 1 到 30 之间"),
        ({"rule": "raters", "max": 10, "raters": 2}, "drop 1 太大，2 名评委去掉高低各 1 个后"),
        ({"rule": "veto", "keeps": -1}, "keeps 不能为负数"),
    ],
)
def test_a_parameter_that_cant_be_is_told(item: dict[str, object], told: str) -> None:
    assert any(told in fault for fault in faults(a_stage({"id": "it", **item})))


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (
            {"rule": "judged", "most": 5, "base": 10, "floor": 0},
            "底分 10，酌情扣分，每月至多扣 5，低于 0 按 0",
        ),
        (
            {"rule": "raters", "max": 10, "raters": 5},
            "5 名评委评分，去掉最高、最低各 1 个取平均，满分 10，以最近一次为准",
        ),
        ({"rule": "veto", "points": 0}, "一票否决：有一次，本阶段不得分"),
        ({"rule": "veto", "keeps": 60, "points": 0}, "一票否决：有一次，本阶段至多留 60 分"),
    ],
)
def test_a_rule_in_words(item: dict[str, object], said: str) -> None:
    nominal = item.pop("points", 10)
    text = a_stage({"id": "it", **item}, points=nominal)  # type: ignore[arg-type]
    found = parse_stage(text, "stage.toml", RULES, KNOWN).items[0]

    assert words(found.rule, found.rule_name, found.params, found.fields, ()) == said


@given(
    most=amounts,
    base=amounts,
    floor=st.none() | st.just(ZERO),
    values=st.dictionaries(month_numbers, st.fixed_dictionaries({"deducted": amounts})),
)
def test_judged_is_its_base_less_deductions_and_its_steps_say_so(
    most: Decimal, base: Decimal, floor: Decimal | None, values: dict[int, dict[str, Decimal]]
) -> None:
    params, found = Judged(most, base, floor), seen(values)
    expected = base - sum((v["deducted"] for v in values.values()), ZERO)

    total = judged(params, found)

    assert total == (expected if floor is None else max(expected, floor))
    lines = steps(RULES["judged"], "judged", params, found)
    assert sum((s.points or ZERO for s in lines[:-1]), ZERO) == total
    assert lines[-1].points == points(total)


@given(ratings=st.lists(amounts, min_size=1, max_size=9), drop=st.integers(0, 3))
def test_raters_lie_between_the_lowest_and_highest_and_their_steps_say_so(
    ratings: list[Decimal], drop: int
) -> None:
    found = seen({1: {f"r{n}": value for n, value in enumerate(ratings)}})
    params = Raters(Decimal(99999), 9, drop)

    total = raters(params, found)

    assert min(ratings) <= points(total) <= max(ratings)
    kept = sorted(ratings)[drop : len(ratings) - drop] if len(ratings) > 2 * drop else ratings
    assert points(total) == points(sum(kept, ZERO) / len(kept))
    lines = steps(RULES["raters"], "raters", params, found)
    assert lines[-1].points == points(total)


def test_raters_without_any_are_worth_nothing_and_the_newest_month_counts() -> None:
    assert raters(Raters(Decimal(10), 5), seen()) == 0
    twice = seen({1: {"r1": Decimal(9)}, 2: {"r1": Decimal(5)}})
    assert raters(Raters(Decimal(10), 5), twice) == 5


@given(siblings=st.integers(-50, 50).map(Decimal), keeps=st.integers(0, 30).map(Decimal))
def test_a_veto_leaves_what_it_keeps_and_never_adds(siblings: Decimal, keeps: Decimal) -> None:
    found = seen(by_month("count", 1), siblings=siblings)

    assert siblings + veto(Veto(keeps), found) == min(siblings, keeps)
    assert veto(Veto(keeps), seen(by_month("count", 0), siblings=siblings)) == 0
    lines = steps(RULES["veto"], "veto", Veto(keeps), found)
    assert lines[-1].points == points(veto(Veto(keeps), found))


def test_vetoes_take_from_all_indicators_and_the_second_from_what_the_first_left() -> None:
    text = a_stage(
        PLAN,
        {"id": "six", "rule": "veto", "keeps": 6},
        {"id": "four", "rule": "veto", "keeps": 4},
        points=10,
    ).replace("points = 10", "points = 13", 1)
    text += """[[indicators]]
id = "b2"
kind = "basic"
name = "指标"
points = 3
clause = "一1②"
[[indicators.items]]
id = "more"
label = "要点"
rule = "graded"
max = 3
"""
    stage = parse_stage(text, "stage.toml", RULES, KNOWN)
    told = observed("trial.b1.plan", 10) + observed("trial.b2.more", 3)
    told += observed("trial.b1.six", count=1) + observed("trial.b1.four", count=1)

    found = worth(stage, told, JUNE)

    assert (found["trial.b1.six"], found["trial.b1.four"]) == (-7, -2)
    assert sum(found.values()) == 4


# grades ----------------------------------------------------------------------------------------


def standings(*ranked: tuple[int, int]) -> list[Standing]:
    """Units of one category by rank and points."""
    return [
        Standing("economy", rank, f"A{n}", "", "", False, Decimal(points))
        for n, (rank, points) in enumerate(ranked, 1)
    ]


def test_a_tie_at_the_end_of_a_share_is_marked() -> None:
    best = Grade("优秀", share=Decimal(50)), Grade("其他")

    found = grade_outcomes(standings((1, 90), (2, 80), (2, 80), (4, 10)), best)

    assert [(o.unit, o.kind, o.tied) for o in found] == [
        ("A1", "优秀", False),
        ("A2", "优秀", True),
        ("A3", "优秀", True),
        ("A4", "其他", False),
    ]


def test_a_share_is_rounded_down_and_may_be_none_at_all() -> None:
    found = grade_outcomes(standings((1, 90), (2, 80)), [Grade("优秀", share=Decimal(49))])

    assert found == []


@pytest.mark.parametrize(
    ("grade", "told"),
    [
        ("share = 101", "share 101 不在 0 到 100 之间"),
        ("at_leest = 5", "不认识的键 at_leest"),
        ('at_least = "5"', "at_least 的值 '5' 不对"),
    ],
)
def test_a_grade_that_cant_be_is_told(grade: str, told: str) -> None:
    text = a_campaign() + f'[[grades]]\nname = "优秀"\n{grade}\n'

    with pytest.raises(RubricError, match=told):
        parse_campaign(text, "campaign.toml")


def test_two_grades_of_a_name_are_told() -> None:
    text = a_campaign() + '[[grades]]\nname = "优秀"\n' * 2

    with pytest.raises(RubricError, match=r"campaign\.toml 第 \d+ 行：优秀 写了两次"):
        parse_campaign(text, "campaign.toml")
