"""What every screen of the office has: the desk, a note, a month that moves, a way back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.binding import Binding, BindingType

from gsjx_tui.domain import Month
from gsjx_tui.errors import GsjxError, NotPermitted
from gsjx_tui.office.acts import check_allowed
from gsjx_tui.office.names_index import named
from gsjx_tui.tui.desk import Desk
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.hearing import HearingScreen
from gsjx_tui.tui.ways import on_screen
from gsjx_tui.tui.widgets.keys import bindings_of
from gsjx_tui.tui.widgets.lines import Note

if TYPE_CHECKING:
    from gsjx_tui.tui.app import GsjxApp


WIDE = 110
"""Columns from which a screen shows more."""


class OfficeScreen(HearingScreen):
    """A screen that shows what the office answers and hands in what a person does."""

    HELP: ClassVar[str] = ""
    """What the screen is for and how the work goes, for people."""

    NAME: ClassVar[str] = ""
    """What people call the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "返回", key_display="Esc"),
        Binding("colon,fullwidth_colon,ctrl+p", "palette", "命令", key_display=":"),
        Binding("question_mark,fullwidth_question_mark,f1", "help", "帮助", key_display="?"),
    ]

    @property
    def desk(self) -> Desk:
        """Where acts are handed in."""
        return cast("GsjxApp", self.app).desk

    def on_screen_resume(self) -> None:
        """Shows the newest state whenever the screen comes to the front."""
        if self.desk.is_open:
            self.load()
            self.desk.work_on(*self.at_work())

    def show_anew(self) -> None:
        """Shows what stands in the ledger now."""
        if self.desk.is_open:
            self.load()

    def at_work(self) -> tuple[str, str]:
        """The unit and month that the person works on here, for others to see; '' for none."""
        return "", ""

    def company(self, unit: str) -> str:
        """Who else works on a unit now, in words; '' if nobody does."""
        others = self.desk.others_at(unit)
        return f"{'、'.join(others)} 也在办" if others else ""

    def load(self) -> None:
        """Asks the office anew and shows the answer."""

    def leave(self) -> bool:
        """Hands in what is being typed. False if it can't stand: then the screen stays."""
        return True

    def hang_up(self, left: asyncio.Event) -> None:
        """The connection is lost: hands in or keeps what is being typed, then sets ``left``."""
        left.set()

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        return Here(self.desk.office.rubric.months[0])

    def go(self, screen: OfficeScreen) -> None:
        """Opens another screen over this one, what is being typed handed in first."""
        if self.leave():
            self.app.push_screen(screen)

    def action_help(self) -> None:
        """What this screen is for, and its keys."""
        from gsjx_tui.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.NAME or "帮助", self.HELP, bindings_of(self)))

    async def action_palette(self) -> None:
        """Everything by its name."""
        if self.desk.is_open:
            self.ask(self._open_palette(), group="palette")

    async def _open_palette(self) -> None:
        from gsjx_tui.tui.commands import commands
        from gsjx_tui.tui.screens.palette import PaletteScreen

        offered = commands(self, await self.desk.call(named))
        self.app.push_screen(PaletteScreen(offered))

    def action_back(self) -> None:
        """Goes back to the screen before."""
        if self.leave():
            self.app.pop_screen()

    def ask(self, work: Coroutine[Any, Any, None], group: str = "load") -> None:
        """Runs an exchange with the office; its GsjxError is shown, a newer one replaces it."""
        self.run_worker(self._told(work), group=group, exclusive=True)

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except GsjxError as error:
            self.say(str(error), "bad")

    def check(self, do: Callable[..., Any], **arguments: Any) -> None:
        """Raises NotPermitted if the person may not do an act: before anything is asked for it.

        Somebody the office doesn't know is told so by the act itself.
        """
        if self.desk.person is not None:
            check_allowed(self.desk.person, do, **arguments)

    def may(self, do: Callable[..., Any], **arguments: Any) -> bool:
        """Whether the person may do an act; says it if not."""
        try:
            self.check(do, **arguments)
        except NotPermitted as error:
            self.say(str(error), "bad")
            return False
        return True

    @property
    def wide(self) -> bool:
        """Whether there is room for more beside; styles know it as the class ``-wide``."""
        return self.size.width >= WIDE

    def say(self, text: str, tone: str = "") -> None:
        """Shows a note at the bottom."""
        self.query_one(Note).say(self.told(text), tone)

    def told(self, text: str) -> str:
        """A message of the office as it reads on a screen (``ways.on_screen``)."""
        return on_screen(text, self.desk.office.rubric) if self.desk.is_open else text

    def moved_month(self, month: Month, by: int) -> Month:
        """The month so many later, kept within the campaign."""
        months = self.desk.office.rubric.months
        index = months.index(month) + by
        return months[max(0, min(index, len(months) - 1))]
