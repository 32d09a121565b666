"""Publishing: what stands in the way, editions that never change, errata, printed papers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from publishing_desk import (
    PLAN,
    PRAISE,
    THE_JULY,
    THE_JUNE,
    an_office_about_to,
    corrected,
    published,
    ready,
)

from builders import JULY, JUNE, a_campaign, a_unit, an_office, confirmed, observed, recorded
from gsjx_tui.errors import NotPermitted, StateError
from gsjx_tui.office.correct import correct
from gsjx_tui.office.draw import draw
from gsjx_tui.office.figures import changed, rows_now
from gsjx_tui.office.gate import is_bonus
from gsjx_tui.office.history import Filter, done
from gsjx_tui.office.home import Office
from gsjx_tui.office.objecting import file_objection, withdraw_objection
from gsjx_tui.office.publications import (
    check_paper,
    publication,
    publications,
    published_now,
)
from gsjx_tui.office.publish import draft, publish
from gsjx_tui.office.staff import set_staff
from gsjx_tui.office.verify import verify


def in_the_way(office: Office, scope: str = "month", which: str = JUNE) -> list[str]:
    before = office.ledger.head("publication")
    with pytest.raises(StateError) as refused:
        published(office, scope, which)
    assert office.ledger.head("publication") == before
    found = draft(office, scope, which)  # type: ignore[arg-type]
    assert refused.value.faults == tuple(obstacles.told for obstacles in found.blocked)
    assert refused.value.heading.endswith(f"还不能发布，有 {len(found.left)} 件事未了：")
    return [str(fault) for fault in found.left]


# the gate --------------------------------------------------------------------------------------


def test_all_that_stands_in_the_way_is_told_at_once(tmp_path: Path) -> None:
    with an_office_about_to(tmp_path, A=9, B=7) as office:
        recorded(office, observed(PRAISE, count=2, unit="A", kind="claim"))
        confirmed(office, JUNE, units=["A"])
        file_objection(office, "A", JUNE, PLAN, "有文件")

        assert in_the_way(office) == [
            "B B局：没有核定到 2013-06；gsjx confirm 2013-06 --unit B。",
            "A A局：2013-06 的申诉第 1 号没有办结；先作出决定：gsjx objections。",
            "A A局 2013-06 要点：自评 2.00 会加分，没有复核；凭材料复核 first.b1.praise；"
            "该月已核定的用 gsjx correct。",
            "2013-06 抽查：还要抽 2 个单位，本阶段才能都抽到；gsjx draw 2013-06。",
        ]


def test_a_refusal_counts_by_kind_and_names_the_first_of_each(tmp_path: Path) -> None:
    with an_office_about_to(tmp_path, A=9, B=7, C=5, D=3) as office:
        with pytest.raises(StateError) as refused:
            published(office)
        confirmed(office, JUNE, units=["A"])
        with pytest.raises(StateError) as later:
            published(office)

    assert str(refused.value).splitlines() == [
        "2013年6月累计排名还不能发布，有 5 件事未了：",
        "没有核定 4 件：A A局、B B局、C C局等；逐月核定：gsjx confirm 月份。",
        "没有抽查 1 件：2013-06 抽查；补抽：gsjx draw 2013-06。",
    ]
    assert "没有核定 3 件：B B局、C C局、D D局；" in str(later.value)


def test_two_claims_of_one_item_are_one_thing_to_do(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1")) as office:
        claims = {"adopted": 2, "instructed": 1}
        recorded(office, observed("study.b3.adopted", kind="claim", **claims))
        confirmed(office, JUNE)

        told = [line for line in in_the_way(office) if "会加分" in line]

    assert told == [
        "A1 A1局 2013-06 信息采用与批示：自评采用次数 2.00、批示次数 1.00 会加分，没有复核；"
        "凭材料复核 study.b3.adopted；该月已核定的用 gsjx correct。"
    ]


def test_what_was_drawn_must_be_checked(tmp_path: Path) -> None:
    with an_office_about_to(tmp_path, A=9) as office:
        draw(office, THE_JUNE, items=2)
        confirmed(office, JUNE)
        told = in_the_way(office)
        correct(office, "A", PRAISE, JUNE, {"count": "0"}, "抽查")

        assert [line.split("；")[0] for line in told] == ["A A局 2013-06 要点：抽中的要点没有复核"]
        assert published(office).head.edition == 1


def test_a_stage_needs_every_unit_drawn_once(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        draw(office, THE_JUNE, units=1, items=1, seed="1")
        confirmed(office, JUNE, JULY)

        told = in_the_way(office, "stage", "study")

        assert sum("学习宣传阶段没有抽查过" in line for line in told) == 1


def test_an_objection_that_is_ended_is_no_longer_in_the_way(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        file_objection(office, "A", JUNE, PLAN, "有文件")
        assert len(in_the_way(office)) == 1
        withdraw_objection(office, "A", 1, "不提了")

        assert published(office).head.number == 1


def test_claims_that_count_for_nothing_are_not_in_the_way(tmp_path: Path) -> None:
    campaign = a_campaign(unverified_claims="reject")
    with an_office(tmp_path, a_unit("A1"), campaign=campaign) as office:
        recorded(office, observed("study.e4.praise", count=2, kind="claim"))
        confirmed(office, JUNE)

        assert not any("会加分" in line for line in in_the_way(office))


def test_which_claims_ask_for_extra_points(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        items = office.rubric.items

    asked = [
        ("study.e4.praise", "count", 1, True),
        ("study.b3.adopted", "instructed", 1, True),
        ("study.b3.briefs", "count", 2, False),
        ("study.b3.briefs", "count", 3, True),
        ("study.b3.materials", "late", 1, False),
        ("study.b1.body", "points", 10, False),
    ]
    for id, field, value, bonus in asked:
        assert is_bonus(items[id], field, Decimal(value)) is bonus


def test_publishing_takes_a_lead(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        set_staff(office, office.who, "admin")
        set_staff(office, "zhang", "reviewer")
        with pytest.raises(NotPermitted):
            publish(office.acting("zhang"), "month", JUNE)

        assert draft(office.acting("zhang"), "month", JUNE).blocked == ()


@pytest.mark.parametrize(
    ("scope", "which", "says"),
    [("month", "2015-01", "不在活动之内"), ("stage", "third", "没有阶段"), ("month", "", "写法")],
)
def test_what_isnt_there_cant_be_published(
    tmp_path: Path, scope: str, which: str, says: str
) -> None:
    with an_office_about_to(tmp_path) as office, pytest.raises(StateError, match=says):
        published(office, scope, which)


# editions --------------------------------------------------------------------------------------


def test_an_edition_has_the_ranking_a_number_and_a_code(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7, C=7) as office:
        found = publish(office, "stage", "first", " 第一阶段\x1b结束 ")

        assert [(row.rank, row.unit, row.points) for row in found.rows] == [
            (1, "A", 9),
            (2, "B", 7),
            (2, "C", 7),
        ]
        assert (found.head.called, found.head.note) == ("试行first阶段排名第 1 版", "第一阶段结束")
        assert len(found.head.code) == 14
        assert found.errata == ()
        assert publications(office) == (found.head,)
        verify(office)


def test_a_correction_makes_a_new_edition_with_an_erratum_for_each_changed_unit(
    tmp_path: Path,
) -> None:
    with ready(tmp_path, A=9, B=7, C=5) as office:
        first = published(office)
        corrected(office, "B", "4")

        second = published(office)

        assert (second.head.number, second.head.edition) == (2, 2)
        assert [
            (e.unit, e.rank_before, e.rank_after, e.points_before, e.points_after)
            for e in second.errata
        ] == [("C", 3, 2, 5, 5), ("B", 2, 3, 7, 4)]
        assert second.head.code != first.head.code
        assert publication(office, 1) == first  # printed again exactly
        assert publication(office, 2) == second


def test_without_a_change_there_is_no_new_edition(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        published(office)

        assert in_the_way(office) == [
            "2013年6月累计排名：与第 1 版完全相同；有更正之后才需要发布新版。"
        ]


def test_a_change_that_was_taken_back_is_an_edition_of_its_own(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        published(office)
        corrected(office, "B", "4")
        published(office)
        corrected(office, "B", "7")

        assert [e.points_after for e in published(office).errata] == [7]


def test_each_edition_keeps_the_erratum_of_the_one_before_it(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        published(office)
        corrected(office, "B", "4")
        second = published(office)
        corrected(office, "A", "8")
        published(office)

        assert publication(office, 2) == second
        assert [(e.unit, e.points_after) for e in second.errata] == [("B", 4)]


def test_an_erratum_names_who_has_come_or_gone_and_nobody_for_the_gap_alone(
    tmp_path: Path,
) -> None:
    with ready(tmp_path, A=9, B=7, C=5) as office:
        first, second, third = rows_now(office.ledger, "month", THE_JUNE, "")
        nearer = replace(second, gap=Decimal(1))

    (gone,) = changed([first, second, third], [first, nearer])
    (come,) = changed([first, nearer], [first, second, third])

    assert (gone.unit, gone.rank_before, gone.rank_after) == ("C", 3, None)
    assert (come.unit, come.points_before, come.points_after) == ("C", None, 5)


def test_scopes_number_their_editions_by_themselves(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        heads = [published(office).head, published(office, "stage", "first").head]

    assert [(head.number, head.edition) for head in heads] == [(1, 1), (2, 1)]
    assert heads[0].code != heads[1].code


def test_the_final_ranking_needs_the_whole_campaign(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        told = in_the_way(office, "campaign", "")
        assert "A A局：没有核定到 2013-07" in told[0]
        draw(office, THE_JULY, items=1)
        recorded(office, *(observed("second.b1.plan", 5, unit=u, month=JULY) for u in "AB"))
        confirmed(office, JULY)

        found = published(office, "campaign", "")

    assert (found.head.title, found.head.month) == ("最终排名", THE_JULY)
    assert [row.previous_rank for row in found.rows] == [1, 2]


def test_before_publishing_figures_are_drafts(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        assert published_now(office, JUNE) is None
        head = published(office).head
        assert published_now(office, JUNE) == head
        corrected(office, "B", "4")
        assert published_now(office, JUNE) is None
        assert published_now(office, JUNE, "first") is None


def test_what_was_published_is_in_the_history(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        head = publish(office, "month", JUNE, "首次").head

        (act,) = done(office, Filter(words=("发布",))).acts

    assert (act.what, act.text, act.note, act.value) == (
        "publication",
        f"2013年6月累计排名 {head.code}",
        "首次",
        1,
    )


# papers ----------------------------------------------------------------------------------------


def test_a_code_says_which_edition_and_that_it_is_still_true(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        head = published(office).head

        found = check_paper(office, head.code.replace("-", " ").lower())

    assert (found.head, found.whole, found.current, found.newer) == (head, True, True, 0)


def test_after_a_correction_it_says_what_is_no_longer_true_and_which_is_newer(
    tmp_path: Path,
) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        code = published(office).head.code
        corrected(office, "B", "4")
        alone = check_paper(office, code)
        number = published(office).head.number
        both = check_paper(office, code)

    assert (alone.current, [e.unit for e in alone.changed], alone.newer) == (False, ["B"], 0)
    assert (both.current, both.newer) == (False, number)


def test_a_mistyped_or_unknown_code_is_told(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        code = published(office).head.code
        wrong = ("1" if code[0] == "0" else "0") + code[1:]
        with pytest.raises(StateError, match="有字符输错"):
            check_paper(office, wrong)
        with pytest.raises(StateError, match="账本里没有这样一版"):
            check_paper(office, "0000-0000-0000")


def test_an_edition_changed_behind_the_programs_back_is_told(tmp_path: Path) -> None:
    from gsjx_tui.office.home import open_office

    with ready(tmp_path, A=9, B=7) as office:
        code = published(office).head.code
        home, path, folders = office.home, office.ledger.path, [tmp_path / "plugins"]
    with duckdb.connect(str(path)) as connection:
        connection.execute("update publication set content = replace(content, '9.00', '8.00')")

    with open_office(home, folders) as office:
        found = check_paper(office, code)
        with pytest.raises(StateError, match="发布第 1 条"):
            verify(office)

    assert (found.whole, found.current) == (False, False)
