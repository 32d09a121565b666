"""The service killed at any instant: nothing acknowledged is lost, nothing is done twice."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from builders import JULY, JUNE, a_unit, an_office
from gsjx_tui.domain import Month
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.home import Office, open_office
from gsjx_tui.office.record import import_rows, record
from gsjx_tui.office.verify import verify
from gsjx_tui.rubric.model import Observation
from gsjx_tui.seats.seat import Seat
from serving import SLOW, Serving, serving

KILLS = int(os.environ.get("GSJX_KILLS", "24"))
"""How often the service is killed under load; more may be asked for by hand."""

WRITERS = 20
UNITS = 60

pytestmark = pytest.mark.slow

_SAVING = """
import sys
from decimal import Decimal
from pathlib import Path
from gsjx_tui.domain import Month
from gsjx_tui.office.record import record
from gsjx_tui.rubric.model import Observation
from gsjx_tui.seats.opening import open_office

_, home, name = sys.argv
with open_office(Path(home)) as office:
    for done in range(10**6):
        place = ("A30", Month.parse("2013-06"), "study.b1.body", "points", "verify")
        record(office, [Observation(*place, Decimal(done % 10), f"{name}-{done}")])
        print(done, flush=True)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with an_office(tmp_path, *(a_unit(f"A{n}") for n in range(1, UNITS + 1))) as office:
        return office.home


def seen(unit: int, note: str, points: int = 5, month: str = JUNE) -> Observation:
    return Observation(
        f"A{unit}", Month.parse(month), "study.b1.body", "points", "verify", Decimal(points), note
    )


def notes(home: Path) -> Counter[str]:
    """How often each note is in the ledger, once the service has ended; the ledger is proved."""
    with open_office(home) as office:
        verify(office)
        found = office.ledger._connection.execute("select note from observation").fetchall()
    return Counter(note for (note,) in found)


def whole(path: Path) -> int:
    """How many observations a copy has; none is missing in the chain."""
    with Ledger.open(path, read_only=True) as ledger:
        count = ledger._connection.execute("select count(*) from observation").fetchone()
        assert count is not None
        assert count[0] == ledger.head("observation").seq
        return int(count[0])


@contextmanager
def writing(service: Serving, writers: int = WRITERS) -> Iterator[list[str]]:
    """People who save one telling value after another; the notes of what was acknowledged."""
    acknowledged: list[str] = []
    stop = threading.Event()

    def write(number: int) -> None:
        done = 0
        with service.office() as seat:
            while not stop.is_set():
                note = f"{number}-{done}"
                record(seat, [seen(number % 20 + 1, note, done % 10)])
                acknowledged.append(note)
                done += 1

    with ThreadPoolExecutor(writers) as people:
        futures = [people.submit(write, number) for number in range(writers)]
        try:
            yield acknowledged
        finally:
            stop.set()
        for future in futures:
            future.result(3 * SLOW)


def killed_until(service: Serving, done: Future[object], waits: Sequence[float]) -> int:
    """Kills the service after each of these waits, as long as something is not done."""
    kills = 0
    for wait in waits:
        time.sleep(wait)
        if done.done():
            break
        service.kill()
        kills += 1
        service.start_again()
    return kills


def test_twenty_who_write_lose_nothing_and_double_nothing(home: Path) -> None:
    chance = random.Random(KILLS)

    with serving(home) as service:
        with writing(service) as acknowledged:
            for _ in range(KILLS):
                before = len(acknowledged)
                time.sleep(chance.uniform(0.005, 0.25))
                service.kill()
                service.start_again()
                while len(acknowledged) == before:
                    time.sleep(0.005)
        service.stop()

    found = notes(home)
    assert len(acknowledged) > KILLS
    assert not set(acknowledged) - set(found)
    assert not {note: times for note, times in found.items() if times > 1}
    assert set(found) == set(acknowledged)


def test_confirming_all_units_is_done_once_however_often_it_is_killed(home: Path) -> None:
    with open_office(home) as office:
        record(office, [seen(unit, f"{unit}") for unit in range(1, UNITS + 1)])
    chance = random.Random(1)
    told: list[int] = []

    with serving(home) as service, service.office() as seat, ThreadPoolExecutor(1) as other:
        done = other.submit(
            confirm, seat, Month.parse(JUNE), progress=lambda done, total: told.append(done)
        )
        kills = killed_until(service, done, [chance.uniform(0, 0.1) for _ in range(8)])
        confirmed = done.result(SLOW)
        service.stop()

    assert kills
    assert len(confirmed.units) == UNITS
    with open_office(home) as office:
        assert verify(office).months == UNITS


def test_an_import_is_done_once_and_whole_however_often_it_is_killed(home: Path) -> None:
    chance = random.Random(2)
    fields = [(unit, month) for unit in range(1, UNITS + 1) for month in (JUNE, JULY)]
    rows = [seen(unit, f"{unit} {month}", month=month) for unit, month in fields]

    def bring(seat: Office) -> int:
        return import_rows(seat, rows, range(2, len(rows) + 2), [], "rows.csv").observations

    with serving(home) as service, service.office() as seat, ThreadPoolExecutor(1) as other:
        for number in range(4):
            done = other.submit(bring, seat)
            killed_until(service, done, [chance.uniform(0, 0.1) for _ in range(2)])
            assert done.result(SLOW) == len(rows), number
        service.stop()

    assert set(notes(home).values()) == {4}


def test_a_copy_that_is_cut_off_is_an_error_and_the_next_is_whole(
    home: Path, tmp_path: Path
) -> None:
    with serving(home) as service, service.office() as seat, writing(service) as acknowledged:
        assert isinstance(seat.carrier, Seat)
        for number in range(6):
            path = tmp_path / f"copy{number}.duckdb"
            with ThreadPoolExecutor(1) as other:
                copied = other.submit(seat.carrier.copy_ledger, path)
                time.sleep(0.01 * number)
                service.kill()
                service.start_again()
                if copied.exception(SLOW) is None:
                    assert whole(path)
        before = len(acknowledged)
        seat.carrier.copy_ledger(tmp_path / "whole.duckdb")

    assert whole(tmp_path / "whole.duckdb") >= before


def test_what_was_handed_in_is_done_when_it_is_told_to_end(home: Path) -> None:
    with serving(home) as service:
        with writing(service) as acknowledged:
            for _ in range(3):
                before = len(acknowledged)
                while len(acknowledged) < before + 50:
                    time.sleep(0.005)
                assert service.stop() == 0
                service.start_again()
        service.stop()

    assert notes(home) == Counter(acknowledged)


def test_whoever_is_killed_in_the_middle_of_a_request_disturbs_nobody(home: Path) -> None:
    with serving(home) as service:
        with writing(service, 4) as acknowledged:
            for number in range(4):
                command = [sys.executable, "-c", _SAVING, str(home), f"killed-{number}"]
                with subprocess.Popen(command, stdout=subprocess.PIPE) as person:
                    assert person.stdout is not None
                    assert person.stdout.readline()
                    time.sleep(0.03 * number)
                    person.kill()
            before = len(acknowledged)
            while len(acknowledged) == before:
                time.sleep(0.005)
        service.stop()

    found = notes(home)
    assert set(acknowledged) <= set(found)
    assert set(found.values()) == {1}
