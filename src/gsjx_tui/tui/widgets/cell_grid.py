"""What grids of cells to type in share: digits go straight in, leaving a cell hands it in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar

from textual.message import Message
from textual.strip import Strip

from gsjx_tui.domain import Kind
from gsjx_tui.errors import ObservationError
from gsjx_tui.office.check import short
from gsjx_tui.office.sheet import Sheet
from gsjx_tui.rubric.model import Field, Item, Observation
from gsjx_tui.tui.widgets.cursored import Cursored

Judge = Callable[[Sheet, Item, Field, Kind, str], tuple[Observation, Sheet]]
Save = Callable[[Observation], None]
Barred = Callable[[Sheet, Kind], str]
"""Why no claim or verification can be recorded in a sheet by the person; '' if it can."""

KINDS: tuple[Kind, Kind] = ("claim", "verify")

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
_SIDES = {"left": -1, "right": 1}


class CellGrid(Cursored):
    """Cells under a heading, one of them with the cursor.

    ``barred`` says at the first key whether the person may fill the cell at all, ``judge`` at
    every one whether the text can stand; ``save`` takes an observation in hand when its cell is
    left. Keys come from the screen, one after the other: so a burst of keys
    never ends in the wrong cell.
    """

    can_focus = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"sheet--typing", "sheet--refused", "sheet--differs"}
    SEVERAL = "成列的请在按要点录入的界面粘贴。"
    """What to do with several numbers that were pasted."""

    @dataclass
    class Clicked(Message):
        """A click went to a cell."""

        grid: CellGrid

    def __init__(self, barred: Barred, judge: Judge, save: Save, *, id: str) -> None:
        super().__init__(id=id)
        self._barred, self._judge, self._save = barred, judge, save
        self._text: str | None = None
        self._lit = False
        self._drawn: dict[int, Strip] = {}
        self.complaint = ""

    # what a grid says of its cells -------------------------------------------------------------

    @property
    def sheet(self) -> Sheet | None:
        """The sheet of the cell with the cursor, with what was handed in since."""
        raise NotImplementedError

    def sheet_of(self, unit: str) -> Sheet | None:
        """The sheet of a unit, if it is shown."""
        return self.sheet if self.sheet is not None and self.sheet.unit.code == unit else None

    @property
    def place(self) -> tuple[Item, Field] | None:
        """Item and field of the cell with the cursor, None where there is no cell."""
        raise NotImplementedError

    @property
    def kind(self) -> Kind:
        """Whether a claim or a verification is being typed."""
        raise NotImplementedError

    def _take(self, after: Sheet) -> None:
        """The sheet of the cursor is now this one."""
        raise NotImplementedError

    def _weigh(self) -> None:
        """Reckons the points of the cursor's sheet with what is typed."""
        raise NotImplementedError

    def _step(self, by: int) -> None:
        """Goes so many cells down."""
        raise NotImplementedError

    def _aside(self, by: int) -> None:
        """Goes so many cells to the right."""
        raise NotImplementedError

    def _line_strip(self, y: int, width: int) -> Strip:
        """One line of the viewport."""
        raise NotImplementedError

    # the cell in hand --------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """What is typed and not handed in yet."""
        return self._text or ""

    @property
    def value(self) -> Decimal | None:
        """The value that stands in the cell with the cursor."""
        if self.sheet is None or self.place is None:
            return None
        item, field = self.place
        return self.sheet.value(self.kind, item.id, field.name)

    def light(self, lit: bool) -> None:
        """Whether keys come here; the cursor looks different then."""
        if lit != self._lit:
            self._lit = lit
            self._redraw()

    def leave(self, note: str = "") -> bool:
        """Hands in what is typed. False if it can't stand; then it stays and says why."""
        sheet, place = self.sheet, self.place
        if self._text is None or sheet is None or place is None:
            self.complaint = ""
            return True
        try:
            seen, after = self._judge(sheet, *place, self.kind, self._text)
        except ObservationError as error:
            self.complaint = str(error)
            return False
        if self.value != seen.value:
            self._save(replace(seen, note=note))
        self._text, self.complaint = None, ""
        self._take(after)
        self._weigh()
        self._redraw()
        return True

    def drop(self) -> None:
        """Forgets what is typed."""
        self._type("")

    def press(self, key: str, letter: str) -> bool:
        """Does what a key does in a cell; False for a key that means nothing here."""
        letter = letter.translate(_TYPED)
        if letter and letter in "0123456789.-":
            self._type(self.text + letter)
        elif key == "backspace":
            self._erase()
        elif key in _SIDES:
            if self.leave():
                self._aside(_SIDES[key])
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
            self.complaint = f"粘贴了 {len(numbers)} 个数，一格只能放一个；{self.SEVERAL}"

    def _erase(self) -> None:
        """Takes the last digit away; from a value that stands, a copy to change."""
        if self._text is not None:
            self._type(self._text[:-1])
        elif self.value is not None:
            self._type(short(self.value)[:-1])

    def _type(self, text: str) -> None:
        sheet = self.sheet
        if text and sheet is not None and (why := self._barred(sheet, self.kind)):
            self.complaint = why
            return
        self._text = text or None
        self.complaint = ""
        self._weigh()
        self._redraw()

    def _draft(self) -> Sheet | None:
        """The cursor's sheet with the text as it is, if it can stand; else as it was."""
        sheet, place = self.sheet, self.place
        if self._text is None or sheet is None or place is None:
            return sheet
        try:
            return self._judge(sheet, *place, self.kind, self._text)[1]
        except ObservationError as error:
            self.complaint = str(error)
            return sheet

    # drawing -----------------------------------------------------------------------------------

    def _redraw(self) -> None:
        """Draws anew the lines whose text differs from what is on the screen."""
        width = self.line_width
        for y in range(self.size.height):
            if self._drawn.get(y) != self._line_strip(y, width):
                self.refresh_line(y + self.scroll_offset.y)

    def on_resize(self) -> None:
        """All is to be drawn anew."""
        self._drawn.clear()

    def render_line(self, y: int) -> Strip:
        """One line of the viewport."""
        strip = self._line_strip(y, self.line_width)
        self._drawn[y] = strip
        return strip

    def _in_hand(self, text: str) -> tuple[str, str]:
        """Text and style of the cell with the cursor: what is being typed, or what stands."""
        if self._text is not None:
            return self._text, "sheet--refused" if self.complaint else "sheet--typing"
        return text, "grid--cursor" if self._lit else "grid--blurred"
