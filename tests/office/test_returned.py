"""What was sent back: the clocks of what is out, and every version of what was claimed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from builders import JUNE, a_unit, an_office, observed, recorded
from gsjx_tui.domain import Month
from gsjx_tui.office.returned import claim_versions, out_returns
from gsjx_tui.office.review import return_to_unit

THE_JUNE = Month.parse(JUNE)
BODY, PLAN = "study.b1.body", "study.b2.plan"


def test_all_versions_of_what_was_claimed_are_kept(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(BODY, 10, kind="claim"), observed(PLAN, 9, kind="claim"))
        return_to_unit(office, "A1", THE_JUNE, BODY, "缺附件")
        recorded(office, observed(BODY, 7, kind="claim"))
        return_to_unit(office, "A1", THE_JUNE, "", "没有盖章")
        recorded(office, observed(BODY, 8, kind="claim"), observed(PLAN, 9, kind="claim"))

        found = claim_versions(office, "A1", THE_JUNE)

    assert [(v.item, v.version, v.value, v.counts) for v in found] == [
        (BODY, 1, 10, False),
        (PLAN, 1, 9, False),
        (BODY, 2, 7, False),
        (BODY, 3, 8, True),
        (PLAN, 2, 9, True),
    ]


def test_what_is_out_has_a_clock_until_it_is_answered(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        recorded(office, observed(BODY, 10, kind="claim"))
        recorded(office, observed(BODY, 10, kind="claim", unit="A2"))
        due = date.today() + timedelta(days=5)
        return_to_unit(office, "A1", THE_JUNE, "", "没有盖章", due.isoformat())
        return_to_unit(office, "A2", THE_JUNE, BODY, "缺附件")
        recorded(office, observed(BODY, 8, kind="claim", unit="A2"))

        (now,) = out_returns(office, THE_JUNE, today=due)
        (late,) = out_returns(office, THE_JUNE, today=due + timedelta(days=1))

    assert (now.unit, now.name, now.reason, now.overdue) == ("A1", "A1局", "没有盖章", False)
    assert late.overdue
    assert late.days - now.days == 1
