"""Keyed screens about one table, or one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.widget import Widget

from gsjx_tui.tui.screens.keyed import KeyedScreen, Lit
from gsjx_tui.tui.widgets.grid import Grid
from gsjx_tui.tui.widgets.lines import Steps


class TableScreen(KeyedScreen):
    """A keyed screen about one table: keys of movement move in it, Enter opens the row."""

    PANE = "table"

    @property
    def grid(self) -> Grid:
        """The table."""
        return self.query_one(Grid)

    def panes(self) -> Mapping[str, Lit]:
        """What keys can go to."""
        return {**super().panes(), self.PANE: self.grid}

    async def press(self, key: str, letter: str) -> bool:
        """Moves, or opens the row with the cursor."""
        if key == "enter":
            self.open_row()
            return True
        return self.grid.press(key)

    def on_grid_selected(self) -> None:
        """A second click opens the row, as Enter does."""
        self.open_row()

    def open_row(self) -> None:
        """Opens what the row with the cursor stands for."""


class DetailScreen(TableScreen):
    """A table whose row with the cursor is told in full beside it (Steps ``#detail``)."""

    def show_rows(self) -> None:
        """Shows what was found, by the room there is."""

    def details(self) -> Sequence[tuple[str, str]]:
        """What is told of the row with the cursor."""
        return ()

    def on_resize(self) -> None:
        """Columns get more room where there is some."""
        if self._loaded.is_set():
            self.show_rows()

    def on_grid_highlighted(self) -> None:
        """The row in full follows the cursor."""
        self.show_details()

    def show_details(self) -> None:
        """The row with the cursor in full."""
        self.query_one("#detail", Steps).show(self.details())


def scrolled(page: Widget, key: str) -> bool:
    """Scrolls a page for a key of movement; False for any other key."""
    ways = {
        "up": page.scroll_up,
        "down": page.scroll_down,
        "pageup": page.scroll_page_up,
        "pagedown": page.scroll_page_down,
        "home": page.scroll_home,
        "end": page.scroll_end,
    }
    if key not in ways:
        return False
    ways[key](animate=False)
    return True
