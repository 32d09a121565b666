"""Names every use case shares: the files of a home, and who is acting."""

from __future__ import annotations

import getpass
import os

from gsjx_tui.errors import Fault, StateError

LEDGER, CAMPAIGN, UNITS = "ledger.duckdb", "campaign.toml", "units.csv"
"""The files of a home (SPEC 8)."""

PLUGINS = "plugins"
"""The folder of a home whose plugins are taken, if there is one."""


def is_login(name: str) -> bool:
    """Whether this machine knows a user of that login name."""
    try:
        import pwd
    except ImportError:
        return True
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def group_number(group: str, where: str = "") -> int:
    """The number of a group of this machine. Raises StateError, said at a place, for no group."""
    import grp

    try:
        return grp.getgrnam(group).gr_gid
    except KeyError:
        raise StateError(
            Fault(where, f"本机没有用户组“{group}”", f"先用 groupadd {group} 建立，或换一个")
        ) from None


def current_user() -> str:
    """The login name of the user this process runs as, or the user's number if it has none."""
    try:
        import pwd
    except ImportError:
        return getpass.getuser()
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
