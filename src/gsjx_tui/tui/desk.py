"""Where screens hand in what the office is to do: one thread, in order, off the message loop."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from gsjx_tui.errors import GsjxError, NotPermitted
from gsjx_tui.office.acts import writes
from gsjx_tui.office.names import has_further, ledger_of, root_of

if TYPE_CHECKING:
    from gsjx_tui.office.campaigns import Listed
    from gsjx_tui.office.closed import Turn
    from gsjx_tui.office.home import Office
    from gsjx_tui.office.people import Person
    from gsjx_tui.seats.listening import Listener
    from gsjx_tui.seats.news import News, Present
    from gsjx_tui.seats.seat import Seat

_QUITTING = 0.6
"""Seconds that the end waits for what was handed in before it asks whether the service is there."""

_HASTE = 3.0
"""Seconds after which somebody who hasn't quit by then wants to stay."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Desk:
    """The opened office behind a queue. Acts are done one after the other, in order.

    Where the office is a seat of a service, ``on_news`` hears what others do and ``on_line``
    whether the service is there; both are called on the message loop.
    """

    def __init__(self, home: Path, folders: Sequence[Path]) -> None:
        self.home, self._folders = home, folders
        self.several = False
        """Whether the ledger has more campaigns than the one that is worked in."""
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="office")
        self._office: Office | None = None
        self._left = False
        self._seat: Seat | None = None
        self._person: Person | None = None
        self.closed: Turn | None = None
        """Who closed the campaign and when, as far as is known; None while it is open."""
        self._listener: Listener | None = None
        self._at_work = ("", "")
        self._there = True
        self._files = ""
        self._telling: Future[None] | None = None
        self._writing: set[Future[Any]] = set()
        self.on_news: Callable[[News], None] = lambda news: None
        self.on_line: Callable[[bool], None] = lambda reached: None
        self.present: tuple[Present, ...] = ()
        """Who works on which unit, oneself included."""
        self.kept: dict[tuple[str, ...], dict[str, str]] = {}
        """What was typed into forms and not handed in, by form: there again when it is opened."""

    @property
    def office(self) -> Office:
        """The office, for what touches no ledger (rubric, settings, scoring what is typed)."""
        assert self._office is not None, "not opened yet"
        return self._office

    @property
    def is_open(self) -> bool:
        """Whether the ledger is open."""
        return self._office is not None and not self._left

    @property
    def person(self) -> Person | None:
        """Who is acting and in which role; None for somebody the office doesn't know."""
        return self._seat.person if self._seat is not None else self._person

    async def open(self) -> Office:
        """Opens the home, made on first use. Raises GsjxError."""
        opened = self._executor.submit(_open, self.home, self._folders)
        office, self._seat, self._person, self.closed = await asyncio.wrap_future(opened)
        self.several = has_further(root_of(self.home))
        self._office = office
        self._files = await asyncio.wrap_future(self._executor.submit(self._files_now))
        if self._seat is not None:
            self._listen(self._seat)
        return office

    async def campaigns(self) -> tuple[Listed, ...]:
        """The campaigns of the ledger that the person may choose from. Raises GsjxError."""
        if self._office is None:
            found = self._executor.submit(_before_opening, self.home)
        elif self._seat is not None:
            found = self._executor.submit(self._seat.campaigns)
        else:
            found = self._executor.submit(_beside, self._office)
        return await asyncio.wrap_future(found)

    async def ask_whether_closed(self) -> None:
        """Looks anew whether the campaign is over. Raises GsjxError."""
        from gsjx_tui.office.closed import closed

        self.closed = await self.call(closed)

    async def files_changed(self) -> str:
        """What to do about files of the campaign that changed since the desk was opened; '' if
        none did. What is open stays as it was."""
        now = await asyncio.wrap_future(self._executor.submit(self._files_now))
        if now == self._files:
            return ""
        when = "管理员重启服务后" if self._seat is not None else "退出后重新打开"
        return f"评分办法、活动设置或名册的文件已改；{when}才会生效。"

    def _files_now(self) -> str:
        from gsjx_tui.office.changed_files import files_state

        return files_state(self.home, self._folders)

    def hand_in(
        self, act: Callable[Concatenate[Office, _P], _T], *args: _P.args, **options: _P.kwargs
    ) -> Future[_T]:
        """Queues an act at once; it is done even if nobody waits for the answer."""
        if self._left:
            cancelled: Future[_T] = Future()
            cancelled.cancel()
            return cancelled
        future = self._executor.submit(act, self.office, *args, **options)
        if writes(act):
            self._writing.add(future)
            future.add_done_callback(self._writing.discard)
        return future

    async def call(
        self, act: Callable[Concatenate[Office, _P], _T], *args: _P.args, **options: _P.kwargs
    ) -> _T:
        """Does an act of the office in turn and gives its answer, or raises its GsjxError.

        At a desk that was closed meanwhile nobody waits for the answer any more.
        """
        if not self.is_open:
            raise asyncio.CancelledError
        return await asyncio.wrap_future(self.hand_in(act, *args, **options))

    async def close(self, patience: float = _QUITTING) -> Sequence[GsjxError]:
        """Finishes what was handed in, then closes the ledger; why the last acts weren't done.

        A service that doesn't answer after ``patience`` seconds isn't waited for any longer; one
        that is at work is.
        """
        if self._listener is not None:
            self._listener.close()
        if self._telling is not None:
            self._telling.cancel()
        was_open, self._left = self.is_open, True
        last = list(self._writing)
        if was_open:
            closing = asyncio.wrap_future(self._executor.submit(self.office.close))
            done, _ = await asyncio.wait({closing}, timeout=patience)
            if not done and self._seat is not None:
                self._seat.leave()
            await closing
        self._executor.shutdown(wait=False)
        failed = (future.exception() for future in last if not future.cancelled())
        return [error for error in failed if isinstance(error, GsjxError)]

    def hasten(self) -> None:
        """Somebody wants to quit: for a while nothing waits for a service that doesn't answer."""
        seat = self._seat
        if seat is not None:
            loop = asyncio.get_running_loop()
            loop.call_later(_QUITTING, seat.leave)
            loop.call_later(_HASTE, lambda: seat.leave(self._left))

    # many people -------------------------------------------------------------------------------

    def work_on(self, unit: str, month: str) -> None:
        """Lets the others see which unit and month are being worked on here; '' for none."""
        seat, place = self._seat, (unit, month)
        if seat is not None and place != self._at_work:
            self._at_work = place
            self._say_place(seat)

    def others_at(self, unit: str) -> list[str]:
        """The names of others who work on a unit now."""
        me = self.office.person.login if self._seat is not None else ""
        return sorted(
            {one.name or one.login for one in self.present if one.unit == unit and one.login != me}
        )

    def called(self, login: str) -> str:
        """The name of somebody who is at work now, else the login."""
        return next((one.name or login for one in self.present if one.login == login), login)

    def _listen(self, seat: Seat) -> None:
        from gsjx_tui.seats.listening import Listener

        loop, context = asyncio.get_running_loop(), contextvars.copy_context()

        def on_the_loop(do: Callable[[_T], None], what: _T) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended: nobody to tell
                loop.call_soon_threadsafe(do, what, context=context)

        seat.on_line = lambda there: on_the_loop(self._reach, there)  # one that hangs, told sooner
        self._listener = Listener(
            seat,
            lambda news: on_the_loop(self._hear, news),
            lambda there: on_the_loop(self._reach, there),
        )

    def _hear(self, news: News) -> None:
        if news.present is not None:
            self.present = news.present
        self.on_news(news)

    def _reach(self, there: bool) -> None:
        self._there = there
        if there and self._seat is not None and self._at_work[0]:
            self._say_place(self._seat)
        self.on_line(there)

    def _say_place(self, seat: Seat) -> None:
        """Only while the service is there: nobody should wait for it with what really matters."""
        if self._telling is not None:
            self._telling.cancel()
        self._telling = self._executor.submit(_tell, seat, *self._at_work) if self._there else None


