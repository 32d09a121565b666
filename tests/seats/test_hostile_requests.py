"""Whatever comes over the socket: one clear answer, nothing written, the service stays up."""

from __future__ import annotations

import copy
import gzip
import json
import os
import resource
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import JUNE, a_unit, an_office, observed
from gsjx_tui.office.acts import all_acts
from gsjx_tui.office.copies import ledger_state
from gsjx_tui.office.home import Office
from gsjx_tui.office.record import record
from gsjx_tui.office.staff import set_staff
from gsjx_tui.seats.service import LARGEST_REQUEST
from gsjx_tui.seats.whereabouts import SOCKET
from gsjx_tui.seats.wire import PROTOCOL
from serving import SLOW, Serving, until

MEMORY = 600 * 2**20
"""Bytes that the service may have in use after all of this."""


class Watched:
    """A service, its log, and a seat that tells whether anything was written."""

    def __init__(self, service: Serving, log: Path, office: Office) -> None:
        self.service, self.log, self.office = service, log, office
        self.state = ledger_state(office)

    def is_unharmed(self) -> None:
        """It is the same process, it answers, nothing was written."""
        assert self.service.process.poll() is None
        assert ledger_state(self.office) == self.state
        pages = int(Path(f"/proc/{self.service.process.pid}/statm").read_text().split()[1])
        assert pages * os.sysconf("SC_PAGE_SIZE") < MEMORY


@pytest.fixture(scope="module")
def watched() -> Iterator[Watched]:
    # Not pytest's folder, which nobody else may enter.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with an_office(Path(folder), a_unit("A1"), a_unit("A2")) as office:
            set_staff(office, "root", "admin")
            set_staff(office, "nobody", "viewer")
            record(office, observed("study.b1.body", 8))
            home = office.home
        log = Path(folder) / "log"
        few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, most))  # as systems often have it
        try:
            with log.open("wb") as file:
                service = Serving(home, stderr=file)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(few, min(most, 4096)), most))
        try:
            (home / SOCKET).chmod(0o666)
            with service.office() as seat:
                yield Watched(service, log, seat)
        finally:
            assert service.stop() == 0


@contextmanager
def connected(home: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(SLOW)
        line.connect(str(home / SOCKET))
        yield line


@contextmanager
def somebody_else() -> Iterator[None]:
    """The kernel tells another login from here on."""
    if os.geteuid() != 0:
        pytest.skip("takes root")
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def sent(watched: Watched, text: bytes, *, more: bool = False) -> bytes:
    """What the service says to bytes, to the end of the connection; as if ``more`` came, or not."""
    with connected(watched.service.home) as line:
        said = b""
        try:
            line.sendall(text)
            if not more:
                line.shutdown(socket.SHUT_WR)
            while piece := line.recv(2**16):
                said += piece
        except (BrokenPipeError, ConnectionResetError):
            pass
        return said


def request(
    watched: Watched,
    target: str,
    body: bytes = b"",
    method: str = "POST",
    **headers: str,
) -> tuple[int, Any]:
    """The status and the JSON that a request is answered with."""
    lines = {
        "Host": "gsjx",
        "Gsjx-Protocol": str(PROTOCOL),
        "Gsjx-Session": "s",
        "Connection": "close",
        "Content-Length": str(len(body)),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value != "-")
    whole = f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode() + body
    said = sent(watched, whole, more=True)
    head_of_it, _, rest = said.partition(b"\r\n\r\n")
    status = int(head_of_it.split()[1])
    if b"ndjson" in head_of_it:
        rest = rest.partition(b"\r\n")[2].splitlines()[-1] if b"chunked" in head_of_it else rest
        rest = next(line for line in said.splitlines() if line.startswith((b'{"answer', b'{"err')))
    return status, json.loads(rest)


def words(answer: Any) -> str:
    ((_, what, remedy),) = answer["error"]["faults"]
    return f"{what}；{remedy}"


# what isn't understood ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"NaN",
        b'{"observations": NaN}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"observations": ' + b"9" * 10_000 + b"}",
        b'{"observations": 1e999999}',
        b'{"observations": [1]}',
        b'{"unknown": 1}',
        b'{"return": 1}',
        b'{"office": 1}',
        b'{"self": 1}',
        b'{"progress": 1}',
        b"{}",
    ],
)
def test_a_body_that_is_not_an_act_is_not_understood(watched: Watched, body: bytes) -> None:
    status, answer = request(watched, "/act/record.record", body)

    assert status == 400
    assert "没有听懂" in words(answer)
    watched.is_unharmed()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("value", "1E+999999999"),
        ("value", "1E-999999999"),
        ("value", "NaN"),
        ("value", "Infinity"),
        ("value", 8),
        ("value", None),
        ("month", "2013-13"),
        ("month", 201306),
        ("unit", ["A1"]),
        ("note", "\ud800"),
        ("kind", "other"),
        ("more", 1),
    ],
)
def test_a_value_of_another_kind_is_not_understood(
    watched: Watched, field: str, value: object
) -> None:
    plain = a_save()
    plain["observations"][0][field] = value

    status, answer = request(watched, "/act/record.record", json.dumps(plain).encode())

    assert status in (400, 422)
    assert words(answer)
    watched.is_unharmed()


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/act/record.record", 405),
        ("DELETE", "/hello", 405),
        ("POST", "/ledger", 405),
        ("GET", "/", 404),
        ("GET", "/act/", 404),
        ("GET", "/../../etc/passwd", 404),
        ("POST", "/act/record._append", 400),
        ("POST", "/act/os.system", 400),
        ("POST", "/act/..%2f..%2fhello", 400),
    ],
)
def test_a_wrong_door_is_said_to_be_wrong(
    watched: Watched, method: str, target: str, status: int
) -> None:
    found, answer = request(watched, target, b"{}", method)

    assert found == status
    assert "没有听懂" in words(answer)


