"""The commands from spot check to consequence: words in, text and exit code out."""

from __future__ import annotations

from pathlib import Path

import pytest
from clerk import DRAFT, JUNE, Desk, assert_refused, counts

from builders import (
    a_campaign,
    a_plugin,
    a_stage,
    a_unit,
    an_office,
    confirmed,
    observed,
    recorded,
)
from gsjx_tui.domain import Month
from gsjx_tui.office.draw import draw

# draw ------------------------------------------------------------------------------------------


def test_draw_draws_records_and_says_what_is_left(fresh: Desk) -> None:
    out = fresh.do("draw", JUNE, "--units", 5, "--items", 2, "--seed", "摇号0451").out

    assert "2013-06 第 1 次抽签，种子 摇号0451，" in out
    assert "学习宣传：7 个单位中已抽到 5 个。" in out
    assert "抽中而未复核的要点还有 10 个。" in out
    assert fresh.ask("select count(distinct unit), count(*) from drawn") == [(5, 10)]


def test_draw_show_writes_nothing_and_shows_it_again(fresh: Desk) -> None:
    drawn = fresh.do("draw", JUNE, "--units", 4, "--format", "json").data
    shown = fresh.do("draw", JUNE, "--show", "--format", "json").data

    assert shown == drawn
    assert shown["draws"][0]["repeats"] is True
    assert len(shown["coverage"]) == 7
    assert "权重" in fresh.do("draw", JUNE, "--show").out
    assert fresh.ask("select count(*) from draw") == [(1,)]


def test_a_draw_after_the_confirmation_warns(june: Desk) -> None:
    out = june.do("draw", JUNE, "--items", 1).out

    assert "注意：抽中的单位有 4 个本月已先核定（" in out
    assert "用 gsjx correct 更正" in june.do("draw", JUNE, "--show").out


def test_draw_too_few_is_refused(fresh: Desk) -> None:
    assert_refused(fresh.run("draw", JUNE, "--units", 1), "至少抽 4 个")
    assert fresh.ask("select count(*) from draw") == [(0,)]


# reliability -----------------------------------------------------------------------------------


def test_reliability_tells_what_was_cut(june: Desk) -> None:
    june.do("correct", "--unit", "A02", "--item", "study.b1.body", "--month", JUNE,
            "--set", "points=5", "--reason", "复核")  # fmt: skip

    rows = june.do("reliability", "--format", "json").data

    by_key = {row["key"]: row for row in rows}
    assert by_key["A02"]["cut_percent"] == "50.0"
    assert by_key["study.b1.body"]["difference"] == "-5.00"
    assert [row["by"] for row in rows if row["key"] == JUNE] == ["month"]
    assert "核减%" in june.do("reliability", "--through", JUNE).out
    assert june.do("reliability", "--format", "csv").table[0][0] == "by"


# returns and objections ------------------------------------------------------------------------

BODY = "study.b1.body"
ABOUT = ("--unit", "A01", "--month", JUNE, "--item", BODY)


def test_an_objection_goes_its_way_by_commands(june: Desk) -> None:
    filed = june.do("objections", "--file", *ABOUT, "--text", "有文件").out
    assert "申诉第 1 号（A01 甲局 2013-06 活动组织机构）待受理" in filed
    assert [one["objection"] for one in june.do("objections", "--format", "json").data] == [1]
    june.do("objections", "--take", 1)

    decided = ("--decide", 1, "--decision", "upheld", "--text", "属实", "--set", "points=9")
    assert "已决定：成立，已更正" in june.do("objections", *decided).out

    assert june.do("objections").out == "没有未办结的申诉。\n"
    assert "成立" in june.do("objections", "--all").out
    june.do("verify")


def test_an_objection_that_cant_be_is_refused_with_nothing_written(june: Desk) -> None:
    assert_refused(june.run("objections", "--file", *ABOUT), "申诉理由是空的")
    assert_refused(june.run("objections", "--take", 7), "没有申诉第 7 号")
    assert_refused(june.run("objections", "--decide", 7), "没有写决定")
    assert june.ask("select count(*) from objection") == [(0,)]


def test_returns_tell_what_is_out_and_the_versions_of_a_unit(june: Desk) -> None:
    assert june.do("returns", JUNE).out == "2013-06 没有退回未重报的。\n"
    assert "活动组织机构" in june.do("returns", JUNE, "--unit", "A01").out
    assert june.do("returns", JUNE, "--format", "json").data == []


