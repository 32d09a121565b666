"""Cases 整改台账: what follows from the published stages, by stage, and how far each is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from gsjx_tui.domain import Month
from gsjx_tui.office.cases import STATUS_NAMES, Case, cases
from gsjx_tui.rubric.outcome import KIND_NAMES
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.hearing import POSTED
from gsjx_tui.tui.screens.table import DetailScreen
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Note, Steps, TitleBar

STEPPED = frozenset({"case_step.take_step", "publish.publish"})
"""Acts that open cases or see them on."""


class CasesScreen(DetailScreen):
    """The cases that are open, or all."""

    NAME = "整改台账"
    CSS_PATH = "one_table.tcss"
    DEFAULT_CLASSES = "one-table"
    HELP: ClassVar[str] = (
        "发布阶段排名时，每类末位单位自动立台账；最终排名还有组织调整建议、通报上级、评先候选。"
        "按 Enter 打开一号，逐步记通知、两次谈话、措施、期限、佐证，直到结案。"
        "并列末位先记领导小组的决定。后来的一版不再把单位列在其中的，标“待撤销”。"
        "按 f 换看未办结的或全部。"
    )
    HEARS = STEPPED | POSTED
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "press('enter')", "办理", key_display="Enter"),
        Binding("f", "press('f')", "筛选"),
    ]

    def __init__(self, month: Month) -> None:
        super().__init__()
        self._month = month
        self._only_open = True
        self._found: dict[str, Case] = {}

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        found = self._found.get(self.grid.key)
        return Here(self._month, "", found.unit if found else "")

    def compose(self) -> ComposeResult:
        """The list, the case with the cursor in full."""
        yield TitleBar(self.NAME)
        with Container(id="panes"):
            yield Grid([Column("")], id="table")
            yield Steps(6, 3, id="detail")
        yield Note()
        yield Keys()

    async def press(self, key: str, letter: str) -> bool:
        """Moves, opens, or shows those that ended too."""
        if key == "f":
            self._only_open = not self._only_open
            self.load()
            return True
        return await super().press(key, letter)

    def open_row(self) -> None:
        """The case with the cursor."""
        from gsjx_tui.tui.screens.case import CaseScreen

        found = self._found.get(self.grid.key)
        if found is not None:
            self.app.push_screen(CaseScreen(found.number, self._month))

    async def fetch(self) -> None:
        """Shows the cases as they stand today."""
        found = await self.desk.call(cases, only_open=self._only_open)
        self._found = {str(one.number): one for one in found}
        which = "未办结" if self._only_open else "全部"
        flags = {"逾期": sum(one.overdue and one.is_open for one in found)}
        flags["待撤销"] = sum(one.status == "lifted" for one in found)
        flags["待决定"] = sum(one.status == "waiting" for one in found)
        told = "".join(f"，{name} {count} 件" for name, count in flags.items() if count)
        self.query_one(TitleBar).show(self.NAME, f"{which} {len(found)} 件{told}")
        self.show_rows()
        self.show_lit()

    def show_rows(self) -> None:
        """The rows, with more room for some columns where it is wide."""
        names = {stage.id: stage.name for stage in self.desk.office.rubric.stages}
        rows: list[Row] = []
        for stage in dict.fromkeys(one.stage for one in self._found.values()):
            mine = [one for one in self._found.values() if one.stage == stage]
            title = f"{names.get(stage, stage)}阶段" if stage else "最终"
            rows.append(Row(f"*{stage}", ("", f"{title} {len(mine)} 件", "", "", ""), "heading"))
            rows += [_row(one) for one in mine]
        columns = [
            Column("号", 3, right=True),
            Column("单位"),
            Column("结果", 12),
            Column("状态", 22 if self.wide else 12),
            Column("  期限", 12),
        ]
        empty = "没有未办结的台账，按 f 看全部" if self._only_open else "没有台账，发布阶段排名时立"
        self.grid.show(rows, columns=columns, empty=empty)
        if self.grid.key.startswith("*"):
            self.grid.press("down")
        self.show_details()

    def details(self) -> Sequence[tuple[str, str]]:
        """All of the one with the cursor."""
        found = self._found.get(self.grid.key)
        return told_of(found) if found else ()


def tone_of(one: Case) -> str:
    """How a case stands out: overdue or to be rescinded, waiting, ended."""
    if not one.is_open:
        return "muted"
    return "bad" if one.overdue or one.status == "lifted" else "warn" if one.missing else ""


def told_of(one: Case) -> list[tuple[str, str]]:
    """Where a case stands and what was done last."""
    told = [("状态", STATUS_NAMES[one.status])]
    if one.status == "lifted":
        told = [("状态", f"{STATUS_NAMES[one.status]}：后来的一版不再把它列在其中")]
    elif one.status == "waiting":
        told = [("状态", f"{STATUS_NAMES[one.status]}（{one.shared_by} 个单位并列）")]
    if one.is_open and one.missing:
        told.append(("还缺", "、".join(one.missing)))
    if one.deadline:
        told.append(("期限", f"{one.deadline}{'，已逾期' if one.overdue and one.is_open else ''}"))
    if one.steps:
        last = one.steps[-1]
        told.append(("最近", f"{last.happened_on} {last.name} {last.person} {last.text}"))
    return told


def _row(one: Case) -> Row:
    late = "! " if one.overdue and one.is_open else "  "
    cells = (
        str(one.number),
        f"{one.unit} {one.name}",
        KIND_NAMES.get(one.kind, one.kind),
        STATUS_NAMES[one.status],
        f"{late}{one.deadline}" if one.deadline else "",
    )
    return Row(str(one.number), cells, tone_of(one))
