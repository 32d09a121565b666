"""Objections 申诉: those that are open with their clocks, filing, taking in hand, deciding."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office.check import local
from gsjx_tui.office.objecting import (
    decide_objection,
    file_objection,
    take_objection,
    withdraw_objection,
)
from gsjx_tui.office.objections import DECISION_NAMES, STATUS_NAMES, Objection, objections
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.base import OfficeScreen
from gsjx_tui.tui.screens.hearing import POSTED
from gsjx_tui.tui.screens.objecting import deciding, filing
from gsjx_tui.tui.screens.table import DetailScreen
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Note, Steps, TitleBar
from gsjx_tui.tui.widgets.prompt import Prompt

OBJECTED = frozenset(
    {
        "objecting.file_objection",
        "objecting.take_objection",
        "objecting.decide_objection",
        "objecting.withdraw_objection",
    }
)


class ObjectionsScreen(DetailScreen):
    """The objections of all units or of one."""

    NAME = "申诉"
    CSS_PATH = "one_table.tcss"
    DEFAULT_CLASSES = "one-table"
    HELP: ClassVar[str] = (
        "单位对已核定月份一个要点的申诉，每件都有答复的期限。按 a 提出，"
        "也可在得分卡的要点上按 o。按 t 受理，按 d 作出决定："
        "成立的同时更正，部分成立的可以更正，不成立的只写理由。"
        "复核过这一要点的人不能受理，也不能决定。按 x 由单位撤回，按 f 换看未办结的或全部，"
        "按 Enter 看这一要点的得分说明。"
    )
    HEARS = OBJECTED | POSTED
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "press('a')", "提出"),
        Binding("t", "press('t')", "受理"),
        Binding("d", "press('d')", "决定"),
        Binding("x", "press('x')", "撤回"),
        Binding("f", "press('f')", "筛选"),
        Binding("enter", "press('enter')", "得分说明", key_display="Enter"),
    ]

    def __init__(self, month: Month, unit: str = "") -> None:
        super().__init__()
        self._month, self._unit = month, unit
        self._only_open = not unit
        self._found: dict[str, Objection] = {}
        self._news = ""

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        found = self._found.get(self.grid.key)
        return Here(found.month, "", found.unit) if found else Here(self._month, "", self._unit)

    def compose(self) -> ComposeResult:
        """The list, the objection with the cursor in full."""
        yield TitleBar(self.NAME)
        with Container(id="panes"):
            yield Grid([Column("")], id="table")
            yield Steps(6, 3, id="detail")
        yield Prompt()
        yield Note()
        yield Keys()

    # keys --------------------------------------------------------------------------------------

    async def press(self, key: str, letter: str) -> bool:
        """Moves, or acts on the objection with the cursor."""
        if key == "a":
            here, person = self.here(), self.desk.person
            self.check(file_objection, unit=here.unit or (person.unit if person else ""))
            self.app.push_screen(await filing(self.desk, here, "", self.tell))
        elif key == "t":
            number = self._chosen().number
            await self.desk.call(take_objection, number)
            self.tell(f"已受理申诉第 {number} 号。")
            await self.fetch()
        elif key == "d":
            self._decide()
        elif key == "x":
            self._ask_reason()
        elif key == "f":
            self._only_open = not self._only_open
            self._news = ""
            self.load()
        else:
            return await super().press(key, letter)
        return True

    def _chosen(self) -> Objection:
        found = self._found.get(self.grid.key)
        if found is None:
            raise StateError(Fault("", "这里没有申诉", "按 a 提出，或按 f 看全部"))
        return found

    def _decide(self) -> None:
        found = self._chosen()
        if not found.is_open:
            raise StateError(f"申诉第 {found.number} 号{STATUS_NAMES[found.status]}")
        self.check(decide_objection)
        self.app.push_screen(deciding(self.desk, found, self.tell))

    def _ask_reason(self) -> None:
        found = self._chosen()
        self.check(withdraw_objection, unit=found.unit)
        self.ask_for(
            f"x {found.number}",
            f"撤回第 {found.number} 号的理由",
            partial(self._withdraw, found),
            hint="Enter 撤回，Esc 返回",
        )

    async def _withdraw(self, found: Objection, reason: str) -> None:
        await self.desk.call(withdraw_objection, found.unit, found.number, reason)
        self.tell(f"已撤回申诉第 {found.number} 号。")
        await self.fetch()

    def tell(self, news: str) -> None:
        """What is said when the list is shown next."""
        self._news = news

    def open_row(self) -> None:
        """How the points of the item come about."""
        from gsjx_tui.tui.screens.explain import ExplainScreen

        found = self._found.get(self.grid.key)
        if found is not None:
            self.app.push_screen(ExplainScreen(found.unit, found.item, found.month))

    # showing -----------------------------------------------------------------------------------

    async def fetch(self) -> None:
        """Shows the objections as they stand today."""
        found = await self.desk.call(objections, self._unit, only_open=self._only_open)
        self._found = {str(one.number): one for one in found}
        names = {unit.code: unit.name for unit in self.desk.office.units}
        whose = f"{self._unit} {names.get(self._unit, '')}" if self._unit else "全部单位"
        which = "未办结" if self._only_open else "全部"
        overdue = sum(one.is_open and one.overdue for one in found)
        late = f"，逾期 {overdue} 件" if overdue else ""
        self.query_one(TitleBar).show(f"申诉  {whose}", f"{which} {len(found)} 件{late}")
        self.show_rows()
        self.show_lit()
        self.say(self._news, "good" if self._news else "")

    def show_rows(self) -> None:
        """The rows, with more room for some columns where it is wide."""
        columns = [
            Column("号", 3, right=True),
            Column("单位"),
            Column("月份", 7),
            Column("要点", 20 if self.wide else 14),
            Column("状态", 8),
            Column("天数", 4, right=True),
            Column("  期限", 12),
        ]
        empty = "没有未办结的申诉，按 f 看全部" if self._only_open else "没有申诉"
        rows = [_row(one) for one in self._found.values()]
        self.grid.show(rows, columns=columns, empty=empty)
        self.show_details()

    def details(self) -> Sequence[tuple[str, str]]:
        """All of the one with the cursor."""
        found = self._found.get(self.grid.key)
        return _told(found) if found else ()


async def open_objections(screen: OfficeScreen, item: str) -> None:
    """The objections of the unit in hand, over another screen; filing one to ``item`` if given."""
    here = screen.here()
    shown = ObjectionsScreen(here.month, here.unit)
    form = await filing(screen.desk, here, item, shown.tell) if item else None
    screen.app.push_screen(shown)
    if form is not None:
        screen.app.push_screen(form)


def _row(one: Objection) -> Row:
    status = STATUS_NAMES[one.status]
    if one.closed is not None and one.closed.decision:
        status = DECISION_NAMES[one.closed.decision]
    late = one.is_open and one.overdue
    cells = (
        str(one.number),
        f"{one.unit} {one.name}",
        str(one.month),
        one.label,
        status,
        str(one.days),
        f"{'! ' if late else '  '}{one.due}",
    )
    return Row(str(one.number), cells, "bad" if late else "" if one.is_open else "muted")


def _told(one: Objection) -> list[tuple[str, str]]:
    told = [("理由", f"{one.grounds}（{one.filed_on} 收到，{one.by} 登记）")]
    if one.taken_at is not None:
        told.append(("受理", f"{one.handler} {local(one.taken_at)}"))
    elif one.is_open:
        told.append(("受理", "还没有人受理，按 t 受理"))
    end = one.closed
    if end is None:
        told.append(("期限", f"{one.due} 前答复，已经 {one.days} 天"))
    elif end.decision:
        changed = "已更正" if end.correction else "得分不变"
        told.append(("决定", f"{DECISION_NAMES[end.decision]}，{changed}：{end.text}"))
        told.append(("", f"{end.by} {local(end.at)}"))
    else:
        told.append(("撤回", f"{end.text}（{end.by} {local(end.at)}）"))
    return told
