"""Review 复核: what a unit claims beside what the office verified; sending its month back."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from gsjx_tui.domain import Month
from gsjx_tui.errors import GsjxError
from gsjx_tui.office.check import bounds, short
from gsjx_tui.office.draft import Draft, keep_draft
from gsjx_tui.office.progress import UnitProgress, progress
from gsjx_tui.office.record import record
from gsjx_tui.office.review import (
    AS_CLAIMED,
    Review,
    ReviewRow,
    Side,
    UnitReview,
    accept_all,
    return_to_unit,
    review,
    review_counts,
)
from gsjx_tui.office.sheet import typed
from gsjx_tui.rubric.model import Observation
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.base import OfficeScreen
from gsjx_tui.tui.screens.review_rows import (
    DIGITS,
    FILTERS,
    cell_row,
    matches,
    plain,
    told_of,
)
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.line_edit import LineEdit
from gsjx_tui.tui.widgets.lines import Choice, FilterLine, Note, Steps, TitleBar

Pane = Literal["units", "cells", "filter", "line", "yes"]


class ReviewScreen(OfficeScreen):
    """Units at the left, the cells of one at the right. No widget has the focus: keys come here."""

    NAME = "复核"
    CSS_PATH = "review.tcss"
    AUTO_FOCUS = ""
    HELP: ClassVar[str] = (
        "逐个单位核对自评。光标在某格时直接打数字就是复核，离开即保存；"
        "复核空着时按回车，照自评复核。按 a 把未复核的全部照自评复核，按 f 只看有差异、"
        "未复核或无佐证的。按 t 把本月退回单位并写理由和期限，按 T 只退回这一个要点。"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "press('a')", "全照自评"),
        Binding("f", "press('f')", "筛选"),
        Binding("t", "press('t')", "退回", key_display="t T"),
        Binding("b", "press('b')", "备注"),
        Binding("n", "press('n')", "换单位", key_display="n p"),
        Binding("slash", "press('slash')", "找", key_display="/"),
        Binding("left_square_bracket", "press('left_square_bracket')", "换月", key_display="[ ]"),
        Binding("T", "press('T')", "只退回这一个要点", show=False),
        Binding("p", "press('p')", "上一单位", show=False),
        Binding("enter", "press('enter')", "保存，空着则照自评复核", show=False),
        Binding("tab", "press('tab')", "换栏", show=False),
    ]

    def __init__(self, month: Month, category: str = "", unit: str = "") -> None:
        super().__init__()
        self._month, self._category, self._unit = month, category, unit
        self._pane: Pane = "cells" if unit else "units"
        self._from: Pane = self._pane
        self._units: dict[str, UnitProgress] = {}
        self._counts: dict[str, UnitReview] = {}
        self._review: Review | None = None
        self._rows: dict[str, ReviewRow] = {}
        self._chosen = 0
        self._text = ""
        self._typing = ""
        self._complaint = ""
        self._news = ""
        self._asked: list[str] = []
        self._target: tuple[str, ReviewRow | None] = ("", None)
        self._typed_lines: dict[str, str] = {}
        self._loaded = asyncio.Event()

    def here(self) -> Here:
        """Where the person is: other screens open there."""
        return Here(self._month, self._category, self._unit)

    def compose(self) -> ComposeResult:
        """The list of units, the cells of one with notes below, a line for a reason."""
        yield TitleBar("复核")
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                yield FilterLine("/ 名称、代码或首字母", id="filter")
                yield Grid([Column("单位")], id="units", empty="没有这样的单位")
            with Vertical(id="right"):
                yield Static(id="head")
                yield Choice(id="choice")
                yield Grid([Column("考核要点")], id="cells", empty="没有这样的格")
                yield Steps(6, 2, id="detail")
        with Horizontal(id="asked"):
            yield Static(id="question")
            yield LineEdit(id="line")
        yield Note()
        yield Keys()

    def on_mount(self) -> None:
        """The grids get their keys from here."""
        for grid in self.query(Grid):
            grid.can_focus = False

    @property
    def _list(self) -> Grid:
        return self.query_one("#units", Grid)

    @property
    def _cells(self) -> Grid:
        return self.query_one("#cells", Grid)

    @property
    def _filter(self) -> FilterLine:
        return self.query_one(FilterLine)

    @property
    def _line(self) -> LineEdit:
        return self.query_one(LineEdit)

    @property
    def _row(self) -> ReviewRow | None:
        return self._rows.get(self._cells.key)

    # keys --------------------------------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """Takes the keys in turn."""
        await self._loaded.wait()
        if await self._do(event.key, event.character or ""):
            event.stop()
            event.prevent_default()

    async def on_paste(self, event: events.Paste) -> None:
        """What is pasted goes where keys go."""
        event.stop()
        if self._pane == "line":
            self._line.paste(event.text)
        elif self._pane == "filter":
            for letter in event.text.strip():
                await self._do("", letter)
        elif self._pane == "cells" and len(event.text.split()) == 1:
            self._type(self._text + plain(event.text.strip()))

    async def on_click(self, event: events.Click) -> None:
        """Keys go to the list that was clicked."""
        panes: dict[object, Pane] = {self._cells: "cells", self._list: "units"}
        if event.widget in panes and self._pane in ("units", "cells", "filter"):
            self._light(panes[event.widget])

    async def action_press(self, key: str) -> None:
        """A key of the footer that was clicked."""
        await self._do(key, "")

    async def _do(self, key: str, letter: str) -> bool:
        try:
            return await self._press(key, letter)
        except GsjxError as error:
            self.say(str(error), "bad")
            return True

    async def _press(self, key: str, letter: str) -> bool:
        if self._pane == "line":
            return await self._press_line(key, letter)
        if self._pane == "yes":
            return await self._answer(key)
        if self._pane == "filter":
            return await self._press_filter(key, letter)
        if self._pane == "cells" and self._press_cell(key, letter):
            return True
        if key == "escape":
            self._go_back()
        elif not self._leave_cell():
            return True
        elif key in ("tab", "shift+tab", "slash"):
            others: dict[str, Pane] = {"cells": "units", "units": "cells"}
            self._light("filter" if key == "slash" else others[self._pane])
        elif key in ("n", "p"):
            self._list.press("down" if key == "n" else "up")
            await self._open(self._list.key)
        elif key in ("left_square_bracket", "right_square_bracket"):
            self._month = self.moved_month(self._month, 1 if key.startswith("right") else -1)
            await self._load()
        elif key == "f":
            self._chosen = (self._chosen + 1) % len(FILTERS)
            self._show_cells()
        elif key in ("a", "t", "T", "b"):
            self._begin(key)
        elif self._pane == "cells":
            return self._cells.press(key)
        elif key == "enter":
            self._light("cells")
        elif self._list.press(key):
            await self._open(self._list.key)
        else:
            return False
        return True

    def _press_cell(self, key: str, letter: str) -> bool:
        """Typing into the verification with the cursor; False for all that is no typing."""
        letter = plain(letter)
        if letter and letter in DIGITS:
            self._type(self._text + letter)
        elif key == "backspace":
            side = self._row.verification if self._row else None
            self._type((self._text or (short(side.value) if side else ""))[:-1])
        elif key == "enter":
            row = self._row
            if not self._text and row and row.unverified and row.claim:
                self._save(row, row.claim.value, AS_CLAIMED)
                self._cells.press("down")
            elif self._leave_cell():
                self._cells.press("down")
        else:
            return False
        return True

    async def _press_filter(self, key: str, letter: str) -> bool:
        if key == "escape":
            self._filter.clear()
            self._light("units")
        elif key in ("enter", "down", "tab"):
            self._light("cells" if key == "enter" and self._list.key else "units")
            return True
        elif not self._filter.press(key, letter):
            return False
        self._show_units()
        await self._open(self._list.key)
        return True

    def _light(self, pane: Pane) -> None:
        self._pane = pane
        self._filter.light(pane == "filter")
        self._list.light(pane == "units")
        self._cells.light(pane == "cells")
        self._line.light(pane == "line")
        self.query_one("#asked").display = pane == "line"

    def _go_back(self) -> None:
        if self._text:
            self._type("")
        elif self._pane == "cells":
            self._light("units")
        elif self._filter.text:
            self._filter.clear()
            self._show_units(self._unit)
        else:
            self.action_back()

    # asking ------------------------------------------------------------------------------------

    def _begin(self, key: str) -> None:
        """Starts an act that asks for something first."""
        found, row = self._review, self._row
        if found is None:
            return
        if found.confirmed is not None:
            self.say(f"{self._month} 已核定，改动请用核定界面的更正。", "bad")
            return
        self._from = self._pane
        self._target = (found.unit.code, row)  # a click meanwhile must not change what was asked
        if key == "a":
            waiting = sum(row.unverified for row in self._rows.values())
            if waiting:
                self._light("yes")
                asked = f"{found.unit.name} {waiting} 格未复核，全部照自评复核？"
                self.say(f"{asked}  y 复核    n 返回")
            else:
                self.say("没有未复核的自评。")
            return
        if key == "b":
            if row is None or row.verification is None:
                self.say("这一格还没有复核，先填数值或回车照自评，再写备注。", "bad")
                return
            self._ask_line([f"b{found.unit.code}{row.key}"], row.verification.note)
            return
        self._ask_line([f"{key}{found.unit.code}{row.key if row and key == 'T' else ''}"])

    def _ask_line(self, asked: list[str], text: str = "") -> None:
        self._asked = asked
        what = asked[-1]
        row = self._target[1]
        item = row.item.label if row and asked[0][0] != "t" else "本月"
        if what == "deadline":
            question, hint = "期限：", "如 6.30，可空着；回车退回"
        elif what[0] == "b":
            question, hint = f"备注（{item}）：", "回车保存，Esc 返回"
        else:
            question, hint = f"退回{item}的理由：", "要补什么、改什么；回车写期限，Esc 返回"
        self.query_one("#question", Static).update(Text(question))
        self._line.show(self._typed_lines.get(what, text), hint=hint)
        self._light("line")

    async def _press_line(self, key: str, letter: str) -> bool:
        what = self._asked[-1]
        if key not in ("escape", "enter"):
            if not self._line.press(key, letter):
                return False
            self._typed_lines[what] = self._line.text
            return True
        text = self._typed_lines[what] = self._line.text
        if key == "escape":
            self._light(self._from)
        elif what[0] == "b":
            self._light(self._from)
            del self._typed_lines[what]
            unit, row = self._target
            if unit == self._unit and row is not None and row.verification is not None:
                self._save(row, row.verification.value, text.strip())
        elif what != "deadline" and text.strip():
            self._ask_line([what, "deadline"])
        elif what != "deadline":
            self.say("退回理由是空的；写明要单位补什么、改什么。", "bad")
        else:
            await self._return(self._asked[0], text)
        return True

    async def _return(self, what: str, deadline: str) -> None:
        unit, row = self._target
        item = row.item.id if row is not None and what[0] == "T" else ""
        reason = self._typed_lines[what]
        sent = await self.desk.call(return_to_unit, unit, self._month, item, reason, deadline)
        del self._typed_lines[what], self._typed_lines["deadline"]
        self._light(self._from)
        await self._load()
        until = f"，期限 {sent.deadline}" if sent.deadline else ""
        self.say(f"已退回 {unit} {self._month}{until}。", "good")

    async def _answer(self, key: str) -> bool:
        if key not in ("y", "Y", "n", "N", "escape"):
            return True
        self._light(self._from)
        self._show_note()
        if key in ("y", "Y"):
            unit = self._target[0]
            done = await self.desk.call(accept_all, unit, self._month)
            await self._load()
            self.say(f"已照自评复核 {unit} {done} 格。", "good")
        return True

    # a cell ------------------------------------------------------------------------------------

    def _type(self, text: str) -> None:
        self._text, self._complaint, self._typing = text, "", self._cells.key
        row, whole = self._row, text.rstrip(".") or text
        if text and row is not None and self._review is not None:
            try:
                typed(self.desk.office, self._review.sheet, row.item, row.field, "verify", whole)
            except GsjxError as error:
                self._complaint = str(error)
        self._redraw()

    def _leave_cell(self, note: str = "") -> bool:
        """Hands in what is typed; False if it can't stand."""
        row, found = self._rows.get(self._typing), self._review
        if not self._text or row is None or found is None:
            return True
        try:
            seen, _ = typed(
                self.desk.office, found.sheet, row.item, row.field, "verify", self._text
            )
        except GsjxError as error:
            self._complaint = str(error)
            self._redraw()
            return False
        self._text = ""
        if row.verification is None or row.verification.value != seen.value:
            self._save(row, seen.value, note)
        self._redraw()
        return True

    def _save(self, row: ReviewRow, value: Decimal, note: str) -> None:
        """Hands a verification in; the row shows it at once."""
        assert self._review is not None
        seen = Observation(
            self._unit, self._month, row.item.id, row.field.name, "verify", value, note
        )
        now = datetime.now(UTC).replace(tzinfo=None)
        side = Side(value, note, self.desk.office.who, now)
        self._rows[row.key] = replace(row, verification=side)
        sheet = self._review.sheet.with_observation(seen)
        self._review = replace(self._review, rows=tuple(self._rows.values()), sheet=sheet)
        self._counts[self._unit] = UnitReview(
            sum(row.unverified for row in self._rows.values()),
            sum(row.differs for row in self._rows.values()),
            self._review.returned,
        )
        saved = self.desk.hand_in(record, [seen])
        self.run_worker(self._acknowledge(seen, row.item.label, saved), group="save")
        self._list.update_row(self._unit_row(self._units[self._unit]))
        self._redraw()
        self._show_head()

    async def _acknowledge(self, seen: Observation, label: str, saved: Future[Any]) -> None:
        what = f"{seen.unit} {label} 复核 {short(seen.value)}"
        try:
            await asyncio.wrap_future(saved)
        except GsjxError as error:
            if seen.unit == self._unit:
                await self._open(seen.unit)
            self.say(f"没有保存：{what}。{error}", "bad")
            return
        self._news = f"已保存 {what}"
        self._show_note()

    # showing -----------------------------------------------------------------------------------

    def load(self) -> None:
        """Asks for units and cells anew."""
        self._loaded.clear()
        self.ask(self._load(), group="units")

    async def _load(self) -> None:
        try:
            found = await self.desk.call(progress, self._month)
            self._units = {unit.code: unit for unit in found.units}
            self._counts = dict(await self.desk.call(review_counts, self._month))
            names = {c.id: c.name for c in found.categories}
            self.query_one(TitleBar).show(
                f"复核  {self._month.chinese} {found.stage.name}",
                names.get(self._category, "全部单位"),
            )
            self._news = ""
            self._show_units(self._unit)
            await self._open(self._list.key)
            self._light(self._pane)
        finally:
            self._loaded.set()

    def _show_units(self, key: str = "") -> None:
        wanted = self._filter.text
        category = "" if wanted else self._category
        rows = [
            self._unit_row(unit)
            for unit in self._units.values()
            if unit.matches(wanted) and (category in ("", unit.category) or unit.code == key)
        ]
        columns = [Column("单位"), Column("未", 3, right=True), Column("差", 3, right=True)]
        self._list.show(rows, columns=[*columns, Column("", 2)], key=key)

    def _unit_row(self, unit: UnitProgress) -> Row:
        counts = self._counts.get(unit.code, UnitReview())
        state = "定" if unit.confirmed_by else "退" if counts.returned else ""
        cells = (unit.name, str(counts.unverified or ""), str(counts.differing or ""), state)
        muted = unit.confirmed_by or not unit.claims + unit.verifications
        return Row(unit.code, cells, "muted" if muted else "warn" if counts.unverified else "")

    async def _open(self, code: str) -> None:
        """Shows the cells of a unit; none where no unit was found."""
        self.query_one("#right").display = bool(code)
        self._text = self._complaint = ""
        if not code:
            self._review, self._rows = None, {}
            return
        self._unit = code
        self._review = await self.desk.call(review, code, self._month)
        self._rows = {row.key: row for row in self._review.rows}
        self._show_head()
        self._show_cells()

    async def on_grid_highlighted(self, event: Grid.Highlighted) -> None:
        """A click opens the unit or goes to the cell; keys have done so already."""
        if event.grid is self._cells:
            if self._text and self._typing != self._cells.key and not self._leave_cell():
                self._show_cells(self._typing)
            self._redraw()
        elif event.key != self._unit and event.key == self._list.key and self._leave_cell():
            await self._open(event.key)

    def _show_head(self) -> None:
        found = self._review
        if found is None:
            return
        state = ""
        if found.confirmed is not None:
            state = "  已核定"
        elif found.returned:
            until = found.returns[0].deadline
            state = f"  已退回{f'，期限 {until}' if until else ''}"
        name = f"{found.unit.code} {found.unit.name}{state}"
        self.query_one("#head", Static).update(Text(name, no_wrap=True), layout=False)
        flags = [len(self._rows)] + [
            sum(matches(row, name) for row in self._rows.values()) for name in FILTERS[1:]
        ]
        choices = [f"{name} {count}" for name, count in zip(FILTERS, flags, strict=True)]
        self.query_one(Choice).show(choices, self._chosen)

    @property
    def _wide(self) -> bool:
        return self.size.width >= 110

    def on_resize(self) -> None:
        """The cells say more where there is room."""
        if self._rows:
            self._show_cells()

    def _show_cells(self, key: str = "") -> None:
        """The cells of the filter, which stay until another filter or unit is chosen."""
        wanted = FILTERS[self._chosen]
        rows = [self._cell(row) for row in self._rows.values() if matches(row, wanted)]
        columns = [
            Column("考核要点"),
            Column("自评", 6, right=True),
            Column("复核", 7, right=True),
            Column("差", 6, right=True),
            Column(" 标记", 6),
        ]
        if self._wide:
            columns.append(Column("说明"))
        self._cells.show(rows, columns=columns, key=key)
        self._show_head()
        self._redraw()

    def _cell(self, row: ReviewRow) -> Row:
        text = self._text if row.key == self._typing else ""
        return cell_row(row, text, with_note=self._wide)

    def _redraw(self) -> None:
        for row in self._rows.values():
            self._cells.update_row(self._cell(row))
        self._show_detail()
        self._show_note()

    def _show_detail(self) -> None:
        row, found = self._row, self._review
        detail = self.query_one("#detail", Steps)
        if row is None or found is None:
            detail.show([])
            return
        detail.show(told_of(row, found))

    def _show_note(self) -> None:
        row = self._row
        if self._pane == "yes":
            return
        if self._complaint:
            self.say(f"{self._complaint}（按 Esc 放弃这一格）", "bad")
        elif row is not None and self._pane == "cells":
            more = "  回车照自评" if row.unverified and not self._text else ""
            self.say("  ".join(filter(None, [f"复核：{bounds(row.field)}{more}", self._news])))
        else:
            self.say(self._news)

    # leaving -----------------------------------------------------------------------------------

    def leave(self) -> bool:
        """Hands in the cell in hand."""
        return self._leave_cell()

    def hang_up(self, left: asyncio.Event) -> None:
        """Saves the cell in hand with a note; what can't stand is kept as a draft."""
        left.set()
        row, found, text = self._row, self._review, self._text
        if self._leave_cell("断线时保存，请核对") or row is None or found is None:
            return
        draft = Draft(
            unit=found.unit.code,
            name=found.unit.name,
            month=str(self._month),
            label=row.item.label,
            kind="复核",
            text=text,
        )
        self.desk.hand_in(keep_draft, draft)
