"""Opening a copy of a ledger whose log is damaged, with as much of the log as is whole."""

from __future__ import annotations

from pathlib import Path

from gsjx_tui.errors import LedgerTrouble
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.ledger.replacement import logs_of
from gsjx_tui.ledger.wal import is_bare, log_of


def fold_log(path: Path) -> int:
    """Brings the log of a *copy* into its one file; how many bytes of it couldn't be.

    Everything up to the first garbled entry is kept. A log of another ledger is left out whole.
    Raises LedgerTrouble if the ledger itself can't be opened.
    """
    left_out = 0
    while True:
        try:
            with Ledger.open(path) as ledger:
                ledger.checkpoint()
            for log in filter(is_bare, logs_of(path)):
                log.unlink()
            return left_out
        except LedgerTrouble as error:
            log = log_of(path)
            size = log.stat().st_size if log.exists() else 0
            if not size or error.kind not in ("log_damaged", "log_foreign"):
                raise
            kept = int(str(error.details.get("position", 0)))
            if kept >= size:
                raise
            left_out += size - kept
            if kept:
                with log.open("r+b") as file:
                    file.truncate(kept)
            else:
                for each in logs_of(path):
                    each.unlink()
