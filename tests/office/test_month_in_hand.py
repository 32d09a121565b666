"""Which month is in hand: the first that a unit isn't confirmed for."""

from __future__ import annotations

from pathlib import Path

from builders import JULY, JUNE, an_office, confirmed
from gsjx_tui.domain import Month
from gsjx_tui.office.progress import progress


def test_the_month_in_hand_goes_on_once_all_units_are_confirmed(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        assert progress(office).month == Month.parse(JUNE)

        confirmed(office, JUNE)

        assert progress(office).month == Month.parse(JULY)
