"""Copies of the ledger for queries: whether there is something new, and the copy itself."""

from __future__ import annotations

import hashlib
from pathlib import Path

from gsjx_tui.office.acts import act
from gsjx_tui.office.home import Office


@act("viewer")
def ledger_state(office: Office) -> str:
    """Differs from before if anything in the ledger does."""
    from gsjx_tui.ledger.tables import CHAINS

    heads = [office.ledger.head(table) for table in CHAINS]
    return hashlib.sha256(repr((heads, office.ledger.rows("editions"))).encode()).hexdigest()


def copy_ledger(office: Office, path: Path) -> None:
    """Copies all that is in the ledger now to a path where nothing is yet.

    Raises NotPermitted, LedgerTrouble.
    """
    ledger_state(office)  # checks the role
    if office.carrier is not None:
        office.carrier.copy_ledger(path)
    else:
        office.ledger.copy_to(path)
