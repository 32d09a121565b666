"""Editions that the ledger has outrun 失效的版: their figures are others now, or would be.

Printed as it was, such an edition is no longer true: a new one has to be published, with an
erratum (method 三（三）). Only the newest edition of each ranking is looked at: an earlier one was
replaced already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gsjx_tui.office.acts import act
from gsjx_tui.office.figures import Published, changed, read, rows_now
from gsjx_tui.office.home import Office
from gsjx_tui.office.rank import Added

Status = Literal["current", "outdated", "replaced"]
STATUS_NAMES: dict[Status, str] = {
    "current": "现行",
    "outdated": "数字已变，须发新版",
    "replaced": "已有新版",
}

NEEDED = "须发布新版并附更正表：gsjx publish"
"""What is to be done about an edition that is outdated."""


@dataclass(frozen=True)
class Listed:
    """An edition, and whether it is still true, untrue, or replaced by a newer one."""

    head: Published
    status: Status


@act("viewer")
def outdated(office: Office) -> tuple[Published, ...]:
    """The newest edition of each ranking whose figures are no longer those of the ledger."""
    ledger = office.ledger
    touched = (read(ledger, number=number) for (number,) in ledger.rows("touched_editions"))
    return tuple(
        head
        for ((head, rows),) in touched
        if changed(rows, rows_now(ledger, head.scope, head.month, head.stage))
    )


@act("viewer")
def listed(office: Office) -> tuple[Listed, ...]:
    """Every edition that was published, oldest first, with how it stands to the ledger."""
    heads = [head for head, _ in read(office.ledger)]
    newest = {(head.scope, head.month, head.stage): head.number for head in heads}
    untrue = {head.number for head in outdated(office)}
    found = []
    for head in heads:
        status: Status = "outdated" if head.number in untrue else "current"
        if newest[head.scope, head.month, head.stage] != head.number:
            status = "replaced"
        found.append(Listed(head, status))
    return tuple(found)


def would_outdate(office: Office, added: Added) -> tuple[Published, ...]:
    """The newest editions whose figures these postings would make untrue, or more untrue."""
    ledger = office.ledger
    first = min((month for _, month, _ in added), default=None)
    newest = {(head.scope, head.month, head.stage): (head, rows) for head, rows in read(ledger)}
    found = []
    for head, rows in newest.values():
        if first is None or head.month < first:
            continue
        asked = ledger, head.scope, head.month, head.stage
        after = rows_now(*asked, added)
        if changed(rows, after) and changed(rows_now(*asked), after):
            found.append(head)
    return tuple(found)
