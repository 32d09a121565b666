"""What tables drawn line by line share: keys of movement, styles, a row kept in view."""

from __future__ import annotations

from typing import ClassVar

from textual.geometry import Size
from textual.scroll_view import ScrollView

MOVES = {
    "up": (0, -1),
    "down": (0, 1),
    "pageup": (-1, 0),
    "pagedown": (1, 0),
    "home": (0, -1_000_000),
    "end": (0, 1_000_000),
}
"""Keys of movement: pages, rows."""


class Cursored(ScrollView):
    """Rows under headings, one of them with a cursor."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "grid--header",
        "grid--cursor",
        "grid--blurred",
        "grid--heading",
        "grid--muted",
        "grid--good",
        "grid--warn",
        "grid--bad",
    }

    def moved(self, row: int, key: str) -> int:
        """The row that a key of ``MOVES`` leads to from a row; it may lie beyond the ends."""
        pages, rows = MOVES[key]
        return row + rows + pages * max(1, self.size.height - 2)

    def hold(self, lines: int) -> None:
        """So many lines to scroll through, headings included.

        The scrollbar comes or goes at once: left to Textual it would take a layout and a painting
        of its own after those of the lines.
        """
        self.virtual_size = Size(self.size.width, lines)
        height = self.container_size.height
        if height:
            self.show_vertical_scrollbar = lines > height
            if lines > height:
                self.vertical_scrollbar.display = True

    @property
    def line_width(self) -> int:
        """Cells of a line, beside the scrollbar.

        As ``scrollable_content_region`` has it, which looks for the widget on the screen each time.
        """
        return max(0, self.container_size.width - self.scrollbar_size_vertical)

    def keep_in_view(self, row: int, headings: int = 1) -> None:
        """Scrolls no more than it takes to have a row in view under so many lines of headings."""
        height, top = self.size.height - headings, self.scroll_offset.y
        if height > 0 and row < top:
            self.scroll_to(y=row, animate=False, force=True)
        elif height > 0 and row >= top + height:
            self.scroll_to(y=row - height + 1, animate=False, force=True)
