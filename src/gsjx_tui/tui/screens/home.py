"""Home 首页: the month in hand, how far each category is, what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from gsjx_tui.domain import Month
from gsjx_tui.office.draft import Draft, take_drafts
from gsjx_tui.office.home import Office
from gsjx_tui.office.people import Person
from gsjx_tui.office.progress import STATUS_NAMES, STATUSES, Progress, progress
from gsjx_tui.tui.places import BY_ID, PLACES, Here
from gsjx_tui.tui.screens.hearing import POSTED, PUBLISHED, RECORDED
from gsjx_tui.tui.screens.keyed import MONTHS
from gsjx_tui.tui.screens.table import TableScreen
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys, PlaceKeys
from gsjx_tui.tui.widgets.lines import Note, Prose, Steps, TitleBar

NAME = "考核账本"
TOTAL = "*"

_MOST_OFF = 2
"""So many plugins that are off are told of; the rest is counted."""


_COLUMNS = (
    Column("类别"),
    Column("单位", 6, right=True),
    *(Column(STATUS_NAMES[status], 7, right=True) for status in STATUSES),
    Column("  核定进度", 12),
)


class HomeScreen(TableScreen):
    """The first screen: where the month stands."""

    CSS_PATH = "home.tcss"
    NAME = "首页"
    HELP = (
        "首页显示当月各类单位的进度和下一步。方向键选类别，Enter 录入该类单位。\n"
        "字母键到各个界面；方括号换月，Esc 回到当前月。"
    )
    HEARS = RECORDED | POSTED | PUBLISHED
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(place.key, f"place('{place.id}')", place.name, show=False) for place in PLACES),
        Binding("enter", "press('enter')", "录入这一类", key_display="Enter"),
        *MONTHS,
        Binding("q", "app.quit", "退出"),
        Binding("escape", "month(0)", "回到当前月", key_display="Esc", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._month: Month | None = None
        self._progress: Progress | None = None
        self._told_of = ""

    def compose(self) -> ComposeResult:
        """Title, the table by category, what to do next."""
        yield TitleBar(NAME, "正在打开账本")
        yield Static(id="month")
        yield Grid(_COLUMNS, id="categories")
        yield Static(id="company")
        yield Prose(id="off")
        yield Static("下一步", id="next-title")
        yield Steps()
        yield Note()
        yield PlaceKeys([(one.id, one.key, one.name) for one in PLACES], id="places")
        yield Keys()

    @property
    def _category(self) -> str:
        """The category with the cursor, empty for all."""
        return self.grid.key.replace(TOTAL, "")

    async def fetch(self) -> None:
        """Shows the month in hand, or the one chosen."""
        self.query_one("#places", PlaceKeys).dim(await self.desk.call(_barred, self.desk.person))
        drafts = await self.desk.call(take_drafts)
        if drafts:
            self.say(_told(drafts), "bad")
        elif changed := await self.desk.files_changed():
            self.say(changed, "bad")
        found = await self.desk.call(progress, self._month)
        self._progress = found
        name = "" if self.desk.several else self.desk.office.rubric.campaign.name
        self.query_one(TitleBar).show(f"{NAME}  {name}".rstrip(), self.desk.office.who)
        self.show_company()
        self._show_off()
        self.query_one("#month", Static).update(
            f"{found.month.chinese}  {found.stage.name}阶段"
            f"（{found.stage.months[0]} 至 {found.stage.months[-1]}，{found.stage.points} 分）"
        )
        rows = [_row(found, category.id, category.name) for category in found.categories]
        rows.append(_row(found, TOTAL, "合计", "heading"))
        self.grid.show(rows)
        self.show_lit()
        self.query_one(Steps).show([(BY_ID[step.act].key, step.text) for step in found.next_steps])

    def show_company(self) -> None:
        """Who else is at which unit, in a line that is there only if somebody is."""
        names = {unit.code: unit.name for unit in self.desk.office.units}
        me = self.desk.office.who
        at = [
            f"{one.name or one.login} {one.unit} {names.get(one.unit, '')}"
            for one in self.desk.present
            if one.login != me
        ]
        company = self.query_one("#company", Static)
        company.display = bool(at)
        company.update(f"正在办：{'、'.join(at)}")

    def _show_off(self) -> None:
        """Which plugins are off and what to do, above the steps; the service tells of its own."""
        office = self.desk.office
        off = office.plugins.off if office.carrier is None else ()
        told = [str(fault) for fault in off[:_MOST_OFF]]
        if len(off) > _MOST_OFF:
            told = [f"另有 {len(off) - _MOST_OFF} 个插件停用，用 gsjx plugin list 查看。", *told]
        notice = self.query_one("#off", Prose)
        notice.display = bool(off)
        notice.show("\n".join(told))

    def action_month(self, by: int) -> None:
        """Moves the month; 0 goes back to the month in hand."""
        if self._progress is not None:
            self._month = self.moved_month(self._progress.month, by) if by else None
            self.load()

    def here(self) -> Here:
        """The month shown, the category with the cursor."""
        assert self._progress is not None
        return Here(self._progress.month, self._category)

    def action_place(self, id: str) -> None:
        """Opens a screen at the month, on the category with the cursor.

        Whom its act is barred to is told so at the first key; the second one opens it to look.
        """
        place, person = BY_ID[id], self.desk.person
        if self._progress is None:
            return
        if person is not None and (why := place.barred(person, place.looks)):
            self.say(why, "bad")
        elif (
            person is not None and self._told_of != id and (why := place.barred(person, place.does))
        ):
            self._told_of = id
            self.say(f"{why}\n再按一次 {place.key} 只查看。", "bad")
        else:
            self._told_of = ""
            self.go(place.open(self.here()))

    def open_row(self) -> None:
        """Enter on a category opens its units."""
        self.action_place("entry")


def _barred(office: Office, person: Person | None) -> frozenset[str]:
    """The places whose act the person may not do: asked at the desk, where acts are imported."""
    if person is None:
        return frozenset()
    return frozenset(
        place.id
        for place in PLACES
        if place.barred(person, place.looks) or place.barred(person, place.does)
    )


def _told(drafts: Sequence[Draft]) -> str:
    """What wasn't saved when the line dropped; several in few words each."""
    if len(drafts) == 1:
        return str(drafts[0])
    brief = [f"{one.unit} {one.label} {one.kind} “{one.text}”" for one in drafts]
    return f"上次断线时有 {len(drafts)} 格没有保存，请核对后重新录入：{'；'.join(brief)}"


def _row(found: Progress, key: str, name: str, tone: str = "") -> Row:
    category = key.replace(TOTAL, "")
    size = found.size(category)
    confirmed = found.count("confirmed", category)
    done = 10 * confirmed // size if size else 0
    bar = "#" * done + "-" * (10 - done)
    counts = [str(found.count(status, category) or "") for status in STATUSES]
    if not tone and size and confirmed == size:
        tone = "good"
    return Row(key, (name, str(size), *counts, f"  {bar}"), tone)
