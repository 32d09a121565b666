"""Explanation 得分说明: how a unit's points for one item come about, on a screen of its own."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from gsjx_tui.domain import Month
from gsjx_tui.office.correct import correct
from gsjx_tui.office.explain import Explanation, explain
from gsjx_tui.office.objecting import file_objection
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.keyed import MONTHS, KeyedScreen
from gsjx_tui.tui.screens.table import scrolled
from gsjx_tui.tui.widgets.explanation import explanation_text
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Note, TitleBar


class ExplainScreen(KeyedScreen):
    """From the evidence to the posting of one item."""

    NAME = "得分说明"
    CSS_PATH = "explain.tcss"
    HELP: ClassVar[str] = (
        "逐步说明一个考核要点的得分：规则、各月的加减、封顶或扣完为止（带 ! 的行）、合计。"
        "下面是自评与复核的记录、依据、填写人和时间，以及每一笔记账。"
        "最后一行说明记账合计与得分说明是否一致；未核定的月份只是按现有记录计算。"
        "按 x 更正已核定月份的记录，按 o 就这个要点提出申诉。"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *MONTHS,
        Binding("x", "correct", "更正"),
        Binding("o", "object", "申诉"),
    ]

    def __init__(self, unit: str, item: str, month: Month) -> None:
        super().__init__()
        self._unit = unit
        self._item = item
        self._month = month
        self._found: Explanation | None = None

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        return Here(self._month, "", self._unit)

    def compose(self) -> ComposeResult:
        """One page that scrolls."""
        yield TitleBar("得分说明")
        with VerticalScroll(id="page", can_focus=False):
            yield Static(id="text")
        yield Note()
        yield Keys()

    async def press(self, key: str, letter: str) -> bool:
        """Turns the page."""
        return scrolled(self.query_one("#page"), key)

    async def fetch(self) -> None:
        """Shows the explanation through the month."""
        self._found = await self.desk.call(explain, self._unit, self._item, self._month)
        unit = self._found.unit
        self.query_one(TitleBar).show(
            f"得分说明  {unit.code} {unit.name}", f"至 {self._month.chinese}"
        )
        self._show()

    def on_resize(self) -> None:
        """Lines are wrapped anew."""
        self._show()

    def _show(self) -> None:
        if self._found is not None:
            text = explanation_text(self._found, min(self.size.width, 110) - 4)
            self.query_one("#text", Static).update(text)

    def action_month(self, by: int) -> None:
        """Moves the month."""
        self._month = self.moved_month(self._month, by)
        self.load()

    def action_correct(self) -> None:
        """Opens the form for correcting the item."""
        from gsjx_tui.tui.screens.correct import CorrectScreen

        if self.may(correct):
            self.app.push_screen(CorrectScreen(self._unit, self._item, self._month))

    async def action_object(self) -> None:
        """Files an objection to the item."""
        from gsjx_tui.tui.screens.objections import open_objections

        if self.may(file_objection, unit=self._unit):
            await open_objections(self, self._item)
