"""The line to the service: HTTP over its Unix socket that notices when nobody is at the other end.

A service that was killed ends its connections; one that hangs (stopped, out of memory, a disk that
doesn't answer) keeps them and says nothing. An act may take minutes, so silence alone means
nothing: whoever has waited for a while asks on another connection whether anybody is there.
"""

from __future__ import annotations

import http.client
import select
import socket
import threading
import time
from pathlib import Path
from typing import Any

SILENCE = 5.0
"""Seconds without a word after which it is asked whether anybody is there, and again after as
many more."""

ANSWER = 2.0
"""Seconds that the service has for saying that it is there: it does so whatever it works at."""

SHORTLY = 0.4
"""The same for somebody who is leaving."""

_SENDING = 30.0
"""Seconds in which a request must have been taken."""

_LOOK = 0.1
"""Seconds between two looks at whether the caller is leaving."""

Lost = (OSError, http.client.HTTPException)
"""What a connection that can't go on raises."""


class Silent(TimeoutError):
    """There is a service that doesn't answer."""


class Line:
    """How a service is reached, and whether it answers. ``leave`` may come from any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._leaving = threading.Event()

    def leave(self, leaving: bool) -> None:
        """Whether, from now on, nobody waits for a service that doesn't answer."""
        if leaving:
            self._leaving.set()
        else:
            self._leaving.clear()

    @property
    def leaving(self) -> bool:
        """Whether whoever uses it wants to go."""
        return self._leaving.is_set()

    def pause(self, seconds: float) -> None:
        """Waits, but not for somebody who is leaving."""
        self._leaving.wait(seconds)

    def connect(self) -> Connection:
        """A connection for asking."""
        return Connection(self, SILENCE, _LOOK)

    def listen(self, silence: float) -> Connection:
        """A connection for listening in a thread that nobody waits for: as a rule there is no word
        for longer than ``silence`` seconds.
        """
        return Connection(self, silence, silence)

    def answers(self, seconds: float) -> bool:
        """Whether the service says within so many seconds that it is there."""
        connection = _Plain(self.path, seconds)
        try:
            connection.request("GET", "/there")
            connection.getresponse().read()
        except Lost:
            return False
        finally:
            connection.close()
        return True

    def answers_until(self, instant: float) -> bool:
        """Whether it is there before an instant (``time.monotonic``); asks for as long."""
        while not self.leaving:
            left = instant - time.monotonic()
            if left <= 0:
                return False
            if self.answers(min(left, ANSWER)):
                return True
            self.pause(min(left, _LOOK))  # it may have gone altogether: that is answered at once
        return False


class _Plain(http.client.HTTPConnection):
    """HTTP over a Unix socket, each step of it within a time."""

    def __init__(self, path: Path, seconds: float) -> None:
        super().__init__("gsjx")
        self._path, self._seconds = path, seconds

    def connect(self) -> None:
        """Connects to the socket."""
        self.sock = self.made()
        self.sock.settimeout(self._seconds)
        self.sock.connect(str(self._path))

    def made(self) -> socket.socket:
        """The socket, not connected yet."""
        return socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)


class Connection(_Plain):
    """A connection that waits for as long as there is a service; Silent if it hangs."""

    def __init__(self, line: Line, silence: float, look: float) -> None:
        super().__init__(line.path, _SENDING)
        self._line, self._silence, self._look = line, silence, look

    def made(self) -> socket.socket:
        """A socket that is watched over."""
        return _Watched(self._line, self._silence, self._look)


class _Watched(socket.socket):
    """Before it reads it waits until there is something to read, or nobody to write it."""

    def __init__(self, line: Line, silence: float, look: float) -> None:
        super().__init__(socket.AF_UNIX, socket.SOCK_STREAM)
        self._line, self._silence, self._look = line, silence, look

    def recv_into(self, *arguments: Any, **options: Any) -> int:
        """Reads what has come. Raises Silent."""
        self._wait()
        return super().recv_into(*arguments, **options)

    def _wait(self) -> None:
        asked = time.monotonic()
        while not select.select([self], [], [], self._look)[0]:
            leaving = self._line.leaving
            if time.monotonic() - asked < (SHORTLY if leaving else self._silence):
                continue
            if not self._line.answers(SHORTLY if leaving else ANSWER):
                raise Silent(f"no answer from {self._line.path}")
            asked = time.monotonic()
