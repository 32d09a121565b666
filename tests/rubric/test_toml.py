"""Every fault of ``stage.toml`` and ``campaign.toml``: file, line, what is wrong, the remedy."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from builders import AUGUST, JULY, JUNE, a_campaign, a_stage, the_stage
from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault, RubricError
from gsjx_tui.rubric.campaign_toml import assemble, parse_campaign
from gsjx_tui.rubric.model import Rubric, Stage
from gsjx_tui.rubric.rules import Graded, Tally
from gsjx_tui.rubric.shipped import RULES
from gsjx_tui.rubric.toml import parse_stage

STAGE = """\
# A stage of two months; the comment puts the keys off the first line.
id = "trial"
name = "试行"
points = 40
months = ["2013-06", "2013-07"]

[[indicators]]
id = "b1"
kind = "basic"
name = "机构"
points = 10
clause = "一1①"

  [[indicators.items]]
  id = "body"
  label = "机构"
  rule = "graded"
  max = 10

[[indicators]]
id = "e1"
kind = "effect"
name = "成效"
points = 30
clause = "一3①"

  [[indicators.items]]
  id = "briefs"
  label = "信息"
  rule = "quota"
  max = 20
  target = 2
  shortfall = 5
  surplus = 1
  surplus_cap = 5

  [[indicators.items]]
  id = "adopted"
  label = "采用"
  rule = "tally"
  weights = { adopted = 2, instructed = 3 }
  base = 10

  [[indicators.items]]
  id = "sample"
  label = "抽查"
  rule = "sample"
  weight = 2
"""

CAMPAIGN = """\
id = "test"
name = "试点"
points = 50
stages = ["first", "second"]
award_places = 2

[[categories]]
id = "economy"
name = "经济"

