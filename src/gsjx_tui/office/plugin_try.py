"""Trying a changed plugin 插件 on what is recorded: on a copy, which points and ranks differ."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gsjx_tui.domain import Month, Points
from gsjx_tui.errors import RubricError
from gsjx_tui.office.copies import copy_ledger
from gsjx_tui.office.home import Office, plugin_folders, trusted_users
from gsjx_tui.office.names import CAMPAIGN
from gsjx_tui.office.rescoring import Difference, as_postings, rescored

if TYPE_CHECKING:
    from gsjx_tui.plugins.manager import Loaded


@dataclass(frozen=True)
class Moved:
    """A unit whose points or rank differ, through the newest confirmed month."""

    category: str
    unit: str
    name: str
    points: Points
    rank: int
    new_points: Points
    new_rank: int


@dataclass(frozen=True)
class Tried:
    """What a changed rubric would make of the confirmed months, ``through`` the newest one."""

    through: Month | None
    compared: int
    differences: tuple[Difference, ...]
    moved: tuple[Moved, ...]


def try_plugin(office: Office, place: Path, folders: Sequence[Path] = ()) -> Tried:
    """Replays the confirmed months of a copy of the ledger through the plugin in a folder.

    It takes the place of the plugin of its name, or of the one with its stage. Nothing of the
    home is changed. Raises RubricError, StateError, NotPermitted.
    """
    loaded = changed(office.home, place, folders)
    with tempfile.TemporaryDirectory(prefix="gsjx-try-") as folder:
        copy = Path(folder) / "ledger.duckdb"
        copy_ledger(office, copy)
        return _replayed(copy, loaded, office)


def changed(home: Path, place: Path, folders: Sequence[Path] = ()) -> Loaded:
    """The rubric of a home with the plugin in a folder instead of its own. Raises RubricError."""
    from gsjx_tui.plugins.found import Found, find, one
    from gsjx_tui.plugins.manager import gather, load

    trial = one(place, trusted_users(home))
    path = home / CAMPAIGN
    text = path.read_text("utf-8-sig")
    searched, trusted = plugin_folders(home, folders), trusted_users(home)
    stage = gather([trial]).stages.get(trial.name)
    if stage is not None:
        others = gather(find(searched, trusted)).stages
        same = next((name for name, other in others.items() if other.id == stage.id), trial.name)
        trial = Found(same, trial.origin, trial.version, trial.place, trial.module, trial.failure)
    loaded = load(text, path.name, searched, trusted, instead=trial)
    if loaded.plugins.off:
        raise RubricError(*loaded.plugins.off)
    return loaded


def _replayed(copy: Path, loaded: Loaded, office: Office) -> Tried:
    from gsjx_tui.ledger.ledger import Ledger
    from gsjx_tui.office.facts import confirmations
    from gsjx_tui.office.rank import Rank, Scope, ranking

    with Ledger.open(copy) as ledger:
        done = {(u, m) for u, months in confirmations(ledger).items() for m in months}
        if not done:
            return Tried(None, 0, (), ())
        through = max(month for _, month in done)
        differences = rescored(ledger, loaded, office.units)
        scope = Scope(loaded.rubric.months[0], through, None)
        before = ranking(ledger, scope)
        with ledger.act() as now:
            ledger.append("posting", as_postings(differences, "试算", office.who, now))
        after: dict[str, Rank] = {row.unit: row for row in ranking(ledger, scope)}
    moved = [
        Moved(
            row.category,
            row.unit,
            row.name,
            row.points,
            row.rank,
            after[row.unit].points,
            after[row.unit].rank,
        )
        for row in before
        if (row.points, row.rank) != (after[row.unit].points, after[row.unit].rank)
    ]
    return Tried(through, len(done), tuple(differences), tuple(moved))
