"""The staff list as it stands, read once and again after each change."""

from __future__ import annotations

from collections.abc import Sequence
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
    """Finds people by their login. ``forget`` after the list was changed."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._people: dict[str, Listed] | None = None

    def all(self) -> Sequence[Listed]:
        """Everybody on the list, by role and login."""
        return list(self._known().values())

    def person(self, login: str, *, owner: bool) -> Person:
        """Who a login is; ``owner``: it owns the ledger file. Raises NotPermitted for a stranger.

        While the list is empty the owner is alone and may do everything.
        """
        known = self._known()
        if login in known:
            return known[login].person
        if owner:
            return Person(login, "", "keeper" if known else "admin")
        raise NotPermitted(
            Fault(login, "不在人员名单上，不能使用", "请管理员用 gsjx staff --set 加入")
        )

    def forget(self) -> None:
        """The list was changed: it is read again when it is next needed."""
        self._people = None

    def _known(self) -> dict[str, Listed]:
        if self._people is None:
            self._people = {
                login: Listed(Person(login, name, _role(role), unit), by, at)
                for login, name, role, unit, by, at in self._ledger.rows("staff")
            }
        return self._people


def _role(text: str) -> Role:
    role: Role = text  # type: ignore[assignment]  # the table checks it
    return role
