"""Register 加扣分登记: the events of a month with their evidence; a adds one, x withdraws one."""

from __future__ import annotations

import asyncio
from typing import ClassVar, Literal

from rich.text import Text
from textual import events as keys
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.widgets import Static

from gsjx_tui.domain import Month
from gsjx_tui.errors import GsjxError
from gsjx_tui.office.check import local
from gsjx_tui.office.events import Event, EventKind, event_kinds, events
from gsjx_tui.office.progress import UnitProgress, progress
from gsjx_tui.office.register import Registered, withdraw
from gsjx_tui.tui.screens.base import OfficeScreen
from gsjx_tui.tui.screens.event_form import EventForm
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.line_edit import LineEdit
from gsjx_tui.tui.widgets.lines import FilterLine, Note, Steps, TitleBar
from gsjx_tui.tui.widgets.text import points

Pane = Literal["list", "filter", "reason"]


class RegisterScreen(OfficeScreen):
    """What was registered in a month. All keys come to the screen; no widget has the focus."""

    CSS_PATH = "register.tcss"
    AUTO_FOCUS = ""
    HELP: ClassVar[str] = (
        "本月登记的加分、扣分事项，每件都有佐证。按 a 新增一件，按 x 撤回一件并写理由，"
        "撤回的仍留在表中，标“撤”。登记的件数就是该格的复核，录入界面不能另填。"
        "回车只看同一计次的各件，再按回车或 Esc 恢复。"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "press('a')", "新增"),
        Binding("x", "press('x')", "撤回"),
        Binding("enter", "press('enter')", "同一计次", key_display="Enter"),
        Binding("slash", "press('slash')", "查找", key_display="/"),
        Binding("left_square_bracket", "press('left_square_bracket')", "换月", key_display="[ ]"),
        Binding("right_square_bracket", "press('right_square_bracket')", "下一月", show=False),
    ]

    def __init__(self, month: Month, category: str = "", unit: str = "") -> None:
        super().__init__()
        self._month, self._category, self._unit = month, category, unit
        self._pane: Pane = "list"
        self._events: dict[str, Event] = {}
        self._kinds: dict[str, EventKind] = {}
        self._units: dict[str, UnitProgress] = {}
        self._cell: tuple[str, str, str] | None = None
        self._reasons: dict[str, str] = {}
        self._target = ""
        self._news = ""
        self._loaded = asyncio.Event()

    def compose(self) -> ComposeResult:
        """The list, the event with the cursor beside or below, a line for a reason."""
        yield TitleBar("加扣分登记")
        yield FilterLine("/ 单位名称、代码、拼音首字母，或文号等文字", id="filter")
        with Container(id="panes"):
            grid = Grid([Column("号")], id="events")
            grid.can_focus = False
            yield grid
            yield Steps(8, 3, id="detail")
        with Horizontal(id="asked"):
            yield Static(id="question")
            yield LineEdit(hint="写明理由，回车撤回，Esc 返回", id="reason")
        yield Note()
        yield Keys()

    @property
    def _grid(self) -> Grid:
        return self.query_one(Grid)

    @property
    def _filter(self) -> FilterLine:
        return self.query_one(FilterLine)

    @property
    def _reason(self) -> LineEdit:
        return self.query_one(LineEdit)

    # keys --------------------------------------------------------------------------------------

    async def on_key(self, event: keys.Key) -> None:
        """Takes the keys in turn; those of a burst that came after the form opened go there."""
        if self.app.screen is not self:
            event.stop()
            event.prevent_default()
            self.app.screen.post_message(keys.Key(event.key, event.character))
            return
        await self._loaded.wait()
        if await self._do(event.key, event.character or ""):
            event.stop()
            event.prevent_default()

    async def on_paste(self, event: keys.Paste) -> None:
        """What is pasted goes where keys go."""
        event.stop()
        if self._pane == "reason":
            self._reason.paste(event.text)
            self._reasons[self._target] = self._reason.text
        elif self._pane == "filter":
            for letter in event.text.strip():
                self._press_filter("", letter)

    async def action_press(self, key: str) -> None:
        """A key of the footer that was clicked."""
        await self._do(key, "")

    async def _do(self, key: str, letter: str) -> bool:
        try:
            return await self._press(key, letter)
        except GsjxError as error:
            self.say(str(error), "bad")
            return True

    async def _press(self, key: str, letter: str) -> bool:
        if self._pane == "reason":
            return await self._press_reason(key, letter)
        if self._pane == "filter":
            return self._press_filter(key, letter)
        if key == "escape":
            self._go_back()
        elif key == "a":
            unit = self._cell[0] if self._cell else self._unit
            self.app.push_screen(EventForm(self._month, unit, self._registered))
        elif key == "x":
            self._ask_reason()
        elif key == "slash":
            self._light("filter")
        elif key == "enter":
            self._narrow()
        elif key in ("left_square_bracket", "right_square_bracket"):
            self._month = self.moved_month(self._month, 1 if key.startswith("right") else -1)
            self._cell, self._news = None, ""
            await self._load()
        else:
            return self._grid.press(key)
        return True

    def _press_filter(self, key: str, letter: str) -> bool:
        if key == "escape":
            self._filter.clear()
            self._light("list")
        elif key in ("enter", "down", "tab"):
            self._light("list")
        elif not self._filter.press(key, letter):
            return False
        self._show()
        return True

    async def _press_reason(self, key: str, letter: str) -> bool:
        if key == "escape":
            self._light("list")
        elif key == "enter":
            done = await self.desk.call(withdraw, int(self._target), self._reason.text)
            self._reasons.pop(self._target, None)
            self._light("list")
            self._news = f"已撤回第 {done.seq} 号，{done.unit.name} 复核为 {done.count}。"
            await self._load()
        elif self._reason.press(key, letter):
            self._reasons[self._target] = self._reason.text
        else:
            return False
        return True

    def _light(self, pane: Pane) -> None:
        self._pane = pane
        self._filter.light(pane == "filter")
        self._grid.light(pane == "list")
        self._reason.light(pane == "reason")
        self.query_one("#asked").display = pane == "reason"

    def _go_back(self) -> None:
        if self._cell is not None:
            self._narrow()
        elif self._filter.text:
            self._filter.clear()
            self._show()
        else:
            self.action_back()

    def _narrow(self) -> None:
        """Shows only the events behind the tally of the one with the cursor; then all again."""
        event = self._events.get(self._grid.key)
        if self._cell is not None:
            self._cell = None
        elif event is not None:
            self._cell = (event.unit, event.item, event.field)
        self._show()

    def _ask_reason(self) -> None:
        event = self._events.get(self._grid.key)
        if event is None:
            return
        if event.withdrawn is not None:
            self.say(f"第 {event.seq} 号已经撤回。", "bad")
            return
        self._target = self._grid.key
        count = self._standing(event)
        question = f"撤回第 {event.seq} 号（复核 {count} 减为 {count - 1}）："
        self.query_one("#question", Static).update(Text(question))
        self._reason.show(self._reasons.get(self._target, ""))
        self.say("")
        self._light("reason")

    def _registered(self, done: Registered) -> None:
        self._news = (
            f"已登记第 {done.seq} 号：{done.unit.name} {done.item.label}，"
            f"{done.month} 复核为 {done.count}。"
        )
        self._month, self._cell = done.month, None

    # showing -----------------------------------------------------------------------------------

    def load(self) -> None:
        """Asks for the events of the month anew."""
        self._loaded.clear()
        self.ask(self._load())

    async def _load(self) -> None:
        try:
            found = await self.desk.call(events, self._month)
            month = await self.desk.call(progress, self._month)
            self._units = {unit.code: unit for unit in month.units}
            stage = month.stage
            self._kinds = {kind.key: kind for kind in event_kinds(stage)}
            self._events = {str(event.seq): event for event in found}
            self._show()
            self._light(self._pane)
            self.say(self._news, "good" if self._news else "")
        finally:
            self._loaded.set()

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
            Column("事项", 14),
            Column("分", 6, right=True),
            Column("佐证"),
            Column("登记人", 8),
        ]
        empty = "没有这样的登记" if self._events else "本月还没有登记，按 a 新增"
        self._grid.show([self._row(event) for event in shown], columns=columns, empty=empty)
        self._show_detail()

    def _is_shown(self, event: Event) -> bool:
        if self._cell is not None:
            return (event.unit, event.item, event.field) == self._cell
        wanted = self._filter.text.strip().lower()
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
        event = self._events.get(self._grid.key)
        self.query_one("#detail", Steps).show(self._detail(event) if event else [])

    def _detail(self, event: Event) -> list[tuple[str, str]]:
        file = f"{event.file_name}  SHA-256 {event.file_sha256}" if event.file_name else ""
        told = [
            (
                "事项",
                f"{event.unit} {self._unit_name(event.unit)} "
                f"{self._kind(event.item, event.field)}，同一计次 {self._standing(event)} 件",
            ),
            ("日期", f"{event.happened_on}  计入 {event.month}  {event.origin}"),
            (
                "文号",
                "  ".join(
                    filter(None, [event.document, event.kept_at and f"存放 {event.kept_at}"])
                ),
            ),
            ("文件", file),
            ("备注", event.note),
            ("登记", f"{event.by} {local(event.at)}"),
        ]
        if event.withdrawn is not None:
            gone = event.withdrawn
            told.append(("撤回", f"{gone.by} {local(gone.at)}  {gone.reason}"))
        return [(name, text) for name, text in told if text]
