"""A campaign that is over 已结束 is locked: nothing more is appended until it is opened again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office.acts import act, narrowed
from gsjx_tui.office.check import local

if TYPE_CHECKING:
    from gsjx_tui.ledger.ledger import Ledger
    from gsjx_tui.office.home import Office

TABLE = "campaign_step"


@dataclass(frozen=True)
class Turn:
    """The campaign was closed or opened again: for what reason, by whom, when (UTC).

    ``publication``: the number of the final ranking it was closed with, else 0.
    """

    what: Literal["closed", "reopened"]
    reason: str
    publication: int
    by: str
    at: datetime


def turns(ledger: Ledger) -> Sequence[Turn]:
    """Every closing and opening again, the newest first."""
    if not ledger.head(TABLE).seq:
        return []
    return [Turn(*row) for row in ledger.rows("closings")]


def closing(ledger: Ledger) -> Turn | None:
    """Who closed the campaign and when; None while it is open."""
    newest = next(iter(turns(ledger)), None)
    return newest if newest is not None and newest.what == "closed" else None


@act("viewer", own=narrowed)
def closed(office: Office) -> Turn | None:
    """Who closed the campaign and when; None while it is open."""
    return closing(office.ledger)


def check_open(ledger: Ledger, heading: str = "") -> None:
    """Raises StateError if the campaign is over: who closed it, when, and what can be done."""
    found = closing(ledger)
    if found is not None:
        raise StateError(
            Fault(
                "",
                f"活动已由 {found.by} 于 {local(found.at)} 结束，不能再写入",
                "查看、查询和打印照常；确要改动，请管理员先 gsjx campaign reopen --reason 理由",
            ),
            heading=heading,
        )


def spans(ledger: Ledger) -> Iterator[tuple[datetime, datetime]]:
    """The times (UTC) between a closing and the next opening again, or the end of all times."""
    until = datetime.max
    for turn in turns(ledger):
        if turn.what == "closed":
            yield turn.at, until
        until = turn.at
