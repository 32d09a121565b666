"""Screens that take keys in turn: each is done wholly before the next one is looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from typing import ClassVar, Protocol

from textual import events
from textual.binding import Binding, BindingType

from gsjx_tui.errors import GsjxError
from gsjx_tui.tui.screens.base import OfficeScreen
from gsjx_tui.tui.widgets.lines import FilterLine
from gsjx_tui.tui.widgets.prompt import Prompt

FILTER, PROMPT, YES = "filter", "prompt", "yes"
"""Panes that work the same wherever they are: a FilterLine, a Prompt, a question for y or n."""

SAME = {
    "ctrl+j": "enter",  # the end of a line in a raw paste
    "fullwidth_solidus": "slash",
    "ideographic_comma": "slash",  # what the key / writes with a Chinese input method
    "left_black_lenticular_bracket": "left_square_bracket",
    "right_black_lenticular_bracket": "right_square_bracket",
}
"""Keys that come another way and mean the same."""

_STILL = 0.1
"""Seconds for which nothing is painted while the office is asked."""

MONTHS: list[BindingType] = [
    Binding("left_square_bracket", "month(-1)", "换月", key_display="[ ]"),
    Binding("right_square_bracket", "month(1)", "下一月", show=False),
]
"""The keys of a screen that shows one month: ``action_month`` moves it."""


class Lit(Protocol):
    """What shows whether keys come to it."""

    def light(self, lit: bool) -> None:
        """Whether keys come here."""


class KeyedScreen(OfficeScreen):
    """A screen none of whose widgets has the focus: all keys come to the screen.

    Keys that arrive in one burst, as over a slow line, so act as if typed slowly: while the
    office is asked they wait, and those typed ahead of another screen go there.
    """

    AUTO_FOCUS = ""
    PANE: ClassVar[str] = ""
    """Where keys go at first."""

    def __init__(self) -> None:
        super().__init__()
        self.pane = self.PANE
        self._before = self.PANE
        self._loaded = asyncio.Event()
        self._loads = 0
        self._taken: Callable[[str], Awaitable[None]] | None = None
        self._agreed: Callable[[], Awaitable[None]] | None = None

    # what a screen adds ------------------------------------------------------------------------

    async def press(self, key: str, letter: str) -> bool:
        """Does what a key does; False for a key that means nothing here."""
        return False

    def pressed(self) -> None:
        """A key has had its effect."""

    async def paste(self, text: str) -> None:
        """Takes in what is pasted outside of filter and prompt."""

    async def fetch(self) -> None:
        """Asks the office and shows the answer."""

    async def sought(self) -> None:
        """Shows what the filter finds."""

    def panes(self) -> Mapping[str, Lit]:
        """What keys can go to, by name: the filter and the prompt, where there are any."""
        found: list[tuple[str, Lit]] = [(FILTER, line) for line in self.query(FilterLine)]
        return dict(found + [(PROMPT, prompt) for prompt in self.query(Prompt)])

    def after_filter(self, key: str) -> str:
        """The pane that keys go to when the filter is left by a key."""
        return self.PANE

    @property
    def is_busy(self) -> bool:
        """Whether a question is open."""
        return self.pane in (PROMPT, YES)

    @property
    def waits(self) -> bool:
        """Whether keys wait for the answer of the office."""
        return True

    # loading -----------------------------------------------------------------------------------

    def load(self) -> None:
        """Asks the office anew; keys wait until the answer is shown."""
        self.begin(self.fetch())

    def begin(self, work: Awaitable[None]) -> None:
        """Runs an exchange with the office that keys wait for. A newer one replaces it."""
        self._loads += 1
        self._loaded.clear()
        self.ask(self._awaited(work, self._loads))

    async def _awaited(self, work: Awaitable[None], number: int) -> None:
        with ExitStack() as still:
            still.enter_context(self.app.batch_update())
            # What comes in parts is painted once; of an office that takes its time, the parts.
            still.callback(self.refresh)
            asyncio.get_running_loop().call_later(_STILL, still.close)
            await self._finished(work, number)

    async def _finished(self, work: Awaitable[None], number: int) -> None:
        try:
            await work
        finally:
            if number == self._loads:  # else keys wait for the newer one
                self._loaded.set()

    # keys --------------------------------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """Takes the keys in turn; those that mean nothing here go on to the application."""
        if self.waits:
            await self._loaded.wait()
        front = self.app.screen
        if front is not self:  # of the same burst as the key that opened the screen in front
            (front.focused or front).post_message(events.Key(event.key, event.character))
        elif not (await self._do(event.key, event.character or "") or await self._bound(event.key)):
            return
        event.stop()
        event.prevent_default()

    async def on_paste(self, event: events.Paste) -> None:
        """What is pasted goes where keys go."""
        event.stop()
        if self.waits:
            await self._loaded.wait()
        try:
            await self._paste(event.text)
        except GsjxError as error:
            self.say(str(error), "bad")
            return
        self.pressed()

    async def _paste(self, text: str) -> None:
        if self.pane == PROMPT:
            self.prompt.paste(text)
        elif self.pane == FILTER:
            self.filter.paste(text)
            await self.sought()
        elif self.pane != YES:
            await self.paste(text)

    async def action_press(self, key: str) -> None:
        """A key of the footer that was clicked."""
        await self._do(key, "")

    async def action_palette(self) -> None:
        """Everything by its name; letters typed ahead are looked for there."""
        if self.desk.is_open:
            await self._open_palette()

    async def _do(self, key: str, letter: str) -> bool:
        key = SAME.get(key, key)
        shared = {FILTER: self.press_filter, PROMPT: self._press_prompt, YES: self._press_yes}
        try:
            if not await shared.get(self.pane, self.press)(key, letter):
                return False
        except GsjxError as error:
            self.say(str(error), "bad")
            return True
        self.pressed()
        self.catch_up()
        return True

    async def _bound(self, key: str) -> bool:
        """Does what the screen binds to a key, before the next key is looked at."""
        active = self.active_bindings.get(SAME.get(key, key))
        if active is None or active.node is not self or not active.enabled:
            return False
        return await self.app.run_action(active.binding.action, self)

    # panes -------------------------------------------------------------------------------------

    def light(self, pane: str) -> None:
        """Keys go to a pane; while a question is open, once it is answered."""
        if self.pane in (PROMPT, YES):
            self._before = pane
        else:
            self.pane = pane
            self.show_lit()

    def show_lit(self) -> None:
        """Every pane shows whether keys go to it."""
        for name, widget in self.panes().items():
            widget.light(name == self.pane)

    async def go_back(self) -> None:
        """First all that the filter hid, then the screen before."""
        if FILTER in self.panes() and self.filter.text:
            self.filter.clear()
            await self.sought()
        else:
            self.action_back()

    # looking for something ---------------------------------------------------------------------

    @property
    def filter(self) -> FilterLine:
        """The line for what is looked for."""
        return self.query_one(FilterLine)

    async def press_filter(self, key: str, letter: str) -> bool:
        """Takes a key of the filter: letters look, Enter goes on, Escape shows all again."""
        if key in ("enter", "down", "tab"):
            self.light(self.after_filter(key))
            return True
        if key == "escape":
            self.filter.clear()
            self.light(self.after_filter(key))
        elif not self.filter.press(key, letter):
            return False
        await self.sought()
        return True

    # asking ------------------------------------------------------------------------------------

    @property
    def prompt(self) -> Prompt:
        """The line for an answer."""
        return self.query_one(Prompt)

    def ask_for(
        self,
        about: str,
        question: str,
        taken: Callable[[str], Awaitable[None]],
        *,
        hint: str = "",
        text: str = "",
    ) -> None:
        """Asks for a line of text and hands it to ``taken``.

        If that raises GsjxError, the question stays with what was typed; Escape puts it away, and
        what was typed is there again when something is asked ``about`` the same.
        """
        self.prompt.drafts = self.desk.kept.setdefault((self.NAME, PROMPT), {})
        self.prompt.put(about, question, hint, text)
        self._taken = taken
        self._open_question(PROMPT)

    async def _press_prompt(self, key: str, letter: str) -> bool:
        prompt = self.prompt
        if key == "escape":
            self.close_question()
        elif key != "enter":
            return prompt.press(key, letter)
        elif self._taken is not None:
            about = prompt.about
            await self._taken(prompt.text)
            if prompt.about == about:  # else something more is asked
                prompt.forget(about)
                self.close_question()
        return True

    def ask_yes(self, question: str, agreed: Callable[[], Awaitable[None]], tone: str = "") -> None:
        """Asks before an act: y does it, n or Escape doesn't."""
        self._agreed = agreed
        self._open_question(YES)
        self.say(question, tone)

    async def _press_yes(self, key: str, letter: str) -> bool:
        if key in ("y", "Y", "n", "N", "escape"):
            self.close_question()
            if key in ("y", "Y") and self._agreed is not None:
                await self._agreed()
        return key not in ("ctrl+c", "ctrl+q")  # the application's, on every screen

    def _open_question(self, pane: str) -> None:
        if self.pane not in (PROMPT, YES):
            self._before = self.pane
        self.pane = pane
        self.show_lit()

    def close_question(self) -> None:
        """Keys go where they went before."""
        self.pane = self._before
        self.show_lit()
