"""Taking back what was typed: the newest act, or all of one cell."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from builders import JUNE, a_unit, an_office, confirmed, observed, posted, recorded
from gsjx_tui.domain import Kind, Month
from gsjx_tui.errors import StateError
from gsjx_tui.office.home import Office
from gsjx_tui.office.sheet import sheet
from gsjx_tui.office.undo import empty, undo
from gsjx_tui.office.verify import verify

BODY, SURVEY = "study.b1.body", "study.e1.survey"
MONTH = Month.parse(JUNE)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Two units, one clerk."""
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        yield office.acting("clerk01")


def sample_item(office: Office) -> str:
    """The item of which people are sampled."""
    return next(i.id for i in office.rubric.stages[0].items if i.rule_name == "sample")


def value(office: Office, unit: str = "A1", kind: Kind = "verify") -> Decimal | None:
    """What counts in the cell."""
    return sheet(office, unit, MONTH).value(kind, BODY, "points")


def test_the_value_before_counts_again(office: Office) -> None:
    recorded(office, observed(BODY, 5))
    recorded(office, observed(BODY, 8))

    undone = undo(office, MONTH)

    assert [(c.unit, c.item, c.field, c.kind, c.value, c.now) for c in undone.cells] == [
        ("A1", BODY, "points", "verify", 8, 5)
    ]
    assert value(office) == 5
    verify(office)


def test_undoing_again_goes_one_act_further_back(office: Office) -> None:
    recorded(office, observed(BODY, 5))
    recorded(office, observed(BODY, 8))

    undo(office, MONTH)
    assert undo(office, MONTH).cells[0].now is None

    assert value(office) is None
    with pytest.raises(StateError, match="没有可以撤销的录入"):
        undo(office, MONTH)


def test_all_that_was_recorded_at_once_is_undone_at_once(office: Office) -> None:
    recorded(office, observed(BODY, 3, unit="A2"))
    recorded(office, observed(BODY, 5), observed(BODY, 6, unit="A2"))

    assert len(undo(office, MONTH).cells) == 2

    assert (value(office), value(office, "A2")) == (None, 3)


def test_what_another_person_typed_stays(office: Office) -> None:
    recorded(office, observed(BODY, 5))
    recorded(office.acting("clerk02"), observed(BODY, 8))

    with pytest.raises(StateError, match="没有可以撤销的录入"):
        undo(office, MONTH)

    assert value(office) == 8


def test_confirming_after_undo_scores_the_earlier_value(office: Office) -> None:
    recorded(office, observed(BODY, 5))
    recorded(office, observed(BODY, 8))
    undo(office, MONTH)

    confirmed(office, JUNE)

    assert posted(office)[BODY, JUNE] == 5
    verify(office)


def test_nothing_is_undone_once_confirmed(office: Office) -> None:
    recorded(office, observed(BODY, 5))
    confirmed(office, JUNE, units=["A1"])
    with pytest.raises(StateError, match="没有可以撤销的录入"):
        undo(office, MONTH)
    confirmed(office, JUNE)

    with pytest.raises(StateError, match="已全部核定"):
        undo(office, MONTH)
    with pytest.raises(StateError, match="已由 clerk01"):
        empty(office, "A1", BODY, "points", MONTH, "verify")

    assert value(office) == 5


def test_an_act_partly_confirmed_stays_whole(office: Office) -> None:
    recorded(office, observed(BODY, 5), observed(BODY, 6, unit="A2"))
    confirmed(office, JUNE, units=["A1"])

    with pytest.raises(StateError):
        undo(office, MONTH)

    assert value(office, "A2") == 6


def test_an_emptied_cell_is_empty_whatever_was_in_it(office: Office) -> None:
    recorded(office, observed(BODY, 5), observed(BODY, 4, kind="claim"))
    recorded(office, observed(BODY, 8))

    empty(office, "A1", BODY, "points", MONTH, "verify")

    assert (value(office), value(office, kind="claim")) == (None, 4)
    confirmed(office, JUNE)
    assert posted(office)[BODY, JUNE] == 4
    verify(office)


def test_an_empty_cell_cannot_be_emptied(office: Office) -> None:
    with pytest.raises(StateError, match="本来就是空的"):
        empty(office, "A1", BODY, "points", MONTH, "verify")


def test_what_is_left_must_stand_together(office: Office) -> None:
    item = sample_item(office)
    recorded(office, observed(item, sampled=10, negative=1))
    recorded(office, observed(item, sampled=20))
    recorded(office, observed(item, negative=15))

    with pytest.raises(StateError, match="剩下的不能成立"):
        empty(office, "A1", item, "sampled", MONTH, "verify")
    undo(office, MONTH)
    undo(office, MONTH)

    assert sheet(office, "A1", MONTH).value("verify", item, "sampled") == 10
    undo(office, MONTH)
    assert sheet(office, "A1", MONTH).value("verify", item, "sampled") is None
