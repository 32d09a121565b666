"""Publish 发布: what stands in the way, what would be corrected, and every edition there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office.cases import Case, cases_of
from gsjx_tui.office.check import local
from gsjx_tui.office.figures import Erratum, Published, ScopeKind
from gsjx_tui.office.gate import FIRST
from gsjx_tui.office.outdated import STATUS_NAMES, Listed, listed
from gsjx_tui.office.publications import PaperCheck, check_paper
from gsjx_tui.office.publish import Draft, draft, publish
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.act_form import ActForm, Asked, Texts
from gsjx_tui.tui.screens.hearing import POSTED, PUBLISHED, RECORDED
from gsjx_tui.tui.screens.keyed import MONTHS
from gsjx_tui.tui.screens.table import TableScreen
from gsjx_tui.tui.widgets.errata import erratum_told, points_told, ranks_told
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Choice, Note, Steps, TitleBar
from gsjx_tui.tui.widgets.prompt import Prompt

SCOPES: dict[ScopeKind, str] = {"month": "累计到本月", "stage": "本阶段", "campaign": "最终排名"}

OPENS_THE_GATE = frozenset(
    {
        "draw.draw",
        "objecting.file_objection",
        "objecting.decide_objection",
        "objecting.withdraw_objection",
    }
)
"""Acts of others that change what stands in the way."""


class PublishScreen(TableScreen):
    """The gate of a month, a stage or the end, and the editions."""

    NAME = "发布"
    CSS_PATH = "one_table.tcss"
    DEFAULT_CLASSES = "one-table"
    HELP: ClassVar[str] = (
        "发布排名。k 换范围：累计到本月、本阶段、最终排名，方括号换月。"
        "上面分类列出未了的事，写明怎么办，多的先列前几件，按 a 全部列出；"
        "全部了结之后按 b 发布，成为永不改动的一版，"
        "并为末位单位立台账。以后有更正，再发布即成为新的一版，附更正说明。"
        "下面是已发布的各版，按 Enter 照原样看，名次旁的校验码印在每份文件上；"
        "按 j 查一个校验码是哪一版、数字是否仍与账本相符。"
    )
    HEARS = RECORDED | POSTED | PUBLISHED | OPENS_THE_GATE
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "press('b')", "发布"),
        Binding("k", "press('k')", "范围"),
        Binding("a", "press('a')", "全部列出"),
        Binding("enter", "press('enter')", "看这一版", key_display="Enter"),
        Binding("j", "press('j')", "查校验码"),
        *MONTHS,
    ]

    def __init__(self, month: Month) -> None:
        super().__init__()
        self._month = month
        self._scope: ScopeKind = "month"
        self._draft: Draft | None = None
        self._each = False
        self._faults: dict[str, Fault] = {}
        self._errata: dict[str, Erratum] = {}
        self._editions: dict[str, Listed] = {}
        self._news = ""

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        return Here(self._month)

    def compose(self) -> ComposeResult:
        """The scope, whether it can be published, the list, the row with the cursor in full."""
        yield TitleBar(self.NAME)
        yield Choice(id="scope")
        yield Static(id="head")
        yield Grid([Column("")], id="table")
        yield Steps(8, 3, id="below")
        yield Prompt()
        yield Note()
        yield Keys()

    # keys --------------------------------------------------------------------------------------

    async def press(self, key: str, letter: str) -> bool:
        """Moves, changes what is published, publishes."""
        if key == "k":
            scopes = list(SCOPES)
            self._scope = scopes[(scopes.index(self._scope) + 1) % len(scopes)]
            self._news = ""
            self.load()
        elif key == "a":
            self._each = not self._each
            self._show()
        elif key == "b":
            self._ask_note()
        elif key == "j":
            self.ask_for("code", "校验码", self._check_paper, hint="印在文件上的，Enter 查")
        else:
            return await super().press(key, letter)
        return True

    def action_month(self, by: int) -> None:
        """Moves the month."""
        self._month = self.moved_month(self._month, by)
        self._news = ""
        self.load()

    def open_row(self) -> None:
        """An edition, exactly as it was published."""
        from gsjx_tui.tui.screens.publication import PublicationScreen

        found = self._editions.get(self.grid.key)
        if found is not None:
            self.app.push_screen(PublicationScreen(found.head.number))
        else:
            self.say("移到已发布的一版上再按 Enter")

    # publishing --------------------------------------------------------------------------------

    @property
    def _which(self) -> str:
        """The month, or the id of its stage, as *publish* takes it."""
        if self._scope == "stage":
            stage = self.desk.office.rubric.stage_of(self._month)
            assert stage is not None
            return stage.id
        return str(self._month) if self._scope == "month" else ""

    def _ask_note(self) -> None:
        found = self._draft
        if found is None:
            return
        self.check(publish)
        if found.blocked:
            raise StateError(
                Fault("", f"还不能发布，有 {len(found.left)} 件事未了", "逐件办完再发布")
            )
        scope, which = self._scope, self._which

        async def do(texts: Texts) -> str:
            done = (await self.desk.call(publish, scope, which, texts["note"])).head
            told = f"已发布{done.called}（第 {done.number} 号），校验码 {done.code}。"
            return told + _told_cases(await self.desk.call(cases_of, done), done)

        about = f"{found.title}第 {found.edition} 版，{len(found.rows)} 个单位"
        if found.edition > 1:
            about += f"，更正上一版 {len(found.errata)} 个单位"
        self.app.push_screen(
            ActForm(
                "发布",
                about,
                [Asked("note", "发布说明", "可以不写；更正的写明缘由")],
                do,
                self._published,
                sure="发布之后这一版永不改动。",
                about=("publish", scope, which),
            )
        )

    def _published(self, news: str) -> None:
        self._news = news

    async def _check_paper(self, code: str) -> None:
        self._news = ""
        found = await self.desk.call(check_paper, code)
        self.say(_told_check(found), "good" if found.current else "bad")

    # showing -----------------------------------------------------------------------------------

    async def fetch(self) -> None:
        """Asks what stands in the way, and what was published."""
        self.query_one(TitleBar).show(f"发布  {self._month.chinese}", self.desk.office.who)
        self.query_one(Choice).show(list(SCOPES.values()), list(SCOPES).index(self._scope))
        found = await self.desk.call(draft, self._scope, self._which)
        editions = await self.desk.call(listed)
        self._draft = found
        self._errata = {f"E{one.unit}": one for one in found.errata}
        self._editions = {f"#{one.head.number}": one for one in reversed(editions)}
        title = f"{found.title}第 {found.edition} 版（未定稿）"
        able = f"还不能发布，有 {len(found.left)} 件事未了" if found.blocked else "可以发布"
        self.query_one("#head", Static).update(f"{title}：{able}")
        self._show()
        self.show_lit()
        self.say(self._news, "good" if self._news else "")

    def _show(self) -> None:
        rows: list[Row] = []
        self._faults = {}
        for obstacles in self._draft.blocked if self._draft is not None else ():
            name = f"{obstacles.kind} {len(obstacles.faults)} 件"
            rows.append(_heading(obstacles.kind, name, self.told(obstacles.remedy)))
            self._faults[f"*{obstacles.kind}"] = obstacles.told
            shown = obstacles.faults if self._each else obstacles.faults[:FIRST]
            for at, fault in enumerate(shown):
                key = f"!{obstacles.kind}{at}"
                self._faults[key] = fault
                rows.append(
                    Row(key, (f"  {fault.where}", fault.what, self.told(fault.remedy)), "warn")
                )
            if len(shown) < len(obstacles.faults):
                more = f"  还有 {len(obstacles.faults) - len(shown)} 件，按 a 列出"
                rows.append(Row(f"*{obstacles.kind}+", (more, "", ""), "muted"))
        if self._errata:
            rows.append(_heading("errata", f"将更正上一版 {len(self._errata)} 个单位"))
            rows += [
                Row(key, (f"  {one.unit} {one.name}", ranks_told(one), points_told(one)))
                for key, one in self._errata.items()
            ]
        rows.append(_heading("editions", f"已发布 {len(self._editions)} 版", "校验码"))
        rows += [_edition_row(key, one) for key, one in self._editions.items()]
        columns = [Column("单位、排名"), Column("情况"), Column("", 40 if self.wide else 17)]
        self.grid.show(rows, columns=columns)
        self._show_detail()

    def on_resize(self) -> None:
        """More of the remedy where there is room."""
        if self._draft is not None:
            self._show()

    def on_grid_highlighted(self) -> None:
        """What belongs to the row with the cursor follows it."""
        self._show_detail()

    def _show_detail(self) -> None:
        key = self.grid.key
        told: list[tuple[str, str]] = []
        if key in self._faults:
            fault = self._faults[key]
            told = [
                ("未了", f"{fault.where}：{self.told(fault.what)}"),
                ("怎么办", self.told(fault.remedy)),
            ]
        elif key in self._errata:
            one = self._errata[key]
            told = [("更正", f"{one.unit} {one.name}：{erratum_told(one)}")]
        elif key in self._editions:
            head, status = self._editions[key].head, self._editions[key].status
            told = [
                ("校验码", f"{head.code}（{head.called}，第 {head.number} 号）"),
                ("现状", STATUS_NAMES[status]),
                ("发布", f"{head.by} {local(head.at)} {head.note}"),
            ]
        self.query_one("#below", Steps).show(told)


def _heading(key: str, name: str, last: str = "") -> Row:
    return Row(f"*{key}", (name, "", last), "heading")


def _told_cases(found: Sequence[Case], head: Published) -> str:
    """How many cases the edition has opened, and how many it has lifted."""
    opened = sum(one.publication == head.number for one in found)
    lifted = sum(one.status == "lifted" for one in found)
    told = [f"立台账 {opened} 件"] if opened else []
    told += [f"待撤销 {lifted} 件"] if lifted else []
    return f"{'，'.join(told)}，见首页 t。" if told else ""


def _edition_row(key: str, one: Listed) -> Row:
    head = one.head
    said = f"{head.by} {local(head.at)}" if one.status == "current" else STATUS_NAMES[one.status]
    tone = {"current": "", "outdated": "warn", "replaced": "muted"}[one.status]
    return Row(key, (f"  第 {head.number} 号 {head.called}", said, head.code), tone)


def _told_check(found: PaperCheck) -> str:
    head = found.head
    told = f"{head.code}：{head.called}（第 {head.number} 号）。"
    if not found.whole:
        return f"{told}账本中这一版与它的摘要不符：停止使用，从备份恢复。"
    if found.current:
        told += "数字仍与账本相符。"
    else:
        told += f"账本已有更正，{len(found.changed)} 个单位的数字与这一版不同。"
    return f"{told}已有新版第 {found.newer} 号。" if found.newer else told
