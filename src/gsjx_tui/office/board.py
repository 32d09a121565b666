"""The board 进度: every unit in every month, who is late, and the text that reminds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from gsjx_tui.domain import Category, Month, Unit
from gsjx_tui.errors import LedgerTrouble, reason_of
from gsjx_tui.office.acts import act
from gsjx_tui.office.check import stage_in
from gsjx_tui.office.confirm import missing_items
from gsjx_tui.office.facts import Cells, cells_of_stage, no_cells
from gsjx_tui.office.home import Office
from gsjx_tui.office.progress import Status, UnitProgress, month_in_hand
from gsjx_tui.rubric.model import Stage

GRACE_DAYS = 5
"""How many days after its month a unit may still report before it is late."""

_OWING: tuple[Status, ...] = ("unreported", "returned")
"""The unit has to report, for the first time or anew."""


@dataclass(frozen=True)
class BoardUnit:
    """One unit with its progress in each month in which it takes part."""

    unit: Unit
    months: dict[Month, UnitProgress]

    def status(self, month: Month) -> Status | None:
        """Its status in a month; None where it takes no part."""
        seen = self.months.get(month)
        return None if seen is None else seen.status

    def owes(self, month: Month) -> bool:
        """Whether it has to report for a month, for the first time or anew."""
        return self.status(month) in _OWING

    @property
    def named(self) -> UnitProgress:
        """One of its months, to find it by name, code or initials."""
        return next(iter(self.months.values()))


@dataclass(frozen=True)
class Board:
    """Units in roster order by category, months in order; ``due`` are those that are over."""

    months: tuple[Month, ...]
    in_hand: Month
    due: frozenset[Month]
    categories: tuple[Category, ...]
    units: tuple[BoardUnit, ...]

    def late(self, unit: BoardUnit, month: Month) -> bool:
        """Whether a unit should have reported for a month and hasn't."""
        return month in self.due and unit.owes(month)

    def is_late(self, unit: BoardUnit) -> bool:
        """Whether a unit is late in any month shown."""
        return any(self.late(unit, month) for month in self.months)

    def owing(self, month: Month, category: str = "") -> int:
        """How many units (of a category) still have to report for a month."""
        return self._owing[month, category]

    def size(self, category: str = "") -> int:
        """How many units there are (in a category)."""
        return sum(category in ("", unit.unit.category) for unit in self.units)

    @cached_property
    def _owing(self) -> dict[tuple[Month, str], int]:
        counts = {
            (month, category): 0
            for month in self.months
            for category in ("", *(c.id for c in self.categories))
        }
        for unit in self.units:
            for month in unit.months:
                if unit.owes(month):
                    counts[month, ""] += 1
                    counts[month, unit.unit.category] += 1
        return counts


@act("viewer")
def board(office: Office, today: date, stage: Stage | None = None) -> Board:
    """All months of a stage, or of the campaign, as they are on ``today``."""
    months = office.rubric.months if stage is None else stage.months
    in_hand = month_in_hand(office)
    seen: dict[str, dict[Month, UnitProgress]] = {}
    by_text = {str(month): month for month in months}
    for text, *row in office.ledger.rows("progress", first=str(months[0]), through=str(months[-1])):
        unit = UnitProgress(*row)
        seen.setdefault(unit.code, {})[by_text[text]] = unit
    return Board(
        months=months,
        in_hand=in_hand,
        due=frozenset(m for m in months if m < in_hand or _is_over(m, today)),
        categories=office.rubric.campaign.categories,
        units=tuple(BoardUnit(u, seen[u.code]) for u in office.units if u.code in seen),
    )


def _is_over(month: Month, today: date) -> bool:
    """Whether a month and the days of grace after it are past."""
    after = month.plus(1)
    return today >= date(after.year, after.number, 1) + timedelta(GRACE_DAYS)


# reminding -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Return:
    """A month, or an item of it, that was sent back: why, and until when (may be empty)."""

    item: str
    reason: str
    deadline: str


def standing_returns(office: Office, month: Month) -> dict[str, list[Return]]:
    """What was sent back to units for a month and not answered since, by unit."""
    found: dict[str, list[Return]] = {}
    for unit, item, reason, deadline, *_ in office.ledger.rows(
        "standing_returns", month=str(month)
    ):
        found.setdefault(unit, []).append(Return(item, reason, deadline))
    return found


@act("viewer")
def reminder(office: Office, month: Month) -> str:
    """The text that reminds units of a month: who owes what, by category, ready to send."""
    stage = stage_in(office.rubric, month)
    rows = office.ledger.rows("progress", first=str(month), through=str(month))
    units = {unit.code: unit for unit in (UnitProgress(*row) for _, *row in rows)}
    cells = cells_of_stage(office.ledger, stage)
    returns = standing_returns(office, month)
    lines = [f"{month.chinese}考核材料催报单（{stage.name}阶段）"]
    for category in office.rubric.campaign.categories:
        mine = [unit for unit in units.values() if unit.category == category.id]
        unreported = [unit for unit in mine if unit.status == "unreported"]
        sent_back = [unit for unit in mine if unit.status == "returned"]
        if unreported or sent_back:
            counts = [f"未报 {len(unreported)} 个"] if unreported else []
            counts += [f"退回 {len(sent_back)} 个"] if sent_back else []
            lines += ["", f"【{category.name}】{'，'.join(counts)}"]
        lines += _unreported(stage, month, unreported, cells)
        for unit in sent_back:
            lines += [_sent_back(office, unit, seen) for seen in returns.get(unit.code, [])]
    if len(lines) == 1:
        lines += ["", "各单位都已报送，没有要催的。"]
    return "\n".join(lines) + "\n"


def _unreported(
    stage: Stage, month: Month, units: Sequence[UnitProgress], cells: dict[str, Cells]
) -> list[str]:
    """Units that miss the same items stand together, so that the list stays short."""
    together: dict[tuple[str, ...], list[str]] = {}
    for unit in units:
        missing = missing_items(stage, unit.category, cells.get(unit.code, no_cells()), month)
        labels = tuple(item.label for item in missing if not item.office)
        together.setdefault(labels, []).append(f"{unit.code} {unit.name}")
    lines = []
    for labels, names in together.items():
        lines.append(f"未报：{'、'.join(names)}")
        lines.append(f"  缺：{'、'.join(labels) or '没有必报的要点'}")
    return lines


def _sent_back(office: Office, unit: UnitProgress, seen: Return) -> str:
    item = office.rubric.items.get(seen.item)
    what = f"{item.label}：" if item is not None else ""
    until = f"，请于 {seen.deadline} 前重报" if seen.deadline else ""
    return f"退回：{unit.code} {unit.name}，{what}{seen.reason}{until}"


def write_reminder(office: Office, month: Month) -> tuple[str, Path]:
    """Writes the text into a file as well (``Office.own_folder``); the text and its full path."""
    text = reminder(office, month)
    path = (office.own_folder / f"催报-{month}.txt").absolute()
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise LedgerTrouble("not_writable", path=path, reason=reason_of(error)) from error
    return text, path
