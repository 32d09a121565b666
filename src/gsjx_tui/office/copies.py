"""Copies of the ledger for queries: whether there is something new, the copy, what it holds."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from gsjx_tui.ledger.texts import sql
from gsjx_tui.ledger.views import State as State
from gsjx_tui.ledger.views import views
from gsjx_tui.office.acts import act
from gsjx_tui.office.asking import Asking
from gsjx_tui.office.home import Office


@act("viewer")
def ledger_state(office: Office) -> State:
    """What the ledger holds now; differs from before if anything in it does."""
    from gsjx_tui.ledger.snapshot import state_of

    return state_of(office.ledger)


def copy_ledger(office: Office, path: Path) -> None:
    """Copies all of the campaign that is in the ledger now to a path where nothing is yet.

    Raises NotPermitted, LedgerTrouble.
    """
    ledger_state(office)  # checks the role
    if office.carrier is not None:
        office.carrier.copy_ledger(path)
    else:
        office.ledger.copy_campaign_to(path)


class Copies:
    """Copies of the ledger in a private folder, the newest one given out, all removed at the end.

    ``copy`` needs the open ledger: call it where the office's acts are done.
    """

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.state: State | None = None
        """What the newest copy holds."""
        self._copy: Path | None = None
        self._count = 0

    def copy(self, office: Office) -> Path:
        """A copy of the campaign as it is now; the same file while nothing changes."""
        state = ledger_state(office)
        if self._copy is not None and state == self.state:
            return self._copy
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(
                prefix="gsjx-query-", ignore_cleanup_errors=True
            )
        self._count += 1
        before, path = self._copy, Path(self._folder.name) / f"ledger-{self._count}.duckdb"
        copy_ledger(office, path)
        self._copy, self.state = path, state
        if before is not None:
            before.unlink(missing_ok=True)
        return path

    def close(self) -> None:
        """Removes the copies."""
        folder, self._folder, self._copy = self._folder, None, None
        if folder is not None:
            folder.cleanup()


def catalog(copy: Path) -> dict[str, tuple[str, ...]]:
    """The tables and views of a copy with their columns."""
    found: dict[str, tuple[str, ...]] = {}
    for table, column in Asking(copy, sql("catalog")).answer().rows:
        found[str(table)] = (*found.get(str(table), ()), str(column))
    return found


def meanings() -> Mapping[str, Mapping[str, str]]:
    """What the views in Chinese and their columns mean: by view, '' for the view itself."""
    return {view.name: {"": view.about, **view.columns} for view in views() if not view.hidden}
