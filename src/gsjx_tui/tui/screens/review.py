"""Review 复核: what a unit claims beside what the office verified; sending its month back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from gsjx_tui.domain import Month
from gsjx_tui.office.check import bounds
from gsjx_tui.office.progress import UnitProgress, progress
from gsjx_tui.office.review import (
    UnitReview,
    review,
    review_counts,
)
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.hearing import POSTED, RECORDED
from gsjx_tui.tui.screens.keyed import FILTER, MONTHS, YES, Lit
from gsjx_tui.tui.screens.review_acts import ReviewActs
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Choice, FilterLine, Note, Steps, TitleBar
from gsjx_tui.tui.widgets.prompt import Prompt
from gsjx_tui.tui.widgets.review_grid import ReviewGrid
from gsjx_tui.tui.widgets.review_rows import plain, told_of


class ReviewScreen(ReviewActs):
    """Units at the left, the cells of one at the right."""

    NAME = "复核"
    CSS_PATH = "review.tcss"
    PANE = "units"
    HELP: ClassVar[str] = (
        "逐个单位核对自评。光标在某格时直接打数字就是复核，离开即保存；"
        "复核空着时按回车，照自评复核。按 a 把未复核的全部照自评复核，按 f 只看有差异、"
        "未复核或无佐证的。按 t 把本月退回单位并写理由和期限，按 T 只退回这一个要点。"
        "同一格别人先复核了，底下说出两个数：w 用您的，Esc 留对方的。"
    )
    HEARS = RECORDED | POSTED
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "press('a')", "全照自评"),
        Binding("f", "press('f')", "筛选"),
        Binding("t", "press('t')", "退回", key_display="t T"),
        Binding("b", "press('b')", "备注"),
        Binding("n", "press('n')", "换单位", key_display="n p"),
        Binding("slash", "press('slash')", "找", key_display="/"),
        *MONTHS,
        Binding("T", "press('T')", "只退回这一个要点", show=False),
        Binding("p", "press('p')", "上一单位", show=False),
        Binding("enter", "press('enter')", "保存，空着则照自评复核", show=False),
        Binding("tab", "press('tab')", "换栏", show=False),
    ]

    def __init__(self, month: Month, category: str = "", unit: str = "") -> None:
        super().__init__(month, unit)
        self._category = category
        self.pane = "cells" if unit else self.PANE
        self._units: dict[str, UnitProgress] = {}
        self._counts: dict[str, UnitReview] = {}

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        return Here(self._month, self._category, self._unit)

    def compose(self) -> ComposeResult:
        """The list of units, the cells of one with notes below, a line for a reason."""
        yield TitleBar("复核")
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                yield FilterLine("/ 名称、代码或首字母", id="filter")
                yield Grid([Column("单位")], id="units", empty="没有这样的单位")
            with Vertical(id="right"):
                yield Static(id="head")
                yield Choice(id="choice")
                yield ReviewGrid(self.barred, self.judge, self.save, id="cells")
                yield Steps(6, 2, id="detail")
        yield Prompt()
        yield Note()
        yield Keys()

    @property
    def _list(self) -> Grid:
        return self.query_one("#units", Grid)

    # keys --------------------------------------------------------------------------------------

    def panes(self) -> Mapping[str, Lit]:
        """What keys can go to."""
        return {
            **super().panes(),
            "units": self._list,
            "cells": self._cells,
        }

    def pressed(self) -> None:
        """What was typed shows in head, detail and note."""
        self._show_around()

    async def paste(self, text: str) -> None:
        """One number goes into the cell."""
        if self.pane == "cells" and len(text.split()) == 1:
            self._cells.type(self._cells.text + plain(text.strip()))

    def on_click(self, event: events.Click) -> None:
        """Keys go to the list that was clicked."""
        panes: dict[object, str] = {self._cells: "cells", self._list: "units"}
        if event.widget in panes:
            self.light(panes[event.widget])

    async def press(self, key: str, letter: str) -> bool:
        """The cell with the cursor takes the key, else it acts once the cell is handed in."""
        cells = self._cells
        if self.decide(key) or (self.pane == "cells" and cells.press(key, letter)):
            return True
        if key == "escape":
            await self.go_back()
        elif not cells.leave():
            return True
        elif key in ("tab", "shift+tab"):
            self.light("units" if self.pane == "cells" else "cells")
        elif key == "slash":
            self.light(FILTER)
        elif key in ("n", "p"):
            self._list.press("down" if key == "n" else "up")
            await self._open(self._list.key)
        elif key == "f":
            cells.next_filter()
        elif key in ("a", "t", "T", "b"):
            self.begin_act(key)
        elif key == "enter":
            self.light("cells")
        elif self.pane == "units" and self._list.press(key):
            await self._open(self._list.key)
        else:
            return False
        return True

    def after_filter(self, key: str) -> str:
        """To the units: Enter there goes on to the cells, where it accepts what one has seen."""
        return "units"

    async def sought(self) -> None:
        """The units that the filter finds, and the cells of the first."""
        self._show_units("" if self.filter.text else self._unit)
        await self._open(self._list.key)

    async def go_back(self) -> None:
        """From the cells to the units, what is typed handed in; from there back."""
        if self.pane != "cells":
            await super().go_back()
        elif self._cells.complaint:
            self._cells.type("")
        elif self._cells.leave():
            self.light("units")

    def action_month(self, by: int) -> None:
        """Moves the month."""
        if self._cells.leave():
            self._month = self.moved_month(self._month, by)
            self.load()

    # showing -----------------------------------------------------------------------------------

    async def fetch(self) -> None:
        """Shows the units of the month and the cells of the one with the cursor."""
        found = await self.desk.call(progress, self._month)
        self._units = {unit.code: unit for unit in found.units}
        self._counts = dict(await self.desk.call(review_counts, self._month))
        names = {c.id: c.name for c in found.categories}
        self.query_one(TitleBar).show(
            f"复核  {self._month.chinese} {found.stage.name}",
            names.get(self._category, "全部单位"),
        )
        self._news = ""
        self._show_units(self._unit)
        await self._open(self._list.key)
        self.show_lit()

    def _show_units(self, key: str = "") -> None:
        wanted = self.filter.text
        category = "" if wanted else self._category
        rows = [
            self._unit_row(unit)
            for unit in self._units.values()
            if unit.matches(wanted) and (category in ("", unit.category) or unit.code == key)
        ]
        columns = [Column("单位"), Column("未", 2, right=True), Column("差", 2, right=True)]
        self._list.show(rows, columns=[*columns, Column("", 2)], key=key)

    def _unit_row(self, unit: UnitProgress) -> Row:
        counts = self._counts.get(unit.code, UnitReview())
        state = "定" if unit.confirmed_by else "退" if counts.returned else ""
        name = f"{unit.code} {unit.name}" if self.wide else unit.name
        cells = (name, str(counts.unverified or ""), str(counts.differing or ""), state)
        muted = unit.confirmed_by or not unit.claims + unit.verifications
        return Row(unit.code, cells, "muted" if muted else "warn" if counts.unverified else "")

    async def _open(self, code: str) -> None:
        """Shows the cells of a unit; none where no unit was found."""
        self.query_one("#right").display = bool(code)
        self._unit = code or self._unit
        self._cells.open(await self.desk.call(review, code, self._month) if code else None)
        self.desk.work_on(*self.at_work())
        self._show_around()

    async def reread(self) -> None:
        """Shows the cells of the unit anew."""
        await self._open(self._unit)

    async def on_grid_highlighted(self, event: Grid.Highlighted) -> None:
        """A click opens the unit or goes to the cell; keys have done so already."""
        if event.grid is self._cells:
            self._cells.follow_click()
            self._show_around()
        elif event.key != self._unit and event.key == self._list.key and self._cells.leave():
            await self._open(event.key)

    def on_resize(self) -> None:
        """The cells say more where there is room."""
        self._cells.noted = self.wide
        if self._units:
            self._show_units()
        if self._cells.review is not None:
            self._cells.show_cells()

    def _show_around(self) -> None:
        """What stands around the cells: the unit, the filters, the cell in full, the note."""
        found, row = self._cells.review, self._cells.row
        self.query_one("#detail", Steps).show(told_of(row, found) if row and found else [])
        self.show_note()
        if found is None:
            return
        state = ""
        if found.confirmed is not None:
            state = "  已核定"
        elif found.returned:
            until = found.returns[0].deadline
            state = f"  已退回{f'，期限 {until}' if until else ''}"
        name = f"{found.unit.code} {found.unit.name}{state}"
        self.query_one("#head", Static).update(Text(name, no_wrap=True), layout=False)
        self.query_one(Choice).show(*self._cells.choices)
        unit = self._units.get(found.unit.code)
        if unit is not None:
            self._counts[unit.code] = self._cells.counts
            self._list.update_row(self._unit_row(unit))

    def show_note(self) -> None:
        """What is wrong with the cell, or what may go into it and what was done last."""
        cells, row = self._cells, self._cells.row
        if self.pane == YES:
            return
        if cells.complaint:
            more = "（按 Esc 放弃这一格）" if cells.text else ""
            self.say(f"{cells.complaint}{more}", "bad")
        elif self._refused.text:
            self.say(self._refused.text, "bad")
        elif row is not None and self.pane == "cells":
            more = "  回车照自评" if row.unverified and not cells.text else ""
            self.say("  ".join(filter(None, [f"复核：{bounds(row.field)}{more}", self._news])))
        else:
            self.say(self._news)
