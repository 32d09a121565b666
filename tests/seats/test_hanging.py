"""A service that hangs (stopped, not dead): nobody waits for it without end."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from builders import JUNE, an_office, observed
from gsjx_tui.domain import Month
from gsjx_tui.errors import LedgerTrouble
from gsjx_tui.office.home import Office, open_office
from gsjx_tui.office.record import record
from gsjx_tui.office.sheet import sheet
from gsjx_tui.office.verify import verify
from gsjx_tui.seats import line
from gsjx_tui.seats import seat as seats
from gsjx_tui.seats.seat import Seat
from serving import Serving, serving


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with an_office(tmp_path) as office:
        return office.home


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "SILENCE", 0.2)
    monkeypatch.setattr(line, "ANSWER", 0.5)


@contextmanager
def hanging(service: Serving) -> Iterator[None]:
    """The service takes connections and does nothing."""
    service.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        service.process.send_signal(signal.SIGCONT)


def seat_of(office: Office) -> Seat:
    assert isinstance(office.carrier, Seat)
    return office.carrier


def recorded(home: Path) -> int:
    """How many observations there are, once the service has ended."""
    with open_office(home) as office:
        return verify(office).heads["observation"].seq


def points(office: Office) -> object:
    return sheet(office, "A1", Month.parse(JUNE)).value("verify", "study.b1.body", "points")


def test_a_request_is_given_up_with_a_word_about_the_service(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seats, "PATIENCE", 1.5)
    with serving(home) as service, service.office() as office:
        heard: list[bool] = []
        seat_of(office).on_line = heard.append

        with hanging(service), pytest.raises(LedgerTrouble, match="在运行而没有回答") as gone:
            record(office, observed("study.b1.body", 8))

        assert points(office) in (None, 8)  # the service may have it, or not: it said neither

    assert gone.value.kind == "service_silent"
    assert "重启服务" in str(gone.value)
    assert heard == [False, True]


def test_an_act_is_done_once_when_the_service_goes_on(home: Path) -> None:
    with serving(home) as service, service.office() as office:
        with hanging(service):
            going_on = threading.Timer(2, service.process.send_signal, [signal.SIGCONT])
            heard: list[bool] = []
            seat_of(office).on_line = heard.append
            going_on.start()
            record(office, observed("study.b1.body", 8))
            going_on.join()

        assert points(office) == 8
        service.stop()

    assert heard == [False, True]
    assert recorded(home) == 1


def test_who_leaves_does_not_wait(home: Path) -> None:
    with serving(home) as service, service.office() as office, hanging(service):
        leaving = threading.Timer(0.1, seat_of(office).leave)
        leaving.start()
        start = time.monotonic()

        with pytest.raises(LedgerTrouble):
            record(office, observed("study.b1.body", 8))

        assert time.monotonic() - start < seats.PATIENCE / 2
        leaving.join()


class AtWork(BaseHTTPRequestHandler):
    """Says at once that it is there, and all else after a while."""

    def do_GET(self) -> None:
        if self.path != "/there":
            time.sleep(1)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:
        pass

    def address_string(self) -> str:
        return ""


class OnPath(ThreadingHTTPServer):
    address_family = socket.AF_UNIX

    def server_bind(self) -> None:
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "gsjx", 0


def test_a_service_that_is_long_at_work_is_waited_for(tmp_path: Path) -> None:
    """Silence alone says nothing: it answers those who ask whether it is there."""
    path = tmp_path / "s"
    with OnPath(str(path), AtWork) as server:  # type: ignore[arg-type]
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        connection = line.Line(path).connect()
        connection.request("GET", "/act")

        assert connection.getresponse().read() == b"{}"

        connection.close()
        server.shutdown()
