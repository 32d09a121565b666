"""Names every use case shares: the files of a home, and who is acting."""

from __future__ import annotations

import getpass
import os

LEDGER, CAMPAIGN, UNITS = "ledger.duckdb", "campaign.toml", "units.csv"
"""The files of a home (SPEC 8)."""


def current_user() -> str:
    """The login name the kernel gives to this process."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return getpass.getuser()
