"""What a review hands in: verifications, notes, all as claimed, a month sent back."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from gsjx_tui.domain import Kind, Month
from gsjx_tui.errors import GsjxError, StateError
from gsjx_tui.office.check import short
from gsjx_tui.office.draft import Draft, keep_draft
from gsjx_tui.office.record import record
from gsjx_tui.office.review import Review, ReviewRow, Side, accept_all, return_to_unit
from gsjx_tui.office.sheet import Sheet, closed, typed
from gsjx_tui.rubric.model import Field, Item, Observation
from gsjx_tui.tui.refusals import MINE, Refusals, barred, refusal
from gsjx_tui.tui.screens.keyed import KeyedScreen
from gsjx_tui.tui.widgets.review_grid import ReviewGrid

if TYPE_CHECKING:
    from gsjx_tui.seats.news import Changed


class ReviewActs(KeyedScreen):
    """A screen with a ReviewGrid and a prompt: asks what an act needs, hands it in."""

    def __init__(self, month: Month, unit: str) -> None:
        super().__init__()
        self._month, self._unit = month, unit
        self._news = ""
        self._refused = Refusals()

    @property
    def _cells(self) -> ReviewGrid:
        return self.query_one(ReviewGrid)

    async def reread(self) -> None:
        """Shows what stands in the ledger now of the unit; what is typed stays."""
        raise NotImplementedError

    def show_note(self) -> None:
        """What is wrong with the cell, or what may go into it and what was done last."""
        raise NotImplementedError

    @property
    def is_busy(self) -> bool:
        """Whether a cell or an answer is being typed."""
        return super().is_busy or bool(self._cells.text)

    def at_work(self) -> tuple[str, str]:
        """The unit under review."""
        return self._unit, str(self._month)

    def looks_at(self, changed: Changed) -> bool:
        """Whether the change is of the unit under review."""
        return self._unit in changed.units or super().looks_at(changed)

    # asking ------------------------------------------------------------------------------------

    def begin_act(self, key: str) -> None:
        """Starts an act that asks for something first."""
        found, row = self._cells.review, self._cells.row
        if found is None:
            return
        if key != "b":
            self.check(accept_all if key == "a" else return_to_unit)
        elif why := barred(self.desk.person, found.unit.code, "verify"):
            raise StateError(why.rstrip("。"))
        if found.confirmed is not None:
            self._news = ""
            raise StateError(f"{self._month} 已核定，改动请用更正：得分卡上按 x")
        if key == "a":
            self._ask_to_accept(found)
        elif key == "b":
            self._ask_note(found, row)
        elif key == "t" or row is not None:
            self._ask_reason(found, row if key == "T" else None)

    def _ask_to_accept(self, found: Review) -> None:
        waiting = self._cells.counts.unverified
        if waiting:
            asked = f"{found.unit.name} {waiting} 格未复核，全部照自评复核？"
            self.ask_yes(f"{asked}  y 复核    n 返回", partial(self._accept, found.unit.code))
        else:
            self._news = "没有未复核的自评。"

    async def _accept(self, unit: str) -> None:
        found = self._cells.review
        seen = [written.at for written in found.sheet.written.values()] if found else []
        done = await self.desk.call(accept_all, unit, self._month, [max(seen)] if seen else [])
        await self.fetch()
        self._news = f"已照自评复核 {unit} {done} 格。"

    def _ask_note(self, found: Review, row: ReviewRow | None) -> None:
        if row is None or row.verification is None:
            raise StateError("这一格还没有复核，先填数值或回车照自评，再写备注")
        self.ask_for(
            f"b {found.unit.code} {self._month} {row.key}",
            f"备注（{row.item.label}）",
            partial(self._take_note, found.unit.code, row),
            hint="Enter 保存，Esc 返回",
            text=row.verification.note,
        )

    async def _take_note(self, unit: str, row: ReviewRow, text: str) -> None:
        if unit == self._unit and row.verification is not None:
            self._cells.hand_in(row, row.verification.value, text.strip())

    def _ask_reason(self, found: Review, row: ReviewRow | None) -> None:
        """Asks for the reason, then for the deadline, then sends back."""
        unit, what = found.unit.code, row.item.label if row is not None else "本月"
        item = row.item.id if row is not None else ""
        about = f"t {unit} {self._month} {item}"

        async def given(reason: str) -> None:
            if not reason.strip():
                raise StateError("退回理由是空的；写明要单位补什么、改什么")
            self.ask_for(
                f"{about} deadline",
                "期限",
                partial(self._return, unit, item, reason, about),
                hint="如 6.30，可空着；Enter 退回",
            )

        hint = "要补什么、改什么；Enter 写期限，Esc 返回"
        self.ask_for(about, f"退回{what}的理由", given, hint=hint)

    async def _return(self, unit: str, item: str, reason: str, about: str, deadline: str) -> None:
        sent = await self.desk.call(return_to_unit, unit, self._month, item, reason, deadline)
        self.prompt.forget(about)
        await self.fetch()
        until = f"，期限 {sent.deadline}" if sent.deadline else ""
        self._news = f"已退回 {unit} {self._month}{until}。"

    # a cell ------------------------------------------------------------------------------------

    def barred(self, sheet: Sheet, kind: Kind) -> str:
        """Why the person can't verify a cell of a sheet; '' if they can."""
        return barred(self.desk.person, sheet.unit.code, kind) or closed(sheet)

    def judge(
        self, sheet: Sheet, item: Item, field: Field, kind: Kind, text: str
    ) -> tuple[Observation, Sheet]:
        """Whether a text can stand in a cell."""
        return typed(self.desk.office, sheet, item, field, kind, text)

    def save(self, row: ReviewRow, seen: Observation) -> Side:
        """Hands a verification in; gives what its row shows meanwhile."""
        known = row.verification.at if row.verification is not None else None
        self._hand_in(seen, known, shown=True)
        now = datetime.now(UTC).replace(tzinfo=None)
        return Side(seen.value, seen.note, self.desk.office.who, now)

    def _hand_in(self, seen: Observation, known: datetime | None, *, shown: bool) -> None:
        saved = self.desk.hand_in(record, [seen], [known])
        self.run_worker(self._told(self._acknowledge(seen, saved, shown)), group="save")

    async def _acknowledge(self, seen: Observation, saved: Future[Any], shown: bool) -> None:
        label = self.desk.office.rubric.items[seen.item].label
        try:
            await asyncio.wrap_future(saved)
        except GsjxError as error:
            self._refused.add(refusal(seen, label, error, self.desk.called))
            if seen.unit == self._unit:
                await self.reread()
            self.show_note()
            return
        self._refused.forget(seen)
        if not shown and seen.unit == self._unit:
            await self.reread()
        self._news = f"已保存 {seen.unit} {label} 复核 {short(seen.value)}"
        self.show_note()

    def decide(self, key: str) -> bool:
        """Takes the answer to what wasn't saved; False for any other key."""
        if self._cells.complaint or (decided := self._refused.decided(key)) is None:
            return False
        self._news = ""
        if key == MINE:
            self._hand_in(decided.seen, decided.known, shown=False)
        return True

    # leaving -----------------------------------------------------------------------------------

    def leave(self) -> bool:
        """Hands in the cell in hand."""
        return self._cells.leave()

    def hang_up(self, left: asyncio.Event) -> None:
        """Saves the cell in hand with a note; what can't stand is kept as a draft."""
        if waiting := self._refused.drafts(self.desk.office):
            self.desk.hand_in(keep_draft, *waiting)
        left.set()
        row, found, text = self._cells.row, self._cells.review, self._cells.text
        if self._cells.leave("断线时保存，请核对") or row is None or found is None:
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
