"""Where a service is found. Knows nothing of what is said to it: who works alone needs no more."""

from __future__ import annotations

import socket
from pathlib import Path

from gsjx_tui.errors import LedgerTrouble, reason_of

SOCKET = "gsjx.sock"
"""The socket's name in the home."""


def service_at(home: Path) -> Path | None:
    """The socket of a service that answers at a home; None if there is none.

    Raises LedgerTrouble for one that may not be used.
    """
    path = home / SOCKET
    try:
        if not path.is_socket():
            return None
    except OSError:
        return None  # a home that can't be looked into says so when its ledger is opened
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trial:
            trial.connect(str(path))
    except (ConnectionRefusedError, FileNotFoundError):
        return None
    except PermissionError as error:
        reason = reason_of(error)
        raise LedgerTrouble("service_closed", path=path, reason=reason) from error
    except OSError as error:
        raise LedgerTrouble("not_writable", path=path, reason=reason_of(error)) from error
    return path
