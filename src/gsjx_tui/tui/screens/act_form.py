"""The form of an act: lines to fill in or choose, a question, the act; a refusal stays here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from gsjx_tui.office.draft import Draft, keep_draft
from gsjx_tui.tui.screens.lines_screen import KEPT, LINES, LinesScreen
from gsjx_tui.tui.widgets.form_lines import FormLines, Line
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Note, TitleBar

Texts = Mapping[str, str]
"""What is filled in or chosen, by the name of the line."""


@dataclass(frozen=True)
class Asked:
    """A line to fill in, or with ``choices`` (values and what people call them) to choose."""

    name: str
    label: str
    hint: str = ""
    text: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


class ActForm(LinesScreen):
    """Asks for what an act takes, and does it.

    ``about`` tells the forms apart: what was typed and not handed in is there again when a form
    about the same is opened. ``do`` is the act, what it gives is told to ``done``; ``foresee`` is
    asked before, and its lines stand above the question ``sure``.
    """

    NAME = "填写"
    CSS_PATH = "act_form.tcss"
    STEPS: ClassVar[Mapping[str, int]] = {**LinesScreen.STEPS, "space": 1}
    HELP: ClassVar[str] = (
        "逐行填写，左右键换选项，Enter 或 Tab 换行。在最后一行按 Enter，核对之后按 y 执行，"
        "按 n 回来修改。按 Esc 返回，填了的内容下次打开还在。"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "press('enter')", "下一行，最后一行执行", key_display="Enter"),
        *LINES,
    ]

    def __init__(
        self,
        title: str,
        what: str,
        asked: Sequence[Asked],
        do: Callable[[Texts], Awaitable[str]],
        done: Callable[[str], None],
        *,
        sure: str,
        about: Sequence[str],
        foresee: Callable[[Texts], Awaitable[Sequence[str]]] | None = None,
    ) -> None:
        super().__init__()
        self._title, self._what, self._asked = title, what, tuple(asked)
        self._act, self._done, self._sure, self._foresee = do, done, sure, foresee
        self._key = ("act", *about)
        self._chosen = {one.name: next(iter(one.choices)) for one in asked if one.choices}
        self._ended = False

    def compose(self) -> ComposeResult:
        """What it is about, the lines, what would follow."""
        lines = [Line(one.name, one.label, one.hint, typed=not one.choices) for one in self._asked]
        yield TitleBar(self._title)
        yield Static(Text(self._what), id="what")
        yield FormLines(lines, id="lines")
        yield Static(id="preview")
        yield Note()
        yield Keys()

    def on_mount(self) -> None:
        """What was typed before is there again."""
        kept = self.desk.kept.get(self._key, {})
        self.lines.fill({one.name: kept.get(one.name, one.text) for one in self._asked})
        self._chosen |= {name: kept[name] for name in self._chosen if name in kept}
        self.show_lit()
        if kept:
            self.say(KEPT)
        self._loaded.set()  # nothing is asked of the office

    def load(self) -> None:
        """Nothing is asked anew: what is typed stays."""

    @property
    def texts(self) -> dict[str, str]:
        """What is filled in and chosen."""
        return {**self.lines.texts, **self._chosen}

    # keys --------------------------------------------------------------------------------------

    def choose(self, by: int) -> None:
        """The next value of the line with the cursor."""
        name = self.lines.here.name
        values = list(next(one.choices for one in self._asked if one.name == name))
        at = values.index(self._chosen[name]) + by
        self._chosen[name] = values[at % len(values)]
        self.show_form()

    def show_form(self) -> None:
        """All choices beside their lines, the chosen one marked."""
        for one in self._asked:
            if one.choices:
                text = Text(no_wrap=True, overflow="ellipsis")
                for value, called in one.choices.items():
                    chosen = value == self._chosen[one.name]
                    here = chosen and self.lines.here.name == one.name
                    text.append(
                        f"[{called}]" if chosen else f" {called} ",
                        "bold reverse" if here else "bold" if chosen else "dim",
                    )
                self.lines.say(one.name, text)

    # the act -----------------------------------------------------------------------------------

    async def at_the_end(self) -> None:
        """Asks before the act, with what would follow."""
        told = await self._foresee(self.texts) if self._foresee is not None else ()
        self.query_one("#preview", Static).update(Text("\n".join(told)))
        self.ask_yes(f"{self._sure}  按 y 执行，按 n 回去修改", self._hand_in)

    async def _hand_in(self) -> None:
        """Does the act; a refusal leads back to the form with all that was typed."""
        news = await self._act(self.texts)
        self._ended = True
        self.desk.kept.pop(self._key, None)
        self._done(news)
        self.app.pop_screen()

    # leaving -----------------------------------------------------------------------------------

    def _typed(self) -> dict[str, str]:
        begun = {one.name: one.text for one in self._asked}
        return {name: text for name, text in self.lines.texts.items() if text != begun[name]}

    def leave(self) -> bool:
        """Keeps what is typed for the next opening."""
        if not self._ended and self._typed():
            self.desk.kept[self._key] = self.texts
        return True

    def hang_up(self, left: asyncio.Event) -> None:
        """The connection is lost: what is typed is kept as a draft."""
        left.set()  # what follows queues before the ledger is closed
        typed = self._typed()
        if typed and not self._ended:
            labels = {one.name: one.label for one in self._asked}
            text = "，".join(f"{labels[name]} {text}" for name, text in typed.items())
            self.desk.hand_in(keep_draft, Draft("", "", "", self._what, self._title, text))
