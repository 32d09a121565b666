"""A seat: the client's end of the socket. Carries acts to the service and brings answers back."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gsjx_tui.errors import GsjxError, LedgerTrouble, reason_of
from gsjx_tui.ledger.tables import FIRST
from gsjx_tui.office.acts import PROGRESS, Act, Arguments
from gsjx_tui.office.people import Person
from gsjx_tui.seats.line import Connection, Line, Lost, Silent
from gsjx_tui.seats.wire import PROTOCOL, Malformed, Wire, dumps, loads

if TYPE_CHECKING:
    from gsjx_tui.office.campaigns import Listed
    from gsjx_tui.rubric.model import Rubric

PATIENCE = 30.0
"""Seconds that a seat tries to reach a service that has gone before it gives up."""

MOST_PATIENCE = 120.0
"""Seconds before it gives up a request that is cut off again and again."""

_FIRST_WAIT, _LONGEST_WAIT = 0.02, 0.2

_NEWS_SILENCE = 30.0
"""Seconds without news after which it is asked whether the service is there: as a rule there are
none for long, and a hundred sessions ask."""


class Seat:
    """A place in the office of a running service (``acts.Carrier``). One thread at a time.

    ``campaign``: the schema of the campaign that is worked in.
    """

    def __init__(self, path: Path, rubric: Callable[[], Rubric], campaign: str = FIRST) -> None:
        self.path = path
        self._campaign = campaign
        self.session = uuid.uuid4().hex
        self.on_line: Callable[[bool], None] = lambda reached: None
        """Hears when the service can't be reached any more, and when it can again."""
        self._line = Line(path)
        self._rubric = rubric
        self._known_wire: Wire | None = None
        self._connection: Connection | None = None
        self._lock = threading.Lock()
        self._person: Person | None = None
        self._reached = True
        self._kept_open = self._met = False
        self.files = ""
        """SHA-256 of the campaign's files as the service read them."""

    @property
    def person(self) -> Person:
        """Who is acting, as the service sees it."""
        if self._person is None:
            self.hello()
        assert self._person is not None
        return self._person

    def hello(self) -> None:
        """Asks the service who it is and who it thinks is calling. Raises GsjxError."""
        status, said = self._exchange("GET", "/hello", b"", {})
        if status != 200:
            raise self._error(said)
        self.files = said["files"]
        login, name, role, unit = said["person"]
        self._person = Person(login, name, role, unit)

    def carry(self, act: Act, arguments: Arguments) -> Any:
        """Has an act done by the service; its answer, or its GsjxError.

        If the connection is lost it is asked again with the same key: it is done once.
        """
        progress = arguments.get(PROGRESS)
        body = dumps(self._wire.arguments(act, arguments))
        headers = {"Gsjx-Request": uuid.uuid4().hex} if act.writes else {}
        status, said = self._exchange("POST", f"/act/{act.name}", body, headers, progress)
        if status != 200 or "answer" not in said:
            raise self._error(said)
        try:
            return self._wire.read_answer(act, said["answer"])
        except Malformed as error:
            raise LedgerTrouble("service_answer") from error

    def campaigns(self) -> tuple[Listed, ...]:
        """The campaigns that the service has and the caller has a role in. Raises GsjxError."""
        from gsjx_tui.seats.listing import listed_of

        status, said = self._exchange("GET", "/campaigns", b"", {})
        try:
            if status == 200:
                return tuple(listed_of(one) for one in said["campaigns"])
        except (KeyError, TypeError, ValueError) as error:
            raise LedgerTrouble("service_answer") from error
        raise self._error(said)

    def present(self, unit: str, month: str) -> None:
        """Tells the others which unit and month are being worked on here; '' for none."""
        body = dumps({"unit": unit, "month": month})
        self._exchange("POST", "/present", body, {})

    def copy_ledger(self, path: Path) -> None:
        """Copies the ledger of the service into a file. Raises GsjxError."""
        with self._lock:
            connection = self._line.connect()
            try:
                connection.request("GET", "/ledger", headers=self._headers({}))
                response = connection.getresponse()
                if response.status != 200:
                    raise self._error(loads(response.read()))
                with path.open("xb") as file:
                    while piece := response.read(2**20):
                        file.write(piece)
                if response.length:  # cut off: reading in pieces doesn't say so
                    raise http.client.IncompleteRead(b"", response.length)
            except Lost as error:
                raise self._gone(0, error) from error
            finally:
                connection.close()

    def news(self) -> Iterator[Any]:
        """Each piece of news as plain JSON, for as long as the service is there.

        On a connection of its own: meant for a thread of its own. Raises LedgerTrouble when it
        is lost.
        """
        connection = self._line.listen(_NEWS_SILENCE)
        try:
            connection.request("GET", "/news", headers=self._headers({}))
            response = connection.getresponse()
            if response.status != 200:
                raise self._error(loads(response.read()))
            self._listening = connection.sock
            while line := response.readline():
                yield loads(line)
        except (*Lost, Malformed) as error:
            raise self._gone(0, error) from error
        finally:
            connection.close()
        raise self._gone(0)

    def leave(self, leaving: bool = True) -> None:
        """Whoever sits here wants to go: what is asked is no longer asked again, and a service
        that hangs isn't waited for. What it is working at is. From any thread.
        """
        self._line.leave(leaving)

    def close(self) -> None:
        """Ends the connections."""
        listening = getattr(self, "_listening", None)
        if listening is not None:
            with contextlib.suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
        if self._connection is not None:
            self._connection.close()

    # talking -----------------------------------------------------------------------------------

    @property
    def _wire(self) -> Wire:
        if self._known_wire is None:
            self._known_wire = Wire(self._rubric())
        return self._known_wire

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        known = {"Gsjx-Files": self.files} if self.files else {}
        if self._campaign != FIRST:
            known["Gsjx-Campaign"] = self._campaign
        return {"Gsjx-Protocol": str(PROTOCOL), "Gsjx-Session": self.session, **known, **more}

    def _exchange(
        self,
        method: str,
        target: str,
        body: bytes,
        more: Mapping[str, str],
        progress: Callable[[int, int], None] | None = None,
    ) -> tuple[int, Any]:
        """The status and the answer of a request, asked again while the service is away."""
        headers = self._headers(more)
        wait, start = _FIRST_WAIT, time.monotonic()
        until, at_last = start + PATIENCE, start + MOST_PATIENCE
        with self._lock:
            while True:
                try:
                    answer = self._once(method, target, body, headers, progress)
                    self._is_reached(True)
                    return answer
                except PermissionError as error:
                    reason = reason_of(error)
                    raise LedgerTrouble("service_closed", path=self.path, reason=reason) from error
                except Silent as error:
                    headers["Gsjx-Repeated"] = "1"
                    self._is_reached(False)
                    if not self._line.answers_until(until):
                        raise self._gone(round(time.monotonic() - start), error) from error
                except Lost as error:
                    kept, met = self._kept_open, self._met
                    self._drop()
                    headers["Gsjx-Repeated"] = "1"
                    if kept:
                        continue  # an idle connection may have been ended: no reason to worry
                    now = time.monotonic()
                    if met:
                        wait, until = _FIRST_WAIT, now + PATIENCE  # it was there, and went again
                    if now + wait > min(until, at_last) or self._line.leaving:
                        raise self._gone(round(now - start)) from error
                    self._is_reached(False)
                    self._line.pause(wait)
                    wait = min(2 * wait, _LONGEST_WAIT)

    def _once(
        self,
        method: str,
        target: str,
        body: bytes,
        headers: Mapping[str, str],
        progress: Callable[[int, int], None] | None,
    ) -> tuple[int, Any]:
        self._kept_open, self._met = self._connection is not None, False
        if self._connection is None:
            self._connection = self._line.connect()
            self._connection.connect()
        self._met = True
        try:
            self._connection.request(method, target, body or None, dict(headers))
            return self._answer_of(self._connection.getresponse(), progress)
        except BaseException:
            self._drop()  # an answer that wasn't read to its end would be taken for the next one
            raise

    def _answer_of(
        self,
        response: http.client.HTTPResponse,
        progress: Callable[[int, int], None] | None,
    ) -> tuple[int, Any]:
        try:
            if "ndjson" not in (response.getheader("Content-Type") or ""):
                return response.status, loads(response.read())
            while True:
                said = loads(response.readline())
                if "progress" not in said:
                    response.read()
                    return response.status, said
                if progress is not None:
                    progress(*said["progress"])
        except Malformed as error:
            # Cut off in the middle of a line: the service has gone.
            raise http.client.HTTPException("cut off") from error

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _is_reached(self, reached: bool) -> None:
        if reached != self._reached:
            self._reached = reached
            self.on_line(reached)

    def _gone(self, seconds: int, error: Exception | None = None) -> GsjxError:
        kind = "service_silent" if isinstance(error, Silent) else "service_gone"
        return LedgerTrouble(kind, path=self.path, seconds=seconds)

    def _error(self, said: Any) -> GsjxError:
        try:
            return self._wire.read_error(said["error"])
        except (Malformed, KeyError, TypeError):
            return LedgerTrouble("service_answer")
