"""Somebody's own read-only SQL on the ledger (SPEC 8)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gsjx_tui.office.asking import MEMORY, Asking
from gsjx_tui.office.copies import copy_ledger, ledger_state
from gsjx_tui.office.home import Office

SECONDS = 30
"""How long a query of a command may take unless more is asked for."""


@contextmanager
def asking(
    office: Office, text: str, *, seconds: int = SECONDS, memory: int = MEMORY
) -> Iterator[Asking]:
    """The query, ready to be asked while the office is open for looking.

    The ledger itself is asked, which the child opens read-only; where a service has it open, a
    copy that is gone afterwards. Raises NotPermitted, LedgerTrouble.
    """
    if office.carrier is None:
        ledger_state(office)  # checks the role
        yield Asking(office.ledger.path.absolute(), text, seconds=seconds, memory=memory)
        return
    with tempfile.TemporaryDirectory(prefix="gsjx-query-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "ledger.duckdb"
        copy_ledger(office, copy)
        yield Asking(copy, text, seconds=seconds, memory=memory)
