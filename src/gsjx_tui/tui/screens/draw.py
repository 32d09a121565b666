"""Spot checks 抽查: drawing for a month, what of it is checked, whom the stage has reached."""

from __future__ import annotations

from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office.check import local
from gsjx_tui.office.draw import ITEMS, Coverage, Draw, Drawn, UnitCoverage, coverage, draw, draws
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.act_form import ActForm, Asked, Texts
from gsjx_tui.tui.screens.hearing import POSTED, RECORDED
from gsjx_tui.tui.screens.keyed import MONTHS
from gsjx_tui.tui.screens.table import TableScreen
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Choice, Note, TitleBar

View = Literal["drawn", "open", "coverage"]
VIEWS: dict[View, str] = {"drawn": "抽中的", "open": "抽中未复核", "coverage": "覆盖情况"}

DRAWN = frozenset({"draw.draw"})


class DrawScreen(TableScreen):
    """The draws of a month and the coverage of its stage."""

    NAME = "抽查"
    CSS_PATH = "one_table.tcss"
    DEFAULT_CLASSES = "one-table"
    HELP: ClassVar[str] = (
        "每月抽签决定复核哪些单位的哪些要点，本阶段每个单位至少抽到一次，"
        "以前自评核减多的单位权重大。按 a 抽签，种子可以当众摇号输入，空着则随机，"
        "记下之后谁都能按种子重抽核对；再按 a 在已抽的之外补抽。"
        "先抽查复核再核定：抽中已核定的单位，查出的只能更正。"
        "按 k 换看抽中的、抽中而未复核的、覆盖情况，按 Enter 去复核这个单位。"
    )
    HEARS = RECORDED | POSTED | DRAWN
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "press('a')", "抽签、补抽"),
        Binding("k", "press('k')", "换表"),
        Binding("enter", "press('enter')", "去复核", key_display="Enter"),
        *MONTHS,
    ]

    def __init__(self, month: Month) -> None:
        super().__init__()
        self._month = month
        self._view: View = "drawn"
        self._draws: tuple[Draw, ...] = ()
        self._coverage: Coverage | None = None
        self._units: dict[str, str] = {}
        self._news = ""

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        return Here(self._month, "", self._units.get(self.grid.key, ""))

    def compose(self) -> ComposeResult:
        """Which table, how far the stage is, the table."""
        yield TitleBar(self.NAME)
        yield Choice(id="view")
        yield Static(id="head")
        yield Grid([Column("")], id="table")
        yield Note()
        yield Keys()

    async def press(self, key: str, letter: str) -> bool:
        """Moves, changes the table, draws."""
        if key == "k":
            views = list(VIEWS)
            self._view = views[(views.index(self._view) + 1) % len(views)]
            self._show()
        elif key == "a":
            self._ask_draw()
        else:
            return await super().press(key, letter)
        return True

    def action_month(self, by: int) -> None:
        """Moves the month."""
        self._month = self.moved_month(self._month, by)
        self._news = ""
        self.load()

    def open_row(self) -> None:
        """The review of the unit with the cursor."""
        from gsjx_tui.tui.screens.review import ReviewScreen

        code = self.here().unit
        if code:
            category = self.desk.office.unit(code).category
            self.app.push_screen(ReviewScreen(self._month, category, code))

    # drawing -----------------------------------------------------------------------------------

    def _ask_draw(self) -> None:
        if self._coverage is None:
            return
        self.check(draw)
        month, needed = self._month, self._coverage.needed
        nth = len(self._draws) + 1

        async def do(texts: Texts) -> str:
            units = _number("单位数", texts["units"], 0)
            items = _number("要点数", texts["items"], ITEMS)
            done = await self.desk.call(draw, month, units, items, texts["seed"])
            return (
                f"{month} 第 {done.of_month} 次抽签：{done.units} 个单位、"
                f"{len(done.drawn)} 个要点，种子 {done.seed}。{done.warning}"
            )

        late = ""
        if self._coverage.confirmed:
            late = f"本月已有 {self._coverage.confirmed} 个单位核定，抽中它们，查出的只能更正。"
        least = f"至少 {needed} 个，本阶段才能都抽到" if needed else "本阶段已能都抽到"
        self.app.push_screen(
            ActForm(
                "抽签" if nth == 1 else "补抽",
                f"{month.chinese} 第 {nth} 次抽签",
                [
                    Asked("units", "单位数", f"空着即够用的数；{least}"),
                    Asked("items", "每单位要点数", text=str(ITEMS)),
                    Asked("seed", "种子", "摇号的结果；空着即随机"),
                ],
                do,
                self._tell,
                sure=f"{late}抽签记入账本，不能重来。",
                about=("draw", str(month)),
            )
        )

    def _tell(self, news: str) -> None:
        self._news = news

    # showing -----------------------------------------------------------------------------------

    async def fetch(self) -> None:
        """Shows what was drawn in the month, and how far its stage is."""
        self._draws = await self.desk.call(draws, self._month)
        self._coverage = await self.desk.call(coverage, self._month)
        self._show()
        self.show_lit()
        wrong = [one.of_month for one in self._draws if not one.repeats]
        if wrong:
            self.say(f"第 {wrong[0]} 次按种子重抽，结果与记录不同：停止使用，从备份恢复。", "bad")
        else:
            self.say(self._news, "good" if self._news else "")

    def _show(self) -> None:
        found = self._coverage
        if found is None:
            return
        drawn = [one for each in self._draws for one in each.drawn]
        waiting = sum(not one.checked for one in drawn)
        self.query_one(TitleBar).show(
            f"抽查  {self._month.chinese} {found.stage}",
            f"抽中 {len(drawn)} 个要点，未复核 {waiting} 个",
        )
        self.query_one(Choice).show(list(VIEWS.values()), list(VIEWS).index(self._view))
        reached = len(found.units) - len(found.missing)
        more = f"；本月还要抽 {found.needed} 个单位" if found.needed else ""
        head = f"本阶段 {len(found.units)} 个单位中已抽到 {reached} 个{more}"
        self.query_one("#head", Static).update(head)
        if self._view == "coverage":
            self._show_coverage(found)
        else:
            self._show_drawn()

    def _show_drawn(self) -> None:
        rows: list[Row] = []
        self._units = {}
        for each in self._draws:
            wanted = [one for one in each.drawn if self._view == "drawn" or not one.checked]
            if not wanted:
                continue
            who = f"第 {each.of_month} 次，种子 {each.seed}"
            when = f"{each.by} {local(each.at)}"
            rows.append(Row(f"*{each.number}", (who, when, ""), "heading"))
            for one in wanted:
                key = f"{one.draw} {one.unit} {one.item}"
                self._units[key] = one.unit
                rows.append(_drawn_row(key, one))
        columns = [Column("单位"), Column("要点"), Column("复核", 25)]
        empty = "都复核了" if self._draws else "本月还没有抽签，按 a 抽"
        self.grid.show(rows, columns=columns, empty=empty)

    def _show_coverage(self, found: Coverage) -> None:
        self._units = {one.unit: one.unit for one in found.units}
        columns = [
            Column("单位"),
            Column("抽中次数", 8, right=True),
            Column("要点", 6, right=True),
            Column("未复核", 6, right=True),
            Column("权重", 6, right=True),
        ]
        self.grid.show([_coverage_row(one) for one in found.units], columns=columns)


def _number(what: str, text: str, empty: int) -> int:
    """A count as a person writes it. Raises StateError."""
    written = text.strip()
    if not written:
        return empty
    if not (written.isdecimal() and len(written) < 6):
        raise StateError(Fault(what, f"“{written}”不是个数", "写数字，如 5"))
    return int(written)


def _drawn_row(key: str, one: Drawn) -> Row:
    checked = "未复核"
    if one.checked:
        checked = f"{one.by} {local(one.at)}" if one.at is not None else "已复核"
    tone = "" if one.checked else "warn"
    return Row(key, (f"  {one.unit} {one.name}", one.label, checked), tone)


def _coverage_row(one: UnitCoverage) -> Row:
    cells = (
        f"{one.unit} {one.name}",
        str(one.draws or "没有"),
        str(one.items or ""),
        str(one.open or ""),
        f"{one.weight:.2f}",
    )
    return Row(one.unit, cells, "" if one.draws else "warn")
