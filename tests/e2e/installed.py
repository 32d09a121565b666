"""The program installed for everybody, and the shipped files put to work without systemd.

The tests' own Python may lie where other users can't go. A copy of links costs a second.
"""

from __future__ import annotations

import configparser
import grp
import os
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
from pathlib import Path

from builders import PROJECT

DEPLOY = PROJECT / "deploy"
INSTALLED, HOME = "/usr/local/bin/gsjx", "/srv/gsjx"
"""Where the shipped files say that the program and the home are."""

_LAUNCH = """\
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ["LISTEN_PID"] = str(os.getpid())
os.execvp(sys.argv[2], sys.argv[2:])
"""


def install(folder: Path) -> Path:
    """A command ``gsjx`` in a folder that every user can run."""
    python, libraries = folder / "python", folder / "site"
    stdlib = Path(sysconfig.get_path("stdlib"))
    for shared in stdlib.parent.glob("libpython*"):
        (python / "lib").mkdir(parents=True, exist_ok=True)
        _link(str(shared), str(python / "lib" / shared.name))
    _tree(stdlib, python / "lib" / stdlib.name, "test", "site-packages", "idlelib")
    (python / "bin").mkdir()
    shutil.copy(Path(sys.executable).resolve(), python / "bin" / stdlib.name)
    _tree(Path(sysconfig.get_path("purelib")), libraries)
    _tree(PROJECT / "src", folder / "src")
    _tree(PROJECT / "data", folder / "data")
    command = folder / "gsjx"
    command.write_text(
        "#!/bin/sh\n"
        f"export LD_LIBRARY_PATH={python}/lib PYTHONPATH={folder}/src:{libraries}\n"
        f'exec {python}/bin/{stdlib.name} -B -m gsjx_tui.cli "$@"\n'
    )
    command.chmod(0o755)
    return command


def _tree(source: Path, target: Path, *left_out: str) -> None:
    ignored = shutil.ignore_patterns(*left_out)
    shutil.copytree(source, target, symlinks=True, ignore=ignored, copy_function=_link)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def shipped(name: str, command: Path, home: Path) -> str:
    """The text of a shipped file, with the places of a test instead of the server's."""
    text = (DEPLOY / name).read_text("utf-8")
    assert INSTALLED in text or HOME in text, name
    return text.replace(INSTALLED, str(command)).replace(HOME, str(home))


def unit(name: str, command: Path, home: Path) -> dict[str, dict[str, str]]:
    """The sections of a shipped unit. Of a setting that is repeated the last counts."""
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # names keep their case
    parser.read_string(shipped(name, command, home))
    return {section: dict(parser[section]) for section in parser.sections()}


class Manager:
    """Does with the shipped units what systemd does: keeps the socket, starts the service.

    User, group, rights, umask, folder and command are those of the units; the restrictions are
    not put in force here.
    """

    def __init__(self, command: Path, home: Path) -> None:
        self._service = unit("gsjx.service", command, home)["Service"]
        place = unit("gsjx.socket", command, home)["Socket"]
        path = place["ListenStream"]
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(path)
        owner = pwd.getpwnam(place["SocketUser"]).pw_uid
        os.chown(path, owner, grp.getgrnam(place["SocketGroup"]).gr_gid)
        Path(path).chmod(int(place["SocketMode"], 8))
        self._listening.listen(int(place["Backlog"]))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the service on the socket that is there already."""
        service, fd = self._service, self._listening.fileno()
        launch = [sys.executable, "-c", _LAUNCH, str(fd), *shlex.split(service["ExecStart"])]
        # The launcher runs as root, where Python is; setpriv takes the user's part for good.
        become = ["setpriv", f"--reuid={service['User']}", f"--regid={service['Group']}"]
        become += ["--clear-groups", "--no-new-privs", "--bounding-set=-all"]
        self._process = subprocess.Popen(
            [*launch[:4], *become, *launch[4:]],
            pass_fds=(fd,),
            cwd=service["WorkingDirectory"],
            umask=int(service["UMask"], 8),
            env={"PATH": "/usr/bin:/bin", "LISTEN_FDS": "1"},
        )

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ends the service; the socket stays. Its exit status."""
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(60)

    def close(self) -> None:
        """Ends the service if it runs, then the socket."""
        if self._process is not None and self._process.poll() is None:
            self.stop(signal.SIGKILL)
        self._listening.close()
