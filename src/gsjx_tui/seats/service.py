"""The service: owns the open ledger, takes acts over a Unix socket, tells everybody the news.

HTTP over the socket; who calls comes from the kernel (SO_PEERCRED), never from the request. Each
request is about one campaign of the ledger, that of ``Gsjx-Campaign`` (its schema) or the first.

- ``GET /there``: nothing, at once, to anybody: that the service isn't hanging.
- ``GET /hello``: protocol, campaign files, who the caller is.
- ``POST /act/NAME``: JSON arguments by name; ``{"answer": …}`` or ``{"error": …}``. Acts that tell
  their progress answer in lines, ``{"progress": [done, total]}`` before the last.
- ``GET /news``: a line of JSON for each piece of news, for as long as the caller listens.
- ``POST /present``: what the caller works on now.
- ``GET /ledger``: a copy of the campaign, for queries.
- ``GET /campaigns``: the campaigns that the caller has a role in.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from aiohttp import web

from gsjx_tui import __version__
from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault, GsjxError, LedgerTrouble, NotPermitted
from gsjx_tui.harmless import printable
from gsjx_tui.ledger.tables import FIRST
from gsjx_tui.office.acts import Act, Arguments, all_acts
from gsjx_tui.office.backup import Backup, back_up
from gsjx_tui.office.campaigns import Listed, listed
from gsjx_tui.office.copies import ledger_state
from gsjx_tui.office.home import Office, files_digest
from gsjx_tui.office.people import Person
from gsjx_tui.office.snapshot import Publisher
from gsjx_tui.seats.exchange import (
    BROKEN,
    NOT_UNDERSTOOD,
    OTHER_FILES,
    as_json,
    as_text,
    caller_of,
    in_lines,
    other_version,
    pieces_of,
    session_of,
)
from gsjx_tui.seats.listing import plain as as_plain
from gsjx_tui.seats.news import Board, Changed, Present, concerned, plain
from gsjx_tui.seats.schedule import Schedule
from gsjx_tui.seats.settings import ServiceSettings
from gsjx_tui.seats.wire import PROTOCOL, Malformed, Wire, dumps, loads
from gsjx_tui.seats.work import Caller, Job, Room, Work

LARGEST_REQUEST = 64 * 2**20
"""Bytes of a request at most: a file of some 400,000 observations."""

_LARGE = 64 * 2**10
"""Bytes of a request that is read apart from the others, so that they needn't wait for it."""

_LARGE_AT_ONCE = 2
_TO_SEND, _IDLE = 60, 300
"""Seconds that a caller has to send a request, and may be idle on a connection."""

