"""What the seats hear without asking: what was done, and who works on which unit."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from gsjx_tui.domain import Month
from gsjx_tui.office.acts import Arguments
from gsjx_tui.rubric.model import Observation


@dataclass(frozen=True)
class Changed:
    """Something was done: the act, who did it, to which units and in which months.

    ``units`` and ``months`` are empty where the act may concern any.
    """

    act: str
    by: str
    units: tuple[str, ...]
    months: tuple[str, ...]


@dataclass(frozen=True)
class Present:
    """Somebody works on a unit and month."""

    login: str
    name: str
    unit: str
    month: str


@dataclass(frozen=True)
class News:
    """One piece: something that changed, or (if it isn't None) all who work on something now."""

    changed: Changed | None = None
    present: tuple[Present, ...] | None = None


def concerned(arguments: Arguments) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The units and months that an act's arguments name, as far as they do."""
    units: set[str] = set()
    months: set[str] = set()
    for name, value in arguments.items():
        if name in ("unit", "code") and isinstance(value, str):
            units.add(value)
        elif name == "codes" and isinstance(value, Iterable):
            units.update(value)
        elif isinstance(value, Month):
            months.add(str(value))
        elif name == "observations":
            seen: Observation
            for seen in value:
                units.add(seen.unit)
                months.add(str(seen.month))
    return tuple(sorted(units - {""})), tuple(sorted(months))


MOST_WAITING = 1000
"""Who hasn't taken so many pieces of news is not listening: the stream ends."""


class Board:
    """Gives each piece of news to everybody who listens. Belongs to one event loop.

    A queue ends with None; whoever still wants to hear listens anew.
    """

    def __init__(self) -> None:
        self._listeners: dict[str, asyncio.Queue[News | None]] = {}
        self._present: dict[str, Present] = {}

    def listen(self, session: str) -> asyncio.Queue[News | None]:
        """The queue of a session that listens from now on; it begins with who is there.

        If the session listened already, that ends.
        """
        queue: asyncio.Queue[News | None] = asyncio.Queue()
        if session in self._listeners:
            self._listeners[session].put_nowait(None)
        self._listeners[session] = queue
        queue.put_nowait(News(present=self._all()))
        return queue

    def leave(self, session: str, queue: asyncio.Queue[News | None]) -> None:
        """The session doesn't listen to its queue any more."""
        if self._listeners.get(session) is not queue:
            return  # it listens anew already
        del self._listeners[session]
        if self._present.pop(session, None) is not None:
            self._tell(News(present=self._all()))

    def at_work(self, session: str, present: Present) -> None:
        """What a session works on; with an empty unit: nothing."""
        before = self._present.pop(session, None)
        if present.unit and session in self._listeners:
            self._present[session] = present
        if self._present.get(session) != before:
            self._tell(News(present=self._all()))

    def changed(self, changed: Changed, session: str = "") -> None:
        """Something was done; the session that did it knows."""
        self._tell(News(changed=changed), session)

    def end(self) -> None:
        """There will be no more news: every stream ends."""
        for queue in self._listeners.values():
            queue.put_nowait(None)

    def _all(self) -> tuple[Present, ...]:
        return tuple(sorted(set(self._present.values()), key=lambda p: (p.unit, p.login)))

    def _tell(self, news: News, but: str = "") -> None:
        for session, queue in self._listeners.items():
            if session == but:
                continue
            if queue.qsize() < MOST_WAITING:
                queue.put_nowait(news)
            elif queue.qsize() == MOST_WAITING:
                queue.put_nowait(None)


def plain(news: News) -> object:
    """A piece of news as plain JSON values (``listening.news_of`` reads them)."""
    if news.changed is not None:
        changed = news.changed
        return {"changed": [changed.act, changed.by, changed.units, changed.months]}
    present = news.present or ()
    return {"present": [[p.login, p.name, p.unit, p.month] for p in present]}
