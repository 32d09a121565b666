"""Doing what arrives: writers' acts share commits, lookers read beside them."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import Any

from gsjx_tui.errors import LedgerTrouble
from gsjx_tui.ledger.tables import FIRST
from gsjx_tui.office.acts import PROGRESS, Act, Arguments
from gsjx_tui.office.home import Office
from gsjx_tui.seats.wire import Malformed, Wire, dumps

LARGEST_GROUP = 64
"""So many acts share a commit at most."""

READERS = 2

_log = logging.getLogger("gsjx.service")


@dataclass(frozen=True)
class Caller:
    """Who calls, as the kernel says: the login, and whether it owns the ledger."""

    login: str
    owner: bool


@dataclass(frozen=True)
class Room:
    """A campaign that is worked in: its office, and how its values become JSON."""

    office: Office
    wire: Wire


@dataclass(eq=False)
class Job:
    """An act asked for, and the answer it will have: JSON text, or a GsjxError.

    ``campaign``: the schema of the campaign it is done in.
    """

    act: Act
    arguments: Arguments
    caller: Caller
    key: str = ""
    repeated: bool = False
    session: str = ""
    campaign: str = FIRST
    progress: Callable[[int, int], None] | None = None
    answer: Future[bytes] = field(default_factory=Future)


class Again(Exception):
    """The group can't be committed: each of its acts is done again by itself."""


class Renewal:
    """Asks the writer to open a ledger again that has given up."""


class _Place:
    """What one reading thread works with: the office on a view of the ledger of its own."""

    def __init__(self, office: Office) -> None:
        self.view = office.ledger.reader()
        self.office = Office(
            office.home, office.who, lambda: (office.loaded, office.units), ledger=self.view
        )


class _Readers:
    """Threads that read beside the writing, each at a place of its own for each campaign."""

    def __init__(self, threads: int) -> None:
        self._own = threading.local()
        self._places: list[_Place] = []
        self._threads = ThreadPoolExecutor(threads, "reader")

    def submit(self, work: Callable[..., Any], *values: object) -> Future[Any]:
        """Has a function called in one of the threads."""
        return self._threads.submit(work, *values)

    def place(self, office: Office) -> _Place:
        """The place of the thread that asks, in a campaign."""
        mine: dict[str, _Place] = self._own.__dict__
        schema = office.ledger.schema
        if schema not in mine:
            mine[schema] = _Place(office)
            self._places.append(mine[schema])
        return mine[schema]

    def close(self) -> None:
        """Reads what was asked for, then ends."""
        self._threads.shutdown()
        for place in self._places:
            place.view.close()


