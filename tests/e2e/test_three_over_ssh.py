"""The deployment: a service user, staff without rights on the ledger, three people over SSH.

Runs as root, with users made for it where they are missing. The shipped units, the fragment for
sshd and ``gsjx-admin`` are put to work with places of a test; ``deploy/try_manual.py`` does the
same on a bare Debian, under systemd itself.
"""

from __future__ import annotations

import grp
import os
import pwd
import re
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from installed import DEPLOY, HOME, INSTALLED, Manager, install, shipped
from three_people import Door, three_people_at_once, turned_away

from builders import PROJECT
from gsjx_tui.arguments import build
from gsjx_tui.cli import KINDS, app
from gsjx_tui.domain import Month
from gsjx_tui.office.home import Office, open_office
from gsjx_tui.office.sheet import sheet
from gsjx_tui.office.verify import verify
from serving import until

SERVICE, STAFF = "gsjx", "kaohe"
CLERK, REVIEWER, LEAD = PEOPLE = ("gsjx-luru", "gsjx-fuhe", "gsjx-fuze")
UNLISTED, OUTSIDER = "gsjx-waibu", "gsjx-bujia"
MANUAL = (PROJECT / "docs" / "deploy.md").read_text("utf-8")

_SSHD = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {keys}/%u.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
Include {folder}/gsjx.conf
"""


@dataclass(frozen=True)
class Deployed:
    """A home behind a service, a door to it, and what administrators use."""

    home: Path
    command: Path
    admin: Path
    door: Door
    manager: Manager

    def administer(self, *words: str) -> str:
        """What ``gsjx-admin`` prints."""
        return _run(str(self.admin), *words)

    def restart(self) -> None:
        """What ``systemctl restart`` does."""
        assert self.manager.stop() == 0
        self.manager.start()

    def crash(self) -> None:
        """kill -9, and what Restart=always does about it."""
        self.manager.stop(signal.SIGKILL)
        self.manager.start()


@pytest.fixture
def accounts() -> Iterator[None]:
    """The service's user and the staff, made if missing and taken away again."""
    assert os.getuid() == 0, "makes users, so it must be run by root"
    made: list[list[str]] = []
    if not _known(grp.getgrnam, STAFF):
        _run("groupadd", STAFF)
        made.append(["groupdel", STAFF])
    user = ["useradd", "--password", "*"]
    if not _known(pwd.getpwnam, SERVICE):
        _run(*user, "--system", "--user-group", "--shell", "/usr/sbin/nologin", SERVICE)
        made.append(["userdel", SERVICE])
    for login in (*PEOPLE, UNLISTED, OUTSIDER):
        if not _known(pwd.getpwnam, login):
            groups = [] if login == OUTSIDER else ["--groups", STAFF]
            _run(*user, "--create-home", *groups, "--shell", "/bin/bash", login)
            made.append(["userdel", "--remove", login])
    yield
    for command in reversed(made):
        # The last of a session may still be ending; nobody can be taken away meanwhile.
        until(lambda command=command: subprocess.run(command, capture_output=True).returncode == 0)


@pytest.fixture
def deployed(accounts: None) -> Iterator[Deployed]:
    """All of the manual that is not systemd's."""
    folder = Path(tempfile.mkdtemp(prefix="gsjx-deployed-"))
    folder.chmod(0o755)
    home, keys = folder / "home", folder / "keys"
    command = install(folder)
    admin = folder / "gsjx-admin"
    admin.write_text(shipped("gsjx-admin", command, home))
    admin.chmod(0o755)
    _run("install", "-d", "-o", SERVICE, "-g", STAFF, "-m", "750", str(home))
    for name in ("campaign.toml", "units.csv"):
        source, rights = str(PROJECT / "data" / name), ["-o", SERVICE, "-g", STAFF, "-m", "640"]
        _run("install", *rights, source, str(home))
    _run(str(admin), "init")
    keys.mkdir()
    for login in (*PEOPLE, UNLISTED, OUTSIDER):
        _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(keys / login))
    manager = Manager(command, home)
    try:
        manager.start()
        with _sshd(folder, keys, command, home) as door:
            found = Deployed(home, command, admin, door, manager)
            # The first on the list must be an administrator.
            found.administer("staff", "add", "root", "--role", "admin")
            for login, role in zip(PEOPLE, ("clerk", "reviewer", "lead"), strict=True):
                found.administer("staff", "add", login, "--role", role)
            yield found
    finally:
        manager.close()
        shutil.rmtree(folder)


class _sshd:  # noqa: N801 a context manager
    """A server with the shipped fragment."""

    def __init__(self, folder: Path, keys: Path, command: Path, home: Path) -> None:
        Path("/run/sshd").mkdir(exist_ok=True)
        _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "host"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._door = Door(free.getsockname()[1], keys)
        (folder / "gsjx.conf").write_text(shipped("sshd_config.d/gsjx.conf", command, home))
        config = folder / "sshd_config"
        config.write_text(_SSHD.format(port=self._door.port, folder=folder, keys=keys))
        self._command = ["/usr/sbin/sshd", "-D", "-f", str(config)]

    def __enter__(self) -> Door:
        _run(*self._command, "-t")
        self._server = subprocess.Popen([*self._command, "-E", "/dev/null"])
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self._door.port), 1).close()
                return self._door
            except ConnectionRefusedError:
                time.sleep(0.05)
        raise AssertionError("sshd doesn't listen")

    def __exit__(self, *exception: object) -> None:
        self._server.terminate()
        self._server.wait()


