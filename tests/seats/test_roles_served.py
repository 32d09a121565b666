"""The table of roles through the service: users of this machine, told apart by the kernel alone."""

from __future__ import annotations

import http.client
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from select import select

import duckdb
import pytest

from builders import a_campaign, a_roster, a_unit, an_office
from calls import CALLS, LOGINS, OWN, Outcome, a_world
from dropping import started_as
from gsjx_tui.office.staff import set_staff
from gsjx_tui.seats.whereabouts import SOCKET
from gsjx_tui.seats.wire import PROTOCOL
from serving import SLOW, Serving, serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.getuid() != 0, reason="only root can run a process as another user"),
]

GROUP = 100
"""The group of the socket: users, on every Debian."""


@contextmanager
def reachable() -> Iterator[Path]:
    """A folder that other users can reach, unlike those of pytest."""
    folder = Path(tempfile.mkdtemp(prefix="gsjx-roles-"))
    try:
        folder.chmod(0o755)
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def service() -> Iterator[Serving]:
    """A service at a home that other users can reach; its ledger is the keeper's."""
    with reachable() as folder:
        with a_world(folder) as office:
            home = office.home
        os.chown(home / "ledger.duckdb", pwd.getpwnam(LOGINS["keeper"]).pw_uid, -1)
        (home / "ledger.duckdb").chmod(0o600)
        with serving(home, "--group", "users") as under_way:
            yield under_way


@contextmanager
def calling(login: str, home: Path) -> Iterator[Callable[[Sequence[str]], dict[str, Outcome]]]:
    """A process of a user at a seat: calls go in by label, outcomes come back."""
    folder = Path(tempfile.mkdtemp(prefix="gsjx-user-"))
    process = started_as(login, [GROUP], folder, "calls", home)

    def made(labels: Sequence[str]) -> dict[str, Outcome]:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps(list(labels)) + "\n")
        process.stdin.flush()
        found: dict[str, Outcome] = json.loads(process.stdout.readline())
        return found

    try:
        yield made
    finally:
        process.communicate(timeout=30)
        shutil.rmtree(folder)


def ran_as(login: str, home: Path, *words: object, groups: Sequence[int] = (GROUP,)) -> Ended:
    """A command run by a user: its exit status, what it printed, what it said was wrong."""
    folder = Path(tempfile.mkdtemp(prefix="gsjx-user-"))
    process = started_as(login, groups, folder, "cli", home, *words)
    out, err = process.communicate(timeout=60)
    shutil.rmtree(folder)
    return process.returncode, out, err


Ended = tuple[int, str, str]


