"""A few values asked on lines of their own before an act: opaque, checked, taken with Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from gsjx_tui.errors import GsjxError
from gsjx_tui.tui.widgets.text import fit


@dataclass(frozen=True)
class Field:
    """A line to fill in.

    ``check`` raises GsjxError for a text that can't be; ``meaning`` says beside it what it means.
    """

    label: str
    value: str
    check: Callable[[str], object]
    meaning: Callable[[str], str] = lambda text: ""


class FormScreen(ModalScreen[list[str] | None]):
    """Asks for values. Gives the texts, all of which were checked, or None."""

    CSS_PATH = "form.tcss"
    HELP: ClassVar[str] = "逐行填写。反白的是预填的值，直接输入就替换它。在最后一行按 Enter 执行。"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "next", "下一行，最后一行执行"),
        Binding("up,shift+tab", "move(-1)", "上一行"),
        Binding("down,tab", "move(1)", "下一行"),
        Binding("f5", "take", "执行"),
        Binding("escape", "leave", "返回"),
    ]

    def __init__(
        self, title: str, fields: Sequence[Field], act: str, drafts: dict[str, str] | None = None
    ) -> None:
        """``drafts`` keeps what was typed and not taken, by label, for the next time."""
        super().__init__()
        self._title, self._fields, self._act = title, fields, act
        self._drafts = drafts if drafts is not None else {}
        self._texts = [self._drafts.get(field.label, field.value) for field in fields]
        self._fresh = [field.label not in self._drafts for field in fields]
        self._at = 0
        self._wrong = ""

    def compose(self) -> ComposeResult:
        """Title, lines, what is wrong, what the keys do."""
        with Vertical():
            yield Static(Text(self._title), id="form-title")
            yield Static(id="lines")
            yield Static(id="wrong")
            keys = f"Enter 下一行、{self._act}    上下 换行    Esc 返回"
            yield Static(Text(keys), id="keys")

    def on_mount(self) -> None:
        """Shows the values it begins with."""
        self._show()

    def on_key(self, event: events.Key) -> None:
        """All keys come here one after the other: nothing has the focus."""
        moves = {"up": -1, "shift+tab": -1, "down": 1, "tab": 1}
        if event.key == "escape":
            self.action_leave()
        elif event.key == "f5":
            self._take()
        elif event.key == "enter":
            if self._at + 1 < len(self._fields):
                self._move(1)
            else:
                self._take()
        elif event.key in moves:
            self._move(moves[event.key])
        elif event.key == "backspace":
            self._type(self._texts[self._at][:-1])
        elif event.key == "ctrl+u":
            self._type("")
        elif event.character and event.character.isprintable():
            before = "" if self._fresh[self._at] else self._texts[self._at]
            self._type(before + event.character)
        else:
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text, on one line."""
        before = "" if self._fresh[self._at] else self._texts[self._at]
        self._type(before + " ".join(event.text.split()))

    def _type(self, text: str) -> None:
        self._texts[self._at], self._fresh[self._at] = text, False
        self._wrong = ""
        self._show()

    def _move(self, by: int) -> None:
        self._at = (self._at + by) % len(self._fields)
        self._show()

    def _take(self) -> None:
        for index, (field, text) in enumerate(zip(self._fields, self._texts, strict=True)):
            try:
                field.check(text)
            except GsjxError as error:
                self._at, self._wrong = index, str(error)
                self._show()
                return
        self._drafts.clear()
        self.dismiss(self._texts)

    def _show(self) -> None:
        width = max((cell_len(field.label) for field in self._fields), default=0)
        text = Text()
        for index, (field, value) in enumerate(zip(self._fields, self._texts, strict=True)):
            here = index == self._at
            text.append(f"{'>' if here else ' '} {fit(field.label, min(24, width))}  ")
            style = "reverse" if here and self._fresh[index] else "underline" if here else ""
            text.append(value, style=style)
            if here and not self._fresh[index]:
                text.append(" ", style="reverse")
            text.append(f"  {field.meaning(value)}\n", style="dim")
        self.query_one("#lines", Static).update(text)
        self.query_one("#wrong", Static).update(Text(self._wrong))

    def action_leave(self) -> None:
        """Goes back; what was typed is kept."""
        for field, text, fresh in zip(self._fields, self._texts, self._fresh, strict=True):
            if not fresh:
                self._drafts[field.label] = text
        self.dismiss(None)

    def action_next(self) -> None:
        """For the footer; ``on_key`` does it."""

    def action_move(self, by: int) -> None:
        """For the footer; ``on_key`` does it."""

    def action_take(self) -> None:
        """For the footer; ``on_key`` does it."""
