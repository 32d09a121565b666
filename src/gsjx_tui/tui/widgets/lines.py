"""One-line widgets: the title of a screen, its note, a choice among a few."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text
from textual.geometry import Size
from textual.widgets import Static

from gsjx_tui.tui.widgets.text import fit, wrap

_AWAY = "服务断开，正在重新连接"


class TitleBar(Static):
    """What screen this is at the left, the month or the person at the right.

    The application's ``mark``, if it has one, stands in every title.
    """

    def __init__(self, left: str = "", right: str = "") -> None:
        super().__init__(id="title")
        self._left, self._right = left, right

    def show(self, left: str, right: str = "") -> None:
        """Shows other texts."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.refresh()

    def render(self) -> Text:
        """Both ends of the line."""
        width = self.content_region.width
        right = _AWAY if self.app.has_class("-offline") else self._right
        left = f"{self._left}  {mark}" if (mark := getattr(self.app, "mark", "")) else self._left
        space = max(1, width - cell_len(left) - cell_len(right))
        return Text(f"{left}{' ' * space}{right}", no_wrap=True, overflow="ellipsis")


class Note(Static):
    """The line at the bottom that says what happened, or what is wrong."""

    def __init__(self) -> None:
        super().__init__()
        self._said = ""

    def say(self, text: str, tone: str = "") -> None:
        """Shows a text; ``tone`` is good, bad or empty."""
        self.set_class(tone == "good", "good")
        self.set_class(tone == "bad", "bad")
        if text != self._said:
            self._said = text
            self.refresh()  # its height is fixed: nothing else moves

    def render(self) -> Text:
        """As much of the text as there is room for."""
        width, height = self.content_region.size
        return Text("\n".join(wrap(self._said, max(1, width), max(1, height))))


class Prose(Static):
    """A text of any length, its lines broken where a reader would; as high as they take."""

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = text

    def show(self, text: str) -> None:
        """Shows another text."""
        if text != self._text:
            self._text = text
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """How many lines it takes in a width."""
        return len(self._lines(width))

    def render(self) -> Text:
        """The text in lines as wide as there is room."""
        return Text("\n".join(self._lines(self.content_region.width)))

    def _lines(self, width: int) -> list[str]:
        return wrap(self._text, max(1, width), self._text.count("\n") + len(self._text) + 1)


class Choice(Static):
    """A few choices on one line, the chosen one between brackets and reversed."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._choices: Sequence[str] = ()
        self._chosen = 0

    def show(self, choices: Sequence[str], chosen: int) -> None:
        """Shows the choices."""
        self._choices, self._chosen = choices, chosen
        self.refresh()

    def render(self) -> Text:
        """All choices, the chosen one marked."""
        text = Text(no_wrap=True, overflow="ellipsis")
        for index, choice in enumerate(self._choices):
            if index == self._chosen:
                text.append(f"[{choice}]", style="bold reverse")
            else:
                text.append(f" {choice} ")
        return text


class FilterLine(Static):
    """What is looked for; the screen hands the letters in."""

    def __init__(self, hint: str, *, id: str) -> None:
        super().__init__(id=id)
        self._hint = hint
        self._lit = False
        self.text = ""

    def light(self, lit: bool) -> None:
        """Whether letters come here; then a cursor shows."""
        self._lit = lit
        self.refresh()

    def press(self, key: str, letter: str) -> bool:
        """Takes a letter in or the last one away; False for any other key."""
        if key == "backspace":
            self.text = self.text[:-1]
        elif letter and letter.isprintable():
            self.text += letter
        else:
            return False
        self.refresh()
        return True

    def paste(self, text: str) -> None:
        """Takes a text in at the end, without what can't be seen."""
        self.text += "".join(letter for letter in text.strip() if letter.isprintable())
        self.refresh()

    def clear(self) -> None:
        """Looks for nothing."""
        self.text = ""
        self.refresh()

    def render(self) -> Text:
        """The text, or what may be typed."""
        if not self.text and not self._lit:
            return Text(self._hint, style="dim", no_wrap=True)
        shown = self.text
        while cell_len(shown) > max(1, self.content_region.width - 3):
            shown = shown[1:]  # of a long text the end, where typing goes on
        text = Text(f"/ {shown}", no_wrap=True)
        text.append(" ", style="reverse" if self._lit else "")
        return text


class Steps(Static):
    """A list of keys and what they lead to, wrapped under one another."""

    def __init__(self, indent: int = 4, lines: int = 3, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._indent, self._lines = indent, lines
        self._steps: Sequence[tuple[str, str]] = ()

    def show(self, steps: Sequence[tuple[str, str]]) -> None:
        """Shows the steps."""
        self._steps = steps
        self.refresh(layout=True)

    def render(self) -> Text:
        """Each step with its key, further lines indented."""
        text = Text()
        width = max(10, self.content_region.width - self._indent)
        for key, step in self._steps:
            for number, row in enumerate(wrap(step, width, self._lines)):
                text.append(fit(f"{key}" if number == 0 else "", self._indent), style="bold")
                text.append(f"{row}\n")
        return text
