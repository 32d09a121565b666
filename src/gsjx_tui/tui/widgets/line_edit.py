"""A line of text to type into: no focus of its own, the screen hands keys and pastes in."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text
from textual.widgets import Static

_CONTROL = {ord(letter): " " for letter in "\r\n\t\v\f\x85\u2028\u2029"}


class LineEdit(Static):
    """One line with a cursor. Wide characters count two cells; a long text scrolls sideways.

    The widget never has the focus: its screen calls ``press`` and ``paste``, so that keys of one
    burst act one after another.
    """

    DEFAULT_CSS = "LineEdit { height: 1; }"

    def __init__(self, text: str = "", *, hint: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self._hint = hint
        self._lit = False
        self._first = 0
        self.text = text
        self.cursor = len(text)
        """Before which character the next one goes."""

    def light(self, lit: bool) -> None:
        """Whether keys come here; then a cursor shows."""
        self._lit = lit
        self.refresh()

    def show(self, text: str, *, hint: str | None = None) -> None:
        """Another text, the cursor at its end."""
        self.text, self.cursor = text, len(text)
        if hint is not None:
            self._hint = hint
        self.refresh()

    def press(self, key: str, letter: str) -> bool:
        """Moves, deletes or takes a letter in; False for a key that means nothing here."""
        if key == "left":
            self.cursor = max(0, self.cursor - 1)
        elif key == "right":
            self.cursor = min(len(self.text), self.cursor + 1)
        elif key in ("home", "ctrl+a"):
            self.cursor = 0
        elif key in ("end", "ctrl+e"):
            self.cursor = len(self.text)
        elif key == "backspace":
            self._put(max(0, self.cursor - 1), self.cursor)
        elif key == "delete":
            self._put(self.cursor, self.cursor + 1)
        elif key == "ctrl+u":
            self._put(0, self.cursor)
        elif letter and letter.isprintable():
            self._put(self.cursor, self.cursor, letter)
        else:
            return False
        self.refresh()
        return True

    def paste(self, text: str) -> None:
        """Takes a text in at the cursor; ends of lines become blanks, the rest that can't be
        seen is left out."""
        line = text.strip().translate(_CONTROL)
        self._put(self.cursor, self.cursor, "".join(c for c in line if c.isprintable()))
        self.refresh()

    def _put(self, start: int, end: int, text: str = "") -> None:
        self.text = self.text[:start] + text + self.text[end:]
        self.cursor = start + len(text)

    def render(self) -> Text:
        """The part of the text around the cursor, or what may be typed."""
        if not self.text and not self._lit:
            return Text(self._hint, style="dim", no_wrap=True)
        shown = self._visible(max(2, self.content_region.width))
        line = Text(shown, no_wrap=True, overflow="crop")
        if self._lit:
            at = self.cursor - self._first
            if at >= len(shown):
                line.append(" ", style="reverse")
            else:
                line.stylize("reverse", at, at + 1)
        if not self.text:
            line.append(f" {self._hint}", style="dim")
        return line

    def _visible(self, width: int) -> str:
        """What fits, moved sideways no more than it takes to have the cursor in it."""
        self._first = min(self._first, self.cursor)
        while self._first < self.cursor and self._to_cursor() > width:
            self._first += 1
        while self._first > 0:  # no room wasted at the right after something was deleted
            self._first -= 1
            if cell_len(self.text[self._first :]) + 1 > width:
                self._first += 1
                break
        shown, room = "", width
        for letter in self.text[self._first :]:
            room -= cell_len(letter)
            if room < 0:
                break
            shown += letter
        return shown

    def _to_cursor(self) -> int:
        """Cells from the first letter shown through the one under the cursor."""
        under = self.text[self.cursor : self.cursor + 1] or " "
        return cell_len(self.text[self._first : self.cursor]) + cell_len(under)
