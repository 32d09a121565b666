"""Progress 进度: every unit in every month, who is late, and the list that reminds them."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from gsjx_tui.domain import Month
from gsjx_tui.office.board import Board, BoardUnit, board, write_reminder
from gsjx_tui.office.progress import STATUS_MARKS, STATUS_NAMES, STATUSES
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.hearing import POSTED, RECORDED
from gsjx_tui.tui.screens.keyed import FILTER
from gsjx_tui.tui.screens.reminder import ReminderScreen
from gsjx_tui.tui.screens.table import TableScreen
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Choice, FilterLine, Note, TitleBar

Wanted = Literal["all", "late", "returned", "open"]
WANTED: dict[Wanted, str] = {
    "all": "全部",
    "late": "迟报",
    "returned": "退回",
    "open": "未核定",
}
LEGEND = (
    "  ".join(f"{STATUS_MARKS[status]} {STATUS_NAMES[status]}" for status in STATUSES)
    + "  ! 迟报  - 不参加"
)
_HEADING = "*"
"""What the keys of the total and of the categories begin with; units' codes follow nothing."""

_NAME, _MONTH = 28, 6


class ProgressScreen(TableScreen):
    """Who has reported, month by month."""

    HELP: ClassVar[str] = (
        "进度表：每行一个单位，每列一个月，一眼看出谁没报、谁被退回、谁已核定。"
        "左右选月份，上下选单位，Enter 打开这一格去录入。"
        "f 只看迟报、退回或未核定的单位，k 换类别，/ 找单位。"
        "y 生成所选月份的催报单：复制到剪贴板，并在账本文件夹里存一份文本。"
    )
    NAME = "进度"
    CSS_PATH = "progress.tcss"
    HEARS = RECORDED | POSTED
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "press('enter')", "录入这一格", key_display="Enter"),
        Binding("left", "press('left')", "选月份", key_display="左右"),
        Binding("right", "press('right')", "后一个月", show=False),
        Binding("k", "press('k')", "类别"),
        Binding("f", "press('f')", "筛选"),
        Binding("slash", "press('slash')", "找单位", key_display="/"),
        Binding("y", "press('y')", "催报单"),
    ]

    def __init__(self, month: Month, category: str = "", unit: str = "") -> None:
        super().__init__()
        self._month = month
        self._category = category
        self._unit = unit
        self._wanted: Wanted = "all"
        self._board: Board | None = None
        self._units: dict[str, BoardUnit] = {}
        self._marked = ""

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        return Here(self._month, self._category, self._unit)

    def compose(self) -> ComposeResult:
        """What is shown, the table, what its letters mean."""
        yield TitleBar("进度")
        yield Choice(id="wanted")
        yield FilterLine("/ 名称、代码或拼音首字母", id="filter")
        yield Grid([Column("单位")], id="board", empty="没有这样的单位")
        yield Static(LEGEND, id="legend")
        yield Note()
        yield Keys()

    # keys --------------------------------------------------------------------------------------

    async def press(self, key: str, letter: str) -> bool:
        """Moves in both ways, filters, acts on the cell with the cursor."""
        if key in ("left", "right"):
            self._month = self.moved_month(self._month, 1 if key == "right" else -1)
            self._show()
        elif key == "k":
            self._next_category()
        elif key == "f":
            names = list(WANTED)
            self._wanted = names[(names.index(self._wanted) + 1) % len(names)]
            self._show(on_unit=True)
        elif key == "slash":
            self.light(FILTER)
        elif key == "y":
            await self._remind()
        elif key == "escape":
            await self.go_back()
        else:
            return await super().press(key, letter)
        return True

    async def sought(self) -> None:
        """The units that the filter finds."""
        self._show(on_unit=True)

    def _next_category(self) -> None:
        assert self._board is not None
        ids = ["", *(category.id for category in self._board.categories)]
        self._category = ids[(ids.index(self._category) + 1) % len(ids)]
        self._show()

    def open_row(self) -> None:
        """The cell with the cursor: the unit's sheet of the month, or the category's units."""
        from gsjx_tui.tui.screens.entry import EntryScreen

        key = self.grid.key
        unit = self._units.get(key)
        if unit is None:
            self.app.push_screen(EntryScreen(self._month, key.removeprefix(_HEADING)))
        elif unit.status(self._month) is None:
            self.say(f"{unit.unit.name}在 {self._month} 不参加考核。", "bad")
        else:
            self._unit = key
            self.app.push_screen(EntryScreen(self._month, unit.unit.category, key))

    async def _remind(self) -> None:
        text, path = await self.desk.call(write_reminder, self._month)
        self.app.copy_to_clipboard(text)
        self.app.push_screen(ReminderScreen(text, str(path)))

    def pressed(self) -> None:
        """The mark follows the cursor."""
        self._mark()

    def on_grid_highlighted(self) -> None:
        """A click in the table moves the mark too."""
        self._mark()

    # the table ---------------------------------------------------------------------------------

    async def fetch(self) -> None:
        """Shows the board as it is today."""
        self._board = await self.desk.call(board, date.today())
        self._units = {unit.unit.code: unit for unit in self._board.units}
        if self._category not in {category.id for category in self._board.categories}:
            self._category = ""
        self._show(self._unit)
        self.show_lit()

    def on_resize(self) -> None:
        """More months where there is room."""
        self._show()

    def _show(self, key: str = "", *, on_unit: bool = False) -> None:
        """The units that are wanted in the months that fit."""
        found = self._board
        if found is None:
            return
        names = {category.id: category.name for category in found.categories}
        stage = self.desk.office.rubric.stage_of(self._month)
        assert stage is not None
        self.query_one(TitleBar).show(
            f"进度  {self._month.chinese} {stage.name}", names.get(self._category, "全部单位")
        )
        self.query_one(Choice).show(list(WANTED.values()), list(WANTED).index(self._wanted))
        months = self._months(found)
        columns = [
            Column("单位"),
            *(Column(self._between(f"{m.number}月", m), _MONTH, right=True) for m in months),
        ]
        rows = self._rows(found)
        self.grid.show(rows, columns=columns, key=key or self._kept(rows, on_unit=on_unit))
        self._mark()
        late = sum(found.late(unit, self._month) for unit in found.units)
        owing = found.owing(self._month)
        self.say(
            f"{self._month.chinese}欠报 {owing} 个单位，其中迟报 {late} 个（标题行为欠报单位数）"
        )

    def _kept(self, rows: list[Row], *, on_unit: bool) -> str:
        """The row the cursor is on if it is still there (and a unit), else the first unit."""
        before, keys = self.grid.key, [row.key for row in rows]
        if before in keys and not (on_unit and before.startswith(_HEADING)):
            return before
        units = (key for key in keys if not key.startswith(_HEADING))
        return next(units, "") if before else ""

    def _months(self, found: Board) -> tuple[Month, ...]:
        """As many months as fit, the one in hand in their middle."""
        room = max(1, (self.size.width - 3 - _NAME) // (_MONTH + 1))
        at = found.months.index(self._month)
        start = max(0, min(at - room // 2, len(found.months) - room))
        return found.months[start : start + room]

    def _rows(self, found: Board) -> list[Row]:
        rows = []
        for category in found.categories:
            units = [
                self._row(unit, chosen=False)
                for unit in found.units
                if unit.unit.category == category.id and self._is_wanted(found, unit)
            ]
            if units:
                rows.append(self._heading(found, category.id, f"{category.name}", len(units)))
                rows += units
        if rows and not self._category and not self.filter.text:
            shown = sum(not row.key.startswith(_HEADING) for row in rows)
            rows.insert(0, self._heading(found, "", "合计", shown))
        return rows

    def _is_wanted(self, found: Board, unit: BoardUnit) -> bool:
        """A search looks into all categories; the filter is about the month with the cursor."""
        if self.filter.text:
            if not unit.named.matches(self.filter.text):
                return False
        elif self._category not in ("", unit.unit.category):
            return False
        if self._wanted == "late":
            return found.late(unit, self._month)
        status = unit.status(self._month)
        if self._wanted == "returned":
            return status == "returned"
        return self._wanted == "all" or status not in (None, "confirmed")

    def _heading(self, found: Board, category: str, name: str, shown: int) -> Row:
        owing = [
            self._between(f"{found.owing(month, category) or ''}", month, chosen=False)
            for month in self._months(found)
        ]
        return Row(f"{_HEADING}{category}", (f"{name} {shown} 个", *owing), "heading")

    def _row(self, unit: BoardUnit, *, chosen: bool) -> Row:
        found = self._board
        assert found is not None
        cells = []
        for month in self._months(found):
            status = unit.status(month)
            mark = "- " if status is None else STATUS_MARKS[status]
            late = "!" if found.late(unit, month) else " "
            cells.append(self._between(f"{mark}{late}", month, chosen=chosen))
        tone = "warn" if found.late(unit, self._month) else ""
        if unit.status(self._month) == "confirmed":
            tone = "muted"
        return Row(unit.unit.code, (f"{unit.unit.code} {unit.unit.name}", *cells), tone)

    def _between(self, text: str, month: Month, *, chosen: bool = True) -> str:
        """Brackets around what is in the month with the cursor."""
        return f"[{text}]" if chosen and month == self._month else f" {text} "

    def _mark(self) -> None:
        """Only the row with the cursor has brackets around the month with the cursor."""
        key = self.grid.key
        for code in dict.fromkeys((self._marked, key)):
            if code in self._units:
                self.grid.update_row(self._row(self._units[code], chosen=code == key))
        self._marked = key
