"""An edition 版: exactly as it was published, with what it corrects of the one before."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from gsjx_tui.domain import Month
from gsjx_tui.office.check import local
from gsjx_tui.office.figures import PublishedRow
from gsjx_tui.office.publications import Publication, publication
from gsjx_tui.office.rank import moved_text
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.table import TableScreen
from gsjx_tui.tui.widgets.errata import erratum_told
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Note, TitleBar
from gsjx_tui.tui.widgets.text import points

_COLUMNS = (
    Column("名次", 4, right=True),
    Column("单位"),
    Column("得分", 9, right=True),
    Column("上月名次", 8, right=True),
    Column("升降", 6, right=True),
)


class PublicationScreen(TableScreen):
    """One edition."""

    NAME = "已发布的一版"
    CSS_PATH = "one_table.tcss"
    DEFAULT_CLASSES = "one-table"
    HELP: ClassVar[str] = (
        "一版排名，与发布时一字不差，以后的更正不改它。新版前面列出它更正了上一版的哪些单位。"
        "校验码印在这一版的每份文件上。按 Enter 看单位的得分卡，得分卡是现在的数字。"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "press('enter')", "得分卡", key_display="Enter"),
    ]

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self._found: Publication | None = None

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        return Here(self._month, "", self._unit)

    @property
    def _month(self) -> Month:
        return self._found.head.month if self._found else super().here().month

    @property
    def _unit(self) -> str:
        """The code of the unit with the cursor, empty on a heading."""
        key = self.grid.key
        return "" if key.startswith("*") else key.removeprefix("E:")

    def compose(self) -> ComposeResult:
        """What edition it is, the ranking."""
        yield TitleBar(self.NAME)
        yield Static(id="head")
        yield Grid(_COLUMNS, id="table")
        yield Note()
        yield Keys()

    async def fetch(self) -> None:
        """Shows the edition."""
        found = await self.desk.call(publication, self._number)
        self._found, head = found, found.head
        self.query_one(TitleBar).show(head.called, f"第 {head.number} 号")
        note = f"\n{head.note}" if head.note else ""
        self.query_one("#head", Static).update(
            f"校验码 {head.code}  {head.by} 于 {local(head.at)} 发布{note}"
        )
        rows: list[Row] = []
        if head.edition > 1:
            name = f"更正第 {head.edition - 1} 版 {len(found.errata)} 个单位"
            rows.append(Row("*errata", ("", name, "", "", ""), "heading"))
        for one in found.errata:
            rows.append(Row(f"E:{one.unit}", ("", f"{one.unit} {one.name}", "", "", ""), "warn"))
            rows.append(Row(f"*{one.unit}", ("", f"  {erratum_told(one)}", "", "", ""), "muted"))
        for category in dict.fromkeys(row.category for row in found.rows):
            mine = [row for row in found.rows if row.category == category]
            name = f"{mine[0].category_name}（{len(mine)} 个单位）"
            rows.append(Row(f"*{category}", ("", name, "", "", ""), "heading"))
            rows += [_row(row) for row in mine]
        self.grid.show(rows)
        self.show_lit()

    def open_row(self) -> None:
        """The card of the unit with the cursor, as it is now."""
        from gsjx_tui.tui.screens.card import CardScreen

        if self._unit and self._found is not None:
            self.app.push_screen(CardScreen(self._unit, self._month))


def _row(row: PublishedRow) -> Row:
    cells = (
        str(row.rank),
        f"{row.unit} {row.name}",
        points(row.points),
        "" if row.previous_rank is None else str(row.previous_rank),
        moved_text(row.moved),
    )
    return Row(row.unit, cells)
