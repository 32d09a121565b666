"""Lines to fill in, one under the other, one of them with the cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from gsjx_tui.tui.widgets.line_edit import LineEdit


class Line(NamedTuple):
    """A line: its name, its label, what may be typed. Without ``typed`` it only shows a choice."""

    name: str
    label: str
    hint: str = ""
    typed: bool = True


class FormLines(Vertical):
    """Labels, texts, and what is said beside each. The screen hands the keys in."""

    def __init__(self, lines: Sequence[Line], *, id: str) -> None:
        super().__init__(id=id)
        self._lines = tuple(lines)
        self._lit = True
        self.at = 0
        """Which line has the cursor."""

    def compose(self) -> ComposeResult:
        """A row for each line."""
        for line in self._lines:
            with Horizontal(classes="line"):
                yield Static(f"  {line.label}", classes="label", id=f"label-{line.name}")
                if line.typed:
                    yield LineEdit(hint=line.hint, id=f"edit-{line.name}")
                yield Static(classes="beside", id=f"beside-{line.name}")

    @property
    def here(self) -> Line:
        """The line with the cursor."""
        return self._lines[self.at]

    @property
    def is_last(self) -> bool:
        """Whether the cursor is on the last line."""
        return self.at == len(self._lines) - 1

    @property
    def texts(self) -> dict[str, str]:
        """What is typed, by the name of the line."""
        return {line.name: self.edit(line.name).text for line in self._lines if line.typed}

    def edit(self, name: str = "") -> LineEdit:
        """The text of a line, or of the one with the cursor."""
        return self.query_one(f"#edit-{name or self.here.name}", LineEdit)

    def fill(self, texts: Mapping[str, str]) -> None:
        """Other texts in all lines."""
        for line in self._lines:
            if line.typed:
                self.edit(line.name).show(texts.get(line.name, ""))

    def say(self, name: str, text: Text) -> None:
        """What stands beside a line."""
        self.query_one(f"#beside-{name}", Static).update(text)

    def room(self, name: str) -> int:
        """Cells beside a line, 0 before it is laid out."""
        return self.query_one(f"#beside-{name}", Static).size.width

    def go(self, at: int) -> None:
        """The cursor goes to another line."""
        self.at = at % len(self._lines)
        self.light(self._lit)

    def go_to(self, name: str) -> None:
        """The cursor goes to the line of a name."""
        self.go([line.name for line in self._lines].index(name))

    def light(self, lit: bool) -> None:
        """Whether keys come here; the line with the cursor shows it."""
        self._lit = lit
        for line in self._lines:
            here = lit and line is self.here
            label = self.query_one(f"#label-{line.name}", Static)
            label.update(f"{'>' if here else ' '} {line.label}")
            label.set_class(here, "here")
            if line.typed:
                self.edit(line.name).light(here)

    def under(self, widget: Widget | None) -> str:
        """The name of the line that a widget is part of, empty if of none."""
        name = (widget.id or "").partition("-")[2] if widget is not None else ""
        return name if name in {line.name for line in self._lines} else ""
