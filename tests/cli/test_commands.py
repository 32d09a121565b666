"""Every command of SPEC 8 as a program that calls it meets it: words in, text and exit code out."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from clerk import (
    AUGUST,
    DRAFT,
    JULY,
    JUNE,
    ROSTER,
    TIMEOUT,
    Desk,
    Ended,
    ask,
    assert_clear,
    assert_nothing_written,
    assert_refused,
    clean_environment,
    command,
    counts,
    process,
    rows_text,
)

RANK_COLUMNS = [
    "category",
    "rank",
    "unit",
    "name",
    "points",
    "previous_rank",
    "previous_points",
    "moved",
    "confirmed_through",
]


# init ------------------------------------------------------------------------------------------


def test_init_makes_the_home_with_its_ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    desk = Desk(tmp_path / "some" / "where", capsys)

    ended = desk.do("init", "--units", desk_file(tmp_path, "roster.csv", ROSTER))

    assert "8 个单位，4 个阶段，103 个考核要点" in ended.out
    made = sorted(path.name for path in desk.home.iterdir())
    assert made == ["campaign.toml", "ledger.duckdb", "units.csv"]
    assert (desk.home / "units.csv").read_text("utf-8") == ROSTER
    assert counts(desk.home) == (0, 0, 0)


def test_init_without_options_takes_the_shipped_campaign_and_roster(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    desk = Desk(tmp_path / "home", capsys)

    assert "躬身践行·服务发展活动，112 个单位" in desk.do("init").out


def test_init_takes_the_files_that_are_in_the_home_already(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    desk = Desk(tmp_path / "home", capsys)
    desk.home.mkdir()
    desk_file(desk.home, "units.csv", ROSTER)

    assert "8 个单位" in desk.do("init").out


def test_init_never_touches_a_ledger_that_exists(june: Desk):
    before = (june.home / "ledger.duckdb").read_bytes()

    ended = june.run("init")

    assert_refused(ended, str(june.home / "ledger.duckdb"), "已经存在", "--home")
    assert (june.home / "ledger.duckdb").read_bytes() == before


def test_init_does_not_replace_another_roster(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    desk = Desk(tmp_path / "home", capsys)
    desk.home.mkdir()
    desk_file(desk.home, "units.csv", ROSTER)
    other = desk_file(tmp_path, "other.csv", ROSTER + "T04,壬乡,township,,,\n")

    ended = desk.run("init", "--units", other)

    assert_refused(ended, "已有内容不同的 units.csv", "先移走它")
    assert [path.name for path in desk.home.iterdir()] == ["units.csv"]


# rubric ----------------------------------------------------------------------------------------


def test_rubric_json_has_the_keys_of_the_specification(fresh: Desk):
    data = fresh.do("rubric", "--format", "json").data

    assert list(data) == ["campaign", "stages"]
    assert [stage["id"] for stage in data["stages"]] == [
        "study",
        "selfcheck",
        "rectify",
        "consolidate",
    ]
    assert [stage["points"] for stage in data["stages"]] == ["200.00", "200.00", "400.00", "200.00"]
    indicators = [indicator for stage in data["stages"] for indicator in stage["indicators"]]
    items = [item for indicator in indicators for item in indicator["items"]]
    assert {tuple(stage) for stage in data["stages"]} == {
        ("id", "name", "months", "points", "indicators")
    }
    assert {tuple(i) for i in indicators} == {("id", "kind", "name", "points", "items")}
    assert {tuple(item) for item in items} == {
        ("id", "label", "rule", "params", "months", "office", "clause")
    }
    assert len(items) == 103
    briefs = next(item for item in items if item["id"] == "study.b3.briefs")
    assert (briefs["rule"], briefs["months"], briefs["office"]) == ("quota", [JUNE, JULY], False)
    assert (briefs["params"]["max"], briefs["params"]["target"]) == ("10.00", 2)


def test_rubric_lists_one_stage(fresh: Desk):
    data = fresh.do("rubric", "--format", "json", "--stage", "selfcheck").data

    assert [stage["id"] for stage in data["stages"]] == ["selfcheck"]
    assert_refused(fresh.run("rubric", "--stage", "spring"), "没有阶段“spring”", "selfcheck")


def test_rubric_needs_no_ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    ended = Desk(tmp_path / "nowhere", capsys).do("rubric")

    assert "学习宣传（study）2013-06 至 2013-07，满分 200" in ended.out
    assert "未经复核的自评" in ended.out
    assert not (tmp_path / "nowhere").exists()


# import ----------------------------------------------------------------------------------------


def test_import_says_what_came_in(fresh: Desk):
    ended = fresh.hand_in(
        f"A01,{JUNE},study.b1.body,points,8,成立文件",
        f"A02,{JULY},study.b3.briefs,count,2",
    )

    assert (ended.code, ended.out) == (0, f"已导入 2 条自评：2 个单位，{JUNE}、{JULY}。\n")
    seen = "select unit, month, item, field, kind, value::text, note, source from observation"
    assert fresh.ask(seen) == [
        ("A01", JUNE, "study.b1.body", "points", "claim", "8.00", "成立文件", "import"),
        ("A02", JULY, "study.b3.briefs", "count", "claim", "2.00", "", "import"),
    ]


def test_import_takes_verifications(fresh: Desk):
    ended = fresh.hand_in(f"A01,{JUNE},study.b3.materials,late,1", kind="verify")

    assert (ended.code, ended.out) == (0, f"已导入 1 条复核：1 个单位，{JUNE}。\n")
    assert fresh.ask("select kind from observation") == [("verify",)]


def test_import_dry_run_writes_nothing(fresh: Desk):
    path = fresh.file("claims.csv", rows_text(f"A01,{JUNE},study.b1.body,points,8"))

    ended = fresh.do("import", path, "--dry-run")

    assert ended.out == f"检查通过，未导入 1 条自评：1 个单位，{JUNE}。\n"
    assert_nothing_written(fresh, (0, 0, 0))


# confirm ---------------------------------------------------------------------------------------


def test_confirm_posts_and_closes_the_month(fresh: Desk):
    fresh.hand_in(f"A01,{JUNE},study.b1.body,points,8", f"A01,{JUNE},study.b3.briefs,count,2")

    ended = fresh.do("confirm", JUNE)

    # 10 points of materials stand for each of the seven, 8 + 5 more for A01.
    assert ended.out == f"已核定 {JUNE}（学习宣传）：7 个单位，记账 9 条，合计 83.00 分。\n"
    assert counts(fresh.home) == (2, 9, 7)


def test_confirm_takes_units_in_both_ways(fresh: Desk):
    assert "2 个单位" in fresh.do("confirm", JUNE, "--unit", "A01", "A02").out
    assert "2 个单位" in fresh.do("confirm", JUNE, "--unit", "A03", "--unit", "B01").out
    assert "3 个单位" in fresh.do("confirm", JUNE).out  # those that are left
    assert counts(fresh.home)[2] == 7


def test_confirm_dry_run_shows_what_it_would_do(june: Desk):
    before = counts(june.home)

    ended = june.do("confirm", JULY, "--dry-run")

    lines = ended.out.splitlines()
    assert lines[0].split() == [
        "代码",
        "单位",
        "本月分",
        "阶段分",
        "记账条数",
        "未报要点",
        "未复核",
    ]
    assert lines[1].split()[:4] == ["A01", "甲局", "12.00", "30.00"]
    assert lines[-1] == f"试算，未核定 {JULY}（学习宣传）：7 个单位，记账 2 条，合计 7.00 分。"
    assert_nothing_written(june, before)


def test_confirming_a_confirmed_month_names_who_and_when(june: Desk):
    before = counts(june.home)
    (when,) = june.ask("select max(confirmed_at) from confirmation")[0]
    who = pwd.getpwuid(os.getuid()).pw_name

    one = june.run("confirm", JUNE, "--unit", "A01")
    all_of_them = june.run("confirm", JUNE)

    for ended in (one, all_of_them):
        assert_refused(ended, JUNE, who, f"{when:%Y}", "gsjx correct")
    assert "A01 甲局" in one.err
    assert "7 个单位已全部核定" in all_of_them.err
    assert_nothing_written(june, before)


def test_confirming_before_an_earlier_month_names_that_month(june: Desk):
    before = counts(june.home)

    ended = june.run("confirm", AUGUST, "--unit", "A01")

    assert_refused(ended, f"A01 甲局：{JULY} 还没有核定", f"先核定 {JULY}")
    assert_nothing_written(june, before)


@pytest.mark.parametrize(
    ("month", "units", "says"),
    [
        ("2013-05", (), "2013-05 不在活动之内；活动为 2013-06 至 2014-06"),
        ("2013-13", (), "“2013-13”写法不对；写成 2013-06"),
        ("June", (), "“June”写法不对"),
        (JULY, ("A01", "X99"), "没有代码为“X99”的单位"),
        (JULY, ("T02",), "T02 庚镇：在 2013-07 不参加考核"),
    ],
)
def test_confirm_refuses_what_does_not_exist(
    june: Desk, month: str, units: tuple[str, ...], says: str
):
    before = counts(june.home)

    ended = june.run("confirm", month, *(["--unit", *units] if units else []))

    assert_refused(ended, says)
    assert_nothing_written(june, before)


# correct ---------------------------------------------------------------------------------------


def test_correct_posts_the_difference_with_its_reason(june: Desk):
    ended = june.do(
        "correct",
        *("--unit", "A01", "--item", "study.b1.body", "--month", JUNE),
        *("--set", "points=5.5", "--reason", "复查发现缺文件"),
    )

    assert ended.out == (
        f"已更正 A01 甲局 {JUNE} 的 活动组织机构。\n  {JUNE} study.b1.body 活动组织机构：-2.50 分\n"
    )
    newest = "select points::text, origin, reason from posting order by seq desc limit 1"
    assert june.ask(newest) == [("-2.50", "correct", "复查发现缺文件")]
    observed = "select kind, value::text, note, source from observation order by seq desc limit 1"
    assert june.ask(observed) == [("verify", "5.50", "复查发现缺文件", "correct")]
    assert june.run("verify").code == 0


def test_correct_moves_a_later_month_that_a_cap_held(fresh: Desk):
    """The example of SPEC 3: 3 adopted in one month, 2 instructed in the next, cap 10."""
    fresh.hand_in(
        f"A01,{JUNE},study.b3.adopted,adopted,3", f"A01,{JULY},study.b3.adopted,instructed,2"
    )
    fresh.do("confirm", JUNE)
    fresh.do("confirm", JULY)

    ended = fresh.do(
        "correct",
        *("--unit", "A01", "--item", "study.b3.adopted", "--month", JUNE),
        *("--set", "adopted=1", "--reason", "重复计算"),
    )

    assert ended.out.splitlines()[1:] == [
        f"  {JUNE} study.b3.adopted 信息采用与批示：-4.00 分",
        f"  {JULY} study.b3.adopted 信息采用与批示：+2.00 分",
    ]


def test_correct_that_changes_no_points_says_so(june: Desk):
    ended = june.do(
        "correct",
        *("--unit", "A01", "--item", "study.b1.body", "--month", JUNE),
        *("--set", "points=8", "--reason", "复核无误"),
    )

    assert ended.out.splitlines()[-1] == "  各月得分没有变化。"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"--month": JULY}, f"A01 甲局：{JULY} 还没有核定，不需要更正；直接录入复核"),
        ({"--month": "2015-01"}, "2015-01 不在活动之内"),
        ({"--unit": "X99"}, "没有代码为“X99”的单位"),
        ({"--item": "study.b9.body"}, "没有考核要点“study.b9.body”；用 gsjx rubric 查看"),
        ({"--set": "count=1"}, "study.b1.body 没有字段“count”；可用：points"),
        ({"--set": "points=11"}, "超过上限 10；填 0 到 10 的数"),
        ({"--set": "points=-1"}, "不能为负数"),
        ({"--set": "points=1.005"}, "超过两位小数"),
        ({"--set": "points="}, "数值是空的"),
        ({"--reason": " "}, "更正理由是空的"),
        ({"--item": "rectify.b1.unit_plan"}, f"在 {JUNE} 不考核"),
        ({"--unit": "T02"}, f"庚镇 在 {JUNE} 不参加考核"),
    ],
)
def test_correct_refuses_what_cannot_be(june: Desk, changed: dict[str, str], says: str):
    before = counts(june.home)
    options = {
        "--unit": "A01",
        "--item": "study.b1.body",
        "--month": JUNE,
        "--set": "points=5",
        "--reason": "复查",
    } | changed

    ended = june.run("correct", *(word for option in options.items() for word in option))

    assert_refused(ended, says)
    assert_nothing_written(june, before)


def test_correct_does_not_choose_between_two_values(june: Desk):
    before = counts(june.home)

    ended = june.run(
        "correct",
        *("--unit", "A01", "--item", "study.b1.body", "--month", JUNE),
        *("--set", "points=5", "--set", "points=6", "--reason", "复查"),
    )

    assert_refused(ended, "同一字段写了两次")
    assert_nothing_written(june, before)


def test_correct_checks_the_fields_of_an_item_together(june: Desk):
    before = counts(june.home)

    ended = june.run(
        "correct",
        *("--unit", "A01", "--item", "study.e1.sample", "--month", JUNE),
        *("--set", "sampled=5", "--set", "negative=6", "--reason", "抽查"),
    )

    assert_refused(ended, "不达标人数 6 多于抽查人数 5")
    assert_nothing_written(june, before)


# rank ------------------------------------------------------------------------------------------


def test_rank_json_in_the_first_month_has_nulls_before_it(june: Desk):
    rows = june.do("rank", "--format", "json").data

    assert [list(row) for row in rows] == [RANK_COLUMNS] * 7
    assert rows[0] == {
        "category": "economy",
        "rank": 1,
        "unit": "A02",
        "name": "乙局",
        "points": "26.00",
        "previous_rank": None,
        "previous_points": None,
        "moved": None,
        "confirmed_through": True,
    }
    assert [(row["category"], row["rank"], row["unit"], row["points"]) for row in rows] == [
        ("economy", 1, "A02", "26.00"),
        ("economy", 2, "A01", "18.00"),
        ("economy", 3, "A03", "10.00"),
        ("support", 1, "B01", "17.50"),
        ("central", 1, "C01", "10.00"),
        ("township", 1, "T01", "10.00"),  # a tie, in the order of the roster
        ("township", 1, "T03", "10.00"),
    ]


def test_rank_json_compares_with_the_month_before(june: Desk):
    june.do("confirm", JULY, "--unit", "A01", "A02")

    first, second, third, *_ = june.do("rank", "--format", "json").data

    # A02 sent no brief in July: two missing pieces take its 5 + 5 points (SPEC 7.2).
    assert (first["unit"], first["points"], first["previous_rank"], first["moved"]) == (
        "A01",
        "30.00",
        2,
        1,
    )
    assert (second["unit"], second["points"], second["previous_points"], second["moved"]) == (
        "A02",
        "21.00",
        "26.00",
        -1,
    )
    assert (third["unit"], third["moved"], third["confirmed_through"]) == ("A03", 0, False)


def test_rank_csv_has_the_same_columns(june: Desk):
    table = june.do("rank", "--format", "csv").table

    assert table[0] == RANK_COLUMNS
    assert table[1] == ["economy", "1", "A02", "乙局", "26.00", "", "", "", "true"]
    assert len(table) == 8


def test_rank_table_is_for_people(june: Desk):
    june.do("confirm", JULY)

    lines = june.do("rank").out.splitlines()

    assert lines[0] == f"经济民生部门（{JUNE} 至 {JULY}，3 个单位）"
    assert lines[1].split() == [
        "名次",
        "代码",
        "单位",
        "得分",
        "上月名次",
        "上月得分",
        "升降",
        "距前一名",
        "已核定",
    ]
    assert lines[2].split() == ["1", "A01", "甲局", "30.00", "2", "18.00", "升1", "是"]
    assert lines[3].split() == ["2", "A02", "乙局", "21.00", "1", "26.00", "降1", "9.00", "是"]
    assert lines[4].split()[:7] == ["3", "A03", "丙局", "10.00", "3", "10.00", "平"]


def test_rank_takes_its_scopes(june: Desk):
    june.do("confirm", JULY)

    def points_of_a01(*words: str) -> str:
        rows = june.do("rank", "--format", "json", *words).data
        return next(row["points"] for row in rows if row["unit"] == "A01")

    assert points_of_a01() == "30.00"
    assert points_of_a01("--through", JUNE) == "18.00"
    assert points_of_a01("--month", JULY) == "12.00"
    assert points_of_a01("--stage", "study") == "30.00"
    assert points_of_a01("--stage", "study", "--through", JUNE) == "18.00"
    only = june.do("rank", "--category", "township", "--format", "json").data
    assert [row["unit"] for row in only] == ["T01", "T03"]


def test_rank_counts_who_takes_part_in_the_scope(june: Desk):
    for month in (JULY, AUGUST):
        june.do("confirm", month)

    def townships(*words: str) -> list[str]:
        rows = june.do("rank", "--category", "township", "--format", "json", *words).data
        return sorted(row["unit"] for row in rows)

    assert townships("--month", JULY) == ["T01", "T03"]
    assert townships("--month", AUGUST) == ["T01", "T02"]
    assert townships() == ["T01", "T02", "T03"]


def test_rank_as_it_was_known_at_an_instant(june: Desk):
    (confirmed,) = june.ask("select max(confirmed_at) from confirmation")[0]
    june.do(
        "correct",
        *("--unit", "A01", "--item", "study.b1.body", "--month", JUNE),
        *("--set", "points=1", "--reason", "复查"),
    )
    (corrected,) = june.ask("select max(posted_at) from posting")[0]

    def points_of_a01(instant: str) -> tuple[str, bool]:
        rows = june.do("rank", "--format", "json", "--as-of", instant).data
        found = next(row for row in rows if row["unit"] == "A01")
        return found["points"], found["confirmed_through"]

    assert points_of_a01("2013-08-05T09:30") == ("0.00", False)
    assert points_of_a01(f"{confirmed.isoformat()}+00:00") == ("18.00", True)
    assert points_of_a01(f"{corrected.isoformat()}Z") == ("11.00", True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--through", "2013-05"), "2013-05 不在活动之内；活动为 2013-06 至 2014-06"),
        (("--month", "6月"), "“6月”写法不对；写成 2013-06"),
        (("--stage", "spring"), "没有阶段“spring”；可用：study、selfcheck"),
        (("--category", "schools"), "没有类别“schools”；可用：economy、support"),
        (("--as-of", "昨天"), "“昨天”写法不对；写成 2013-08-05T09:30"),
        (
            ("--stage", "rectify", "--through", JUNE),
            "rectify 评议整改自 2013-09 开始，晚于 2013-06",
        ),
    ],
)
def test_rank_refuses_what_does_not_exist(june: Desk, words: tuple[str, ...], says: str):
    assert_refused(june.run("rank", *words), says)


# card ------------------------------------------------------------------------------------------


def test_card_json_holds_stages_indicators_and_items(june: Desk):
    data = june.do("card", "A01", "--format", "json").data

    assert {key: data[key] for key in ("unit", "name", "category", "through", "points")} == {
        "unit": "A01",
        "name": "甲局",
        "category": "economy",
        "through": JUNE,
        "points": "18.00",
    }
    assert {tuple(item) for item in data["items"]} == {("item", "points")}
    assert len(data["items"]) == 103
    worth = {item["item"]: item["points"] for item in data["items"]}
    assert (worth["study.b1.body"], worth["study.b3.materials"]) == ("8.00", "10.00")
    assert (worth["study.b3.briefs"], worth["consolidate.b1.body"]) == ("0.00", "0.00")
    assert [(stage["id"], stage["points"]) for stage in data["stages"]][:2] == [
        ("study", "18.00"),
        ("selfcheck", "0.00"),
    ]
    assert {"id": "study.b3", "name": "信息材料报送", "points": "10.00"} in data["indicators"]


def test_card_through_a_month(june: Desk):
    june.do("confirm", JULY)

    assert june.do("card", "A01", "--format", "json").data["points"] == "30.00"
    through_june = june.do("card", "A01", "--through", JUNE, "--format", "json").data
    assert (through_june["through"], through_june["points"]) == (JUNE, "18.00")


def test_card_table_shows_the_stages_that_have_begun(june: Desk):
    out = june.do("card", "A01").out

    assert out.splitlines()[0] == f"A01 甲局（经济民生部门）至 {JUNE}：18.00 分"
    assert out.splitlines()[1].split() == ["阶段", "考核指标", "考核要点", "分值", "得分"]
    assert "学习宣传" in out
    assert "剖析自查" not in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("X99",), "没有代码为“X99”的单位；对照名册 units.csv"),
        (("A01", "--through", "2013-13"), "“2013-13”写法不对"),
        (("A01", "--through", "2014-07"), "2014-07 不在活动之内"),
    ],
)
def test_card_refuses_what_does_not_exist(june: Desk, words: tuple[str, ...], says: str):
    assert_refused(june.run("card", *words), says)


# outcomes --------------------------------------------------------------------------------------


def test_outcomes_wait_until_everybody_is_confirmed(june: Desk):
    june.do("confirm", JULY, "--unit", "A01")

    ended = june.run("outcomes", "--stage", "study")

    assert_refused(
        ended, "学习宣传阶段：还不能结算", "A02 乙局", f"没有核定到 {JULY}", "gsjx confirm"
    )
    assert "A01" not in ended.err


def test_outcomes_of_a_stage(june: Desk):
    june.do("confirm", JULY)

    data = june.do("outcomes", "--stage", "study", "--format", "json").data

    assert data == [
        {"category": "economy", "unit": "A03", "kind": "key_rectification", "tied": False},
        {"category": "township", "unit": "T01", "kind": "key_rectification", "tied": True},
        {"category": "township", "unit": "T03", "kind": "key_rectification", "tied": True},
    ]
    out = june.do("outcomes", "--stage", "study").out
    assert "重点整改单位" in out
    assert "并列，由领导小组决定" in out


def test_outcomes_of_the_campaign(fresh: Desk):
    fresh.hand_in(f"A01,{JUNE},study.b1.body,points,8", f"A02,{JUNE},study.b1.body,points,9")
    for number in range(13):
        fresh.do("confirm", f"{2013 + (5 + number) // 12}-{(5 + number) % 12 + 1:02}")

    data = fresh.do("outcomes", "--format", "json").data

    assert {tuple(row) for row in data} == {("category", "unit", "kind", "tied")}
    found = {(row["unit"], row["kind"]) for row in data}
    assert {("A03", "final_last"), ("A02", "award_candidate")} <= found
    assert ("C01", "superior_letter") in found
    assert "市戊局" in fresh.do("outcomes").out


def test_outcomes_of_no_stage(june: Desk):
    assert_refused(june.run("outcomes", "--stage", "spring"), "没有阶段“spring”")


# sql -------------------------------------------------------------------------------------------


def test_sql_prints_in_three_formats(june: Desk):
    query = "select unit, points, null as nothing, true as yes from posting order by seq limit 1"

    table = june.do("sql", query).out.splitlines()
    assert [line.split() for line in table[:2]] == [
        ["unit", "points", "nothing", "yes"],
        ["A01", "8.00", "是"],
    ]
    assert table[2] == "（1 行）"
    assert june.do("sql", query, "--format", "json").data == [
        {"unit": "A01", "points": "8.00", "nothing": None, "yes": True}
    ]
    assert june.do("sql", query, "--format", "csv").table == [
        ["unit", "points", "nothing", "yes"],
        ["A01", "8.00", "", "true"],
    ]


def test_sql_says_where_an_answer_is_from(june: Desk):
    ended = june.run("sql", "--saved", "距第三名", "--set", "unit=A01", "--set", "month=2013-06")

    assert ended.code == 0
    assert re.fullmatch(
        "来源：某单位距第三名的差距；unit = A01，month = 2013-06；"
        r"数据截至 [0-9]{4}-[0-9-]+ [0-9:]{8}；设置版本 第 1 版；"
        r"性质 未定稿，对外以发布的各版为准；查询人 \S+\n",
        ended.err,
    )
    assert ended.out.splitlines()[0].split() == [
        *("类别", "代码", "单位", "名次", "累计得分", "距第一名", "距第三名")
    ]


def test_sql_lists_the_saved_questions(june: Desk):
    found = june.run("sql", "--list", "--format", "json").data

    assert len(found) == 20
    assert found[5]["title"] == "某单位距第三名的差距"
    assert found[5]["parameters"] == "unit（单位），month（截至月份）"


def test_sql_asks_the_views_in_chinese(june: Desk):
    query = "select 代码, 单位 from 累计排名 where 最新 and 代码 = 'A01'"

    assert june.do("sql", query, "--format", "csv").table[1][0] == "A01"


def test_sql_json_is_json_whatever_is_asked(fresh: Desk):
    query = (
        "select 'nan'::double as a, [1.5, '-inf'::double] as b, map([date '2013-06-01'], [1]) as c,"
        " '\\xAA'::blob as d, {'x': 1.50} as e, 1 as twice, 2 as twice, interval 1 day as f"
    )

    data = fresh.do("sql", query, "--format", "json").data

    assert data == [
        {
            "a": None,
            "b": [1.5, None],
            "c": {"2013-06-01": 1},
            "d": "aa",
            "e": {"x": "1.50"},
            "twice": 1,
            "twice_2": 2,
            "f": "1 day, 0:00:00",
        }
    ]
    assert "NaN" not in fresh.do("sql", query, "--format", "json").out


def test_sql_csv_gives_a_spreadsheet_nothing_to_compute(fresh: Desk):
    query = "select '=1+2' as a, '@x' as b, '-5' as c, -5 as d, '逗,号' as e"

    assert fresh.do("sql", query, "--format", "csv").table[1] == [
        "'=1+2",
        "'@x",
        "-5",
        "-5",
        "逗,号",
    ]


def test_sql_table_keeps_control_characters_from_the_terminal(fresh: Desk):
    out = fresh.do("sql", "select chr(27) || '[31m红' as 颜色").out

    assert "\x1b" not in out
    assert "[31m红" in out


SINCE_DUCKDB_2 = pytest.mark.xfail(
    duckdb.__version__.startswith("1."), reason="DuckDB 1.5 doesn't lock these settings"
)


@pytest.mark.parametrize(
    "query",
    [
        "insert into schema_step values (9, now()::timestamp)",
        "update edition set name = 'x'",
        "delete from posting",
        "truncate posting",
        "drop table posting",
        "create table x (a int)",
        "alter table posting add column a int",
        "begin; delete from posting; commit",
        "select 1; delete from observation",
        "select * from '{secret}'",
        "select * from read_csv('{secret}')",
        "select * from read_text('{secret}')",
        "from glob('{folder}/*')",
        "attach '{folder}/other.duckdb'",
        "attach ':memory:' as other",
        "copy (select 1) to '{folder}/out.csv'",
        "copy posting from '{secret}'",
        "export database '{folder}/out'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "reset lock_configuration",
        "set threads = 1",
        pytest.param("pragma enable_profiling", marks=SINCE_DUCKDB_2),
        pytest.param(
            "call enable_logging(storage = 'file', storage_path = '{folder}/log')",
            marks=SINCE_DUCKDB_2,
        ),
    ],
)
def test_sql_can_only_read_the_ledger(june: Desk, query: str):
    before = counts(june.home)
    folder = june.home.parent / "outside"
    folder.mkdir()
    secret = folder / "secret.csv"
    secret.write_text("a,b\n机密,1\n", "utf-8")

    ended = june.run("sql", query.format(folder=folder, secret=secret))

    assert (ended.code, ended.out) == (1, "")
    assert_query_refused(ended, "这里只能查询账本，不能写入、读写别的文件或改设置；改用 select。")
    assert "机密" not in ended.err
    assert [path.name for path in folder.iterdir()] == ["secret.csv"]
    assert_nothing_written(june, before)


@pytest.mark.parametrize(
    "query", ["selec 1", "select * from nowhere", "select ?", "select 'a'::int"]
)
def test_sql_shows_what_the_database_says_of_a_faulty_query(june: Desk, query: str):
    assert_query_refused(june.run("sql", query), "改正 SQL 后再试。")


@pytest.mark.parametrize("query", ["", "  ", ";", "-- 只有注释"])
def test_sql_without_a_query(june: Desk, query: str):
    assert_refused(june.run("sql", query), "查询是空的；写一条 SQL，例如 select * from unit。")


def assert_query_refused(ended: Ended, last: str) -> None:
    """Exit 1 with the database's own words between a Chinese beginning and a Chinese end."""
    assert (ended.code, ended.out) == (1, "")
    lines = ended.err.splitlines()
    assert (lines[0], lines[-1]) == ("查询不能执行：", last)
    assert len(lines) > 2
    assert "Traceback" not in ended.err


