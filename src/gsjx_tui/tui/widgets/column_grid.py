"""One item down all units: a number, Enter, the next number."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.strip import Strip

from gsjx_tui.domain import Kind, Points
from gsjx_tui.office.check import KIND_NAMES, local, short
from gsjx_tui.office.item_sheet import ItemSheet
from gsjx_tui.office.sheet import Sheet
from gsjx_tui.rubric.model import Field, Item
from gsjx_tui.tui.widgets.cell_grid import KINDS, CellGrid, Judge, Save
from gsjx_tui.tui.widgets.text import fit, points, shares

Worth = Callable[[Sheet, Item], Points]

_CODE, _VALUE, _POINTS, _STATE, _WRITTEN = 5, 8, 8, 4, 28


class ColumnGrid(CellGrid):
    """An item's values of all units, and what it is worth to each of them.

    ``worth`` says what the item is worth to one unit: at a keystroke no other is reckoned.
    """

    SEVERAL = ""

    def __init__(self, judge: Judge, worth: Worth, save: Save, *, id: str) -> None:
        super().__init__(judge, save, id=id)
        self._worth = worth
        self._found: ItemSheet | None = None
        self._sheets: list[Sheet] = []
        self._points: dict[str, Points] = {}
        self._columns: list[tuple[Kind, Field]] = []
        self._cursor = 0
        self._side = 0
        self._widths: list[int] = []
        self._measured = (0, "")

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

    @property
    def place(self) -> tuple[Item, Field] | None:
        """The item, and the field with the cursor."""
        if self._found is None or not self._sheets:
            return None
        return self._found.item, self._columns[self._side][1]

    @property
    def kind(self) -> Kind:
        """Whether claims or verifications are being typed."""
        return self._columns[self._side][0] if self._columns else "claim"

    def show(self, found: ItemSheet) -> None:
        """Shows an item. The cursor stays on its unit, of the same item and month what is typed
        stays too."""
        old, code = self._found, self.sheet.unit.code if self.sheet is not None else ""
        same = old is not None and (old.item, old.month) == (found.item, found.month)
        kind = self.kind
        self._found, self._sheets = found, list(found.units)
        self._points = dict(found.points)
        at = next((i for i, sheet in enumerate(self._sheets) if sheet.unit.code == code), None)
        if not same or at is None:
            self._text, self.complaint = None, ""
        if not same:
            kinds = KINDS[1:] if found.item.office else KINDS
            self._columns = [(kind, field) for kind in kinds for field in found.item.fields]
            sides = [i for i, column in enumerate(self._columns) if column[0] == kind]
            self._side = sides[0] if old is not None and sides else 0
        self._cursor = at or 0
        self.virtual_size = Size(self.size.width, len(self._sheets) + self._top)
        self.keep_in_view(self._cursor, self._top)
        self._weigh()
        self.refresh()

    def point(self, unit: str, field: str, kind: Kind) -> None:
        """Puts the cursor on a cell."""
        for index, sheet in enumerate(self._sheets):
            if sheet.unit.code == unit:
                self._cursor = index
        for side, (other, column) in enumerate(self._columns):
            if (other, column.name) == (kind, field):
                self._side = side
        self.keep_in_view(self._cursor, self._top)
        self._redraw()

    def on_click(self, event: events.Click) -> None:
        """A click hands in the cell and goes to the one under it."""
        index = event.y - self._top + self.scroll_offset.y
        if event.y < self._top or index >= len(self._sheets):
            return
        if self.leave():
            x = event.x - self._widths[0] - self._widths[1] - 2
            side = self._side
            for number, width in enumerate(self._widths[2 : 2 + len(self._columns)]):
                if 0 <= x <= width:
                    side = number
                x -= width + 1
            self._go(index, side)
        self.post_message(self.Clicked(self))

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

    @property
    def _top(self) -> int:
        """Lines of headings: the fields have one of their own if there are several."""
        return 1 if self._found is None or len(self._found.item.fields) < 2 else 2

    def _measure(self, width: int) -> None:
        item = self._found.item.id if self._found is not None else ""
        if self._measured == (width, item):
            return
        several = self._top > 1
        cells = [max(_VALUE, cell_len(f.label) * several) for _, f in self._columns]
        room = width - _CODE - 16 - _POINTS - _STATE - 5 - len(cells)
        if sum(cells) > room:
            cells = [max(6, room // len(cells))] * len(cells)
        written = [_WRITTEN] if room - sum(cells) > _WRITTEN + 8 else []
        fixed = [_CODE, 0, *cells, _POINTS, _STATE, *written]
        self._widths = shares(width, fixed, least=10, most=36)
        self._measured = (width, item)

    def _line_strip(self, y: int, width: int) -> Strip:
        self._measure(width)
        if y < self._top:
            return self._heading(y, width)
        index = y - self._top + self.scroll_offset.y
        if self._found is None or index >= len(self._sheets):
            return Strip([Segment(" " * width, self.rich_style)], width)
        return self._unit_strip(self._sheets[index], self._found.item, index, width)

    def _heading(self, y: int, width: int) -> Strip:
        style = self.get_component_rich_style("grid--header")
        if y + 1 < self._top:  # the kinds, over the first of their fields
            kinds = [
                KIND_NAMES[kind] if not i or self._columns[i - 1][0] != kind else ""
                for i, (kind, _) in enumerate(self._columns)
            ]
            cells = ["", "", *kinds, "", "", ""]
            style = self.get_component_rich_style("grid--muted")
        else:
            names = [
                field.label if self._top > 1 else KIND_NAMES[kind] for kind, field in self._columns
            ]
            cells = ["代码", "单位", *names, "得分", "", "  最近填写"]
        return self._strip(cells, [style] * len(cells), width)

    def _unit_strip(self, sheet: Sheet, item: Item, index: int, width: int) -> Strip:
        plain, muted = self.rich_style, self.get_component_rich_style("grid--muted")
        here = index == self._cursor
        name = plain + Style(bold=True) if here else plain
        cells = [sheet.unit.code, sheet.unit.name]
        styles = [muted, name]
        for side, (kind, field) in enumerate(self._columns):
            value = sheet.value(kind, item.id, field.name)
            claim = sheet.value("claim", item.id, field.name)
            text, style = "" if value is None else short(value), plain
            if kind == "verify" and None not in (value, claim) and value != claim:
                text, style = f"*{text}", self.get_component_rich_style("sheet--differs")
            if here and side == self._side:
                text, component = self._in_hand(text)
                style = self.get_component_rich_style(component)
            cells.append(text)
            styles.append(style)
        state = " 定" if sheet.confirmed is not None else ""
        cells += [points(self._points.get(sheet.unit.code)), state, self._written(sheet, item)]
        return self._strip(cells, [*styles, plain, muted, muted], width)

    def _written(self, sheet: Sheet, item: Item) -> str:
        """Who wrote last of the item, when, and the note."""
        written = [w for (_, cell), w in sheet.written.items() if cell[0] == item.id]
        if not written:
            return ""
        last = max(written, key=lambda one: one.at)
        return f"  {local(last.at)[5:]} {last.by} {last.note}"

    def _strip(self, cells: list[str], styles: list[Style], width: int) -> Strip:
        segments: list[Segment] = []
        values = range(2, 3 + len(self._columns))
        for index, size in enumerate(self._widths):
            if index:
                segments.append(Segment(" ", self.rich_style))
            segments.append(Segment(fit(cells[index], size, right=index in values), styles[index]))
        return Strip(segments).adjust_cell_length(width, self.rich_style)
