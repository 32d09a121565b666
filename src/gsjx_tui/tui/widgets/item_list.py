"""The items of a month under their indicators, to choose one, or a whole indicator."""

from __future__ import annotations

from collections.abc import Sequence

from gsjx_tui.office.item_sheet import OpenItem
from gsjx_tui.tui.widgets.grid import Column, Grid, Row


class ItemList(Grid):
    """Indicators, each above its items; keys of the rows are what ``item_sheet`` takes."""

    def __init__(self, *, id: str) -> None:
        super().__init__([Column("考核指标和要点")], id=id, empty="没有这样的要点")
        self._indicators: set[str] = set()

    @property
    def on_indicator(self) -> bool:
        """Whether the cursor is on an indicator."""
        return self.key in self._indicators

    def show_items(self, items: Sequence[OpenItem], wanted: str, key: str = "") -> None:
        """Shows what a filter finds; the cursor goes to ``key``, else to the first item."""
        rows: list[Row] = []
        above = first = ""
        for one in items:
            if not one.matches(wanted):
                continue
            if one.indicator.id != above:
                above = one.indicator.id
                rows.append(Row(above, (one.indicator.name,), "heading"))
            first = first or one.item.id
            rows.append(Row(one.item.id, (f"  {one.item.label}",)))
        self._indicators = {one.indicator.id for one in items}
        self.show(rows, key=key if key in {row.key for row in rows} else first)

    def step(self, by: int) -> None:
        """Goes to the next item, or from an indicator to the next indicator; stays at the end."""
        before, whole = self.key, self.on_indicator
        key = "down" if by > 0 else "up"
        while True:
            at = self.key
            super().press(key)
            if self.key == at:
                self._go(self._place(before) or 0)
                return
            if self.on_indicator == whole:
                return
