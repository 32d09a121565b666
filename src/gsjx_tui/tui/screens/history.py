"""History 审计: everything that was done, newest first, and the filters to find it by."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from gsjx_tui.domain import Month
from gsjx_tui.office.check import KIND_NAMES, local, short
from gsjx_tui.office.history import WHAT_NAMES, Acts, Done, Filter, Found, done
from gsjx_tui.office.home import Office
from gsjx_tui.tui.screens.base import OfficeScreen
from gsjx_tui.tui.widgets.grid import Column, Grid, LazyRows, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import FilterLine, Note, TitleBar
from gsjx_tui.tui.widgets.text import points, wrap

_NARROW = (
    Column("时间", 11),
    Column("人员", 8),
    Column("事项", 9),
    Column("单位"),
    Column("月份", 7),
    Column("要点"),
    Column("数值", 7, right=True),
)
_WIDE = (
    Column("时间", 16),
    Column("人员", 10),
    Column("事项", 9),
    Column("单位"),
    Column("月份", 7),
    Column("要点"),
    Column("字段", 10),
    Column("数值", 8, right=True),
    Column(" 备注"),
)
_TONES = {"correct": "warn", "posting": "warn", "withdrawal": "warn", "return": "warn"}
_PAUSE = 0.12
"""Seconds after the last letter of a search until it is asked."""


class HistoryScreen(OfficeScreen):
    """Who did what, when.

    As in the entry screen no widget has the focus: the screen takes all keys in turn.
    """

    HELP: ClassVar[str] = (
        "审计表：账本里做过的每一件事，新的在上；谁、何时、对哪个单位做了什么，一条不缺。"
        "/ 后写几个词（空格隔开），都要符合：人员、单位、要点、月份（2013-06）、事项（核定）。"
        "p d i m 只看光标所在行的人员、单位、要点、月份，0 或退格恢复全部。"
        "下方是光标所在行的全部内容和它在哈希链上的序号；Enter 打开该单位的得分卡。"
    )
    NAME = "历史"
    CSS_PATH = "history.tcss"
    AUTO_FOCUS = ""
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
        self._typing = False
        self._acts = Acts([])
        self._more = False
        self._loaded = asyncio.Event()
        self._asked = 0

    def compose(self) -> ComposeResult:
        """Filters, the table, the row with the cursor in full."""
        yield TitleBar("审计")
        yield Static(id="only")
        yield FilterLine("/ 人员、单位、要点、月份、事项，用空格隔开", id="filter")
        grid = Grid(_NARROW, id="acts", empty="没有这样的记录")
        grid.can_focus = False
        yield grid
        yield Static(id="detail")
        yield Note()
        yield Keys()

    @property
    def _grid(self) -> Grid:
        return self.query_one(Grid)

    @property
    def _line(self) -> FilterLine:
        return self.query_one(FilterLine)

    @property
    def _chosen(self) -> Done | None:
        """What the cursor is on."""
        at = self._grid.cursor
        return self._acts[at] if at < len(self._acts) else None

    # keys --------------------------------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """Takes the keys in turn; those that mean nothing here go on to the application."""
        if await self._press(event.key, event.character or ""):
            event.stop()
            event.prevent_default()

    async def action_press(self, key: str) -> None:
        """A key of the footer that was clicked."""
        await self._press(key, "")

    async def on_paste(self, event: events.Paste) -> None:
        """What is pasted goes where letters go."""
        event.stop()
        if self._typing:
            for letter in event.text.strip():
                self._press_line("", letter)

    async def _press(self, key: str, letter: str) -> bool:
        if self._typing:
            return self._press_line(key, letter)
        await self._loaded.wait()  # the row that a key means must be the one that is shown
        if key == "slash":
            self._type(True)
        elif key in ("p", "d", "i", "m"):
            self._only(key)
        elif key in ("0", "backspace"):
            self._all()
        elif key == "enter":
            self._open()
        elif key == "escape":
            self._go_back()
        elif self._grid.press(key):
            self._show_detail()
        else:
            return False
        return True

    def _press_line(self, key: str, letter: str) -> bool:
        if key in ("enter", "down", "tab"):
            self._type(False)
            return True
        if key == "escape":
            self._line.clear()
            self._type(False)
        elif not self._line.press(key, letter):
            return False
        self._look(replace(self._filter, words=tuple(self._line.text.split())), _PAUSE)
        return True

    def _type(self, typing: bool) -> None:
        self._typing = typing
        self._line.light(typing)
        self._grid.light(not typing)

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
        self._line.clear()
        self._look(Filter())

    def _go_back(self) -> None:
        if self._line.text:
            self._line.clear()
            self._look(replace(self._filter, words=()))
        else:
            self.action_back()

    def _open(self) -> None:
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

    def on_grid_selected(self) -> None:
        """A second click opens the card."""
        self._open()

    # the table ---------------------------------------------------------------------------------

    def load(self) -> None:
        """Asks for the acts anew."""
        self._look(self._filter)

    def _look(self, wanted: Filter, pause: float = 0) -> None:
        self._filter = wanted
        self._asked += 1
        self._loaded.clear()
        self.ask(self._load(self._asked, pause))

    async def _load(self, number: int, pause: float) -> None:
        try:
            await asyncio.sleep(pause)
            found = await self.desk.call(_done, self._filter)
            self._acts, self._more = found.acts, found.more
            self._show()
        finally:
            if number == self._asked:  # else a newer question is under way
                self._loaded.set()

    def _show(self) -> None:
        self._grid.show(
            LazyRows(self._acts.keys(), partial(self._row, self._acts)),
            columns=_WIDE if self._wide else _NARROW,
        )
        self._type(self._typing)
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

    @property
    def _wide(self) -> bool:
        return self.size.width >= 110

    def on_resize(self) -> None:
        """More columns where there is room."""
        if self._loaded.is_set():
            self._show()

    def _row(self, acts: Acts, index: int) -> Row:
        act = acts[index]
        when = local(act.at)
        cells: tuple[str, ...] = (
            when if self._wide else when[5:],
            act.who,
            _what(act),
            f"{act.unit} {act.unit_name}",
            act.month,
            act.label or act.item or act.text,
        )
        if self._wide:
            cells += (
                self._field(act),
                _value(act),
                f" {act.note or (act.text if act.item else '')}",
            )
        else:
            cells += (_value(act),)
        return Row(act.key, cells, _TONES.get(act.what, ""))

    def _field(self, act: Done) -> str:
        item = self.desk.office.rubric.items.get(act.item)
        field = item.field(act.field) if item is not None else None
        return field.label if field is not None else act.field

    def _show_detail(self) -> None:
        act = self._chosen
        detail = self.query_one("#detail", Static)
        if act is None:
            detail.update("", layout=False)
            return
        where = " ".join(filter(None, [act.unit, act.unit_name, act.month]))
        item = " ".join(filter(None, [act.label, f"（{act.item}）" if act.item else ""]))
        value = " ".join(filter(None, [self._field(act), _value(act)]))
        told = [
            "  ".join(filter(None, [_what(act), where, item, value])),
            "  ".join(filter(None, [act.text, act.note and f"备注：{act.note}"])) or "没有备注",
            f"{act.who} 于 {local(act.at)}  {_chain(act)} 第 {act.seq} 号",
            _proof(act),
        ]
        width = max(20, self.size.width - 2)
        rows = [*wrap(told[0], width, 2), *wrap(told[1], width, 2), told[2], told[3]]
        detail.update(Text("\n".join(rows), no_wrap=True, overflow="ellipsis"), layout=False)


def _done(office: Office, wanted: Filter) -> Found:
    return done(office, wanted)


def _what(act: Done) -> str:
    name = WHAT_NAMES[act.what]
    return f"{name} {KIND_NAMES[act.kind]}" if act.kind else name


def _value(act: Done) -> str:
    if act.value is None:
        return ""
    if act.what in ("confirm", "posting"):
        return points(act.value, signed=True)
    return short(act.value)


def _chain(act: Done) -> str:
    names = {
        "confirm": "核定链",
        "posting": "记账链",
        "event": "事件链",
        "withdrawal": "撤销链",
        "return": "退回链",
        "adopt": "版本",
    }
    return names.get(act.what, "记录链")


def _proof(act: Done) -> str:
    """The link of the chain, to compare with another copy of the ledger."""
    return f"UTC {act.at:%H:%M:%S}  {act.hash}"