def test_sql_cuts_a_table_that_nobody_reads_and_says_so(fresh: Desk):
    ended = fresh.run("sql", "from range(20001)")

    lines = ended.out.splitlines()
    assert (ended.code, lines[-2].strip(), lines[-1]) == (0, "19999", "（前 20000 行）")
    assert ended.err.startswith("只显示前 20000 行；要全部的行请用 --format csv。\n来源：")


@pytest.mark.parametrize("format", ["csv", "json"])
def test_sql_prints_all_rows_for_other_programs(fresh: Desk, format: str):
    ended = fresh.do("sql", "from range(20001)", "--format", format)

    assert len(ended.table if format == "csv" else ended.data) == 20_001 + (format == "csv")


def test_sql_without_rows(fresh: Desk):
    query = "select unit from posting where false"

    assert fresh.do("sql", query).out == "unit\n（0 行）\n"
    assert fresh.do("sql", query, "--format", "json").out == "[]\n"
    assert fresh.do("sql", query, "--format", "csv").out == "unit\n"


@pytest.mark.slow
def test_sql_says_when_an_answer_breaks_off(fresh: Desk):
    query = (
        "select repeat('x', case when range < 600 then 1 else 40000000 end) as n from range(601)"
    )

    ended = fresh.run("sql", query, "--format", "csv")

    assert (ended.code, ended.table[:2]) == (1, [["n"], ["x"]])
    assert ended.err.splitlines() == [
        "以上结果不完整。",
        "结果有一行太长，已停止；只选需要的列，或截短其中的文字。",
    ]