# what would follow -----------------------------------------------------------------------------

POINTS = ("--unit", "A02", "--item", BODY, "--month", JUNE, "--set", "points=0", "--reason", "复核")


def test_a_correction_tried_out_tells_who_would_move_and_writes_nothing(june: Desk) -> None:
    before = counts(june.home)

    out = june.do("correct", *POINTS, "--dry-run").out

    assert "试算，未更正 A02 乙局 2013-06 的 活动组织机构。" in out
    assert "累计到 2013-06 的名次变动：" in out
    assert "学习宣传阶段：A03 丙局" not in out
    assert counts(june.home) == before


def test_a_confirmation_tried_out_tells_who_would_move(june: Desk) -> None:
    out = june.do("confirm", "2013-07", "--dry-run").out

    assert "试算，未核定 2013-07" in out
    assert "累计到 2013-07 的名次" in out


# publishing ------------------------------------------------------------------------------------


def a_june_to_publish(june: Desk) -> None:
    """Every unit drawn, and what was drawn checked: all are office's own corrections."""
    june.do("draw", JUNE, "--units", 7, "--items", 1)
    for unit, item in june.ask("select unit, item from drawn"):
        (field,) = {"briefs": ["count"], "rate": ["rate"], "praise": ["count"],
                    "adopted": ["adopted"]}.get(item.rpartition(".")[2], ["points"])  # fmt: skip
        june.do("correct", "--unit", unit, "--item", item, "--month", JUNE,
                "--set", f"{field}=0", "--reason", "抽查")  # fmt: skip


def test_publish_is_refused_with_all_that_is_in_the_way(june: Desk) -> None:
    ended = june.run("publish", "--month", JUNE)

    assert_refused(ended, "2013年6月累计排名还不能发布，有", "没有抽查 1 件", "没有复核 1 件")
    assert "会加分" not in ended.err
    each = june.run("publish", "--month", JUNE, "--all")
    assert_refused(each, "还不能发布，有 2 件事未了", "还要抽 4 个单位", "会加分，没有复核")
    tried = june.do("publish", "--month", JUNE, "--dry-run").out
    assert "（未定稿）" in tried
    assert "还不能发布，有 2 件事未了：" in tried
    assert "没有抽查 1 件" in tried
    assert "会加分" in june.do("publish", "--month", JUNE, "--dry-run", "--all").out
    assert june.do("publish", "--list").out == "还没有发布过。\n"


def test_publish_prints_the_edition_and_its_paper_can_be_checked(june: Desk) -> None:
    a_june_to_publish(june)
    june.do("correct", "--unit", "A02", "--item", "study.b3.briefs", "--month", JUNE,
            "--set", "count=2", "--reason", "复核")  # fmt: skip
    for figures in (("rank",), ("card", "A02")):
        assert june.do(*figures).out.endswith(DRAFT)
    assert june.do("rank", "--format", "csv").err == DRAFT
    assert june.do("card", "A02", "--format", "json").data["edition"] is None

    first = june.do("publish", "--month", JUNE, "--format", "json").data
    stamp = f"2013年6月累计排名第 1 版，校验码 {first['code']}\n"
    for figures in (("rank",), ("card", "A02")):
        assert june.do(*figures).out.endswith(stamp)
    assert june.run("rank", "--format", "csv").err == stamp
    hint = "这一排名已发布（2013年6月累计排名第 1 版（第 1 号）），正式的用 gsjx"
    assert june.do("results").out.endswith(f"{hint} results --edition 1\n")
    assert june.do("paper", "notice").out.endswith(f"{hint} paper notice 1\n")
    assert hint not in june.do("results", "--edition", 1).out
    assert hint not in june.do("paper", "notice", 1).out
    assert june.do("card", "A02", "--format", "json").data["edition"] == first["code"]
    assert "仍与账本相符" in june.do("check-paper", first["code"]).out
    again = ("correct", "--unit", "A02", "--item", "study.b3.briefs", "--month", JUNE,
             "--set", "count=1", "--reason", "复核")  # fmt: skip
    cited = f"  2013年6月累计排名第 1 版（第 1 号），校验码 {first['code']}\n"
    tried = june.do(*again, "--dry-run").out
    assert (
        f"已发布的 1 版，数字将不再是账本的数字，须发布新版并附更正表：gsjx publish\n{cited}"
        in tried
    )
    assert "现行" in june.do("publish", "--list").out
    done = june.do(*again).out
    assert (
        f"已发布的 1 版，数字已不是账本的数字，须发布新版并附更正表：gsjx publish\n{cited}" in done
    )
    assert "数字已变，须发新版" in june.do("publish", "--list").out
    assert june.do("card", "A02").out.endswith(DRAFT)
    second = june.do("publish", "--month", JUNE, "--note", "复核更正").out

    assert "更正第 1 版：" in second
    assert "已有新版，见第 2 号。" in june.do("check-paper", first["code"]).out
    assert june.do("publish", "--show", 1, "--format", "json").data == first
    both = june.do("publish", "--list", "--format", "json").data
    assert [(p["edition"], p["status"]) for p in both] == [(1, "replaced"), (2, "current")]
    assert "复核更正" in june.do("publish", "--list").out


