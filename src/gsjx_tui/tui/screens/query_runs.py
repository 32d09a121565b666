"""Running a query and writing its answer to a file: what can take long and be cancelled."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from gsjx_tui.domain import Month
from gsjx_tui.errors import GsjxError
from gsjx_tui.office.answers import check_export, default_name, export_path, source
from gsjx_tui.office.asking import Asking, Cancelled, Shown
from gsjx_tui.office.copies import Copies
from gsjx_tui.office.home import Office
from gsjx_tui.office.questions import (
    Context,
    Parameter,
    Question,
    first_value,
    meaning,
    question,
    value_of,
)
from gsjx_tui.tui.screens.base import OfficeScreen
from gsjx_tui.tui.screens.form import Field, FormScreen
from gsjx_tui.tui.widgets.answer_table import AnswerTable
from gsjx_tui.tui.widgets.lines import TitleBar
from gsjx_tui.tui.widgets.sql_editor import SqlEditor
from gsjx_tui.tui.widgets.text import wrap

Values = Mapping[str, str | int]


class QueryRuns(OfficeScreen):
    """A screen with an editor and an answer: asks for parameters, runs, exports, cancels."""

    def __init__(self, month: Month | None, category: str, unit: str) -> None:
        super().__init__()
        self._month, self._category, self._unit = month, category, unit
        self._copies = Copies()
        self._typed: dict[str, str] = {}
        self._asking: Asking | None = None
        self._answered: tuple[Question, Asking] | None = None

    @property
    def _editor(self) -> SqlEditor:
        return self.query_one(SqlEditor)

    @property
    def _table(self) -> AnswerTable:
        return self.query_one(AnswerTable)

    async def _copy(self) -> Path:
        return await self.desk.call(_copy, self._copies)

    # asking ------------------------------------------------------------------------------------

    def action_run(self) -> None:
        """Asks for the parameters, if there are any, then runs the query."""
        if self._asking is not None:
            self.say("正在查询，Esc 取消")
            return
        asked = question(self._editor.text)
        if not asked.parameters:
            self._run(asked, {})
            return
        fields = [self._field(parameter) for parameter in asked.parameters]
        title = asked.title or "查询的参数"
        drafts = self.desk.kept.setdefault(("form", asked.text), {})
        form = FormScreen(title, fields, "执行", drafts)
        self.app.push_screen(form, partial(self._filled, asked))

    def _field(self, parameter: Parameter) -> Field:
        office, month = self.desk.office, self._month or self.desk.office.rubric.months[0]
        context = Context(month, self._category, self._unit)
        begun = self._typed.get(parameter.name) or first_value(office, parameter, context)
        label = parameter.label or parameter.name
        return Field(
            label if parameter.kind in label else f"{label}（{parameter.kind}）",
            begun,
            partial(value_of, office, parameter),
            partial(meaning, office, parameter),
        )

    def _filled(self, asked: Question, texts: list[str] | None) -> None:
        if texts is None:
            return
        values: dict[str, str | int] = {}
        for parameter, text in zip(asked.parameters, texts, strict=True):
            self._typed[parameter.name] = text
            values[parameter.name] = value_of(self.desk.office, parameter, text)
        self._run(asked, values)

    def action_again(self) -> None:
        """The query of the answer once more, on the ledger as it is now."""
        if self._answered is not None and self._asking is None:
            asked, asking = self._answered
            self._run(asked, asking.parameters)

    def _run(self, asked: Question, values: Values) -> None:
        self.set_class(False, "-listing")
        self.say("正在查询，Esc 取消")
        self.ask(self._answer(asked, values), group="query")

    async def _answer(self, asked: Question, values: Values) -> None:
        began = time.monotonic()
        copy = await self._copy()
        asking = Asking(copy, asked.text, values, state=self._copies.state)
        self._asking = asking
        try:
            shown = await asyncio.to_thread(asking.answer)
        except Cancelled:
            self.say("已取消查询")
            return
        except GsjxError as error:
            lines = wrap(str(error), max(20, self._table.size.width - 2), 99)
            self._table.say("\n".join(lines), bad=True)
            self.query_one(TitleBar).show("查询", asked.title)
            self._answered = None
            self.refresh_bindings()
            self.say("查询没有得到结果", "bad")
            return
        finally:
            asking.cancel()
            self._asking = None
        self._answered = (asked, asking)
        self._show(asked, shown, time.monotonic() - began)

    def _show(self, asked: Question, shown: Shown, seconds: float) -> None:
        self._table.show(shown.columns, shown.numbers, shown.rows, "没有符合的行")
        cut = f"只显示前 {len(shown.rows)} 行，导出为全部" if shown.cut else ""
        self.query_one(TitleBar).show("查询", f"{asked.title}  {cut}".strip())
        if self.is_current:
            self._table.focus()
        self.say(f"{cut or f'{len(shown.rows)} 行'}，{seconds:.1f} 秒", "" if cut else "good")

    # the answer as a file ----------------------------------------------------------------------

    def action_export(self) -> None:
        """Asks for format and name, then writes all rows to a file."""
        if self._answered is None or self._asking is not None:
            return
        fields = [
            Field("格式（xlsx 或 csv）", "xlsx", check_format),
            Field("文件名", default_name(datetime.now()), check_export),
        ]
        self.app.push_screen(FormScreen("导出全部行", fields, "导出"), self._export)

    def _export(self, texts: list[str] | None) -> None:
        if texts is not None:
            self.say("正在导出，Esc 取消")
            self.ask(self._written(check_format(texts[0]), texts[1]), group="query")

    async def _written(self, suffix: str, name: str) -> None:
        assert self._answered is not None
        asked, answered = self._answered
        office, now = self.desk.office, datetime.now()
        path = export_path(office, name, suffix, now)
        copy = await self._copy()
        asking = Asking(copy, answered.text, answered.parameters, state=self._copies.state)
        self._asking = asking
        try:
            count = await asyncio.to_thread(
                asking.export, path, source(asked.title, asking, office.who, now)
            )
        except Cancelled:
            self.say("已取消导出，没有写入文件")
            return
        finally:
            asking.cancel()
            self._asking = None
        self.say(f"已导出 {count} 行：{path}", "good")

    def _end(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
        self._copies.close()


def _copy(office: Office, copies: Copies) -> Path:
    return copies.copy(office)


def check_format(text: str) -> str:
    """The suffix of a format. Raises GsjxError for another text than xlsx or csv."""
    suffix = "." + text.strip().lower().removeprefix(".")
    if suffix not in (".xlsx", ".csv"):
        raise GsjxError("格式写 xlsx 或 csv")
    return suffix
