"""The views in Chinese that leaders' questions are asked of: what there is. Needs no DuckDB.

Each of ``sql/snapshot/*.sql`` is one view: its head says what it is called, what it holds and what
each column means, the rest is a select on the ledger's tables and on the views before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

_HEAD = re.compile(r"-- (hidden|view|column): (\S+)(?: (.*))?")


@dataclass(frozen=True)
class View:
    """One of the views: its name, what it and each of its columns holds, its select.

    A ``hidden`` one only serves the others; its name begins with a low line.
    """

    name: str
    about: str
    columns: Mapping[str, str]
    select: str
    hidden: bool


@dataclass(frozen=True)
class State:
    """What a ledger held: a digest that differs if anything does, the edition of roster and
    rubric in force, and when its newest row was written (UTC, None in an empty one)."""

    digest: str
    edition: int
    newest: datetime | None


@cache
def views() -> Sequence[View]:
    """All views, each after those it needs."""
    folder = files("gsjx_tui.ledger") / "sql" / "snapshot"
    found = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".sql")),
        key=lambda entry: (not entry.name.startswith("_"), entry.name),
    )
    return [_view(entry.name.removesuffix(".sql"), entry.read_text("utf-8")) for entry in found]


def _view(file: str, text: str) -> View:
    heads = [head for head in map(_HEAD.match, text.splitlines()) if head is not None]
    columns = {head[2]: head[3] for head in heads if head[1] == "column"}
    if heads[0][1] == "hidden":
        return View(file, "", {}, text, hidden=True)
    return View(heads[0][2], heads[0][3], columns, text, hidden=False)
