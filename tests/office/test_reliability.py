"""Reliability of claims: what was found where units had claimed, by unit, item and month."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from builders import JULY, JUNE, a_unit, an_office, confirmed, observed, recorded
from gsjx_tui.domain import Month
from gsjx_tui.errors import NotPermitted, StateError
from gsjx_tui.office.correct import correct
from gsjx_tui.office.home import Office
from gsjx_tui.office.reliability import Reliabilities, Reliability, reliability
from gsjx_tui.office.staff import set_staff

BODY, PLAN, BRIEFS = "study.b1.body", "study.b2.plan", "study.b3.briefs"


def row(found: tuple[Reliability, ...], key: str) -> Reliability:
    return next(one for one in found if one.key == key)


def an_office_with_claims(tmp_path: Path) -> Office:
    """A1 claims 10, 8 and 4 briefs, found 8, 8 and 5; A2 claims 10 and 6, found 0 and not yet."""
    office = an_office(tmp_path, a_unit("A1"), a_unit("A2"), a_unit("A3"))
    recorded(
        office,
        observed(BODY, 10, kind="claim"),
        observed(PLAN, 8, kind="claim"),
        observed(BRIEFS, month=JULY, count=4, kind="claim"),
        observed(BODY, 10, kind="claim", unit="A2"),
        observed(PLAN, 6, kind="claim", unit="A2"),
    )
    recorded(
        office,
        observed(BODY, 8),
        observed(PLAN, 8),
        observed(BRIEFS, month=JULY, count=5),
        observed(BODY, 0, unit="A2"),
        observed("study.b3.materials", late=1),  # never claimed
    )
    return office


def found_in(tmp_path: Path, through: str = "") -> Reliabilities:
    with an_office_with_claims(tmp_path) as office:
        return reliability(office, through)


def test_by_unit_cells_are_counted_and_the_mean_part_cut_is_told(tmp_path: Path) -> None:
    units = found_in(tmp_path).units

    one = row(units, "A1")
    assert (one.name, one.claims, one.verified, one.cut, one.raised) == ("A1局", 3, 3, 1, 1)
    assert one.cut_percent == Decimal("6.7")  # a fifth of one of three
    two = row(units, "A2")
    assert (two.claims, two.verified, two.cut, two.cut_percent) == (2, 1, 1, 100)
    assert [unit.key for unit in units] == ["A2", "A1"]


def test_by_item_the_difference_is_in_the_items_own_measure(tmp_path: Path) -> None:
    items = found_in(tmp_path).items

    assert (row(items, BODY).claimed, row(items, BODY).found) == (20, 8)
    assert row(items, BODY).difference == -12
    assert row(items, BRIEFS).difference == 1
    assert row(items, PLAN).difference == 0  # A2's is not verified
    assert items[0].key == BODY


def test_units_and_months_mix_measures_and_tell_no_sum(tmp_path: Path) -> None:
    found = found_in(tmp_path)

    assert {one.difference for one in (*found.units, *found.months)} == {None}


def test_by_month_and_only_through_the_month_asked_for(tmp_path: Path) -> None:
    with an_office_with_claims(tmp_path) as office:
        whole, june = reliability(office), reliability(office, JUNE)

    assert [(m.key, m.claims, m.verified) for m in whole.months] == [(JUNE, 4, 3), (JULY, 1, 1)]
    assert [m.key for m in june.months] == [JUNE]
    assert june.through == Month(2013, 6)
    assert row(june.units, "A1").claims == 2


def test_without_a_month_it_goes_through_the_newest_that_was_verified(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(BODY, 10, kind="claim"))
        recorded(office, observed(PLAN, 10, kind="claim", month=JULY))
        assert reliability(office).through == office.rubric.months[-1]
        assert len(reliability(office).months) == 2
        recorded(office, observed(BODY, 8))

        found = reliability(office)

    assert found.through == Month.parse(JUNE)
    assert [one.key for one in found.months] == [JUNE]
    assert row(found.units, "A1").claims == 1


def test_a_claim_that_nobody_verified_has_no_part_cut(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(BODY, 10, kind="claim"))

        assert row(reliability(office).units, "A1").cut_percent is None


def test_a_correction_is_a_verification_too(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(BODY, 10, kind="claim"))
        confirmed(office, JUNE)
        correct(office, "A1", BODY, JUNE, {"points": "5"}, "复核")

        assert row(reliability(office).units, "A1").cut_percent == 50


def test_it_is_for_the_office(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        set_staff(office, office.who, "admin")
        set_staff(office, "unit", "reporter", unit="A1")

        with pytest.raises(NotPermitted):
            reliability(office.acting("unit"))


def test_a_month_outside_is_refused(tmp_path: Path) -> None:
    with an_office(tmp_path) as office, pytest.raises(StateError, match="不在活动之内"):
        reliability(office, "2015-01")
