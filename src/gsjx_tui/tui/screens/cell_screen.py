"""What screens with cells to type in share: keys in turn, saving, undo, notes, a lost line."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from gsjx_tui.domain import Kind, Month
from gsjx_tui.errors import GsjxError
from gsjx_tui.office.check import KIND_NAMES, bounds, local, short
from gsjx_tui.office.draft import Draft, keep_draft
from gsjx_tui.office.record import record
from gsjx_tui.office.sheet import Sheet, closed, typed
from gsjx_tui.office.undo import UndoneCell, empty, undo
from gsjx_tui.rubric.model import Field, Item, Observation
from gsjx_tui.tui.refusals import MINE, Refusals, barred, refusal
from gsjx_tui.tui.screens.keyed import PROMPT, KeyedScreen
from gsjx_tui.tui.widgets.cell_grid import CellGrid

ACTS: list[BindingType] = [
    Binding("u", "press('u')", "撤销"),
    Binding("b", "press('b')", "备注"),
    Binding("delete", "press('delete')", "清空这一格", key_display="Delete"),
]
"""What can be done to a cell besides typing."""


class CellScreen(KeyedScreen):
    """A screen with a grid of cells and a prompt for notes."""

    CELLS: ClassVar[str] = ""
    """The pane of the cells."""

    def __init__(self, month: Month) -> None:
        super().__init__()
        self._month = month
        self._hint = ""
        self._noted: Observation | None = None
        self._noted_at: datetime | None = None
        self._refused = Refusals()

    @property
    def cells(self) -> CellGrid:
        """The grid of cells."""
        return self.query_one(CellGrid)

    @property
    def is_busy(self) -> bool:
        """Whether a cell or a note is being typed."""
        return super().is_busy or bool(self.cells.text)

    # what a screen adds ------------------------------------------------------------------------

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

    def pressed(self) -> None:
        """Points as they are with what was typed."""
        self.show_points()

    async def paste(self, text: str) -> None:
        """What is pasted goes into the cell with the cursor."""
        if self.pane == self.CELLS:
            self.cells.paste(text)

    def light(self, pane: str) -> None:
        """Keys go to another pane, after the cell in hand is handed in."""
        if self.pane != self.CELLS or self.cells.leave():
            super().light(pane)

    def action_month(self, by: int) -> None:
        """Moves the month."""
        if self.cells.leave():
            self._month = self.moved_month(self._month, by)
            self._hint = ""
            self.load()

    def on_cell_grid_clicked(self) -> None:
        """Keys go to the cells once they are clicked."""
        self.light(self.CELLS)
        self.show_points()

    async def decide(self, key: str) -> bool:
        """Takes the answer to what wasn't saved; False for any other key."""
        if self.cells.complaint or (decided := self._refused.decided(key)) is None:
            return False
        self._hint = ""
        if key == MINE:
            self._hand_in(decided.seen, decided.known)
        return True

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

    def barred(self, sheet: Sheet, kind: Kind) -> str:
        """Why the person can't fill a cell of a sheet; '' if they can."""
        return barred(self.desk.person, sheet.unit.code, kind) or closed(sheet)

    def judge(
        self, sheet: Sheet, item: Item, field: Field, kind: Kind, text: str
    ) -> tuple[Observation, Sheet]:
        """Whether a text can stand in a cell."""
        return typed(self.desk.office, sheet, item, field, kind, text)

    def save(self, seen: Observation) -> None:
        """Hands an observation in; each in turn, none replaces another."""
        sheet = self.cells.sheet
        if self._noted is not None and self.pane == PROMPT:
            known = self._noted_at
        else:
            known = sheet.known_at(seen) if sheet is not None else None
        self._hand_in(seen, known)

    def _hand_in(self, seen: Observation, known: datetime | None) -> None:
        label = self.desk.office.rubric.items[seen.item].label
        saved = self.desk.hand_in(record, [seen], [known])
        self.run_worker(self._told(self._acknowledge(seen, label, saved)), group="save")

    async def _acknowledge(self, seen: Observation, label: str, saved: Future[Any]) -> None:
        try:
            await asyncio.wrap_future(saved)
        except GsjxError as error:
            self._refused.add(refusal(seen, label, error, self.desk.called))
            await self.reread()
            self.show_points()
            return
        self._refused.forget(seen)
        self.saved(seen)
        shown = self.cells.sheet_of(seen.unit)
        if seen.note or (shown and shown.value(seen.kind, seen.item, seen.field) != seen.value):
            await self.reread()
        self._hint = f"已保存 {seen.unit} {label} {KIND_NAMES[seen.kind]} {short(seen.value)}"
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
            written = sheet.written.get((grid.kind, (item.id, self._month, field.name)))
            emptied = await self.desk.call(
                empty,
                sheet.unit.code,
                item.id,
                field.name,
                self._month,
                grid.kind,
                [written.at] if written is not None else [],
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
        self._noted_at = written.at if written is not None else None
        cell = f"{grid.sheet.unit.code} {item.id} {field.name} {self._month} {grid.kind}"
        self.ask_for(
            cell,
            f"备注（{item.label}）",
            self._take_note,
            hint="Enter 保存，Esc 返回",
            text=written.note if written is not None else "",
        )

    async def _take_note(self, text: str) -> None:
        """Records the value again with its note."""
        if self._noted is not None:
            self.save(replace(self._noted, note=text.strip()))

    def _leave_note(self) -> None:
        """Hands in the note that is being written."""
        if self.pane == PROMPT and self._noted is not None:
            self.save(replace(self._noted, note=self.prompt.text.strip()))
            self.prompt.forget(self.prompt.about)
            self.close_question()

    # the line at the bottom --------------------------------------------------------------------

    def show_note(self) -> None:
        """What is wrong with the cell, or what was done last and what may go into the cell."""
        grid = self.cells
        if grid.complaint:
            more = "（按 Esc 放弃这一格）" if grid.text else ""
            self.say(f"{grid.complaint}{more}", "bad")
        elif self._refused.text:
            self.say(self._refused.text, "bad")
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
        self._leave_note()
        left = self.cells.leave()
        self.show_points()
        return left

    def hang_up(self, left: asyncio.Event) -> None:
        """Saves the cell in hand with a note; what can't stand is kept as a draft."""
        if waiting := self._refused.drafts(self.desk.office):
            self.desk.hand_in(keep_draft, *waiting)
        left.set()  # what follows queues before the ledger is closed
        self._leave_note()
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
