"""Confirm 核定: what a month would post, what is missing and would follow, then the act."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import ProgressBar, Static

from gsjx_tui.domain import ZERO, Month
from gsjx_tui.errors import GsjxError
from gsjx_tui.office.check import local
from gsjx_tui.office.confirm import Confirmation, UnitConfirmation, confirm, preview
from gsjx_tui.office.consequences import confirming_would
from gsjx_tui.office.outdated import outdated
from gsjx_tui.office.progress import Progress, UnitProgress, progress
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.foreseen import AskForeseen, ForeseenScreen
from gsjx_tui.tui.screens.hearing import POSTED, RECORDED
from gsjx_tui.tui.screens.keyed import MONTHS
from gsjx_tui.tui.screens.table import TableScreen
from gsjx_tui.tui.widgets.foreseen import LOOKING, outdated_told, summary
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import Note, Prose, Steps, TitleBar
from gsjx_tui.tui.widgets.text import points

_COLUMNS = (
    Column("单位"),
    Column("本月", 8, right=True),
    Column("阶段", 8, right=True),
    Column("未报", 4, right=True),
    Column("未复核", 6, right=True),
    Column("  核定", 18),
)
_PATIENCE = 0.2
"""Seconds before consequences are asked for: months are leafed through."""


class ConfirmScreen(TableScreen):
    """The month as it would be posted; c confirms it, u one unit."""

    NAME = "核定"
    HELP = (
        "先看每个单位这个月将记多少分、哪些要点未报、哪些未复核，再核定。\n"
        "“后果”说明核定全部之后名次怎样变动、谁成为末位；按 w 看名单。\n"
        "核定之后本月关闭，改动只能更正，并留下理由。各单位须按月份先后核定。"
    )
    CSS_PATH = "confirm.tcss"
    HEARS = RECORDED | POSTED
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "confirm(True)", "全部核定"),
        Binding("u", "confirm(False)", "只核定这个单位"),
        Binding("w", "foreseen", "后果"),
        Binding("e", "entry", "录入", show=False),
        *MONTHS,
    ]

    def __init__(self, month: Month) -> None:
        super().__init__()
        self._month = month
        self._left: Confirmation | None = None
        self._scored: dict[str, UnitConfirmation] = {}
        self._units: dict[str, UnitProgress] = {}

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        return Here(self._month)

    def compose(self) -> ComposeResult:
        """The units, what the one with the cursor would post, progress."""
        yield TitleBar("核定")
        yield Static(id="total")
        yield Prose(id="foreseen")
        yield Grid(_COLUMNS, id="confirmations")
        yield Steps(6, 2, id="detail")
        yield ProgressBar(total=100, show_eta=False, id="progress")
        yield Note()
        yield Keys()

    async def fetch(self) -> None:
        """Scores the month anew."""
        found = await self.desk.call(progress, self._month)
        self.query_one(TitleBar).show(
            f"核定  {self._month.chinese} {found.stage.name}", self.desk.office.who
        )
        self._units = {unit.code: unit for unit in found.units}
        left = [unit.code for unit in found.units if unit.confirmed_by is None]
        self._left = await self.desk.call(preview, self._month, left) if left else None
        scored = self._left.units if self._left is not None else ()
        self._scored = {scored.unit.code: scored for scored in scored}
        self._show(found)
        self.show_lit()
        self.query_one("#foreseen", Prose).show(f"后果：{LOOKING}" if left else "")
        self.ask(self._foresee(left), group="foreseen")

    async def _foresee(self, codes: Sequence[str]) -> None:
        """What would follow comes after the rest: nobody waits for it."""
        await asyncio.sleep(_PATIENCE)
        if codes:
            found = await self.desk.call(confirming_would, self._month, codes)
            self.query_one("#foreseen", Prose).show(f"后果：{summary(found)}")

    def action_foreseen(self) -> None:
        """Opens the list of what would follow of confirming all that are left."""
        if self._left is None:
            self.say(f"{self._month} 已全部核定。", "bad")
        else:
            self.app.push_screen(ForeseenScreen(self._month, list(self._scored)))

    def _show(self, found: Progress) -> None:
        done = found.count("confirmed")
        if self._left is None:
            total = f"{len(found.units)} 个单位已全部核定"
        else:
            total = (
                f"待核定 {len(self._left.units)} 个单位，将记账 {self._left.postings} 条，"
                f"合计 {points(self._left.points)} 分；已核定 {done} 个"
            )
        self.query_one("#total", Static).update(total)
        self.grid.show([self._row(unit) for unit in found.units])
        self._show_detail(self.grid.key)
        if self._left is not None and self._left.blocked:
            first = self._left.blocked[0]
            more = f"（共 {len(self._left.blocked)} 处）" if len(self._left.blocked) > 1 else ""
            self.say(f"还不能核定：{first}{more}", "bad")

    def _row(self, unit: UnitProgress) -> Row:
        scored = self._scored.get(unit.code)
        if scored is None:
            assert unit.confirmed_at is not None
            when = f"  {local(unit.confirmed_at)[5:]} {unit.confirmed_by}"
            return Row(unit.code, (f"{unit.code} {unit.name}", "", "", "", "", when), "muted")
        missing, unverified = len(scored.missing), scored.unverified
        return Row(
            unit.code,
            (
                f"{unit.code} {unit.name}",
                points(scored.points, signed=True),
                points(scored.to_date),
                str(missing or ""),
                str(unverified or ""),
                "  待核定",
            ),
            "warn" if missing else "",
        )

    def on_grid_highlighted(self, event: Grid.Highlighted) -> None:
        """The detail follows the cursor."""
        self._show_detail(event.key)

    def _show_detail(self, code: str) -> None:
        scored = self._scored.get(code)
        detail = self.query_one("#detail", Steps)
        if scored is None:
            detail.show([])
            return
        assert self._left is not None
        items = {item.id: item for item in self._left.stage.items}
        posted = "、".join(
            f"{items[item].label} {value:+.2f}" for item, value in scored.postings.items()
        )
        missing = "、".join(item.label for item in scored.missing)
        detail.show([("记账", posted or "没有变化"), ("未报", missing or "没有")])

    def action_month(self, by: int) -> None:
        """Moves the month."""
        self._month = self.moved_month(self._month, by)
        self.say("")
        self.load()

    def action_entry(self) -> None:
        """Opens the unit's sheet."""
        from gsjx_tui.tui.screens.entry import EntryScreen

        unit = self._units.get(self.grid.key)
        if unit is not None:
            self.app.push_screen(EntryScreen(self._month, unit.category, unit.code))

    def open_row(self) -> None:
        """Enter on a unit opens its sheet."""
        self.action_entry()

    def action_confirm(self, all_units: bool) -> None:
        """Asks, then confirms all units that are left, or the one with the cursor."""
        if not self.may(confirm):
            return
        if self._left is None:
            self.say(f"{self._month} 已全部核定；改动请用更正：得分卡上按 x。", "bad")
            return
        codes = [] if all_units else [self.grid.key]
        chosen = [self._scored[code] for code in codes if code in self._scored]
        if codes and not chosen:
            self.say("这个单位本月已核定；改动请用更正：得分卡上按 x。", "bad")
            return
        units = chosen or list(self._left.units)
        would = partial(
            self.desk.call, confirming_would, self._month, [one.unit.code for one in units]
        )
        ask = AskForeseen(self._question(units), "核定", would)
        self.app.push_screen(ask, lambda yes: self._answered(yes, codes))

    def _question(self, chosen: list[UnitConfirmation]) -> str:
        who = f"{len(chosen)} 个单位" if len(chosen) > 1 else chosen[0].unit.name
        total = sum((scored.points for scored in chosen), start=ZERO)
        missing = sum(bool(scored.missing) for scored in chosen)
        warning = f"其中 {missing} 个单位有未报的要点，按现有记录计分。\n" if missing else ""
        return (
            f"核定 {self._month.chinese} {who}，合计 {points(total)} 分？\n{warning}"
            "核定之后本月关闭，改动只能更正，并留下理由。"
        )

    def _answered(self, yes: bool | None, codes: list[str]) -> None:
        if yes:
            self.run_worker(self._confirm(codes), group="confirm", exclusive=True)

    async def _confirm(self, codes: list[str]) -> None:
        bar = self.query_one(ProgressBar)
        bar.update(total=len(codes) or len(self._scored), progress=0)
        bar.add_class("busy")

        def told(done: int, total: int) -> None:
            if done % 10 == 0 or done == total:
                self.app.call_from_thread(bar.update, total=total, progress=done)

        try:
            done = await self.desk.call(confirm, self._month, codes, progress=told)
        except GsjxError as error:
            self.say(str(error), "bad")
            return
        finally:
            bar.remove_class("busy")
        untrue = outdated_told(await self.desk.call(outdated), most=2)
        await self.fetch()
        self.say(
            f"已核定 {self._month} {len(done.units)} 个单位，记账 {done.postings} 条，"
            f"合计 {points(done.points)} 分。{''.join(untrue)}",
            "good",
        )
