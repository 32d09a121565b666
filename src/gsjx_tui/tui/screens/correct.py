"""Correct 更正: new values for an item of a confirmed month, a reason, and what it would post."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from gsjx_tui.domain import ZERO, Month
from gsjx_tui.office.check import bounds, short
from gsjx_tui.office.consequences import correcting_would
from gsjx_tui.office.correct import Correctable, Correction, correct, correctable
from gsjx_tui.office.draft import Draft, keep_draft
from gsjx_tui.office.outdated import outdated
from gsjx_tui.tui.screens.lines_screen import KEPT, LINES, LinesScreen
from gsjx_tui.tui.widgets.foreseen import LOOKING, in_lines, outdated_told
from gsjx_tui.tui.widgets.form_lines import FormLines, Line
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Note, TitleBar

State = Literal["nothing", "typing", "done"]
"""No month can be corrected; typing; corrected."""

_MONTH, _REASON, _FIELD = "month", "reason", "field-"
"""The lines of the form: month, reason, and with this before their names the fields."""


class CorrectScreen(LinesScreen):
    """The form of a correction.

    What is typed stays for the next opening of the same item until it is handed in.
    """

    NAME = "更正"
    CSS_PATH = "correct.tcss"
    STEPS: ClassVar[Mapping[str, int]] = {
        **LinesScreen.STEPS,
        "left_square_bracket": -1,
        "right_square_bracket": 1,
    }
    HELP: ClassVar[str] = (
        "更正已核定月份的一项记录：选月份，填新的数值（不改的留空），写明理由。"
        "在理由上按 Enter，先列出将要补记的每一笔分和名次的变动，按 y 才真正更正，按 n 回来修改。"
        "更正不改旧账，只添一条复核和补记的分，理由随账保存。"
        "按 Esc 返回，填了的内容下次打开还在。"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "press('enter')", "下一行、预览", key_display="Enter"),
        *LINES,
    ]

    def __init__(self, unit: str, item: str, month: Month | None = None) -> None:
        super().__init__()
        self._unit = unit
        self._item = item
        self._month = month
        self._found: Correctable | None = None
        self._state: State = "typing"

    def compose(self) -> ComposeResult:
        """A line for the month, one for each field, one for the reason; the postings below."""
        item = self.desk.office.rubric.items[self._item]
        lines = [
            Line(_MONTH, "月份", typed=False),
            *(Line(f"{_FIELD}{field.name}", field.label, "不改") for field in item.fields),
            Line(_REASON, "理由", "为什么更正，随记账保存"),
        ]
        yield TitleBar("更正")
        yield Static(id="what")
        yield FormLines(lines, id="lines")
        yield Static(id="preview")
        yield Note()
        yield Keys()

    # keys --------------------------------------------------------------------------------------

    @property
    def is_typing(self) -> bool:
        """Whether there is something to correct and it isn't corrected yet."""
        return self._state == "typing"

    def choose(self, by: int) -> None:
        """Another month."""
        if self._found is not None and self._month is not None:
            months = list(self._found.values)
            at = months.index(self._month) + by
            self._month = months[max(0, min(at, len(months) - 1))]
            self.show_form()

    # the form ----------------------------------------------------------------------------------

    def load(self) -> None:
        """Asks what can be corrected; what was typed before is there again."""
        if self._found is None:
            super().load()

    async def fetch(self) -> None:
        """Asks what can be corrected."""
        found = await self.desk.call(correctable, self._unit, self._item)
        self._found = found
        kept = self.desk.kept.get(self._key, {})
        months = {str(month): month for month in found.values}
        if not months:
            self._state = "nothing"
        else:
            kept_month = months.get(kept.get(_MONTH, ""))
            self._month = kept_month or found.likely(self._month)
        self.lines.fill(kept)
        self.lines.go(1)
        if kept:
            self.say(KEPT)
        self.show_lit()

    @property
    def _key(self) -> tuple[str, ...]:
        return ("correct", self._unit, self._item)

    def show_form(self) -> None:
        """The texts around what is typed."""
        found = self._found
        if found is None:
            return
        unit, item = found.unit, found.item
        self.query_one(TitleBar).show(f"更正  {unit.code} {unit.name}", self.desk.office.who)
        self.query_one("#what", Static).update(Text(f"{item.label}（{item.clause}）"))
        if self._state == "nothing":
            self.lines.say(_MONTH, Text("没有可以更正的月份"))
            self.say("这个要点没有已核定的月份；没有核定的月份直接在录入界面改")
        else:
            self.lines.say(_MONTH, self._told_month(list(found.values)))
        now = found.values.get(self._month, {}) if self._month else {}
        for field in item.fields:
            value = f"现为 {short(now[field.name])}" if field.name in now else "现无记录"
            told = Text(f"{value}；{bounds(field)}", style="dim")
            self.lines.say(f"{_FIELD}{field.name}", told)

    def _told_month(self, months: list[Month]) -> Text:
        here = self._state == "typing" and self.lines.here.name == _MONTH
        text = Text(no_wrap=True)
        text.append(f"[{self._month}]", style="reverse bold" if here else "bold")
        said = f"  可更正：{_months_said(months)}（左右键换）"
        text.append(said, style="not bold not reverse dim")
        return text

    # acts --------------------------------------------------------------------------------------

    def _typed(self) -> tuple[str, dict[str, str], str]:
        """Month, values that were filled in, reason."""
        texts = self.lines.texts
        reason = texts.pop(_REASON)
        values = {
            name.removeprefix(_FIELD): text.strip() for name, text in texts.items() if text.strip()
        }
        return str(self._month), values, reason

    async def at_the_end(self) -> None:
        """Shows what would be posted and asks."""
        found = await self.desk.call(correct, self._unit, self._item, *self._typed(), dry_run=True)
        would = [f"{LOOKING}……"] if found.postings else []
        self.query_one("#preview", Static).update(self._told_postings(found, would=would))
        self.ask_yes("按 y 更正，按 n 回去修改", self._hand_in)
        if found.postings:
            self.ask(self._foresee(found), group="foreseen")

    async def _foresee(self, found: Correction) -> None:
        """What would follow is shown when it comes, if the question is still open."""
        typed = self._typed()
        would = await self.desk.call(correcting_would, self._unit, self._item, *typed)
        if self.is_busy and self._typed() == typed:
            told = self._told_postings(found, would=in_lines(would))
            self.query_one("#preview", Static).update(told)

    def _told_postings(
        self, found: Correction, will: str = "将", would: Sequence[str] = ()
    ) -> Text:
        """The values before and after, and each posting, points first."""
        _, values, reason = self._typed()
        now = self._found.values.get(found.month, {}) if self._found else {}
        text = Text()
        for field in found.item.fields:
            if field.name in values:
                before = short(now[field.name]) if field.name in now else "无"
                text.append(f"{field.label}由 {before} 改为 {values[field.name]}\n", "bold")
        text.append(f"理由：{reason.strip()}\n\n")
        for line in would:
            text.append(f"{line}\n", "bold")
        if not found.postings:
            text.append("分数不变：只添一条复核，不补记分。\n")
            return text
        total = sum((posting.points for posting in found.postings), ZERO)
        text.append(f"{will}补记 {len(found.postings)} 笔，合计 {total:+.2f}：\n", "bold")
        shown = found.postings[:8]
        for posting in shown:
            text.append(f"{posting.points:>+9.2f}  {posting.month} {posting.item.label}\n")
        if len(shown) < len(found.postings):
            text.append(f"           等共 {len(found.postings)} 笔\n")
        return text

    async def _hand_in(self) -> None:
        """Corrects; a refusal leads back to the form with all that was typed."""
        found = await self.desk.call(correct, self._unit, self._item, *self._typed())
        self.desk.kept.pop(self._key, None)
        self._state = "done"
        told = outdated_told(await self.desk.call(outdated)) if found.postings else []
        done = self._told_postings(found, "已", told)
        self.query_one("#preview", Static).update(done)
        self.show_lit()
        self.say(
            f"已更正 {found.month} {found.item.label}，补记 {len(found.postings)} 笔。"
            "按 Enter 或 Esc 返回",
            "good",
        )

    # leaving ---------------------------------------------------------------------------------

    def leave(self) -> bool:
        """Keeps what is typed for the next opening."""
        if self._state == "typing" and self._found is not None:
            texts = self.lines.texts
            if any(texts.values()):
                self.desk.kept[self._key] = {**texts, _MONTH: str(self._month)}
            else:
                self.desk.kept.pop(self._key, None)
        return True

    def hang_up(self, left: asyncio.Event) -> None:
        """The connection is lost: what is typed is kept as a draft."""
        left.set()  # what follows queues before the ledger is closed
        if self._found is None or self._state != "typing":
            return
        month, values, reason = self._typed()
        if not values and not reason.strip():
            return
        labels = {field.name: field.label for field in self._found.item.fields}
        draft = Draft(
            unit=self._unit,
            name=self._found.unit.name,
            month=month,
            label=self._found.item.label,
            kind="更正",
            text="，".join([*(f"{labels[name]} {text}" for name, text in values.items()), reason]),
        )
        self.desk.hand_in(keep_draft, draft)


def _months_said(months: list[Month]) -> str:
    """A few months by name, many by the first and the last."""
    if len(months) > 3:
        return f"{months[0]} 至 {months[-1]} 共 {len(months)} 个月"
    return "、".join(map(str, months))
