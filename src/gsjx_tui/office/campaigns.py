"""The campaigns of one ledger: which there are, and which one is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office.closed import Turn, closing
from gsjx_tui.office.names import CAMPAIGN, CAMPAIGNS, LEDGER, home_in, root_of
from gsjx_tui.office.rank import campaign_facts

if TYPE_CHECKING:
    from gsjx_tui.ledger.ledger import Ledger


@dataclass(frozen=True)
class Listed:
    """A campaign of a ledger: its first and last month, its newest confirmed one ('' for none).

    ``schema``: where in the ledger it is. ``closed``: who closed it; None while it is open.
    ``newest``: the instant (UTC) of the newest act, None while there is none.
    """

    id: str
    name: str
    schema: str
    first: str
    last: str
    confirmed: str
    closed: Turn | None
    newest: datetime | None

    def home(self, root: Path) -> Path:
        """Its home, in the home that has the ledger."""
        return home_in(root, self.schema)


def campaigns_in(ledger: Ledger) -> tuple[Listed, ...]:
    """Every campaign of the file of an open ledger, the first one first."""
    with ledger.each() as views:
        return tuple(listed(view) for view in views)


def listed(ledger: Ledger) -> Listed:
    """What a list says of one campaign."""
    facts = campaign_facts(ledger)
    return Listed(
        facts.id,
        facts.name,
        ledger.schema,
        str(facts.first),
        str(facts.last),
        str(facts.newest_confirmed or ""),
        closing(ledger),
        ledger.row("newest_instant")[0],
    )


def campaigns(home: Path) -> tuple[Listed, ...]:
    """Every campaign of the ledger of a home that nobody has open for writing. Raises GsjxError."""
    from gsjx_tui.ledger.ledger import Ledger

    root = root_of(home)
    with Ledger.open(root / LEDGER, read_only=True) as ledger:
        if ledger.row("step")[0] >= _SINCE:
            return campaigns_in(ledger)
    with Ledger.open(root / LEDGER) as ledger:  # of an earlier program: brought up to date
        return campaigns_in(ledger)


_SINCE = 7
"""The step from which on a ledger can have several campaigns."""


# which one is meant ----------------------------------------------------------------------------


def folders_of(root: Path) -> Sequence[str]:
    """The further campaigns that have files in a home, whether they are in its ledger or not."""
    place = root / CAMPAIGNS
    if not place.is_dir():
        return []
    return sorted(entry.parent.name for entry in place.glob(f"[!.]*/{CAMPAIGN}"))


def home_of(home: Path, id: str) -> Path:
    """The home of the campaign of that id. Raises StateError if the home has none.

    The files are asked, so that nobody needs a right on the ledger.
    """
    root = root_of(home)
    further = folders_of(root)
    if id in further:
        return root / CAMPAIGNS / id
    first = _id_in(root / CAMPAIGN)
    if id == first:
        return root
    known = "、".join(filter(None, [first, *further]))
    raise StateError(Fault("", f"没有活动“{id}”", f"可用：{known}（gsjx campaign list 查看）"))


def the_open_one(found: Sequence[Listed]) -> Listed:
    """The campaign that is meant where none is named: the only one, or the only one not closed.

    Raises StateError, which lists them, if there isn't exactly one.
    """
    if len(found) == 1:
        return found[0]
    still = [one for one in found if one.closed is None]
    if len(still) == 1:
        return still[0]
    names = "、".join(f"{one.id} {one.name}" for one in still or found)
    what = f"有 {len(still)} 个活动在进行" if still else "活动都已结束"
    raise StateError(
        Fault("", f"{what}：{names}", "用 --campaign 编号（或 GSJX_CAMPAIGN）说明是哪一个")
    )


def _id_in(file: Path) -> str:
    """The id in a campaign file; '' if it can't be read, which opening it will say."""
    import tomli

    try:
        return str(tomli.loads(file.read_text("utf-8-sig")).get("id", ""))
    except (OSError, ValueError):
        return ""
