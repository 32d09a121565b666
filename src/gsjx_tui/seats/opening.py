"""Opening the office: at a seat of the service where one runs, else the ledger itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gsjx_tui.errors import Fault, LedgerTrouble, StateError
from gsjx_tui.office import home as alone
from gsjx_tui.office.home import Office, files_digest, sources
from gsjx_tui.office.names import current_user
from gsjx_tui.office.opened import Sources
from gsjx_tui.seats.whereabouts import service_at

if TYPE_CHECKING:
    from gsjx_tui.seats.seat import Seat


def open_office(home: Path, folders: Sequence[Path] = ()) -> Office:
    """Opens a home for acting. Raises GsjxError."""
    return _seated(home, folders) or alone.open_office(home, folders)


def open_or_init(home: Path, folders: Sequence[Path] = ()) -> Office:
    """Opens a home, made on first use. Raises GsjxError."""
    return _seated(home, folders) or alone.open_or_init(home, folders)


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


def _seated(home: Path, folders: Sequence[Path]) -> Office | None:
    """The office through the service, None where none runs."""
    path = service_at(home)
    if path is None:
        return None
    from gsjx_tui.seats.seat import Seat  # with all that speaks: only where there is a service

    office: Office
    seat = Seat(path, lambda: office.rubric)
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
    """Raises StateError if the files of the home are no longer those of the service."""
    if seat.files != files_digest(home):
        raise StateError(
            Fault(
                str(home),
                "campaign.toml 或 units.csv 在服务启动之后改过",
                "请管理员重启服务（systemctl restart gsjx）后再用",
            )
        )


def _own_folder() -> Path:
    """Where the files of a person are kept who has no rights in the home."""
    folder = Path.home() / "gsjx"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise LedgerTrouble("not_writable", path=folder, reason=error.strerror) from error
    return folder
