"""The reminder list 催报单: shown whole, on the clipboard, and in a file."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Prose, TitleBar


class ReminderScreen(ModalScreen[None]):
    """Shows a text that was copied and written to a file."""

    HELP: ClassVar[str] = (
        "催报单已经复制到剪贴板（终端要支持 OSC 52），并存成文本文件。"
        "可以直接粘贴到通知里，或打开文件改了再发。"
    )
    CSS_PATH = "reminder.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "dismiss", "返回", key_display="Esc"),
        Binding("y", "copy", "再复制一次"),
    ]

    def __init__(self, text: str, path: str) -> None:
        super().__init__()
        self._text, self._path = text, path

    def compose(self) -> ComposeResult:
        """Where it is, and the text."""
        yield TitleBar("催报单")
        yield Static(Text(f"已复制到剪贴板，并写入文件：\n{self._path}"), id="where")
        with VerticalScroll(id="text"):
            yield Prose(self._text)
        yield Keys()

    def action_copy(self) -> None:
        """Copies the text once more."""
        self.app.copy_to_clipboard(self._text)
