"""A program in a pseudo-terminal of 80×24, read through a terminal emulator."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyte

PATIENCE = 20.0


class Terminal:
    """A program running; what it wrote is kept in ``output``."""

    def __init__(self, command: Sequence[str], **environment: str) -> None:
        self.output = b""
        self.answers: Mapping[bytes, bytes] = {}
        """What the terminal answers to which query."""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            given = {"TERM": "xterm-256color"} | environment
            os.execvpe(command[0], [*command], os.environ | given)
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)

    @property
    def text(self) -> str:
        """What is on the screen. Not the emulator's ``display``: that fails on half a character."""
        rows = (self._screen.buffer[row] for row in range(24))
        return "\n".join("".join(row[column].data for column in range(80)) for row in rows)

    def wait_for(self, text: str) -> None:
        """Reads until a text is on the screen."""
        end = time.monotonic() + PATIENCE
        while text not in self.text:
            assert time.monotonic() < end, f"{text} never came:\n{self.text}"
            self.read()

    def read(self, seconds: float = 0.05) -> None:
        """Reads what has come."""
        if select.select([self.fd], [], [], seconds)[0]:
            with contextlib.suppress(OSError):
                came = os.read(self.fd, 65536)
                self.output += came
                self._stream.feed(came)
                for query, answer in self.answers.items():
                    if query in came:
                        os.write(self.fd, answer)

    def type(self, keys: str | bytes, until: str) -> None:
        """Types keys and waits for what they do."""
        os.write(self.fd, keys if isinstance(keys, bytes) else keys.encode())
        self.wait_for(until)

    def end(self) -> int:
        """Waits for the end of the process; its exit status."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            with contextlib.suppress(OSError, ValueError):
                self.read(0.01)
        raise AssertionError("the process doesn't end")


def gsjx(home: Path) -> list[str]:
    """The command that opens the application on a home."""
    return [sys.executable, "-m", "gsjx_tui.cli", "--home", str(home)]