def test_sql_prints_no_heading_of_an_answer_that_never_came(fresh: Desk):
    ended = fresh.run("sql", "select error('falsch') from range(9)", "--format", "csv")

    assert_query_refused(ended, "改正 SQL 后再试。")


@pytest.mark.slow
@pytest.mark.parametrize("by", ["option", "environment"])
def test_sql_takes_no_longer_than_it_may(june: Desk, by: str):
    endless = "select count(*) from range(1000000000000) where hash(range) = 3"
    options = ("--seconds", 1) if by == "option" else ()
    environment = {"GSJX_SQL_SECONDS": "1"} if by == "environment" else {}

    ended = process(june.home, "sql", endless, *options, environment=environment)

    assert_refused(ended, "查询超过 1 秒，已停止；加上条件或检查表的连接，缩小范围后再试。")


@pytest.mark.slow
def test_sql_takes_no_more_memory_than_it_may(june: Desk):
    ended = june.run("sql", "select list_sum(range(100000000))", "--memory", "64")

    assert_refused(ended, "查询需要的内存太多，已停止")


@pytest.mark.parametrize(
    ("option", "value", "bounds"),
    [
        ("--seconds", "0", "1 到 3600"),
        ("--seconds", "ewig", "1 到 3600"),
        ("--seconds", "9" * 5000, "1 到 3600"),
        ("--memory", "63", "64 到 65536"),
        ("--memory", "１００", "64 到 65536"),
    ],
)
def test_sql_limits_have_limits(june: Desk, option: str, value: str, bounds: str):
    ended = june.run("sql", "select 1", option, value)

    assert ended.code == 2
    assert f"用法不对：{option}：“{value}”应写成 {bounds} 的整数。" in ended.err


