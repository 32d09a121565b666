"""Confirming a month: what is posted, in which order, and what stands in the way (SPEC 4)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from builders import (
    AUGUST,
    JULY,
    JUNE,
    a_campaign,
    a_unit,
    an_office,
    confirmed,
    confirmed_through,
    counts,
    observed,
    posted,
    recorded,
    total,
)
from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.office.card import history
from gsjx_tui.office.confirm import confirm, preview
from gsjx_tui.office.facts import confirmations
from gsjx_tui.office.home import Office
from gsjx_tui.office.verify import verify

IN_JUNE, IN_JULY = Month.parse(JUNE), Month.parse(JULY)


def faults(office: Office, month: str, *codes: str) -> tuple[Fault, ...]:
    """The faults that confirming raises; nothing is posted then."""
    before = counts(office.ledger)
    with pytest.raises(StateError) as refused:
        confirm(office, Month.parse(month), codes)
    assert counts(office.ledger) == before
    return refused.value.faults


# what is posted --------------------------------------------------------------------------------


def test_what_an_item_is_worth_is_posted(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed("study.b1.body", 8))
        confirm(office, IN_JUNE)

        assert posted(office) == {
            ("study.b1.body", JUNE): Decimal("8.00"),
            ("study.b3.materials", JUNE): Decimal("10.00"),
        }


def test_a_later_month_posts_the_difference_and_nothing_where_there_is_none(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed("study.b1.body", 8), observed("study.b2.plan", 5))
        confirm(office, IN_JUNE)
        recorded(office, observed("study.b1.body", "6.5", month=JULY))
        confirm(office, IN_JULY)

        in_july = {item: p for (item, month), p in posted(office).items() if month == JULY}
        assert in_july == {"study.b1.body": Decimal("-1.50")}


def test_study_briefs_as_worked_by_hand(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(
            office,
            observed("study.b3.briefs", count=1),
            observed("study.b3.briefs", month=JULY, count=4),
        )
        confirmed(office, JUNE, JULY)

        by_month = [posted(office).get(("study.b3.briefs", month)) for month in (JUNE, JULY)]
        assert by_month == [None, 7]


def test_rectify_briefs_as_worked_by_hand(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit(since="2013-09")) as office:
        months = [
            str(month) for month in office.rubric.months if "2013-09" <= str(month) <= "2014-03"
        ]
        for month, count in zip(months, (2, 2, 3, 1, 0, 9, 2), strict=True):
            recorded(office, observed("rectify.b2.briefs", month=month, count=count))
        confirmed(office, *months)

        by_month = [posted(office).get(("rectify.b2.briefs", month), 0) for month in months]
        assert by_month == [10, 10, 11, 5, 0, 14, 10]


def test_study_satisfaction_as_worked_by_hand(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(
            office,
            observed("study.e2.plan", 5),
            observed("study.e2.sample", sampled=5, negative=4),
            observed("study.e2.result", 5, month=JULY),
            observed("study.e2.analysis", 5, month=JULY),
            observed("study.e2.improve", 10, month=JULY),
        )
        confirmed(office, JUNE, JULY)

        of_e2 = {key: p for key, p in posted(office).items() if key[0].startswith("study.e2.")}
        assert of_e2 == {
            ("study.e2.plan", JUNE): 5,
            ("study.e2.sample", JUNE): -5,
            ("study.e2.result", JULY): 5,
            ("study.e2.analysis", JULY): 5,
            ("study.e2.improve", JULY): 10,
            ("study.e2.sample", JULY): -3,
        }


def test_a_posting_keeps_its_month_its_origin_who_and_when(tmp_path: Path) -> None:
    before = datetime.now(UTC).replace(tzinfo=None)
    with an_office(tmp_path) as office:
        recorded(office, observed("study.b1.body", 8))
        confirm(office, IN_JUNE)

        (posting,) = history(office, "A1", "study.b1.body").postings

    assert (posting.month, posting.origin, posting.reason) == (IN_JUNE, "confirm", "")
    assert posting.by == office.who
    assert before <= posting.at <= datetime.now(UTC).replace(tzinfo=None)


def test_a_new_stage_starts_anew_and_leaves_the_one_before_as_it_was(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed("study.b3.materials", late=2))
        confirmed(office, JUNE, JULY)
        study = total(office)
        confirmed(office, AUGUST)

        in_august = {item: p for (item, month), p in posted(office).items() if month == AUGUST}
        assert study == 6
        assert in_august == {"selfcheck.b2.materials": 10}


def test_a_claim_nobody_checked_stands_unless_the_campaign_rejects_it(tmp_path: Path) -> None:
    for setting, points in (("accept", 8), ("reject", 0)):
        campaign = a_campaign(unverified_claims=setting)
        (tmp_path / setting).mkdir()
        with an_office(tmp_path / setting, campaign=campaign) as office:
            recorded(office, observed("study.b1.body", 8, kind="claim"))
            confirm(office, IN_JUNE)

            assert posted(office).get(("study.b1.body", JUNE), 0) == points
            verify(office)


def test_each_unit_is_posted_what_is_its_own(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2", "support")) as office:
        recorded(office, observed("study.b1.body", 8, unit="A2"))
        done = confirm(office, IN_JUNE)

        assert (total(office, "A1"), total(office, "A2")) == (10, 18)
        assert [(u.unit.code, u.points) for u in done.units] == [("A1", 10), ("A2", 18)]
        assert (done.points, done.postings) == (28, 3)


# the order of months ---------------------------------------------------------------------------


def test_the_months_of_a_unit_are_confirmed_in_order(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        found = faults(office, AUGUST)
        confirmed(office, JUNE)
        then = faults(office, AUGUST)
        confirmed(office, JULY, AUGUST)

    assert found == (Fault("A1 A1局", "2013-06 还没有核定", "先核定 2013-06，再核定 2013-08"),)
    assert then == (Fault("A1 A1局", "2013-07 还没有核定", "先核定 2013-07，再核定 2013-08"),)


def test_months_before_a_unit_joins_block_nothing(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1", since=AUGUST)) as office:
        confirmed(office, AUGUST)

        assert posted(office) == {("selfcheck.b2.materials", AUGUST): 10}


def test_a_unit_that_joins_in_the_middle_of_a_stage_lacks_nothing_from_before(
    tmp_path: Path,
) -> None:
    with an_office(tmp_path, a_unit("A1", since="2013-10"), a_unit("A2")) as office:
        recorded(office, observed("rectify.b2.briefs", month="2013-10", count=2))
        confirmed_through(office, "2013-09")
        confirmed(office, "2013-10")

        assert posted(office)["rectify.b2.briefs", "2013-10"] == 10
        assert ("rectify.b2.briefs", "2013-10") not in posted(office, "A2")
        verify(office)


def test_a_unit_that_left_is_no_longer_asked_for(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1", through=JUNE), a_unit("A2")) as office:
        confirmed(office, JUNE)
        done = confirm(office, IN_JULY)

        assert [unit.unit.code for unit in done.units] == ["A2"]
        verify(office)


# which units -----------------------------------------------------------------------------------


def test_without_names_those_are_confirmed_that_are_left(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2"), a_unit("A3")) as office:
        confirm(office, IN_JUNE, ["A2"])
        done = confirm(office, IN_JUNE)

        assert [unit.unit.code for unit in done.units] == ["A1", "A3"]
        assert counts(office.ledger)["confirmation"] == 3


def test_where_nobody_is_left_it_says_who_was_last_and_when(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        confirmed(office, JUNE)

        (fault,) = faults(office, JUNE)

    assert fault.what.startswith(f"2013-06 的 2 个单位已全部核定（最后由 {office.who} 于 20")
    assert fault.remedy == "没有可核定的；改动请用 gsjx correct"


def test_where_nobody_takes_part_it_says_so(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1", since=JULY)) as office:
        assert faults(office, JUNE) == (
            Fault("", "2013-06 没有参加考核的单位", "核对名册的起止月份"),
        )


def test_a_confirmed_unit_named_again_says_who_confirmed_it_and_when(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        confirmed(office, JUNE, units=["A1"])

        (fault,) = faults(office, JUNE, "A2", "A1")

    assert fault.where == "A1 A1局"
    assert fault.what.startswith(f"2013-06 已由 {office.who} 于 20")
    assert fault.what.endswith(" 核定")
    assert fault.remedy == "改动请用 gsjx correct"


def test_a_unit_that_takes_no_part_is_refused_by_name(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1", since=JULY), a_unit("A2")) as office:
        assert faults(office, JUNE, "A2", "A1") == (
            Fault("A1 A1局", "在 2013-06 不参加考核", "核对名册的起止月份"),
        )


def test_a_unit_nobody_knows_is_refused(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        (fault,) = faults(office, JUNE, "A1", "B7")

    assert fault.what == "没有代码为“B7”的单位"


def test_a_unit_named_twice_is_confirmed_once(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        confirm(office, IN_JUNE, ["A1", "A1"])

        assert counts(office.ledger) == {"observation": 0, "posting": 1, "confirmation": 1}


def test_every_unit_in_the_way_is_named_and_nobody_is_confirmed(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2"), a_unit("A3")) as office:
        confirmed(office, JUNE, units=["A3"])

        found = faults(office, JULY)

    assert [fault.where for fault in found] == ["A1 A1局", "A2 A2局"]


# in one transaction ----------------------------------------------------------------------------


def test_a_confirmation_that_breaks_off_posts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = Ledger.append

    def breaks_off(ledger: Ledger, table: str, rows: object) -> int:
        if table == "confirmation":
            raise RuntimeError("the power went")
        return append(ledger, table, rows)  # type: ignore[arg-type]

    with an_office(tmp_path) as office:
        with monkeypatch.context() as patch, pytest.raises(RuntimeError):
            patch.setattr(Ledger, "append", breaks_off)
            confirm(office, IN_JUNE)

        assert counts(office.ledger) == {"observation": 0, "posting": 0, "confirmation": 0}
        confirm(office, IN_JUNE)
        verify(office)


def test_all_units_of_one_act_share_its_instant(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        confirm(office, IN_JUNE)

        instants = {confirmations(office.ledger)[unit][IN_JUNE].at for unit in ("A1", "A2")} | {
            posting.at
            for unit in ("A1", "A2")
            for posting in history(office, unit, "study.b3.materials").postings
        }

    assert len(instants) == 1


# before it is done -----------------------------------------------------------------------------


def test_a_dry_run_tells_the_points_and_writes_nothing(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed("study.b1.body", 8))
        before = counts(office.ledger)

        done = confirm(office, IN_JUNE, dry_run=True)

        assert done.units[0].postings == {"study.b1.body": 8, "study.b3.materials": 10}
        assert counts(office.ledger) == before


def test_a_preview_shows_the_points_though_something_is_in_the_way(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed("study.b1.body", 8, month=JULY))

        shown = preview(office, IN_JULY)

    assert [fault.what for fault in shown.blocked] == ["2013-06 还没有核定"]
    assert shown.units[0].to_date == 18


def test_a_preview_counts_claims_nobody_checked_in_the_month(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(
            office,
            observed("study.b1.body", 8, kind="claim"),
            observed("study.b2.plan", 8, kind="claim"),
            observed("study.b2.plan", 6),
            observed("study.k1.self", 6, month=JULY, kind="claim"),
        )

        assert preview(office, IN_JUNE).units[0].unverified == 1


def test_a_preview_names_what_nobody_reported(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(
            office,
            observed("study.b1.body", 8, kind="claim"),
            observed("study.b3.briefs", count=2),
        )

        in_june = {item.id for item in preview(office, IN_JUNE).units[0].missing}
        in_july = {item.id for item in preview(office, IN_JULY).units[0].missing}

    assert "study.b1.body" not in in_june | in_july
    assert "study.b2.plan" in in_june & in_july
    assert ("study.b3.briefs" in in_june, "study.b3.briefs" in in_july) == (False, True)
    assert not {"study.e4.complaint", "study.e1.sample", "study.b3.adopted"} & (in_june | in_july)


def test_progress_is_told_unit_by_unit(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        confirm(office, IN_JUNE, progress=lambda done, total: told.append((done, total)))

    assert told == [(1, 2), (2, 2)]
