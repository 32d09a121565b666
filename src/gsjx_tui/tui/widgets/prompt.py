"""A question with a line for its answer, at the bottom of a screen."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from gsjx_tui.tui.widgets.line_edit import LineEdit


class Prompt(Horizontal):
    """Asks for a line of text: a reason, a deadline, a note. Out of sight until it is asked.

    What is typed and not taken stays: it is there again when the same is asked.
    """

    def __init__(self) -> None:
        super().__init__(id="prompt")
        self.about = ""
        """What the question is about; a draft is kept for each."""
        self.drafts: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """The question, the line."""
        yield Static(id="question")
        yield LineEdit(id="answer")

    @property
    def _line(self) -> LineEdit:
        return self.query_one(LineEdit)

    @property
    def text(self) -> str:
        """What is typed."""
        return self._line.text

    def light(self, lit: bool) -> None:
        """Whether keys come here; else the question is out of sight."""
        self.display = lit
        self._line.light(lit)

    def put(self, about: str, question: str, hint: str, text: str) -> None:
        """Asks; the line begins with what was typed to the same question before, else ``text``."""
        self.about = about
        self.query_one("#question", Static).update(Text(f"{question}："))
        self._line.show(self.drafts.get(about, text), hint=hint)

    def press(self, key: str, letter: str) -> bool:
        """Edits the line; False for a key that means nothing there."""
        if not self._line.press(key, letter):
            return False
        self.drafts[self.about] = self.text
        return True

    def paste(self, text: str) -> None:
        """Takes a text into the line."""
        self._line.paste(text)
        self.drafts[self.about] = self.text

    def forget(self, *abouts: str) -> None:
        """The answers were taken: the same questions begin afresh."""
        for about in abouts:
            self.drafts.pop(about, None)
