"""Card 得分卡: one unit's points by stage, indicator and item, and what was seen of each."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.widgets import Static

from gsjx_tui.domain import Month
from gsjx_tui.office.card import Card, CardItem, ItemHistory, card, history
from gsjx_tui.office.check import KIND_NAMES, local, short
from gsjx_tui.office.correct import correct
from gsjx_tui.office.explain import explain
from gsjx_tui.office.home import Office
from gsjx_tui.office.objecting import file_objection
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.hearing import POSTED
from gsjx_tui.tui.screens.keyed import MONTHS
from gsjx_tui.tui.screens.table import TableScreen
from gsjx_tui.tui.widgets.explanation import SOURCES, explanation_text
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Note, TitleBar
from gsjx_tui.tui.widgets.text import points

_PANE = 55
"""Cells of the pane beside the card, as card.tcss has it, less its border and scrollbar."""


_COLUMNS = (
    Column("阶段、考核指标、考核要点"),
    Column("分值", 8, right=True),
    Column("得分", 9, right=True),
    Column("  依据", 14),
)


class CardScreen(TableScreen):
    """Why a unit stands where it stands."""

    NAME = "得分卡"
    CSS_PATH = "card.tcss"
    HELP: ClassVar[str] = (
        "一个单位的得分，按阶段、考核指标、考核要点列出。"
        "移到要点上看它的记录与记账；屏幕宽时右侧直接给出得分说明，窄时按 Enter 打开。"
        "按 x 更正已核定月份的记录：填新值和理由，先看要补记的账，再确认。"
        "按 o 就这个要点提出申诉；在阶段或指标上按 o 看该单位的全部申诉。"
    )
    HEARS = POSTED
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "press('enter')", "得分说明", key_display="Enter"),
        *MONTHS,
        Binding("e", "entry", "录入该单位"),
        Binding("x", "correct", "更正"),
        Binding("o", "object", "申诉"),
    ]

    def __init__(self, unit: str, month: Month) -> None:
        super().__init__()
        self._unit = unit
        self._month = month
        self._card: Card | None = None
        self._items: dict[str, CardItem] = {}

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        return Here(self._month, "", self._unit)

    def compose(self) -> ComposeResult:
        """The card at the left or above, what was seen of the item beside."""
        yield TitleBar("得分卡")
        yield Static(id="head")
        with Container(id="panes"):
            yield Grid(_COLUMNS, id="items")
            with VerticalScroll(id="history"):
                yield Static(id="seen")
        yield Note()
        yield Keys()

    async def fetch(self) -> None:
        """Shows the card through the month."""
        found = await self.desk.call(_card, self._unit, self._month)
        self._card = found
        self.query_one(TitleBar).show(f"得分卡  至 {found.through.chinese}", found.mark)
        stages = "  ".join(
            f"{stage.name} {points(stage.points)}" for stage in found.stages if stage.begun
        )
        self.query_one("#head", Static).update(
            f"{found.unit} {found.name}  {found.category_name}  累计 {points(found.points)} 分\n"
            f"{stages}"
        )
        self._items = {
            item.id: item
            for stage in found.stages
            for indicator in stage.indicators
            for item in indicator.items
        }
        self.grid.show(_rows(found))
        self.show_lit()
        self._look(self.grid.key)
        self.say("")

    def on_grid_highlighted(self, event: Grid.Highlighted) -> None:
        """The history follows the cursor."""
        self._look(event.key)

    def _look(self, key: str) -> None:
        self.ask(self._show_history(key), group="history")

    async def _show_history(self, key: str) -> None:
        item = self._items.get(key)
        seen = self.query_one("#seen", Static)
        if item is None:
            seen.update(Text("移到考核要点上，看它的记录与记账。"))
        elif self.wide:
            explained = await self.desk.call(explain, self._unit, key, self._month)
            seen.update(explanation_text(explained, _PANE))
        else:
            found = await self.desk.call(_history, self._unit, key)
            seen.update(self._told_history(item, found))
        self.query_one("#history").scroll_home(animate=False)

    def on_resize(self) -> None:
        """Where there is room the whole explanation stands beside."""
        self._look(self.grid.key)

    def open_row(self) -> None:
        """Opens the explanation of the item with the cursor."""
        from gsjx_tui.tui.screens.explain import ExplainScreen

        key = self.grid.key
        if key in self._items:
            self.app.push_screen(ExplainScreen(self._unit, key, self._month))
        else:
            self.say("移到考核要点上再按 Enter 看得分说明")

    def _told_history(self, item: CardItem, found: ItemHistory) -> Text:
        rubric_item = self.desk.office.rubric.items[item.id]
        labels = {field.name: field.label for field in rubric_item.fields}
        text = Text()
        text.append(f"{item.label}（{item.clause}）\n", style="bold")
        text.append("考核记录\n" if found.observations else "没有考核记录\n", style="bold dim")
        for seen in found.observations:
            note = f"  {seen.note}" if seen.note else ""
            note += "  已撤回" if seen.withdrawn else ""
            text.append(
                f" {seen.month} {KIND_NAMES[seen.kind]} {labels.get(seen.field, seen.field)} "
                f"{short(seen.value)}  {seen.by} {local(seen.at)} {SOURCES[seen.source]}{note}\n"
            )
        text.append("记账\n" if found.postings else "没有记账", style="bold dim")
        for posted in found.postings:
            reason = f"更正：{posted.reason}" if posted.origin == "correct" else "核定"
            text.append(
                f" {posted.month} {posted.points:+.2f}  {posted.by} {local(posted.at)} {reason}\n"
            )
        return text

    def action_month(self, by: int) -> None:
        """Moves the month."""
        self._month = self.moved_month(self._month, by)
        self.load()

    def action_entry(self) -> None:
        """Opens the unit's sheet of the month."""
        from gsjx_tui.tui.screens.entry import EntryScreen

        if self._card is not None:
            self.app.push_screen(EntryScreen(self._month, self._card.category, self._unit))

    def action_correct(self) -> None:
        """Opens the form for correcting the item with the cursor."""
        from gsjx_tui.tui.screens.correct import CorrectScreen

        key = self.grid.key
        if not self.may(correct):
            return
        if key in self._items:
            self.app.push_screen(CorrectScreen(self._unit, key, self._month))
        else:
            self.say("移到考核要点上再按 x 更正")

    async def action_object(self) -> None:
        """Files an objection to the item with the cursor; on a heading shows those of the unit."""
        from gsjx_tui.tui.screens.objections import open_objections

        item = self.grid.key if self.grid.key in self._items else ""
        if not item or self.may(file_objection, unit=self._unit):
            await open_objections(self, item)


def _card(office: Office, unit: str, month: Month) -> Card:
    return card(office, unit, str(month))


def _history(office: Office, unit: str, item: str) -> ItemHistory:
    return history(office, unit, item)


def _rows(found: Card) -> list[Row]:
    rows = []
    for stage in found.stages:
        if not stage.begun:
            continue
        rows.append(Row(stage.id, (stage.name, "", points(stage.points), ""), "heading"))
        for indicator in stage.indicators:
            clause = f"  {indicator.items[0].clause}"
            rows.append(
                Row(
                    indicator.id,
                    (
                        f"  {indicator.name}",
                        points(indicator.nominal) if indicator.nominal else "加扣分",
                        points(indicator.points),
                        clause,
                    ),
                    "muted",
                )
            )
            rows += [
                Row(
                    item.id,
                    (
                        f"    {item.label}",
                        points(item.nominal) if item.nominal else "",
                        points(item.points),
                        "",
                    ),
                    "bad" if item.points < 0 else "",
                )
                for item in indicator.items
            ]
    return rows
