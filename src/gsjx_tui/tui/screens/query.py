"""Query 查询: SQL on a copy of the ledger, saved questions, answers in a table or a file."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import TextArea

from gsjx_tui.domain import Month
from gsjx_tui.office.copies import catalog, meanings
from gsjx_tui.office.questions import (
    Question,
    keep_text,
    kept_text,
    questions,
)
from gsjx_tui.office.rank import campaign
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.query_runs import QueryRuns
from gsjx_tui.tui.widgets.answer_table import AnswerTable
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Note, TitleBar
from gsjx_tui.tui.widgets.sql_editor import Offers, SqlEditor

EMPTY = "写一条 SQL 后按 F5，或按 F2 选一个常用查询"


class QueryScreen(QueryRuns):
    """Asks the ledger anything; what is asked runs on a copy and can be cancelled."""

    NAME = "查询"
    CSS_PATH = "query.tcss"
    AUTO_FOCUS = "#editor"
    HELP: ClassVar[str] = (
        "在这里用 SQL 查询账本的副本，不影响录入，也改不了账本。"
        "除账本的表外，还有中文的单位、累计排名、名次变化、失分明细等，列名也是中文。"
        "F2 选常用查询，F5 执行，正在执行时 Esc 立即取消。"
        "输入时 Tab 补全表名、列名，Ctrl+N 换下一个词；没有可补全的词时 Tab 转到结果。"
        "结果中左右键看更多的列，e 导出全部行为 XLSX 或 CSV。"
        "自己的查询存为活动文件夹里 queries 下的 .sql 文件，就会出现在常用查询里。"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "run", "执行", key_display="F5"),
        Binding("f2", "saved", "常用查询", key_display="F2"),
        Binding("tab", "pane(1)", "换区", key_display="Tab"),
        Binding("shift+tab", "pane(-1)", "换区", show=False),
        Binding("r", "again", "再查"),
        Binding("e", "export", "导出"),
    ]

    def __init__(self, month: Month | None = None, category: str = "", unit: str = "") -> None:
        super().__init__(month, category, unit)
        self._questions: list[Question] = []
        self._loaded = False

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        return Here(self._month or super().here().month, self._category, self._unit)

    def compose(self) -> ComposeResult:
        """The saved questions, the editor above the answer, what happened."""
        yield TitleBar("查询")
        with Horizontal():
            saved = Grid([Column("常用查询")], id="saved", empty="没有常用查询")
            saved.can_focus = True
            yield saved
            with Vertical(id="work"):
                yield SqlEditor(id="editor")
                yield Offers(id="offers")
                yield AnswerTable(id="answer")
        yield Note()
        yield Keys()

    # what it begins with ---------------------------------------------------------------------

    def load(self) -> None:
        """Brings back the text of the last time, the saved questions, the names to complete."""
        if not self._loaded:
            self._loaded = True
            self._table.say(EMPTY)
            self.ask(self._load())

    async def _load(self) -> None:
        kept = await self.desk.call(kept_text)
        if kept and not self._editor.text:
            self._editor.replace_all(kept)
        self._questions = await self.desk.call(questions)
        rows = [
            Row(str(index), (f"{'' if not found.own else '* '}{found.title}",))
            for index, found in enumerate(self._questions)
        ]
        self.query_one("#saved", Grid).show(rows)
        if self._month is None:
            facts = await self.desk.call(campaign)
            self._month = facts.newest
        self._editor.meanings = meanings()
        self._editor.catalog = await asyncio.to_thread(catalog, await self._copy())

    # panes -------------------------------------------------------------------------------------

    def action_saved(self) -> None:
        """Goes to the saved questions."""
        self.set_class(True, "-listing")
        self.query_one("#saved", Grid).focus()
        self._explain()

    def action_pane(self, by: int) -> None:
        """The next pane."""
        panes: list[Widget] = [self._editor, self._table]
        if self.has_class("-wide"):
            panes.insert(0, self.query_one("#saved", Grid))
        self.set_class(False, "-listing")
        at = panes.index(self.focused) if self.focused in panes else -by
        panes[(at + by) % len(panes)].focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Letters act only where no text is typed, and on an answer."""
        if action in ("again", "export"):
            return self._answered is not None and self.focused is not self._editor
        return True

    def on_descendant_focus(self) -> None:
        """Other keys act in the other pane."""
        self.refresh_bindings()

    def on_sql_editor_left(self) -> None:
        """Tab with no word to complete."""
        self.action_pane(1)

    def on_sql_editor_late(self, event: SqlEditor.Late) -> None:
        """A key typed quickly after Tab, for the answer."""
        if event.key in ("e", "r"):
            self.action_export() if event.key == "e" else self.action_again()
        elif event.key in ("up", "down", "pageup", "pagedown", "home", "end"):
            self._table.action_press(event.key)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Other words may be completed."""
        self._offer()

    def on_text_area_selection_changed(self) -> None:
        """Other words may be completed."""
        self._offer()

    def on_sql_editor_offered(self) -> None:
        """Another word is chosen."""
        self._offer()

    def _offer(self) -> None:
        words, chosen = self._editor.offers()[1], self._editor.chosen
        about = self._editor.meaning(words[min(chosen, len(words) - 1)]) if words else ""
        self.query_one(Offers).show(words, chosen, about)

    def on_grid_highlighted(self, event: Grid.Highlighted) -> None:
        """Says what the saved question with the cursor is about."""
        if event.grid.has_focus:
            self._explain()

    def _explain(self) -> None:
        key = self.query_one("#saved", Grid).key
        if key:
            self.say(self._questions[int(key)].about)

    def on_grid_selected(self, event: Grid.Selected) -> None:
        """Enter on a saved question brings it into the editor and runs it."""
        self.set_class(False, "-listing")
        self._editor.replace_all(self._questions[int(event.key)].text)
        self._editor.focus()
        self.action_run()

    def on_answer_table_moved(self) -> None:
        """Says where the cursor is."""
        self.query_one(Note).say(self._table.place)

    # leaving -----------------------------------------------------------------------------------

    def action_back(self) -> None:
        """Cancels what runs; else to the saved questions, and from there back."""
        saved = self.query_one("#saved", Grid)
        if self._asking is not None:
            self._asking.cancel()
        elif self.has_class("-listing") and not self.has_class("-wide"):
            self.set_class(False, "-listing")
            self._editor.focus()
        elif self.has_class("-wide") and not saved.has_focus:
            self.action_saved()
        else:
            super().action_back()

    def leave(self) -> bool:
        """Keeps the text for the next time."""
        if self._loaded:
            self.desk.hand_in(keep_text, self._editor.text)
        return True

    def hang_up(self, left: asyncio.Event) -> None:
        """Keeps the text, and leaves no copy of the ledger behind."""
        self.leave()
        self._end()
        left.set()

    def on_unmount(self, event: events.Unmount) -> None:
        """Ends what runs and removes the copies."""
        self._end()
