"""Paste 粘贴: a column read line by line, looked at, then taken over all at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from gsjx_tui.domain import Kind, Month
from gsjx_tui.errors import GsjxError
from gsjx_tui.office.check import KIND_NAMES, bounds, short
from gsjx_tui.office.draft import Draft, keep_draft
from gsjx_tui.office.paste import PastedLine, read_column
from gsjx_tui.office.record import record
from gsjx_tui.office.sheet import Sheet
from gsjx_tui.rubric.model import Field, Item
from gsjx_tui.tui.screens.keyed import KeyedScreen, Lit
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Note, TitleBar

Left = Callable[[str, int], None]
"""What is told at the end: the text to keep, how many cells were recorded."""


@dataclass(frozen=True)
class Target:
    """Where the column goes: the units as shown, the one to begin with, item, field, kind."""

    month: Month
    sheets: Sequence[Sheet]
    start: int
    item: Item
    field: Field
    kind: Kind


class PasteScreen(KeyedScreen):
    """The preview of a column; F2 takes it over, all of it or nothing.

    Letters are put at the end of the text, so a paste that comes as keys is read as one that
    comes whole.
    """

    NAME = "粘贴一列"
    HELP = (
        "从 Excel 复制一列数，在这里粘贴：每行一个数，从光标所在的单位往下对应；"
        "也可以两列，前面是单位代码或名称，后面是数。\n"
        "空行跳过一个单位。每行给出单位、原来的数、新的数和核对结果。\n"
        "按 F2 一次录入全部；有一行不对就一行也不录入，改好再来。Esc 返回，文字留着。"
    )
    CSS_PATH = "paste.tcss"
    PANE = "pasted"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "press('f2')", "全部录入", key_display="F2"),
        Binding("ctrl+u", "press('ctrl+u')", "清空文字", key_display="Ctrl+U"),
        Binding("up", "press('up')", "上下看", key_display="上下"),
        Binding("enter", "press('enter')", "换行", key_display="Enter"),
    ]

    def __init__(self, target: Target, text: str, left: Left) -> None:
        super().__init__()
        self._target, self._text, self._left = target, _plain(text), left
        self._lines: tuple[PastedLine, ...] = ()
        self._taking = False

    def compose(self) -> ComposeResult:
        """Where it goes, the lines, what they come to."""
        yield TitleBar(self.NAME)
        yield Static(id="target")
        yield Grid(
            [
                Column("行", 4, right=True),
                Column("单位"),
                Column("原来", 7, right=True),
                Column("新的", 8, right=True),
                Column(" 核对", 30),
            ],
            id="pasted",
            empty="在这里粘贴，或打字：每行一个数，或“单位代码 数”",
        )
        yield Note()
        yield Keys()

    async def fetch(self) -> None:
        """Reads the text against the units."""
        target = self._target
        self.query_one(TitleBar).show(f"{self.NAME}  {target.month.chinese}", "还没有录入")
        several = f" {target.field.label}" if len(target.item.fields) > 1 else ""
        first = target.sheets[target.start].unit
        self.query_one("#target", Static).update(
            Text(
                f"{target.item.label} {KIND_NAMES[target.kind]}{several}：{bounds(target.field)}\n"
                f"没有写单位的行，从 {first.code} {first.name} 往下对应"
            ),
            layout=False,
        )
        self._read()
        self.show_lit()

    # keys --------------------------------------------------------------------------------------

    def panes(self) -> Mapping[str, Lit]:
        """What keys can go to."""
        return {self.PANE: self.query_one(Grid)}

    async def paste(self, text: str) -> None:
        """A paste goes to the end of the text."""
        self._text += _plain(text)
        self._read()

    async def press(self, key: str, letter: str) -> bool:
        """Letters go to the end of the text."""
        if self._taking:
            return True
        if key == "escape":
            self._close(self._text, 0)
        elif key == "f2":
            await self._take()
        elif key == "enter":
            self._write(self._text + "\n")
        elif key == "tab":
            self._write(self._text + "\t")
        elif key == "backspace":
            self._write(self._text[:-1])
        elif key == "ctrl+u":
            self._write("")
        elif letter.isprintable() and letter:
            self._write(self._text + letter)
        else:
            return self.query_one(Grid).press(key)
        return True

    def _write(self, text: str) -> None:
        self._text = text
        self._read()

    def hang_up(self, left: asyncio.Event) -> None:
        """Nothing is recorded; the text is kept as a draft."""
        left.set()
        if self._text.strip():
            first = self._target.sheets[self._target.start].unit
            draft = Draft(
                unit=first.code,
                name=f"{first.name}起一列",
                month=str(self._target.month),
                label=self._target.item.label,
                kind=KIND_NAMES[self._target.kind],
                text="、".join(self._text.split("\n")),
            )
            self.desk.hand_in(keep_draft, draft)

    def action_back(self) -> None:
        """Nothing is recorded, the text is kept."""
        self._close(self._text, 0)

    def _close(self, text: str, recorded: int) -> None:
        self._left(text, recorded)
        self.app.pop_screen()

    # the lines ---------------------------------------------------------------------------------

    def _read(self) -> None:
        """Reads all lines and shows them, the last one in view."""
        target = self._target
        place = (target.item, target.field, target.kind)
        self._lines = read_column(self.desk.office, target.sheets, target.start, place, self._text)
        rows = [_row(line) for line in self._lines]
        first = next((line for line in self._lines if line.fault), None)
        last = first or (self._lines[-1] if self._lines else None)
        self.query_one(Grid).show(rows, key=str(last.number) if last else "")
        self._say_sum()

    def _say_sum(self) -> None:
        wrong = [line for line in self._lines if line.fault]
        good = sum(line.changes for line in self._lines)
        same = sum(line.seen is not None and not line.changes for line in self._lines)
        over = len(self._lines) - len(wrong) - good - same
        parts = [f"好 {good} 行"]
        parts += [f"{name} {count} 行" for name, count in (("不变", same), ("略过", over)) if count]
        if wrong:
            first = wrong[0]
            self.say(
                f"有误 {len(wrong)} 行，{'，'.join(parts)}；改好才能录入。"
                f"第 {first.number} 行：{first.fault}",
                "bad",
            )
        elif self._lines:
            self.say(f"{'，'.join(parts)}。按 F2 全部录入。" if good else f"{'，'.join(parts)}。")
        else:
            self.say("")

    async def _take(self) -> None:
        """Records all that changes in one act, or nothing."""
        seen = [line.seen for line in self._lines if line.seen is not None and line.changes]
        if any(line.fault for line in self._lines):
            self._say_sum()
            return
        if not seen:
            self.say("没有要录入的数。", "bad")
            return
        sheets = {sheet.unit.code: sheet for sheet in self._target.sheets}
        known = [sheets[one.unit].known_at(one) for one in seen]
        self._taking = True
        try:
            await self.desk.call(record, seen, known)
        except GsjxError as error:
            self.say(f"一行也没有录入。{error}", "bad")
            return
        finally:
            self._taking = False
        self._close("", len(seen))


def _plain(text: str) -> str:
    """The text with one kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _row(line: PastedLine) -> Row:
    unit = f"{line.sheet.unit.code} {line.sheet.unit.name}" if line.sheet is not None else line.text
    before = "" if line.before is None else short(line.before)
    new = short(line.seen.value) if line.seen is not None else line.text[-8:] * bool(line.sheet)
    if line.fault:
        verdict, tone = f" 误 {line.fault}", "bad"
    elif line.seen is None:
        verdict, tone = f" {line.why}", "muted"
    elif line.changes:
        verdict, tone = " 好", ""
    else:
        verdict, tone = " 不变", "muted"
    return Row(str(line.number), (str(line.number), unit, before, new, verdict), tone)
