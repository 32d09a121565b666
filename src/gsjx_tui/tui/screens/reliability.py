"""Reliability 自评可信度: what verification made of the claims, by unit, item and month."""

from __future__ import annotations

from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from gsjx_tui.domain import Month
from gsjx_tui.office.reliability import Reliabilities, Reliability, reliability
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.hearing import POSTED, RECORDED
from gsjx_tui.tui.screens.keyed import MONTHS
from gsjx_tui.tui.screens.table import TableScreen
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Choice, Note, TitleBar
from gsjx_tui.tui.widgets.text import points

View = Literal["units", "items", "months"]
VIEWS: dict[View, str] = {"units": "单位", "items": "考核要点", "months": "月份"}


class ReliabilityScreen(TableScreen):
    """Claims beside verifications, most cut first."""

    NAME = "自评可信度"
    CSS_PATH = "one_table.tcss"
    DEFAULT_CLASSES = "one-table"
    HELP: ClassVar[str] = (
        "自评与复核对照，从活动开始到所选月份。核减%是一格自评平均被核低的比例，"
        "核减多的排在前面，抽查时权重也大。考核要点另有自评、复核合计的相差。"
        "按 k 换看单位、考核要点、月份，方括号换截至的月份，按 Enter 看单位的得分卡。"
    )
    HEARS = RECORDED | POSTED
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "press('k')", "换表"),
        Binding("enter", "press('enter')", "得分卡", key_display="Enter"),
        *MONTHS,
    ]

    def __init__(self, month: Month) -> None:
        super().__init__()
        self._month = month
        self._view: View = "units"
        self._found: Reliabilities | None = None

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        return Here(self._month, "", self.grid.key if self._view == "units" else "")

    def compose(self) -> ComposeResult:
        """Which table, the table."""
        yield TitleBar(self.NAME)
        yield Choice(id="view")
        yield Grid([Column("")], id="table")
        yield Note()
        yield Keys()

    async def press(self, key: str, letter: str) -> bool:
        """Moves, or changes the table."""
        if key != "k":
            return await super().press(key, letter)
        views = list(VIEWS)
        self._view = views[(views.index(self._view) + 1) % len(views)]
        self._show()
        return True

    def action_month(self, by: int) -> None:
        """Moves the month through which is counted."""
        self._month = self.moved_month(self._month, by)
        self.load()

    def open_row(self) -> None:
        """The card of the unit with the cursor."""
        from gsjx_tui.tui.screens.card import CardScreen

        unit = self.here().unit
        if unit:
            self.app.push_screen(CardScreen(unit, self._month))
        else:
            self.say("按 k 换到单位，再按 Enter 看得分卡")

    async def fetch(self) -> None:
        """Counts through the month."""
        self._found = await self.desk.call(reliability, str(self._month))
        self._show()
        self.show_lit()

    def _show(self) -> None:
        found = self._found
        if found is None:
            return
        self.query_one(TitleBar).show(self.NAME, f"截至 {found.through.chinese}")
        self.query_one(Choice).show(list(VIEWS.values()), list(VIEWS).index(self._view))
        rows = {"units": found.units, "items": found.items, "months": found.months}[self._view]
        columns = [
            Column(VIEWS[self._view]),
            Column("自评格", 6, right=True),
            Column("已复核", 6, right=True),
            Column("核低", 5, right=True),
            Column("核高", 5, right=True),
            Column("相差", 8, right=True),
            Column("核减%", 6, right=True),
        ]
        self.grid.show([_row(one) for one in rows], columns=columns, empty="还没有自评")


def _row(one: Reliability) -> Row:
    named = f"{one.key} {one.name}" if one.name not in ("", one.key) else one.key
    cells = (
        named,
        str(one.claims),
        str(one.verified or ""),
        str(one.cut or ""),
        str(one.raised or ""),
        "" if one.difference is None else points(one.difference, signed=True),
        "" if one.cut_percent is None else f"{one.cut_percent:.1f}",
    )
    return Row(one.key, cells, "warn" if one.cut else "")
