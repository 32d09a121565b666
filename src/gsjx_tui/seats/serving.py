"""Starting the service: the ledger opened, the socket made or taken over, signals heard."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import resource
import signal
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from gsjx_tui.errors import Fault, GsjxError, LedgerTrouble, StateError, reason_of
from gsjx_tui.office.home import Office, open_beside, open_office
from gsjx_tui.office.names import group_number, home_in, root_of
from gsjx_tui.seats.service import Service
from gsjx_tui.seats.settings import read_settings
from gsjx_tui.seats.whereabouts import SOCKET, service_at

_LONGEST_PATH = 107
_NEW = "gsjx.new"
_MOST_FILES = 65536
_FIRST_PASSED = 3

_log = logging.getLogger("gsjx.service")


def serve(
    home: Path,
    folders: Sequence[Path] = (),
    group: str = "",
    ready: Callable[[Path], None] = lambda path: None,
) -> None:
    """Serves a home until SIGTERM or SIGINT; ``ready`` is told the socket when it listens.

    The socket is that of the service manager (socket activation), else one made in the home with
    mode 0660 and a group, by default that of ``service.toml``. Raises GsjxError.
    """
    home = root_of(home)
    settings = read_settings(home)
    if service_at(home) is not None and "LISTEN_FDS" not in os.environ:
        raise StateError(
            Fault(str(home / SOCKET), "服务已经在运行", "直接使用 gsjx 即可；要重启请先停止它")
        )
    _allow_connections()
    with open_office(home, folders) as office, _further(office, folders) as (further, away):
        passed = _passed()
        listening = passed or _made(home / SOCKET, group or settings.group)
        service = Service(office, settings, further, away)
        try:
            asyncio.run(_serving(service, listening, lambda: ready(home / SOCKET)))
        finally:
            if passed is None:
                (home / SOCKET).unlink(missing_ok=True)


@contextlib.contextmanager
def _further(
    first: Office, folders: Sequence[Path]
) -> Iterator[tuple[Sequence[Office], Mapping[str, GsjxError]]]:
    """The offices of the ledger's further campaigns; and why one can't be served, by its schema.

    A fault in one campaign's files must not keep people from working in the others.
    """
    with contextlib.ExitStack() as stack:
        opened: list[Office] = []
        away: dict[str, GsjxError] = {}
        for schema in first.ledger.schemas[1:]:
            try:
                office = open_beside(first, home_in(first.home, schema), folders)
            except GsjxError as error:
                away[schema] = error
                _log.error("活动 %s 没有打开：%s", schema, " ".join(str(error).splitlines()))
            else:
                opened.append(stack.enter_context(office))
        yield opened, away


async def _serving(service: Service, listening: socket.socket, ready: Callable[[], None]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    ready()
    await service.run(listening, stop)


def _passed() -> socket.socket | None:
    """The listening socket that the service manager passed (sd_listen_fds), if it did."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return None
    for name in ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"):
        os.environ.pop(name, None)
    passed = socket.socket(fileno=_FIRST_PASSED)
    passed.setblocking(False)
    return passed


def _made(path: Path, group: str) -> socket.socket:
    """A listening socket at a path: made aside, then put in place with its rights."""
    if len(str(path).encode()) > _LONGEST_PATH:
        raise StateError(
            Fault(str(path), "路径太长，不能建立服务的套接字", "把活动文件夹放到路径更短的地方")
        )
    number = group_number(group, "--group") if group else -1
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    aside = path.with_name(_NEW)  # nobody meets a socket that isn't open to them yet
    try:
        with contextlib.suppress(FileNotFoundError):
            aside.unlink()
        listening.bind(str(aside))
        if group:
            os.chown(aside, -1, number)
        aside.chmod(0o660)
        listening.listen(1024)
        listening.setblocking(False)
        aside.rename(path)
    except OSError as error:
        listening.close()
        raise LedgerTrouble("not_writable", path=path, reason=reason_of(error)) from error
    finally:
        os.umask(before)
    return listening


def _allow_connections() -> None:
    """Each connection is an open file: as many as the system lets this process have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if most == resource.RLIM_INFINITY else min(most, _MOST_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
