"""Who is acting, and in which role. The rights of each act stand at the act (``acts``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from gsjx_tui.domain import Kind

Role = Literal["reporter", "viewer", "clerk", "reviewer", "lead", "admin", "keeper"]

ROLES: tuple[Role, ...] = tuple(role for role in get_args(Role) if role != "keeper")
"""What the staff list may give a person."""

ROLE_NAMES: dict[Role, str] = {
    "reporter": "单位填报人",
    "viewer": "查看",
    "clerk": "录入员",
    "reviewer": "复核员",
    "lead": "负责人",
    "admin": "管理员",
    "keeper": "账本保管人",
}
"""What people call the roles; the keeper is who owns the ledger file without being on the list."""

_RANK = {"viewer": 0, "clerk": 1, "reviewer": 2, "lead": 3, "admin": 4}


@dataclass(frozen=True)
class Person:
    """Somebody who acts: login, name, role; a reporter's unit is the only one they see.

    The role ``keeper`` isn't given by anybody: it is that of the ledger file's owner who isn't on
    the list. They look, and do what administrators alone do, so that no list can lock all out.
    """

    login: str
    name: str
    role: Role
    unit: str = ""

    def has(self, role: Role) -> bool:
        """Whether the person may do what takes at least this role."""
        if self.role == "keeper":
            return role in ("viewer", "admin")
        return self.role == role or _RANK.get(self.role, -1) >= _RANK.get(role, len(_RANK))

    def records(self, unit: str, kind: Kind) -> bool:
        """Whether the person may record a claim or a verification of a unit."""
        if self.role == "reporter":
            return (unit, kind) == (self.unit, "claim")
        return self.has("clerk" if kind == "claim" else "reviewer")

    def sees(self, unit: str) -> bool:
        """Whether the person may see a unit."""
        return self.role != "reporter" or unit == self.unit

    @property
    def called(self) -> str:
        """Name and login, as far as there is a name."""
        return f"{self.name}（{self.login}）" if self.name else self.login
