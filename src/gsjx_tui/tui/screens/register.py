"""Register 加扣分登记: the events of a month with their evidence; a adds one, x withdraws one."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from gsjx_tui.domain import Month
from gsjx_tui.errors import StateError
from gsjx_tui.office.events import Event, EventKind, event_kinds, events
from gsjx_tui.office.progress import UnitProgress, progress
from gsjx_tui.office.register import Registered, register_proved, withdraw
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.event_form import EventForm
from gsjx_tui.tui.screens.hearing import POSTED, RECORDED
from gsjx_tui.tui.screens.keyed import FILTER, MONTHS
from gsjx_tui.tui.screens.table import TableScreen
from gsjx_tui.tui.widgets.event_rows import told_of
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import FilterLine, Note, Steps, TitleBar
from gsjx_tui.tui.widgets.prompt import Prompt
from gsjx_tui.tui.widgets.text import points


class RegisterScreen(TableScreen):
    """What was registered in a month."""

    NAME = "加扣分登记"
    CSS_PATH = "register.tcss"
    HELP: ClassVar[str] = (
        "本月登记的加分、扣分事项，每件都有佐证。按 a 新增一件，按 x 撤回一件并写理由，"
        "撤回的仍留在表中，标“撤”。登记的件数就是该格的复核，录入界面不能另填。"
        "回车只看同一计次的各件，再按回车或 Esc 恢复。"
    )
    HEARS = RECORDED | POSTED
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "press('a')", "新增"),
        Binding("x", "press('x')", "撤回"),
        Binding("enter", "press('enter')", "同一计次", key_display="Enter"),
        Binding("slash", "press('slash')", "查找", key_display="/"),
        *MONTHS,
    ]

    def __init__(self, month: Month, category: str = "", unit: str = "") -> None:
        super().__init__()
        self._month, self._category, self._unit = month, category, unit
        self._events: dict[str, Event] = {}
        self._kinds: dict[str, EventKind] = {}
        self._units: dict[str, UnitProgress] = {}
        self._cell: tuple[str, str, str] | None = None
        self._news = ""

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        return Here(self._month, self._category, self._unit)

    def compose(self) -> ComposeResult:
        """The list, the event with the cursor beside or below, a line for a reason."""
        yield TitleBar("加扣分登记")
        yield FilterLine("/ 单位名称、代码、拼音首字母，或文号等文字", id="filter")
        with Container(id="panes"):
            yield Grid([Column("号")], id="events")
            yield Steps(8, 3, id="detail")
        yield Prompt()
        yield Note()
        yield Keys()

    # keys --------------------------------------------------------------------------------------

    async def press(self, key: str, letter: str) -> bool:
        """Moves, or acts on the event with the cursor."""
        if key == "escape":
            await self.go_back()
        elif key == "a":
            self.check(register_proved)
            unit = self._cell[0] if self._cell else self._unit
            self.app.push_screen(EventForm(self._month, unit, self._registered))
        elif key == "x":
            self._ask_reason()
        elif key == "slash":
            self.light(FILTER)
        else:
            return await super().press(key, letter)
        return True

    async def sought(self) -> None:
        """The events that the filter finds."""
        self._show()

    async def go_back(self) -> None:
        """First all events again, then the screen before."""
        if self._cell is not None:
            self.open_row()
        else:
            await super().go_back()

    def action_month(self, by: int) -> None:
        """Moves the month."""
        self._month = self.moved_month(self._month, by)
        self._cell, self._news = None, ""
        self.load()

    def open_row(self) -> None:
        """Shows only the events behind the tally of the one with the cursor; then all again."""
        event = self._events.get(self.grid.key)
        if self._cell is not None:
            self._cell = None
        elif event is not None:
            self._cell = (event.unit, event.item, event.field)
        self._show()

    def _ask_reason(self) -> None:
        event = self._events.get(self.grid.key)
        if event is None:
            return
        self.check(withdraw)
        if event.withdrawn is not None:
            raise StateError(f"第 {event.seq} 号已经撤回")
        count = self._standing(event)
        self.say("")
        self.ask_for(
            str(event.seq),
            f"撤回第 {event.seq} 号（复核 {count} 减为 {count - 1}）",
            partial(self._withdraw, event.seq),
            hint="写明理由，Enter 撤回，Esc 返回",
        )

    async def _withdraw(self, seq: int, reason: str) -> None:
        done = await self.desk.call(withdraw, seq, reason)
        self._news = f"已撤回第 {done.seq} 号，{done.unit.name} 复核为 {done.count}。"
        await self.fetch()

    def _registered(self, done: Registered) -> None:
        self._news = (
            f"已登记第 {done.seq} 号：{done.unit.name} {done.item.label}，"
            f"{done.month} 复核为 {done.count}。"
        )
        self._month, self._cell = done.month, None

    # showing -----------------------------------------------------------------------------------

    async def fetch(self) -> None:
        """Shows the events of the month."""
        found = await self.desk.call(events, self._month)
        month = await self.desk.call(progress, self._month)
        self._units = {unit.code: unit for unit in month.units}
        self._kinds = {kind.key: kind for kind in event_kinds(month.stage)}
        self._events = {str(event.seq): event for event in found}
        self._show()
        self.show_lit()
        self.say(self._news, "good" if self._news else "")

    def _show(self) -> None:
        if not self.desk.is_open:
            return
        shown = [event for event in self._events.values() if self._is_shown(event)]
        names = {c.id: c.name for c in self.desk.office.rubric.campaign.categories}
        unit = self._units.get(self._unit)
        where = unit.name if unit else names.get(self._category, "全部单位")
        stage = self.desk.office.rubric.stage_of(self._month)
        title = f"加扣分登记  {self._month.chinese} {stage.name if stage else ''}"
        if self._cell is not None:
            code, item, field = self._cell
            name = self._unit_name(code)
            standing = sum(event.withdrawn is None for event in shown)
            title = f"{title}  同一计次"
            where = f"{name} {self._kind(item, field)} {standing} 件"
        self.query_one(TitleBar).show(title, where)
        columns = [
            Column("号", 6, right=True),
            Column("日期", 5),
            Column("单位"),
            Column("事项", 16 if self.wide else 10),
            Column("分", 6, right=True),
            Column("佐证"),
        ]
        if self.wide:  # else the row in full says it, and names of units need the room
            columns.append(Column("登记人", 8))
        empty = "没有这样的登记" if self._events else "本月还没有登记，按 a 新增"
        self.grid.show([self._row(event) for event in shown], columns=columns, empty=empty)
        self._show_detail()

    def on_resize(self) -> None:
        """Kinds get more room where there is some."""
        if self._loaded.is_set():
            self._show()

    def _is_shown(self, event: Event) -> bool:
        if self._cell is not None:
            return (event.unit, event.item, event.field) == self._cell
        wanted = self.filter.text.strip().lower()
        unit = self._units.get(event.unit)
        if not wanted:
            category = unit.category if unit else ""
            return self._unit in ("", event.unit) and self._category in ("", category)
        if unit and unit.matches(wanted):
            return True
        kind = self._kind(event.item, event.field)
        texts = [event.unit, kind, event.origin, event.document, event.file_name, event.kept_at]
        texts += [event.note, event.by, event.happened_on]
        return any(wanted in text.lower() for text in texts)

    def _unit_name(self, unit: str) -> str:
        return self._units[unit].name if unit in self._units else unit

    def _kind(self, item: str, field: str) -> str:
        kind = self._kinds.get(f"{item}:{field}")
        return kind.label if kind else item

    def _weight(self, event: Event) -> str:
        kind = self._kinds.get(f"{event.item}:{event.field}")
        return points(kind.weight, signed=True) if kind and event.withdrawn is None else ""

    def _row(self, event: Event) -> Row:
        withdrawn = event.withdrawn is not None
        cells = (
            f"撤 {event.seq}" if withdrawn else str(event.seq),
            event.happened_on[5:],
            self._unit_name(event.unit),
            self._kind(event.item, event.field),
            self._weight(event),
            event.document or event.file_name or event.kept_at,
            event.by,
        )
        return Row(str(event.seq), cells, "muted" if withdrawn else "")

    def on_grid_highlighted(self) -> None:
        """The detail follows the cursor."""
        self._show_detail()

    def _standing(self, event: Event) -> int:
        cell = (event.unit, event.item, event.field)
        return sum(
            other.withdrawn is None and (other.unit, other.item, other.field) == cell
            for other in self._events.values()
        )

    def _show_detail(self) -> None:
        event = self._events.get(self.grid.key)
        told: list[tuple[str, str]] = []
        if event is not None:
            unit = f"{event.unit} {self._unit_name(event.unit)}"
            kind = self._kind(event.item, event.field)
            told = told_of(event, f"{unit} {kind}，同一计次 {self._standing(event)} 件")
        self.query_one("#detail", Steps).show(told)
