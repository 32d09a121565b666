"""Which campaign 选活动: asked at the start where there are several, and to change to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static

from gsjx_tui.office.campaigns import Listed
from gsjx_tui.office.check import local
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import TitleBar

_COLUMNS = (
    Column("活动"),
    Column("月份", 18),
    Column("核定到", 8),
    Column("状态", 7),
    Column("最近内容", 17),
)


class CampaignsScreen(Screen[Listed | None]):
    """Gives the campaign that Enter chose; None for Escape where one is open already."""

    CSS_PATH = "campaigns.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "打开", priority=True),
        Binding("escape", "stay", "返回", key_display="Esc"),
        Binding("q", "app.quit", "退出"),
    ]

    def __init__(self, found: Sequence[Listed], now: str = "") -> None:
        """``now``: the schema of the one that is open; '' at the start."""
        super().__init__()
        self._found = {one.schema: one for one in found}
        self._now = now

    def compose(self) -> ComposeResult:
        """The campaigns in the order of the ledger."""
        yield TitleBar("选活动")
        yield Static("账本里有几个活动，选一个打开：", id="asked")
        yield Grid(_COLUMNS, id="campaigns")
        yield Keys()

    def on_mount(self) -> None:
        """Shows them; the cursor is on the one that is open, else on the first not closed."""
        grid = self.query_one(Grid)
        grid.light(True)
        still = [one.schema for one in self._found.values() if one.closed is None]
        first = self._now or next(iter([*still, *self._found]))
        grid.show([_row(one) for one in self._found.values()], key=first)

    def on_key(self, event: events.Key) -> None:
        """Arrows move."""
        if self.query_one(Grid).press(event.key):
            event.stop()
            event.prevent_default()

    def on_grid_selected(self) -> None:
        """A second click chooses."""
        self.action_choose()

    def action_choose(self) -> None:
        """Opens the one with the cursor."""
        self.dismiss(self._found[self.query_one(Grid).key])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to go back to at the start."""
        return bool(self._now) if action == "stay" else True

    def action_stay(self) -> None:
        """Stays at the one that is open."""
        self.dismiss(None)


def _row(one: Listed) -> Row:
    state = "已结束" if one.closed else "进行中"
    newest = local(one.newest) if one.newest else ""
    cells = (one.name, f"{one.first} 至 {one.last}", one.confirmed, state, newest)
    return Row(one.schema, cells, "muted" if one.closed else "")
