"""Doing what arrives: writers' acts share commits, lookers read beside them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import Any

from gsjx_tui.errors import GsjxError, LedgerTrouble
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.office.acts import PROGRESS, Act, Arguments
from gsjx_tui.office.home import Office
from gsjx_tui.seats.wire import Wire, dumps

LARGEST_GROUP = 64
"""So many acts share a commit at most."""

READERS = 2


@dataclass(frozen=True)
class Caller:
    """Who calls, as the kernel says: the login, and whether it owns the ledger."""

    login: str
    owner: bool


@dataclass(eq=False)
class Job:
    """An act asked for, and the answer it will have: JSON text, or a GsjxError."""

    act: Act
    arguments: Arguments
    caller: Caller
    key: str = ""
    repeated: bool = False
    session: str = ""
    progress: Callable[[int, int], None] | None = None
    answer: Future[bytes] = field(default_factory=Future)


class Again(Exception):
    """The group can't be committed: each of its acts is done again by itself."""


class Work:
    """Does jobs on an open office. ``changed`` hears of each act once it is on disk."""

    def __init__(self, office: Office, wire: Wire, changed: Callable[[Job], None]) -> None:
        self._office, self._wire, self._changed = office, wire, changed
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._under_way: dict[tuple[str, str], Job] = {}
        self._own = threading.local()
        self._views: list[Ledger] = []
        self._readers = ThreadPoolExecutor(READERS, "reader")
        self._writer = threading.Thread(target=self._write, name="writer")
        self._writer.start()

    def hand_in(self, job: Job) -> Future[bytes]:
        """Queues a job; its answer comes once it is on disk. A repeated one is not done twice."""
        if not job.act.writes:
            self._readers.submit(self._look, job)
            return job.answer
        name = (job.caller.login, job.key)
        before = self._under_way.get(name) if job.key else None
        if before is not None:
            return before.answer
        if job.key:
            self._under_way[name] = job
            job.answer.add_done_callback(lambda _: self._under_way.pop(name, None))
        self._queue.put(job)
        return job.answer

    def read(self, work: Callable[[Office], Any], caller: Caller) -> Future[Any]:
        """Something that only reads, done for somebody beside the writing."""
        return self._readers.submit(lambda: work(self._reading_for(caller)))

    def close(self) -> None:
        """Does what was handed in, then ends."""
        self._queue.put(None)
        self._writer.join()
        self._readers.shutdown()
        for view in self._views:
            view.close()

    # looking -----------------------------------------------------------------------------------

    def _look(self, job: Job) -> None:
        try:
            office = self._reading_for(job.caller)
            with office.ledger.snapshot():
                answer = self._answer(job, office)
            job.answer.set_result(answer)
        except BaseException as error:
            job.answer.set_exception(error)

    def _reading_for(self, caller: Caller) -> Office:
        """The office on a view of this thread's own."""
        if not hasattr(self._own, "view"):
            self._own.view = self._office.ledger.reader()
            self._views.append(self._own.view)
        view: Ledger = self._own.view
        return self._office.acting(caller.login, owner=caller.owner, ledger=view)

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
            self._do_together(jobs)

    def _do_together(self, jobs: Sequence[Job]) -> None:
        """Does jobs in one transaction; if one spoils it, each in a transaction of its own."""
        try:
            self._tell(self._committed(jobs))
        except Again:
            for job in jobs:
                try:
                    self._tell(self._committed([job]))
                except GsjxError as error:
                    job.answer.set_exception(error)
                except BaseException as error:
                    job.answer.set_exception(error)
        except BaseException as error:
            for job in jobs:
                job.answer.set_exception(error)

    def _committed(self, jobs: Sequence[Job]) -> Sequence[tuple[Job, bytes | BaseException, bool]]:
        """Each job with its outcome and whether it changed anything; all of it is on disk."""
        ledger = self._office.ledger
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
            if job.repeated:
                known = self._office.ledger.rows("answered", key=job.key, who=job.caller.login)
                if known:
                    return str(known[0][1]).encode()
            caller = job.caller
            office = self._office.acting(
                caller.login, owner=caller.owner, ledger=self._office.ledger
            )
            return self._answer(job, office)
        except Exception as error:
            return error

    def _answer(self, job: Job, office: Office) -> bytes:
        arguments = dict(job.arguments)
        if job.progress is not None:
            arguments[PROGRESS] = job.progress
        return dumps(self._wire.answer(job.act, job.act.done_by(office, arguments)))

    def _tell(self, outcomes: Sequence[tuple[Job, bytes | BaseException, bool]]) -> None:
        for job, outcome, changed in outcomes:
            if changed:
                self._changed(job)
            if isinstance(outcome, bytes):
                job.answer.set_result(outcome)
            else:
                job.answer.set_exception(outcome)
