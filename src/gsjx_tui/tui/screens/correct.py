"""Correct 更正: new values for an item of a confirmed month, a reason, and what it would post."""

from __future__ import annotations

import asyncio
from typing import ClassVar, Literal

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from gsjx_tui.domain import ZERO, Month
from gsjx_tui.errors import GsjxError
from gsjx_tui.office.check import bounds, short
from gsjx_tui.office.correct import Correctable, Correction, correct, correctable
from gsjx_tui.office.draft import Draft, keep_draft
from gsjx_tui.tui.screens.base import OfficeScreen
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.line_edit import LineEdit
from gsjx_tui.tui.widgets.lines import Note, TitleBar
from gsjx_tui.tui.widgets.text import fit

State = Literal["nothing", "typing", "asking", "done"]
"""No month can be corrected; typing; the postings are shown and y or n awaited; corrected."""

_LABEL = 16
_MONTH, _REASON = "month", "reason"
"""The lines of the form that aren't fields; no field is called so (a field has a prefix)."""


class CorrectScreen(OfficeScreen):
    """The form of a correction. No widget has the focus: the screen does key after key.

    What is typed stays for the next opening of the same item until it is handed in.
    """

    CSS_PATH = "correct.tcss"
    AUTO_FOCUS = ""
    HELP: ClassVar[str] = (
        "更正已核定月份的一项记录：选月份，填新的数值（不改的留空），写明理由。"
        "在理由上按 Enter，先列出将要补记的每一笔分，按 y 才真正更正，按 n 回来修改。"
        "更正不改旧账，只添一条复核和补记的分，理由随账保存。"
        "按 Esc 返回，填了的内容下次打开还在。"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "press('enter')", "下一行、预览", key_display="Enter"),
        Binding("tab,down", "press('tab')", "换行", key_display="Tab"),
        Binding("shift+tab,up", "press('shift+tab')", "上一行", show=False),
    ]

    def __init__(self, unit: str, item: str, month: Month | None = None) -> None:
        super().__init__()
        self._unit = unit
        self._item = item
        self._month = month
        self._found: Correctable | None = None
        self._loaded = asyncio.Event()
        self._state: State = "typing"
        self._line = 1
        self._lines: list[str] = []

    def compose(self) -> ComposeResult:
        """A line for the month, one for each field, one for the reason; the postings below."""
        item = self.desk.office.rubric.items[self._item]
        self._lines = [_MONTH, *(f"field-{field.name}" for field in item.fields), _REASON]
        yield TitleBar("更正")
        yield Static(id="what")
        with Horizontal(classes="line"):
            yield Static(id="month-label")
            yield Static(id=_MONTH)
        for field in item.fields:
            with Horizontal(classes="line"):
                yield Static(id=f"label-{field.name}", classes="label")
                yield LineEdit(hint="不改", id=f"field-{field.name}")
                yield Static(id=f"now-{field.name}", classes="now")
        with Horizontal(classes="line"):
            yield Static(id="reason-label")
            yield LineEdit(hint="为什么更正，随记账保存", id=_REASON)
        yield Static(id="preview")
        yield Note()
        yield Keys()

    # keys --------------------------------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """Takes the keys in turn; those that mean nothing here go on to the application."""
        await self._loaded.wait()
        if await self._press(event.key, event.character or ""):
            event.stop()
            event.prevent_default()

    async def on_paste(self, event: events.Paste) -> None:
        """What is pasted goes into the line with the cursor."""
        event.stop()
        await self._loaded.wait()
        edit = self._edit
        if edit is not None and self._state == "typing":
            edit.paste(event.text)

    async def action_press(self, key: str) -> None:
        """A key of the footer that was clicked."""
        await self._press(key, "")

    async def _press(self, key: str, letter: str) -> bool:
        if not self.is_current:
            return True  # typed ahead of the form's end: nothing to close any more
        if self._state == "asking":
            if key == "y":
                await self._hand_in()
            elif key in ("n", "escape"):
                self._type_again()
            return key not in ("ctrl+c", "ctrl+q")
        if key == "escape":
            self.action_back()
        elif self._state != "typing":
            if key != "enter":
                return False
            self.action_back()
        elif key in ("tab", "down", "shift+tab", "up"):
            self._go(self._line + (1 if key in ("tab", "down") else -1))
        elif key == "enter":
            if self._lines[self._line] == _REASON:
                await self._preview()
            else:
                self._go(self._line + 1)
        elif self._lines[self._line] == _MONTH:
            if key not in ("left", "right", "left_square_bracket", "right_square_bracket"):
                return False
            self._next_month(1 if key.startswith("right") else -1)
        else:
            edit = self._edit
            return edit is not None and edit.press(key, letter)
        return True

    @property
    def _edit(self) -> LineEdit | None:
        name = self._lines[self._line]
        return None if name == _MONTH else self.query_one(f"#{name}", LineEdit)

    def _go(self, line: int) -> None:
        """Another line of the form."""
        self._line = line % len(self._lines)
        self._light()

    def _light(self) -> None:
        for number, name in enumerate(self._lines):
            if name != _MONTH:
                lit = self._state == "typing" and number == self._line
                self.query_one(f"#{name}", LineEdit).light(lit)
        self._show()

    def _next_month(self, by: int) -> None:
        if self._found is not None and self._month is not None:
            months = list(self._found.values)
            at = months.index(self._month) + by
            self._month = months[max(0, min(at, len(months) - 1))]
            self._show()

    # the form ----------------------------------------------------------------------------------

    def load(self) -> None:
        """Asks what can be corrected; what was typed before is there again."""
        if self._found is None:
            self.ask(self._load())

    async def _load(self) -> None:
        try:
            found = await self.desk.call(correctable, self._unit, self._item)
            self._found = found
            kept = self.desk.kept.get(self._key, {})
            months = {str(month): month for month in found.values}
            if not months:
                self._state = "nothing"
            else:
                newest = max(found.values)
                wanted = months.get(kept.get(_MONTH, ""), self._month)
                self._month = wanted if wanted in found.values else newest
            for name in self._lines[1:]:
                self.query_one(f"#{name}", LineEdit).show(kept.get(name, ""))
            if kept:
                self.say("上次填的内容还在，接着填")
            self._light()
        finally:
            self._loaded.set()

    @property
    def _key(self) -> tuple[str, ...]:
        return ("correct", self._unit, self._item)

    def _show(self) -> None:
        """The texts around what is typed."""
        found = self._found
        if found is None:
            return
        unit, item = found.unit, found.item
        self.query_one(TitleBar).show(f"更正  {unit.code} {unit.name}", self._item)
        self.query_one("#what", Static).update(Text(f"{item.label}（{item.clause}）"))
        if self._state == "nothing":
            self.query_one(f"#{_MONTH}", Static).update(Text("没有可以更正的月份"))
            self.say("这个要点没有已核定的月份；没有核定的月份直接在录入界面改")
        else:
            at_month = self._state == "typing" and self._line == 0
            text = Text(no_wrap=True)
            text.append(f"[{self._month}]", style="reverse bold" if at_month else "bold")
            said = f"  可更正：{_months_said(list(found.values))}（左右键换）"
            text.append(said, style="not bold not reverse dim")
            self.query_one(f"#{_MONTH}", Static).update(text)
        self._label("#month-label", "月份", 0)
        now = found.values.get(self._month, {}) if self._month else {}
        for number, field in enumerate(item.fields, 1):
            self._label(f"#label-{field.name}", field.label, number)
            value = f"现为 {short(now[field.name])}" if field.name in now else "现无记录"
            told = f"{value}；{bounds(field)}"
            self.query_one(f"#now-{field.name}", Static).update(Text(told, style="dim"))
        self._label("#reason-label", "理由", len(self._lines) - 1)

    def _label(self, id: str, said: str, line: int) -> None:
        here = self._state == "typing" and self._line == line
        style = "bold" if here else ""
        self.query_one(id, Static).update(
            Text(fit(f"{'>' if here else ' '} {said}", _LABEL), style)
        )

    # acts --------------------------------------------------------------------------------------

    def _typed(self) -> tuple[str, dict[str, str], str]:
        """Month, values that were filled in, reason."""
        texts = {name: self.query_one(f"#{name}", LineEdit).text for name in self._lines[1:]}
        reason = texts.pop(_REASON)
        values = {
            name.removeprefix("field-"): text.strip()
            for name, text in texts.items()
            if text.strip()
        }
        return str(self._month), values, reason

    async def _preview(self) -> None:
        """Shows what would be posted and asks."""
        try:
            found = await self.desk.call(
                correct, self._unit, self._item, *self._typed(), dry_run=True
            )
        except GsjxError as error:
            self.say(str(error), "bad")
            return
        self._state = "asking"
        self._light()
        self.query_one("#preview", Static).update(self._told_postings(found))
        self.say("按 y 更正，按 n 回去修改")

    def _told_postings(self, found: Correction, will: str = "将") -> Text:
        """The values before and after, and each posting, points first."""
        _, values, reason = self._typed()
        now = self._found.values.get(found.month, {}) if self._found else {}
        text = Text()
        for field in found.item.fields:
            if field.name in values:
                before = short(now[field.name]) if field.name in now else "无"
                text.append(f"{field.label}由 {before} 改为 {values[field.name]}\n", "bold")
        text.append(f"理由：{reason.strip()}\n\n")
        if not found.postings:
            text.append("分数不变：只添一条复核，不补记分。\n")
            return text
        total = sum((posting.points for posting in found.postings), ZERO)
        text.append(f"{will}补记 {len(found.postings)} 笔，合计 {total:+.2f}：\n", "bold")
        shown = found.postings[:8]
        for posting in shown:
            text.append(f"{posting.points:>+9.2f}  {posting.month} {posting.item.label}\n")
        if len(shown) < len(found.postings):
            text.append(f"           等共 {len(found.postings)} 笔\n")
        return text

    async def _hand_in(self) -> None:
        """Corrects; a refusal leads back to the form with all that was typed."""
        try:
            found = await self.desk.call(correct, self._unit, self._item, *self._typed())
        except GsjxError as error:
            self._type_again()
            self.say(str(error), "bad")
            return
        self.desk.kept.pop(self._key, None)
        self._state = "done"
        self.query_one("#preview", Static).update(self._told_postings(found, "已"))
        self._light()
        self.say(
            f"已更正 {found.month} {found.item.label}，补记 {len(found.postings)} 笔。"
            "按 Enter 或 Esc 返回",
            "good",
        )

    def _type_again(self) -> None:
        self._state = "typing"
        self.query_one("#preview", Static).update("")
        self._light()
        self.say("")

    # leaving ---------------------------------------------------------------------------------

    def leave(self) -> bool:
        """Keeps what is typed for the next opening."""
        if self._state in ("typing", "asking") and self._found is not None:
            texts = {name: self.query_one(f"#{name}", LineEdit).text for name in self._lines[1:]}
            if any(texts.values()):
                self.desk.kept[self._key] = {**texts, _MONTH: str(self._month)}
            else:
                self.desk.kept.pop(self._key, None)
        return True

    def hang_up(self, left: asyncio.Event) -> None:
        """The connection is lost: what is typed is kept as a draft."""
        left.set()  # what follows queues before the ledger is closed
        if self._found is None or self._state not in ("typing", "asking"):
            return
        month, values, reason = self._typed()
        if not values and not reason.strip():
            return
        labels = {field.name: field.label for field in self._found.item.fields}
        draft = Draft(
            unit=self._unit,
            name=self._found.unit.name,
            month=month,
            label=self._found.item.label,
            kind="更正",
            text="，".join([*(f"{labels[name]} {text}" for name, text in values.items()), reason]),
        )
        self.desk.hand_in(keep_draft, draft)


def _months_said(months: list[Month]) -> str:
    """A few months by name, many by the first and the last."""
    if len(months) > 3:
        return f"{months[0]} 至 {months[-1]} 共 {len(months)} 个月"
    return "、".join(map(str, months))