@pytest.mark.slow
def test_sql_ends_with_ctrl_c(june: Desk):
    endless = "select count(*) from range(1000000000000) where hash(range) = 3"
    running = subprocess.Popen(
        command(june.home, "sql", endless),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(),
        # also where the tests were started with it ignored, as in a shell's background
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        wait_until_open(running, june.home / "ledger.duckdb")

        running.send_signal(signal.SIGINT)

        out, err = running.communicate(timeout=20)
        assert (running.returncode, out, err) == (-signal.SIGINT, b"", b"")
    finally:
        running.kill()
        running.wait()


def wait_until_open(running: subprocess.Popen[bytes], path: Path) -> int:
    """Waits until a child of a process has a file open; the child's number."""
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    while running.poll() is None:
        for child in children.read_text().split():
            with contextlib.suppress(OSError):  # closed in between
                if path in [link.readlink() for link in Path(f"/proc/{child}/fd").iterdir()]:
                    return int(child)
    pytest.fail("the process ended before it opened the file")


# verify ----------------------------------------------------------------------------------------


def test_verify_says_what_it_proved(june: Desk):
    out = june.do("verify").out

    assert out.startswith("账本无误：已核定 7 个单位月，逐项重算 ")
    assert "考核记录链 6 条" in out
    assert "记账链 11 条" in out
    assert "核定链 7 条" in out


def test_verify_finds_what_was_changed_by_hand(june: Desk):
    import duckdb

    with duckdb.connect(str(june.home / "ledger.duckdb")) as connection:
        connection.execute("update posting set points = points + 1 where unit = 'A02'")

    ended = june.run("verify")

    assert_refused(ended, "账本有", "记账第", "A02 乙局", "停止使用，从备份恢复")


# where the home is -----------------------------------------------------------------------------


def test_the_home_is_the_option_else_the_variable_else_data(tmp_path: Path):
    def home_of(*words: str, **environment: str) -> str:
        ended = process(None, *words, "verify", environment=environment, cwd=tmp_path)
        assert_refused(ended, "还没有账本 ")
        return ended.err.removeprefix("还没有账本 ").partition("/ledger.duckdb")[0]

    assert home_of("--home", "option", GSJX_HOME="variable") == "option"
    assert home_of(GSJX_HOME="variable") == "variable"
    assert home_of(GSJX_HOME="") == "data"
    assert home_of() == "data"


def test_the_home_may_be_left_to_the_variable_or_the_folder(june_home: Path, tmp_path: Path):
    shutil.copytree(june_home, tmp_path / "data")

    by_folder = process(None, "rank", cwd=tmp_path)
    by_variable = process(None, "rank", environment={"GSJX_HOME": str(tmp_path / "data")})

    assert by_folder.out.startswith("经济民生部门")
    assert by_variable.out == by_folder.out


@pytest.mark.parametrize("words", [("--home", "{home}", "rank"), ("rank", "--home", "{home}")])
def test_common_options_stand_before_or_after_the_command(
    june: Desk, words: tuple[str, ...], tmp_path: Path
):
    words = tuple(word.format(home=june.home) for word in words)

    ended = process(None, *words, "--format", "csv", cwd=tmp_path)

    assert ended.code == 0, ended.err
    assert ended.table[0] == RANK_COLUMNS


@pytest.mark.parametrize(
    "words",
    [
        ("import", "{file}"),
        ("confirm", JUNE),
        (
            "correct",
            "--unit",
            "A01",
            "--item",
            "i",
            "--month",
            JUNE,
            "--set",
            "a=1",
            "--reason",
            "x",
        ),
        ("rank",),
        ("card", "A01"),
        ("outcomes",),
        ("sql", "select 1"),
        ("verify",),
    ],
)
def test_without_a_ledger_every_command_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
):
    desk = Desk(tmp_path / "nowhere", capsys)
    path = desk.file("claims.csv", rows_text(f"A01,{JUNE},study.b1.body,points,8"))

    ended = desk.run(*(word.format(file=path) for word in words))

    assert_refused(ended, f"还没有账本 {desk.home / 'ledger.duckdb'}；先运行 gsjx init 建立。")
    assert not desk.home.exists()


