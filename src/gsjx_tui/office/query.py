"""Somebody's own read-only SQL on the ledger (SPEC 8)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gsjx_tui.ledger.tables import FIRST
from gsjx_tui.office.asking import MEMORY, Asking, Parameters
from gsjx_tui.office.copies import copy_ledger, ledger_state
from gsjx_tui.office.home import Office
from gsjx_tui.office.snapshot import current_snapshot

SECONDS = 30
"""How long a query of a command may take unless more is asked for."""


@contextmanager
def asking(
    office: Office,
    text: str,
    parameters: Parameters | None = None,
    *,
    seconds: int = SECONDS,
    memory: int = MEMORY,
) -> Iterator[Asking]:
    """The query, ready to be asked while the office is open for looking.

    The ledger itself is asked, which the child opens read-only. Where a service has it open, the
    published snapshot is, if it is current and has what the query names; else a copy of the
    ledger that is gone afterwards. Raises NotPermitted, LedgerTrouble.
    """
    state = ledger_state(office)  # checks the role, too

    def of(file: Path, schema: str = FIRST) -> Asking:
        return Asking(file, text, parameters or {}, seconds, memory, state, schema)

    if office.carrier is None:
        yield of(office.ledger.path.absolute(), office.ledger.schema)
        return
    published = current_snapshot(office, state, text)
    if published is not None:
        yield of(published.absolute())
        return
    with tempfile.TemporaryDirectory(prefix="gsjx-query-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "ledger.duckdb"
        copy_ledger(office, copy)
        yield of(copy)
