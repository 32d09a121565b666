"""The staff list 人员名单: who works with the ledger, in which role. Kept by administrators."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gsjx_tui.documents.tables import clean
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.harmless import printable
from gsjx_tui.office.acts import act
from gsjx_tui.office.home import Office
from gsjx_tui.office.people import ROLE_NAMES, ROLES, Person, Role
from gsjx_tui.office.roll import Listed

_LOGIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}")


@act("viewer")
def staff(office: Office) -> Sequence[Listed]:
    """Everybody on the list, by role and login."""
    return office.roll.all(office.ledger)


@act("admin", writes=True)
def set_staff(office: Office, login: str, role: str, name: str = "", unit: str = "") -> Person:
    """Puts somebody on the list, or changes their role.

    ``login`` is the login name on this machine; ``unit`` the unit of a reporter. Without a name
    the one on the list stays. The first on the list must be an administrator. Raises StateError.
    """
    known = _known(office)
    before = known.get(login)
    called = clean(printable(name)) or (before.name if before else "")
    person = Person(login, called, _checked(office, login, role, unit), unit)
    _check_administered(known | {login: person})
    if person != before:
        _append(office, person.login, person.name, person.role, person.unit)
    return person


@act("admin", writes=True)
def remove_staff(office: Office, login: str) -> Person:
    """Takes somebody off the list, not the last administrator; what they did stays.

    Raises StateError.
    """
    known = _known(office)
    person = known.pop(login, None)
    if person is None:
        raise StateError(Fault(login, "不在人员名单上", "用 gsjx staff 查看名单"))
    _check_administered(known)
    _append(office, login, person.name, "", "")
    return person


def _append(office: Office, *row: str) -> None:
    with office.ledger.act() as now:
        office.ledger.append("staff", [(*row, office.who, now)])


def _known(office: Office) -> dict[str, Person]:
    return {listed.person.login: listed.person for listed in office.roll.all(office.ledger)}


def _checked(office: Office, login: str, role: str, unit: str) -> Role:
    if not _LOGIN.fullmatch(login):
        raise StateError(
            Fault(f"登录名“{printable(login)}”", "写法不对", "写此人在本机的登录名，如 zhang")
        )
    found = next((known for known in ROLES if role in (known, ROLE_NAMES[known])), None)
    if found is None:
        some = "、".join(f"{known} {ROLE_NAMES[known]}" for known in ROLES)
        raise StateError(Fault(f"身份“{printable(role)}”", "不认识", f"可用：{some}"))
    if found == "reporter":
        if not unit:
            raise StateError(Fault(login, "单位填报人没有写单位", "用 --unit 写单位代码"))
        office.unit(unit)
    elif unit:
        raise StateError(
            Fault(
                login, f"“{ROLE_NAMES[found]}”不限于一个单位", "去掉 --unit，或把身份改为 reporter"
            )
        )
    return found


def _check_administered(people: dict[str, Person]) -> None:
    if not any(person.role == "admin" for person in people.values()):
        raise StateError(
            Fault("", "名单上至少要有一名管理员", "先加入一名管理员（admin），再作这项改动")
        )
