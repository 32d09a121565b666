"""The items of a month under their indicators, to choose one."""

from __future__ import annotations

from collections.abc import Sequence

from gsjx_tui.office.item_sheet import OpenItem
from gsjx_tui.tui.widgets.grid import Column, Grid, Row

_HEADING = "#"
"""Keys of the rows that name an indicator begin with it."""


class ItemList(Grid):
    """Items under headings; the cursor never stays on a heading."""

    def __init__(self, *, id: str) -> None:
        super().__init__([Column("考核要点")], id=id, empty="没有这样的要点")

    def show_items(self, items: Sequence[OpenItem], wanted: str, key: str = "") -> None:
        """Shows the items that a filter finds, the cursor on one of them."""
        rows: list[Row] = []
        above = ""
        for one in items:
            if not one.matches(wanted):
                continue
            if one.indicator.id != above:
                above = one.indicator.id
                rows.append(Row(f"{_HEADING}{above}", (one.indicator.name,), "heading"))
            rows.append(Row(one.item.id, (f"  {one.item.label}",)))
        self.show(rows, key=key)
        self.step_off()

    def press(self, key: str) -> bool:
        """Moves the cursor, over the headings; False for any other key."""
        if not super().press(key):
            return False
        self.step_off(up=key in ("up", "pageup"))
        return True

    def step_off(self, *, up: bool = False) -> None:
        """Leaves a heading, downwards if there is no way up."""
        before = self.key
        if before.startswith(_HEADING):
            super().press("up" if up else "down")
            if self.key == before:
                super().press("down")
