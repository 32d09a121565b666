"""A table drawn line by line over a list of rows: fast with wide characters and many rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, overload

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from gsjx_tui.tui.widgets.cursored import MOVES, Cursored
from gsjx_tui.tui.widgets.text import fit, shares


class Column(NamedTuple):
    """A heading of one line or more, and a width in cells; 0 takes what is left."""

    title: str
    width: int = 0
    right: bool = False


class Row(NamedTuple):
    """Cells under the columns; ``tone`` is heading, muted, good, warn, bad or empty."""

    key: str
    cells: tuple[str, ...]
    tone: str = ""


class LazyRows(Sequence[Row]):
    """Many rows of which only those in view are made: all keys, and how the row at a place is."""

    def __init__(self, keys: Sequence[str], make: Callable[[int], Row]) -> None:
        self.keys, self._make = keys, make

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return [self._make(at) for at in range(*index.indices(len(self)))]
        return self._make(index)


class Grid(Cursored):
    """Rows under a fixed heading, with a cursor. Enter selects.

    As a rule its screen hands the keys in; where ``can_focus`` is set it takes them itself.
    """

    can_focus = False
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"press('{key}')", show=False) for key in MOVES),
        Binding("enter", "select", "打开", key_display="Enter"),
    ]

    @dataclass
    class Highlighted(Message):
        """The cursor moved to another row."""

        grid: Grid
        key: str

        @property
        def control(self) -> Grid:
            """The grid."""
            return self.grid

    @dataclass
    class Selected(Message):
        """Enter or a click on the row with the cursor."""

        grid: Grid
        key: str

        @property
        def control(self) -> Grid:
            """The grid."""
            return self.grid

    def __init__(self, columns: Sequence[Column], *, id: str, empty: str = "") -> None:
        super().__init__(id=id)
        self._columns = list(columns)
        self._rows: Sequence[Row] = []
        self._newer: dict[int, Row] = {}
        self._places: dict[str, int] | None = None
        self._empty = empty
        self._is_shown = False
        self._cursor = 0
        self._widths: list[int] = []
        self._measured = 0
        self._lit = False

    def light(self, lit: bool) -> None:
        """Whether keys come here although the focus doesn't: a screen hands them on."""
        self._lit = lit
        self.refresh_line(self._cursor + self._top)

    def moves(self, key: str) -> bool:
        """Whether a key moves the cursor."""
        return key in MOVES

    def press(self, key: str) -> bool:
        """Moves the cursor for a key of movement; False for any other key."""
        if key not in MOVES:
            return False
        self._go(self.moved(self._cursor, key))
        return True

    @property
    def _top(self) -> int:
        """Lines of headings."""
        return max((column.title.count("\n") for column in self._columns), default=0) + 1

    @property
    def key(self) -> str:
        """The key of the row with the cursor, empty if there are no rows."""
        return self._key(self._cursor) if self._rows else ""

    @property
    def cursor(self) -> int:
        """The place of the row with the cursor, 0 if there are no rows."""
        return self._cursor

    def show(
        self,
        rows: Sequence[Row],
        *,
        columns: Sequence[Column] | None = None,
        key: str = "",
        empty: str | None = None,
    ) -> None:
        """Shows the rows; the cursor goes to ``key``, else stays on the row it was on.

        Lazy rows are made when they come into view; they must not change meanwhile.
        """
        wanted = key or self.key
        if columns is not None:
            self._columns = list(columns)
        if empty is not None:
            self._empty = empty
        self._rows = rows if isinstance(rows, LazyRows) else list(rows)
        self._newer, self._places, self._is_shown = {}, None, True
        at = self._place(wanted)
        self._cursor = at if at is not None else min(self._cursor, max(0, len(self._rows) - 1))
        if at is None and not wanted:
            self._cursor = 0
        self._widths = []
        self.hold(len(self._rows) + self._top)
        self.keep_in_view(self._cursor, self._top)
        self.refresh()
        if self.key != wanted or key:
            self._tell()

    def update_row(self, row: Row) -> None:
        """Replaces the row of the same key and redraws its line alone, if it differs."""
        index = self._place(row.key)
        if index is not None and self._row(index) != row:
            self._newer[index] = row
            self.refresh_line(index + self._top)

    def _row(self, index: int) -> Row:
        return self._newer.get(index) or self._rows[index]

    def _key(self, index: int) -> str:
        rows = self._rows
        return rows.keys[index] if isinstance(rows, LazyRows) else rows[index].key

    def _place(self, key: str) -> int | None:
        """Where the first row of a key is; the cursor's row is looked at first."""
        if not key or not self._rows:
            return None
        if self._places is None:
            if self._cursor < len(self._rows) and self._key(self._cursor) == key:
                return self._cursor
            rows = self._rows
            keys = rows.keys if isinstance(rows, LazyRows) else [row.key for row in rows]
            # From the end, so that the first of several rows with the same key stays.
            self._places = dict(zip(reversed(keys), range(len(keys) - 1, -1, -1), strict=True))
        return self._places.get(key)

    def on_resize(self) -> None:
        """Keeps the cursor in view."""
        self.keep_in_view(self._cursor, self._top)

    def render_line(self, y: int) -> Strip:
        """One line of the viewport: the heading, or a row."""
        width = self.line_width
        if y < self._top:
            titles = [column.title.split("\n") for column in self._columns]
            cells = [([""] * (self._top - len(lines)) + lines)[y] for lines in titles]
            return self._strip(cells, width, "grid--header", heading=True)
        index = y - self._top + self.scroll_offset.y
        if index >= len(self._rows):
            # Before the first answer of the office nobody knows yet that there is nothing.
            is_empty = self._is_shown and not self._rows and y == self._top + 1
            text = self._empty if is_empty else ""
            style = self.get_component_rich_style("grid--muted")
            return Strip([Segment(fit(f"  {text}", width), style)], width)
        row = self._row(index)
        tone = f"grid--{row.tone}" if row.tone else ""
        if index == self._cursor:
            tone = "grid--cursor" if self.has_focus or self._lit else "grid--blurred"
        return self._strip(row.cells, width, tone)

    def action_press(self, key: str) -> None:
        """Moves the cursor."""
        self.press(key)

    def action_select(self) -> None:
        """Tells that the row is chosen."""
        if self._rows:
            self.post_message(self.Selected(self, self.key))

    def on_focus(self) -> None:
        """The cursor looks different with the focus."""
        self.refresh_line(self._cursor + self._top)

    def on_blur(self) -> None:
        """The cursor looks different without the focus."""
        self.refresh_line(self._cursor + self._top)

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a second one selects."""
        index = event.y - self._top + self.scroll_offset.y
        if event.y < self._top or index >= len(self._rows):
            return
        if index == self._cursor and event.chain > 1:
            self.action_select()
        self._go(index)

    def _go(self, index: int) -> None:
        index = max(0, min(index, len(self._rows) - 1))
        if index == self._cursor or not self._rows:
            return
        before, self._cursor = self._cursor, index
        self.refresh_line(before + self._top)
        self.refresh_line(index + self._top)
        self.keep_in_view(self._cursor, self._top)
        self._tell()

    def _tell(self) -> None:
        self.post_message(self.Highlighted(self, self.key))

    def _strip(
        self, cells: Sequence[str], width: int, component: str, *, heading: bool = False
    ) -> Strip:
        if self._measured != width or not self._widths:
            self._widths = shares(
                width, [column.width for column in self._columns], least=8, most=44
            )
            self._measured = width
        style = self.get_component_rich_style(component) if component else self.rich_style
        texts = [
            fit(cell, size, right=column.right)
            for cell, size, column in zip(cells, self._widths, self._columns, strict=False)
        ]
        return Strip([Segment(fit(" ".join(texts), width), style)], width)
