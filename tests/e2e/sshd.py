"""A real OpenSSH server on loopback, and people who log in to it with the real client."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from terminal import PATIENCE, Terminal, gsjx

_CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile {folder}/pid
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
AcceptEnv LANG LC_ALL
"""


@dataclass(frozen=True)
class Server:
    """A server and the home that people open on it."""

    port: int
    folder: Path
    home: Path

    def login(self, term: str = "xterm-256color", **environment: str) -> Terminal:
        """Somebody who logs in from a kind of terminal, with variables sent along."""
        wanted = {name: environment.pop(name) for name in ("LANG", "LC_ALL") & environment.keys()}
        if "PYTHONPATH" in os.environ:
            environment["PYTHONPATH"] = os.environ["PYTHONPATH"]
        variables = [f"{name}={value}" for name, value in environment.items()]
        sent = " ".join(f"{name}={value}" for name, value in wanted.items())
        options = [
            "StrictHostKeyChecking=no",
            "UserKnownHostsFile=/dev/null",
            "IdentitiesOnly=yes",
            "LogLevel=ERROR",
            *([f"SetEnv={sent}"] if sent else []),
        ]
        command = ["ssh", "-F", "none", "-tt", "-i", str(self.folder / "user")]
        command += [part for option in options for part in ("-o", option)]
        command += ["-p", str(self.port), f"{pwd.getpwuid(os.getuid()).pw_name}@127.0.0.1"]
        command += [f"exec {shlex.join(['env', *variables, *gsjx(self.home)])}"]
        return Terminal(command, TERM=term)

    def program(self) -> int | None:
        """The process of the application on the server, if it runs."""
        for folder in Path("/proc").iterdir():
            if folder.name.isdecimal():
                try:
                    words = (folder / "cmdline").read_bytes().split(b"\0")
                except OSError:
                    continue  # ended meanwhile
                if b"python" in words[0] and str(self.home).encode() in words:
                    return int(folder.name)
        return None

    def gone_after(self) -> float:
        """Seconds until the application has ended on the server."""
        start = time.monotonic()
        while self.program() is not None:
            assert time.monotonic() - start < PATIENCE, "the application runs on"
            time.sleep(0.01)
        return time.monotonic() - start


def serving(folder: Path, home: Path) -> Iterator[Server]:
    """Starts a server with keys of its own in a folder, and ends it."""
    sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    if sshd is None or shutil.which("ssh") is None:
        pytest.fail("no OpenSSH here: apt-get install openssh-server openssh-client")
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where sshd parts with its privileges
    for key in ("host", "user"):
        make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / key)]
        subprocess.run(make, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "config").write_text(_CONFIG.format(port=port, folder=folder))
    log = folder / "log"
    server = subprocess.Popen([sshd, "-D", "-f", str(folder / "config"), "-E", str(log)])
    try:
        end = time.monotonic() + PATIENCE
        while "listening" not in (log.read_text() if log.exists() else ""):
            assert server.poll() is None and time.monotonic() < end, log.read_text()
            time.sleep(0.02)
        found = Server(port, folder, home)
        yield found
        program = found.program()
        if program is not None:
            os.kill(program, signal.SIGKILL)
    finally:
        server.terminate()
        server.wait()
