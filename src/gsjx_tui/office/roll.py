"""The staff list as it stands: read when it is first needed, and again once it has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gsjx_tui.errors import Fault, NotPermitted
from gsjx_tui.office.people import Person, Role

if TYPE_CHECKING:
    from gsjx_tui.ledger.ledger import Ledger


@dataclass(frozen=True)
class Listed:
    """A person on the list, and who put them there when (UTC)."""

    person: Person
    by: str
    at: datetime


class Roll:
    """Finds people by their login, as a view of the ledger knows them.

    Several threads may ask at once, each with a view of its own: one that writes sees its own
    change before the others do, and no longer if it was rolled back.
    """

    def __init__(self) -> None:
        self._read: tuple[str, Mapping[str, Listed]] | None = None

    def all(self, ledger: Ledger) -> Sequence[Listed]:
        """Everybody on the list, by role and login."""
        return list(self._known(ledger).values())

    def person(self, ledger: Ledger, login: str, *, owner: bool) -> Person:
        """Who a login is; ``owner``: it owns the ledger file. Raises NotPermitted for a stranger.

        While the list is empty the owner is alone and may do everything.
        """
        known = self._known(ledger)
        if login in known:
            return known[login].person
        if owner:
            return Person(login, "", "keeper" if known else "admin")
        raise NotPermitted(
            Fault(login, "不在人员名单上，不能使用", f"请管理员用 gsjx staff add {login} 加入")
        )

    def _known(self, ledger: Ledger) -> Mapping[str, Listed]:
        newest = ledger.head("staff").hash
        read = self._read
        if read is None or read[0] != newest:
            people = {
                login: Listed(Person(login, name, _role(role), unit), by, at)
                for login, name, role, unit, by, at in ledger.rows("staff")
            }
            read = self._read = (newest, people)
        return read[1]


def _role(text: str) -> Role:
    role: Role = text  # type: ignore[assignment]  # the table checks it
    return role
