"""The list of campaigns over the socket: as plain JSON values and back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gsjx_tui.office.campaigns import Listed
from gsjx_tui.office.closed import Turn


def plain(one: Listed) -> dict[str, Any]:
    """A campaign as plain JSON values."""
    closed = one.closed
    return {
        "campaign": [one.id, one.name, one.schema, one.first, one.last, one.confirmed],
        "closed": closed
        and [closed.what, closed.reason, closed.publication, closed.by, closed.at.isoformat()],
        "newest": one.newest and one.newest.isoformat(),
    }


def listed_of(said: Any) -> Listed:
    """A campaign from plain JSON values. Raises what reading other shapes raises."""
    id, name, schema, first, last, confirmed = said["campaign"]
    turn, newest = None, None
    if said["closed"]:
        what, reason, publication, by, at = said["closed"]
        turn = Turn(what, reason, publication, by, datetime.fromisoformat(at))
    if said["newest"]:
        newest = datetime.fromisoformat(said["newest"])
    return Listed(id, name, schema, first, last, confirmed, turn, newest)