def _tell(seat: Seat, unit: str, month: str) -> None:
    # Only for others to see: an act that follows will say it if the service can't be reached.
    with contextlib.suppress(GsjxError):
        seat.present(unit, month)


def _before_opening(home: Path) -> tuple[Listed, ...]:
    """What there is to choose from before anything is open; nothing if there is no choice."""
    if root_of(home) != home or not has_further(home) or not ledger_of(home).exists():
        return ()
    from gsjx_tui.seats.opening import listed

    return listed(home)


def _beside(office: Office) -> tuple[Listed, ...]:
    from gsjx_tui.office.campaigns import campaigns_in

    return campaigns_in(office.ledger)


def _open(
    home: Path, folders: Sequence[Path]
) -> tuple[Office, Seat | None, Person | None, Turn | None]:
    """Imports what opening needs (DuckDB above all) off the message loop, after the first paint."""
    from gsjx_tui.office.closed import closed, closing
    from gsjx_tui.seats.opening import open_or_init

    office = open_or_init(home, folders)
    if office.carrier is not None:
        from gsjx_tui.seats.seat import Seat

        assert isinstance(office.carrier, Seat)
        _ = office.rubric  # read now, not at the first key
        return office, office.carrier, office.person, closed(office)
    person = None
    with contextlib.suppress(NotPermitted):  # the first act says so, on a screen that is there
        person = office.person
    return office, None, person, closing(office.ledger)
