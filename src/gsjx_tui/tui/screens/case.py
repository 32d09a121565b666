"""One case 台账: what was done with dates and records, and the next step to record."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from gsjx_tui.domain import Month
from gsjx_tui.office.case_step import StepDraft, take_step
from gsjx_tui.office.cases import STATUS_NAMES, STEP_NAMES, Case, Step, case
from gsjx_tui.rubric.outcome import KIND_NAMES
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.act_form import ActForm, Asked, Texts
from gsjx_tui.tui.screens.cases import STEPPED, told_of
from gsjx_tui.tui.screens.hearing import POSTED
from gsjx_tui.tui.screens.table import TableScreen
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Note, Steps, TitleBar

_COLUMNS = (
    Column("步骤", 22),
    Column("日期", 10),
    Column("人", 12),
    Column("记录"),
    Column("  期限", 12),
)
_WITH_PERSON = {"talk": "谈话对象", "decided": "作决定的会议与人"}
_WITH_DEADLINE = ("notice", "measures", "deadline")


class CaseScreen(TableScreen):
    """A case's steps."""

    NAME = "台账办理"
    CSS_PATH = "one_table.tcss"
    DEFAULT_CLASSES = "one-table"
    HELP: ClassVar[str] = (
        "一号台账：上面是可以记的步骤，还没有做的必做步骤标“缺”；下面是已经办的，记下就不再改。"
        "移到一个步骤上按 Enter，写日期、人、记录或文号，核对后按 y 记下。"
        "决定、组织调整建议、结案、撤销由负责人记。按 g 看该单位的得分卡。"
    )
    HEARS = STEPPED | POSTED
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "press('enter')", "记这一步", key_display="Enter"),
        Binding("g", "press('g')", "得分卡"),
    ]

    def __init__(self, number: int, month: Month) -> None:
        super().__init__()
        self._number, self._month = number, month
        self._case: Case | None = None
        self._next: dict[str, tuple[str, str]] = {}
        self._done: dict[str, Step] = {}
        self._news = ""

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        return Here(self._month, "", self._case.unit if self._case else "")

    def compose(self) -> ComposeResult:
        """Where the case stands, the steps, the step with the cursor in full."""
        yield TitleBar(self.NAME)
        yield Static(id="head")
        yield Grid(_COLUMNS, id="table", empty="没有记过")
        yield Steps(8, 4, id="below")
        yield Note()
        yield Keys()

    async def press(self, key: str, letter: str) -> bool:
        """Moves, records a step, or shows the unit's card."""
        if key == "g" and self._case is not None:
            from gsjx_tui.tui.screens.card import CardScreen

            self.app.push_screen(CardScreen(self._case.unit, self._month))
            return True
        return await super().press(key, letter)

    # recording ---------------------------------------------------------------------------------

    def open_row(self) -> None:
        """The form of the step with the cursor."""
        step = self._next.get(self.grid.key)
        if step is None or self._case is None:
            self.say("移到上面可以记的步骤再按 Enter")
            return
        found, (what, subject) = self._case, step
        name = STEP_NAMES[what, subject]
        if not self.may(take_step, step=StepDraft(what, subject)):
            return

        async def do(texts: Texts) -> str:
            draft = StepDraft(
                what,
                subject,
                texts["date"],
                texts.get("person", ""),
                texts["text"],
                texts.get("deadline", ""),
            )
            ended = await self.desk.call(take_step, found.number, draft)
            return f"已记{name}。现在：{STATUS_NAMES[ended.status]}。"

        asked = [Asked("date", "日期", "空着即今天")]
        if what in _WITH_PERSON:
            asked.append(Asked("person", _WITH_PERSON[what]))
        asked.append(Asked("text", "记录", "记录、文号或佐证"))
        if what in _WITH_DEADLINE:
            asked.append(Asked("deadline", "整改期限", "整改到哪一天，如 2013-09-30"))
        self.app.push_screen(
            ActForm(
                name,
                f"第 {found.number} 号  {found.unit} {found.name}",
                asked,
                do,
                self._tell,
                sure="记下之后不再改动。",
                about=("case", str(found.number), what, subject),
            )
        )

    def _tell(self, news: str) -> None:
        self._news = news

    # showing -----------------------------------------------------------------------------------

    async def fetch(self) -> None:
        """Shows the case as it stands today."""
        found = await self.desk.call(case, self._number)
        self._case = found
        kind = KIND_NAMES.get(found.kind, found.kind)
        self.query_one(TitleBar).show(
            f"台账第 {found.number} 号  {found.unit} {found.name}",
            f"{kind}，{STATUS_NAMES[found.status]}",
        )
        facts = [f"{name}：{text}" for name, text in told_of(found) if name in ("还缺", "期限")]
        self.query_one("#head", Static).update("  ".join(facts) or STATUS_NAMES[found.status])
        self._next = {f"+{what} {subject}": (what, subject) for what, subject in found.offered}
        self._done = {f"#{at}": step for at, step in enumerate(found.steps)}
        rows = [_next_row(key, STEP_NAMES[step], found) for key, step in self._next.items()]
        if rows:
            rows.insert(0, _heading("next", "可以记的步骤"))
        rows.append(_heading("done", f"已经办的 {len(found.steps)} 步"))
        rows += [
            Row(
                key,
                (f"   {s.name}", s.happened_on, s.person, s.text, f"  {s.deadline}"),
            )
            for key, s in self._done.items()
        ]
        self.grid.show(rows)
        if self.grid.key.startswith("*"):
            self.grid.press("down")
        self._show_detail()
        self.show_lit()
        self.say(self._news, "good" if self._news else "")

    def on_grid_highlighted(self) -> None:
        """The step in full follows the cursor."""
        self._show_detail()

    def _show_detail(self) -> None:
        step, told = self._done.get(self.grid.key), []
        if step is not None:
            told = [
                (step.happened_on[5:], f"{step.name} {step.person}（{step.by} 经办）"),
                ("记录", step.text),
            ]
        self.query_one("#below", Steps).show(told)


def _heading(key: str, name: str) -> Row:
    return Row(f"*{key}", (name, "", "", "", ""), "heading")


def _next_row(key: str, name: str, found: Case) -> Row:
    missing = name in found.missing
    cells = (f"{'缺 ' if missing else '   '}{name}", "", "", "按 Enter 记", "")
    return Row(key, cells, "warn" if missing else "")
