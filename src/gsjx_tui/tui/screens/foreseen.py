"""Consequences 后果 before an act: the question with what would follow, and the whole list."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from gsjx_tui.domain import Month
from gsjx_tui.errors import GsjxError
from gsjx_tui.office.consequences import Consequences, confirming_would
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.ask import AskScreen
from gsjx_tui.tui.screens.hearing import POSTED, RECORDED
from gsjx_tui.tui.screens.table import TableScreen
from gsjx_tui.tui.widgets.foreseen import LOOKING, in_lines, rows
from gsjx_tui.tui.widgets.grid import Column, Grid
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Note, Prose, TitleBar

Foresee = Callable[[], Awaitable[Consequences]]
"""Asks the office what would follow."""

_COLUMNS = (
    Column("单位"),
    Column("原名次", 6, right=True),
    Column("现名次", 6, right=True),
    Column("原得分", 9, right=True),
    Column("现得分", 9, right=True),
)


class AskForeseen(AskScreen):
    """A question that doesn't wait for what would follow: that is shown when it comes."""

    def __init__(self, question: str, yes: str, foresee: Foresee) -> None:
        super().__init__(question, yes)
        self._foresee = foresee

    def compose(self) -> ComposeResult:
        """The question, what would follow, what the keys do."""
        with Vertical():
            yield Prose(self._question)
            yield Prose(f"\n{LOOKING}……", id="foreseen")
            yield Static(Text(f"y {self._yes}    n 返回"), id="keys")

    def on_mount(self) -> None:
        """Asks once the question is shown."""
        self.run_worker(self._show(), group="foreseen", exclusive=True)

    async def _show(self) -> None:
        try:
            told = "\n".join(in_lines(await self._foresee()))
        except GsjxError as error:
            told = str(error)
        if self.is_attached:
            self.query_one("#foreseen", Prose).show(f"\n{told}")


class ForeseenScreen(TableScreen):
    """Every rank that confirming a month would move, and who comes to a last place."""

    NAME = "核定的后果"
    CSS_PATH = "one_table.tcss"
    DEFAULT_CLASSES = "one-table"
    HELP: ClassVar[str] = (
        "核定之后谁的名次会变、谁成为或不再是末位。尚未结算的阶段只是此刻的末位；"
        "阶段各月全部核定之后，末位即重点整改单位。按 Enter 看该单位的得分卡。"
        "这里只看不写，回到上一界面再核定。"
    )
    HEARS = RECORDED | POSTED
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "press('enter')", "得分卡", key_display="Enter"),
    ]

    def __init__(self, month: Month, codes: list[str]) -> None:
        super().__init__()
        self._month, self._codes = month, codes

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        key = self.grid.key
        return Here(self._month, "", "" if key.startswith("*") else key)

    def compose(self) -> ComposeResult:
        """The list."""
        yield TitleBar(self.NAME)
        yield Grid(_COLUMNS, id="moved", empty="名次不变，没有单位成为或离开末位")
        yield Note()
        yield Keys()

    async def fetch(self) -> None:
        """Asks what would follow."""
        found = await self.desk.call(confirming_would, self._month, self._codes)
        names = {c.id: c.name for c in self.desk.office.rubric.campaign.categories}
        self.query_one(TitleBar).show(
            f"核定的后果  {self._month.chinese} {len(self._codes)} 个单位",
            f"累计到 {found.through}",
        )
        self.grid.show(rows(found, names))
        self.show_lit()

    def open_row(self) -> None:
        """The unit with the cursor."""
        from gsjx_tui.tui.screens.card import CardScreen

        unit = self.here().unit
        if unit:
            self.app.push_screen(CardScreen(unit, self._month))
