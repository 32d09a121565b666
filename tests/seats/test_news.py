"""What a seat hears without asking."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from builders import JUNE, a_unit, an_office, observed
from gsjx_tui.domain import Month
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.home import Office
from gsjx_tui.office.record import record
from gsjx_tui.seats.listening import Listener
from gsjx_tui.seats.news import News, Present
from gsjx_tui.seats.seat import Seat
from serving import Serving, serving, until


class Ear:
    """A seat that listens: what it has heard."""

    def __init__(self, office: Office) -> None:
        assert isinstance(office.carrier, Seat)
        self.seat = office.carrier
        self.heard: list[News] = []
        self.line: list[bool] = []
        self._lock = threading.Lock()
        self._listener = Listener(self.seat, self._hear, self.line.append)
        until(lambda: self.heard)

    def _hear(self, news: News) -> None:
        with self._lock:
            self.heard.append(news)

    @property
    def present(self) -> tuple[Present, ...]:
        """Who works where, as it was heard last."""
        return next(news.present for news in reversed(self.heard) if news.present is not None)

    def close(self) -> None:
        """Hears no more."""
        self._listener.close()
        self.seat.close()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Serving]:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        home = office.home
    with serving(home) as under_way:
        yield under_way


def test_what_one_does_the_others_hear(service: Serving) -> None:
    with service.office() as office, service.office() as other:
        ear = Ear(other)

        record(office, observed("study.b1.body", 8, unit="A1"))
        confirm(office, Month.parse(JUNE), ["A1"])

        until(lambda: len([news for news in ear.heard if news.changed]) == 2)
        recorded, confirmed = [news.changed for news in ear.heard if news.changed]
        assert recorded is not None
        assert (recorded.act, recorded.units, recorded.months) == (
            "record.record",
            ("A1",),
            (JUNE,),
        )
        assert confirmed is not None
        assert (confirmed.act, confirmed.units) == ("confirm.confirm", ("A1",))
        ear.close()


def test_what_is_refused_is_no_news(service: Serving) -> None:
    with service.office() as office, service.office() as other:
        ear = Ear(other)

        with pytest.raises(Exception, match="上限"):
            record(office, observed("study.b1.body", 11, unit="A1"))
        record(office, observed("study.b1.body", 8, unit="A2"))

        until(lambda: any(news.changed for news in ear.heard))
        assert [news.changed.units for news in ear.heard if news.changed] == [("A2",)]
        ear.close()


def test_who_works_where_is_heard_until_they_leave(service: Serving) -> None:
    with service.office() as office, service.office() as other:
        ear, working = Ear(other), Ear(office)

        working.seat.present("A1", JUNE)
        until(lambda: [one.unit for one in ear.present] == ["A1"])
        working.seat.present("A2", JUNE)
        until(lambda: [one.unit for one in ear.present] == ["A2"])
        working.close()

        until(lambda: ear.present == ())
        ear.close()


def test_a_listener_says_that_the_line_is_gone_and_back(service: Serving) -> None:
    with service.office() as office:
        ear = Ear(office)

        service.kill()
        until(lambda: ear.line == [False])
        service.start_again()

        until(lambda: ear.line == [False, True])
        ear.close()
