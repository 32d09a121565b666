"""Objections: filed, handled by others than who verified, decided in writing, corrected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from builders import JULY, JUNE, a_campaign, a_unit, an_office, confirmed, observed, recorded, total
from gsjx_tui.errors import NotPermitted, StateError
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.office.card import history
from gsjx_tui.office.correct import correct
from gsjx_tui.office.history import Filter, done
from gsjx_tui.office.home import Office
from gsjx_tui.office.objecting import (
    decide_objection,
    file_objection,
    take_objection,
    withdraw_objection,
)
from gsjx_tui.office.objections import Objection, decision_effect, objection, objections
from gsjx_tui.office.staff import set_staff
from gsjx_tui.office.verify import verify

BODY = "study.b1.body"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A1 claimed 10 in June, zhang found 6; June is confirmed. A reporter, reviewers, a lead."""
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as opened:
        set_staff(opened, opened.who, "admin")
        set_staff(opened, "unit1", "reporter", unit="A1")
        for login in ("zhang", "li"):
            set_staff(opened, login, "reviewer")
        set_staff(opened, "chen", "lead")
        recorded(opened, observed(BODY, 10, kind="claim"))
        recorded(opened.acting("zhang"), observed(BODY, 6))
        confirmed(opened, JUNE)
        yield opened


def filed(office: Office, who: str = "unit1", **changed: str) -> Objection:
    asked = {"unit": "A1", "month": JUNE, "item": BODY, "grounds": "文件已印发", **changed}
    return file_objection(office.acting(who), **asked)


def taken(office: Office) -> int:
    """An objection that li has in hand."""
    return take_objection(office.acting("li"), filed(office).number).number


# filing ----------------------------------------------------------------------------------------


def test_a_unit_files_for_itself_and_the_clock_runs(office: Office) -> None:
    found = filed(office)

    assert (found.number, found.status, found.handler, found.by) == (1, "open", "", "unit1")
    assert (found.filed_on, found.due) == (date.today(), date.today() + timedelta(days=15))
    later = objection(office, 1, today=found.filed_on + timedelta(days=16))
    assert (later.days, later.overdue, found.days, found.overdue) == (16, True, 0, False)


def test_how_long_it_may_take_is_a_setting(tmp_path: Path) -> None:
    with an_office(tmp_path, campaign=a_campaign(objection_days=7)) as office:
        confirmed(office, JUNE)
        found = file_objection(office, "A1", JUNE, BODY, "文件已印发", "2013-08-01")

        assert (found.filed_on, found.due) == (date(2013, 8, 1), date(2013, 8, 8))
        assert objections(office, today=date(2013, 8, 8))[0].overdue is False
        assert objections(office, today=date(2013, 8, 9))[0].overdue is True


def test_a_unit_neither_files_for_others_nor_sees_theirs(office: Office) -> None:
    with pytest.raises(NotPermitted):
        filed(office, unit="A2")
    other = filed(office, "zhang", unit="A2")

    mine = office.acting("unit1")
    assert objections(mine) == ()
    with pytest.raises(StateError, match="没有申诉第 1 号"):
        objection(mine, other.number)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"month": JULY}, "2013-07 还没有核定"),
        ({"unit": "A9"}, "没有代码为“A9”的单位"),
        ({"item": "study.b1"}, "没有考核要点"),
        ({"item": "selfcheck.b1.plan"}, "不考核"),
        ({"grounds": " \t"}, "申诉理由是空的"),
        ({"filed_on": "2013-02-01"}, "申诉日期 2013-02-01 不对"),
        ({"filed_on": "昨天"}, "写法不对"),
    ],
)
def test_what_cant_be_filed_is_refused(office: Office, changed: dict[str, str], says: str) -> None:
    with pytest.raises(StateError, match=says):
        filed(office, office.who, **changed)

    assert office.ledger.head("objection").seq == 0


def test_one_about_the_same_at_a_time(office: Office) -> None:
    filed(office)
    with pytest.raises(StateError, match="已有申诉第 1 号在办"):
        filed(office)
    withdraw_objection(office.acting("unit1"), "A1", 1, "弄错了")

    assert filed(office).number == 2


# handling --------------------------------------------------------------------------------------


def test_who_verified_it_neither_handles_nor_decides_it(office: Office) -> None:
    number = filed(office).number
    with pytest.raises(StateError, match="zhang 是这一要点的复核人，不能办理"):
        take_objection(office.acting("zhang"), number)
    take_objection(office.acting("li"), number)
    set_staff(office, "zhang", "lead")
    with pytest.raises(StateError, match="zhang 是这一要点的复核人，不能决定"):
        decide_objection(office.acting("zhang"), number, "rejected", "材料不足")

    assert objection(office, number).status == "taken"


def test_handling_takes_a_reviewer_and_deciding_a_lead(office: Office) -> None:
    number = filed(office).number
    with pytest.raises(NotPermitted):
        take_objection(office.acting("unit1"), number)
    take_objection(office.acting("li"), number)
    with pytest.raises(NotPermitted):
        decide_objection(office.acting("li"), number, "rejected", "材料不足")


def test_it_is_taken_in_hand_before_it_is_decided(office: Office) -> None:
    number = filed(office).number
    with pytest.raises(StateError, match="还没有人受理"):
        decide_objection(office.acting("chen"), number, "rejected", "材料不足")


