"""A month outside of the campaign: one clear message, whatever is asked about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from builders import a_unit, an_office
from gsjx_tui.domain import Month
from gsjx_tui.errors import StateError
from gsjx_tui.office.board import reminder
from gsjx_tui.office.confirm import preview
from gsjx_tui.office.home import Office
from gsjx_tui.office.item_sheet import item_sheet, open_items
from gsjx_tui.office.progress import progress
from gsjx_tui.office.sheet import sheet

OUTSIDE = Month(2020, 1)

ACTS: dict[str, Callable[[Office], object]] = {
    "progress": lambda office: progress(office, OUTSIDE),
    "sheet": lambda office: sheet(office, "A1", OUTSIDE),
    "open_items": lambda office: open_items(office, OUTSIDE),
    "item_sheet": lambda office: item_sheet(office, "study.b1.body", OUTSIDE),
    "reminder": lambda office: reminder(office, OUTSIDE),
    "preview": lambda office: preview(office, OUTSIDE),
}


@pytest.mark.parametrize("name", ACTS)
def test_a_month_outside_is_said_to_be_outside(tmp_path: Path, name: str) -> None:
    with an_office(tmp_path, a_unit("A1")) as office:
        last = office.rubric.months[-1]
        with pytest.raises(StateError, match=f"月份 2020-01 不在活动之内；活动为 .* 至 {last}"):
            ACTS[name](office)
