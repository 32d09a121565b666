"""Ranking 排名: a tab a category; cumulative, stage or month; any month; the trend of places."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from gsjx_tui.domain import Month
from gsjx_tui.office.progress import unit_matches
from gsjx_tui.office.rank import Rank, moved_text
from gsjx_tui.office.trend import RankingSheet, ScopeName, ranking_sheet
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.hearing import POSTED
from gsjx_tui.tui.screens.keyed import FILTER, MONTHS
from gsjx_tui.tui.screens.table import TableScreen
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Choice, FilterLine, Note, TitleBar
from gsjx_tui.tui.widgets.spark import sparkline
from gsjx_tui.tui.widgets.text import points

SCOPES: dict[ScopeName, str] = {"cumulative": "累计", "stage": "本阶段", "month": "本月"}

MOST_COMPARED = 4
"""How many units can be marked for comparing."""


class RankingScreen(TableScreen):
    """Who stands where in a category, who moved, and how it went over the months."""

    NAME = "排名"
    CSS_PATH = "ranking.tcss"
    HELP: ClassVar[str] = (
        "每个类别一页，看单位的名次、得分、与前一名的差距和升降。"
        "走势是各月累计名次，越高越靠前；名次后的 * 表示该单位还没有核定到本月，名次未定。"
        "按 / 用名称、代码或拼音首字母找单位；按空格选二至四个单位，再按 v 并排对比。按 b 看图表。"
        "按 Enter 打开得分卡，看分从哪里来。"
    )
    HEARS = POSTED
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "press('enter')", "得分卡", key_display="Enter"),
        Binding("tab,right", "press('tab')", "类别", key_display="Tab"),
        Binding("shift+tab,left", "press('left')", "上一类别", show=False),
        Binding("s", "press('s')", "范围"),
        *MONTHS,
        Binding("slash", "press('slash')", "找单位", key_display="/"),
        Binding("space,x", "press('space')", "选中", key_display="空格"),
        Binding("v", "press('v')", "对比"),
        Binding("b", "press('b')", "图表"),
    ]

    def __init__(self, category: str = "") -> None:
        super().__init__()
        self._category = category
        self._month: Month | None = None
        self._scope: ScopeName = "cumulative"
        self._found: RankingSheet | None = None
        self._marked: list[str] = []

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        return Here(self._month or super().here().month, self._category, self.query_one(Grid).key)

    def compose(self) -> ComposeResult:
        """Categories, scope and filter, the table."""
        yield TitleBar("排名")
        yield Choice(id="categories")
        yield Choice(id="scopes")
        yield FilterLine("/ 名称、代码或拼音首字母", id="filter")
        yield Grid([Column("单位")], id="ranks", empty="没有这样的单位")
        yield Note()
        yield Keys()

    # keys --------------------------------------------------------------------------------------

    async def press(self, key: str, letter: str) -> bool:
        """Moves, marks, or shows another part of the ranking."""
        acts = {
            "tab": lambda: self._next_category(1),
            "right": lambda: self._next_category(1),
            "shift+tab": lambda: self._next_category(-1),
            "left": lambda: self._next_category(-1),
            "s": self._next_scope,
            "slash": lambda: self.light(FILTER),
            "space": self._mark,
            "x": self._mark,
            "v": self._compare,
            "b": self._charts,
        }
        if key in acts:
            acts[key]()
        elif key == "escape":
            await self.go_back()
        else:
            return await super().press(key, letter)
        return True

    async def press_filter(self, key: str, letter: str) -> bool:
        """Keys of movement go to the table while one looks for a unit."""
        return self.grid.press(key) or await super().press_filter(key, letter)

    async def sought(self) -> None:
        """The units that the filter finds."""
        self._show()

    async def go_back(self) -> None:
        """First all units again, then nothing marked, then the screen before."""
        if self._marked and not self.filter.text:
            self._marked = []
            self._show()
        else:
            await super().go_back()

    def _next_category(self, by: int) -> None:
        if self._found is not None:
            ids = [category.id for category in self._found.campaign.categories]
            self._category = ids[(ids.index(self._category) + by) % len(ids)]
            self.load()

    def _next_scope(self) -> None:
        names = list(SCOPES)
        self._scope = names[(names.index(self._scope) + 1) % len(names)]
        self.load()

    def action_month(self, by: int) -> None:
        """Moves the month."""
        if self._month is not None:
            self._month = self.moved_month(self._month, by)
            self.load()

    def open_row(self) -> None:
        """Opens the card of the unit with the cursor."""
        from gsjx_tui.tui.screens.card import CardScreen

        if self._month is not None and self.grid.key:
            self.app.push_screen(CardScreen(self.grid.key, self._month))

    def _mark(self) -> None:
        """Marks the unit for comparing, or no longer."""
        unit = self.grid.key
        if unit in self._marked:
            self._marked.remove(unit)
        elif unit and len(self._marked) == MOST_COMPARED:
            self.say(f"至多选 {MOST_COMPARED} 个单位，再按一次空格可去掉已选的", "bad")
            return
        elif unit:
            self._marked.append(unit)
        self._show()
        self.grid.press("down")

    def _compare(self) -> None:
        from gsjx_tui.tui.screens.compare import CompareScreen

        if len(self._marked) < 2:
            self.say(f"先移到单位上按空格，选中二至 {MOST_COMPARED} 个单位，再按 v 对比", "bad")
        elif self._month is not None:
            self.app.push_screen(CompareScreen(self._month, self._marked))

    def _charts(self) -> None:
        """The charts of the category, on the unit with the cursor."""
        from gsjx_tui.tui.screens.charts import ChartsScreen

        self.app.push_screen(ChartsScreen(self._month, self._category, self.grid.key))

    # the table ---------------------------------------------------------------------------------

    async def fetch(self) -> None:
        """Shows the ranking of the category, scope and month."""
        found = await self.desk.call(ranking_sheet, self._category, self._month, self._scope)
        self._found, self._category, self._month = found, found.category, found.month
        ids = [category.id for category in found.campaign.categories]
        names = [category.name for category in found.campaign.categories]
        self.query_one("#categories", Choice).show(names, ids.index(found.category))
        said = {**SCOPES, "stage": f"本阶段（{found.stage.name}）"}
        scopes = self.query_one("#scopes", Choice)
        scopes.show(list(said.values()), list(said).index(self._scope))
        self.query_one(TitleBar).show(f"排名  {found.month.chinese} {found.stage.name}")
        self._show()
        self.show_lit()

    def on_resize(self) -> None:
        """There are columns more where there is room."""
        self._show()

    def _show(self) -> None:
        """The rows that the filter finds."""
        if self._found is None:
            return
        wanted, initials = self.filter.text, self._found.initials
        shown = [
            row
            for row in self._found.rows
            if unit_matches(wanted, row.unit, row.name, initials.get(row.unit, ""))
        ]
        wide, plain = self.wide, self.app.has_class("-ascii")
        self.grid.show(
            [self._row(row, wide, plain) for row in shown], columns=_columns(wide, plain)
        )
        self._tell(len(shown))

    def _row(self, row: Rank, wide: bool, plain: bool) -> Row:
        assert self._found is not None
        standings = self._found.trend.get(row.unit, {})
        wide_only = ("是" if row.confirmed_through else "未核定",) if wide else ()
        cells = (
            "+" if row.unit in self._marked else "",
            f"{row.rank}{' ' if row.confirmed_through else '*'}",
            f"{row.unit} {row.name}",
            points(row.points),
            points(row.gap),
            moved_text(row.moved),
            "" if row.previous_rank is None else str(row.previous_rank),
            *((points(row.previous_points),) if wide else ()),
            *wide_only,
            " " + sparkline(self._found.months, standings, plain=plain),
        )
        return Row(row.unit, cells, "" if row.confirmed_through else "muted")

    def _tell(self, shown: int) -> None:
        assert self._found is not None
        open_units = sum(not row.confirmed_through for row in self._found.rows)
        parts = [f"{shown} 个单位"]
        if open_units:
            parts.append(f"带 * 的 {open_units} 个尚未核定到 {self._month}，名次未定")
        else:
            parts.append("全部已核定")
        if self._marked:
            parts.append(f"已选 {'、'.join(self._marked)}（v 对比，Esc 清除）")
        elif not self.wide and not open_units:  # else the keys at the bottom say it
            parts.append("按空格选中单位再按 v 对比，按 b 看图表")
        self.say("，".join(parts))


def _columns(wide: bool, plain: bool) -> list[Column]:
    """As many as there is room for; the trend last, for the blocks' width is ambiguous."""
    more = (Column("上月得分", 9, right=True), Column("核定", 6)) if wide else ()
    return [
        Column("", 1),
        Column("名次 ", 5, right=True),
        Column("单位"),
        Column("得分", 7, right=True),
        Column("距前一名", 8, right=True),
        Column("升降", 4, right=True),
        Column("上月", 4, right=True),
        *more,
        Column(" 走势 大者居前" if plain else " 走势 高者居前", 14),
    ]
