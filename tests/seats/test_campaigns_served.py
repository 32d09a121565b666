"""One service, two campaigns: each seat works in its own, and hears what is done there alone."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from builders import (
    JUNE,
    a_campaign,
    a_plugin,
    a_roster,
    a_stage,
    a_unit,
    confirmed,
    observed,
    recorded,
)
from gsjx_tui.domain import Month
from gsjx_tui.errors import LedgerTrouble, NotPermitted, RubricError, StateError
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.office.acts import all_acts
from gsjx_tui.office.backup import back_up, backups_in
from gsjx_tui.office.campaign_clone import clone_campaign
from gsjx_tui.office.campaigns import home_of
from gsjx_tui.office.copies import Copies
from gsjx_tui.office.home import init, open_beside, open_office, reading
from gsjx_tui.office.people import Person
from gsjx_tui.office.query import asking
from gsjx_tui.office.rank import rank
from gsjx_tui.office.record import record
from gsjx_tui.office.sheet import sheet
from gsjx_tui.office.staff import set_staff
from gsjx_tui.office.verify import verify
from gsjx_tui.seats import opening
from gsjx_tui.seats.listening import Listener
from gsjx_tui.seats.seat import Seat
from gsjx_tui.seats.wire import Wire
from gsjx_tui.seats.work import Caller, Job, Room, Work
from serving import SLOW, serving

PLAN, NEXT = "first.b1.plan", "next"
JUN, NEXT_JUN = Month.parse(JUNE), Month(2014, 6)


def a_home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    item = {"id": "plan", "rule": "graded", "max": 100}
    a_plugin(home / "plugins", "first", stage=a_stage(item, id="first", points=100))
    (home / "campaign.toml").write_text(a_campaign(["first"], points=100), "utf-8")
    (home / "units.csv").write_text(a_roster(*(a_unit(f"U{n}") for n in range(20))), "utf-8")
    init(home).close()
    clone_campaign(home, "test", NEXT, "下一年")
    return home


def test_writers_in_both_at_once_each_keep_what_they_wrote(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    places = {home: JUNE, home_of(home, NEXT): "2014-06"}
    start = threading.Barrier(8)

    def write(number: int) -> None:
        place, month = list(places.items())[number % 2]
        with opening.open_office(place) as office:
            start.wait(SLOW)
            for unit in range(number // 2, 20, 4):
                points = unit + 1 if number % 2 else 100 - unit
                record(office, observed(PLAN, points, unit=f"U{unit}", month=month))

    with serving(home) as service:
        with ThreadPoolExecutor(8) as writers:
            list(writers.map(write, range(8)))
        for place, month in places.items():
            with opening.open_office(place) as office:
                confirmed(office, month)
        assert service.stop() == 0

    for place, points in (
        (home, [100 - n for n in range(20)]),
        (home_of(home, NEXT), [n + 1 for n in range(20)]),
    ):
        with reading(place) as office:
            found = {row.unit: row.points for row in rank(office)}
            assert [found[f"U{n}"] for n in range(20)] == points
            assert verify(office).months == 20


def test_news_go_to_the_seats_of_the_campaign(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    heard: dict[str, list[str]] = {"main": [], NEXT: []}
    told = threading.Event()

    with serving(home) as service:
        seats = {"main": home, NEXT: home_of(home, NEXT)}
        listeners = []
        for schema, place in seats.items():
            listening = opening.open_office(place)
            assert isinstance(listening.carrier, Seat)

            def hear(news: object, schema: str = schema) -> None:
                changed = getattr(news, "changed", None)
                if changed is not None:
                    heard[schema].append(",".join(changed.months))
                    if changed.months == ("2014-07",):
                        told.set()

            listeners.append(Listener(listening.carrier, hear, lambda there: None))
        threading.Event().wait(0.5)
        with service.office() as first, opening.open_office(seats[NEXT]) as second:
            record(first, observed(PLAN, 1, unit="U1"))
            record(second, observed(PLAN, 1, unit="U1", month="2014-06"))
            record(second, observed(PLAN, 1, unit="U1", month="2014-07"))
        assert told.wait(SLOW)
        for listener in listeners:
            listener.close()

    assert heard == {"main": [JUNE], NEXT: ["2014-06", "2014-07"]}


def test_a_role_is_that_of_the_campaign(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    with open_office(home) as office:
        set_staff(office, "man", "admin")
        set_staff(office, "root", "viewer")

    with serving(home) as service:
        with service.office() as office, pytest.raises(NotPermitted):
            record(office, observed(PLAN, 1, unit="U1"))
        with opening.open_office(home_of(home, NEXT)) as office:
            assert office.person == Person("root", "", "admin")
            record(office, observed(PLAN, 1, unit="U1", month="2014-06"))


def test_queries_backups_and_the_list_through_the_service(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    place = home_of(home, NEXT)

    with serving(home):
        with opening.open_office(place) as office:
            recorded(office, observed(PLAN, 9, unit="U3", month="2014-06"))
            copies = Copies()
            with pytest.raises(StateError), opening.open_office(home / "campaigns" / "other"):
                pass
            assert copies.copy(office).exists()
            with asking(office, "select unit from observation") as query:
                assert query.answer().rows == [["U3"]]
            copies.close()
            made = back_up(office)
            assert made.campaign == "test"
            assert made.rows == {f"{NEXT}.observation": 1}
        assert [one.folder for one in backups_in(home / "备份")] == [made.folder]
        listed = opening.listed(home)
        assert [(one.id, one.schema) for one in listed] == [("test", "main"), (NEXT, NEXT)]
        assert listed[1].newest is not None
        with pytest.raises(StateError, match="有 2 个活动在进行"):
            opening.chosen(home)
        assert opening.chosen(home, NEXT) == place


def test_a_campaign_with_faulty_files_keeps_nobody_from_the_other(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    place = home_of(home, NEXT)
    (place / "units.csv").write_text("code,name,category\n,,\n", "utf-8")

    with serving(home) as service:
        with service.office() as office:
            recorded(office, observed(PLAN, 9, unit="U3"))
        with pytest.raises((RubricError, StateError), match=r"units.csv"):
            opening.open_office(place)


def test_a_campaign_added_while_the_service_is_away_is_served_then(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    with serving(home) as service:
        with pytest.raises(LedgerTrouble, match="账本正被"):
            clone_campaign(home, "test", "third", "第三年", 24)
        assert service.stop() == 0
        clone_campaign(home, "test", "third", "第三年", 24)
        service.start_again()
        with opening.open_office(home_of(home, "third")) as office:
            assert sheet(office, "U1", Month(2015, 6)).stage.id == "first"


def test_killed_both_have_what_was_acknowledged(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    place = home_of(home, NEXT)
    with serving(home) as service:
        with service.office() as first, opening.open_office(place) as second:
            record(first, observed(PLAN, 1, unit="U1"))
            record(second, observed(PLAN, 2, unit="U1", month="2014-06"))
        service.kill()
        service.start_again()
        with service.office() as office:
            assert sheet(office, "U1", JUN).value("verify", PLAN, "points") == 1
        with opening.open_office(place) as office:
            assert sheet(office, "U1", NEXT_JUN).value("verify", PLAN, "points") == 2


def test_a_store_that_gave_up_is_opened_anew_for_every_campaign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = a_home(tmp_path)
    act, me = all_acts()["record.record"], Caller("root", owner=True)
    with open_office(home) as first, open_beside(first, home_of(home, NEXT)) as second:
        room = Room(second, Wire(second.rubric))
        work = Work(first, Wire(first.rubric), lambda job: None, further=[room])

        def saved(unit: str, campaign: str) -> Job:
            month = JUNE if campaign == "main" else "2014-06"
            arguments = {"observations": observed(PLAN, 1, unit=unit, month=month)}
            return Job(act, arguments, me, key=f"{unit} {campaign}", campaign=campaign)

        def seen(campaign: str) -> int:
            reading = work.read(lambda o: o.ledger.head("observation").seq, me, campaign)
            return int(reading.result(SLOW))

        assert (seen("main"), seen(NEXT)) == (0, 0)
        given_up = second.ledger._connection
        commit, failing = Ledger._commit, iter([True])

        def failed(ledger: Ledger) -> None:
            if next(failing, False):
                raise LedgerTrouble("disk_full")
            commit(ledger)

        monkeypatch.setattr(Ledger, "_commit", failed)
        monkeypatch.setattr(
            Ledger, "works", lambda ledger: second.ledger._connection is not given_up
        )
        trouble = work.hand_in(saved("U1", NEXT)).exception(SLOW)
        for campaign in ("main", NEXT):
            work.hand_in(saved("U2", campaign)).result(SLOW)

        assert isinstance(trouble, LedgerTrouble)
        assert second.ledger._connection is not given_up
        assert (seen("main"), seen(NEXT)) == (1, 1)
        work.close()