def test_without_a_command_the_application_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    opened: list[tuple[object, ...]] = []
    monkeypatch.setattr("gsjx_tui.tui.run", lambda *about: opened.append(about), raising=False)

    Desk(tmp_path / "home", capsys).do()

    assert opened == [(tmp_path / "home", [])]


# wrong usage -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("frobnicate",), "命令 的值 'frobnicate' 不认识，可用：'init'"),
        (("confirm",), "缺少参数：MONTH"),
        (("import",), "缺少参数：FILE"),
        (("card",), "缺少参数：UNIT"),
        (("sql",), "缺少参数：QUERY"),
        (("correct", "--unit", "A01"), "缺少参数：--item, --month, --set, --reason"),
        (("confirm", JUNE, JULY), f"多余或不认识的参数：{JULY}"),
        (("rank", "--frobnicate"), "多余或不认识的参数：--frobnicate"),
        (("rank", "--thr", JUNE), "多余或不认识的参数：--thr"),
        (("rank", "--format", "xml"), "--format 的值 'xml' 不认识，可用：'table', 'json', 'csv'"),
        (("card", "A01", "--format", "csv"), "--format 的值 'csv' 不认识"),
        (("import", "x.csv", "--kind", "both"), "--kind 的值 'both' 不认识"),
        (("rank", "--stage", "study", "--month", JUNE), "--month 与 --stage 不能同时使用"),
        (("rank", "--through"), "--through 后面要跟一个值"),
        (("confirm", JUNE, "--unit"), "--unit 后面至少要跟一个值"),
        (("confirm", JUNE, "--dry-run=yes"), "--dry-run 后面不能跟值，却有 'yes'"),
        (
            (
                "correct",
                "--unit",
                "A",
                "--item",
                "i",
                "--month",
                "m",
                "--reason",
                "r",
                "--set",
                "5",
            ),
            "--set：“5”应写成 字段=数值",
        ),
    ],
)
def test_wrong_usage_is_said_in_chinese(june: Desk, words: tuple[str, ...], says: str):
    before = counts(june.home)

    ended = june.run(*words)

    assert (ended.code, ended.out) == (2, "")
    message, *usage = ended.err.splitlines()
    assert_clear(message, "用法不对：", says)
    assert usage[0].startswith("用法：gsjx")
    assert_nothing_written(june, before)


