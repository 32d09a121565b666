"""History 审计: everything that was done, newest first, and the filters to find it by."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from gsjx_tui.domain import Month
from gsjx_tui.office.history import Acts, Done, Filter, Found, done
from gsjx_tui.office.home import Office
from gsjx_tui.tui.screens.keyed import FILTER
from gsjx_tui.tui.screens.table import TableScreen
from gsjx_tui.tui.widgets.grid import Grid, LazyRows, Row
from gsjx_tui.tui.widgets.history_rows import NARROW, WIDE, act_row, told_of
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import FilterLine, Note, TitleBar

_PAUSE = 0.12
"""Seconds after the last letter of a search until it is asked."""


class HistoryScreen(TableScreen):
    """Who did what, when."""

    HELP: ClassVar[str] = (
        "审计表：账本里做过的每一件事，新的在上；谁、何时、对哪个单位做了什么，一条不缺。"
        "/ 后写几个词（空格隔开），都要符合：人员、单位、要点、月份（2013-06）、事项（核定）。"
        "p d i m 只看光标所在行的人员、单位、要点、月份，0 或退格恢复全部。"
        "下方是光标所在行的全部内容和它在哈希链上的序号；Enter 打开该单位的得分卡。"
    )
    NAME = "历史"
    CSS_PATH = "history.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "press('enter')", "得分卡", key_display="Enter"),
        Binding("slash", "press('slash')", "查找", key_display="/"),
        Binding("p", "press('p')", "只看此人"),
        Binding("d", "press('d')", "此单位"),
        Binding("i", "press('i')", "此要点"),
        Binding("m", "press('m')", "此月"),
        Binding("0", "press('0')", "全部"),
        Binding("backspace", "press('backspace')", "恢复全部", show=False),
    ]

    def __init__(self, month: Month | None = None, category: str = "", unit: str = "") -> None:
        super().__init__()
        self._filter = Filter(unit=unit, category="" if unit else category, month=month)
        self._acts = Acts([])
        self._more = False

    def compose(self) -> ComposeResult:
        """Filters, the table, the row with the cursor in full."""
        yield TitleBar("审计")
        yield Static(id="only")
        yield FilterLine("/ 人员、单位、要点、月份、事项，用空格隔开", id="filter")
        yield Grid(NARROW, id="acts", empty="没有这样的记录")
        yield Static(id="detail")
        yield Note()
        yield Keys()

    @property
    def _chosen(self) -> Done | None:
        """What the cursor is on."""
        at = self.grid.cursor
        return self._acts[at] if at < len(self._acts) else None

    # keys --------------------------------------------------------------------------------------

    @property
    def waits(self) -> bool:
        """The row that a key means must be the one that is shown; words are typed meanwhile."""
        return self.pane != FILTER

    async def press(self, key: str, letter: str) -> bool:
        """Moves, or shows only what is like the row with the cursor."""
        if key == "slash":
            self.light(FILTER)
        elif key in ("p", "d", "i", "m"):
            self._only(key)
        elif key in ("0", "backspace"):
            self._all()
        elif key == "escape":
            await self.go_back()
        else:
            return await super().press(key, letter)
        return True

    async def sought(self) -> None:
        """Asks for the words of the filter, once no more letters come."""
        self._look(replace(self._filter, words=tuple(self.filter.text.split())), _PAUSE)

    def _only(self, key: str) -> None:
        """Only what has the person, unit, item or month of the row with the cursor."""
        act = self._chosen
        if act is None:
            return
        if key == "p":
            self._look(replace(self._filter, person=act.who))
        elif key == "d" and act.unit:
            self._look(replace(self._filter, unit=act.unit, category=""))
        elif key == "i" and act.item:
            self._look(replace(self._filter, item=act.item))
        elif key == "m" and act.month:
            self._look(replace(self._filter, month=Month.parse(act.month)))
        else:
            self.say("这一行没有这一项。", "bad")

    def _all(self) -> None:
        self.filter.clear()
        self._look(Filter())

    def open_row(self) -> None:
        """The card of the unit, through the month of the act."""
        from gsjx_tui.tui.screens.card import CardScreen

        act = self._chosen
        if act is None or not act.unit:
            self.say("这一行没有单位。", "bad")
        elif act.unit not in self.desk.office.unit_by_code:
            self.say(f"名册上没有单位 {act.unit}。", "bad")
        else:
            self.app.push_screen(CardScreen(act.unit, Month.parse(act.month)))

    def on_grid_highlighted(self) -> None:
        """The detail follows a click."""
        self._show_detail()

    # the table ---------------------------------------------------------------------------------

    async def fetch(self) -> None:
        """Shows what the filters find."""
        found = await self.desk.call(_done, self._filter)
        self._acts, self._more = found.acts, found.more
        self._show()

    def _look(self, wanted: Filter, pause: float = 0) -> None:
        self._filter = wanted
        self.begin(self._fetch_after(pause))

    async def _fetch_after(self, pause: float) -> None:
        await asyncio.sleep(pause)
        await self.fetch()

    def _show(self) -> None:
        self.grid.show(
            LazyRows(self._acts.keys(), partial(self._row, self._acts)),
            columns=WIDE if self.wide else NARROW,
        )
        self.show_lit()
        self.query_one("#only", Static).update(Text(self._told_filter()), layout=False)
        count = f"{len(self._acts)} 条"
        if self._more:
            count = f"只列最近 {count}，更早的请用查找"
        self.query_one(TitleBar).show("审计", count)
        self.say("")
        self._show_detail()

    def _told_filter(self) -> str:
        wanted, rubric = self._filter, self.desk.office.rubric
        parts = []
        if wanted.month is not None:
            parts.append(f"月份 {wanted.month}")
        if wanted.category:
            category = rubric.campaign.category(wanted.category)
            parts.append(f"类别 {category.name if category else wanted.category}")
        if wanted.unit:
            unit = self.desk.office.unit_by_code.get(wanted.unit)
            parts.append(f"单位 {wanted.unit} {unit.name if unit else ''}".rstrip())
        if wanted.item:
            item = rubric.items.get(wanted.item)
            parts.append(f"要点 {item.label if item else wanted.item}")
        if wanted.person:
            parts.append(f"人员 {wanted.person}")
        return f"只看：{'，'.join(parts)}（0 恢复全部）" if parts else "全部记录，新的在上"

    def on_resize(self) -> None:
        """More columns where there is room."""
        if self._loaded.is_set():
            self._show()

    def _row(self, acts: Acts, index: int) -> Row:
        return act_row(acts[index], self.desk.office.rubric, wide=self.wide)

    def _show_detail(self) -> None:
        act, text = self._chosen, ""
        if act is not None:
            text = told_of(act, self.desk.office.rubric, max(20, self.size.width - 2))
        detail = Text(text, no_wrap=True, overflow="ellipsis")
        self.query_one("#detail", Static).update(detail, layout=False)


def _done(office: Office, wanted: Filter) -> Found:
    return done(office, wanted)
