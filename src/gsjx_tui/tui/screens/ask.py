"""A question before an act that can't be taken back: opaque, answered with y or n."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from gsjx_tui.tui.widgets.lines import Prose


class AskScreen(ModalScreen[bool]):
    """Asks; y answers yes, n or Escape no."""

    CSS_PATH = "ask.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "是"),
        Binding("n,escape", "answer(False)", "否"),
    ]

    def __init__(self, question: str, yes: str) -> None:
        super().__init__()
        self._question, self._yes = question, yes

    def compose(self) -> ComposeResult:
        """The question and what the keys do."""
        with Vertical():
            yield Prose(self._question)
            yield Static(Text(f"y {self._yes}    n 返回"), id="keys")

    def action_answer(self, yes: bool) -> None:
        """Gives the answer."""
        self.dismiss(yes)
