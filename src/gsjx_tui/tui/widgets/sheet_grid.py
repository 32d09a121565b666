"""The entry grid: digits go straight into the cell, Enter hands it in and goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from gsjx_tui.domain import Kind
from gsjx_tui.errors import ObservationError
from gsjx_tui.office.check import bounds_short, short
from gsjx_tui.office.sheet import Sheet, SheetPoints
from gsjx_tui.rubric.model import Field, Indicator, Item, Observation
from gsjx_tui.tui.widgets.text import fit, points, shares

Judge = Callable[[Sheet, Item, Field, Kind, str], tuple[Observation, Sheet]]
Worth = Callable[[Sheet], SheetPoints]
Save = Callable[[Observation], None]

_TYPED = {
    ord(wide): plain
    for wide, plain in zip("０１２３４５６７８９．。－", "0123456789..-", strict=True)
}
_STEPS = {
    "enter": 1,
    "down": 1,
    "up": -1,
    "pagedown": 10,
    "pageup": -10,
    "home": -9999,
    "end": 9999,
}
_SIDES = {"left": 0, "right": 1}
_KINDS: tuple[Kind, Kind] = ("claim", "verify")
_BOUNDS, _VALUE, _POINTS, _CLAUSE = 7, 7, 7, 12


class Line(NamedTuple):
    """An indicator (no item), an item with several fields (no field), or a cell to type in."""

    indicator: Indicator
    item: Item | None = None
    field: Field | None = None


class SheetGrid(ScrollView):
    """A unit's month: indicators, items, claim and verification side by side, points.

    ``judge`` says at every keystroke whether the text can stand, ``worth`` what the sheet is
    then worth, ``save`` takes an observation in hand when its cell is left. Keys come from the
    screen, one after the other: so a burst of keys never ends in the wrong cell.
    """

    ALLOW_SELECT = False
    can_focus = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "grid--header",
        "grid--cursor",
        "grid--blurred",
        "grid--heading",
        "grid--muted",
        "grid--bad",
        "sheet--typing",
        "sheet--refused",
        "sheet--differs",
    }

    @dataclass
    class Clicked(Message):
        """A click went to a cell."""

        grid: SheetGrid

    def __init__(self, judge: Judge, worth: Worth, save: Save, *, id: str) -> None:
        super().__init__(id=id)
        self._judge, self._worth, self._save = judge, worth, save
        self._sheet: Sheet | None = None
        self._lines: list[Line] = []
        self._cursor = 0
        self._side = 0
        self._text: str | None = None
        self._widths: list[int] = []
        self._measured = 0
        self._drawn: dict[int, Strip] = {}
        self._lit = False
        self.points: SheetPoints | None = None
        self.complaint = ""

    @property
    def sheet(self) -> Sheet | None:
        """The sheet that is shown, with what was handed in since."""
        return self._sheet

    @property
    def line(self) -> Line | None:
        """The line with the cursor."""
        return self._lines[self._cursor] if self._lines else None

    @property
    def kind(self) -> Kind:
        """Whether claims or verifications are being typed."""
        return _KINDS[self._side]

    @property
    def text(self) -> str:
        """What is typed and not handed in yet."""
        return self._text or ""

    def light(self, lit: bool) -> None:
        """Whether keys come here; the cursor looks different then."""
        if lit != self._lit:
            self._lit = lit
            self._redraw()

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
            self.virtual_size = Size(self.size.width, len(self._lines) + 1)
        self._weigh()
        self.refresh()

    def leave(self, note: str = "") -> bool:
        """Hands in what is typed. False if it can't stand; then it stays and says why."""
        line = self.line
        if self._text is None or line is None or line.item is None or line.field is None:
            return True
        assert self._sheet is not None
        try:
            seen, after = self._judge(self._sheet, line.item, line.field, self.kind, self._text)
        except ObservationError as error:
            self.complaint = str(error)
            return False
        if self._sheet.value(seen.kind, seen.item, seen.field) != seen.value:
            self._save(replace(seen, note=note))
        self._sheet, self._text, self.complaint = after, None, ""
        self._weigh()
        self._redraw()
        return True

    def drop(self) -> None:
        """Forgets what is typed."""
        self._type("")

    # keys --------------------------------------------------------------------------------------

    def press(self, key: str, letter: str) -> bool:
        """Does what a key does in a cell; False for a key that means nothing here."""
        letter = letter.translate(_TYPED)
        if letter and letter in "0123456789.-":
            self._type(self.text + letter)
        elif key == "backspace":
            self._erase()
        elif key in _SIDES:
            if self.leave():
                self._go(self._cursor, _SIDES[key])
        elif key in _STEPS:
            if self.leave():
                self._step(_STEPS[key])
        else:
            return False
        return True

    def paste(self, text: str) -> None:
        """One pasted number goes into the cell; several don't."""
        numbers = text.split()
        if len(numbers) == 1:
            self._type(numbers[0].translate(_TYPED))
        elif numbers:
            self.complaint = (
                f"粘贴了 {len(numbers)} 个数，一格只能放一个；成批的请用 gsjx import 导入。"
            )

    def on_click(self, event: events.Click) -> None:
        """A click hands in the cell and goes to the one under it."""
        index = event.y - 1 + self.scroll_offset.y
        if event.y == 0 or index >= len(self._lines) or not self._lines[index].field:
            return
        verify_from = sum(self._widths[:3]) + 3
        if self.leave():
            self._go(index, int(event.x >= verify_from))
        self.post_message(self.Clicked(self))

    def _erase(self) -> None:
        """Takes the last digit away; from a value that stands, a copy to change."""
        line = self.line
        if self._text is not None:
            self._type(self._text[:-1])
        elif line and line.item and line.field and self._sheet:
            value = self._sheet.value(self.kind, line.item.id, line.field.name)
            if value is not None:
                self._type(short(value)[:-1])

    def _step(self, by: int) -> None:
        """Goes so many cells on."""
        cells = [i for i, line in enumerate(self._lines) if line.field]
        if cells:
            at = cells.index(self._cursor) if self._cursor in cells else 0
            self._go(cells[max(0, min(at + by, len(cells) - 1))], self._side)

    def _type(self, text: str) -> None:
        self._text = text or None
        self.complaint = ""
        self._weigh()
        self._redraw()

    def _weigh(self) -> None:
        """Points with the text as it is, if it can stand; else as they were."""
        if self._sheet is None:
            return
        line, draft = self.line, self._sheet
        if self._text is not None and line and line.item and line.field:
            try:
                _, draft = self._judge(self._sheet, line.item, line.field, self.kind, self._text)
            except ObservationError as error:
                self.complaint = str(error)
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

    def _redraw(self) -> None:
        """Draws anew the lines whose text differs from what is on the screen."""
        width = self.scrollable_content_region.width
        for y in range(self.size.height):
            if self._drawn.get(y) != self._line_strip(y, width):
                self.refresh_line(y + self.scroll_offset.y)

    # drawing -----------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """All is to be drawn anew."""
        self._drawn.clear()

    def render_line(self, y: int) -> Strip:
        """One line of the viewport."""
        strip = self._line_strip(y, self.scrollable_content_region.width)
        self._drawn[y] = strip
        return strip

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
        values = [self._sheet.value(kind, item.id, line.field.name) for kind in _KINDS]
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
                style = self.get_component_rich_style(
                    "grid--cursor" if self._lit else "grid--blurred"
                )
                if self._text is not None:
                    text = self._text
                    style = self.get_component_rich_style(
                        "sheet--refused" if self.complaint else "sheet--typing"
                    )
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
