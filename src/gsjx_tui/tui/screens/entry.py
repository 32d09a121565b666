"""Entry 录入: units at the left, the month of one of them at the right."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import replace
from typing import ClassVar, Literal

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Footer, Static

from gsjx_tui.domain import Kind, Month
from gsjx_tui.errors import GsjxError
from gsjx_tui.office.check import KIND_NAMES, bounds, local, short
from gsjx_tui.office.draft import Draft, keep_draft
from gsjx_tui.office.progress import STATUS_MARKS, STATUS_NAMES, Progress, UnitProgress, progress
from gsjx_tui.office.record import record
from gsjx_tui.office.sheet import Sheet, SheetPoints, sheet, typed, worth
from gsjx_tui.rubric.model import Field, Item, Observation
from gsjx_tui.tui.screens.base import OfficeScreen
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.lines import FilterLine, Note, TitleBar
from gsjx_tui.tui.widgets.sheet_grid import SheetGrid
from gsjx_tui.tui.widgets.text import points

_TONES = {"unreported": "", "reported": "warn", "verified": "", "confirmed": "muted"}


Pane = Literal["filter", "units", "sheet"]


class EntryScreen(OfficeScreen):
    """Typing in what a unit claims and what the office verified.

    No widget has the focus: all keys come to the screen, which does each wholly before it takes
    the next. Keys that arrive in one burst, as over a slow line, so act as if typed slowly.
    """

    CSS_PATH = "entry.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "press('enter')", "下一格", key_display="Enter"),
        Binding("tab", "press('tab')", "换栏", key_display="Tab"),
        Binding("slash", "press('slash')", "找单位", key_display="/"),
        Binding("n", "press('n')", "下、上一单位", key_display="n p"),
        Binding("left_square_bracket", "press('left_square_bracket')", "换月", key_display="[ ]"),
    ]

    def __init__(self, month: Month, category: str = "", unit: str = "") -> None:
        super().__init__()
        self._month = month
        self._category = category
        self._unit = unit
        self._pane: Pane = "sheet" if unit else "units"
        self._progress: Progress | None = None
        self._loaded = asyncio.Event()
        self._shown: list[UnitProgress] = []
        self._hint = ""

    def compose(self) -> ComposeResult:
        """Filter and list at the left, the sheet at the right."""
        yield TitleBar("录入")
        with Horizontal():
            with Vertical(id="left"):
                yield FilterLine("/ 名称、代码或拼音首字母", id="filter")
                units = Grid([Column("单位")], id="units", empty="没有这样的单位")
                units.can_focus = False
                yield units
            with Vertical(id="right"):
                yield Static(id="head")
                yield SheetGrid(self._judge, self._worth, self._save, id="sheet")
        yield Note()
        yield Footer(show_command_palette=False)

    @property
    def _filter(self) -> FilterLine:
        return self.query_one(FilterLine)

    @property
    def _units(self) -> Grid:
        return self.query_one(Grid)

    @property
    def _sheet(self) -> SheetGrid:
        return self.query_one(SheetGrid)

    # keys --------------------------------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """Takes the keys in turn; those that mean nothing here go on to the application."""
        await self._loaded.wait()
        try:
            if await self._press(event.key, event.character or ""):
                event.stop()
                event.prevent_default()
                self._show_points()
        except GsjxError as error:
            self.say(str(error), "bad")

    async def on_paste(self, event: events.Paste) -> None:
        """What is pasted goes where keys go."""
        event.stop()
        if self._pane == "sheet":
            self._sheet.paste(event.text)
            self._show_points()
        elif self._pane == "filter":
            for letter in event.text.strip():
                await self._press_filter("", letter)

    async def action_press(self, key: str) -> None:
        """A key of the footer that was clicked."""
        if await self._press(key, ""):
            self._show_points()

    async def _press(self, key: str, letter: str) -> bool:
        if key == "ctrl+j":  # a line's end in what is pasted where terminals don't mark pastes
            key, letter = "enter", ""
        if self._pane == "filter":
            return await self._press_filter(key, letter)
        if key == "escape":
            self._go_back()
        elif key in ("tab", "shift+tab"):
            self._light("units" if self._pane == "sheet" else "sheet")
        elif key == "slash":
            self._light("filter")
        elif key in ("n", "p"):
            await self._next_unit("down" if key == "n" else "up")
        elif key in ("left_square_bracket", "right_square_bracket"):
            await self._next_month(1 if key == "right_square_bracket" else -1)
        elif self._pane == "sheet":
            return self._sheet.press(key, letter)
        elif key == "enter":
            self._light("sheet")
        elif self._units.press(key):
            await self._open(self._units.key)
        else:
            return False
        return True

    async def _press_filter(self, key: str, letter: str) -> bool:
        if key == "escape":
            self._filter.clear()
            self._light("units")
        elif key in ("down", "tab"):
            self._light("units")
            return True
        elif key == "enter":
            self._light("sheet" if self._shown else "filter")
            return True
        elif not self._filter.press(key, letter):
            return False
        self._show_units()
        await self._open(self._units.key)
        return True

    def _light(self, pane: Pane) -> None:
        """Keys go to another pane, after the cell in hand is handed in."""
        if self._pane == "sheet" and not self._sheet.leave():
            return
        self._pane = pane
        self._filter.light(pane == "filter")
        self._units.light(pane == "units")
        self._sheet.light(pane == "sheet")

    def _go_back(self) -> None:
        """From the sheet to the list, from the list to the screen before."""
        if self._pane == "sheet":
            if self._sheet.text and self._sheet.complaint:
                self._sheet.drop()
            else:
                self._light("units")
        elif self._filter.text:
            self._filter.clear()
            self._show_units()
        else:
            self.action_back()

    async def _next_unit(self, way: str) -> None:
        if self._sheet.leave():
            self._units.press(way)
            await self._open(self._units.key)

    async def _next_month(self, by: int) -> None:
        if self._sheet.leave():
            self._month = self.moved_month(self._month, by)
            self._hint = ""
            await self._load()

    # the list ----------------------------------------------------------------------------------

    def load(self) -> None:
        """Shows the units of the month and the sheet of the one with the cursor."""
        self._loaded.clear()
        self.ask(self._load(), group="units")

    async def _load(self) -> None:
        try:
            self._progress = await self.desk.call(progress, self._month)
            names = {c.id: c.name for c in self._progress.categories}
            where = names.get(self._category, "全部单位")
            self.query_one(TitleBar).show(
                f"录入  {self._month.chinese} {self._progress.stage.name}", where
            )
            self._show_units(self._unit)
            await self._open(self._units.key)
            self._light(self._pane)
        finally:
            self._loaded.set()

    def _show_units(self, key: str = "") -> None:
        if self._progress is None:
            return
        wanted = self._filter.text
        category = "" if wanted else self._category  # a search looks into all categories
        self._shown = [
            unit
            for unit in self._progress.units
            if unit.matches(wanted) and category in ("", unit.category)
        ]
        rows = [self._unit_row(unit) for unit in self._shown]
        columns = [Column("单位"), Column("进度", 6) if self._wide else Column("", 2)]
        self._units.show(rows, columns=columns, key=key)

    @property
    def _wide(self) -> bool:
        return self.size.width >= 110

    def on_resize(self) -> None:
        """The list says more where there is room."""
        self._show_units()

    def _unit_row(self, unit: UnitProgress) -> Row:
        """Code and name, how far it is; in a narrow list the name and one letter."""
        name = f"{unit.code} {unit.name}" if self._wide else unit.name
        status = STATUS_NAMES[unit.status] if self._wide else STATUS_MARKS[unit.status]
        return Row(unit.code, (name, status), _TONES[unit.status])

    async def on_grid_highlighted(self, event: Grid.Highlighted) -> None:
        """A click in the list opens the unit; keys have opened it already."""
        if event.key not in ("", self._unit) and event.key == self._units.key:
            self._light("units")
            await self._open(event.key)

    async def _open(self, code: str) -> None:
        """Shows the sheet of a unit; none where no unit was found."""
        self.query_one("#right").display = bool(code)
        if code and self._sheet.leave():
            self._unit = code
            self._sheet.show(await self.desk.call(sheet, code, self._month))
            self._show_points()

    # the sheet ---------------------------------------------------------------------------------

    def _judge(
        self, sheet: Sheet, item: Item, field: Field, kind: Kind, text: str
    ) -> tuple[Observation, Sheet]:
        return typed(self.desk.office, sheet, item, field, kind, text)

    def _worth(self, sheet: Sheet) -> SheetPoints:
        return worth(self.desk.office, sheet)

    def _save(self, seen: Observation) -> None:
        """Hands an observation in; each in turn, none replaces another."""
        saved = self.desk.hand_in(record, [seen])
        self.run_worker(self._acknowledge(seen, saved), group="save")

    async def _acknowledge(self, seen: Observation, saved: Future[None]) -> None:
        what = f"{seen.unit} {seen.item} {KIND_NAMES[seen.kind]} {short(seen.value)}"
        try:
            await asyncio.wrap_future(saved)
        except GsjxError as error:
            self.say(f"没有保存：{what}。{error}", "bad")
            if seen.unit == self._unit:
                self._sheet.show(await self.desk.call(sheet, seen.unit, self._month))
            return
        self._hint = f"已保存 {what}"
        self._show_note()
        self._note_progress(seen)

    def _note_progress(self, seen: Observation) -> None:
        """Marks the unit in the list as reported or verified without asking for all anew."""
        for index, unit in enumerate(self._shown):
            if unit.code == seen.unit:
                newer = replace(
                    unit,
                    claims=unit.claims + (seen.kind == "claim"),
                    verifications=unit.verifications + (seen.kind == "verify"),
                )
                self._shown[index] = newer
                self._units.update_row(self._unit_row(newer))

    def on_sheet_grid_clicked(self) -> None:
        """Keys go to the sheet once it is clicked."""
        self._light("sheet")
        self._show_points()

    def _show_points(self) -> None:
        """Points and hints as they are with what is typed."""
        found, worth = self._sheet.sheet, self._sheet.points
        if found is None or worth is None:
            return
        state = "  已核定" if found.confirmed is not None else ""
        self.query_one("#head", Static).update(
            f"{found.unit.code} {found.unit.name}\n"
            f"本月 {points(worth.month, signed=True)}  本阶段 {points(worth.stage)}"
            f" / {points(found.stage.points)}{state}",
            layout=False,
        )
        self._show_note()

    def _show_note(self) -> None:
        grid = self._sheet
        if grid.complaint:
            more = "（按 Esc 放弃这一格）" if grid.text else ""
            self.say(f"{grid.complaint}{more}", "bad")
        else:
            self.say("  ".join(filter(None, [self._cell_hint(grid), self._hint])))

    def _cell_hint(self, grid: SheetGrid) -> str:
        """What may go into the cell, who wrote what is there, what stood before."""
        line, found = grid.line, grid.sheet
        if line is None or line.item is None or line.field is None or found is None:
            return ""
        parts = [f"{KIND_NAMES[grid.kind]} {line.item.label}：{bounds(line.field)}"]
        written = found.written.get((grid.kind, (line.item.id, found.month, line.field.name)))
        if written is not None:
            note = f"“{written.note}”" if written.note else ""
            parts.append(f"{written.by} {local(written.at)} 填{note}")
        earlier = found.earlier(line.item.id, line.field.name)
        if earlier is not None:
            parts.append(f"{earlier[0].number} 月为 {short(earlier[1])}")
        return "  ".join(parts)

    # leaving ---------------------------------------------------------------------------------

    def leave(self) -> bool:
        """Hands in the cell in hand."""
        left = self._sheet.leave()
        self._show_points()
        return left

    def hang_up(self, left: asyncio.Event) -> None:
        """Saves the cell in hand with a note; what can't stand is kept as a draft."""
        left.set()  # what follows queues before the ledger is closed
        grid = self._sheet
        line, found, kind, text = grid.line, grid.sheet, grid.kind, grid.text
        if grid.leave("断线时保存，请核对") or found is None or line is None or line.item is None:
            return
        draft = Draft(
            unit=found.unit.code,
            name=found.unit.name,
            month=str(found.month),
            label=line.item.label,
            kind=KIND_NAMES[kind],
            text=text,
        )
        self.desk.hand_in(keep_draft, draft)