def test_a_word_that_is_not_utf8_is_not_taken(june: Desk):
    before = counts(june.home)
    words = ("correct", "--unit", "A01", "--item", "study.b1.body", "--month", JUNE)

    ended = process(
        june.home, *words, "--set", "points=5", "--reason", os.fsdecode("理由".encode("gbk"))
    )

    assert (ended.code, ended.out) == (2, "")
    assert "不是 UTF-8 编码，请把终端设为 UTF-8" in ended.err
    assert_nothing_written(june, before)


def test_a_file_may_have_a_name_that_is_not_utf8(fresh: Desk):
    named = Path(os.fsdecode(os.fsencode(fresh.home.parent) + "/六月.csv".encode("gbk")))
    named.write_text(rows_text(f"A01,{JUNE},study.b1.body,points,8"), "utf-8")

    ended = process(fresh.home, "import", os.fspath(named))

    assert (ended.code, ended.err) == (0, "")
    assert counts(fresh.home) == (1, 0, 0)


@pytest.mark.parametrize("words", [("--help",), ("rank", "--help"), ("correct", "-h")])
def test_help_is_chinese(june: Desk, words: tuple[str, ...]):
    ended = june.run(*words)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("用法：gsjx")
    for word in ("usage", "options:", "positional", "show this help"):
        assert word not in ended.out