[[categories]]
id = "central"
name = "中市"
superior_letter = true
"""


def line_of(text: str, line: str) -> int:
    """The number of the only line that reads so."""
    numbers = [n for n, found in enumerate(text.splitlines(), 1) if found.strip() == line.strip()]
    assert len(numbers) == 1, f"{line!r} is there {len(numbers)} times"
    return numbers[0]


def place(text: str, line: str) -> str:
    """How a fault calls the only line of the stage that reads so."""
    return f"试行/stage.toml 第 {line_of(text, line)} 行"


def changed(text: str, old: str, new: str) -> str:
    """The text with its only occurrence of ``old`` replaced."""
    assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
    return text.replace(old, new)


def faults(parse: Callable[[], object]) -> tuple[Fault, ...]:
    """The faults that reading raises."""
    with pytest.raises(RubricError) as refused:
        parse()
    return refused.value.faults


def stage_faults(text: str) -> tuple[Fault, ...]:
    """The faults of a ``stage.toml``."""
    return faults(lambda: parse_stage(text, "试行/stage.toml", RULES))


def campaign_faults(text: str) -> tuple[Fault, ...]:
    """The faults of a ``campaign.toml``."""
    return faults(lambda: parse_campaign(text, "campaign.toml"))


# a sound file ----------------------------------------------------------------------------------


def test_a_sound_stage_is_read_whole() -> None:
    stage = parse_stage(STAGE, "stage.toml", RULES)

    assert (stage.id, stage.name, stage.points) == ("trial", "试行", 40)
    assert stage.months == (Month(2013, 6), Month(2013, 7))
    assert [i.id for i in stage.items] == [
        "trial.b1.body",
        "trial.e1.briefs",
        "trial.e1.adopted",
        "trial.e1.sample",
    ]
    assert stage.items[0].params == Graded(max=Decimal(10))
    assert stage.items[0].clause == "一1①"
    assert stage.items[2].params == Tally(
        weights={"adopted": Decimal(2), "instructed": Decimal(3)}, base=Decimal(10)
    )


def test_points_are_decimals_with_two_places_however_they_are_written() -> None:
    halves = changed(changed(STAGE, "points = 10\n", "points = 2.5\n"), "max = 10", "max = 2.50")
    stage = parse_stage(changed(halves, "points = 40", "points = 32.5"), "stage.toml", RULES)

    written = [stage.points, stage.indicators[0].points, stage.items[0].nominal]

    assert [str(points) for points in written] == ["32.50", "2.50", "2.50"]


def test_an_item_may_have_months_a_clause_and_an_office_of_its_own() -> None:
    item = {
        "id": "a",
        "rule": "graded",
        "max": 10,
        "months": [JULY],
        "clause": "六",
        "office": True,
    }

    found = the_stage(item).items[0]

    assert (found.months, found.clause, found.office) == ((Month(2013, 7),), "六", True)


def test_a_sound_campaign_is_read_whole() -> None:
    campaign = parse_campaign(CAMPAIGN, "campaign.toml")

    assert (campaign.id, campaign.points, campaign.stages) == ("test", 50, ("first", "second"))
    assert [c.id for c in campaign.categories if c.superior_letter] == ["central"]
    assert campaign.settings.award_places == 2
    assert campaign.settings.unverified_claims == "accept"


# one fault at a time ---------------------------------------------------------------------------

HERE = "# here"
"""Marks the line that is at fault."""

NOT_A_MONTH = "写成 2013-06 这样的四位年、两位月"
IN_THE_STAGE = "改为 2013-06 至 2013-07 之间的月份"
ONE_FAULT = [
    pytest.param(
        'rule = "quota"',
        'rule = "qouta"  # here',
        "不认识的计分规则 qouta",
        "是否应为 quota；可用：graded、quota、tally、threshold、sample、judged、raters、veto",
        id="a rule nobody knows, with a suggestion",
    ),
    pytest.param(
        'rule = "quota"',
        'rule = "zzz"  # here',
        "不认识的计分规则 zzz",
        "可用：graded、quota、tally、threshold、sample、judged、raters、veto",
        id="a rule like no other",
    ),
    pytest.param(
        "points = 10",
        "points = 12  # here",
        "指标 trial.b1 满分 12.00，各考核要点相加为 10.00，相差 -2.00",
        "改正满分或其下的分值",
        id="items that don't add up to their indicator",
    ),
    pytest.param(
        "points = 40",
        "points = 39.99  # here",
        "阶段 trial 满分 39.99，各指标相加为 40.00，相差 0.01",
        "改正满分或其下的分值",
        id="indicators that don't add up to their stage",
    ),
    pytest.param(
        "target = 2",
        'target = 2\n  months = ["2013-07", "2013-08"]  # here',
        "trial.e1.briefs 的月份 2013-08 不在本阶段内",
        IN_THE_STAGE,
        id="a month outside the stage",
    ),
    pytest.param(
        "weight = 2",
        'weight = 2\n  months = ["2013-06"]  # here',
        "trial.e1.sample 是抽查扣分，本阶段每月都可录入",
        "删去 months",
        id="a sample tied to months",
    ),
    pytest.param(
        'id = "e1"',
        'id = "b1"  # here',
        "trial.b1 写了两次",
        "改为不同的 id",
        id="an indicator twice",
    ),
    pytest.param(
        'id = "adopted"',
        'id = "briefs"  # here',
        "trial.e1.briefs 写了两次",
        "改为不同的 id",
        id="an item twice",
    ),
    pytest.param(
        "max = 20",
        'max = "20"  # here',
        "max 的值 '20' 不对",
        "应为一个数，不加引号",
        id="text for points",
    ),
    pytest.param(
        "max = 20",
        "max = true  # here",
        "max 的值 True 不对",
        "应为一个数，不加引号",
        id="true for points",
    ),
    pytest.param(
        "max = 20",
        "max = 20.125  # here",
        "max 的值 20.125 不对",
        "应为至多两位小数的数",
        id="mills",
    ),
    pytest.param(
        "max = 20",
        "max = 1e30  # here",
        "max 的值 1E+30 不对",
        "应为不超过 99999999 的数",
        id="too much",
    ),
    pytest.param(
        "max = 20",
        "max = nan  # here",
        "max 的值 NaN 不对",
        "应为不超过 99999999 的数",
        id="not a number",
    ),
    pytest.param(
        "target = 2",
        "target = 2.5  # here",
        "target 的值 2.5 不对",
        "应为一个整数",
        id="half a piece",
    ),
    pytest.param(
        'label = "信息"',
        "label = 7  # here",
        "label 的值 7 不对",
        "应为一段文字，写在双引号内",
        id="number",
    ),
    pytest.param(
        'label = "信息"', 'label = " "  # here', "label 是空的", "填上内容", id="a blank label"
    ),
    pytest.param(
        'id = "briefs"',
        'id = "Briefs-1"  # here',
        "id “Briefs-1”不合写法",
        "用小写字母开头，只含小写字母、数字、下划线",
        id="an id with a capital",
    ),
    pytest.param(
        "surplus = 1",
        'surplus = 1\n  pool = "year"  # here',
        "pool 的值 year 不认识",
        "改为 stage、month 之一",
        id="a choice that isn't one",
    ),
    pytest.param(
        'kind = "effect"',
        'kind = "other"  # here',
        "kind 的值 other 不认识",
        "改为 basic、key、effect 之一",
        id="a kind of work that isn't one",
    ),
    pytest.param(
        "weight = 2",
        'weight = 2\n  office = "yes"  # here',
        "office 的值 'yes' 不对",
        "应为true 或 false",
        id="text for true or false",
    ),
    pytest.param(
        "weights = { adopted = 2, instructed = 3 }",
        "weights = 2  # here",
        "weights 的值 2 不对",
        "应为一个表 { … }",
        id="a number for a table",
    ),
    pytest.param(
        'months = ["2013-06", "2013-07"]',
        'months = ["2013-06", "2013-7"]  # here',
        "“2013-7”不是月份",
        NOT_A_MONTH,
        id="a month with one digit",
    ),
    pytest.param(
        'months = ["2013-06", "2013-07"]',
        "months = [6, 7]  # here",
        "months 的值 [6, 7] 不对",
        "应为一列写在双引号内的文字",
        id="numbers for months",
    ),
    pytest.param(
        'months = ["2013-06", "2013-07"]',
        "months = []  # here",
        "months 是空的",
        "至少写一项",
        id="no months",
    ),
    pytest.param(
        'months = ["2013-06", "2013-07"]',
        'months = ["2013-07", "2013-06"]  # here',
        "months 中的月份有重复或次序不对",
        "按先后各写一次",
        id="months in the wrong order",
    ),
    pytest.param(
        'months = ["2013-06", "2013-07"]',
        'months = ["2013-05", "2013-07"]  # here',
        "阶段的月份中间有缺",
        "从 2013-05 到 2013-07 每月都写上",
        id="a gap between months",
    ),
    pytest.param(
        "surplus_cap = 5",
        "surplus_cap = 5\n  surplus_max = 5  # here",
        "不认识的键 surplus_max",
        "是否应为 surplus_cap",
        id="an unknown parameter, with a suggestion",
    ),
    pytest.param(
        'name = "试行"',
        'name = "试行"\nnmae = "试行"  # here',
        "不认识的键 nmae",
        "是否应为 name",
        id="an unknown key of the stage",
    ),
    pytest.param(
        'clause = "一1①"',
        'clause = "一1①"\nxyzzy = 1  # here',
        "不认识的键 xyzzy",
        "可用的键：id、kind、name、points、clause、items、"
        "categories、coefficients、unit_coefficients",
        id="an unknown key like no other",
    ),
    pytest.param(
        "surplus_cap = 5",
        "surplus_cap = -5  # here",
        "考核要点 trial.e1.briefs 的 surplus_cap 不能为负数",
        "改正该参数",
        id="a negative cap, told apart from a key it begins with",
    ),
    pytest.param(
        "shortfall = 5",
        "shortfall = -5  # here",
        "考核要点 trial.e1.briefs 的 shortfall 不能为负数",
        "改正该参数",
        id="a negative shortfall",
    ),
    pytest.param(
        "base = 10",
        "base = 10\n  floor = 5  # here\n  cap = 4",
        "考核要点 trial.e1.adopted 的 floor 5 大于 cap 4",
        "改正该参数",
        id="a floor above the cap",
    ),
    pytest.param(
        "weights = { adopted = 2, instructed = 3 }",
        'weights = { adopted = 2 }\n  names = { adpoted = "采用" }  # here',
        "考核要点 trial.e1.adopted 的 names 中的 adpoted 不在 weights 中",
        "改正该参数",
        id="a name for no weight",
    ),
    pytest.param(
        "weights = { adopted = 2, instructed = 3 }",
        "weights = {}  # here",
        "考核要点 trial.e1.adopted 的 weights 为空，至少要有一种计次及其分值",
        "改正该参数",
        id="no weights",
    ),
    pytest.param(
        "weights = { adopted = 2, instructed = 3 }",
        'weights = { adopted = "2" }  # here',
        "adopted 的值 '2' 不对",
        "应为一个数，不加引号",
        id="text for a weight",
    ),
    pytest.param(
        "weight = 2",
        "weight = -2  # here",
        "考核要点 trial.e1.sample 的 weight 不能为负数",
        "改正该参数",
        id="a sample that gives points",
    ),
]


@pytest.mark.parametrize(("old", "new", "what", "remedy"), ONE_FAULT)
def test_a_fault_is_told_with_file_line_and_remedy(
    old: str, new: str, what: str, remedy: str
) -> None:
    text = changed(STAGE, old, new)
    line = next(n for n, found in enumerate(text.splitlines(), 1) if found.endswith(HERE))

    assert stage_faults(text) == (Fault(f"试行/stage.toml 第 {line} 行", what, remedy),)


MISSING = [
    pytest.param('id = "trial"\n', 1, "缺少 id", "补上 id：一段文字", id="stage id"),
    pytest.param('name = "试行"\n', 1, "缺少 name", "补上 name：一段文字", id="stage name"),
    pytest.param("points = 40\n", 1, "缺少 points", "补上 points：一个数", id="stage points"),
    pytest.param('clause = "一3①"\n', "e1", "缺少 clause", "补上 clause：一段文字", id="clause"),
    pytest.param(
        'kind = "effect"\n', "e1", "缺少 kind", "补上 kind：basic、key、effect 之一", id="kind"
    ),
    pytest.param('  label = "信息"\n', "briefs", "缺少 label", "补上 label：一段文字", id="label"),
    pytest.param('  rule = "quota"\n', "briefs", "缺少 rule", "补上 rule：一段文字", id="rule"),
    pytest.param("  target = 2\n", "briefs", "缺少 target", "补上 target：一个整数", id="target"),
    pytest.param("  max = 20\n", "briefs", "缺少 max", "补上 max：一个数", id="max"),
    pytest.param("  weight = 2\n", "sample", "缺少 weight", "补上 weight：一个数", id="weight"),
]


@pytest.mark.parametrize(("key", "table", "what", "remedy"), MISSING)
def test_a_missing_key_is_told_at_the_head_of_its_table(
    key: str, table: str | int, what: str, remedy: str
) -> None:
    text = changed(STAGE, key, "")
    line = table if isinstance(table, int) else line_of(text, f'id = "{table}"') - 1

    assert stage_faults(text) == (Fault(f"试行/stage.toml 第 {line} 行", what, remedy),)


def test_missing_months_are_told_once_not_at_every_item() -> None:
    text = changed(STAGE, 'months = ["2013-06", "2013-07"]\n', "")

    assert stage_faults(text) == (
        Fault("试行/stage.toml 第 1 行", "缺少 months", "补上 months：一列文字"),
    )


def test_an_indicator_without_items_says_what_is_missing() -> None:
    first_item = STAGE[
        STAGE.index("  [[indicators.items]]") : STAGE.index('[[indicators]]\nid = "e1"')
    ]
    text = changed(STAGE, first_item, "")

    assert stage_faults(text) == (
        Fault("试行/stage.toml 第 7 行", "缺少 items", "补上 items：[[items]] 表"),
    )


def test_two_samples_in_one_indicator_are_refused() -> None:
    again = STAGE[STAGE.rindex("  [[indicators.items]]") :].replace('"sample"', '"again"', 1)

    (fault,) = stage_faults(f"{STAGE}\n{again}")

    assert fault.what == "指标 trial.e1 有两个抽查扣分要点"
    assert fault.remedy == "合并为一个"


def test_monthly_slots_must_divide_to_the_hundredth() -> None:
    text = a_stage(
        {"id": "progress", "rule": "graded", "max": 10, "monthly": True},
        months=[JUNE, JULY, AUGUST],
    )

    (fault,) = stage_faults(text)

    assert fault.where == place(text, 'rule = "graded"')
    assert (
        fault.what
        == "考核要点 trial.b1.progress 的 满分 10 按 3 个月均分除不尽到百分位，应改满分或月份"
    )


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        pytest.param("points = 40", "points = ", "第 4 行第 10 列", id="no value"),
        pytest.param('name = "试行"', 'name = "试行', "第 3 行第 11 列", id="an open quote"),
        pytest.param("points = 40", "points 40", "第 4 行第 8 列", id="no equals sign"),
        pytest.param("target = 2", "max = 3", "第 32 行第 10 列", id="a key twice"),
        pytest.param("  weight = 2\n", "  weight = [2", "末尾", id="an open bracket at the end"),
    ],
)
def test_a_syntax_error_is_told_with_line_and_column(old: str, new: str, where: str) -> None:
    remedy = "对照引号、括号、等号改正，同一个键只写一次"

    assert stage_faults(changed(STAGE, old, new)) == (
        Fault(f"试行/stage.toml {where}", "不合 TOML 语法", remedy),
    )


# several at once -------------------------------------------------------------------------------


def test_all_faults_of_a_file_are_told_in_one_error() -> None:
    text = changed(STAGE, "max = 10", "max = -1")
    text = changed(text, 'rule = "quota"', 'rule = "quotas"')
    text = changed(text, "base = 10", 'base = "10"')
    text = changed(text, 'id = "sample"', 'id = "briefs"')

    told = {(fault.where, fault.what) for fault in stage_faults(text)}

    assert told == {
        (
            place(text, "max = -1"),
            "考核要点 trial.b1.body 的 max 不能为负数",
        ),
        (place(text, 'rule = "quotas"'), "不认识的计分规则 quotas"),
        (place(text, 'base = "10"'), "base 的值 '10' 不对"),
    }


def test_the_error_prints_a_line_for_each_fault_with_its_remedy() -> None:
    text = changed(changed(STAGE, "max = 20", 'max = "20"'), "weight = 2", "weight = true")

    with pytest.raises(RubricError) as refused:
        parse_stage(text, "试行/stage.toml", RULES)

    assert str(refused.value).splitlines() == [
        "试行/stage.toml 第 31 行：max 的值 '20' 不对；应为一个数，不加引号。",
        "试行/stage.toml 第 48 行：weight 的值 True 不对；应为一个数，不加引号。",
    ]


def test_points_are_not_added_up_while_an_item_can_t_be_read() -> None:
    (fault,) = stage_faults(changed(STAGE, "max = 20", "max = 1.234"))

    assert fault.what == "max 的值 1.234 不对"


# the campaign ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "what", "remedy"),
    [
        pytest.param(
            'stages = ["first", "second"]',
            "stages = []  # here",
            "stages 是空的",
            "至少写一项",
            id="no stages",
        ),
        pytest.param(
            'stages = ["first", "second"]',
            'stages = ["first", "first"]  # here',
            "first 写了两次",
            "改为不同的 id",
            id="a stage twice",
        ),
        pytest.param(
            'id = "central"',
            'id = "economy"  # here',
            "economy 写了两次",
            "改为不同的 id",
            id="a category twice",
        ),
        pytest.param(
            "award_places = 2",
            "award_places = -1  # here",
            "award_places 不能为负数",
            "填每类列为评先选优的名次数",
            id="fewer than no awards",
        ),
        pytest.param(
            "award_places = 2",
            'unverified_claims = "maybe"  # here',
            "unverified_claims 的值 maybe 不认识",
            "改为 accept、reject 之一",
            id="a setting that isn't one",
        ),
        pytest.param(
            "award_places = 2",
            'final_scopes = "all"  # here',
            "不认识的键 final_scopes",
            "是否应为 final_scope",
            id="a setting nobody knows",
        ),
        pytest.param(
            "superior_letter = true",
            'superior_letter = "yes"  # here',
            "superior_letter 的值 'yes' 不对",
            "应为true 或 false",
            id="text for true or false",
        ),
        pytest.param(
            "superior_letter = true",
            "superior = true  # here",
            "不认识的键 superior",
            "是否应为 superior_letter",
            id="an unknown key of a category",
        ),
    ],
)
def test_a_fault_of_the_campaign_is_told_with_its_line(
    old: str, new: str, what: str, remedy: str
) -> None:
    text = changed(CAMPAIGN, old, new)
    line = next(n for n, found in enumerate(text.splitlines(), 1) if found.endswith(HERE))

    assert campaign_faults(text) == (Fault(f"campaign.toml 第 {line} 行", what, remedy),)


def test_a_campaign_without_categories_says_so() -> None:
    text = CAMPAIGN[: CAMPAIGN.index("[[categories]]")]

    assert campaign_faults(text) == (
        Fault("campaign.toml 第 1 行", "缺少 categories", "补上 categories：[[categories]] 表"),
    )


# stages put together ---------------------------------------------------------------------------


def assembled(*stages: Stage, campaign: str = "") -> Rubric:
    """The rubric of a campaign of 20 points whose stages are first and second."""
    text = campaign or a_campaign(["first", "second"], 20)
    return assemble(parse_campaign(text, "campaign.toml"), stages, text, "campaign.toml")


FIRST = the_stage(id="first", months=[JUNE, JULY])
SECOND = the_stage(id="second", months=[AUGUST])


def test_the_stages_stand_in_the_order_of_the_campaign_not_of_their_finding() -> None:
    rubric = assembled(SECOND, FIRST)

    assert [stage.id for stage in rubric.stages] == ["first", "second"]
    assert [str(month) for month in rubric.months] == [JUNE, JULY, AUGUST]


def test_a_stage_that_the_campaign_does_not_name_is_not_used() -> None:
    rubric = assembled(FIRST, SECOND, the_stage(id="third", months=[JUNE]))

    assert [stage.id for stage in rubric.stages] == ["first", "second"]


def test_a_stage_that_nobody_contributes_is_told() -> None:
    assert faults(lambda: assembled(FIRST)) == (
        Fault(
            "campaign.toml 第 4 行",
            "找不到阶段 second",
            "安装它的插件或改正名称（已装：first）",
        ),
    )


@pytest.mark.parametrize(
    ("months", "start"),
    [
        pytest.param(["2013-09"], "2013-09", id="a gap"),
        pytest.param([JULY, AUGUST], JULY, id="an overlap"),
        pytest.param([JUNE], JUNE, id="the wrong order"),
    ],
)
def test_months_that_leave_a_gap_or_overlap_between_stages_are_told(
    months: list[str], start: str
) -> None:
    second = the_stage(id="second", months=months)

    assert faults(lambda: assembled(FIRST, second)) == (
        Fault(
            "campaign.toml 第 4 行",
            f"阶段 second 从 {start} 开始，与 first 止于 2013-07 不相接",
            "改正阶段的次序或月份，每月属于且只属于一个阶段",
        ),
    )


def test_stages_that_don_t_add_up_to_the_campaign_are_told_beside_the_months() -> None:
    second = the_stage(id="second", months=[JULY], points=Decimal("10.50"))

    told = faults(lambda: assembled(FIRST, second))

    assert [fault.where for fault in told] == ["campaign.toml 第 4 行", "campaign.toml 第 3 行"]
    assert told[1].what == "活动 test 满分 20.00，各阶段相加为 20.50，相差 0.50"
    assert told[1].remedy == "改正满分或其下的分值"
