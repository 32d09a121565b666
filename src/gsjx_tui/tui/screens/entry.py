"""Entry 录入: units at the left, the month of one of them at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from gsjx_tui.domain import Month
from gsjx_tui.office.progress import STATUS_MARKS, STATUS_NAMES, Progress, UnitProgress, progress
from gsjx_tui.office.review import Return, review
from gsjx_tui.office.sheet import Sheet, SheetPoints, sheet, worth
from gsjx_tui.office.undo import UndoneCell
from gsjx_tui.rubric.model import Observation
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.cell_screen import ACTS, CellScreen
from gsjx_tui.tui.screens.hearing import POSTED, RECORDED
from gsjx_tui.tui.screens.keyed import FILTER, MONTHS, Lit
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import FilterLine, Note, Prose, TitleBar
from gsjx_tui.tui.widgets.prompt import Prompt
from gsjx_tui.tui.widgets.sheet_grid import SheetGrid
from gsjx_tui.tui.widgets.text import points

if TYPE_CHECKING:
    from gsjx_tui.seats.news import Changed

_TONES = {
    "unreported": "",
    "returned": "warn",
    "reported": "warn",
    "verified": "",
    "confirmed": "muted",
}


class EntryScreen(CellScreen):
    """Typing in what a unit claims and what the office verified."""

    NAME = "录入"
    HELP = (
        "左边选单位，右边填它这个月的要点。数字直接打进格子，Enter 交下并到下一格。\n"
        "左右键换自评、复核。"
        "离开格子即保存，分数随打随算；不合规定的数当场说明原因，Esc 放弃这一格。\n"
        "填错了：u 撤销最近一次录入，Delete 清空一格；b 给一格加备注。\n"
        "同一格别人先改了，底下说出两个数：w 用您的，Esc 留对方的。\n"
        "再按 Esc 回到单位，n、p 直接到下一个、上一个单位。"
    )
    CSS_PATH = ["cells.tcss", "entry.tcss"]  # noqa: RUF012 as Textual types it
    PANE, CELLS = "units", "sheet"
    HEARS = RECORDED | POSTED
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "press('tab')", "换栏", key_display="Tab"),
        Binding("slash", "press('slash')", "找单位", key_display="/"),
        Binding("n", "press('n')", "换单位", key_display="n p"),
        *MONTHS,
        *ACTS,
        Binding("enter", "press('enter')", "下一格", key_display="Enter"),
    ]

    def __init__(self, month: Month, category: str = "", unit: str = "") -> None:
        super().__init__(month)
        self._category = category
        self._unit = unit
        self.pane = self.CELLS if unit else self.PANE
        self._progress: Progress | None = None
        self._shown: list[UnitProgress] = []
        self._returns: Sequence[Return] = ()

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        return Here(self._month, self._category, self._unit)

    def at_work(self) -> tuple[str, str]:
        """The unit whose sheet is open."""
        return self._unit, str(self._month)

    def looks_at(self, changed: Changed) -> bool:
        """Whether the change is of the unit whose sheet is open."""
        return self._unit in changed.units or super().looks_at(changed)

    def show_company(self) -> None:
        """Who else is at the unit stands in the head."""
        self.show_points()

    def compose(self) -> ComposeResult:
        """Filter and list at the left, the sheet at the right."""
        yield TitleBar("录入")
        with Horizontal():
            with Vertical(id="left"):
                yield FilterLine("/ 名称、代码或拼音首字母", id="filter")
                yield Grid([Column("单位")], id="units", empty="没有这样的单位")
            with Vertical(id="right"):
                yield Static(id="head")
                yield Prose(id="returned")
                yield SheetGrid(self.barred, self.judge, self._worth, self.save, id="sheet")
        yield Prompt()
        yield Note()
        yield Keys()

    @property
    def _units(self) -> Grid:
        return self.query_one(Grid)

    @property
    def _sheet(self) -> SheetGrid:
        return self.query_one(SheetGrid)

    # keys --------------------------------------------------------------------------------------

    def panes(self) -> Mapping[str, Lit]:
        """What keys can go to."""
        return {
            **super().panes(),
            "units": self._units,
            "sheet": self._sheet,
        }

    async def press(self, key: str, letter: str) -> bool:
        """The pane with the cursor takes the key, after those that act everywhere."""
        if await self.decide(key):
            pass
        elif key == "escape":
            await self.go_back()
        elif key in ("tab", "shift+tab"):
            self.light("units" if self.pane == "sheet" else "sheet")
        elif key == "slash":
            self.light(FILTER)
        elif key in ("n", "p"):
            await self._next_unit("down" if key == "n" else "up")
        elif self.pane == "sheet":
            return await self.act(key) or self._sheet.press(key, letter)
        elif key == "u":
            return await self.act(key)
        elif key == "enter":
            self.light("sheet")
        elif self._units.press(key):
            await self._open(self._units.key)
        else:
            return False
        return True

    def after_filter(self, key: str) -> str:
        """Enter goes on to the sheet of what was found, if anything was."""
        if key == "enter":
            return "sheet" if self._shown else FILTER
        return "units"

    async def sought(self) -> None:
        """The units that the filter finds, and the sheet of the first."""
        self._show_units()
        await self._open(self._units.key)

    async def go_back(self) -> None:
        """From the sheet to the list, from the list to the screen before."""
        if self.pane != "sheet":
            await super().go_back()
        elif self._sheet.text and self._sheet.complaint:
            self._sheet.drop()
        else:
            self.light("units")

    async def _next_unit(self, way: str) -> None:
        if self._sheet.leave():
            self._units.press(way)
            await self._open(self._units.key)

    # the list ----------------------------------------------------------------------------------

    async def fetch(self) -> None:
        """Shows the units of the month and the sheet of the one with the cursor."""
        self._progress = await self.desk.call(progress, self._month)
        names = {c.id: c.name for c in self._progress.categories}
        where = names.get(self._category, "全部单位")
        self.query_one(TitleBar).show(
            f"录入  {self._month.chinese} {self._progress.stage.name}", where
        )
        self._show_units(self._unit)
        await self._open(self._units.key)
        self.show_lit()

    def _show_units(self, key: str = "") -> None:
        if self._progress is None:
            return
        wanted = self.filter.text
        category = "" if wanted else self._category  # a search looks into all categories
        self._shown = [
            unit
            for unit in self._progress.units
            if unit.matches(wanted) and category in ("", unit.category)
        ]
        rows = [self._unit_row(unit) for unit in self._shown]
        columns = [Column("单位"), Column("进度", 6) if self.wide else Column("", 2)]
        self._units.show(rows, columns=columns, key=key)

    def on_resize(self) -> None:
        """The list says more where there is room."""
        self._show_units()

    def _unit_row(self, unit: UnitProgress) -> Row:
        """Code and name, how far it is; in a narrow list the name and one letter."""
        name = f"{unit.code} {unit.name}" if self.wide else unit.name
        status = STATUS_NAMES[unit.status] if self.wide else STATUS_MARKS[unit.status]
        return Row(unit.code, (name, status), _TONES[unit.status])

    async def on_grid_highlighted(self, event: Grid.Highlighted) -> None:
        """A click in the list opens the unit; keys have opened it already."""
        if event.key not in ("", self._unit) and event.key == self._units.key:
            self.light("units")
            await self._open(event.key)

    async def _open(self, code: str) -> None:
        """Shows the sheet of a unit; none where no unit was found."""
        self.query_one("#right").display = bool(code)
        if code and self._sheet.leave():
            self._unit = code
            self._sheet.show(await self.desk.call(sheet, code, self._month))
            self._returns = await self._standing(code)
            self.desk.work_on(*self.at_work())
            self.show_points()

    async def _standing(self, code: str) -> Sequence[Return]:
        """What was sent back to a unit since it claimed last, the newest first."""
        if any(unit.returned for unit in self._shown if unit.code == code):
            return (await self.desk.call(review, code, self._month)).standing
        return ()

    # the sheet ---------------------------------------------------------------------------------

    def _worth(self, sheet: Sheet) -> SheetPoints:
        return worth(self.desk.office, sheet)

    async def reread(self) -> None:
        """Shows the unit's sheet anew."""
        self._sheet.show(await self.desk.call(sheet, self._unit, self._month))

    async def go_to(self, cell: UndoneCell) -> None:
        """Opens the unit of a cell, in whatever category it is."""
        if cell.unit not in {unit.code for unit in self._shown}:
            self._category = ""
            self.filter.clear()
        self._unit, self.pane = cell.unit, "sheet"
        await self.fetch()
        self._sheet.point(cell.item, cell.field, cell.kind)

    def saved(self, seen: Observation) -> None:
        """Marks the unit in the list as reported or verified without asking for all anew."""
        if (seen.unit, seen.kind) == (self._unit, "claim"):
            self._returns = ()
            self._show_returns()
        for index, unit in enumerate(self._shown):
            if unit.code == seen.unit:
                newer = replace(
                    unit,
                    claims=unit.claims + (seen.kind == "claim"),
                    verifications=unit.verifications + (seen.kind == "verify"),
                    returned=unit.returned and seen.kind != "claim",
                )
                self._shown[index] = newer
                self._units.update_row(self._unit_row(newer))

    def show_points(self) -> None:
        """Points and hints as they are with what is typed."""
        found, worth = self._sheet.sheet, self._sheet.points
        if found is None or worth is None:
            return
        company = f"  {others}" if (others := self.company(found.unit.code)) else ""
        state = "  已核定" if found.confirmed is not None else ""
        self.query_one("#head", Static).update(
            f"{found.unit.code} {found.unit.name}{company}\n"
            f"本月 {points(worth.month, signed=True)}  本阶段 {points(worth.stage)}"
            f" / {points(found.stage.points)}{state}",
            layout=False,
        )
        self._show_returns()
        self.show_note()

    def _show_returns(self) -> None:
        """Why the month was sent back and until when it is wanted again, under the head."""
        told = self.query_one("#returned", Prose)
        told.display = bool(self._returns)
        if self._returns:
            newest, more = self._returns[0], len(self._returns) - 1
            item = self.desk.office.rubric.items[newest.item].label if newest.item else ""
            until = f"，{newest.deadline} 前重报" if newest.deadline else ""
            others = f"（另有 {more} 次退回，见复核）" if more else ""
            told.show(f"退回{item}{until}：{newest.reason}{others}")
