"""A program in a pseudo-terminal of 80×24: keys in, and when which output came."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gsjx_tui.tui import SETTINGS

_SIZE = struct.pack("HHHH", 24, 80, 0, 0)
_ENVIRONMENT = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "PYTHONUTF8": "1"}
_PATIENCE = 30.0


@dataclass(frozen=True)
class Answer:
    """What followed a key: seconds to the first and to the last output, and how much it was."""

    first: float
    settled: float
    bytes: int


@dataclass(frozen=True)
class Memory:
    """Bytes: the most there were, those in use now, and what of these is no program file.

    Sessions on one machine share the program files.
    """

    peak: int
    now: int
    own: int


class Terminal:
    """A program running; ``started`` is the instant before it was spawned."""

    def __init__(self, command: Sequence[str]) -> None:
        self.started = time.perf_counter()
        self._output = b""
        self._process, self._file = pty.fork()
        if self._process == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, _SIZE)
            os.execvpe(command[0], [*command], os.environ | _ENVIRONMENT | SETTINGS)

    def expect(self, *texts: str) -> float:
        """The instant at which all the texts had been written. Raises TimeoutError.

        Text of one style is written in one piece, so no screen needs to be interpreted.
        """
        wanted = [text.encode() for text in texts]
        until = time.perf_counter() + _PATIENCE
        while not all(text in self._output for text in wanted):
            if self._read(until - time.perf_counter()) is None:
                shown = self._output[-400:].decode(errors="replace")
                raise TimeoutError(f"{'、'.join(texts)} 没有出现：{shown!r}")
        return time.perf_counter()

    def press(self, keys: str, quiet: float = 0.08, patience: float | None = None) -> Answer | None:
        """Writes keys and waits until the output has been quiet for so many seconds.

        None if there was none within ``patience``, ten times as long unless told.
        """
        self._output = b""
        sent = time.perf_counter()
        os.write(self._file, keys.encode())
        first = last = 0.0
        wait = 10 * quiet if patience is None else patience
        while self._read(wait) is not None:
            last = time.perf_counter() - sent
            first = first or last
            wait = quiet
        return Answer(first, last, len(self._output)) if first else None

    def memory(self) -> Memory:
        """What the program has of memory, as Linux counts it."""
        status = Path(f"/proc/{self._process}/status").read_text("utf-8")
        peak, now, own = (
            int(status.split(f"{name}:")[1].split()[0]) * 1024
            for name in ("VmHWM", "VmRSS", "RssAnon")
        )
        return Memory(peak, now, own)

    def close(self) -> None:
        """Ends the program: in order if it can, else at once."""
        for number, patience in ((signal.SIGTERM, 2.0), (signal.SIGKILL, _PATIENCE)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process, number)
            until = time.perf_counter() + patience
            while time.perf_counter() < until:
                self._read(0.01)
                if os.waitpid(self._process, os.WNOHANG)[0]:
                    os.close(self._file)
                    return

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _read(self, wait: float) -> bytes | None:
        if not select.select([self._file], [], [], max(0.0, wait))[0]:
            return None
        try:
            output = os.read(self._file, 1 << 16)
        except OSError:  # how Linux says that the program has ended
            return None
        self._output += output
        return output or None
