"""Two people at one cell: nothing is silently replaced."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from builders import JUNE, an_office, observed
from gsjx_tui.domain import Kind, Month
from gsjx_tui.errors import StateError
from gsjx_tui.office.clash import Clashed
from gsjx_tui.office.home import Office
from gsjx_tui.office.record import record
from gsjx_tui.office.review import accept_all
from gsjx_tui.office.sheet import sheet
from gsjx_tui.office.undo import empty

BODY = "study.b1.body"


def standing(office: Office, kind: Kind = "claim") -> tuple[object, datetime | None]:
    """The value of the cell and its instant."""
    found = sheet(office, "A1", Month.parse(JUNE))
    written = found.written.get((kind, (BODY, Month.parse(JUNE), "points")))
    return found.value(kind, BODY, "points"), written.at if written else None


def test_a_value_that_was_not_seen_is_not_replaced(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        wang, li = office.acting("wang"), office.acting("li")
        record(wang, observed(BODY, 8, kind="claim"), [None])

        with pytest.raises(Clashed) as clashed:
            record(li, observed(BODY, 6, kind="claim"), [None])

        assert standing(office)[0] == 8
    (clash,) = clashed.value.clashes
    assert (clash.value, clash.by) == (8, "wang")
    assert "wang 于" in str(clashed.value)
    assert "写成了 8" in str(clashed.value)


def test_once_seen_it_may_be_replaced(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        record(office.acting("wang"), observed(BODY, 8, kind="claim"), [None])

        _, at = standing(office)
        record(office.acting("li"), observed(BODY, 6, kind="claim"), [at])

        assert standing(office)[0] == 6


def test_recording_gives_the_instant_by_which_the_next_one_knows_it(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        first = record(office, observed(BODY, 8, kind="claim"), [None])
        record(office, observed(BODY, 9, kind="claim"), [first])

        assert standing(office)[0] == 9


def test_the_same_value_is_no_clash(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        record(office.acting("wang"), observed(BODY, 8, kind="claim"), [None])

        record(office.acting("li"), observed(BODY, 8, kind="claim"), [None])


def test_claim_and_verification_are_different_cells(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        record(office.acting("wang"), observed(BODY, 8, kind="claim"), [None])

        record(office.acting("li"), observed(BODY, 6, kind="verify"), [None])

        assert standing(office, "verify")[0] == 6


def test_an_emptied_cell_is_told(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        at = record(office, observed(BODY, 8, kind="claim"))
        empty(office, "A1", BODY, "points", Month.parse(JUNE), "claim")

        with pytest.raises(Clashed, match="清空"):
            record(office, observed(BODY, 6, kind="claim"), [at])


def test_one_clash_in_many_leaves_all_unrecorded(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        record(office.acting("wang"), observed(BODY, 8, kind="claim"))
        two = [*observed("study.b2.plan", 5, kind="claim"), *observed(BODY, 6, kind="claim")]

        with pytest.raises(Clashed):
            record(office, two, [None, None])

        assert (
            sheet(office, "A1", Month.parse(JUNE)).value("claim", "study.b2.plan", "points") is None
        )


def test_emptying_does_not_take_what_was_not_seen(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        seen = record(office.acting("wang"), observed(BODY, 8, kind="claim"))
        record(office.acting("wang"), observed(BODY, 9, kind="claim"))

        with pytest.raises(Clashed, match="9"):
            empty(office, "A1", BODY, "points", Month.parse(JUNE), "claim", [seen])

        assert standing(office)[0] == 9


def test_a_claim_that_came_after_looking_is_not_accepted(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        looked = record(office, observed(BODY, 8, kind="claim"))
        record(office, observed("study.b2.plan", 5, kind="claim"))

        with pytest.raises(StateError, match="之后又改过"):
            accept_all(office, "A1", Month.parse(JUNE), [looked])

        assert accept_all(office, "A1", Month.parse(JUNE)) == 2


def test_what_one_wrote_oneself_meanwhile_clashes_with_nothing(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        wang = office.acting("wang")
        record(wang, observed(BODY, 8, kind="claim"), [None])
        record(wang, observed(BODY, 6, kind="claim"), [None])

        assert standing(office)[0] == 6
