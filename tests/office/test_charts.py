"""The figures of the charts are those of the ranking, the cards and the saved question."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from publishing_desk import corrected, published, ready

from builders import JULY, JUNE, PROJECT, a_unit, an_office, confirmed, observed, recorded
from gsjx_tui.errors import StateError
from gsjx_tui.office.asking import Asking
from gsjx_tui.office.card import card
from gsjx_tui.office.charts import losses, rank_paths, stage_points
from gsjx_tui.office.copies import Copies
from gsjx_tui.office.home import Office
from gsjx_tui.office.questions import question
from gsjx_tui.office.rank import rank

BODY, AUGUST = "study.b1.body", "2013-08"
OF_LOSSES = (PROJECT / "data" / "queries" / "02-失分指标.sql").read_text("utf-8")


def an_office_of_three_months(tmp_path: Path) -> Office:
    """Points in two stages; B2 joins in July, A3 leaves after June, A1 and A2 tie in June.

    B2 isn't confirmed for August, in which the second stage begins.
    """
    office = an_office(
        tmp_path,
        a_unit("A1"),
        a_unit("A2"),
        a_unit("A3", through=JUNE),
        a_unit("B2", since=JULY),
        a_unit("S1", "support"),
    )
    recorded(
        office,
        observed(BODY, 7, unit="A1"),
        observed(BODY, 7, unit="A2"),
        observed(BODY, 3, unit="A3"),
        observed("study.e5.graft", unit="A2", month=JULY, count=2),
        observed("study.k1.self", 15, unit="B2", month=JULY),
        observed("selfcheck.b1.plan", 20, unit="A1", month=AUGUST),
    )
    confirmed(office, JUNE, JULY)
    confirmed(office, AUGUST, units=["A1", "A2", "S1"])
    return office


def test_each_month_of_the_paths_agrees_with_the_ranking_through_it(tmp_path: Path) -> None:
    with an_office_of_three_months(tmp_path) as office:
        found = rank_paths(office)

        assert [str(month) for month in found.months] == [JUNE, JULY, AUGUST]
        for at, month in enumerate(found.months):
            drawn = {one.unit: one.ranks[at] for one in found.units if one.ranks[at]}
            rows = rank(office, through=str(month), category="economy")
            assert drawn == {row.unit: row.rank for row in rows}
        assert next(one for one in found.units if one.unit == "B2").ranks[0] is None
        last = rank(office, category="economy")
        assert [one.unit for one in found.units] == [row.unit for row in last]


def test_the_stages_of_a_unit_are_those_of_its_card(tmp_path: Path) -> None:
    with an_office_of_three_months(tmp_path) as office:
        found = stage_points(office)

        assert len(found.stages) == 2  # the others haven't begun
        for one in found.units:
            stages = card(office, one.unit).stages
            drawn = [points or Decimal(0) for points in one.stages]
            assert drawn == [stage.points for stage in stages if stage.begun]
            assert sum(drawn) == one.points


@pytest.mark.parametrize("month", [JUNE, JULY, AUGUST])
def test_losses_are_what_the_saved_question_says(tmp_path: Path, month: str) -> None:
    with an_office_of_three_months(tmp_path) as office:
        found = losses(office, month=month)
        copies = Copies()
        values = {"category": "economy", "month": month}
        rows = Asking(copies.copy(office), question(OF_LOSSES).text, values).answer().rows
        copies.close()

    said = sorted(
        (stage, name, str(units), str(lost), str(mean), state)
        for stage, name, units, lost, mean, state in rows
    )
    drawn = sorted(
        (
            loss.stage,
            loss.name,
            str(loss.units),
            str(loss.lost),
            str(found.mean(loss)),
            "已结束" if loss.over else "进行中",
        )
        for loss in found.indicators
    )
    assert drawn == said
    assert [loss.lost for loss in found.indicators] == sorted(
        (loss.lost for loss in found.indicators), reverse=True
    )


def test_losses_of_one_unit_are_what_its_card_lacks(tmp_path: Path) -> None:
    with an_office_of_three_months(tmp_path) as office:
        found = losses(office, unit="A1")
        lacks = {
            indicator.id: lacking
            for stage in card(office, "A1").stages
            if stage.begun
            for indicator in stage.indicators
            if (lacking := sum(max(i.nominal - i.points, Decimal(0)) for i in indicator.items))
        }

    assert {loss.indicator: loss.lost for loss in found.indicators} == lacks
    assert found.head.title == "A1 A1局指标失分"


def test_a_unit_chooses_its_category(tmp_path: Path) -> None:
    with an_office_of_three_months(tmp_path) as office:
        found = rank_paths(office, unit="S1")

        assert (found.head.category, found.head.unit) == ("support类", "S1")
        with pytest.raises(StateError, match="属于support类，不在economy类"):
            rank_paths(office, "economy", unit="S1")


def test_a_month_later_than_the_newest_shows_the_newest(tmp_path: Path) -> None:
    with an_office_of_three_months(tmp_path) as office:
        assert str(stage_points(office, month="2013-12").head.month) == AUGUST


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with an_office_of_three_months(tmp_path) as office:
        for fault, category, month, unit in (
            ("没有类别", "x", "", ""),
            ("不在活动之内", "", "2011-01", ""),
            ("没有代码为“X”的单位", "", "", "X"),
        ):
            with pytest.raises(StateError, match=fault):
                losses(office, category, month, unit)


def test_before_anything_is_confirmed_there_is_nothing_to_draw(tmp_path: Path) -> None:
    with an_office(tmp_path) as office, pytest.raises(StateError, match="还没有核定任何月份"):
        rank_paths(office)


def test_a_chart_says_where_it_is_from_and_which_edition(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        draft = rank_paths(office).head
        code = published(office).head.code
        edition = rank_paths(office).head
        corrected(office, "B", "4")
        again = rank_paths(office).head
        who = office.who

    assert (draft.stamp, draft.scope) == ("未定稿", "截至2013年6月累计")
    assert edition.stamp.endswith(f"第 1 版，校验码 {code}")
    assert again.stamp == "未定稿"
    assert edition.source[:4] == ("试点活动", "economy类", draft.scope, edition.stamp)
    assert edition.source[4].startswith("数据截至 20")
    assert edition.source[5] == f"制图人 {who}"
