"""Paste 粘贴: columns read line by line, looked at, then taken over all at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from gsjx_tui.domain import Month
from gsjx_tui.errors import GsjxError
from gsjx_tui.office.check import KIND_NAMES, bounds, short
from gsjx_tui.office.clash import Clashed
from gsjx_tui.office.draft import Draft, keep_draft
from gsjx_tui.office.paste import PastedLine, Place, read_columns
from gsjx_tui.office.record import record
from gsjx_tui.office.sheet import Sheet
from gsjx_tui.rubric.model import Observation
from gsjx_tui.tui.screens.keyed import KeyedScreen, Lit
from gsjx_tui.tui.widgets.grid import Grid
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Note, TitleBar
from gsjx_tui.tui.widgets.pasted_columns import PastedColumns

Left = Callable[[str, int], None]
"""What is told at the end: the text to keep, how many cells were recorded."""


@dataclass(frozen=True)
class Target:
    """Where it goes: the units as shown and the one to begin with, the columns that follow."""

    month: Month
    sheets: Sequence[Sheet]
    start: int
    places: Sequence[Place]

    @property
    def name(self) -> str:
        """The columns in words."""
        item, _, kind = self.places[0]
        labels = list(dict.fromkeys(place[0].label for place in self.places))
        more = f"等 {len(labels)} 个要点" if len(labels) > 1 else ""
        return f"{item.label}{more} {KIND_NAMES[kind]}"


class PasteScreen(KeyedScreen):
    """The preview of columns; F2 takes it over, all of it or nothing.

    Letters are put at the end of the text, so a paste that comes as keys is read as one that
    comes whole.
    """

    NAME = "粘贴"
    HELP = (
        "从 Excel 复制一列数，在这里粘贴：每行一个数，从光标所在的单位往下对应；"
        "前面也可以另有一列单位代码或名称。\n"
        "要点有几个字段，或选的是整个指标，可以一次粘贴几列，从光标所在的列往右对应；"
        "放不下的列用左右键看。\n"
        "空行跳过一个单位，空格跳过一格。每行给出单位、新的数和核对结果，“!”是有误的数。\n"
        "按 F2 一次录入全部；有一行不对就一行也不录入，改好再来。Esc 返回，文字留着。"
    )
    CSS_PATH = "paste.tcss"
    PANE = "pasted"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "press('f2')", "全部录入", key_display="F2"),
        Binding("ctrl+u", "press('ctrl+u')", "清空文字", key_display="Ctrl+U"),
        Binding("up", "press('up')", "看别行", key_display="上下"),
        Binding("enter", "press('enter')", "换行", key_display="Enter"),
    ]

    def __init__(self, target: Target, text: str, left: Left) -> None:
        super().__init__()
        self._target, self._text, self._left = target, _plain(text), left
        self._lines: tuple[PastedLine, ...] = ()
        self._taking = False
        self._first = 0
        self._newer: dict[tuple[object, ...], datetime | None] = {}

    def compose(self) -> ComposeResult:
        """Where it goes, the lines, what they come to."""
        yield TitleBar(self.NAME)
        yield Static(id="target")
        yield Grid([], id="pasted", empty=self._invitation())
        yield Note()
        yield Keys()

    async def fetch(self) -> None:
        """Reads the text against the units."""
        target = self._target
        self.query_one(TitleBar).show(f"{self.NAME}  {target.month.chinese}", "还没有录入")
        first = target.sheets[target.start].unit
        item, field, kind = target.places[0]
        what = f"{target.name}：从“{item.label}”起 {len(target.places)} 列"
        if len(target.places) == 1:
            several = f" {field.label}" if len(item.fields) > 1 else ""
            what = f"{item.label} {KIND_NAMES[kind]}{several}：{bounds(field)}"
        self.query_one("#target", Static).update(
            Text(f"{what}\n没有写单位的行，从 {first.code} {first.name} 往下对应"), layout=False
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
        elif key in ("left", "right"):
            self._aside(-1 if key == "left" else 1)
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
                label=self._target.places[0][0].label,
                kind=KIND_NAMES[self._target.places[0][2]],
                text="、".join(self._text.replace("\t", " ").split("\n")),
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
        """Reads all lines and shows them, the last one in view, or the first that is wrong."""
        target = self._target
        self._lines = read_columns(
            self.desk.office, target.sheets, target.start, target.places, self._text
        )
        first = next((line for line in self._lines if line.faults), None)
        last = first or (self._lines[-1] if self._lines else None)
        self._show(str(last.number) if last else "")
        self._say_sum()

    def _aside(self, by: int) -> None:
        """Shows the columns beside."""
        self._first += by
        self._show()

    def _show(self, key: str = "") -> None:
        """The lines with the columns that there is room for."""
        places = self._target.places
        shown = PastedColumns(places, self._first, self.size.width)
        self._first = shown.first
        self.query_one(Grid).show(
            [shown.row(line) for line in self._lines],
            columns=shown.columns,
            key=key,
            empty=self._invitation(),
        )

    def _invitation(self) -> str:
        if len(self._target.places) == 1:
            return "在这里粘贴，或打字：每行一个数，或“单位代码 数”"
        return f"在这里粘贴，或打字：每行至多 {len(self._target.places)} 个数，前面可以写单位代码"

    def _say_sum(self) -> None:
        wrong = [line for line in self._lines if line.faults]
        unit = "行" if len(self._target.places) == 1 else "格"
        cells = [cell for line in self._lines for cell in line.cells]
        good = sum(cell.changes for cell in cells)
        same = sum(cell.seen is not None and not cell.changes for cell in cells)
        over = sum(not line.faults and not any(c.seen for c in line.cells) for line in self._lines)
        parts = [f"好 {good} {unit}"]
        parts += [f"不变 {same} {unit}"] * bool(same) + [f"略过 {over} 行"] * bool(over)
        if wrong:
            first = wrong[0]
            self.say(
                f"有误 {len(wrong)} 行，{'，'.join(parts)}；改好才能录入。\n"
                f"第 {first.number} 行：{first.faults[0]}",
                "bad",
            )
        elif self._lines:
            self.say(f"{'，'.join(parts)}。按 F2 全部录入。" if good else f"{'，'.join(parts)}。")
        else:
            self.say("")

    async def _take(self) -> None:
        """Records all that changes in one act, or nothing."""
        seen = [one for line in self._lines for one in line.changed]
        if any(line.faults for line in self._lines):
            self._say_sum()
            return
        if not seen:
            self.say("没有要录入的数。", "bad")
            return
        known = [self._known_at(one) for one in seen]
        self._taking = True
        try:
            await self.desk.call(record, seen, known)
        except Clashed as clashed:
            self._learn(clashed)
            return
        except GsjxError as error:
            self.say(f"一行也没有录入。{error}", "bad")
            return
        finally:
            self._taking = False
        self._close("", len(seen))

    def _known_at(self, seen: Observation) -> datetime | None:
        """The instant of what the person was shown in a cell."""
        cell = (seen.unit, seen.item, seen.field, seen.kind)
        if cell in self._newer:
            return self._newer[cell]
        sheet = next(sheet for sheet in self._target.sheets if sheet.unit.code == seen.unit)
        return sheet.known_at(seen)

    def _learn(self, clashed: Clashed) -> None:
        """Shows what others have written meanwhile; F2 once more is then a decision."""
        sheets = {sheet.unit.code: sheet for sheet in self._target.sheets}
        for clash in clashed.clashes:
            self._newer[clash.unit, clash.item, clash.field, clash.kind] = clash.at
            sheets[clash.unit] = sheets[clash.unit].with_value(
                clash.kind, clash.item, clash.field, clash.value
            )
        self._target = replace(self._target, sheets=tuple(sheets.values()))
        self._read()
        first = clashed.clashes[0]
        what = "清空了" if first.value is None else f"把它填成了 {short(first.value)}"
        who = self.desk.called(first.by) if first.by else "别人"
        label = self.desk.office.rubric.items[first.item].label
        more = f"等 {len(clashed.clashes)} 格" if len(clashed.clashes) > 1 else ""
        self.say(
            f"一行也没有录入：{who}刚才动过 {first.unit} {label}，{what}{more}。\n"
            "“原来”已是新的；按 F2 用您的数，按 Esc 返回。",
            "bad",
        )


def _plain(text: str) -> str:
    """The text with one kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
