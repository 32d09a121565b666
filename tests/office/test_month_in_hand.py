"""Which month is in hand, and whom the next steps name."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import JULY, JUNE, a_unit, an_office, confirmed
from gsjx_tui.domain import Month
from gsjx_tui.office.progress import progress


def test_the_month_in_hand_goes_on_once_all_units_are_confirmed(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        assert progress(office).month == Month.parse(JUNE)

        confirmed(office, JUNE)

        assert progress(office).month == Month.parse(JULY)


@pytest.mark.parametrize(("units", "more"), [(8, False), (9, True)])
def test_eight_late_units_are_named_and_more_are_told(
    tmp_path: Path, units: int, more: bool
) -> None:
    late = [a_unit(f"A{number}", name=f"甲{number}局") for number in range(1, units + 1)]
    with an_office(tmp_path, *late) as office:
        entry = progress(office).next_steps[0].text

    assert "甲8局" in entry
    assert ("等" in entry) is more
