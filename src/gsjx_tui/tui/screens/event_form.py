"""The form of one event 登记: what happened to whom, when, and the evidence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault, GsjxError
from gsjx_tui.office.check import KIND_NAMES, short
from gsjx_tui.office.draft import keep_form, kept_form
from gsjx_tui.office.event_draft import EventDraft, EventError
from gsjx_tui.office.events import EventKind, event_kinds
from gsjx_tui.office.progress import UnitProgress, progress
from gsjx_tui.office.register import CountDiffers, Judged, Registered, judge, register
from gsjx_tui.tui.screens.base import OfficeScreen
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.line_edit import LineEdit
from gsjx_tui.tui.widgets.lines import Note, TitleBar
from gsjx_tui.tui.widgets.text import fit, points


class _Place(NamedTuple):
    """A field of the form: its label, what goes into it."""

    name: str
    label: str
    hint: str


_PLACES = (
    _Place("unit", "单位", "名称、代码或拼音首字母，上下键选"),
    _Place("item", "事项", "上下键选，或打几个字找"),
    _Place("happened_on", "日期", "2013-06-05、6.5 或 6月5日"),
    _Place("month", "计入月份", "空着即事情发生的月份"),
    _Place("origin", "来源", "通报、来信、督查等"),
    _Place("document", "文号", "佐证：文号、文件、存放处至少写一样"),
    _Place("file_name", "文件", "文件的路径，只记文件名和校验值"),
    _Place("kept_at", "存放处", "纸质材料放在哪里"),
    _Place("note", "备注", "可以不写"),
)
_CHOSEN = ("unit", "item")


class EventForm(OfficeScreen):
    """One event to register. Keys come to the screen, no widget has the focus."""

    CSS_PATH = "event_form.tcss"
    AUTO_FOCUS = ""
    HELP: ClassVar[str] = (
        "登记一件加分或扣分的事。选单位和事项，写日期和佐证，最后一项回车或按 F2 登记。"
        "登记后本格的复核就是登记的件数，每件事只计一次。按 Esc 返回，写下的内容留到下次。"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "press('enter')", "下一项", key_display="Enter"),
        Binding("tab", "press('tab')", "换项", key_display="Tab"),
        Binding("f2", "press('f2')", "登记", key_display="F2"),
        Binding("f4", "press('f4')", "清空", key_display="F4"),
    ]

    def __init__(
        self,
        month: Month,
        unit: str = "",
        registered: Callable[[Registered], None] = lambda done: None,
    ) -> None:
        super().__init__()
        self._month, self._unit, self._registered = month, unit, registered
        self._at = 0
        self._moved = False
        self._keys = dict.fromkeys(_CHOSEN, "")
        self._judged = Judged({})
        self._left: set[str] = set()
        self._asking: CountDiffers | None = None
        self._kinds: tuple[EventKind, ...] = ()
        self._units: dict[str, UnitProgress] = {}
        self._loaded = asyncio.Event()
        self._filled = False

    def compose(self) -> ComposeResult:
        """A line for each field, the effect, what may be chosen."""
        yield TitleBar("新增登记")
        with Vertical(id="fields"):
            for place in _PLACES:
                with Horizontal(classes="field"):
                    yield Static(place.label, classes="label", id=f"label-{place.name}")
                    yield LineEdit(hint=place.hint, id=f"edit-{place.name}")
                    yield Static(classes="fault", id=f"fault-{place.name}")
        yield Static(id="effect")
        yield Grid([Column("")], id="choices", empty="没有这样的")
        yield Note()
        yield Keys()

    # state -------------------------------------------------------------------------------------

    @property
    def _place(self) -> _Place:
        return _PLACES[self._at]

    @property
    def _choices(self) -> Grid:
        return self.query_one(Grid)

    def _edit(self, name: str = "") -> LineEdit:
        return self.query_one(f"#edit-{name or self._place.name}", LineEdit)

    @property
    def _form(self) -> dict[str, str]:
        """All that is typed, and what was chosen."""
        texts = {place.name: self._edit(place.name).text for place in _PLACES}
        return texts | {f"{name}-key": key for name, key in self._keys.items()}

    @property
    def _draft(self) -> EventDraft:
        texts = {place.name: self._edit(place.name).text for place in _PLACES}
        item, _, field = self._keys["item"].partition(":")
        return EventDraft(**{**texts, "unit": self._keys["unit"], "item": item, "field": field})

    def load(self) -> None:
        """Fills in what was typed before and not registered."""
        if not self._filled:
            self.ask(self._load())

    async def _load(self) -> None:
        try:
            stage = self.desk.office.rubric.stage_of(self._month)
            assert stage is not None
            self.query_one(TitleBar).show(f"新增登记  {self._month.chinese} {stage.name}", "")
            self._kinds = event_kinds(stage)
            found = await self.desk.call(progress, self._month)
            self._units = {unit.code: unit for unit in found.units}
            kept = await self.desk.call(kept_form)
            self._fill(kept)
            self._filled = True
            if kept:
                self.say("接着上次没有登记的；按 F4 清空。")
        finally:
            self._loaded.set()

    def _fill(self, form: Mapping[str, str]) -> None:
        for place in _PLACES:
            self._edit(place.name).show(form.get(place.name, ""))
        self._keys = {name: form.get(f"{name}-key", "") for name in _CHOSEN}
        if self._keys["item"] not in {kind.key for kind in self._kinds}:
            self._keys["item"] = ""
            self._edit("item").show("")
        unit = self._units.get(self._unit)
        if not form and unit is not None:
            self._keys["unit"] = unit.code
            self._edit("unit").show(f"{unit.code} {unit.name}")
        self._judged, self._left = Judged({}), set()
        self._go(1 if self._keys["unit"] and not form else 0)

    # keys --------------------------------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """Takes the keys in turn."""
        await self._loaded.wait()
        if await self._do(event.key, event.character or ""):
            event.stop()
            event.prevent_default()

    async def on_paste(self, event: events.Paste) -> None:
        """What is pasted goes where keys go."""
        event.stop()
        await self._loaded.wait()
        if self._asking is None:
            self._edit().paste(event.text)
            self._typed()

    async def on_click(self, event: events.Click) -> None:
        """A click goes to the field under it."""
        id = (event.widget.id or "") if event.widget is not None else ""
        names = [place.name for place in _PLACES]
        name = id.partition("-")[2]
        if id.startswith(("edit-", "label-", "fault-")) and name in names:
            await self._leave_field()
            self._go(names.index(name))

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
        if self._asking is not None:
            return await self._answer(key)
        last = self._at == len(_PLACES) - 1
        if key == "escape":
            self.action_back()
        elif key == "f2" or (key == "enter" and last):
            await self._leave_field()
            await self._register(replacing=False)
        elif key == "f4":
            self._fill({})
            self.say("")
        elif key in ("enter", "tab"):
            await self._move(1, picking=key == "enter")
        elif key == "shift+tab":
            await self._move(-1)
        elif self._place.name in _CHOSEN and self._choices.press(key):
            self._keys[self._place.name] = ""
            self._moved = True
        elif key in ("up", "down"):
            await self._move(1 if key == "down" else -1)
        elif self._edit().press(key, letter):
            self._typed()
        else:
            return False
        return True

    async def _answer(self, key: str) -> bool:
        """y replaces the number typed by hand, n leaves all as it is."""
        if key not in ("y", "Y", "n", "N", "escape"):
            return True
        self._asking = None
        self._show_note()
        if key in ("y", "Y"):
            await self._register(replacing=True)
        return True

    def _typed(self) -> None:
        self._moved = False
        if self._place.name in _CHOSEN:
            self._keys[self._place.name] = ""
            self._show_choices()
        self._left.discard(self._place.name)
        self._show_faults()

    async def _move(self, by: int, *, picking: bool = False) -> None:
        await self._leave_field(picking=picking)
        self._go(max(0, min(self._at + by, len(_PLACES) - 1)))

    def _go(self, at: int) -> None:
        self._at, self._moved = at, False
        for place in _PLACES:
            here = place is self._place
            self._edit(place.name).light(here)
            self.query_one(f"#label-{place.name}").set_class(here, "here")
        self._show_choices()
        self._show_faults()

    async def _leave_field(self, *, picking: bool = False) -> None:
        """Takes what is chosen and judges the form so far."""
        name = self._place.name
        chosen = self._moved or self._edit().text or (picking and name == "item")
        if name in _CHOSEN and not self._keys[name] and chosen:
            key = self._choices.key
            self._keys[name] = key
            if key:
                self._edit().show(self._name_of(name, key))
        self._left.add(name)
        await self._judge()

    async def _judge(self) -> None:
        self._judged = await self.desk.call(judge, self._draft)
        self._show_effect()
        self._show_faults()
        if self._place.name not in _CHOSEN:
            self._show_choices()

    # registering -------------------------------------------------------------------------------

    async def _register(self, *, replacing: bool) -> None:
        self._left = {place.name for place in _PLACES}
        try:
            done = await self.desk.call(register, self._draft, replacing)
        except EventError as error:
            self._judged = replace(self._judged, faults=error.fields)
            first = [at for at, place in enumerate(_PLACES) if place.name in error.fields]
            self._go(first[0] if first else self._at)
        except CountDiffers as asked:
            self._asking = asked
            self._show_note()
        except GsjxError as error:
            self.say(str(error), "bad")
        else:
            self.desk.hand_in(keep_form, {})
            self._registered(done)
            self.app.pop_screen()

    # showing -----------------------------------------------------------------------------------

    def _units_found(self) -> list[UnitProgress]:
        wanted = self._keys["unit"] or self._edit("unit").text
        return [unit for unit in self._units.values() if unit.matches(wanted)]

    def _name_of(self, name: str, key: str) -> str:
        if name == "unit":
            return f"{key} {self._units[key].name}"
        return next(kind.label for kind in self._kinds if kind.key == key)

    def _show_choices(self) -> None:
        grid, name = self._choices, self._place.name
        if name == "unit":
            rows = [Row(unit.code, (unit.code, unit.name)) for unit in self._units_found()]
            columns = [Column("代码", 8), Column("单位")]
            grid.show(rows, columns=columns, key=self._keys["unit"], empty="没有这样的单位")
        elif name == "item":
            wanted = "" if self._keys["item"] else self._edit("item").text.strip()
            rows = [self._kind_row(kind) for kind in self._kinds if wanted in _words(kind)]
            columns = [Column("事项", 20), Column("每件", 8, right=True), Column("  考核要点")]
            grid.show(rows, columns=columns, key=self._keys["item"], empty="没有这样的事项")
        else:
            rows = [
                Row(str(e.seq), (str(e.seq), e.happened_on, e.document or e.file_name or e.kept_at))
                for e in self._judged.behind
            ]
            columns = [Column("号", 4, right=True), Column("日期", 10), Column("同一计次已登记的")]
            grid.show(rows, columns=columns, empty="")
        grid.light(name in _CHOSEN)
        grid.display = name in _CHOSEN or bool(self._judged.behind)

    def _kind_row(self, kind: EventKind) -> Row:
        weight = points(kind.weight, signed=True)
        return Row(kind.key, (kind.label, weight, f"  {kind.item.label}（{kind.item.clause}）"))

    def _show_effect(self) -> None:
        found = self._judged.effect
        if found is None or self._judged.month is None:
            self.query_one("#effect", Static).update("")
            return
        change = points(found.after - found.before, signed=True)
        self.query_one("#effect", Static).update(
            Text(
                f"计入 {self._judged.month}：{found.count - 1} 件 → {found.count} 件，"
                f"得分 {points(found.before)} → {points(found.after)}（{change}）"
            )
        )

    def _show_faults(self) -> None:
        for place in _PLACES:
            fault = self._fault(place.name)
            line = self.query_one(f"#fault-{place.name}", Static)
            text = f"! {fault.what}" if fault is not None else ""
            line.update(Text(fit(text, line.size.width) if line.size.width else text, no_wrap=True))
        self._show_note()

    def _fault(self, name: str) -> Fault | None:
        fault = self._judged.faults.get(name) if name in self._left else None
        if fault is not None and name in _CHOSEN and self._edit(name).text:
            what = f"没有“{self._edit(name).text}”这样的{'单位' if name == 'unit' else '事项'}"
            return Fault("", what, "改几个字，或清空后用上下键选")
        return fault

    def _show_note(self) -> None:
        if self._asking is not None:
            asked = self._asking
            kind = KIND_NAMES[asked.kind]
            self.say(
                f"本格{kind} {short(asked.value)} 不是由登记计数的，登记后复核为 {asked.count}"
                f"（{short(asked.value)} → {asked.count}）。\ny 照登记计数    n 返回",
                "bad",
            )
            return
        fault = self._fault(self._place.name)
        self.say(str(fault) if fault is not None else "", "bad" if fault is not None else "")

    # leaving -----------------------------------------------------------------------------------

    def leave(self) -> bool:
        """Keeps what is typed for the next opening."""
        if self._filled:
            form = self._form
            told = {name for name, text in form.items() if text} - {"unit", "unit-key"}
            if not told and self._keys["unit"] == self._unit:
                form = {}
            self.desk.hand_in(keep_form, form)
        return True

    def hang_up(self, left: asyncio.Event) -> None:
        """Keeps what is typed for the next opening."""
        self.leave()
        left.set()


def _words(kind: EventKind) -> str:
    return f"{kind.label} {kind.item.label} {kind.item.id}"
