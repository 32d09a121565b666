"""Working through the service: the same functions, answers and messages as alone."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from builders import JUNE, a_unit, an_office, observed
from gsjx_tui.domain import Month
from gsjx_tui.errors import LedgerTrouble, ObservationError, RubricError, StateError
from gsjx_tui.office.backup import BACKUPS, backups_in
from gsjx_tui.office.card import card
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.home import open_office as open_alone
from gsjx_tui.office.rank import rank
from gsjx_tui.office.record import record
from gsjx_tui.office.sheet import sheet
from gsjx_tui.office.verify import verify
from gsjx_tui.seats.serving import serve
from gsjx_tui.seats.whereabouts import SOCKET
from serving import Serving, serving, until


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Serving:
    """A service for the module; each test uses a unit of its own."""
    folder = tmp_path_factory.mktemp("served")
    units = [a_unit(f"A{number}") for number in range(1, 9)]
    with an_office(folder, *units) as office:
        home = office.home
    with serving(home) as under_way:
        yield under_way  # type: ignore[misc]


def test_the_socket_is_for_owner_and_group_alone(service: Serving) -> None:
    mode = (service.home / SOCKET).stat().st_mode

    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o660


def test_what_is_recorded_through_it_is_there_for_another_seat(service: Serving) -> None:
    with service.office() as one, service.office() as other:
        record(one, observed("study.b1.body", 8, unit="A1"))

        found = sheet(other, "A1", Month.parse(JUNE))

    assert found.value("verify", "study.b1.body", "points") == 8


def test_a_refusal_is_the_same_error_with_the_same_words(service: Serving) -> None:
    with service.office() as office, pytest.raises(ObservationError) as refused:
        record(office, observed("study.b1.body", 11, unit="A1"))

    assert "10" in str(refused.value)
    assert refused.value.faults[0].remedy


def test_confirming_tells_its_progress(service: Serving) -> None:
    told: list[tuple[int, int]] = []

    with service.office() as office:
        done = confirm(
            office, Month.parse(JUNE), ["A2"], progress=lambda n, all: told.append((n, all))
        )
        points = card(office, "A2").points
        ranks = {row.unit: row.points for row in rank(office)}

    assert done.units[0].unit.code == "A2"
    assert told[-1] == (1, 1)
    assert ranks["A2"] == points == done.points


def test_the_proof_comes_with_the_heads_of_the_chains(service: Serving) -> None:
    with service.office() as office:
        proof = verify(office)

    assert set(proof.heads) >= {"observation", "staff"}


def test_beside_it_the_ledger_can_not_be_opened(service: Serving) -> None:
    with pytest.raises(LedgerTrouble, match=str(service.process.pid)):
        open_alone(service.home)


def test_a_second_service_says_that_one_runs(service: Serving) -> None:

    with pytest.raises(StateError, match="已经在运行"):
        serve(service.home)


def test_after_it_has_ended_the_ledger_is_opened_alone_again(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        home = office.home
    with serving(home) as service, service.office() as seat:
        record(seat, observed("study.b1.body", 8))
        assert service.stop() == 0

    with open_alone(home) as office:
        assert sheet(office, "A1", Month.parse(JUNE)).value("verify", "study.b1.body", "points")
    assert not (home / SOCKET).exists()


def test_a_seat_goes_on_after_the_service_was_killed_and_started_again(tmp_path: Path) -> None:
    heard: list[bool] = []
    with an_office(tmp_path) as office:
        home = office.home
    with serving(home) as service, service.office() as seat:
        record(seat, observed("study.b1.body", 8))

        def hear(reached: bool) -> None:
            heard.append(reached)
            if not reached:
                service.start_again()

        seat.carrier.on_line = hear  # type: ignore[union-attr]
        service.kill()

        record(seat, observed("study.b1.body", 9))

        found = sheet(seat, "A1", Month.parse(JUNE))
    assert found.value("verify", "study.b1.body", "points") == 9
    assert heard == [False, True]


def test_a_seat_needs_no_duckdb(service: Serving) -> None:
    """Sixty megabytes a session are a goal; the store alone takes half of them."""
    code = """
import sys
from pathlib import Path
from gsjx_tui.domain import Month
from gsjx_tui.office.progress import progress
from gsjx_tui.office.record import record
from gsjx_tui.office.sheet import sheet
from gsjx_tui.office.trend import ranking_sheet
from gsjx_tui.seats.opening import open_office
from gsjx_tui.tui import app
from gsjx_tui.tui.screens import entry, items, ranking, review

with open_office(Path(sys.argv[1])) as office:
    record(office, [])
    sheet(office, "A1", Month.parse("2013-06"))
    progress(office)
    ranking_sheet(office)
heavy = {"duckdb", "_duckdb", "openpyxl", "pypinyin", "aiohttp"}
print(*sorted(heavy & set(sys.modules)))
"""
    ended = subprocess.run(
        [sys.executable, "-c", code, str(service.home)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (ended.stdout.strip(), ended.stderr) == ("", "")


@pytest.mark.slow
def test_it_backs_up_by_its_settings(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        home = office.home
    (home / "service.toml").write_text("[backup]\nevery_hours = 24\nkeep = 3\n", "utf-8")

    with serving(home) as service, service.office() as seat:
        until(lambda: backups_in(home / BACKUPS))
        record(seat, observed("study.b1.body", 8))

    assert len(backups_in(home / BACKUPS)) == 1


def test_settings_that_are_wrong_are_said_before_it_begins(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        home = office.home
    (home / "service.toml").write_text("[backup]\nkeep = 0\n", "utf-8")

    with pytest.raises(RubricError, match=r"service\.toml 第 2 行"):
        serve(home)
