"""The setting ``four_eyes``: who verified a unit's month doesn't confirm it as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import JULY, JUNE, a_campaign, a_unit, an_office, observed, recorded, reopened
from calls import JUL, JUN, PRAISE, a_draft
from gsjx_tui.errors import RubricError, StateError
from gsjx_tui.office.confirm import confirm, preview
from gsjx_tui.office.home import Office
from gsjx_tui.office.register import register
from gsjx_tui.office.review import accept_all
from gsjx_tui.office.staff import set_staff
from gsjx_tui.office.undo import undo

BODY = "study.b1.body"


def leads(folder: Path, four_eyes: bool = True) -> tuple[Office, Office]:
    """Two leads at a home with two units."""
    units = a_unit("A1", name="甲局"), a_unit("A2", name="乙局")
    office = an_office(folder, *units, campaign=a_campaign(four_eyes=four_eyes))
    set_staff(office, "man", "admin")
    set_staff(office, "bin", "lead")
    set_staff(office, "sys", "lead")
    return office.acting("bin", owner=False), office.acting("sys", owner=False)


def blocked(office: Office, *codes: str) -> list[str]:
    """What stands in the way of confirming June."""
    return [str(fault) for fault in preview(office, JUN, codes).blocked]


def test_who_verified_does_not_confirm_and_another_does(tmp_path: Path) -> None:
    one, other = leads(tmp_path)
    with one:
        recorded(one, observed(BODY, 8))

        said = "A1 甲局：2013-06 有 bin 本人做的复核，按设定不能由同一人核定；请另一位负责人核定。"
        assert blocked(one) == [said]
        before = one.ledger.head("posting"), one.ledger.head("confirmation")
        with pytest.raises(StateError) as refused:
            confirm(one, JUN)
        assert str(refused.value) == said
        assert (one.ledger.head("posting"), one.ledger.head("confirmation")) == before

        assert blocked(other) == []
        confirm(other, JUN)


def test_the_units_that_are_blocked_are_named_and_the_others_can_be_confirmed(
    tmp_path: Path,
) -> None:
    one, other = leads(tmp_path)
    with one:
        recorded(one, observed(BODY, 8, unit="A2"))
        recorded(other, observed(BODY, 8, unit="A1"))

        assert [line.partition("：")[0] for line in blocked(one)] == ["A2 乙局"]
        assert [line.partition("：")[0] for line in blocked(other)] == ["A1 甲局"]
        confirm(one, JUN, ["A1"])
        confirm(other, JUN, ["A2"])


def test_without_the_setting_who_verified_confirms(tmp_path: Path) -> None:
    one, _ = leads(tmp_path, four_eyes=False)
    with one:
        recorded(one, observed(BODY, 8))

        confirm(one, JUN)


@pytest.mark.parametrize("way", ["accepting claims", "registering an event"])
def test_every_way_of_verifying_counts(tmp_path: Path, way: str) -> None:
    one, other = leads(tmp_path)
    with one:
        if way == "accepting claims":
            recorded(other, observed(BODY, 8, kind="claim"))
            accept_all(one, "A1", JUN)
        else:
            register(one, a_draft("A1"))

        assert len(blocked(one)) == 1
        assert blocked(other) == []


def test_what_does_not_stand_and_what_is_claimed_does_not_count(tmp_path: Path) -> None:
    one, other = leads(tmp_path)
    with one:
        recorded(one, observed(BODY, 8, kind="claim"))  # a claim
        recorded(one, observed("study.k1.group", 8, month=JULY))  # another month
        recorded(one, observed(PRAISE, unit="A2", count=2))
        recorded(other, observed(PRAISE, unit="A2", count=1))  # the newer one counts
        assert blocked(one) == []
        recorded(one, observed(BODY, 7))
        assert len(blocked(one)) == 1

        undo(one, JUN)

        assert blocked(one) == []


def test_a_month_is_confirmed_by_who_verified_an_earlier_one(tmp_path: Path) -> None:
    one, other = leads(tmp_path)
    with one:
        recorded(one, observed(BODY, 8, month=JUNE))
        confirm(other, JUN)

        confirm(one, JUL)


def test_the_setting_is_changed_in_the_campaign(tmp_path: Path) -> None:
    one, _ = leads(tmp_path, four_eyes=False)
    office = reopened(one, campaign=a_campaign(four_eyes=True))
    with office:
        assert office.settings.four_eyes is True


@pytest.mark.parametrize("value", ["yes", 1])
def test_the_setting_is_true_or_false(tmp_path: Path, value: str | int) -> None:
    with pytest.raises(RubricError, match="four_eyes"):
        an_office(tmp_path, campaign=a_campaign(four_eyes=value))