def test_check_paper_refuses_what_isnt_a_code(june: Desk) -> None:
    assert_refused(june.run("check-paper", "1234"), "应有 12 个字符")


# cases -----------------------------------------------------------------------------------------


def test_cases_are_empty_at_first_and_a_step_needs_a_case(june: Desk) -> None:
    assert june.do("cases").out == "没有未办结的台账。\n"
    assert june.do("cases", "--all", "--format", "json").data == []
    assert_refused(june.run("cases", "--step", "notice"), "没有写是哪一号台账")
    assert_refused(june.run("cases", "--case", 3), "没有台账第 3 号")


# ballots ---------------------------------------------------------------------------------------


def test_ballots_are_counted_from_a_file_and_shown_by_group(fresh: Desk) -> None:
    rows = [f"A01,{group},{score}" for group in ("上级", "同级", "下级", "服务对象")
            for score in (70, 80, 90)]  # fmt: skip
    path = fresh.file("票.csv", "\n".join(["unit,group,score", *rows]) + "\n")
    asked = ("--month", "2013-09", "--weights", "上级=40,同级=20,下级=20,服务对象=20", "--trim", 1)

    assert (
        "试算，未计入 2013-09：1 个单位，12 张选票。"
        in fresh.do("ballots", path, *asked, "--dry-run").out
    )
    assert fresh.do("ballots").out == "还没有计过票。\n"
    assert "已计入" in fresh.do("ballots", path, *asked).out
    (kept,) = fresh.do("ballots", "--unit", "A01", "--format", "json").data
    assert (kept["points"], kept["lines"][0]["weight"]) == ("80.00", 40)


def test_ballots_with_weights_that_make_no_sense_are_refused(fresh: Desk) -> None:
    path = fresh.file("票.csv", "unit,group,score\nA01,上级,80\n")

    for weights in ("上级", "领导=100", "上级=-5,同级=105"):
        ended = fresh.run("ballots", path, "--month", "2013-09", "--weights", weights)
        assert_refused(ended, "看不懂")


def test_publishing_a_stage_names_the_cases_it_opens_and_those_it_lifts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    items = {"id": "plan", "rule": "graded", "max": 10}
    plugins = a_plugin(
        tmp_path / "plugins", "first", stage=a_stage(items, id="first", months=[JUNE])
    )
    a_plugin(tmp_path / "plugins", "second", stage=a_stage(id="second", months=["2013-07"]))
    units = [a_unit("A"), a_unit("B")]
    campaign = a_campaign(["first", "second"], points=20)
    with an_office(tmp_path, *units, campaign=campaign, folders=[plugins]) as office:
        draw(office, Month.parse(JUNE), items=1)
        recorded(office, *(observed("first.b1.plan", n, unit=u) for u, n in (("A", 9), ("B", 7))))
        confirmed(office, JUNE)
        desk = Desk(office.home, capsys)
    there = ("--plugins-dir", tmp_path / "plugins")

    first = desk.do("publish", "--stage", "first", *there).out
    desk.do("correct", "--unit", "A", "--item", "first.b1.plan", "--month", JUNE,
            "--set", "points=5", "--reason", "复核", *there)  # fmt: skip
    second = desk.do("publish", "--stage", "first", *there).out

    assert first.splitlines()[-1] == "已立：台账第 1 号 B B局（重点整改单位）"
    assert second.splitlines()[-2:] == [
        "待撤销：台账第 1 号 B B局（重点整改单位）已不在其列，gsjx cases --case 1 --step rescinded",
        "已立：台账第 2 号 A A局（重点整改单位）",
    ]
    assert desk.do("cases", *there).out.splitlines()[1].endswith("撤销")
