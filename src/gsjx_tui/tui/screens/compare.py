"""Compare 对比: units side by side by stage and indicator, and their places by month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from gsjx_tui.domain import Month
from gsjx_tui.office.check import short
from gsjx_tui.office.compare import ComparedLine, Comparison, compare
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.hearing import POSTED
from gsjx_tui.tui.screens.keyed import MONTHS
from gsjx_tui.tui.screens.table import TableScreen
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Note, TitleBar
from gsjx_tui.tui.widgets.text import balanced, fit, points

_POINTS, _BEHIND = 7, 7
"""Cells of a unit's points and of how far it is behind the best."""


def _head(code: str, name: str, room: int) -> str:
    """A unit in one line, or where there is no room the code above its whole name."""
    whole = f"{code} {name}"
    return whole if cell_len(whole) <= room else "\n".join([code, *balanced(name, room)])


class CompareScreen(TableScreen):
    """Why one unit stands behind another."""

    NAME = "对比"
    CSS_PATH = "compare.tcss"
    HELP: ClassVar[str] = (
        "把选中的单位并排放，得分高的在左，逐阶段、逐指标看每个单位的得分和落后最高者多少。"
        "带 * 的是差距最大的几项指标。按 d 只看有差别的指标，再按一次看全部。"
        "最下面是各单位各月的累计名次。"
    )
    HEARS = POSTED
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "differences", "只看差别"),
        *MONTHS,
    ]

    def __init__(self, month: Month, units: Sequence[str]) -> None:
        super().__init__()
        self._month = month
        self._units = tuple(units)
        self._found: Comparison | None = None
        self._lines: dict[str, ComparedLine] = {}
        self._only_differences = False

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        return Here(self._month)

    def compose(self) -> ComposeResult:
        """One table: points and differences above, places by month below."""
        yield TitleBar("对比")
        yield Grid([Column("")], id="table")
        yield Note()
        yield Keys()

    def action_differences(self) -> None:
        """Only the indicators in which the units differ, or all."""
        self._only_differences = not self._only_differences
        self._show()

    def action_month(self, by: int) -> None:
        """Moves the month."""
        self._month = self.moved_month(self._month, by)
        self.load()

    async def fetch(self) -> None:
        """Compares through the month."""
        self._found = await self.desk.call(compare, self._units, self._month)
        where = "、".join(self._found.categories)
        self.query_one(TitleBar).show(f"对比  至 {self._month.chinese}", where)
        self._show()
        self.show_lit()

    def on_resize(self) -> None:
        """Names get more room where there is some."""
        self._show()

    def _show(self) -> None:
        found = self._found
        if found is None:
            return
        wide = self.wide
        each = (self.size.width - (50 if wide else 28)) // len(found.units)
        room = max(_POINTS + _BEHIND, min(each, 28))
        columns = [Column("阶段、指标"), *([Column("分值", 7, right=True)] if wide else [])]
        columns += [
            Column(_head(unit.code, unit.name, room), room, right=True) for unit in found.units
        ]
        rows = [self._row(found.total, "heading", wide, room)]
        for stage in found.stages:
            shown = [line for line in stage.indicators if line.spread or not self._only_differences]
            if shown or not self._only_differences:
                rows.append(self._row(stage.line, "heading", wide, room))
            for line in shown:
                mark = "* " if line.id in found.largest else "  "
                tone = "warn" if line.id in found.largest else ""
                rows.append(self._row(line, tone, wide, room, mark))
        rows += self._places(found, wide, room)
        self._lines = {
            line.id: line for stage in found.stages for line in (stage.line, *stage.indicators)
        }
        self.grid.show(rows, columns=columns)
        self._tell(self.grid.key)

    def _row(self, line: ComparedLine, tone: str, wide: bool, room: int, mark: str = "") -> Row:
        cells = [
            fit(points(value), room - _BEHIND, right=True)
            + fit(short(behind) if behind else "", _BEHIND, right=True)
            for value, behind in zip(line.points, line.behind, strict=True)
        ]
        nominal = [points(line.nominal) if line.nominal else ""] if wide else []
        return Row(line.id, (f"{mark}{line.name}", *nominal, *cells), tone)

    def _places(self, found: Comparison, wide: bool, room: int) -> list[Row]:
        """A heading, then a row a month, the place where the points stand above."""
        blank = ("",) if wide else ()
        rows = [Row("places", ("累计名次", *blank, *("" for _ in found.units)), "heading")]
        for month in found.months:
            places = []
            for unit in found.units:
                standing = found.trend.get(unit.code, {}).get(month)
                place = str(standing.rank) if standing else "-"
                places.append(fit(fit(place, room - _BEHIND, right=True), room))
            rows.append(Row(f"place:{month}", (f"  {month.chinese}", *blank, *places)))
        return rows

    def on_grid_highlighted(self, event: Grid.Highlighted) -> None:
        """The note says what the line with the cursor is."""
        self._tell(event.key)

    def _tell(self, key: str) -> None:
        line = self._lines.get(key)
        if line is None:
            shown = "只看有差别的指标" if self._only_differences else "全部指标"
            self.say(f"{shown}，带 * 的差距最大；右列为落后最高者的分")
            return
        nominal = f"分值 {points(line.nominal)}" if line.nominal else "加扣分"
        clause = f"（{line.clause}）" if line.clause else ""
        self.say(f"{line.name}{clause}：{nominal}，最高与最低相差 {points(line.spread)}")