@pytest.mark.parametrize(
    "protocol", ["-", "0", str(PROTOCOL - 1), str(PROTOCOL + 1), "x", "1.0", " "]
)
def test_another_version_is_told_which_one_the_service_speaks(
    watched: Watched, protocol: str
) -> None:
    status, answer = request(watched, "/hello", method="GET", Gsjx_Protocol=protocol)

    assert status == 426
    assert f"第 {PROTOCOL} 版" in words(answer)
    assert "重新登录" in words(answer)


@pytest.mark.parametrize("session", ["-", "", "x" * 65])
def test_a_session_must_be_named(watched: Watched, session: str) -> None:
    status, _ = request(watched, "/news", method="GET", Gsjx_Session=session)

    assert status == 400


@pytest.mark.parametrize("where", [{}, [], {"unit": 1, "month": 1}, {"unit": "A1", "month": "x"},
                                   {"unit": "\x1b[2J", "month": JUNE}])  # fmt: skip
def test_nobody_works_where_there_is_no_unit_and_month(watched: Watched, where: object) -> None:
    status, _ = request(watched, "/present", json.dumps(where).encode())

    assert status in (400, 422)


@pytest.mark.slow
def test_a_body_may_not_be_too_large(watched: Watched) -> None:
    status, answer = request(
        watched, "/act/record.record", b" " * (LARGEST_REQUEST + 2**20), Expect="-"
    )

    assert status == 413
    assert "没有听懂" in words(answer)
    watched.is_unharmed()


def test_what_is_packed_is_not_unpacked(watched: Watched) -> None:
    packed = gzip.compress(b"{}")

    status, _ = request(watched, "/act/staff.staff", packed, Content_Encoding="gzip")

    assert status == 400
    assert request(watched, "/act/staff.staff", b"{}")[0] == 200
    watched.is_unharmed()


def test_what_is_logged_stays_on_its_line(watched: Watched) -> None:
    request(watched, "/act/a%0a%1b%5b2Jb", b"{}")
    request(watched, "/act/record.record", json.dumps({"a\n\x1b[2Jb": 1}).encode())
    sent(watched, b"GET /\x1b[2J\n\x1b]0;x\x07 HTTP/1.1\r\n\r\n")

    said = watched.log.read_bytes()
    assert b"malformed" in said
    assert b"\x1b" not in said
    assert b"\x07" not in said
    assert not [line for line in said.splitlines() if line.startswith(b"b")]


# other people ------------------------------------------------------------------------------------


def test_the_answer_to_a_key_is_for_its_own_login_alone(watched: Watched) -> None:
    body = json.dumps({"login": "nobody", "role": "viewer", "name": "", "unit": ""}).encode()
    request(watched, "/act/staff.set_staff", body, Gsjx_Request="mine")

    with somebody_else():
        status, answer = request(
            watched, "/act/staff.set_staff", body, Gsjx_Request="mine", Gsjx_Repeated="1"
        )

    assert status == 422
    assert answer["error"]["type"] == "NotPermitted"


def test_nobody_ends_the_news_of_another_login_by_naming_their_session(watched: Watched) -> None:
    listen = (
        f"GET /news HTTP/1.1\r\nHost: g\r\nGsjx-Protocol: {PROTOCOL}\r\nGsjx-Session: s1\r\n\r\n"
    )
    with connected(watched.service.home) as mine:
        mine.sendall(listen.encode())
        assert b"present" in heard(mine)
        with somebody_else(), connected(watched.service.home) as other:
            other.sendall(listen.encode())
            assert b"present" in heard(other)
        request(watched, "/present", b'{"unit":"A1","month":"2013-06"}', Gsjx_Session="s1")

        assert b'"A1"' in heard(mine, b'"A1"')