_TO_FINISH = 10
"""Seconds at the end for answers that are under way."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_log = logging.getLogger("gsjx.service")


class _Campaign:
    """A campaign that is served: who listens to its news, and its snapshot."""

    def __init__(self, office: Office) -> None:
        self.office, self.schema = office, office.ledger.schema
        self.wire = Wire(office.rubric)
        self.digest = files_digest(office.home)
        self.board = Board()
        self.publisher = Publisher(office)


class Service:
    """The offices of one ledger behind a socket. ``run`` serves until it is stopped.

    ``away``: why a campaign of the ledger isn't served, by its schema.
    """

    def __init__(
        self,
        office: Office,
        settings: ServiceSettings | None = None,
        further: Sequence[Office] = (),
        away: Mapping[str, GsjxError] | None = None,
    ) -> None:
        self._office = office
        self._settings = settings or ServiceSettings()
        self._campaigns = {each.schema: each for each in map(_Campaign, (office, *further))}
        self._away = away or {}
        self._acts = all_acts()
        self._callers: WeakKeyDictionary[asyncio.BaseTransport, Caller] = WeakKeyDictionary()
        self._trouble: LedgerTrouble | None = None
        self._work: Work
        self._loop: asyncio.AbstractEventLoop

    async def run(self, listening: socket.socket, stop: asyncio.Event) -> None:
        """Serves on a listening socket until ``stop``; what was handed in is done first.

        Raises LedgerTrouble if it had to end because the ledger was replaced under it.
        """
        self._loop = asyncio.get_running_loop()
        self._stop, self._large = stop, asyncio.Semaphore(_LARGE_AT_ONCE)
        first, *further = self._campaigns.values()
        rooms = [Room(each.office, each.wire) for each in further]
        self._work = Work(first.office, first.wire, self._changed, self._lost, rooms)
        app = web.Application(middlewares=[self._guarded], client_max_size=LARGEST_REQUEST)
        app.router.add_get("/there", self._there)
        app.router.add_get("/hello", self._hello)
        app.router.add_post("/act/{name}", self._act)
        app.router.add_get("/news", self._news)
        app.router.add_post("/present", self._present)
        app.router.add_get("/ledger", self._copy)
        app.router.add_get("/campaigns", self._list)
        app.on_shutdown.append(self._ending)
        runner = web.AppRunner(
            app,
            access_log=None,
            handler_cancellation=True,
            keepalive_timeout=_IDLE,
            auto_decompress=False,
            shutdown_timeout=_TO_FINISH,
        )
        await runner.setup()
        await web.SockSite(runner, listening, backlog=1024).start()
        for each in self._campaigns.values():
            each.publisher.wake()  # what was confirmed when the last one was cut off
        backups = asyncio.create_task(self._schedule().run())
        try:
            await stop.wait()
        finally:
            backups.cancel()
            await runner.cleanup()
            await asyncio.to_thread(self._work.close)
            for each in self._campaigns.values():
                await asyncio.to_thread(each.publisher.close)
        if self._trouble is not None:
            raise self._trouble

    def _schedule(self) -> Schedule:
        """Backups are made by the service's own user, who owns the ledger."""
        caller = Caller(self._office.who, True)

        async def backed_up(folder: Path, keep: int) -> Backup:
            work = self._work.read(lambda office: back_up(office, folder, keep), caller)
            made: Backup = await _of(work)
            return made

        return Schedule(self._office.home, self._settings, backed_up)

    # every request -----------------------------------------------------------------------------

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            if request.path == "/there":
                return await handler(request)  # of whatever version the caller is
            said = request.headers.get("Gsjx-Protocol", "")
            if said != str(PROTOCOL):
                return self._refusal(other_version(said), 426)
            campaign = self._campaign(request)
            if request.headers.get("Gsjx-Files", campaign.digest) != campaign.digest:
                return self._refusal(OTHER_FILES, 409)
            return await handler(request)
        except Malformed as error:
            _log.warning("malformed request to %.200r: %.500r", request.path, str(error))
            return self._refusal(NOT_UNDERSTOOD, 400)
        except GsjxError as error:
            return self._refusal(error, 422)
        except web.HTTPException as error:
            return self._refusal(NOT_UNDERSTOOD, error.status)
        except (asyncio.CancelledError, ConnectionError):
            raise
        except Exception:
            _log.exception("request to %.200r", request.path)
            return self._refusal(BROKEN, 500)

    def _campaign(self, request: web.Request) -> _Campaign:
        """The campaign that a request is about. Raises GsjxError if it isn't served."""
        schema = request.headers.get("Gsjx-Campaign", FIRST)
        campaign = self._campaigns.get(schema)
        if campaign is None:
            raise self._away.get(schema) or LedgerTrouble(
                "no_campaign", campaign=printable(schema)[:40]
            )
        return campaign

    def _refusal(self, error: GsjxError, status: int) -> web.Response:
        return as_json({"error": self._error(error)}, status)

    def _error(self, error: GsjxError) -> dict[str, Any]:
        """An error as JSON: it holds nothing of any rubric, so that any wire will do."""
        return self._campaigns[FIRST].wire.error(error)

    # requests ----------------------------------------------------------------------------------

    async def _there(self, request: web.Request) -> web.Response:
        return as_json({})

    async def _hello(self, request: web.Request) -> web.Response:
        campaign = self._campaign(request)
        person = await self._person(self._caller(request), campaign)
        return as_json(
            {
                "protocol": PROTOCOL,
                "version": __version__,
                "files": campaign.digest,
                "person": [person.login, person.name, person.role, person.unit],
            }
        )

    async def _act(self, request: web.Request) -> web.StreamResponse:
        caller, campaign = self._caller(request), self._campaign(request)
        act = self._acts.get(request.match_info["name"])
        if act is None:
            raise Malformed("no such act")
        job = Job(
            act,
            await self._arguments(request, act, campaign),
            caller,
            key=request.headers.get("Gsjx-Request", "")[:64],
            repeated=request.headers.get("Gsjx-Repeated") == "1",
            session=f"{caller.login} {request.headers.get('Gsjx-Session', '')}",
            campaign=campaign.schema,
        )
        if not act.tells_progress:
            # An act that was handed in is done even if nobody waits for its answer.
            text = await asyncio.shield(_of(self._work.hand_in(job)))
            return as_text(b'{"answer":' + text + b"}")
        return await self._act_in_lines(request, job)

    async def _arguments(self, request: web.Request, act: Act, campaign: _Campaign) -> Arguments:
        if request.content_length is not None and request.content_length <= _LARGE:
            return _understood(act, campaign, await _body(request))
        async with self._large:
            body = await _body(request)
            return await asyncio.to_thread(_understood, act, campaign, body)

    async def _act_in_lines(self, request: web.Request, job: Job) -> web.StreamResponse:
        told: asyncio.Queue[tuple[int, int] | None] = asyncio.Queue()

        def tell(done: int, total: int) -> None:
            self._loop.call_soon_threadsafe(told.put_nowait, (done, total))

        job.progress = tell
        answer = asyncio.ensure_future(_of(self._work.hand_in(job)))
        answer.add_done_callback(lambda _: told.put_nowait(None))
        response = in_lines()
        await response.prepare(request)
        while (progress := await told.get()) is not None:
            await response.write(dumps({"progress": progress}) + b"\n")
        try:
            last = b'{"answer":' + await answer + b"}"
        except GsjxError as error:
            last = dumps({"error": self._error(error)})
        except Exception:
            _log.exception("act %s", job.act.name)
            last = dumps({"error": self._error(BROKEN)})
        await response.write(last + b"\n")
        return response

    async def _news(self, request: web.Request) -> web.StreamResponse:
        caller, campaign = self._caller(request), self._campaign(request)
        person = await self._person(caller, campaign)
        session = session_of(request, caller)
        response = in_lines()
        await response.prepare(request)
        queue = campaign.board.listen(session)
        try:
            while (news := await queue.get()) is not None:
                if news.changed is not None and news.changed.act.startswith("staff."):
                    person = await self._person(caller, campaign)
                if person.role != "reporter":
                    await response.write(dumps(plain(news)) + b"\n")
        except NotPermitted:
            return response  # taken off the list
        finally:
            campaign.board.leave(session, queue)
        return response

    async def _present(self, request: web.Request) -> web.Response:
        caller, campaign = self._caller(request), self._campaign(request)
        person = await self._person(caller, campaign)
        said = loads(await _body(request))
        try:
            unit, month = said["unit"], said["month"]
            if unit != "":
                campaign.office.unit(unit)
                Month.parse(month)
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            raise Malformed("who is where") from error
        if unit and not person.sees(unit):
            raise NotPermitted(Fault(person.called, f"填报人只在本单位（{person.unit}）填报"))
        campaign.board.at_work(
            session_of(request, caller), Present(person.login, person.name, unit, month)
        )
        return as_json({"answer": None})

    async def _copy(self, request: web.Request) -> web.StreamResponse:
        caller, campaign = self._caller(request), self._campaign(request)
        with tempfile.TemporaryDirectory(prefix="gsjx-copy-") as folder:
            path = Path(folder) / "ledger.duckdb"

            def copied(office: Office) -> None:
                ledger_state(office)  # checks the role
                office.ledger.copy_campaign_to(path)

            await _of(self._work.copy(copied, caller, campaign.schema))
            response = web.StreamResponse()
            response.content_length = path.stat().st_size
            await response.prepare(request)
            async for piece in pieces_of(path):
                await response.write(piece)
            return response

    async def _list(self, request: web.Request) -> web.Response:
        caller = self._caller(request)

        def seen(office: Office) -> Listed:
            _ = office.person  # raises for who has no role there
            return listed(office.ledger)

        found = []
        for schema in self._campaigns:
            with contextlib.suppress(NotPermitted):
                found.append(as_plain(await _of(self._work.read(seen, caller, schema))))
        return as_json({"campaigns": found})

    # news --------------------------------------------------------------------------------------

    def _changed(self, job: Job) -> None:
        """Called by the writer for each act that is on disk."""
        changed = Changed(job.act.name, job.caller.login, *concerned(job.arguments))
        campaign = self._campaigns[job.campaign]
        self._loop.call_soon_threadsafe(campaign.board.changed, changed, job.session)
        campaign.publisher.done(job.act.name)

    async def _ending(self, _: web.Application) -> None:
        for campaign in self._campaigns.values():
            campaign.board.end()

    def _lost(self, trouble: LedgerTrouble) -> None:
        """Called by the writer when the ledger file was replaced: a new service must open it."""
        self._trouble = trouble
        self._loop.call_soon_threadsafe(self._stop.set)

    # who calls ---------------------------------------------------------------------------------

    def _caller(self, request: web.Request) -> Caller:
        """Who calls: asked of the kernel once for each connection."""
        if request.transport is None:
            raise ConnectionResetError
        caller = self._callers.get(request.transport)
        if caller is None:
            caller = caller_of(request.transport, self._office.home)
            self._callers[request.transport] = caller
        return caller

    async def _person(self, caller: Caller, campaign: _Campaign) -> Person:
        reading = self._work.read(lambda office: office.person, caller, campaign.schema)
        person: Person = await _of(reading)
        return person


def _understood(act: Act, campaign: _Campaign, body: bytes) -> Arguments:
    """The arguments in the body of a request. Raises Malformed."""
    found = campaign.wire.read_arguments(act, loads(body))
    try:
        act.signature.bind(campaign.office, **found)
    except TypeError as error:
        raise Malformed(str(error)) from error
    return found


async def _of(future: Future[Any]) -> Any:
    return await asyncio.wrap_future(future)


async def _body(request: web.Request) -> bytes:
    """The body of a request, which the caller must send in time. Raises Malformed."""
    try:
        async with asyncio.timeout(_TO_SEND):
            return await request.read()
    except TimeoutError:
        raise Malformed("too slow") from None
    except web.RequestPayloadError as error:
        raise Malformed("cut off") from error
