"""Copies of the ledger for queries: whether there is something new, and the copy itself."""

from __future__ import annotations

from pathlib import Path

from gsjx_tui.ledger.views import State as State
from gsjx_tui.office.acts import act
from gsjx_tui.office.home import Office


@act("viewer")
def ledger_state(office: Office) -> State:
    """What the ledger holds now; differs from before if anything in it does."""
    from gsjx_tui.ledger.snapshot import state_of

    return state_of(office.ledger)


def copy_ledger(office: Office, path: Path) -> None:
    """Copies all that is in the ledger now to a path where nothing is yet.

    Raises NotPermitted, LedgerTrouble.
    """
    ledger_state(office)  # checks the role
    if office.carrier is not None:
        office.carrier.copy_ledger(path)
    else:
        office.ledger.copy_to(path)
