"""The form of one event 登记: what happened to whom, when, and the evidence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault
from gsjx_tui.office.check import KIND_NAMES, short
from gsjx_tui.office.draft import keep_form, kept_form
from gsjx_tui.office.event_draft import EventDraft, EventError
from gsjx_tui.office.events import event_kinds
from gsjx_tui.office.progress import progress
from gsjx_tui.office.register import CountDiffers, Judged, Registered, judge, register
from gsjx_tui.tui.screens.keyed import YES, KeyedScreen, Lit
from gsjx_tui.tui.widgets.event_choices import EventChoices
from gsjx_tui.tui.widgets.form_lines import FormLines, Line
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Note, TitleBar
from gsjx_tui.tui.widgets.text import fit, points

_LINES = (
    Line("unit", "单位", "名称、代码或拼音首字母，上下键选"),
    Line("item", "事项", "上下键选，或打几个字找"),
    Line("happened_on", "日期", "2013-06-05、6.5 或 6月5日"),
    Line("month", "计入月份", "空着即事情发生的月份"),
    Line("origin", "来源", "通报、来信、督查等"),
    Line("document", "文号", "佐证：文号、文件、存放处至少写一样"),
    Line("file_name", "文件", "文件的路径，只记文件名和校验值"),
    Line("kept_at", "存放处", "纸质材料放在哪里"),
    Line("note", "备注", "可以不写"),
)
_CHOSEN = ("unit", "item")


class EventForm(KeyedScreen):
    """One event to register."""

    CSS_PATH = "event_form.tcss"
    PANE = "form"
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
        self._moved = False
        self._keys = dict.fromkeys(_CHOSEN, "")
        self._judged = Judged({})
        self._left: set[str] = set()
        self._filled = False

    def compose(self) -> ComposeResult:
        """A line for each field, the effect, what may be chosen."""
        yield TitleBar("新增登记")
        yield FormLines(_LINES, id="fields")
        yield Static(id="effect")
        yield EventChoices(id="choices")
        yield Note()
        yield Keys()

    # state -------------------------------------------------------------------------------------

    @property
    def _lines(self) -> FormLines:
        return self.query_one(FormLines)

    @property
    def _here(self) -> str:
        """The name of the line with the cursor."""
        return self._lines.here.name

    @property
    def _choices(self) -> EventChoices:
        return self.query_one(EventChoices)

    @property
    def _form(self) -> dict[str, str]:
        """All that is typed, and what was chosen."""
        return self._lines.texts | {f"{name}-key": key for name, key in self._keys.items()}

    @property
    def _draft(self) -> EventDraft:
        item, _, field = self._keys["item"].partition(":")
        chosen = {"unit": self._keys["unit"], "item": item, "field": field}
        return EventDraft(**{**self._lines.texts, **chosen})

    def load(self) -> None:
        """Fills in what was typed before and not registered."""
        if not self._filled:
            super().load()

    async def fetch(self) -> None:
        """Asks for units and kinds, and what was typed before."""
        stage = self.desk.office.rubric.stage_of(self._month)
        assert stage is not None
        self.query_one(TitleBar).show(f"新增登记  {self._month.chinese} {stage.name}", "")
        self._choices.kinds = event_kinds(stage)
        found = await self.desk.call(progress, self._month)
        self._choices.units = {unit.code: unit for unit in found.units}
        kept = await self.desk.call(kept_form)
        self._fill(kept)
        self._filled = True
        if kept:
            self.say("接着上次没有登记的；按 F4 清空。")

    def _fill(self, form: Mapping[str, str]) -> None:
        self._lines.fill(form)
        self._keys = {name: form.get(f"{name}-key", "") for name in _CHOSEN}
        if self._keys["item"] not in {kind.key for kind in self._choices.kinds}:
            self._keys["item"] = ""
            self._lines.edit("item").show("")
        unit = self._choices.units.get(self._unit)
        if not form and unit is not None:
            self._keys["unit"] = unit.code
            self._lines.edit("unit").show(f"{unit.code} {unit.name}")
        self._judged, self._left = Judged({}), set()
        self._go(1 if self._keys["unit"] and not form else 0)

    # keys --------------------------------------------------------------------------------------

    def panes(self) -> Mapping[str, Lit]:
        """What keys can go to."""
        return {self.PANE: self._lines}

    async def paste(self, text: str) -> None:
        """What is pasted goes into the line with the cursor."""
        self._lines.edit().paste(text)
        self._typed()

    async def on_click(self, event: events.Click) -> None:
        """A click goes to the line under it."""
        name = self._lines.under(event.widget)
        if name and self.pane == self.PANE:
            await self._leave_line()
            self._lines.go_to(name)
            self._entered()

    async def press(self, key: str, letter: str) -> bool:
        """Keys of the form, else of the line with the cursor."""
        if key == "escape":
            self.action_back()
        elif key == "f2" or (key == "enter" and self._lines.is_last):
            await self._leave_line()
            await self._register()
        elif key == "f4":
            self._fill({})
            self.say("")
        elif key in ("enter", "tab"):
            await self._move(1, picking=key == "enter")
        elif key == "shift+tab":
            await self._move(-1)
        elif self._here in _CHOSEN and self._choices.press(key):
            self._keys[self._here] = ""
            self._moved = True
        elif key in ("up", "down"):
            await self._move(1 if key == "down" else -1)
        elif self._lines.edit().press(key, letter):
            self._typed()
        else:
            return False
        return True

    def close_question(self) -> None:
        """The note is again about the line with the cursor."""
        super().close_question()
        self._show_note()

    def _typed(self) -> None:
        self._moved = False
        if self._here in _CHOSEN:
            self._keys[self._here] = ""
            self._show_choices()
        self._left.discard(self._here)
        self._show_faults()

    async def _move(self, by: int, *, picking: bool = False) -> None:
        await self._leave_line(picking=picking)
        self._go(max(0, min(self._lines.at + by, len(_LINES) - 1)))

    def _go(self, at: int) -> None:
        self._lines.go(at)
        self._entered()

    def _entered(self) -> None:
        """The cursor is in another line."""
        self._moved = False
        self._show_choices()
        self._show_faults()

    async def _leave_line(self, *, picking: bool = False) -> None:
        """Takes what is chosen and judges the form so far."""
        name = self._here
        chosen = self._moved or self._lines.edit().text or (picking and name == "item")
        if name in _CHOSEN and not self._keys[name] and chosen:
            key = self._choices.key
            self._keys[name] = key
            if key:
                self._lines.edit().show(self._choices.name_of(name, key))
        self._left.add(name)
        await self._judge()

    async def _judge(self) -> None:
        self._judged = await self.desk.call(judge, self._draft)
        self._show_effect()
        self._show_faults()
        if self._here not in _CHOSEN:
            self._show_choices()

    # registering -------------------------------------------------------------------------------

    async def _register(self, *, replacing: bool = False) -> None:
        self._left = {line.name for line in _LINES}
        try:
            done = await self.desk.call(register, self._draft, replacing)
        except EventError as error:
            self._judged = replace(self._judged, faults=error.fields)
            first = [at for at, line in enumerate(_LINES) if line.name in error.fields]
            self._go(first[0] if first else self._lines.at)
        except CountDiffers as differs:
            value = short(differs.value)
            self.ask_yes(
                f"本格{KIND_NAMES[differs.kind]} {value} 不是由登记计数的，登记后复核为 "
                f"{differs.count}（{value} → {differs.count}）。\ny 照登记计数    n 返回",
                partial(self._register, replacing=True),
                "bad",
            )
        else:
            self.desk.hand_in(keep_form, {})
            self._registered(done)
            self.app.pop_screen()

    # showing -----------------------------------------------------------------------------------

    def _show_choices(self) -> None:
        name, choices = self._here, self._choices
        if name in _CHOSEN:
            choices.offer(name, self._lines.edit(name).text, self._keys[name])
        else:
            choices.show_behind(self._judged.behind)
        choices.light(name in _CHOSEN)
        choices.display = name in _CHOSEN or bool(self._judged.behind)

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
        for name in (line.name for line in _LINES):
            fault, room = self._fault(name), self._lines.room(name)
            text = f"! {fault.what}" if fault is not None else ""
            self._lines.say(name, Text(fit(text, room) if room else text, no_wrap=True))
        self._show_note()

    def _fault(self, name: str) -> Fault | None:
        fault = self._judged.faults.get(name) if name in self._left else None
        text = self._lines.edit(name).text
        if fault is not None and name in _CHOSEN and text:
            what = f"没有“{text}”这样的{'单位' if name == 'unit' else '事项'}"
            return Fault("", what, "改几个字，或清空后用上下键选")
        return fault

    def _show_note(self) -> None:
        if self.pane == YES:
            return
        fault = self._fault(self._here)
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
