"""Ranking 排名: a tab a category; cumulative, stage or month; any month."""

from __future__ import annotations

from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from gsjx_tui.domain import Month
from gsjx_tui.office.home import Office
from gsjx_tui.office.rank import (
    CampaignFacts,
    Rank,
    campaign_facts,
    moved_text,
    ranking,
    scope_of,
)
from gsjx_tui.tui.screens.base import OfficeScreen
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Choice, Note, TitleBar
from gsjx_tui.tui.widgets.text import points

ScopeName = Literal["cumulative", "stage", "month"]
SCOPES: dict[ScopeName, str] = {"cumulative": "累计", "stage": "本阶段", "month": "本月"}


_COLUMNS = (
    Column("名次", 4, right=True),
    Column("单位"),
    Column("得分", 9, right=True),
    Column("距前一名", 9, right=True),
    Column("升降", 6, right=True),
    Column("上月", 5, right=True),
    Column("上月得分", 9, right=True),
    Column("  核定", 8),
)
_WIDE_ONLY = 6


class RankingScreen(OfficeScreen):
    """Who stands where in a category, and who moved."""

    NAME = "排名"
    HELP = (
        "每类一页，按得分从高到低；同分同名次，下一名顺延。未核定到当月的单位会标明。\n"
        "Enter 打开得分卡，看为什么是这个分。"
    )
    CSS_PATH = "ranking.tcss"
    AUTO_FOCUS = "#ranks"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,tab", "category(1)", "换类别", key_display="Tab"),
        Binding("left,shift+tab", "category(-1)", show=False),
        Binding("s", "scope", "累计、阶段、本月"),
        Binding("left_square_bracket", "month(-1)", "换月", key_display="[ ]"),
        Binding("right_square_bracket", "month(1)", show=False),
    ]

    def __init__(self, category: str = "") -> None:
        super().__init__()
        self._category = category
        self._month: Month | None = None
        self._scope: ScopeName = "cumulative"
        self._campaign: CampaignFacts | None = None

    def compose(self) -> ComposeResult:
        """Categories, scope, the table."""
        yield TitleBar("排名")
        yield Choice(id="categories")
        yield Choice(id="scopes")
        yield Grid(
            _COLUMNS,
            id="ranks",
            empty="没有参加排名的单位",
        )
        yield Note()
        yield Keys()

    def load(self) -> None:
        """Asks for the ranking anew."""
        self.ask(self._load())

    async def _load(self) -> None:
        campaign = await self.desk.call(_facts)
        self._campaign = campaign
        self._month = self._month or campaign.newest
        if self._category not in {category.id for category in campaign.categories}:
            self._category = campaign.categories[0].id
        stage = self.desk.office.rubric.stage_of(self._month)
        assert stage is not None
        month = str(self._month)
        scope = {
            "cumulative": {"through": month},
            "stage": {"through": month, "stage": stage.id},
            "month": {"month": month},
        }[self._scope]
        rows = await self.desk.call(_ranking, campaign, self._category, scope)
        ids = [category.id for category in campaign.categories]
        names = [category.name for category in campaign.categories]
        self.query_one("#categories", Choice).show(names, ids.index(self._category))
        said = {**SCOPES, "stage": f"本阶段（{stage.name}）", "cumulative": "累计"}
        self.query_one("#scopes", Choice).show(list(said.values()), list(said).index(self._scope))
        self.query_one(TitleBar).show("排名", f"{self._month.chinese}  {stage.name}")
        wide = self.size.width >= 96
        columns = [c for i, c in enumerate(_COLUMNS) if wide or i != _WIDE_ONLY]
        self.query_one(Grid).show([_row(row, wide) for row in rows], columns=columns)
        open_units = sum(not row.confirmed_through for row in rows)
        self.say(
            f"{len(rows)} 个单位"
            + (
                f"，{open_units} 个尚未核定到 {self._month}，名次未定"
                if open_units
                else "，全部已核定"
            )
        )

    def on_resize(self) -> None:
        """There is a column more where there is room."""
        if self._campaign is not None:
            self.load()

    def action_category(self, by: int) -> None:
        """The next category."""
        if self._campaign is not None:
            ids = [category.id for category in self._campaign.categories]
            self._category = ids[(ids.index(self._category) + by) % len(ids)]
            self.load()

    def action_scope(self) -> None:
        """Cumulative, stage, month in turn."""
        names = list(SCOPES)
        self._scope = names[(names.index(self._scope) + 1) % len(names)]
        self.load()

    def action_month(self, by: int) -> None:
        """Moves the month."""
        if self._month is not None:
            self._month = self.moved_month(self._month, by)
            self.load()

    def on_grid_selected(self, event: Grid.Selected) -> None:
        """Enter on a unit opens its card."""
        from gsjx_tui.tui.screens.card import CardScreen

        if self._month is not None:
            self.app.push_screen(CardScreen(event.key, self._month))


def _facts(office: Office) -> CampaignFacts:
    return campaign_facts(office.ledger)


def _ranking(
    office: Office, campaign: CampaignFacts, category: str, scope: dict[str, str]
) -> list[Rank]:
    return list(ranking(office.ledger, scope_of(campaign, **scope), category))


def _row(row: Rank, wide: bool) -> Row:
    cells = [
        str(row.rank),
        f"{row.unit} {row.name}",
        points(row.points),
        points(row.gap),
        moved_text(row.moved),
        "" if row.previous_rank is None else str(row.previous_rank),
        points(row.previous_points),
        "  是" if row.confirmed_through else "  未核定",
    ]
    if not wide:
        del cells[_WIDE_ONLY]
    return Row(row.unit, tuple(cells), "" if row.confirmed_through else "muted")
