"""The application: one desk, the screens by name, and an orderly end whatever happens."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.scrollbar import ScrollBar, ScrollBarRender

from gsjx_tui.errors import GsjxError
from gsjx_tui.office.names import root_of, schema_of
from gsjx_tui.tui.desk import Desk
from gsjx_tui.tui.line_filter import PrintableText
from gsjx_tui.tui.screens.base import WIDE, OfficeScreen
from gsjx_tui.tui.screens.hearing import TURNS, HearingScreen
from gsjx_tui.tui.screens.home import HomeScreen
from gsjx_tui.tui.themes import THEMES, PlainBar, ascii_only, first_theme, keep_theme
from gsjx_tui.tui.widgets.lines import TitleBar

if TYPE_CHECKING:
    from gsjx_tui.office.campaigns import Listed
    from gsjx_tui.seats.news import News

_NOT_UTF8 = "终端发来的不是 UTF-8 (terminal is not UTF-8)：请把终端的字符集设为 UTF-8 再输入。"

_PRINTABLE = PrintableText()

_INTERRUPT = "ctrl+c"

_HOW_TO_QUIT = "要退出：再按一次 Ctrl+C，或按 Esc 回到首页再按 q。"

_NOT_BY_THIS = "Ctrl+Q 不退出程序。要退出：按两次 Ctrl+C，或按 Esc 回到首页再按 q。"

_PATIENCE = 5.0
"""Seconds for saving after the connection is lost. As a rule it takes a tenth of one."""


class GsjxApp(App[None]):
    """gsjx in the terminal."""

    TITLE = "gsjx"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 as Textual types it
    BINDINGS: ClassVar[list[BindingType]] = [
        # Not before the keys typed earlier have had their effect: no priority.
        Binding(_INTERRUPT, "interrupt", "退出", show=False),
        # After a slip onto Ctrl+S people press it to go on: it must end nothing.
        Binding("ctrl+q", "not_by_this", "退出", show=False),
    ]

    def __init__(
        self, home: Path, folders: Sequence[Path] = (), driver: type[Driver] | None = None
    ) -> None:
        super().__init__(driver_class=driver)
        self.desk = Desk(home, folders)
        self._folders = folders
        self._kept: dict[Path, dict[tuple[str, ...], dict[str, str]]] = {}
        self.mark = ""
        """What every title says: which campaign where there are several, and that it is over."""
        self._interrupts = 0
        self._told_how_to_quit = False
        self._quitting = False
        for theme in THEMES:
            self.register_theme(theme)
        self._look_like(first_theme())

    async def on_mount(self) -> None:
        """Paints first, opens the ledger after."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM):
            loop.add_signal_handler(number, self._hang_up, number)
        await self.push_screen(HomeScreen())
        self.call_after_refresh(self._open)

    def _open(self) -> None:
        gc.enable()
        self.run_worker(self._start(), exclusive=True, group="open")

    async def _start(self) -> None:
        """Where there are several campaigns, asks which one first."""
        try:
            found = await self.desk.campaigns()
        except GsjxError as error:
            self.exit(return_code=1, message=str(error))
            return
        if len(found) > 1:
            await self._take_desk(await self._chosen(found))
        await self._open_office()

    async def _open_office(self) -> None:
        try:
            await self.desk.open()
        except GsjxError as error:
            self.exit(return_code=1, message=str(error))
            return
        if not self.is_headless:
            # All that is loaded by now stays; looking through it again took 70 ms at a time.
            gc.freeze()
        self.desk.on_news, self.desk.on_line = self._hear, self._on_line
        self._show_mark()
        screen = self.screen
        if isinstance(screen, OfficeScreen):
            screen.load()

    async def _chosen(self, found: Sequence[Listed], now: str = "") -> Listed | None:
        """The campaign that the person chooses; None for the one that is open."""
        from gsjx_tui.tui.screens.campaigns import CampaignsScreen

        return await self.push_screen_wait(CampaignsScreen(found, now))

    async def _take_desk(self, chosen: Listed | None) -> None:
        """Ends at this desk; the next one is that of another campaign."""
        if chosen is None:
            return
        before = self.desk
        self._kept[before.home] = before.kept
        await before.close()
        home = chosen.home(root_of(before.home))
        self.desk = Desk(home, self._folders)
        self.desk.kept = self._kept.setdefault(home, {})

    def change_campaign(self) -> None:
        """Asks which campaign, and opens it instead of this one."""
        self.run_worker(self._change_campaign(), exclusive=True, group="open")

    async def _change_campaign(self) -> None:
        screens = [screen for screen in self.screen_stack if isinstance(screen, OfficeScreen)]
        if not all(screen.leave() for screen in reversed(screens)):
            return
        now = schema_of(self.desk.home)
        try:
            chosen = await self._chosen(await self.desk.campaigns(), now)
        except GsjxError as error:
            screens[-1].say(str(error), "bad")
            return
        if chosen is None or chosen.schema == now:
            return
        await self._take_desk(chosen)
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        await self.push_screen(HomeScreen())
        await self._open_office()

    def _hear(self, news: News) -> None:
        """Others' doings go to the screen in front; those behind look anew when they come up."""
        if news.changed is not None and news.changed.act in TURNS:
            self.run_worker(self._ask_whether_closed(), exclusive=True, group="closed")
        if isinstance(self.screen, HearingScreen):
            self.screen.hear(news)

    async def _ask_whether_closed(self) -> None:
        with contextlib.suppress(GsjxError):  # then the old mark stays until the next news
            await self.desk.ask_whether_closed()
            self._show_mark()

    def _show_mark(self) -> None:
        name = self.desk.office.rubric.campaign.name if self.desk.several else ""
        over = "已结束" if self.desk.closed is not None else ""
        self.mark = " ".join(filter(None, [name, over]))
        self._refresh_titles()

    def _refresh_titles(self) -> None:
        for screen in self.screen_stack:
            for title in screen.query(TitleBar):
                title.refresh()

    def _on_line(self, there: bool) -> None:
        """Whether the service is there is said in every title."""
        self.set_class(not there, "-offline")
        self._refresh_titles()
        if there and isinstance(self.screen, HearingScreen):
            self.screen.show_soon()

    def on_not_utf8(self) -> None:
        """The terminal sent something that isn't UTF-8: says what to do about it."""
        screen = self.screen
        if isinstance(screen, OfficeScreen):
            # After the keys before it, whose notes would replace it.
            screen.call_later(screen.say, _NOT_UTF8, "bad")

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Every line of every widget passes them: none carries a control character."""
        return [*super().get_line_filters(), _PRINTABLE]

    def choose_theme(self, name: str) -> None:
        """Another look, kept for the next time."""
        self._look_like(name)
        if not keep_theme(name) and isinstance(self.screen, OfficeScreen):
            self.screen.say("配色已换；没有地方保存，下次登录要再选。")

    def _look_like(self, name: str) -> None:
        self.theme = name
        self.set_class(ascii_only(name), "-ascii")
        ScrollBar.renderer = PlainBar if ascii_only(name) else ScrollBarRender

    async def on_event(self, event: events.Event) -> None:
        """Keys that quit are noticed as they come; they have their effect after those before."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self.clear_notifications()  # read by whoever types on; it would cover the next screen
            if event.key != _INTERRUPT:
                self._interrupts, self._told_how_to_quit = 0, False
            else:
                self._interrupts += 1
                if self._interrupts > 1:
                    self.desk.hasten()
        await super().on_event(event)

    async def action_interrupt(self) -> None:
        """Ctrl+C with nothing selected to copy: says how to quit; pressed once more, quits."""
        if self._told_how_to_quit or self._interrupts > 1:
            await self.action_quit()
        else:
            self._told_how_to_quit = True
            self._tell(_HOW_TO_QUIT)

    def action_not_by_this(self) -> None:
        """Ctrl+Q: says what quits instead."""
        self._tell(_NOT_BY_THIS)

    async def key_ctrl_c(self) -> None:
        """Over a dialog, where bindings of the application don't count."""
        await self.action_interrupt()

    def key_ctrl_q(self) -> None:
        """Over a dialog, where bindings of the application don't count."""
        self.action_not_by_this()

    def copy_to_clipboard(self, text: str) -> None:
        """Gives a text to the terminal; Ctrl+C has then done what it was pressed for."""
        super().copy_to_clipboard(text)
        self._interrupts, self._told_how_to_quit = 0, False

    def _tell(self, text: str) -> None:
        """Says something on the screen in front, whatever it is."""
        if isinstance(self.screen, OfficeScreen):
            self.screen.say(text)
        else:
            self.notify(text, markup=False)

    async def action_quit(self) -> None:
        """Leaves the field in hand, finishes what was handed in, ends."""
        if self._quitting:
            return  # pressed again meanwhile: what wasn't saved is told once, not forgotten
        for screen in self.screen_stack:
            if isinstance(screen, OfficeScreen) and not screen.leave():
                return
        self._quitting = True
        failed = await self.desk.close()
        if failed:
            self.exit(return_code=1, message=f"{len(failed)} 项没有保存：{failed[-1]}")
        else:
            self.exit()

    def _hang_up(self, number: signal.Signals) -> None:
        self._ending = asyncio.get_running_loop().create_task(self._end(number))

    async def _end(self, number: signal.Signals) -> None:
        """The field in hand is saved if it can stand, after the keys before it; then the end."""
        # A lost terminal has no screen to restore, and writing to it could hang: should that be,
        # the end comes all the same, but never before what was handed in had time to be saved.
        asyncio.get_running_loop().call_later(_PATIENCE, os._exit, 0)
        for screen in self.screen_stack:
            if isinstance(screen, OfficeScreen):
                left = asyncio.Event()
                screen.call_later(screen.hang_up, left)
                await left.wait()
        await self.desk.close(_PATIENCE - 1)
        if number is signal.SIGHUP:
            os._exit(0)
        self.exit()
