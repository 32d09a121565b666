"""One more campaign in a ledger, from the files that were written for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gsjx_tui.domain import Month, Unit
from gsjx_tui.errors import Fault, LedgerTrouble, NotPermitted, StateError
from gsjx_tui.office.campaigns import home_of
from gsjx_tui.office.home import check_none_off, files_digest, owns_ledger, sources
from gsjx_tui.office.names import CAMPAIGN, CAMPAIGNS, LEDGER, current_user, root_of, schema_of

if TYPE_CHECKING:
    from gsjx_tui.ledger.ledger import Ledger
    from gsjx_tui.office.roll import Listed
    from gsjx_tui.plugins.manager import Loaded

ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
"""What the id of a further campaign looks like: it names a folder and a schema."""

TAKEN = ("main", "temp", "pg_catalog", "information_schema", "system")
"""Ids that name something else in a ledger."""


@dataclass(frozen=True)
class Added:
    """A campaign that is in the ledger now; ``left_out``: units that had ended with the old one."""

    home: Path
    name: str
    months: tuple[Month, ...]
    units: int
    staff: int
    plugins: tuple[str, ...] = ()
    left_out: tuple[Unit, ...] = ()


def check_id(id: str) -> None:
    """Raises StateError for an id that no further campaign can have."""
    if not ID.fullmatch(id) or id in TAKEN:
        raise StateError(
            Fault(f"活动编号“{id}”", "写法不对", "小写字母开头，只含小写字母、数字、-，至多 40 个")
        )


def add_campaign(home: Path, id: str, folders: Sequence[Path] = (), staff_from: str = "") -> Added:
    """Puts the campaign whose files are in ``campaigns/ID`` of a home into its ledger.

    With ``staff_from`` the people of that campaign are on its list from the start. It is there
    wholly or not at all. Raises StateError, RubricError, LedgerTrouble; NotPermitted for others
    than administrators of the first campaign.
    """
    root = root_of(home)
    check_id(id)
    place = root / CAMPAIGNS / id
    loaded, roster = sources(place, folders)
    check_none_off(loaded)
    if loaded.rubric.campaign.id != id:
        what = f"编号是 {loaded.rubric.campaign.id}，与文件夹 {id} 不同"
        raise StateError(Fault(str(place / CAMPAIGN), what, "改成一样的"))
    if home_of(root, id) == root:
        raise LedgerTrouble("campaign_exists", campaign=id)
    people_of = home_of(root, staff_from) if staff_from else None
    with to_add(root) as ledger:
        staff = put_in(ledger, place, loaded, roster, people_of)
    return Added(place, loaded.rubric.campaign.name, loaded.rubric.months, len(roster), staff)


@contextmanager
def to_add(root: Path) -> Iterator[Ledger]:
    """The open ledger of a home, for who may add a campaign to it. Raises NotPermitted."""
    from gsjx_tui.ledger.ledger import Ledger

    with Ledger.open(root / LEDGER) as ledger:
        _check_may_add(root, ledger)
        yield ledger


def put_in(
    ledger: Ledger, place: Path, loaded: Loaded, roster: Sequence[Unit], people_of: Path | None
) -> int:
    """The campaign, its first edition and its staff in one transaction; how many people."""
    from gsjx_tui.office.editions import adopt

    people = _people(ledger, people_of) if people_of is not None else []
    units = {unit.code for unit in roster}
    with ledger.adding(place.name) as added:
        adopt(added, loaded, roster, files_digest(place))
        with added.act() as now:
            who = current_user()
            rows = [
                (one.login, one.name, one.role, one.unit, who, now)
                for one in (listed.person for listed in people)
                if not one.unit or one.unit in units
            ]
            added.append("staff", rows)
    ledger.checkpoint()
    return len(rows)


def _check_may_add(root: Path, ledger: Ledger) -> None:
    """Raises NotPermitted for others than administrators of the first campaign."""
    from gsjx_tui.office.roll import Roll

    person = Roll().person(ledger, current_user(), owner=owns_ledger(root))
    if not person.has("admin"):
        raise NotPermitted(Fault(person.called, "加入活动要由管理员来做", "请管理员来做"))


def _people(ledger: Ledger, home: Path) -> Sequence[Listed]:
    from gsjx_tui.office.roll import Roll

    schema = schema_of(home)
    if schema == ledger.schema:
        return Roll().all(ledger)
    with ledger.beside(schema) as other:
        return Roll().all(other)
