"""Names every use case shares: the files of a home, and who is acting."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from gsjx_tui.errors import Fault, StateError
from gsjx_tui.ledger.tables import FIRST

LEDGER, CAMPAIGN, UNITS = "ledger.duckdb", "campaign.toml", "units.csv"
"""The files of a home (SPEC 8)."""

PLUGINS = "plugins"
"""The folder of a home whose plugins are taken, if there is one."""


CAMPAIGNS = "campaigns"
"""The folder of a home in which each further campaign of its ledger has a folder, called as its id.

That folder is a home like the first one: it has the campaign's files, and what is made of them; the
ledger, the service and the backups are in the home above it, which has the first campaign.
"""


def root_of(home: Path) -> Path:
    """The home that has the ledger: the one above for a further campaign's, else itself."""
    whole = home.absolute()
    above = whole.parent.parent
    if (
        whole.parent.name == CAMPAIGNS
        and os.path.exists(above / LEDGER)  # noqa: PTH110 False also where one may not look
        and not os.path.exists(whole / LEDGER)  # noqa: PTH110
    ):
        return above
    return home


def has_further(home: Path) -> bool:
    """Whether a home may have further campaigns; False too where one may not look."""
    return os.path.isdir(home / CAMPAIGNS)  # noqa: PTH112


def ledger_of(home: Path) -> Path:
    """The ledger that has the campaign of a home."""
    return root_of(home) / LEDGER


def schema_of(home: Path) -> str:
    """The schema of that ledger in which the campaign of a home is."""
    return FIRST if root_of(home) == home else home.absolute().name


def files_of(schemas: Iterable[str]) -> Iterator[str]:
    """The files of all campaigns of a ledger beside it, by their place in the home."""
    for schema in schemas:
        place = "" if schema == FIRST else f"{CAMPAIGNS}/{schema}/"
        yield from (f"{place}{CAMPAIGN}", f"{place}{UNITS}")


def plugin_files(root: Path, schemas: Iterable[str]) -> Iterator[str]:
    """The files of the plugins in the homes of campaigns, by their place in the first home."""
    for schema in schemas:
        for path in sorted((home_in(root, schema) / PLUGINS).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(root).as_posix()


def home_in(root: Path, schema: str) -> Path:
    """The home of a campaign in the home that has the ledger."""
    return root if schema == FIRST else root / CAMPAIGNS / schema


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
