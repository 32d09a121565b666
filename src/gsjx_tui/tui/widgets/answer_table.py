"""The rows of a query drawn line by line: many rows, more columns than fit, nulls told apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from gsjx_tui.tui.widgets.cursored import MOVES, Cursored
from gsjx_tui.tui.widgets.text import fit

Row = Sequence[str | None]

NULL = "空"
_SAMPLE = 400
_LEAST, _MOST = 4, 40
_GAP = "  "
_CONTROL = dict.fromkeys((*range(32), 127), " ")


class AnswerTable(Cursored, can_focus=True):
    """Rows under their headings. Up and down move the cursor, left and right the columns."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"press('{key}')", "移动光标", show=False) for key in MOVES),
        Binding("left", "columns(-1)", "往左一列", show=False),
        Binding("right", "columns(1)", "往右一列", show=False),
    ]

    class Moved(Message):
        """The cursor or the columns moved."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._columns: Sequence[str] = ()
        self._right: Sequence[bool] = ()
        self._rows: Sequence[Row] = ()
        self._widths: list[int] = []
        self._cursor = 0
        self._first = 0
        self._text = ""
        self._bad = False

    @property
    def place(self) -> str:
        """Where the cursor is, and which columns are in view."""
        if not self._rows:
            return ""
        rows = f"第 {self._cursor + 1}/{len(self._rows)} 行"
        last = self._last()
        if self._first == 0 and last == len(self._columns):
            return rows
        return f"{rows}  第 {self._first + 1}-{last}/{len(self._columns)} 列"

    def show(
        self, columns: Sequence[str], right: Sequence[bool], rows: Sequence[Row], text: str = ""
    ) -> None:
        """Shows rows from the first; ``right``: columns that align right, as numbers do.

        ``text`` is shown where there are no rows.
        """
        self._columns, self._right, self._rows = columns, right, rows
        self._text, self._bad = text, False
        self._widths = _measured(columns, rows)
        self._cursor = self._first = 0
        self.hold(len(rows) + 1 if columns else 0)
        self.scroll_to(y=0, animate=False, force=True)
        self.refresh()

    def say(self, text: str, *, bad: bool = False) -> None:
        """Shows a text in the place of rows, as one that is wrong if ``bad``."""
        self.show((), (), (), text)
        self._bad = bad

    def render_line(self, y: int) -> Strip:
        """One line of the viewport: the headings, or a row."""
        width = self.line_width
        if y == 0 and self._columns:
            style = self.get_component_rich_style("grid--header")
            return Strip([Segment(self._line(self._columns, width), style)], width)
        index = y - 1 + self.scroll_offset.y
        if not self._rows or index >= len(self._rows):
            texts = [] if self._rows else ["", *self._text.split("\n")]
            text = texts[index + 1] if 0 <= index + 1 < len(texts) else ""
            style = self.get_component_rich_style("grid--bad" if self._bad else "grid--muted")
            return Strip([Segment(fit(text, width), style)], width)
        if index == self._cursor:
            name = "grid--cursor" if self.has_focus else "grid--blurred"
            cells = [NULL if cell is None else cell for cell in self._rows[index]]
            style = self.get_component_rich_style(name)
            return Strip([Segment(self._line(cells, width), style)], width)
        return self._row(self._rows[index], width)

    def _line(self, cells: Sequence[str], width: int) -> str:
        texts = [
            fit(_plain(cells[i], self._widths[i]), self._widths[i], right=self._right[i])
            for i in range(self._first, min(len(cells), self._last() + 1))
        ]
        return set_cell_size(_GAP.join(texts), width)

    def _row(self, row: Row, width: int) -> Strip:
        plain, muted = self.rich_style, self.get_component_rich_style("grid--muted")
        segments: list[Segment] = []
        for i in range(self._first, min(len(row), self._last() + 1)):
            cell, size = row[i], self._widths[i]
            if cell is None:
                segments.append(Segment(fit(NULL, size, right=self._right[i]), muted))
            else:
                segments.append(Segment(fit(_plain(cell, size), size, right=self._right[i]), plain))
            segments.append(Segment(_GAP, plain))
        return Strip(segments[:-1]).adjust_cell_length(width, plain)

    def _last(self) -> int:
        """The column after the last one that is wholly in view."""
        left = self.line_width
        for i in range(self._first, len(self._widths)):
            left -= self._widths[i]
            if left < 0:
                return max(i, self._first + 1)
            left -= len(_GAP)
        return len(self._widths)

    def action_press(self, key: str) -> None:
        """Moves the cursor."""
        self._go(self.moved(self._cursor, key))

    def action_columns(self, by: int) -> None:
        """Scrolls by a column, as long as there is one more out of view."""
        if by > 0 and self._last() >= len(self._columns):
            return
        first = max(0, min(self._first + by, len(self._columns) - 1))
        if first != self._first:
            self._first = first
            self.refresh()
            self.post_message(self.Moved())

    def on_resize(self) -> None:
        """Keeps the cursor in view."""
        self.keep_in_view(self._cursor)

    def on_focus(self) -> None:
        """The cursor looks different with the focus."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor looks different without the focus."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor."""
        index = event.y - 1 + self.scroll_offset.y
        if event.y > 0 and index < len(self._rows):
            self._go(index)

    def _go(self, index: int) -> None:
        index = max(0, min(index, len(self._rows) - 1))
        if index == self._cursor or not self._rows:
            return
        before, self._cursor = self._cursor, index
        top = self.scroll_offset.y
        self.keep_in_view(self._cursor)
        if self.scroll_offset.y == top:
            self.refresh_line(before - top + 1)
            self.refresh_line(index - top + 1)
        self.post_message(self.Moved())


def _measured(columns: Sequence[str], rows: Sequence[Row]) -> list[int]:
    """Widths in cells, by the headings and a sample of rows from the whole."""
    step = max(1, len(rows) // _SAMPLE)
    sample = rows[::step]
    return [
        min(
            _MOST,
            max(
                _LEAST,
                cell_len(name),
                max((cell_len(_plain(row[i] or NULL, _MOST)) for row in sample), default=0),
            ),
        )
        for i, name in enumerate(columns)
    ]


def _plain(text: str, width: int) -> str:
    """As much as can be seen, on one line."""
    return text[: width + 1].translate(_CONTROL)