def heard(line: socket.socket, wanted: bytes = b"present") -> bytes:
    said = b""
    while wanted not in said:
        piece = line.recv(2**16)
        assert piece, said
        said += piece
    return said


# who is slow, and many ---------------------------------------------------------------------------


def test_a_thousand_connections_that_say_nothing_keep_nobody_out(watched: Watched) -> None:
    lines = []
    try:
        for number in range(1000):
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(SLOW)
            line.connect(str(watched.service.home / SOCKET))
            if number % 2:
                line.sendall(b"POST /act/record.record HTTP/1.1\r\nContent-Le")
            lines.append(line)

        status, _ = request(watched, "/hello", method="GET")
        assert status == 200
    finally:
        for line in lines:
            line.close()
    watched.is_unharmed()


def test_whoever_does_not_take_the_answer_keeps_nobody_waiting(watched: Watched) -> None:
    asking = f"GET /ledger HTTP/1.1\r\nHost: g\r\nGsjx-Protocol: {PROTOCOL}\r\n\r\n".encode()
    with connected(watched.service.home) as one, connected(watched.service.home) as other:
        for line in (one, other):
            line.sendall(asking)
            line.recv(1)

        status, _ = request(watched, "/hello", method="GET")

        assert status == 200
        watched.is_unharmed()


def test_a_large_body_that_never_ends_keeps_nobody_waiting(watched: Watched) -> None:
    head = (
        f"POST /act/record.record HTTP/1.1\r\nHost: g\r\nGsjx-Protocol: {PROTOCOL}\r\n"
        "Content-Length: 1000000\r\n\r\n{"
    )
    lines = [socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) for _ in range(10)]
    for line in lines:
        line.connect(str(watched.service.home / SOCKET))
        line.sendall(head.encode())

    status, _ = request(watched, "/act/record.record", b"{}")

    assert status == 400
    for line in lines:
        line.close()
    watched.is_unharmed()


# anything ----------------------------------------------------------------------------------------

anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
unhurried = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def a_save() -> Any:
    """The arguments of a save as they go over the socket, with a value that is refused."""
    return {
        "observations": [
            {
                "unit": "A1",
                "month": JUNE,
                "item": "study.b1.body",
                "field": "points",
                "kind": "verify",
                "value": "11",
                "note": "",
            }
        ]
    }


@pytest.mark.slow
@unhurried
@given(text=st.binary(max_size=400))
def test_any_bytes(watched: Watched, text: bytes) -> None:
    said = sent(watched, text)

    assert not said or said.startswith(b"HTTP/1.")
    watched.is_unharmed()


@unhurried
@given(place=st.integers(0, 400), text=st.binary(min_size=1, max_size=8), keep=st.integers(0, 8))
def test_a_request_with_other_bytes_in_it(
    watched: Watched, place: int, text: bytes, keep: int
) -> None:
    body = json.dumps(a_save()).encode()
    head = (
        f"POST /act/record.record HTTP/1.1\r\nHost: gsjx\r\nGsjx-Protocol: {PROTOCOL}\r\n"
        f"Gsjx-Request: {'k' * 32}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    whole = head.encode() + body

    said = sent(watched, whole[:place] + text + whole[place + keep :])

    assert not said or said.startswith(b"HTTP/1.")
    assert b"HTTP/1.1 500" not in said
    watched.is_unharmed()


@pytest.mark.slow
@unhurried
@given(data=st.data(), name=st.sampled_from(sorted(all_acts())))
def test_any_values_for_any_act(watched: Watched, data: st.DataObject, name: str) -> None:
    types = all_acts()[name].types
    names = st.sampled_from([name for name in types if name != "return"] or ["x"])
    values = data.draw(st.dictionaries(names, anything, min_size=1, max_size=5))

    status, answer = request(watched, f"/act/{name}", json.dumps(values).encode())

    assert status in (200, 400, 422), (values, answer)
    assert "出了意外" not in json.dumps(answer, ensure_ascii=False), (name, values)
    watched.is_unharmed()


@pytest.mark.slow
@unhurried
@given(data=st.data(), value=anything)
def test_a_save_with_anything_in_one_place(
    watched: Watched, data: st.DataObject, value: object
) -> None:
    plain = copy.deepcopy(a_save())
    fields = plain["observations"][0]
    fields[data.draw(st.sampled_from(sorted(fields)))] = value

    status, answer = request(watched, "/act/record.record", json.dumps(plain).encode())

    assert status in (400, 422), (plain, answer)
    watched.is_unharmed()


def test_after_all_of_it_the_service_is_idle(watched: Watched) -> None:
    def taken() -> int:
        stat = Path(f"/proc/{watched.service.process.pid}/stat").read_text()
        fields = stat.rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def is_idle() -> bool:
        before = taken()
        time.sleep(0.2)
        return taken() == before

    until(is_idle)
