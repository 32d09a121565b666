"""Keyed screens that are one form of lines, with a question before it is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Static

from gsjx_tui.tui.screens.keyed import KeyedScreen, Lit
from gsjx_tui.tui.widgets.form_lines import FormLines

LINES: list[BindingType] = [
    Binding("tab,down", "press('tab')", "换行", key_display="Tab"),
    Binding("shift+tab,up", "press('shift+tab')", "上一行", show=False),
]
"""The keys that go from line to line."""

KEPT = "上次填的内容还在，接着填"
"""What is said when what was typed before is there again."""


class LinesScreen(KeyedScreen):
    """A form of FormLines: Enter goes down and hands in at the last line, Escape goes back.

    A screen composes FormLines and a Static ``#preview`` for what would follow.
    """

    PANE = "form"
    STEPS: ClassVar[Mapping[str, int]] = {"left": -1, "right": 1}
    """The keys that choose on a line without text, and which way."""

    # what a screen adds ------------------------------------------------------------------------

    @property
    def is_typing(self) -> bool:
        """Whether the form can still be filled in."""
        return True

    async def at_the_end(self) -> None:
        """Enter on the last line."""

    def choose(self, by: int) -> None:
        """Another choice on the line with the cursor."""

    def show_form(self) -> None:
        """What stands around the lines, as it is now."""

    # keys --------------------------------------------------------------------------------------

    @property
    def lines(self) -> FormLines:
        """The lines."""
        return self.query_one(FormLines)

    def panes(self) -> Mapping[str, Lit]:
        """What keys can go to."""
        return {self.PANE: self.lines}

    async def paste(self, text: str) -> None:
        """What is pasted goes into the line with the cursor."""
        if self.is_typing and self.lines.here.typed:
            self.lines.edit().paste(text)

    async def on_click(self, event: events.Click) -> None:
        """A click goes to the line under it."""
        name = self.lines.under(event.widget)
        if name and self.is_typing and self.pane == self.PANE:
            self.lines.go_to(name)
            self.show_form()

    async def press(self, key: str, letter: str) -> bool:
        """Keys of the form, else of the line with the cursor."""
        lines = self.lines
        if key == "escape" or (key == "enter" and not self.is_typing):
            self.action_back()
        elif not self.is_typing:
            return False
        elif key in ("tab", "down", "shift+tab", "up"):
            lines.go(lines.at + (1 if key in ("tab", "down") else -1))
            self.show_form()
        elif key == "enter" and lines.is_last:
            await self.at_the_end()
        elif key == "enter":
            lines.go(lines.at + 1)
            self.show_form()
        elif lines.here.typed:
            return lines.edit().press(key, letter)
        elif key in self.STEPS:
            self.choose(self.STEPS[key])
        else:
            return False
        return True

    def show_lit(self) -> None:
        """The line with the cursor shows it."""
        self.lines.light(self.pane == self.PANE and self.is_typing)
        self.show_form()

    def close_question(self) -> None:
        """The form again, without what would follow."""
        super().close_question()
        self.query_one("#preview", Static).update("")
        self.say("")
