"""Everything that was done 审计, newest first: who did what, when, to which unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple, overload

from gsjx_tui.domain import Month
from gsjx_tui.office.acts import act
from gsjx_tui.office.home import Office
from gsjx_tui.office.people import ROLE_NAMES

What = Literal[
    "entry",
    "import",
    "correct",
    "confirm",
    "posting",
    "event",
    "withdrawal",
    "return",
    "staff",
    "draw",
    "drawn",
    "objection",
    "objection_step",
    "publication",
    "followup",
    "followup_step",
    "ballot_count",
    "campaign_step",
    "adopt",
]
WHAT_NAMES: dict[What, str] = {
    "entry": "录入",
    "import": "导入",
    "correct": "更正",
    "confirm": "核定",
    "posting": "更正记账",
    "event": "登记事件",
    "withdrawal": "撤销",
    "return": "退回",
    "staff": "人员",
    "draw": "抽签",
    "drawn": "抽中",
    "objection": "申诉",
    "objection_step": "申诉办理",
    "publication": "发布",
    "followup": "立案",
    "followup_step": "台账",
    "ballot_count": "计票",
    "campaign_step": "活动",
    "adopt": "启用版本",
}
MOST = 20_000
"""So many rows are shown at most."""


class Done(NamedTuple):
    """One thing that was done. Empty texts where a column doesn't apply.

    ``value`` is what was observed, or points for a confirmation or posting; ``seq`` and ``hash``
    say which link of its chain it is (for an adoption: the edition and the rubric's digest).
    """

    at: datetime
    who: str
    what: What
    kind: Literal["claim", "verify", ""]
    unit: str
    unit_name: str
    month: str
    item: str
    label: str
    field: str
    value: Decimal | None
    text: str
    note: str
    seq: int
    hash: str

    @property
    def key(self) -> str:
        """Tells it from all others."""
        return f"{self.what} {self.seq}"


class Acts(Sequence[Done]):
    """What was done; a row is made when it is looked at."""

    def __init__(self, rows: Sequence[tuple[Any, ...]]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Done: ...
    @overload
    def __getitem__(self, index: slice) -> Acts: ...
    def __getitem__(self, index: int | slice) -> Done | Acts:
        if isinstance(index, slice):
            return Acts(self._rows[index])
        return Done._make(self._rows[index])

    def keys(self) -> list[str]:
        """The key of each, quickly."""
        return [f"{row[2]} {row[13]}" for row in self._rows]


@dataclass(frozen=True)
class Filter:
    """Which acts are wanted; empty means any. ``words`` must all be found in an act."""

    person: str = ""
    unit: str = ""
    category: str = ""
    item: str = ""
    month: Month | None = None
    words: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether all acts are wanted."""
        return self == Filter()


@dataclass(frozen=True)
class Found:
    """The newest acts that a filter finds; ``more``: there are older ones that aren't shown."""

    acts: Acts
    more: bool


@act("viewer")
def done(office: Office, wanted: Filter | None = None, most: int = MOST) -> Found:
    """What was done, newest first, so many at most."""
    wanted = wanted or Filter()
    rows = office.ledger.rows(
        "history",
        person=wanted.person,
        unit=wanted.unit,
        category=wanted.category,
        item=wanted.item,
        month=str(wanted.month or ""),
        words=list(wanted.words),
        acts=list(WHAT_NAMES),
        act_names=list(WHAT_NAMES.values()),
        roles=list(ROLE_NAMES),
        role_names=list(ROLE_NAMES.values()),
        most=most + 1,
    )
    return Found(Acts(rows[:most]), len(rows) > most)
