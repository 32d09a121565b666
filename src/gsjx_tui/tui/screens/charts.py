"""Charts 图表: rank paths, points by stage, loss by indicator; kept as SVG or PNG for a report."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from gsjx_tui.chart_text import laid
from gsjx_tui.domain import Month
from gsjx_tui.office.charts import (
    KINDS,
    Chart,
    ChartKind,
    Losses,
    RankPaths,
    UnitRanks,
    chart_of,
    check_export,
    check_format,
    save_chart,
)
from gsjx_tui.office.home import Office
from gsjx_tui.office.rank import CampaignFacts, campaign
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.form import Field, FormScreen
from gsjx_tui.tui.screens.hearing import POSTED, PUBLISHED
from gsjx_tui.tui.screens.keyed import MONTHS
from gsjx_tui.tui.screens.table import TableScreen
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Choice, Note, Prose, TitleBar
from gsjx_tui.tui.widgets.text import points


class ChartsScreen(TableScreen):
    """The charts of a category through a month, a row a unit or an indicator."""

    NAME = "图表"
    CSS_PATH = "charts.tcss"
    HELP: ClassVar[str] = (
        "三种图，按 k 换：名次走势是各月累计名次，上下移动光标，连线画出光标处单位的走势；"
        "阶段得分把每个单位的分按阶段接成一条；指标失分是各指标的要点一共失了多少分，"
        "进行中的阶段还差的分以后可能得到。在名次走势、阶段得分里选一个单位，再按 u，"
        "只看这个单位的指标失分，再按一次看整个类别。"
        "Tab、左右键换类别，方括号换月，Enter 打开得分卡。"
        "按 e 存成 SVG 或 PNG，供报告用，图上写明来源，没有发布的写“未定稿”。"
    )
    HEARS = POSTED | PUBLISHED
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "press('k')", "换图"),
        Binding("tab,right", "press('tab')", "类别", key_display="Tab"),
        Binding("shift+tab,left", "press('left')", "上一类别", show=False),
        *MONTHS,
        Binding("u", "press('u')", "单位失分"),
        Binding("e", "press('e')", "存为图片"),
        Binding("enter", "press('enter')", "得分卡", key_display="Enter"),
    ]

    def __init__(self, month: Month | None = None, category: str = "", unit: str = "") -> None:
        super().__init__()
        self._month, self._category, self._unit = month, category, unit
        self._kind: ChartKind = "ranks"
        self._alone = False
        self._facts: CampaignFacts | None = None
        self._found: Chart | None = None

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        return Here(self._month or super().here().month, self._category, self._unit)

    def compose(self) -> ComposeResult:
        """Which chart, which category, the chart, what its signs mean."""
        yield TitleBar(self.NAME)
        yield Choice(id="kinds")
        yield Choice(id="categories")
        yield Grid([Column("")], id="chart")
        yield Prose(id="legend")
        yield Note()
        yield Keys()

    # keys --------------------------------------------------------------------------------------

    async def press(self, key: str, letter: str) -> bool:
        """Moves, or shows another chart."""
        acts: dict[str, Callable[[], None]] = {
            "k": self._next_kind,
            "tab": partial(self._next_category, 1),
            "right": partial(self._next_category, 1),
            "shift+tab": partial(self._next_category, -1),
            "left": partial(self._next_category, -1),
            "u": self._alone_or_all,
            "e": self._ask_export,
        }
        if key not in acts:
            return await super().press(key, letter)
        if self._found is not None:
            acts[key]()
        return True

    def _next_kind(self) -> None:
        kinds = list(KINDS)
        self._kind = kinds[(kinds.index(self._kind) + 1) % len(kinds)]
        self._alone = False
        self.load()

    def _next_category(self, by: int) -> None:
        assert self._facts is not None
        ids = [category.id for category in self._facts.categories]
        self._category = ids[(ids.index(self._category) + by) % len(ids)]
        self._alone, self._unit = False, ""
        self.load()

    def action_month(self, by: int) -> None:
        """Moves the month."""
        if self._month is not None:
            self._month = self.moved_month(self._month, by)
            self.load()

    def _alone_or_all(self) -> None:
        """The losses of the unit that was chosen, or of its category again."""
        if not self._unit:
            self.say("先在名次走势或阶段得分里选一个单位", "bad")
            return
        self._alone = not (self._alone and self._kind == "losses")
        self._kind = "losses"
        self.load()

    def open_row(self) -> None:
        """The card of the unit with the cursor, or of the one whose losses these are."""
        from gsjx_tui.tui.screens.card import CardScreen

        if self._found is None:
            return  # why there is none stays said
        unit = self._unit if self._alone or self._kind != "losses" else ""
        if unit and self._month is not None:
            self.app.push_screen(CardScreen(unit, self._month))
        else:
            self.say("按 k 换到有单位的图，再按 Enter 看得分卡")

    # the chart ---------------------------------------------------------------------------------

    async def fetch(self) -> None:
        """Shows the chart of the kind, category and month."""
        facts = await self.desk.call(campaign)
        known = [category.id for category in facts.categories]
        if self._category not in known:
            self._category = known[0]
        month = str(self._month) if self._month else ""
        self._facts = facts
        alone = self._unit if self._alone else ""
        found = await self.desk.call(chart_of, self._kind, self._category, month, alone)
        another = found != self._found
        self._found, self._month = found, found.head.month
        names = [name for name, _ in KINDS.values()]
        self.query_one("#kinds", Choice).show(names, list(KINDS).index(self._kind))
        called = [category.name for category in facts.categories]
        self.query_one("#categories", Choice).show(called, known.index(self._category))
        stamp = found.head.stamp
        self.query_one(TitleBar).show(f"{self.NAME}  至 {found.head.month.chinese}", stamp)
        self._show(self._unit if another else "")
        if another:  # else what became of the file stays said
            self._tell()
        self.show_lit()

    def on_resize(self) -> None:
        """The chart takes the room there is."""
        self._show()

    def on_grid_highlighted(self) -> None:
        """The path of ranks is that of the unit with the cursor."""
        if not isinstance(self._found, Losses | None):
            self._unit = self.grid.key
        if isinstance(self._found, RankPaths):
            self._show()
        self._tell()

    def _show(self, key: str = "") -> None:
        if self._found is None:
            return
        room = (self.grid.scrollable_content_region.width or self.size.width) - 1
        drawn = laid(self._found, room, key or self.grid.key)
        rows = [Row(*row) for row in drawn.rows]
        if key and key not in (known := [row.key for row in rows]):
            key = next(iter(known), "")
        columns = [Column(*heading) for heading in drawn.headings]
        self.grid.show(rows, columns=columns, key=key, empty="没有失分")
        self.query_one("#legend", Prose).show(drawn.legend)

    def _tell(self) -> None:
        """The row with the cursor in full: there may be no room for its name."""
        found, key = self._found, self.grid.key
        if isinstance(found, Losses):
            for loss in found.indicators:
                if loss.indicator == key:
                    self.say(f"{loss.name}（{loss.stage}）：失 {points(loss.lost)} 分")
            if found.head.unit:
                self.query_one(TitleBar).show(f"{found.head.title}  至 {found.head.month.chinese}")
        elif found is not None:
            for one in found.units:
                if one.unit == key:
                    rank = one.ranks[-1] if isinstance(one, UnitRanks) else one.rank
                    self.say(f"{one.unit} {one.name}：第 {rank} 名")

    # a file ------------------------------------------------------------------------------------

    def _ask_export(self) -> None:
        """Asks for format and name, and which unit is to be brought out."""
        assert self._found is not None and self._month is not None
        name = f"{self._found.head.title}-{self._month}-{datetime.now():%Y%m%d-%H%M%S}"
        fields = [
            Field("格式（svg 或 png）", "svg", check_format),
            Field("文件名", "".join(c for c in name if c not in '/\\:*?"<>|'), check_export),
        ]
        if not isinstance(self._found, Losses):
            fields.append(Field("突出的单位代码（可空）", "", self._check_unit, self._unit_name))
        self.app.push_screen(FormScreen("存为图片", fields, "保存"), self._export)

    def _check_unit(self, text: str) -> object:
        return text.strip() and self.desk.office.unit(text.strip())

    def _unit_name(self, text: str) -> str:
        found = self.desk.office.unit_by_code.get(text.strip())
        return found.name if found else ""

    def _export(self, texts: list[str] | None) -> None:
        if texts is not None:
            alone = self._unit if self._alone else ""
            unit = texts[2].strip() if len(texts) > 2 else alone
            self.say("正在画图")
            self.ask(self._written(check_format(texts[0]), texts[1], unit), group="export")

    async def _written(self, suffix: str, name: str, unit: str) -> None:
        month = str(self._month)
        chart = await self.desk.call(chart_of, self._kind, self._category, month, unit)
        office: Office = self.desk.office
        path = await asyncio.to_thread(save_chart, office, chart, name, suffix, datetime.now())
        self.say(f"已保存 {path}", "good")
