"""The screens by name: what home's keys, the command palette and the help all read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from gsjx_tui.domain import Month
from gsjx_tui.errors import NotPermitted
from gsjx_tui.office.acts import check_allowed

if TYPE_CHECKING:
    from gsjx_tui.office.people import Person
    from gsjx_tui.tui.screens.base import OfficeScreen


@dataclass(frozen=True)
class Here:
    """Where a person is: month, category ('' for all), unit ('' for none)."""

    month: Month
    category: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Place:
    """A screen: its key on home, its name, pinyin initials, what it is for, and its class."""

    id: str
    key: str
    name: str
    initials: str
    about: str
    screen: str
    """``module:Class`` in ``tui/screens``, imported when the screen is opened."""
    takes: Callable[[Here], tuple[object, ...]]
    does: str = ""
    """``module:function`` of the act that people go there for, in ``office``; '' to look."""
    looks: str = ""
    """The act without which there is nothing to see there; '' where everybody sees something."""

    def barred(self, person: Person, act: str) -> str:
        """Why a person can't do ``does`` or ``looks``; '' if they may. Imports the act.

        A reporter goes everywhere to look at the own unit: what others do there bars nobody.
        """
        if not act or (act == self.does and person.role == "reporter"):
            return ""
        module, name = act.split(":")
        do = getattr(import_module(f"gsjx_tui.office.{module}"), name)
        try:
            check_allowed(person, do, unit=person.unit)
        except NotPermitted as error:
            return str(error)
        return ""

    def open(self, here: Here) -> OfficeScreen:
        """The screen, made for where the person is."""
        module, name = self.screen.split(":")
        made = getattr(import_module(f"gsjx_tui.tui.screens.{module}"), name)
        screen: OfficeScreen = made(*self.takes(here))
        return screen


def _all(here: Here) -> tuple[object, ...]:
    return here.month, here.category, here.unit


PLACES = (
    Place("entry", "e", "录入", "lr", "按单位录入自评和复核", "entry:EntryScreen", _all,
          does="undo:undo"),
    Place(
        "items", "i", "按要点录入", "aydlr", "一个要点从上到下录入全部单位", "items:ItemsScreen",
        lambda here: (here.month, here.category), does="undo:undo", looks="item_sheet:item_sheet"),
    Place("register", "g", "登记", "dj", "加扣分登记：表扬、投诉、督查、采用、批示",
          "register:RegisterScreen", _all, does="register:register_proved"),
    Place("review", "v", "复核", "fh", "自评与复核对照，退回单位", "review:ReviewScreen", _all,
          does="review:accept_all"),
    Place("progress", "p", "进度", "jd", "各单位各月的进度，催报", "progress:ProgressScreen", _all,
          looks="board:board"),
    Place(
        "confirm", "c", "核定", "hd", "核定一个月", "confirm:ConfirmScreen",
        lambda here: (here.month,), does="confirm:confirm", looks="confirm:preview"),
    Place(
        "ranking", "r", "排名", "pm", "排名、走势、对比", "ranking:RankingScreen",
        lambda here: (here.category,), looks="rank:rank"),
    Place("publish", "f", "发布", "fb", "核查并发布排名，各版与校验码", "publish:PublishScreen",
          lambda here: (here.month,), does="publish:publish", looks="publish:draft"),
    Place("objections", "o", "申诉", "ss", "申诉的期限，提出、受理、决定",
          "objections:ObjectionsScreen", lambda here: (here.month, here.unit),
          does="objecting:file_objection"),
    Place("cases", "t", "台账", "tz", "整改台账：通知、谈话、整改、结案、撤销",
          "cases:CasesScreen", lambda here: (here.month,), looks="cases:cases"),
    Place("draw", "d", "抽查", "cc", "抽签，抽中的复核了没有，覆盖情况", "draw:DrawScreen",
          lambda here: (here.month,), does="draw:draw", looks="draw:draws"),
    Place("reliability", "k", "可信度", "kxd", "自评可信度：自评与复核相差多少",
          "reliability:ReliabilityScreen", lambda here: (here.month,),
          looks="reliability:reliability"),
    Place("query", "s", "查询", "cx", "用 SQL 查账本，常用问题，导出", "query:QueryScreen", _all,
          looks="copies:ledger_state"),
    Place("history", "h", "历史", "ls", "谁在何时做了什么", "history:HistoryScreen",
          lambda here: (None, "", here.unit), looks="history:done"),
)  # fmt: skip
"""Every screen that can be reached from anywhere; the card is reached through its unit."""

BEHIND = (
    Place("charts", "", "图表", "tb", "名次走势、阶段得分、指标失分，存为图片",
          "charts:ChartsScreen", _all),
)  # fmt: skip
"""Screens without a key on home: the palette opens them, and a key of the screen before them."""

BY_ID = {place.id: place for place in (*PLACES, *BEHIND)}
