"""The saved questions: read from their heads, asked for values, each one answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import PROJECT, a_unit, an_office, confirmed, observed, recorded
from gsjx_tui.domain import Month
from gsjx_tui.errors import QueryError
from gsjx_tui.office.asking import Asking, Shown
from gsjx_tui.office.copies import Copies
from gsjx_tui.office.correct import correct
from gsjx_tui.office.home import Office
from gsjx_tui.office.questions import (
    Context,
    Parameter,
    Question,
    first_value,
    keep_text,
    kept_text,
    question,
    questions,
    value_of,
)

JULY = Context(Month(2013, 7), "economy", "A2")
SHIPPED = sorted(path.stem for path in (PROJECT / "data" / "queries").glob("*.sql"))


def a_campaign_under_way(tmp_path: Path) -> Office:
    """Three units and two confirmed months: A1 falls from first to last, A3 stays last."""
    office = an_office(tmp_path, a_unit("A1"), a_unit("A2"), a_unit("A3"))
    for unit, june, july in (("A1", 10, 0), ("A2", 8, 9), ("A3", 2, 0)):
        recorded(
            office,
            observed("study.b1.body", june, unit=unit, kind="verify"),
            observed("study.b2.plan", july, unit=unit, month="2013-07"),
        )
    recorded(office, observed("study.b1.body", 10, unit="A3", kind="claim"))
    confirmed(office, "2013-06", "2013-07")
    correct(office, "A2", "study.b1.body", "2013-06", {"points": "7"}, "复核有误")
    return office


def answered(office: Office, found: Question, context: Context = JULY) -> Shown:
    """The answer to a question with the values its parameters begin with."""
    values = {
        parameter.name: value_of(office, parameter, first_value(office, parameter, context))
        for parameter in found.parameters
    }
    copies = Copies()
    try:
        return Asking(copies.copy(office), found.text, values).answer()
    finally:
        copies.close()


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_question_is_answered(tmp_path: Path, name: str) -> None:
    text = (PROJECT / "data" / "queries" / f"{name}.sql").read_text("utf-8")
    found = question(text, name)
    assert found.title != name and found.about

    with a_campaign_under_way(tmp_path) as office:
        shown = answered(office, found)

    assert shown.columns
    assert all(not name.isascii() for name in shown.columns)


def answer_to(tmp_path: Path, title: str, context: Context = JULY) -> list[list[str | None]]:
    """The rows of a shipped question."""
    with a_campaign_under_way(tmp_path) as office:
        found = next(found for found in questions(office) if found.title == title)
        return [list(row) for row in answered(office, found, context).rows]


def test_the_gap_to_the_third(tmp_path: Path) -> None:
    rows = answer_to(tmp_path, "某单位距第三名的差距")

    assert rows == [["economy类", "A2", "A2局", "1", "26.00", "0.00", "-14.00"]]


def test_corrections(tmp_path: Path) -> None:
    (row,) = answer_to(tmp_path, "更正清单")

    assert (row[2], row[4], row[6], row[7]) == ("A2", "2013-06", "-1.00", "复核有误")


def test_units_that_claimed_more_than_was_verified(tmp_path: Path) -> None:
    rows = answer_to(tmp_path, "自评高出复核最多的单位", Context(Month(2013, 6), "", ""))

    assert [row[1:5] for row in rows] == [["A3", "A3局", "1", "8.00"]]


def test_units_at_the_bottom_twice(tmp_path: Path) -> None:
    rows = answer_to(tmp_path, "连续两个月垫底的单位")

    assert [row[2] for row in rows] == ["A3"]


def test_units_that_fell(tmp_path: Path) -> None:
    rows = answer_to(tmp_path, "本月名次下降最多的单位")

    assert [row[1:6] for row in rows] == [["A1", "A1局", "1", "1", "2"]]


def test_a_unit_that_is_not_confirmed(tmp_path: Path) -> None:
    rows = answer_to(tmp_path, "未核定单位", Context(Month(2013, 8), "", ""))

    assert [row[1] for row in rows] == ["A1", "A2", "A3"]


HEAD = """-- 标题: 试一试
-- 说明: 第一行
-- 说明: 第二行
-- 参数: month 月份 截至月份 = 本月
-- 参数: n 整数 前几名 = 3
-- 参数: unused 文字
select '$no', "$no", $month, $n, $word -- $no
"""


def test_the_head_says_what_is_asked() -> None:
    found = question(HEAD, "file")

    assert (found.title, found.about) == ("试一试", "第一行 第二行")
    assert found.parameters == [
        Parameter("month", "月份", "截至月份", "本月"),
        Parameter("n", "整数", "前几名", "3"),
        Parameter("word", "文字", "word", ""),
    ]


def test_own_questions_come_first_and_stand_for_shipped_ones(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        folder = office.home / "queries"
        folder.mkdir()
        (folder / "mine.sql").write_text("select 1", "utf-8")
        (folder / "other.sql").write_text("-- 标题: 更正清单\nselect 2", "utf-8")

        found = questions(office)

    assert [(one.title, one.own) for one in found[:2]] == [("mine", True), ("更正清单", True)]
    assert [one.title for one in found].count("更正清单") == 1
    assert len(found) == 1 + len(SHIPPED)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("月份", "2013-07", "2013-07"),
        ("类别", "economy", "economy"),
        ("类别", "support类", "support"),
        ("单位", "a2", "A2"),
        ("单位", "A2局", "A2"),
        ("整数", " 12 ", 12),
        ("文字", "投诉", "投诉"),
    ],
)
def test_what_is_typed_becomes_the_value(
    tmp_path: Path, kind: str, typed: str, value: str | int
) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        assert value_of(office, Parameter("x", kind), typed) == value  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("月份", "2013年7月", "不是月份"),
        ("类别", "none", "没有“none”"),
        ("类别", "类", "有 3 个符合“类”"),
        ("单位", "", "没有“”"),
        ("整数", "1.5", "不是整数"),
    ],
)
def test_what_cannot_be_the_value_is_said(tmp_path: Path, kind: str, typed: str, said: str) -> None:
    with an_office(tmp_path) as office, pytest.raises(QueryError, match=said):
        value_of(office, Parameter("x", kind), typed)  # type: ignore[arg-type]


def test_the_text_is_kept_for_the_person(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        assert kept_text(office) == ""
        keep_text(office, "select 1")
        assert kept_text(office) == "select 1"
        keep_text(office, "")
        assert kept_text(office) == ""
