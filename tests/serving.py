"""A real service in a process of its own, for tests that work through it."""

from __future__ import annotations

import contextlib
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from gsjx_tui.office.home import Office
from gsjx_tui.seats.opening import open_office
from gsjx_tui.seats.whereabouts import SOCKET, service_at

SLOW = 30
"""Seconds that a service may take to begin or to end on a busy machine."""


class Serving:
    """A service under way at a home; ``office`` is a seat in it."""

    def __init__(self, home: Path, *options: str, stderr: IO[bytes] | None = None) -> None:
        self.home, self._options, self._stderr = home, options, stderr
        self.process = self._started()

    def office(self) -> Office:
        """A new seat, of the user who runs the tests."""
        return open_office(self.home)

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait(SLOW)

    def stop(self) -> int:
        """Ends it in order; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SLOW)

    def start_again(self) -> None:
        """Starts it anew after it has ended."""
        self.process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "gsjx_tui.cli", "serve", "--home", str(self.home)]
        process = subprocess.Popen(
            [*command, *self._options], stdout=subprocess.PIPE, stderr=self._stderr
        )
        assert process.stdout is not None
        said = process.stdout.readline().decode()
        assert str(self.home / SOCKET) in said, said
        assert service_at(self.home) is not None
        return process


@contextlib.contextmanager
def serving(home: Path, *options: str) -> Iterator[Serving]:
    """A service at a home, ended afterwards."""
    service = Serving(home, *options)
    try:
        yield service
    finally:
        if service.process.poll() is None:
            service.process.terminate()
            service.process.wait(SLOW)


def ran_as(login: str, home: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """A gsjx command run as another user of this machine (the tests run as root)."""
    user = pwd.getpwnam(login)
    environment = {**os.environ, "HOME": user.pw_dir, "GSJX_HOME": str(home)}
    command: Sequence[str] = [sys.executable, "-m", "gsjx_tui.cli", *map(str, words)]
    return subprocess.run(
        command,
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        timeout=60,
        check=False,
    )


def until(done: object, seconds: float = SLOW) -> None:
    """Waits until a condition (a function) holds."""
    assert callable(done)
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)
