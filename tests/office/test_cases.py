"""Consequences as cases: opened by publishing, seen through step by step, rescinded when lifted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from publishing_desk import THE_JULY, corrected, published, ready

from builders import JULY, a_campaign, confirmed, observed, recorded
from gsjx_tui.errors import NotPermitted, StateError
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.office.case_step import StepDraft, take_step
from gsjx_tui.office.cases import Case, case, cases, cases_of
from gsjx_tui.office.draw import draw
from gsjx_tui.office.history import Filter, done
from gsjx_tui.office.home import Office, open_office
from gsjx_tui.office.staff import set_staff
from gsjx_tui.office.verify import verify

KEY = "key_rectification"


def stage(office: Office) -> None:
    published(office, "stage", "first")


def july(office: Office) -> None:
    """July drawn, checked, confirmed, and the final ranking published."""
    draw(office, THE_JULY, items=1)
    recorded(office, *(observed("second.b1.plan", 5, unit=u, month=JULY) for u in "AB"))
    confirmed(office, JULY)
    published(office, "campaign", "")


def listed(office: Office) -> list[tuple[str, str, int, str]]:
    return [(one.unit, one.kind, one.shared_by, one.status) for one in cases(office)]


def stepped(office: Office, *words: str, number: int = 1, **told: str) -> Case:
    what, subject = (*words, "")[:2]
    person = {"person": "甲"} if what in ("talk", "decided") else {}
    return take_step(office, number, StepDraft(what, subject, **{"text": "记录", **person, **told}))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The first stage is published: C is last."""
    with ready(tmp_path, A=9, B=7, C=5) as opened:
        stage(opened)
        yield opened


ALL = (("notice",), ("talk", "principal"), ("talk", "leader"), ("measures",), ("proof",))


# opening ---------------------------------------------------------------------------------------


def test_publishing_a_stage_opens_a_case_for_the_last(office: Office) -> None:
    (found,) = cases(office)

    assert (found.number, found.unit, found.kind, found.stage) == (1, "C", KEY, "first")
    assert (found.status, found.publication, found.deadline) == ("open", 1, "")
    assert found.missing == (
        "整改通知",
        "主要负责人诫勉谈话",
        "分管领导诫勉谈话",
        "整改措施",
        "整改佐证",
    )
    verify(office)


