"""The entry grid: digits go straight into the cell, Enter hands it in and goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip

from gsjx_tui.domain import Kind
from gsjx_tui.office.check import bounds_short, short
from gsjx_tui.office.sheet import Sheet, SheetPoints
from gsjx_tui.rubric.model import Field, Indicator, Item
from gsjx_tui.tui.widgets.cell_grid import KINDS, Barred, CellGrid, Judge, Save
from gsjx_tui.tui.widgets.text import fit, points, shares

Worth = Callable[[Sheet], SheetPoints]

_BOUNDS, _VALUE, _POINTS, _CLAUSE = 6, 6, 7, 12


class Line(NamedTuple):
    """An indicator (no item), an item with several fields (no field), or a cell to type in."""

    indicator: Indicator
    item: Item | None = None
    field: Field | None = None


class SheetGrid(CellGrid):
    """A unit's month: indicators, items, claim and verification side by side, points.

    ``worth`` says what the sheet is worth as it stands.
    """

    def __init__(self, barred: Barred, judge: Judge, worth: Worth, save: Save, *, id: str) -> None:
        super().__init__(barred, judge, save, id=id)
        self._worth = worth
        self._sheet: Sheet | None = None
        self._lines: list[Line] = []
        self._cursor = 0
        self._side = 0
        self._widths: list[int] = []
        self._measured = 0
        self.points: SheetPoints | None = None

    @property
    def sheet(self) -> Sheet | None:
        """The sheet that is shown, with what was handed in since."""
        return self._sheet

    @property
    def place(self) -> tuple[Item, Field] | None:
        """Item and field of the line with the cursor."""
        line = self._lines[self._cursor] if self._lines else None
        return (line.item, line.field) if line and line.item and line.field else None

    @property
    def kind(self) -> Kind:
        """Whether claims or verifications are being typed."""
        return KINDS[self._side]

    def show(self, sheet: Sheet) -> None:
        """Shows a sheet. Of the same unit and month, the cursor and what is typed stay."""
        same = self._sheet is not None and (self._sheet.unit.code, self._sheet.month) == (
            sheet.unit.code,
            sheet.month,
        )
        self._sheet = sheet
        if not same:
            self._lines = _lines(sheet)
            self._text, self.complaint = None, ""
            self._cursor = next((i for i, line in enumerate(self._lines) if line.field), 0)
            self.scroll_to(y=0, animate=False)
            self.hold(len(self._lines) + 1)
        self._weigh()
        self.refresh()

    def point(self, item: str, field: str, kind: Kind) -> None:
        """Puts the cursor on a cell."""
        for index, line in enumerate(self._lines):
            if line.item and line.field and (line.item.id, line.field.name) == (item, field):
                self._go(index, KINDS.index(kind))

    def _take(self, after: Sheet) -> None:
        self._sheet = after

    def on_click(self, event: events.Click) -> None:
        """A click hands in the cell and goes to the one under it."""
        index = event.y - 1 + self.scroll_offset.y
        if event.y == 0 or index >= len(self._lines) or not self._lines[index].field:
            return
        verify_from = sum(self._widths[:3]) + 3
        if self.leave():
            self._go(index, int(event.x >= verify_from))
        self.post_message(self.Clicked(self))

    def _step(self, by: int) -> None:
        """Goes so many cells on."""
        cells = [i for i, line in enumerate(self._lines) if line.field]
        if cells:
            at = cells.index(self._cursor) if self._cursor in cells else 0
            self._go(cells[max(0, min(at + by, len(cells) - 1))], self._side)

    def _aside(self, by: int) -> None:
        self._go(self._cursor, max(0, min(self._side + by, 1)))

    def _weigh(self) -> None:
        draft = self._draft()
        if draft is not None:
            self.points = self._worth(draft)

    def _go(self, index: int, side: int) -> None:
        self._cursor, self._side, self.complaint = index, side, ""
        height, top = self.size.height - 1, self.scroll_offset.y
        if height > 0:
            first = index - 1 if index and not self._lines[index - 1].field else index
            if first < top:
                self.scroll_to(y=first, animate=False)
            elif index >= top + height:
                self.scroll_to(y=index - height + 1, animate=False)
        self._redraw()

    def _line_strip(self, y: int, width: int) -> Strip:
        plain = self.rich_style
        if self._measured != width:
            clause = [_CLAUSE] if width >= 72 else []
            fixed = [0, _BOUNDS, _VALUE, _VALUE, _POINTS, *clause]
            self._widths, self._measured = shares(width, fixed, least=12, most=44), width
        if y == 0:
            titles = ("考核要点", "可填", "自评", "复核", "得分", "  依据")
            return self._strip(titles, [self.get_component_rich_style("grid--header")] * 6, width)
        index = y - 1 + self.scroll_offset.y
        if self._sheet is None or index >= len(self._lines):
            return Strip([Segment(" " * width, plain)], width)
        line = self._lines[index]
        if line.item is None:
            return self._indicator_strip(line.indicator, width)
        return self._item_strip(line, line.item, index == self._cursor, width)

    def _indicator_strip(self, indicator: Indicator, width: int) -> Strip:
        assert self.points is not None
        style = self.get_component_rich_style("grid--heading")
        name = (
            f"{indicator.name}（{short(indicator.points)} 分）"
            if indicator.points
            else (f"{indicator.name}（加扣分）")
        )
        clause = f"  {indicator.items[0].clause}"
        worth = points(self.points.indicators[indicator.id])
        return self._spanning(name, worth, clause, style, width)

    def _item_strip(self, line: Line, item: Item, cursor: bool, width: int) -> Strip:
        assert self._sheet is not None and self.points is not None
        plain, muted = self.rich_style, self.get_component_rich_style("grid--muted")
        worth = points(self.points.items[item.id])
        if line.field is None:
            return self._spanning(f" {item.label}", worth, "", plain, width)
        several = len(item.fields) > 1
        label = f"   {line.field.label}" if several else f" {item.label}"
        cells = [label, bounds_short(line.field)]
        styles: list[Style] = [plain, muted]
        values = [self._sheet.value(kind, item.id, line.field.name) for kind in KINDS]
        differs = None not in values and values[0] != values[1]
        for side, value in enumerate(values):
            text = "" if value is None else short(value)
            style = plain
            if side == 0 and item.office:
                text, style = "不报", muted
            if side == 1 and differs:
                style = self.get_component_rich_style("sheet--differs")
                text = f"*{text}"
            if cursor and side == self._side:
                text, component = self._in_hand(text)
                style = self.get_component_rich_style(component)
            cells.append(text)
            styles.append(style)
        if cursor:
            styles[0] = styles[0] + Style(bold=True)
        return self._strip((*cells, "" if several else worth, ""), [*styles, plain, plain], width)

    def _spanning(self, name: str, worth: str, clause: str, style: Style, width: int) -> Strip:
        """A line without values of its own: the name takes the room of the value columns."""
        first = fit(name, sum(self._widths[:4]) + 3)
        rest = [fit(worth, _POINTS, right=True)]
        rest += [fit(clause, _CLAUSE)] * (len(self._widths) > 5)
        return Strip([Segment(" ".join([first, *rest]), style)]).adjust_cell_length(
            width, self.rich_style
        )

    def _strip(self, cells: tuple[str, ...], styles: list[Style], width: int) -> Strip:
        segments: list[Segment] = []
        plain = self.rich_style
        for index, size in enumerate(self._widths):
            if index:
                segments.append(Segment(" ", plain))
            right = index in (2, 3, 4)
            segments.append(Segment(fit(cells[index], size, right=right), styles[index]))
        return Strip(segments).adjust_cell_length(width, plain)


def _lines(sheet: Sheet) -> list[Line]:
    lines: list[Line] = []
    for indicator in sheet.stage.indicators:
        items = sheet.open_items(indicator)
        if items:
            lines.append(Line(indicator))
        for item in items:
            if len(item.fields) > 1:
                lines.append(Line(indicator, item))
            lines += [Line(indicator, item, field) for field in item.fields]
    return lines
