"""Entry 录入: units at the left, the month of one of them at the right."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Footer, Input, Static

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
from gsjx_tui.tui.widgets.lines import Note, TitleBar
from gsjx_tui.tui.widgets.sheet_grid import SheetGrid
from gsjx_tui.tui.widgets.text import points

_TONES = {"unreported": "", "reported": "warn", "verified": "", "confirmed": "muted"}


class UnitFilter(Input):
    """Finds units by name, code or pinyin initials; arrows and Enter go on to the list."""

    def __init__(self) -> None:
        super().__init__(
            placeholder="/ 名称、代码或拼音首字母", id="filter", compact=True, select_on_focus=True
        )
        self.cursor_blink = False


class EntryScreen(OfficeScreen):
    """Typing in what a unit claims and what the office verified."""

    CSS_PATH = "entry.tcss"
    AUTO_FOCUS = "#units"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "找单位", key_display="/"),
        Binding("n", "unit(1)", "下、上一单位", key_display="n p"),
        Binding("p", "unit(-1)", show=False),
        Binding("left_square_bracket", "month(-1)", "换月", key_display="[ ]"),
        Binding("right_square_bracket", "month(1)", show=False),
        Binding("tab", "pane", "换栏", key_display="Tab"),
        Binding("shift+tab", "pane", show=False),
    ]

    def __init__(self, month: Month, category: str = "", unit: str = "") -> None:
        super().__init__()
        self._month = month
        self._category = category
        self._unit = unit
        self._progress: Progress | None = None
        self._shown: list[UnitProgress] = []
        self._hint = ""

    def compose(self) -> ComposeResult:
        """Filter and list at the left, the sheet at the right."""
        yield TitleBar("录入")
        with Horizontal():
            with Vertical(id="left"):
                yield UnitFilter()
                yield Grid([Column("单位")], id="units", empty="没有这样的单位")
            with Vertical(id="right"):
                yield Static(id="head")
                yield SheetGrid(self._judge, self._worth, self._save, id="sheet")
        yield Note()
        yield Footer(show_command_palette=False)

    # the list ----------------------------------------------------------------------------------

    def load(self) -> None:
        """Shows the units of the month and the sheet of the one with the cursor."""
        self.ask(self._load(), group="units")

    async def _load(self) -> None:
        self._progress = await self.desk.call(progress, self._month)
        names = {c.id: c.name for c in self._progress.categories}
        where = names.get(self._category, "全部单位")
        self.query_one(TitleBar).show(
            f"录入  {self._month.chinese} {self._progress.stage.name}", where
        )
        self._show_units(self._unit)
        self._open(self.query_one("#units", Grid).key)

    def _show_units(self, key: str = "") -> None:
        if self._progress is None:
            return
        wanted = self.query_one(UnitFilter).value
        category = "" if wanted else self._category  # a search looks into all categories
        self._shown = [
            unit
            for unit in self._progress.units
            if unit.matches(wanted) and category in ("", unit.category)
        ]
        rows = [self._unit_row(unit) for unit in self._shown]
        columns = [Column("单位"), Column("进度", 6) if self._wide else Column("", 2)]
        self.query_one("#units", Grid).show(rows, columns=columns, key=key)

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

    def on_input_changed(self) -> None:
        """Narrows the list while the filter is typed."""
        self._show_units()

    def on_input_submitted(self) -> None:
        """Enter in the filter opens the first unit that was found."""
        if self._shown:
            self.query_one("#sheet").focus()

    def on_key(self, event: object) -> None:
        """Down in the filter goes to the list."""
        if getattr(event, "key", "") == "down" and isinstance(self.focused, UnitFilter):
            self.query_one("#units").focus()

    def on_grid_highlighted(self, event: Grid.Highlighted) -> None:
        """The sheet follows the cursor in the list."""
        self._open(event.key)

    def on_grid_selected(self) -> None:
        """Enter on a unit goes to its sheet."""
        self.query_one("#sheet").focus()

    def _open(self, code: str) -> None:
        if code:
            self._unit = code
            self.ask(self._load_sheet(code), group="sheet")
        self.query_one("#right").display = bool(code)

    async def _load_sheet(self, code: str) -> None:
        found = await self.desk.call(sheet, code, self._month)
        self.query_one(SheetGrid).show(found)

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
            self._open(seen.unit)
            return
        self._hint = f"已保存 {what}"
        self._show_note()
        self._note_progress(seen)

    def _note_progress(self, seen: Observation) -> None:
        """Marks the unit in the list as reported or verified without asking for all anew."""
        for index, unit in enumerate(self._shown):
            if unit.code == seen.unit and self._progress is not None:
                claims, verifications = unit.claims, unit.verifications
                if seen.kind == "claim":
                    claims += 1
                else:
                    verifications += 1
                newer = UnitProgress(
                    unit.code, unit.name, unit.initials, unit.category, claims, verifications,
                    unit.confirmed_by, unit.confirmed_at,
                )  # fmt: skip
                self._shown[index] = newer
                self.query_one("#units", Grid).update_row(self._unit_row(newer))

    def on_sheet_grid_changed(self) -> None:
        """Shows points and hints as one types."""
        grid = self.query_one(SheetGrid)
        found, worth = grid.sheet, grid.points
        if found is None or worth is None:
            return
        state = "  已核定" if found.confirmed is not None else ""
        self.query_one("#head", Static).update(
            f"{found.unit.code} {found.unit.name}\n"
            f"本月 {points(worth.month, signed=True)}  本阶段 {points(worth.stage)}"
            f" / {points(found.stage.points)}{state}"
        )
        self._show_note()

    def _show_note(self) -> None:
        grid = self.query_one(SheetGrid)
        if grid.complaint:
            more = "（按 Esc 放弃这一格）" if grid.typing else ""
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

    # moving ------------------------------------------------------------------------------------

    def leave(self) -> bool:
        """Hands in the cell in hand."""
        return self.query_one(SheetGrid).leave()

    def hang_up(self) -> None:
        """Saves the cell in hand with a note; what can't stand is kept as a draft."""
        grid = self.query_one(SheetGrid)
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

    def action_back(self) -> None:
        """From the sheet to the list, from the list to the screen before."""
        grid = self.query_one(SheetGrid)
        if grid.complaint and grid.typing:
            grid.drop()
        elif not grid.leave():
            return
        elif grid.has_focus or isinstance(self.focused, UnitFilter):
            self.query_one("#units").focus()
        elif self.query_one(UnitFilter).value:
            self.query_one(UnitFilter).value = ""
        else:
            self.app.pop_screen()

    def action_filter(self) -> None:
        """Goes to the filter."""
        if self.leave():
            self.query_one(UnitFilter).focus()

    def action_pane(self) -> None:
        """Between the list and the sheet."""
        if self.leave():
            in_list = not self.query_one(SheetGrid).has_focus
            self.query_one("#sheet" if in_list else "#units").focus()

    def action_unit(self, by: int) -> None:
        """The next unit of the list, the cursor stays in its pane."""
        if self.leave():
            self.query_one("#units", Grid).action_move(by)

    def action_month(self, by: int) -> None:
        """Another month of the same unit."""
        if self.leave():
            self._month = self.moved_month(self._month, by)
            self._hint = ""
            self.load()
