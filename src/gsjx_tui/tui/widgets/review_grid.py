"""The cells of one unit under review; a verification is typed straight into its row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from gsjx_tui.errors import GsjxError
from gsjx_tui.office.review import AS_CLAIMED, Review, ReviewRow, Side, UnitReview
from gsjx_tui.office.sheet import Sheet
from gsjx_tui.rubric.model import Observation
from gsjx_tui.tui.widgets.cell_grid import Barred, Judge
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.review_rows import (
    DIGITS,
    FILTERS,
    MARKS,
    cell_row,
    matches,
    plain,
    typed_over,
)

Save = Callable[[ReviewRow, Observation], Side]
"""Takes a verification in hand and gives what the row shows of it at once."""


class ReviewGrid(Grid):
    """Claim and verification of each cell, the difference, and what is being typed."""

    def __init__(self, barred: Barred, judge: Judge, save: Save, *, id: str) -> None:
        super().__init__([Column("考核要点")], id=id, empty="没有这样的格")
        self._barred, self._judge, self._save = barred, judge, save
        self._rows_by_key: dict[str, ReviewRow] = {}
        self._typing = ""
        self._chosen = 0
        self.review: Review | None = None
        self.text = ""
        """What is typed and not handed in yet."""
        self.complaint = ""
        """Why it can't stand."""
        self.noted = False
        """Whether there is room for the notes."""

    # what is shown -----------------------------------------------------------------------------

    @property
    def row(self) -> ReviewRow | None:
        """The cell with the cursor."""
        return self._rows_by_key.get(self.key)

    @property
    def counts(self) -> UnitReview:
        """What waits and what differs, with what was handed in since."""
        rows = self._rows_by_key.values()
        return UnitReview(
            sum(row.unverified for row in rows),
            sum(row.differs for row in rows),
            self.review is not None and self.review.returned,
        )

    @property
    def choices(self) -> tuple[list[str], int]:
        """The filters with how many cells each keeps, and which is chosen."""
        rows = self._rows_by_key.values()
        kept = [sum(matches(row, name) for row in rows) for name in FILTERS]
        return [f"{name} {count}" for name, count in zip(FILTERS, kept, strict=True)], self._chosen

    def open(self, found: Review | None) -> None:
        """Shows a unit's month; of the same one what is typed stays."""
        old, self.review = self.review, found
        if old is None or found is None or (old.unit, old.month) != (found.unit, found.month):
            self.text = self.complaint = ""
        self._rows_by_key = {row.key: row for row in found.rows} if found is not None else {}
        self.show_cells()

    def next_filter(self) -> None:
        """Another choice of cells."""
        self._chosen = (self._chosen + 1) % len(FILTERS)
        self.show_cells()

    def show_cells(self, key: str = "") -> None:
        """The cells of the filter, which stay until another filter or unit is chosen."""
        columns = [
            Column("考核要点"),
            Column("自评", 5, right=True),
            Column("复核", 7, right=True),
            Column("差", 5, right=True),
            Column("标记", MARKS if self.noted else 6),
        ]
        if self.noted:
            columns.append(Column("说明"))
        wanted = FILTERS[self._chosen]
        rows = [self._cell(row) for row in self._rows_by_key.values() if matches(row, wanted)]
        self.show(rows, columns=columns, key=key)

    def redraw(self) -> None:
        """The rows that differ from what they show."""
        for row in self._rows_by_key.values():
            self.update_row(self._cell(row))

    def _cell(self, row: ReviewRow) -> Row:
        text = self.text if row.key == self._typing else ""
        return cell_row(row, text, with_note=self.noted)

    # typing ------------------------------------------------------------------------------------

    def press(self, key: str, letter: str = "") -> bool:
        """Types into the verification, accepts the claim, or moves; False for any other key."""
        letter = plain(letter)
        if letter and letter in DIGITS:
            self.type(self.text + letter)
        elif key == "backspace":
            self.type(typed_over(self.row, self.text)[:-1])
        elif key == "enter":
            self._enter()
        else:
            return self._moves(key)
        return True

    def _moves(self, key: str) -> bool:
        if not self.moves(key):
            return False
        if self.leave():
            super().press(key)
        return True

    def _enter(self) -> None:
        row = self.row
        if not self.text and row is not None and row.claim is not None and row.unverified:
            if self._bars():
                return
            self.hand_in(row, row.claim.value, AS_CLAIMED)
        elif not self.leave():
            return
        super().press("down")

    def _bars(self) -> bool:
        """Whether the person may not verify; then it says why."""
        if self.review is not None:
            self.complaint = self._barred(self.review.sheet, "verify")
        return bool(self.complaint)

    def type(self, text: str) -> None:
        """Another text in the cell with the cursor, and whether it can stand."""
        if text and self._bars():
            return
        self.text, self.complaint, self._typing = text, "", self.key
        row, found = self.row, self.review
        if text and row is not None and found is not None:
            try:
                self._judged(row, found.sheet, text.rstrip(".") or text)
            except GsjxError as error:
                self.complaint = str(error)
        self.redraw()

    def leave(self, note: str = "") -> bool:
        """Hands in what is typed. False if it can't stand; then it stays and says why."""
        row, found = self._rows_by_key.get(self._typing), self.review
        if not self.text or row is None or found is None:
            self.complaint = ""
            return True
        try:
            seen, _ = self._judged(row, found.sheet, self.text)
        except GsjxError as error:
            self.complaint = str(error)
            self.redraw()
            return False
        self.text = ""
        if row.verification is None or row.verification.value != seen.value:
            self.hand_in(row, seen.value, note)
        self.redraw()
        return True

    def follow_click(self) -> None:
        """The cursor was put elsewhere: hands in what is typed, or goes back to it."""
        if self.text and self._typing != self.key and not self.leave():
            self.show_cells(self._typing)

    def hand_in(self, row: ReviewRow, value: Decimal, note: str) -> None:
        """Hands a verification in; its row shows it at once."""
        found = self.review
        assert found is not None
        seen = Observation(
            found.unit.code, found.month, row.item.id, row.field.name, "verify", value, note
        )
        side = self._save(row, seen)
        self._rows_by_key[row.key] = replace(row, verification=side)
        rows = tuple(self._rows_by_key.values())
        self.review = replace(found, rows=rows, sheet=found.sheet.with_observation(seen))
        self.redraw()

    def _judged(self, row: ReviewRow, sheet: Sheet, text: str) -> tuple[Observation, Sheet]:
        return self._judge(sheet, row.item, row.field, "verify", text)