def test_a_month_to_date_opens_none(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        published(office)

        assert cases(office) == ()


def test_an_edition_and_its_cases_are_published_together_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = Ledger.append

    def breaks_off(ledger: Ledger, table: str, rows: object) -> int:
        if table == "followup":
            raise RuntimeError("the power went")
        return append(ledger, table, rows)  # type: ignore[arg-type]

    with ready(tmp_path, A=9, B=7) as office:
        with monkeypatch.context() as patch, pytest.raises(RuntimeError):
            patch.setattr(Ledger, "append", breaks_off)
            stage(office)

        assert office.ledger.head("publication").seq == 0


def test_the_end_of_the_campaign_opens_every_kind(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        july(office)

        assert listed(office) == [
            ("B", "final_last", 1, "open"),
            ("A", "award_candidate", 1, "open"),
        ]
        with pytest.raises(StateError, match="还不能结案，缺：组织调整建议"):
            stepped(office, "closed")
        stepped(office, "recommended", text="建议调整")
        assert stepped(office, "closed").status == "closed"
        stepped(office, "decided", "named", number=2, person="领导小组第 5 次会议")
        assert stepped(office, "closed", number=2).status == "closed"


# seeing it through -----------------------------------------------------------------------------


def test_step_by_step_until_it_is_closed(office: Office) -> None:
    for words in ALL:
        found = stepped(office, *words)
    assert found.missing == ()

    closed = stepped(office, "closed")

    assert closed.status == "closed"
    assert [step.name for step in closed.steps][1:3] == ["主要负责人诫勉谈话", "分管领导诫勉谈话"]
    assert {(s.person, s.text, s.by) for s in closed.steps if s.what == "talk"} == {
        ("甲", "记录", office.who)
    }
    assert cases(office, only_open=True) == ()
    with pytest.raises(StateError, match="已结案；不再办理"):
        stepped(office, "proof")
    verify(office)


def test_it_isnt_closed_before_all_is_done(office: Office) -> None:
    for words in ALL[:2]:
        stepped(office, *words)
    with pytest.raises(StateError, match="还不能结案，缺：分管领导诫勉谈话、整改措施、整改佐证"):
        stepped(office, "closed")


def test_the_newest_deadline_counts_and_runs_out(office: Office) -> None:
    soon, later = (date.today() + timedelta(days=days) for days in (5, 9))
    stepped(office, "measures", deadline=soon.isoformat())
    found = stepped(office, "deadline", text="", deadline=later.isoformat())

    assert (found.deadline, found.overdue) == (later.isoformat(), False)
    assert case(office, 1, today=later).overdue is False
    assert case(office, 1, today=later + timedelta(days=1)).overdue is True


@pytest.mark.parametrize(
    ("words", "told", "says"),
    [
        (("visit",), {}, "没有步骤“visit”"),
        (("talk",), {}, "没有步骤“talk”"),
        (("talk", "principal"), {"person": " "}, "没有写人"),
        (("talk", "principal"), {"text": "\t"}, "没有写内容"),
        (("notice",), {"happened_on": "2099-01-01"}, "还没有到"),
        (("notice",), {"happened_on": "昨天"}, "写法不对"),
        (("notice",), {"happened_on": "2013-08-09", "deadline": "2013-08-01"}, "早于 2013-08-09"),
        (("proof",), {"deadline": "2099-01-01"}, "不带期限"),
        (("deadline",), {}, "没有写期限"),
        (("decided", "named"), {}, "没有并列，不需要决定"),
        (("rescinded",), {}, "不能撤销"),
    ],
)
def test_a_step_that_cant_be_is_refused(
    office: Office, words: tuple[str, ...], told: dict[str, str], says: str
) -> None:
    with pytest.raises(StateError, match=says):
        stepped(office, *words, **told)

    assert case(office, 1).steps == ()


def test_a_case_that_isnt_there_is_told(office: Office) -> None:
    with pytest.raises(StateError, match="没有台账第 9 号"):
        stepped(office, "notice", number=9)


def test_decisions_and_closing_take_a_lead(office: Office) -> None:
    set_staff(office, office.who, "admin")
    set_staff(office, "li", "reviewer")
    stepped(office.acting("li"), "notice")

    with pytest.raises(NotPermitted, match="负责人"):
        stepped(office.acting("li"), "closed")


# ties ------------------------------------------------------------------------------------------


def test_a_tie_waits_for_the_leading_groups_decision(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=5, C=5) as office:
        stage(office)
        assert listed(office) == [("B", KEY, 2, "waiting"), ("C", KEY, 2, "waiting")]
        with pytest.raises(StateError, match="并列末位还没有决定"):
            stepped(office, "notice")

        stepped(office, "decided", "spared", person="领导小组", text="进步较大")
        stepped(office, "decided", "named", number=2, person="领导小组")

        assert [one.status for one in cases(office)] == ["spared", "open"]
        assert stepped(office, "notice", number=2).status == "open"
        with pytest.raises(StateError, match="决定不列入；不再办理"):
            stepped(office, "notice")
        with pytest.raises(StateError, match="不再重复决定"):
            stepped(office, "decided", "spared", number=2)


def test_a_new_edition_that_ends_the_tie_needs_no_decision(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=5, C=5) as office:
        stage(office)
        corrected(office, "C", "6")
        stage(office)

        assert listed(office) == [("B", KEY, 1, "open"), ("C", KEY, 0, "lifted")]


def test_who_was_spared_in_a_tie_and_is_then_last_alone_has_a_new_case(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=5, C=5) as office:
        stage(office)
        stepped(office, "decided", "spared", person="领导小组")
        corrected(office, "A", "8")
        stage(office)
        assert len(cases(office)) == 2
        corrected(office, "C", "6")
        stage(office)

        assert listed(office) == [
            ("B", KEY, 1, "spared"),
            ("C", KEY, 0, "lifted"),
            ("B", KEY, 1, "open"),
        ]


def test_a_final_tie_over_all_units_counts_all_categories(tmp_path: Path) -> None:
    with ready(tmp_path, A=5, B=5) as office:
        home = office.home
    campaign = a_campaign(["first", "second"], points=20, final_scope="all")
    roster = "code,name,category\nA,A局,economy\nB,B局,support\n"
    (home / "units.csv").write_text(roster, "utf-8")
    (home / "campaign.toml").write_text(campaign, "utf-8")

    with open_office(home, [tmp_path / "plugins"]) as office:
        july(office)
        lasts = [one for one in cases(office) if one.kind == "final_last"]

        assert [(one.unit, one.shared_by) for one in lasts] == [("A", 2), ("B", 2)]


# lifted ----------------------------------------------------------------------------------------


def test_a_later_edition_that_lifts_the_unit_marks_its_case_and_opens_the_other(
    office: Office,
) -> None:
    stepped(office, "notice")
    corrected(office, "C", "8")
    assert case(office, 1).status == "open"  # not published yet
    stage(office)

    assert listed(office) == [("C", KEY, 0, "lifted"), ("B", KEY, 1, "open")]
    with pytest.raises(StateError, match="先撤销"):
        stepped(office, "measures")

    found = stepped(office, "rescinded", text="更正后不再是末位")

    assert found.status == "rescinded"
    assert [one.unit for one in cases(office, only_open=True)] == ["B"]


def test_a_closed_case_is_marked_as_well(office: Office) -> None:
    for words in (*ALL, ("closed",)):
        stepped(office, *words)
    corrected(office, "C", "8")
    stage(office)

    assert case(office, 1).status == "lifted"
    assert stepped(office, "rescinded").status == "rescinded"


def test_an_edition_in_which_it_is_still_last_opens_no_second_case(office: Office) -> None:
    corrected(office, "C", "4")
    stage(office)

    assert listed(office) == [("C", KEY, 1, "open")]


def test_last_again_after_it_was_rescinded_it_has_a_new_case(office: Office) -> None:
    corrected(office, "C", "8")
    stage(office)
    stepped(office, "rescinded")
    corrected(office, "C", "1")
    stage(office)

    assert listed(office) == [
        ("C", KEY, 1, "rescinded"),
        ("B", KEY, 0, "lifted"),
        ("C", KEY, 1, "open"),
    ]


def test_its_whole_way_is_in_the_history(office: Office) -> None:
    stepped(office, "talk", "leader", happened_on="2013-08-01", person="乙")

    acts = done(office, Filter(unit="C", words=("台账",))).acts

    assert [(act.what, act.text, act.note) for act in acts] == [
        ("followup_step", "台账 1 talk leader 2013-08-01 乙", "记录")
    ]
    (opened,) = done(office, Filter(words=("立案",))).acts
    assert (opened.unit, opened.text) == ("C", "重点整改单位")


def test_what_is_owed_follows_the_status(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=5, C=5) as office:
        head = published(office, "stage", "first").head
        tied = cases_of(office, head)
        corrected(office, "C", "8")
        second = published(office, "stage", "first").head
        lifted = cases_of(office, second)
        month = published(office).head

        assert [(one.unit, one.owed) for one in tied] == [
            ("B", ("领导小组的决定",)),
            ("C", ("领导小组的决定",)),
        ]
        assert lifted[0].owed == lifted[0].missing != ()
        assert (lifted[1].unit, lifted[1].owed) == ("C", ("撤销",))
        assert cases_of(office, month) == ()
