"""The board: who has reported, was sent back, is late; and the text that reminds them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from builders import AUGUST, JULY, JUNE, a_unit, an_office, confirmed, observed, recorded
from gsjx_tui.domain import Month
from gsjx_tui.errors import StateError
from gsjx_tui.office.board import board, reminder, write_reminder
from gsjx_tui.office.home import Office
from gsjx_tui.office.progress import progress


def returned(
    office: Office,
    units: Sequence[str],
    month: str = JUNE,
    reason: str = "材料不全",
    deadline: str = "",
    item: str = "",
) -> None:
    """Sends units' month back."""
    with office.ledger.act() as now:
        office.ledger.append(
            "returned",
            [(unit, month, item, reason, deadline, office.who, now) for unit in units],
        )


def statuses(office: Office, month: str = JUNE) -> dict[str, str]:
    """Each unit's status in a month."""
    return {unit.code: unit.status for unit in progress(office, Month.parse(month)).units}


def test_a_unit_is_returned_until_it_claims_again(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        recorded(office, observed("study.b1.body", 5, kind="claim"), observed("study.b1.body", 4))
        returned(office, ["A1"])
        assert statuses(office) == {"A1": "returned", "A2": "unreported"}
        assert statuses(office, JULY)["A1"] == "unreported"

        recorded(office, observed("study.b1.body", 6))
        assert statuses(office)["A1"] == "returned"  # the office's own value is no answer

        recorded(office, observed("study.b1.body", 6, kind="claim"))
        assert statuses(office)["A1"] == "verified"


def test_a_unit_that_never_claimed_can_be_returned_and_confirming_ends_it(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1")) as office:
        returned(office, ["A1"])
        assert statuses(office) == {"A1": "returned"}

        confirmed(office, JUNE)

        assert statuses(office) == {"A1": "confirmed"}


def test_a_claim_withdrawn_is_no_answer_to_a_return(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1")) as office:
        returned(office, ["A1"])
        recorded(office, observed("study.b1.body", 6, kind="claim"))
        assert statuses(office) == {"A1": "reported"}

        with office.ledger.act() as now:
            office.ledger.append(
                "withdrawal", [("A1", JUNE, "observation", 1, "录错", office.who, now)]
            )

        assert statuses(office) == {"A1": "returned"}


def test_the_next_steps_name_the_units_that_were_sent_back(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2", name="乙局")) as office:
        returned(office, ["A2"])

        steps = [step.text for step in progress(office, Month.parse(JUNE)).next_steps]

    assert steps[1] == "退回：1 个单位待重报（乙局）"


def late(office: Office, today: date) -> dict[str, list[str]]:
    """The months in which each unit is late."""
    found = board(office, today)
    return {
        unit.unit.code: [str(month) for month in found.months if found.late(unit, month)]
        for unit in found.units
    }


def test_the_board_has_every_month_in_which_a_unit_takes_part(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2", since=JULY, through=AUGUST)) as office:
        recorded(office, observed("study.b1.body", 5, kind="claim"))
        found = board(office, date(2013, 6, 20))
        study = board(office, date(2013, 6, 20), office.rubric.stages[0])

    assert [str(month) for month in study.months] == [JUNE, JULY]
    assert len(found.months) == 13
    first, second = found.units
    assert first.status(Month(2013, 6)) == "reported"
    assert second.status(Month(2013, 6)) is None
    assert [str(month) for month in second.months] == [JULY, AUGUST]
    assert (found.owing(Month(2013, 6)), found.owing(Month(2013, 7))) == (0, 2)
    assert found.owing(Month(2013, 7), "support") == 0


def test_a_unit_is_late_once_the_month_and_the_days_of_grace_are_over(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        recorded(office, observed("study.b1.body", 5, kind="claim"))

        assert late(office, date(2013, 7, 5)) == {"A1": [], "A2": []}
        assert late(office, date(2013, 7, 6)) == {"A1": [], "A2": [JUNE]}
        returned(office, ["A1"])
        assert late(office, date(2013, 7, 6)) == {"A1": [JUNE], "A2": [JUNE]}


def test_the_reminder_says_who_owes_what_by_category(tmp_path: Path) -> None:
    units = (a_unit("A1"), a_unit("A2"), a_unit("A3", "support"), a_unit("A4"), a_unit("A5"))
    with an_office(tmp_path, *units) as office:
        recorded(office, observed("study.b1.body", 5, unit="A4", kind="claim"))
        returned(office, ["A3"], reason="没有盖章", deadline="2013-07-10")
        returned(office, ["A3"], reason="次数不对", item="study.b3.briefs")
        recorded(office, observed("study.b1.body", 5, unit="A5", kind="claim"))

        said = reminder(office, Month(2013, 6)).splitlines()

    assert said[0] == "2013年6月考核材料催报单（学习宣传阶段）"
    assert said[2] == "【economy类】未报 2 个"
    assert said[3] == "未报：A1 A1局、A2 A2局"
    assert said[4].startswith("  缺：") and "活动方案" in said[4]
    assert said[6] == "【support类】退回 1 个"
    assert said[7] == "退回：A3 A3局，没有盖章，请于 2013-07-10 前重报"
    assert said[8].startswith("退回：A3 A3局，") and said[8].endswith("：次数不对")
    assert "A4" not in "".join(said) and "A5" not in "".join(said)


def test_the_reminder_is_written_into_the_home(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        text, path = write_reminder(office, Month(2013, 6))
        assert path.is_absolute() and path.name == "催报-2013-06.txt"
        assert path.read_text("utf-8") == text

        path.unlink()
        path.mkdir()
        with pytest.raises(StateError):
            write_reminder(office, Month(2013, 6))


def test_nobody_is_reminded_once_all_have_reported(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed("study.b1.body", 5, kind="claim"))
        assert "没有要催的" in reminder(office, Month(2013, 6))