class Work:
    """Does jobs on an open office, and on those of ``further`` campaigns of the same ledger.

    Acts of one campaign share commits, those of several follow each other. ``changed`` hears of
    each act once it is on disk.

    ``lost`` hears, once, that the ledger file was replaced under it: nothing is done any more.
    """

    def __init__(
        self,
        office: Office,
        wire: Wire,
        changed: Callable[[Job], None],
        lost: Callable[[LedgerTrouble], None] = lambda trouble: None,
        further: Sequence[Room] = (),
    ) -> None:
        self._first, self._changed, self._lost = office, changed, lost
        self._rooms = {room.office.ledger.schema: room for room in (Room(office, wire), *further)}
        self._queue: SimpleQueue[Job | Renewal | None] = SimpleQueue()
        self._under_way: dict[tuple[str, str, str], Job] = {}
        self._gate = threading.Lock()
        self._readers = _Readers(READERS)
        self._copiers = _Readers(1)
        self._usable = True
        self._writer = threading.Thread(target=self._write, name="writer")
        self._writer.start()

    def hand_in(self, job: Job) -> Future[bytes]:
        """Queues a job; its answer comes once it is on disk. A repeated one is not done twice.

        Raises Malformed for a key that the caller has used for another act.
        """
        job.answer.set_running_or_notify_cancel()  # whoever waits may go, the job stays
        if not job.act.writes:
            self._try_again()
            with self._gate:
                self._readers.submit(self._look, job)
            return job.answer
        name = (job.campaign, job.caller.login, job.key)
        before = self._under_way.get(name) if job.key else None
        if before is not None:
            if before.act is not job.act:
                raise Malformed("the key of another act")
            return before.answer
        if job.key:
            self._under_way[name] = job
            job.answer.add_done_callback(lambda _: self._under_way.pop(name, None))
        self._queue.put(job)
        return job.answer

    def read(
        self, work: Callable[[Office], Any], caller: Caller, campaign: str = FIRST
    ) -> Future[Any]:
        """Something short that only reads, done for somebody beside the writing."""
        self._try_again()
        with self._gate:
            readers = self._readers
            return readers.submit(lambda: work(self._reading_for(caller, readers, campaign)))

    def copy(
        self, work: Callable[[Office], Any], caller: Caller, campaign: str = FIRST
    ) -> Future[Any]:
        """Something long that only reads; one after another, so that short ones needn't wait."""
        with self._gate:
            copiers = self._copiers
            return copiers.submit(lambda: work(self._reading_for(caller, copiers, campaign)))

    def close(self) -> None:
        """Does what was handed in, then ends."""
        self._queue.put(None)
        self._writer.join()
        self._readers.close()
        self._copiers.close()

    # looking -----------------------------------------------------------------------------------

    def _look(self, job: Job) -> None:
        try:
            office = self._reading_for(job.caller, self._readers, job.campaign)
            with office.ledger.snapshot():
                answer = self._answer(job, office)
            job.answer.set_result(answer)
        except BaseException as error:
            job.answer.set_exception(error)

    def _reading_for(self, caller: Caller, readers: _Readers, campaign: str) -> Office:
        """The office of a campaign on the view of this thread."""
        place = readers.place(self._rooms[campaign].office)
        return place.office.acting(caller.login, owner=caller.owner)

    # writing -----------------------------------------------------------------------------------

    def _write(self) -> None:
        while (job := self._queue.get()) is not None:
            jobs = [job]
            try:
                while len(jobs) < LARGEST_GROUP:
                    more = self._queue.get_nowait()
                    if more is None:
                        self._queue.put(None)
                        break
                    jobs.append(more)
            except Empty:
                pass
            if not self._usable:
                with contextlib.suppress(LedgerTrouble):  # each job will say so
                    self._renew()
            for campaign in self._rooms:
                self._do_together(
                    [job for job in jobs if isinstance(job, Job) and job.campaign == campaign]
                )

    def _do_together(self, jobs: Sequence[Job]) -> None:
        """Does jobs of one campaign in one transaction; if that fails, each in one of its own."""
        if not jobs:
            return
        try:
            outcomes = self._committed(jobs)
        except BaseException as error:
            self._recover(error)
            if len(jobs) == 1:
                outcomes = [self._fate(jobs[0], error)]
            else:
                for job in jobs:
                    # The commit may have come to the disk although it failed.
                    job.repeated = job.repeated or not isinstance(error, Again)
                    self._do_together([job])
                return
        self._tell(outcomes)

    def _committed(self, jobs: Sequence[Job]) -> Sequence[tuple[Job, bytes | BaseException, bool]]:
        """Each job with its outcome and whether it changed anything; all of it is on disk."""
        if not self._usable:
            self._renew()
        ledger = self._rooms[jobs[0].campaign].office.ledger
        outcomes: list[tuple[Job, bytes | BaseException, bool]] = []
        kept: list[Sequence[object]] = []
        with ledger.group():
            for job in jobs:
                before = ledger.appended
                outcome = self._outcome(job)
                if ledger.spoiled or isinstance(outcome, LedgerTrouble):
                    if len(jobs) == 1 and isinstance(outcome, BaseException):
                        raise outcome
                    raise Again
                changed = ledger.appended > before
                outcomes.append((job, outcome, changed))
                if changed and job.key and isinstance(outcome, bytes):
                    now = datetime.now(UTC).replace(tzinfo=None)
                    answer = outcome.decode()
                    kept.append((job.key, job.act.name, answer, job.caller.login, now))
            if kept:
                ledger.append_answers(kept)
        return outcomes

    def _outcome(self, job: Job) -> bytes | BaseException:
        try:
            known = self._known(job) if job.repeated else None
            if known is not None:
                return known
            caller = job.caller
            office = self._rooms[job.campaign].office.acting(caller.login, owner=caller.owner)
            return self._answer(job, office)
        except Exception as error:
            return error

    def _known(self, job: Job) -> bytes | None:
        """What the request was answered before, if it was. Raises Malformed for another act's."""
        if not job.key:
            return None
        ledger = self._rooms[job.campaign].office.ledger
        found = ledger.rows("answered", key=job.key, who=job.caller.login)
        if not found:
            return None
        act, answer = found[0]
        if act != job.act.name:
            raise Malformed("the key of another act")
        return str(answer).encode()

    def _answer(self, job: Job, office: Office) -> bytes:
        arguments = dict(job.arguments)
        if job.progress is not None:
            arguments[PROGRESS] = job.progress
        wire = self._rooms[job.campaign].wire
        return dumps(wire.answer(job.act, job.act.done_by(office, arguments)))

    def _tell(self, outcomes: Sequence[tuple[Job, bytes | BaseException, bool]]) -> None:
        for job, outcome, changed in outcomes:
            if isinstance(outcome, bytes):
                job.answer.set_result(outcome)
            else:
                job.answer.set_exception(outcome)
            if changed:
                try:
                    self._changed(job)
                except Exception:
                    _log.exception("telling of %s", job.act.name)

    # when the ledger fails ---------------------------------------------------------------------

    def _recover(self, error: BaseException) -> None:
        """After a failed commit: whether the ledger can still be used."""
        if isinstance(error, LedgerTrouble):
            if error.kind == "replaced":
                self._lost(error)
            elif not self._first.ledger.works():
                self._usable = False

    def _fate(self, job: Job, error: BaseException) -> tuple[Job, bytes | BaseException, bool]:
        """What became of a job whose commit failed: it may be on disk all the same."""
        try:
            if not self._usable:
                self._renew()
            known = self._known(job) if isinstance(error, LedgerTrouble) else None
        except Exception:
            known = None
        return (job, error, False) if known is None else (job, known, True)

    def _try_again(self) -> None:
        if not self._usable:
            self._queue.put(Renewal())

    def _renew(self) -> None:
        """Opens the ledger anew after it has given up. Raises LedgerTrouble if it can't be."""
        with self._gate:
            self._readers.close()
            self._copiers.close()
            try:
                self._open_anew()
                self._usable = True
            finally:
                self._readers = _Readers(READERS)
                self._copiers = _Readers(1)
        _log.warning("the ledger was opened anew")

    def _open_anew(self) -> None:
        """The file is let go of by every campaign before it is opened again."""
        further = [room.office.ledger for room in self._rooms.values()][1:]
        for ledger in further:
            ledger.give_up()
        self._first.ledger.reopen()
        for ledger in further:
            ledger.rejoin(self._first.ledger)
