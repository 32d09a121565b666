"""Reviewing a unit's month: claim beside verification, accepting, sending back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from builders import JULY, JUNE, a_unit, an_office, confirmed, counts, observed, recorded
from gsjx_tui.domain import Month
from gsjx_tui.errors import ObservationError, StateError
from gsjx_tui.office.event_draft import EventDraft
from gsjx_tui.office.home import Office
from gsjx_tui.office.register import register
from gsjx_tui.office.review import (
    ReviewRow,
    UnitReview,
    accept_all,
    return_to_unit,
    returns,
    review,
    review_counts,
)
from gsjx_tui.office.verify import verify

BODY, PLAN, PRAISE = "study.b1.body", "study.b2.plan", "study.e4.praise"
THE_JUNE = Month(2013, 6)


def row(office: Office, item: str, field: str = "points") -> ReviewRow:
    """One cell of A1 in June as it is reviewed."""
    rows = review(office, "A1", THE_JUNE).rows
    return next(r for r in rows if (r.item.id, r.field.name) == (item, field))


# side by side ----------------------------------------------------------------------------------


def test_claim_and_verification_stand_side_by_side(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(BODY, 10, kind="claim"), observed(BODY, 8))

        found = row(office, BODY)

    assert found.claim is not None and found.verification is not None
    assert (found.claim.value, found.verification.value, found.difference) == (10, 8, -2)
    assert (found.differs, found.unverified) == (True, False)
    assert found.verification.by == office.who


def test_a_claim_alone_waits_for_the_office(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(BODY, 10, kind="claim"), observed(PLAN, 8))

        assert row(office, BODY).unverified
        assert row(office, BODY).difference is None
        assert not row(office, PLAN).unverified


@pytest.mark.parametrize(
    ("value", "note", "without"), [(10, "", True), (10, "文件 3 号", False), (0, "", False)]
)
def test_a_claim_of_something_needs_a_note(
    tmp_path: Path, value: int, note: str, without: bool
) -> None:
    with an_office(tmp_path) as office:
        recorded(office, [replace(o, note=note) for o in observed(BODY, value, kind="claim")])

        assert row(office, BODY).without_evidence is without


def test_all_open_cells_are_there_and_none_else(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        rows = review(office, "A1", THE_JUNE).rows
        stage = office.rubric.stage_of(THE_JUNE)
        assert stage is not None

    assert [r.key for r in rows] == [
        f"{item.id}:{field.name}"
        for item in stage.items
        if THE_JUNE in item.months
        for field in item.fields
    ]


def test_registered_events_are_counted_beside_their_cell(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        register(office, EventDraft("A1", "6.5", "", PRAISE, "count", document="1号"))

        found = row(office, PRAISE, "count")

    assert found.events == 1
    assert found.verification is not None and found.verification.value == 1


def test_the_list_of_units_says_what_waits(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2"), a_unit("A3")) as office:
        recorded(
            office,
            observed(BODY, 10, kind="claim"),
            observed(PLAN, 8, kind="claim"),
            observed(PLAN, 7),
            observed(BODY, 5, kind="claim", unit="A2"),
            observed(BODY, 5, unit="A2"),
        )
        return_to_unit(office, "A1", THE_JUNE, "", "缺佐证")

        assert review_counts(office, THE_JUNE) == {
            "A1": UnitReview(unverified=1, differing=1, returned=True),
            "A2": UnitReview(),
        }
        assert review_counts(office, Month(2013, 7)) == {}


# accepting -------------------------------------------------------------------------------------


def test_accepting_verifies_what_nobody_looked_at_as_claimed(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(
            office,
            observed(BODY, "9.5", kind="claim"),
            observed("study.b3.briefs", kind="claim", count=4),
            observed(PLAN, 8, kind="claim"),
            observed(PLAN, 7),
        )

        assert accept_all(office, "A1", THE_JUNE) == 2

        body, plan = row(office, BODY).verification, row(office, PLAN).verification
        assert body is not None and plan is not None
        assert (body.value, body.note) == (Decimal("9.5"), "照自评复核")
        assert plan.value == 7
        assert accept_all(office, "A1", THE_JUNE) == 0
        verify(office)


def test_accepting_is_one_act(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(BODY, 9, kind="claim"), observed(PLAN, 8, kind="claim"))
        accept_all(office, "A1", THE_JUNE)

        rows = [row(office, item).verification for item in (BODY, PLAN)]

    assert len({side.at for side in rows if side is not None}) == 1


def test_a_confirmed_month_is_not_accepted_after(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(BODY, 9, kind="claim"))
        confirmed(office, JUNE)

        with pytest.raises(ObservationError, match="核定；改动请用更正"):
            accept_all(office, "A1", THE_JUNE)


# sending back ----------------------------------------------------------------------------------


def test_a_month_is_sent_back_until_the_unit_reports_anew(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(BODY, 9, kind="claim"))
        assert not review(office, "A1", THE_JUNE).returned

        return_to_unit(office, "A1", THE_JUNE, "", "缺\x1b会议记录", "6.30")

        found = review(office, "A1", THE_JUNE)
        assert found.returned
        (sent,) = found.returns
        assert (sent.item, sent.reason, sent.deadline) == ("", "缺会议记录", "2013-06-30")
        assert sent.by == office.who

        recorded(office, observed(BODY, 8, kind="claim"))
        assert not review(office, "A1", THE_JUNE).returned
        assert len(returns(office, "A1", THE_JUNE)) == 1
        verify(office)


def test_a_verification_does_not_answer_a_return(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(BODY, 9, kind="claim"))
        return_to_unit(office, "A1", THE_JUNE, BODY, "缺会议记录")
        recorded(office, observed(BODY, 8))

        assert review(office, "A1", THE_JUNE).returned
        assert review_counts(office, THE_JUNE)["A1"].returned


def test_the_deadline_may_be_in_the_new_year(tmp_path: Path) -> None:
    december = Month(2013, 12)
    with an_office(tmp_path) as office:
        recorded(office, observed("rectify.b2.briefs", month="2013-12", kind="claim", count=1))

        sent = return_to_unit(office, "A1", december, "", "缺简报", "1月5日")

    assert sent.deadline == "2014-01-05"


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"unit": "B7"}, "没有代码为“B7”的单位"),
        ({"item": "study.b9"}, "没有考核要点“study.b9”"),
        ({"item": PLAN}, "A1局 2013-06 study.b2.plan 没有上报，无可退回"),
        ({"month": Month(2013, 7)}, "A1局 2013-07 没有上报，无可退回"),
        ({"reason": " \x1b"}, "退回理由是空的"),
        ({"deadline": "月底"}, "日期“月底”写法不对"),
        ({"deadline": "2013-05-31"}, "期限 2013-05-31 早于 2013-06"),
    ],
)
def test_what_cant_be_sent_back_is_refused(
    tmp_path: Path, wrong: dict[str, object], what: str
) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(BODY, 9, kind="claim"))
        before = counts(office.ledger)
        given: dict[str, object] = {"unit": "A1", "month": THE_JUNE, "item": "", "reason": "缺佐证"}

        with pytest.raises(StateError) as error:
            return_to_unit(office, **{**given, **wrong})  # type: ignore[arg-type]

        assert error.value.faults[0].what == what
        assert error.value.faults[0].remedy
        assert counts(office.ledger) == before


def test_a_confirmed_month_is_not_sent_back(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(BODY, 9, kind="claim"), observed(BODY, 9, month=JULY))
        confirmed(office, JUNE)

        with pytest.raises(StateError, match="核定；改动请用更正"):
            return_to_unit(office, "A1", THE_JUNE, "", "缺佐证")


# seen before -----------------------------------------------------------------------------------


def test_a_cell_without_a_claim_waits_for_nobody(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        assert not row(office, BODY).unverified


def test_a_claim_that_came_after_the_look_is_not_accepted(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(BODY, 10, kind="claim"))
        looked = row(office, BODY).claim
        recorded(office, observed(BODY, 5, kind="claim"))
        assert looked is not None

        with pytest.raises(StateError, match="自评在您查看之后又改过"):
            accept_all(office, "A1", THE_JUNE, [looked.at])
        assert row(office, BODY).unverified

        now = row(office, BODY).claim
        assert now is not None
        assert accept_all(office, "A1", THE_JUNE, [now.at]) == 1
