"""Hearing the news of the service in a thread of its own, again after each interruption."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from gsjx_tui.errors import GsjxError
from gsjx_tui.seats.news import Changed, News, Present
from gsjx_tui.seats.seat import Seat

_WAIT = 0.2
"""Seconds before the next try while the service is away."""


class Listener:
    """Passes on each piece of news, and whether the line is there; in a thread of its own."""

    def __init__(
        self, seat: Seat, heard: Callable[[News], None], reached: Callable[[bool], None]
    ) -> None:
        self._seat, self._heard, self._reached = seat, heard, reached
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="news", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hears no more."""
        self._ended.set()

    def _listen(self) -> None:
        there = True
        while not self._ended.is_set():
            try:
                for said in self._seat.news():
                    if self._ended.is_set():
                        return
                    if not there:
                        there = True
                        self._reached(True)
                    news = news_of(said)
                    if news is not None:
                        self._heard(news)
            except GsjxError:
                if there and not self._ended.is_set():
                    there = False
                    self._reached(False)
            self._ended.wait(_WAIT)


def news_of(said: Any) -> News | None:
    """A piece of news from plain JSON; None for a kind that this program doesn't know."""
    if "changed" in said:
        act, by, units, months = said["changed"]
        return News(changed=Changed(act, by, tuple(units), tuple(months)))
    if "present" in said:
        return News(present=tuple(Present(*one) for one in said["present"]))
    return None
