"""Opening the office: at a seat of the service where one runs, else the ledger itself."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gsjx_tui.errors import Fault, LedgerTrouble, StateError, reason_of
from gsjx_tui.office import home as alone
from gsjx_tui.office.home import Office, files_digest, sources
from gsjx_tui.office.names import current_user, ledger_of, root_of, schema_of
from gsjx_tui.office.opened import Sources
from gsjx_tui.office.snapshot import Publisher
from gsjx_tui.seats.whereabouts import service_at

if TYPE_CHECKING:
    from gsjx_tui.office.campaigns import Listed
    from gsjx_tui.seats.seat import Seat


def open_office(home: Path, folders: Sequence[Path] = ()) -> Office:
    """Opens a home for acting. Raises GsjxError."""
    return _seated(home, folders) or _publishing(alone.open_office(home, folders))


def open_or_init(home: Path, folders: Sequence[Path] = ()) -> Office:
    """Opens a home, made on first use. Raises GsjxError."""
    return _seated(home, folders) or _publishing(alone.open_or_init(home, folders))


@contextmanager
def reading(home: Path, folders: Sequence[Path] = ()) -> Iterator[Office]:
    """Opens a home for looking only. Raises GsjxError."""
    office = _seated(home, folders)
    if office is None:
        with alone.reading(home, folders) as office:
            yield office
    else:
        with office:
            yield office


def chosen(home: Path, id: str = "") -> Path:
    """The home of the campaign that is meant in a home, by its id or as the only open one.

    Raises StateError if there is none, or several could be meant.
    """
    from gsjx_tui.office.campaigns import folders_of, home_of, the_open_one

    if id:
        return home_of(home, id)
    if root_of(home) != home or not folders_of(home):
        return home
    found = listed(home)
    return the_open_one(found).home(home) if found else home  # a stranger is told there


def listed(home: Path) -> tuple[Listed, ...]:
    """The campaigns of a home's ledger, the first one first. Raises GsjxError.

    From a service those in which the person has a role.
    """
    root = root_of(home)
    path = service_at(root)
    if path is not None:
        from gsjx_tui.seats.seat import Seat

        seat = Seat(path, lambda: sources(root)[0].rubric)
        try:
            return seat.campaigns()
        finally:
            seat.close()
    from gsjx_tui.office.campaigns import campaigns

    _check_may_open(home)
    return campaigns(home)


def _publishing(office: Office) -> Office:
    """The office that writes by itself publishes by itself."""
    office.publisher = Publisher(office)
    return office


def _seated(home: Path, folders: Sequence[Path]) -> Office | None:
    """The office through the service, None where none runs."""
    path = service_at(root_of(home))
    if path is None:
        _check_may_open(home)
        return None
    from gsjx_tui.seats.seat import Seat  # with all that speaks: only where there is a service

    office: Office
    seat = Seat(path, lambda: office.rubric, schema_of(home))
    office = Office(
        home,
        current_user(),
        lambda: _as_served(seat, home, folders),
        carrier=seat,
        own_folder=_own_folder(),
    )
    seat.hello()
    _check_served(seat, home)
    return office


def _as_served(seat: Seat, home: Path, folders: Sequence[Path]) -> Sources:
    """The campaign and roster of the home, if they are those of the service."""
    found = sources(home, folders)
    _check_served(seat, home)
    return found


def _check_served(seat: Seat, home: Path) -> None:
    """Raises StateError if the files of the home are no longer those of the service.

    Whom it hasn't let in doesn't know those: what it says to them is read all the same.
    """
    if seat.files and seat.files != files_digest(home):
        raise StateError(
            Fault(
                str(home),
                "campaign.toml 或 units.csv 在服务启动之后改过",
                "请管理员重启服务（systemctl restart gsjx）后再用",
            )
        )


def _check_may_open(home: Path) -> None:
    """Staff have no rights on the ledger of a service: they are told of that, not of a file.

    Raises LedgerTrouble. What is a user's own, or isn't there, speaks for itself when opened.
    """
    try:
        if home.stat().st_uid == os.getuid():
            return
        ledger_of(home).stat()
    except PermissionError as error:
        raise LedgerTrouble("home_closed", path=home) from error
    except OSError:
        return
    if not os.access(ledger_of(home), os.R_OK):
        raise LedgerTrouble("service_away", path=ledger_of(home))


def _own_folder() -> Path:
    """Where the files of a person are kept who has no rights in the home."""
    try:
        folder = Path.home() / "gsjx"
    except RuntimeError as error:
        what = "没有设置，又查不到您的登录目录，不知道您的文件放在哪里"
        remedy = "设置 HOME 后重新登录，或请管理员核对登录目录"
        raise StateError(Fault("环境变量 HOME", what, remedy)) from error
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise LedgerTrouble("not_writable", path=folder, reason=reason_of(error)) from error
    return folder
