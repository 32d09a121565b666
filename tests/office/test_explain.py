"""An explanation goes from the evidence to the posting, and says whether both agree."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from builders import (
    JULY,
    JUNE,
    a_campaign,
    a_plugin,
    a_stage,
    a_unit,
    an_office,
    confirmed,
    counts,
    observed,
    posted,
    recorded,
)
from gsjx_tui.domain import Month
from gsjx_tui.errors import GsjxError, StateError
from gsjx_tui.office.correct import correct, correctable
from gsjx_tui.office.explain import explain
from gsjx_tui.office.record import record
from gsjx_tui.office.undo import undo

BODY, PLAN, BRIEFS = "study.b1.body", "study.b2.plan", "study.b3.briefs"
THEN = Month(2013, 7)


def test_claim_and_verification_stand_side_by_side_with_their_evidence(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        claim = replace(observed(PLAN, 9, kind="claim")[0], note="方案〔2013〕3号")
        record(office.acting("unit01"), [claim])
        recorded(office, observed(PLAN, 8), observed(PLAN, 7))

        found = explain(office, "A1", PLAN, THEN)

        (look,) = found.looks
        assert look.claim is not None and look.verify is not None
        assert (look.claim.value, look.claim.note, look.claim.by) == (
            9,
            "方案〔2013〕3号",
            "unit01",
        )
        assert (look.verify.value, look.counts) == (7, 7)
        assert [earlier.value for earlier in look.earlier] == [8]
        assert (found.item.clause, found.rule) == ("二（一）1②", "评分，满分 10，以最近一次为准")


def test_what_was_undone_is_shown_but_counts_no_more(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(PLAN, 8))
        recorded(office, observed(PLAN, 9))
        undo(office, Month(2013, 6))

        (look,) = explain(office, "A1", PLAN, THEN).looks

        assert look.verify is not None
        assert (look.verify.value, look.counts) == (8, 8)
        assert [(seen.value, seen.withdrawn) for seen in look.earlier] == [(9, True)]


def test_before_it_is_confirmed_nothing_is_posted_and_it_says_so(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(PLAN, 8))
        assert explain(office, "A1", PLAN, THEN).agreement == "not_confirmed"

        confirmed(office, JUNE)
        june = explain(office, "A1", PLAN, Month(2013, 6))
        assert (june.agreement, june.total, june.posted) == ("agrees", 8, 8)
        july = explain(office, "A1", PLAN, THEN)
        assert (july.agreement, july.confirmed) == ("not_confirmed", (Month(2013, 6),))

        selfcheck = explain(office, "A1", "selfcheck.b1.plan", THEN)
        assert (selfcheck.agreement, selfcheck.steps) == ("not_begun", ())


def test_after_a_correction_the_postings_still_add_up(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(BRIEFS, count=2), observed(BRIEFS, month=JULY, count=9))
        confirmed(office, JUNE, JULY)
        correct(office, "A1", BRIEFS, JUNE, {"count": "0"}, "查实漏报")

        found = explain(office, "A1", BRIEFS, Month(2013, 12))

        assert found.through == THEN
        assert found.agreement == "agrees"
        assert found.total == found.posted == 5
        assert [p.reason for p in found.postings if p.origin == "correct"] == ["查实漏报"] * 2
        assert [step.text for step in found.bounds] == ["加分 7，封顶 5"]


def test_every_item_of_a_confirmed_month_agrees(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2", since=JULY)) as office:
        recorded(
            office,
            observed(BODY, 10),
            observed("study.e2.plan", 5),
            observed("study.e2.sample", sampled=5, negative=4),
        )
        confirmed(office, JUNE, JULY)

        found = [
            explain(office, unit, item.id, THEN)
            for unit in ("A1", "A2")
            for item in office.rubric.stages[0].items
        ]

        assert {one.agreement for one in found} == {"agrees"}
        assert sum(one.total for one in found if one.unit.code == "A1") == sum(
            posted(office).values()
        )


def test_a_plugin_that_changed_the_points_shows(tmp_path: Path) -> None:
    code = (
        "@hookimpl\ndef gsjx_score(item, unit, month, values, points):\n"
        "    return points - Decimal(1)\n"
    )
    folder = a_plugin(tmp_path / "plugins", "trial", code, a_stage())
    campaign = a_campaign(["trial"], 10)
    with an_office(tmp_path, campaign=campaign, folders=[folder]) as office:
        recorded(office, observed("trial.b1.plan", 6))
        confirmed(office, JUNE)

        found = explain(office, "A1", "trial.b1.plan", Month(2013, 6))

        assert [(s.text, s.points) for s in found.steps[-2:]] == [("插件调整", -1), ("得分", 5)]
        assert found.agreement == "agrees"


def test_only_confirmed_months_in_which_it_is_open_can_be_corrected(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2", since=JULY)) as office:
        recorded(office, observed(BRIEFS, count=3))
        confirmed(office, JUNE, JULY)

        june = Month(2013, 6)
        assert correctable(office, "A1", BRIEFS).values == {june: {"count": 3}, THEN: {}}
        assert list(correctable(office, "A2", BRIEFS).values) == [THEN]
        assert not correctable(office, "A1", "selfcheck.b1.plan").values
        with pytest.raises(StateError):
            correctable(office, "A1", "study.nothing")


def test_a_correction_can_be_tried_without_posting_it(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(BODY, 10))
        confirmed(office, JUNE)
        before = counts(office.ledger)

        tried = correct(office, "A1", BODY, JUNE, {"points": "4"}, "查实", dry_run=True)

        assert counts(office.ledger) == before
        assert [(str(p.month), p.points) for p in tried.postings] == [(JUNE, Decimal(-6))]
        assert correct(office, "A1", BODY, JUNE, {"points": "4"}, "查实") == tried
        with pytest.raises(GsjxError):
            correct(office, "A1", BODY, JULY, {"points": "4"}, "查实", dry_run=True)
