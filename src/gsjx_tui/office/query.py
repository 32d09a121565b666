"""Somebody's own read-only SQL on the ledger of a home that nobody holds open (SPEC 8)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gsjx_tui.office.asking import MEMORY, Asking
from gsjx_tui.office.home import reading

SECONDS = 30
"""How long a query of a command may take unless more is asked for."""


def asking(
    home: Path,
    text: str,
    folders: Sequence[Path] = (),
    *,
    seconds: int = SECONDS,
    memory: int = MEMORY,
) -> Asking:
    """The query, ready to be asked: changes of roster or rubric are taken over, and the ledger
    can be read. It is asked itself, without a copy: the child opens it read-only.

    Raises LedgerTrouble, RubricError.
    """
    with reading(home, folders) as ledger:
        path = ledger.path.absolute()
    return Asking(path, text, seconds=seconds, memory=memory)