def test_another_may_take_over(office: Office) -> None:
    number = taken(office)
    with pytest.raises(StateError, match="已由 li 受理"):
        take_objection(office.acting("li"), number)

    assert take_objection(office.acting("chen"), number).handler == "chen"


# deciding --------------------------------------------------------------------------------------


def test_upheld_it_is_corrected_in_the_same_act_and_linked(office: Office) -> None:
    number = taken(office)

    found = decide_objection(office.acting("chen"), number, "upheld", "文件属实", {"points": "9"})

    assert found.closed is not None
    assert (found.status, found.closed.decision, found.closed.by) == ("decided", "upheld", "chen")
    seen = history(office, "A1", BODY)
    assert found.closed.correction == 3  # the third observation of the ledger
    assert (seen.observations[-1].value, seen.observations[-1].source) == (9, "correct")
    assert seen.observations[-1].at == seen.postings[-1].at == found.closed.at
    assert seen.postings[-1].reason == "申诉第 1 号：文件属实"
    assert total(office) == 9 + 10  # and the materials' base
    verify(office)


def test_what_a_decision_changed_can_be_told_long_after(office: Office) -> None:
    number = taken(office)
    with pytest.raises(StateError, match="还没有决定"):
        decision_effect(office, number)
    decide_objection(office.acting("chen"), number, "upheld", "文件属实", {"points": "9"})
    correct(office, "A2", BODY, JUNE, {"points": "10"}, "复核")
    correct(office, "A1", BODY, JUNE, {"points": "1"}, "复核")

    found = decision_effect(office.acting("unit1"), number)

    assert (found.item_before, found.item_after) == (6, 9)
    assert (found.points_before, found.points_after) == (16, 19)
    assert (found.rank_before, found.rank_after) == (1, 1)


def test_rejected_nothing_is_corrected(office: Office) -> None:
    number = taken(office)
    found = decide_objection(office.acting("chen"), number, "rejected", "文件日期在后")

    assert found.closed is not None
    effect = decision_effect(office, number)
    assert (effect.points_before, effect.rank_before) == (effect.points_after, effect.rank_after)
    assert (found.closed.correction, total(office)) == (0, 6 + 10)
    assert objections(office, only_open=True) == ()
    assert objections(office) == (found,)


def test_partly_it_may_be_without_a_correction(office: Office) -> None:
    found = decide_objection(office.acting("chen"), taken(office), "partly", "程序有误，得分不变")

    assert found.closed is not None
    assert found.closed.correction == 0


@pytest.mark.parametrize(
    ("decision", "text", "values", "says"),
    [
        ("upheld", "属实", {}, "没有更正"),
        ("rejected", "不属实", {"points": "9"}, "不能同时更正"),
        ("rejected", " ", {}, "没有写决定的理由"),
        ("upheld", "属实", {"points": "11"}, "超过上限 10"),
        ("perhaps", "属实", {}, "不认识的决定"),
    ],
)
def test_a_decision_that_cant_be_leaves_it_open(
    office: Office, decision: str, text: str, values: dict[str, str], says: str
) -> None:
    number = taken(office)
    with pytest.raises(Exception, match=says):
        decide_objection(office.acting("chen"), number, decision, text, values)  # type: ignore[arg-type]

    assert objection(office, number).is_open


def test_a_decision_that_breaks_off_neither_decides_nor_corrects(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, append = taken(office), Ledger.append

    def breaks_off(ledger: Ledger, table: str, rows: object) -> int:
        if table == "objection_step":
            raise RuntimeError("the power went")
        return append(ledger, table, rows)  # type: ignore[arg-type]

    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(Ledger, "append", breaks_off)
        decide_objection(office.acting("chen"), number, "upheld", "属实", {"points": "9"})

    assert objection(office, number).is_open
    assert total(office) == 16


def test_what_is_decided_stays_decided(office: Office) -> None:
    number = taken(office)
    decide_objection(office.acting("chen"), number, "rejected", "材料不足")
    with pytest.raises(StateError, match="已由 chen 于"):
        decide_objection(office.acting("chen"), number, "partly", "再议")


def test_withdrawing_is_for_the_unit_that_filed(office: Office) -> None:
    number = filed(office).number
    with pytest.raises(NotPermitted):
        withdraw_objection(office.acting("unit1"), "A2", number, "不提了")
    with pytest.raises(StateError, match="不是 A2 提出的"):
        withdraw_objection(office, "A2", number, "不提了")
    with pytest.raises(StateError, match="撤回理由是空的"):
        withdraw_objection(office, "A1", number, "")

    assert withdraw_objection(office.acting("unit1"), "A1", number, "不提了").status == "withdrawn"


def test_its_whole_way_is_in_the_history(office: Office) -> None:
    decide_objection(office.acting("chen"), taken(office), "upheld", "属实", {"points": "9"})

    acts = done(office, Filter(words=("申诉",))).acts

    assert [(act.what, act.who, act.text) for act in acts if act.what.startswith("objection")] == [
        ("objection_step", "chen", "申诉 1 成立"),
        ("objection_step", "li", "申诉 1 受理"),
        ("objection", "unit1", str(date.today())),
    ]
