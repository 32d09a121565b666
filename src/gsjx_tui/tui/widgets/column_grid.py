"""One item, or all of an indicator, down all units: a number, Enter, the next number."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip

from gsjx_tui.domain import Kind, Points
from gsjx_tui.office.check import local, short
from gsjx_tui.office.item_sheet import ItemSheet
from gsjx_tui.office.paste import Place
from gsjx_tui.office.sheet import Sheet
from gsjx_tui.rubric.model import Field, Item
from gsjx_tui.tui.widgets.cell_grid import Barred, CellGrid, Judge, Save
from gsjx_tui.tui.widgets.text import fit, points
from gsjx_tui.tui.widgets.value_columns import Heads, Layout, Value, columns_of, lay_out

Worth = Callable[[Sheet, Item | None], Points]


class ColumnGrid(CellGrid):
    """The values of all units, and what item or indicator are worth to each of them.

    Of an item claims and verifications stand side by side, of an indicator all its items in one
    kind at a time. ``worth`` says what it is worth to one unit: at a keystroke no other is
    reckoned. What doesn't fit at the side comes into view with the cursor.
    """

    SEVERAL = ""

    def __init__(self, barred: Barred, judge: Judge, worth: Worth, save: Save, *, id: str) -> None:
        super().__init__(barred, judge, save, id=id)
        self._worth = worth
        self._found: ItemSheet | None = None
        self._sheets: list[Sheet] = []
        self._points: dict[str, Points] = {}
        self._wanted: Kind = "claim"
        self._heads = Heads((), whole=False)
        self._top = 1
        self._cursor = 0
        self._side = 0
        self._layout = Layout((), 0, 0)
        self._measured = (0, -1)

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """The units' sheets as shown, with what was handed in since."""
        return tuple(self._sheets)

    @property
    def cursor(self) -> int:
        """Which of the sheets has the cursor."""
        return self._cursor

    @property
    def sheet(self) -> Sheet | None:
        """The sheet of the unit with the cursor."""
        return self._sheets[self._cursor] if self._sheets else None

    def sheet_of(self, unit: str) -> Sheet | None:
        """The sheet of a unit, if it is shown."""
        return next((sheet for sheet in self._sheets if sheet.unit.code == unit), None)

    @property
    def place(self) -> tuple[Item, Field] | None:
        """The item and the field with the cursor."""
        if not self._sheets:
            return None
        _, item, field = self._columns[self._side]
        return item, field

    @property
    def places(self) -> tuple[Place, ...]:
        """The columns from the cursor to the right that a block of values goes into.

        Of one item those of the kind with the cursor: claims don't spill into verifications.
        """
        right = self._columns[self._side :]
        return tuple((item, field, kind) for kind, item, field in right if kind == self.kind)

    @property
    def kind(self) -> Kind:
        """Whether claims or verifications are being typed."""
        return self._columns[self._side].kind if self._columns else self._wanted

    @property
    def _columns(self) -> tuple[Value, ...]:
        return self._heads.columns

    def show(self, found: ItemSheet) -> None:
        """Shows an item or an indicator. The cursor stays on its unit; of the same and the same
        month what is typed stays too."""
        old, code = self._found, self.sheet.unit.code if self.sheet is not None else ""
        same = old is not None and (old.id, old.month) == (found.id, found.month)
        self._found, self._sheets = found, list(found.units)
        self._points = dict(found.points)
        at = next((i for i, sheet in enumerate(self._sheets) if sheet.unit.code == code), None)
        if not same or at is None:
            self._text, self.complaint = None, ""
        if not same:
            self._head_columns(found, self.kind)
        self._cursor = at or 0
        self._size_up()
        self._weigh()
        self.refresh()

    def show_kind(self, kind: Kind) -> bool:
        """Goes to the columns of a kind, of the same item and field; False if there are none."""
        place, found = self.place, self._found
        if place is None or found is None:
            return False
        if found.item is None:
            self._head_columns(found, kind)
            self._size_up()
        at = [i for i, column in enumerate(self._columns) if column.kind == kind]
        side = [i for i in at if self._columns[i][1:] == place]
        if at:
            self._go(self._cursor, (side or at)[0])
        self.refresh()
        return bool(at)

    def point(self, unit: str, item: str, field: str, kind: Kind) -> None:
        """Puts the cursor on a cell."""
        found = self._found
        if found is not None and found.item is None and self.kind != kind:
            self._head_columns(found, kind)
            self._size_up()
        index, side = self._cursor, self._side
        for number, sheet in enumerate(self._sheets):
            if sheet.unit.code == unit:
                index = number
        for number, column in enumerate(self._columns):
            if (column.kind, column.item.id, column.field.name) == (kind, item, field):
                side = number
        self._go(index, side)

    def across(self, by: int) -> bool:
        """Goes a column to the side after the cell is handed in; False at the end of the row."""
        side = self._side + by
        if not 0 <= side < len(self._columns):
            return False
        if self.leave():
            self._go(self._cursor, side)
        return True

    def wrap(self, by: int) -> None:
        """Goes to the first column of the next unit, or to the last of the one before."""
        index = self._cursor + by
        if 0 <= index < len(self._sheets):
            self._go(index, 0 if by > 0 else len(self._columns) - 1)

    def on_click(self, event: events.Click) -> None:
        """A click hands in the cell and goes to the one under it."""
        index = event.y - self._top + self.scroll_offset.y
        if event.y < self._top or index >= len(self._sheets):
            return
        if self.leave():
            side = self._layout.column_at(event.x)
            self._go(index, self._side if side is None else side)
        self.post_message(self.Clicked(self))

    def _head_columns(self, found: ItemSheet, kind: Kind) -> None:
        """The columns of what is shown, the cursor on the first of a kind."""
        self._wanted = kind
        self._heads = Heads(columns_of(found, kind), whole=found.item is None)
        self._top = self._heads.height()
        sides = [i for i, column in enumerate(self._columns) if column.kind == kind]
        self._side = sides[0] if sides else 0
        self._measured = (0, -1)

    def _size_up(self) -> None:
        self.hold(len(self._sheets) + self._top)
        self.keep_in_view(self._cursor, self._top)

    def _take(self, after: Sheet) -> None:
        self._sheets[self._cursor] = after

    def _weigh(self) -> None:
        draft = self._draft()
        if draft is not None and self._found is not None:
            self._points[draft.unit.code] = self._worth(draft, self._found.item)

    def _step(self, by: int) -> None:
        self._go(max(0, min(self._cursor + by, len(self._sheets) - 1)), self._side)

    def _aside(self, by: int) -> None:
        self._go(self._cursor, max(0, min(self._side + by, len(self._columns) - 1)))

    def _go(self, index: int, side: int) -> None:
        self._cursor, self._side, self.complaint = index, side, ""
        self.keep_in_view(self._cursor, self._top)
        self._redraw()

    # drawing -----------------------------------------------------------------------------------

    def _measure(self, width: int) -> None:
        if self._measured != (width, self._side):
            self._layout = lay_out(self._heads, width, self._layout.first, self._side)
            self._measured = (width, self._side)

    def _line_strip(self, y: int, width: int) -> Strip:
        self._measure(width)
        if y < self._top:
            return self._heading(y, width)
        index = y - self._top + self.scroll_offset.y
        if self._found is None or index >= len(self._sheets):
            return Strip([Segment(" " * width, self.rich_style)], width)
        return self._unit_strip(self._sheets[index], index, width)

    def _heading(self, y: int, width: int) -> Strip:
        """A line of the headings; the last one says how many columns are out of view."""
        layout, last = self._layout, y == self._top - 1
        before, after = layout.first, len(self._columns) - layout.last
        unit = fit("单位", layout.widths[1])
        if before:
            unit = fit("单位", layout.widths[1] - 4) + fit(f"<{before}", 4, right=True)
        cells = [fit("代码", layout.widths[0]), unit] if last else [
            " " * size for size in layout.widths[:2]
        ]  # fmt: skip
        for span, lines in self._heads.blocks(self._columns[layout.first : layout.last]):
            line = y - self._top + len(lines)
            cells.append(lines[line] if line >= 0 else " " * span)
        ends = ["得分", f" {after}>" if after else "", "  最近填写"] if last else [""] * 3
        sizes = layout.widths[2 + layout.last - layout.first :]
        cells += [fit(end, size, right=end == "得分") for end, size in zip(ends, sizes)]  # noqa: B905
        style = self.get_component_rich_style("grid--header")
        return Strip([Segment(" ".join(cells), style)]).adjust_cell_length(width, self.rich_style)

    def _unit_strip(self, sheet: Sheet, index: int, width: int) -> Strip:
        plain, muted = self.rich_style, self.get_component_rich_style("grid--muted")
        here, layout = index == self._cursor, self._layout
        name = plain + Style(bold=True) if here else plain
        cells, styles = [sheet.unit.code, sheet.unit.name], [muted, name]
        for side in range(layout.first, layout.last):
            text, style = self._value(sheet, self._columns[side])
            if here and side == self._side:
                text, component = self._in_hand(text)
                style = self.get_component_rich_style(component)
            cells.append(text)
            styles.append(style)
        state = " 定" if sheet.confirmed is not None else ""
        cells += [points(self._points.get(sheet.unit.code)), state, self._written(sheet)]
        return self._strip(cells, [*styles, plain, muted, muted], width)

    def _value(self, sheet: Sheet, column: Value) -> tuple[str, Style]:
        """What stands in a cell; a verification that differs from the claim is marked."""
        kind, item, field = column
        value = sheet.value(kind, item.id, field.name)
        if value is None:
            return "", self.rich_style
        claim = sheet.value("claim", item.id, field.name)
        if kind == "verify" and claim is not None and value != claim:
            return f"*{short(value)}", self.get_component_rich_style("sheet--differs")
        return short(value), self.rich_style

    def _written(self, sheet: Sheet) -> str:
        """Who wrote last of what is shown, when, and the note."""
        shown = {item.id for item in self._found.items} if self._found is not None else set()
        written = [w for (_, cell), w in sheet.written.items() if cell[0] in shown]
        if not written:
            return ""
        last = max(written, key=lambda one: one.at)
        return f"  {local(last.at)[5:]} {last.by} {last.note}"

    def _strip(self, cells: Sequence[str], styles: Sequence[Style], width: int) -> Strip:
        segments: list[Segment] = []
        values = range(2, 3 + self._layout.last - self._layout.first)
        for index, size in enumerate(self._layout.widths):
            if index:
                segments.append(Segment(" ", self.rich_style))
            segments.append(Segment(fit(cells[index], size, right=index in values), styles[index]))
        return Strip(segments).adjust_cell_length(width, self.rich_style)