# streams ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", [("rank",), ("rank", "--format", "csv"), ("rubric",), ("verify",)]
)
def test_a_reader_that_leaves_early_hears_no_complaint(june: Desk, words: tuple[str, ...]):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run(
            command(june.home, *words),
            stdout=writing,
            stderr=subprocess.PIPE,
            env=clean_environment(),
            timeout=TIMEOUT,
            check=False,
        )
    finally:
        os.close(writing)

    assert (ended.returncode, ended.stderr) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [("rank",), ("rank", "--format", "csv")])
def test_a_result_that_finds_no_space_is_said(june: Desk, words: tuple[str, ...]):
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            command(june.home, *words),
            stdout=full,
            stderr=subprocess.PIPE,
            env=clean_environment(),
            timeout=TIMEOUT,
            check=False,
        )

    assert ended.returncode == 1
    assert_clear(ended.stderr.decode("utf-8"), "结果写不出：磁盘已满", "gsjx verify")


@pytest.mark.parametrize("format", ["table", "json", "csv"])
def test_a_closed_standard_output_does_no_harm(june: Desk, format: str):
    words = command(june.home, "rank", "--format", format)

    ended = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *words],
        stderr=subprocess.PIPE,
        env=clean_environment(),
        timeout=TIMEOUT,
        check=False,
    )

    said = DRAFT if format == "csv" else ""
    assert (ended.returncode, ended.stderr.decode("utf-8")) == (0, said)