def tables(service: Serving) -> dict[str, int]:
    """How many rows each table has, in a copy that the keeper may have."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.duckdb"
        with service.office() as office:
            assert office.carrier is not None
            office.carrier.copy_ledger(copy)
        with duckdb.connect(str(copy), read_only=True) as connection:
            names = connection.execute("select table_name from duckdb_tables()").fetchall()
            return {
                name: connection.execute(f"select count(*) from {name}").fetchall()[0][0]
                for (name,) in names
            }


@pytest.mark.parametrize("role", [role for role in LOGINS if role != "stranger"])
def test_a_role_may_do_what_the_table_says(service: Serving, role: str) -> None:
    refused = [label for label, call in CALLS.items() if not call.allowed(role)]
    allowed = [label for label, call in CALLS.items() if call.allowed(role)]
    before = tables(service)

    with calling(LOGINS[role], service.home) as made:
        assert made(refused) == dict.fromkeys(refused, "refused")
        assert tables(service) == before
        assert [label for label, outcome in made(allowed).items() if outcome == "refused"] == []


# who calls is what the kernel says -------------------------------------------------------------


def answered(login: str, path: Path, method: str, target: str, body: object = None,
             **headers: str) -> tuple[int, str]:  # fmt: skip
    """The status and answer of a bare request that a process of a user makes."""
    user = pwd.getpwnam(login)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([GROUP])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            os.write(writer, json.dumps(_answered(path, method, target, body, headers)).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        status, text = json.load(answer)
    os.waitpid(child, 0)
    return status, text


def _answered(
    path: Path, method: str, target: str, body: object, headers: Mapping[str, str]
) -> tuple[int, str]:
    connection = http.client.HTTPConnection("gsjx")
    connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.sock.connect(str(path))
    said = {"Gsjx-Protocol": str(PROTOCOL), "Gsjx-Session": "s", **headers}
    connection.request(method, target, None if body is None else json.dumps(body), said)
    response = connection.getresponse()
    return response.status, response.read(10_000).decode("utf-8", "replace")


LIES = {
    "Authorization": "Basic bWFuOg==",
    "From": "man",
    "Gsjx-Person": "man",
    "Gsjx-User": "man",
    "Gsjx-Role": "admin",
    "Remote-User": "man",
    "X-Remote-User": "man",
    "X-Forwarded-User": "man",
    "Cookie": "login=man; role=admin",
}


def test_a_request_that_says_who_it_is_is_who_the_kernel_says(service: Serving) -> None:
    status, text = answered("daemon", service.home / SOCKET, "GET", "/hello?login=man", **LIES)

    assert status == 200
    assert json.loads(text)["person"][:3] == ["daemon", "", "viewer"]


@pytest.mark.parametrize(
    ("login", "act", "said"),
    [
        ("daemon", "staff.set_staff", {"login": "daemon", "role": "admin"}),
        ("daemon", "confirm.confirm", {"month": "2013-06", "codes": ["A3"]}),
        ("lp", "sheet.sheet", {"code": "A2", "month": "2013-06"}),
        ("news", "rank.campaign", {}),
    ],
)
def test_a_lie_about_who_asks_changes_nothing(
    service: Serving, login: str, act: str, said: dict[str, object]
) -> None:
    before = tables(service)
    path = service.home / SOCKET
    lying = {"who": "man", "login": "man", "person": ["man", "", "admin", ""], "role": "admin"}

    _, text = answered(login, path, "POST", f"/act/{act}?login=man", said, **LIES)
    assert json.loads(text)["error"]["type"] == "NotPermitted"
    for name, lie in lying.items():
        if name not in said:
            status, text = answered(login, path, "POST", f"/act/{act}", {**said, name: lie})
            assert status == 400 and "什么也没有做" in text
    assert tables(service) == before


def test_the_key_of_another_gets_no_answer_of_theirs(service: Serving) -> None:
    """An answer that is kept for a request that is asked again is kept for who asked."""
    path = service.home / SOCKET
    change = {"login": "uucp", "role": "clerk", "name": "某某"}
    keyed = {"Gsjx-Request": "k1"}
    status, text = answered("man", path, "POST", "/act/staff.set_staff", change, **keyed)
    assert status == 200, text

    again = {**keyed, "Gsjx-Repeated": "1"}
    status, text = answered("daemon", path, "POST", "/act/staff.set_staff", change, **again)

    assert (status, json.loads(text)["error"]["type"]) == (422, "NotPermitted")


@pytest.mark.parametrize("target", ["/hello", "/ledger", "/news"])
def test_a_stranger_gets_nothing(service: Serving, target: str) -> None:
    status, text = answered("news", service.home / SOCKET, "GET", target)

    assert (status, json.loads(text)["error"]["type"]) == (422, "NotPermitted")


def test_a_stranger_is_told_what_to_do(service: Serving) -> None:
    code, out, err = ran_as("news", service.home, "rank")

    assert (code, out) == (1, "")
    assert err == "news：不在人员名单上，不能使用；请管理员用 gsjx staff add news 加入。\n"


def test_a_reporter_gets_no_copy_of_the_ledger(service: Serving) -> None:
    status, text = answered("lp", service.home / SOCKET, "GET", "/ledger")

    assert (status, json.loads(text)["error"]["type"]) == (422, "NotPermitted")


def test_who_is_not_in_the_group_does_not_reach_it(service: Serving) -> None:
    code, out, err = ran_as("man", service.home, "rank", groups=[])

    assert (code, out) == (1, "")
    assert "没有权限使用服务" in err and "用户组" in err


def test_staff_can_not_read_the_ledger_file(service: Serving) -> None:
    user = pwd.getpwnam("man")
    ended = subprocess.run(
        ["cat", service.home / "ledger.duckdb"],
        user=user.pw_uid, group=user.pw_gid, extra_groups=[GROUP], capture_output=True, check=False,
    )  # fmt: skip

    assert ended.returncode != 0 and ended.stdout == b""


# news ------------------------------------------------------------------------------------------


def test_a_reporter_hears_nothing_of_others_and_is_at_no_other_unit(service: Serving) -> None:
    path = service.home / SOCKET
    status, text = answered("lp", path, "POST", "/present", {"unit": "A2", "month": "2013-06"})
    assert (status, json.loads(text)["error"]["type"]) == (422, "NotPermitted")

    with listening("lp", path) as reporter, listening("daemon", path) as viewer:
        answered("lp", path, "POST", "/present", {"unit": OWN, "month": "2013-06"})
        answered("man", path, "POST", "/act/record.record", {"observations": [_SEEN]})
        answered("man", path, "POST", "/act/staff.set_staff", {"login": "irc", "role": "viewer"})

        assert "record.record" in viewer(until="staff.set_staff")
        assert reporter() == ""


_SEEN = {
    "unit": "A2", "month": "2013-06", "item": "study.b1.body", "field": "points",
    "kind": "claim", "value": "7", "note": "",
}  # fmt: skip


def test_who_is_taken_off_the_list_hears_no_more(service: Serving) -> None:
    path = service.home / SOCKET
    on_list, off_list = ({"login": "games", "role": "lead"}, {"login": "games"})
    answered("man", path, "POST", "/act/staff.set_staff", on_list)
    with listening("games", path) as heard:
        answered("man", path, "POST", "/act/staff.remove_staff", off_list)
        answered("man", path, "POST", "/act/record.record", {"observations": [_SEEN]})

        assert "record.record" not in heard(until="")
    answered("man", path, "POST", "/act/staff.set_staff", on_list)


@contextmanager
def listening(login: str, path: Path) -> Iterator[Callable[..., str]]:
    """A process of a user that listens to the news: gives what it has heard so far.

    ``until`` waits for a word; the empty one: until the service ends the news.
    """
    user = pwd.getpwnam(login)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([GROUP])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            _listen(path, writer)
        finally:
            os._exit(0)
    os.close(writer)
    heard = b""

    def so_far(until: str | None = None) -> str:
        nonlocal heard
        while select([reader], [], [], 0.3 if until is None else SLOW)[0]:
            piece = os.read(reader, 65536)
            heard += piece
            if not piece or (until and until.encode() in heard):
                break
        else:
            assert until is None, f"never heard of {until}"
        return heard.decode()

    assert os.read(reader, 1) == b"*"
    try:
        yield so_far
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reader)


def _listen(path: Path, writer: int) -> None:
    """Writes a star once it is listened to, then all that is heard."""
    connection = http.client.HTTPConnection("gsjx")
    connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.sock.connect(str(path))
    said = {"Gsjx-Protocol": str(PROTOCOL), "Gsjx-Session": str(os.getpid())}
    connection.request("GET", "/news", headers=said)
    response = connection.getresponse()
    os.write(writer, b"*")
    while line := response.readline():
        os.write(writer, line)


# roster and settings ---------------------------------------------------------------------------


def test_changed_files_wait_for_the_service_to_be_started_again() -> None:
    with reachable() as folder:
        with an_office(folder, a_unit("A1")) as office:
            set_staff(office, "man", "admin")
            set_staff(office, "bin", "clerk")
            home = office.home
        with serving(home, "--group", "users") as service, calling("bin", home) as made:
            assert made(["record a claim"]) == {"record a claim": "done"}

            (home / "units.csv").write_text(a_roster(a_unit("A1"), a_unit("A2")), "utf-8")

            # Who is at work goes on as before; who comes is told to wait for the administrator.
            assert made(["record a claim", "record a claim of other"]) == {
                "record a claim": "done",
                "record a claim of other": "stopped",
            }
            code, out, err = ran_as("bin", home, "rank")
            assert (code, out) == (1, "")
            assert "在服务启动之后改过；请管理员重启服务（systemctl restart gsjx）后再用" in err
            assert units_known(service) == 1

            assert service.stop() == 0
            service.start_again()

            # Who was at work has the roster of before, and is told so; who comes has the new one.
            assert made(["record a claim"]) == {"record a claim": "stopped"}
            assert units_known(service) == 2
            assert ran_as("bin", home, "rank")[0] == 0


def units_known(service: Serving) -> int:
    """How many units the ledger knows."""
    status, text = answered("man", service.home / SOCKET, "POST", "/act/names_index.named", {})
    assert status == 200
    return sum(named["kind"] == "unit" for named in json.loads(text)["answer"])


# four eyes -------------------------------------------------------------------------------------


def test_who_verified_does_not_confirm_and_another_lead_does() -> None:
    with reachable() as folder:
        with an_office(folder, campaign=a_campaign(four_eyes=True)) as office:
            for login, role in (("man", "admin"), ("bin", "lead"), ("sys", "lead")):
                set_staff(office, login, role)
            home = office.home
        verified = folder / "复核.csv"
        verified.write_text("unit,month,item,field,value\nA1,2013-06,study.b1.body,points,8\n")
        with serving(home, "--group", "users"):
            assert ran_as("bin", home, "import", verified, "--kind", "verify")[0] == 0

            code, out, err = ran_as("bin", home, "confirm", "2013-06")
            assert (code, out) == (1, "")
            assert err == (
                "A1 A1局：2013-06 有 bin 本人做的复核，按设定不能由同一人核定；"
                "请另一位负责人核定。\n"
            )
            code, _, err = ran_as("sys", home, "confirm", "2013-06")
            assert (code, err) == (0, "")
