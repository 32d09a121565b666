"""Seats that lose the service: they find it again by themselves, and say so."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from builders import JUNE, an_office, observed
from gsjx_tui.domain import Month
from gsjx_tui.errors import LedgerTrouble
from gsjx_tui.office.home import Office, open_office
from gsjx_tui.office.record import record
from gsjx_tui.office.sheet import sheet
from gsjx_tui.office.verify import verify
from gsjx_tui.seats import seat as seats
from gsjx_tui.seats.opening import open_office as open_seat
from gsjx_tui.seats.seat import Seat
from gsjx_tui.seats.whereabouts import SOCKET
from serving import SLOW, Serving, serving


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with an_office(tmp_path) as office:
        return office.home


def told(office: Office, then: Callable[[bool], object] = lambda reached: None) -> list[bool]:
    """What the seat of an office says about the line from now on."""
    heard: list[bool] = []

    def hear(reached: bool) -> None:
        heard.append(reached)
        then(reached)

    assert isinstance(office.carrier, Seat)
    office.carrier.on_line = hear
    return heard


def started_when_missed(service: Serving) -> Callable[[bool], object]:
    return lambda reached: None if reached else service.start_again()


def recorded(home: Path) -> int:
    """How many observations there are, once the service has ended."""
    with open_office(home) as office:
        return verify(office).heads["observation"].seq


def points(office: Office) -> object:
    return sheet(office, "A1", Month.parse(JUNE)).value("verify", "study.b1.body", "points")


def test_a_look_is_taken_again_when_the_service_is_back(home: Path) -> None:
    with serving(home) as service, service.office() as seat:
        record(seat, observed("study.b1.body", 8))
        heard = told(seat, started_when_missed(service))
        service.kill()

        assert points(seat) == 8

    assert heard == [False, True]


def test_a_restart_that_nobody_had_to_wait_for_is_not_worth_a_word(home: Path) -> None:
    with serving(home) as service, service.office() as seat:
        heard = told(seat)
        record(seat, observed("study.b1.body", 8))
        assert service.stop() == 0
        service.start_again()

        record(seat, observed("study.b1.body", 9))
        service.stop()

    assert heard == []
    assert recorded(home) == 2


def test_a_service_that_stays_away_is_said_to_be_gone_and_may_still_come_back(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seats, "PATIENCE", 0.2)
    with serving(home) as service, service.office() as seat:
        heard = told(seat)
        service.kill()

        with pytest.raises(LedgerTrouble, match="可能没有完成") as gone:
            record(seat, observed("study.b1.body", 8))
        service.start_again()
        record(seat, observed("study.b1.body", 9))
        service.stop()

    assert gone.value.kind == "service_gone"
    assert "稍后重做一次" in str(gone.value)
    assert heard == [False, True]
    assert recorded(home) == 1


def test_a_request_that_is_cut_off_again_and_again_is_given_up(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seats, "MOST_PATIENCE", 0.5)
    with serving(home) as service, relayed(home, tmp_path / "r") as relay:
        office = service.office()
        office.close()
        seat = Seat(relay.path, lambda: office.rubric)
        office.carrier = seat
        record(office, observed("study.b1.body", 8))
        relay.cut, relay.once = 0, False

        with pytest.raises(LedgerTrouble, match="没有应答"):
            record(office, observed("study.b1.body", 9))
        service.stop()

    assert recorded(home) == 2  # it was done once, at the first time


@pytest.mark.parametrize("cut", [0, 1, 40], ids=["before", "at once", "halfway"])
def test_an_answer_that_is_cut_off_is_asked_for_again_and_nothing_is_done_twice(
    home: Path, tmp_path: Path, cut: int
) -> None:
    with serving(home) as service, relayed(home, tmp_path / "r") as relay:
        office = service.office()
        office.close()
        seat = Seat(relay.path, lambda: office.rubric)
        office.carrier = seat
        record(office, observed("study.b1.body", 8))
        relay.cut = cut
        record(office, observed("study.b1.body", 9))

        assert relay.cut is None
        assert points(office) == 9
        seat.close()
        service.stop()

    assert recorded(home) == 2


def test_a_socket_that_the_service_manager_keeps_open_takes_requests_meanwhile(home: Path) -> None:
    with kept_open(home) as start:
        service = start()
        with open_seat(home) as seat:
            heard = told(seat)
            record(seat, observed("study.b1.body", 8))
            service.kill()
            service.wait(SLOW)
            later = threading.Timer(0.3, lambda: running.append(start()))
            running: list[subprocess.Popen[bytes]] = []
            later.start()

            record(seat, observed("study.b1.body", 9))

            later.join()
            assert heard == []
            assert points(seat) == 9
        running[0].terminate()
        assert running[0].wait(SLOW) == 0
        assert (home / SOCKET).exists()

    assert recorded(home) == 2


# what stands between ---------------------------------------------------------------------------


class Relay:
    """Passes bytes between seats and the service.

    ``cut``: ends the line after so many bytes of the next answer, ``once`` or always.
    """

    def __init__(self, home: Path, path: Path) -> None:
        self.path, self._home = path, home
        self.cut: int | None = None
        self.once = True
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listening.bind(str(path))
        self._listening.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            there = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            there.connect(str(self._home / SOCKET))
            for work in (self._ask, self._answer):
                threading.Thread(target=work, args=(line, there), daemon=True).start()

    def _ask(self, line: socket.socket, there: socket.socket) -> None:
        try:
            while piece := line.recv(2**16):
                there.sendall(piece)
            there.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def _answer(self, line: socket.socket, there: socket.socket) -> None:
        try:
            while piece := there.recv(2**16):
                if self.cut is not None:
                    line.sendall(piece[: self.cut])
                    if self.once:
                        self.cut = None
                    line.shutdown(socket.SHUT_RDWR)
                    there.shutdown(socket.SHUT_RDWR)
                    return
                line.sendall(piece)
            line.shutdown(socket.SHUT_WR)
        except OSError:
            pass


@contextmanager
def relayed(home: Path, path: Path) -> Iterator[Relay]:
    """A relay to the service of a home, ended afterwards."""
    relay = Relay(home, path)
    try:
        yield relay
    finally:
        relay.close()


@contextmanager
def kept_open(home: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """The listening socket of a service manager; what starts the service on it."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("takes bash")
    passing = 'exec 3<&"$0"; LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"'
    started: list[subprocess.Popen[bytes]] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(str(home / SOCKET))
        listening.listen()
        number = listening.fileno()

        def start() -> subprocess.Popen[bytes]:
            serve = [sys.executable, "-m", "gsjx_tui.cli", "serve", "--home", str(home)]
            command = [bash, "-c", passing, str(number), *serve]
            process = subprocess.Popen(command, pass_fds=[number], stdout=subprocess.DEVNULL)
            started.append(process)
            return process

        try:
            yield start
        finally:
            for process in started:
                process.kill()
                process.wait(SLOW)
    (home / SOCKET).unlink()