ENVIRONMENTS = {
    "C": {"LANG": "C", "LC_ALL": "C"},
    "POSIX": {"LANG": "POSIX", "LC_ALL": ""},
    "GBK": {"LANG": "zh_CN.GBK", "LC_ALL": "zh_CN.GBK"},
    "plain ASCII": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "GBK streams": {"PYTHONIOENCODING": "gbk"},
    "no terminal": {"TERM": "", "COLUMNS": ""},
}


@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_output_is_utf8_in_every_environment(june: Desk, environment: dict[str, str]):
    path = june.file("claims.csv", rows_text(f"A03,{JULY},study.b1.body,points,8,会议记录"))

    table = process(june.home, "rank", environment=environment)
    data = process(june.home, "rank", "--format", "json", environment=environment)
    refused = process(june.home, "card", "X99", environment=environment)
    misused = process(june.home, "card", environment=environment)
    imported = process(june.home, "import", path, environment=environment)

    assert table.out == june.do("rank").out
    assert data.out == june.do("rank", "--format", "json").out
    assert_refused(refused, "没有代码为“X99”的单位")
    assert misused.err.startswith("用法不对：缺少参数：UNIT。")
    assert (imported.code, imported.out) == (0, f"已导入 1 条自评：1 个单位，{JULY}。\n")
    assert june.ask("select note from observation order by seq desc limit 1") == [("会议记录",)]


# beside the commands ---------------------------------------------------------------------------


def test_commands_do_not_load_what_they_do_not_use(june: Desk):
    program = (
        "import sys\n"
        "from gsjx_tui.cli import main\n"
        "code = main(sys.argv[1:])\n"
        "heavy = {'textual', 'pypinyin', 'openpyxl'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else code)\n"
    )
    for words in (("rank",), ("card", "A01"), ("verify",), ("confirm", JULY, "--dry-run")):
        ended = subprocess.run(
            [sys.executable, "-c", program, *words, "--home", str(june.home)],
            capture_output=True,
            env=clean_environment(),
            timeout=TIMEOUT,
            check=False,
        )
        assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_user_without_a_name_acts_under_the_number(june: Desk, monkeypatch: pytest.MonkeyPatch):
    def unknown(number: int) -> None:
        raise KeyError(number)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.setenv("LOGNAME", "somebody-else")

    june.do("confirm", JULY)

    by = "select distinct confirmed_by from confirmation where month = '2013-07'"
    assert june.ask(by) == [(str(os.getuid()),)]


def test_a_change_of_the_roster_is_taken_over(june: Desk):
    roster = (june.home / "units.csv").read_text("utf-8")
    (june.home / "units.csv").write_text(roster.replace("甲局", "甲委"), "utf-8")

    rows = june.do("rank", "--format", "json").data

    assert next(row["name"] for row in rows if row["unit"] == "A01") == "甲委"
    assert ask(june.home, "select count(*) from edition") == [(2,)]


def test_a_roster_that_loses_a_unit_with_records_is_refused(june: Desk):
    before = counts(june.home)
    lines = (june.home / "units.csv").read_text("utf-8").splitlines(keepends=True)
    (june.home / "units.csv").write_text(
        "".join(line for line in lines if not line.startswith("A02")), "utf-8"
    )

    for words in (("rank",), ("verify",), ("confirm", JULY)):
        assert_refused(june.run(*words), "units.csv", "缺少已有记录的单位 A02 乙局", "恢复该行")

    assert counts(june.home) == before


def desk_file(folder: Path, name: str, text: str) -> Path:
    """A file with a text."""
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_full_width_digits_of_a_correction_are_digits(june: Desk):
    words = ("--unit", "A01", "--item", "study.b1.body", "--month", JUNE, "--reason", "复查")

    june.do("correct", *words, "--set", "points=５")

    rows = june.ask("select value from newest where kind = 'verify' and item = 'study.b1.body'")
    assert rows == [(5,)]
