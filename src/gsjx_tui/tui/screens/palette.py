"""The command palette 命令: everything by its Chinese name or pinyin initials."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.lines import FilterLine

_MOST = 200


@dataclass(frozen=True)
class Command:
    """Something to do: its name, other words that find it, what it is, and the doing."""

    name: str
    initials: str
    about: str
    act: Callable[[], object]

    def rank(self, wanted: str) -> int | None:
        """How well it answers what is looked for, 0 best; None if not at all."""
        if not wanted:
            return 1
        name = self.name.lower()
        if name.startswith(wanted) or self.initials.startswith(wanted):
            return 0
        if wanted in name or wanted in self.initials:
            return 1
        return 2 if wanted in self.about.lower() else None


def found(commands: Sequence[Command], text: str) -> list[Command]:
    """The commands that answer a text, the best first, else in their order."""
    wanted = text.strip().lower()
    ranked = [(command.rank(wanted), command) for command in commands]
    chosen = [(rank, command) for rank, command in ranked if rank is not None]
    chosen.sort(key=lambda pair: pair[0])
    return [command for _, command in chosen[:_MOST]]


class PaletteScreen(ModalScreen[None]):
    """Type a name or its initials, Enter does it.

    All keys come to the screen, one after the other: a burst does what slow keys do.
    """

    CSS_PATH = "palette.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "关闭")]

    def __init__(self, commands: Sequence[Command]) -> None:
        super().__init__()
        self._commands = commands
        self._found: list[Command] = []

    def compose(self) -> ComposeResult:
        """The line to type in, what it finds."""
        with Vertical():
            yield FilterLine("名称或拼音首字母", id="wanted")
            yield Grid([Column("命令"), Column("说明", 40)], id="commands", empty="没有这样的命令")
            yield Static("上下键选择，Enter 执行，Esc 关闭", id="palette-foot")

    def on_mount(self) -> None:
        """Shows all commands."""
        self.query_one(FilterLine).light(True)
        self.query_one(Grid).light(True)
        self._look()

    def on_key(self, event: events.Key) -> None:
        """Letters look, arrows move, Enter does."""
        line, grid = self.query_one(FilterLine), self.query_one(Grid)
        if event.key == "enter":
            self._do(grid.key)
        elif event.key in ("home", "end") or not grid.press(event.key):
            if not line.press(event.key, event.character or ""):
                return
            self._look()
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text is looked for."""
        for letter in event.text.strip():
            self.query_one(FilterLine).press("", letter)
        self._look()

    def on_grid_selected(self, event: Grid.Selected) -> None:
        """A double click does it."""
        self._do(event.key)

    def _look(self) -> None:
        self._found = found(self._commands, self.query_one(FilterLine).text)
        rows = [
            Row(str(index), (command.name, command.about))
            for index, command in enumerate(self._found)
        ]
        self.query_one(Grid).show(rows, key="0")

    def _do(self, key: str) -> None:
        if key:
            command = self._found[int(key)]
            self.dismiss()
            self.app.call_later(command.act)