@pytest.mark.slow
def test_three_people_enter_at_once_while_the_service_restarts_and_dies(
    deployed: Deployed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    three_people_at_once(deployed.door, PEOPLE, deployed.restart, deployed.crash)

    monkeypatch.setenv("HOME", str(tmp_path))
    assert deployed.manager.stop() == 0
    with open_office(deployed.home) as office:
        assert_all_is_there(office)


def assert_all_is_there(office: Office) -> None:
    """What each of the three did, under their own names, and the ledger proves right."""
    found = sheet(office, "E01", Month(2013, 6))
    written = {
        (kind, item): (str(value), found.written[kind, (item, month, name)].by)
        for kind, cells in found.cells.items()
        for (item, month, name), value in cells.items()
    }
    assert written == {
        ("claim", "study.b1.body"): ("8.00", CLERK),
        ("claim", "study.b2.plan"): ("7.00", CLERK),
        ("claim", "study.b2.minutes"): ("4.00", CLERK),
        ("verify", "study.b1.body"): ("6.00", REVIEWER),
        ("verify", "study.b2.plan"): ("5.00", REVIEWER),
    }
    assert found.confirmed is not None and found.confirmed.by == LEAD
    assert verify(office).months == 1


@pytest.mark.slow
def test_staff_have_the_socket_and_no_rights_on_the_ledger(deployed: Deployed) -> None:
    place = (deployed.home / "gsjx.sock").stat()
    assert stat.S_ISSOCK(place.st_mode) and stat.S_IMODE(place.st_mode) == 0o660
    assert grp.getgrgid(place.st_gid).gr_name == STAFF
    for ledger in deployed.home.glob("ledger.duckdb*"):
        assert pwd.getpwuid(ledger.stat().st_uid).pw_name == SERVICE
        for login in PEOPLE:
            assert not _may(login, "cat", ledger) and not _may(login, "truncate", "-s0", ledger)
            assert not _may(login, "rm", "-f", ledger) and not _may(login, "touch", ledger)
    for login in PEOPLE:
        assert _may(login, "cat", deployed.home / "campaign.toml")
        assert not _may(login, "touch", deployed.home / "campaign.toml")
    assert not _may(OUTSIDER, "ls", deployed.home)


@pytest.mark.slow
def test_who_may_not_reads_why(deployed: Deployed) -> None:
    door, gsjx = deployed.door, f"{deployed.command} --home {deployed.home}"

    assert "gsjxstaff" in turned_away(door, UNLISTED, "不在人员名单上")
    # Outside the group an ordinary shell is reached, and from there nothing.
    for words in (gsjx, f"{gsjx} rank"):
        assert "服务的用户组" in turned_away(door, OUTSIDER, "没有权限进入活动文件夹", words)
    deployed.manager.close()
    (deployed.home / "gsjx.sock").unlink()
    assert "systemctlstart" in turned_away(door, CLERK, "服务没有运行")


# the shipped files and the manual ---------------------------------------------------------------


@pytest.mark.parametrize("name", ["gsjx.service", "gsjx.socket"])
def test_the_units_are_well_formed(name: str, tmp_path: Path) -> None:
    program = tmp_path / "gsjx"
    program.touch(0o755)
    for unit in ("gsjx.service", "gsjx.socket"):
        (tmp_path / unit).write_text((DEPLOY / unit).read_text().replace(INSTALLED, str(program)))

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / name)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")


def test_the_service_is_as_confined_as_it_was() -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=10"]
    done = subprocess.run(
        [*command, str(DEPLOY / "gsjx.service")], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


def test_the_manual_gives_commands_that_there_are() -> None:
    parser = build(app, KINDS)
    commands = re.findall(r"gsjx-admin ([a-z]+\b[^`\n，；|）]*)", MANUAL)
    given = [words for words in map(shlex.split, commands) if "…" not in words]
    assert {"init", "staff", "backup", "restore", "verify"} <= {words[0] for words in given}
    for words in given:
        parser.parse_args(words)


def test_the_manual_names_each_shipped_file_and_place() -> None:
    for path in DEPLOY.rglob("*"):
        if path.is_file() and path.suffix != ".pyc":
            assert path.name in MANUAL, path
    for place in (INSTALLED, HOME):
        assert place in MANUAL


def _known(find: object, name: str) -> bool:
    assert callable(find)
    try:
        find(name)
    except KeyError:
        return False
    return True


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def _may(login: str, *words: object) -> bool:
    """Whether a user's command comes about."""
    done = subprocess.run(
        ["runuser", "-u", login, "--", *map(str, words)],
        stdin=subprocess.DEVNULL, capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode == 0
