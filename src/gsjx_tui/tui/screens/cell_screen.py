"""What screens with cells to type in share: keys in turn, saving, undo, notes, a lost line."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from textual import events
from textual.binding import Binding, BindingType

from gsjx_tui.domain import Kind, Month
from gsjx_tui.errors import GsjxError
from gsjx_tui.office.check import KIND_NAMES, bounds, local, short
from gsjx_tui.office.draft import Draft, keep_draft
from gsjx_tui.office.record import record
from gsjx_tui.office.sheet import Sheet, typed
from gsjx_tui.office.undo import UndoneCell, empty, undo
from gsjx_tui.rubric.model import Field, Item, Observation
from gsjx_tui.tui.screens.base import OfficeScreen
from gsjx_tui.tui.widgets.cell_grid import CellGrid
from gsjx_tui.tui.widgets.line_edit import LineEdit

ACTS: list[BindingType] = [
    Binding("u", "press('u')", "撤销"),
    Binding("b", "press('b')", "备注"),
    Binding("delete", "press('delete')", "清空这一格", key_display="Delete"),
]
"""What can be done to a cell besides typing."""


_SAME = {
    "ctrl+j": "enter",  # the end of a line in a raw paste
    "fullwidth_solidus": "slash",
    "ideographic_comma": "slash",  # what the key / writes with a Chinese input method
    "left_black_lenticular_bracket": "left_square_bracket",
    "right_black_lenticular_bracket": "right_square_bracket",
}
"""Keys that come another way and mean the same."""


class CellScreen(OfficeScreen):
    """A screen with a grid of cells and a line for notes.

    No widget has the focus: all keys come to the screen, which does each wholly before it takes
    the next. Keys that arrive in one burst, as over a slow line, so act as if typed slowly.
    """

    AUTO_FOCUS = ""

    def __init__(self, month: Month) -> None:
        super().__init__()
        self._month = month
        self._loaded = asyncio.Event()
        self._hint = ""
        self._noted: Observation | None = None

    def remark(self) -> LineEdit:
        """The line for notes, out of sight until it is wanted."""
        line = LineEdit(hint="备注，Enter 保存，Esc 放弃", id="remark")
        line.display = False
        return line

    @property
    def cells(self) -> CellGrid:
        """The grid of cells."""
        return self.query_one(CellGrid)

    # what a screen adds ------------------------------------------------------------------------

    async def press(self, key: str, letter: str) -> bool:
        """Does what a key does; False for a key that means nothing here."""
        raise NotImplementedError

    def show_points(self) -> None:
        """Shows points as they are with what is typed."""
        raise NotImplementedError

    async def reread(self) -> None:
        """Shows what stands in the ledger now; the cursor stays."""
        raise NotImplementedError

    async def go_to(self, cell: UndoneCell) -> None:
        """Shows what stands in the ledger now, the cursor on that cell."""
        raise NotImplementedError

    def saved(self, seen: Observation) -> None:
        """An observation is in the ledger."""

    # keys --------------------------------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """Takes the keys in turn; those that mean nothing here go on to the application."""
        await self._loaded.wait()
        if (
            self.app.screen is not self
        ):  # of the same burst as the key that opened the screen in front
            event.stop()
            event.prevent_default()
            front = self.app.screen
            (front.focused or front).post_message(events.Key(event.key, event.character))
            return
        try:
            if await self._do(event.key, event.character or ""):
                event.stop()
                event.prevent_default()
                self.show_points()
        except GsjxError as error:
            event.stop()
            event.prevent_default()
            self.say(str(error), "bad")

    async def action_press(self, key: str) -> None:
        """A key of the footer that was clicked."""
        try:
            if await self._do(key, ""):
                self.show_points()
        except GsjxError as error:
            self.say(str(error), "bad")

    async def _do(self, key: str, letter: str) -> bool:
        key = _SAME.get(key, key)
        if self._noted is not None:
            return self._press_note(key, letter)
        return await self.press(key, letter)

    async def act(self, key: str) -> bool:
        """Undo, emptying, a note; False for any other key."""
        if key == "u":
            await self._undo()
        elif key == "delete":
            await self._empty()
        elif key == "b":
            self._open_note()
        else:
            return False
        return True

    # saving ------------------------------------------------------------------------------------

    def judge(
        self, sheet: Sheet, item: Item, field: Field, kind: Kind, text: str
    ) -> tuple[Observation, Sheet]:
        """Whether a text can stand in a cell."""
        return typed(self.desk.office, sheet, item, field, kind, text)

    def save(self, seen: Observation) -> None:
        """Hands an observation in; each in turn, none replaces another."""
        saved = self.desk.hand_in(record, [seen])
        self.run_worker(self._acknowledge(seen, saved), group="save")

    async def _acknowledge(self, seen: Observation, saved: Future[Any]) -> None:
        what = f"{seen.unit} {seen.item} {KIND_NAMES[seen.kind]} {short(seen.value)}"
        try:
            await asyncio.wrap_future(saved)
        except GsjxError as error:
            self.say(f"没有保存：{what}。{error}", "bad")
            await self.reread()
            return
        self.saved(seen)
        if seen.note:
            await self.reread()
        self._hint = f"已保存 {what}"
        self.show_note()

    # undo, empty, note -------------------------------------------------------------------------

    async def _undo(self) -> None:
        """Takes back what is being typed, else what was recorded last."""
        if self.cells.text:
            self.cells.drop()
            return
        cells = (await self.desk.call(undo, self._month)).cells
        await self.go_to(cells[0])
        if len(cells) == 1:
            self._hint = f"已撤销 {self._named(cells[0])}"
        else:
            self._hint = f"已一并撤销 {len(cells)} 格，从 {self._named(cells[0])} 起"

    async def _empty(self) -> None:
        """Forgets what is being typed, else withdraws all of the cell."""
        grid = self.cells
        sheet, place = grid.sheet, grid.place
        if grid.text:
            grid.drop()
        elif sheet is not None and place is not None:
            item, field = place
            emptied = await self.desk.call(
                empty, sheet.unit.code, item.id, field.name, self._month, grid.kind
            )
            await self.go_to(emptied.cells[0])
            self._hint = f"已清空 {self._named(emptied.cells[0])}"

    def _named(self, cell: UndoneCell) -> str:
        """A cell with the value that was taken back and the one that counts now."""
        label = self.desk.office.rubric.items[cell.item].label
        now = "空" if cell.now is None else f" {short(cell.now)}"
        return f"{cell.unit} {label} {KIND_NAMES[cell.kind]} {short(cell.value)}，现为{now}"

    def _open_note(self) -> None:
        """Asks for the note of the cell with the cursor."""
        grid = self.cells
        if not grid.leave():
            return
        if grid.value is None or grid.sheet is None or grid.place is None:
            grid.complaint = "这一格还没有数值，先填数值，再加备注。"
            return
        item, field = grid.place
        # A click meanwhile goes to another cell: the note stays with the one it was opened for.
        self._noted = Observation(
            grid.sheet.unit.code, self._month, item.id, field.name, grid.kind, grid.value
        )
        written = grid.sheet.written.get((grid.kind, (item.id, self._month, field.name)))
        line = self.query_one("#remark", LineEdit)
        line.show(written.note if written is not None else "")
        line.display = True
        line.light(True)

    def _press_note(self, key: str, letter: str) -> bool:
        line = self.query_one("#remark", LineEdit)
        if key in ("enter", "escape"):
            self._close_note(keep=key == "enter")
            return True
        return line.press(key, letter)

    def _close_note(self, *, keep: bool) -> None:
        """Records the value again with its note, or leaves all as it was."""
        line = self.query_one("#remark", LineEdit)
        noted, self._noted = self._noted, None
        line.display = False
        line.light(False)
        if keep and noted is not None:
            self.save(replace(noted, note=line.text.strip()))

    # the line at the bottom --------------------------------------------------------------------

    def show_note(self) -> None:
        """What is wrong with the cell, or what was done last and what may go into the cell."""
        grid = self.cells
        if grid.complaint:
            more = "（按 Esc 放弃这一格）" if grid.text else ""
            self.say(f"{grid.complaint}{more}", "bad")
        else:
            self.say("\n".join(filter(None, [self._hint, self._cell_hint(grid)])))

    def _cell_hint(self, grid: CellGrid) -> str:
        """What may go into the cell, who wrote what is there, what stood before."""
        place, found = grid.place, grid.sheet
        if place is None or found is None:
            return ""
        item, field = place
        several = f" {field.label}" if len(item.fields) > 1 else ""
        parts = [f"{KIND_NAMES[grid.kind]} {item.label}{several}：{bounds(field)}"]
        written = found.written.get((grid.kind, (item.id, found.month, field.name)))
        if written is not None:
            note = f"“{written.note}”" if written.note else ""
            parts.append(f"{written.by} {local(written.at)} 填{note}")
        earlier = found.earlier(item.id, field.name)
        if earlier is not None:
            parts.append(f"{earlier[0].number} 月为 {short(earlier[1])}")
        return "  ".join(parts)

    # leaving -----------------------------------------------------------------------------------

    def leave(self) -> bool:
        """Hands in the cell in hand, and its note."""
        if self._noted is not None:
            self._close_note(keep=True)
        left = self.cells.leave()
        self.show_points()
        return left

    def hang_up(self, left: asyncio.Event) -> None:
        """Saves the cell in hand with a note; what can't stand is kept as a draft."""
        left.set()  # what follows queues before the ledger is closed
        if self._noted is not None:
            self._close_note(keep=True)
        grid = self.cells
        place, found, kind, text = grid.place, grid.sheet, grid.kind, grid.text
        if grid.leave("断线时保存，请核对") or found is None or place is None:
            return
        draft = Draft(
            unit=found.unit.code,
            name=found.unit.name,
            month=str(found.month),
            label=place[0].label,
            kind=KIND_NAMES[kind],
            text=text,
        )
        self.desk.hand_in(keep_draft, draft)
