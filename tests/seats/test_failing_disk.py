"""A full disk, a read-only file system, a ledger that is replaced, under the service."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from builders import JUNE, a_unit, an_office
from gsjx_tui.domain import Month
from gsjx_tui.errors import LedgerTrouble
from gsjx_tui.office.home import open_office
from gsjx_tui.office.rank import rank
from gsjx_tui.office.record import record
from gsjx_tui.office.verify import verify
from gsjx_tui.rubric.model import Observation
from serving import SLOW, Serving, serving

pytestmark = pytest.mark.slow


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A home on a file system of its own with 8 MB."""
    place = tmp_path / "small"
    place.mkdir()
    with an_office(tmp_path, *(a_unit(f"A{n}") for n in range(1, 9))) as office:
        made = office.home
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("takes the right to mount")
    try:
        yield Path(shutil.copytree(made, place / "home"))
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def save(service: Serving, number: int, acknowledged: list[str]) -> LedgerTrouble:
    """Somebody saves until it fails; how it fails."""
    with service.office() as seat:
        for done in range(10**6):
            note = f"{number}-{done} " + "x" * 2000
            place = (f"A{number}", Month.parse(JUNE), "study.b1.body", "points", "verify")
            try:
                record(seat, [Observation(*place, Decimal(done % 10), note)])  # type: ignore[arg-type]
            except LedgerTrouble as trouble:
                return trouble
            acknowledged.append(note)
    raise AssertionError("it never failed")


def filled_and_full(service: Serving, acknowledged: list[str]) -> list[LedgerTrouble]:
    """Little space is left, and several people use it up."""
    filler = service.home.parent / "filler"
    filler.write_bytes(b"\0" * (shutil.disk_usage(filler.parent).free - 600_000))
    with ThreadPoolExecutor(6) as people:
        found = [people.submit(save, service, number, acknowledged) for number in range(1, 7)]
        return [each.result(3 * SLOW) for each in found]


def notes(home: Path) -> list[str]:
    with open_office(home) as office:
        verify(office)
        found = office.ledger._connection.execute("select note from observation").fetchall()
    return [note for (note,) in found]


def test_a_full_disk_is_told_to_everybody_and_work_goes_on_when_there_is_space(small: Path) -> None:
    acknowledged: list[str] = []
    with serving(small) as service:
        troubles = filled_and_full(service, acknowledged)
        with service.office() as seat:
            rank(seat)  # looking goes on
        assert service.process.poll() is None

        (small.parent / "filler").unlink()
        with service.office() as seat:
            place = ("A8", Month.parse(JUNE), "study.b1.body", "points", "verify")
            record(seat, [Observation(*place, Decimal(1), "after")])  # type: ignore[arg-type]
        service.kill()

    assert {trouble.kind for trouble in troubles} == {"disk_full"}
    assert "腾出空间" in str(troubles[0])
    assert acknowledged
    assert sorted(notes(small)) == sorted([*acknowledged, "after"])


def test_it_ends_in_order_on_a_full_disk_and_nothing_is_lost(small: Path) -> None:
    acknowledged: list[str] = []
    with serving(small) as service:
        filled_and_full(service, acknowledged)

        assert service.stop() == 0

    (small.parent / "filler").unlink()
    assert sorted(notes(small)) == sorted(acknowledged)


def test_it_does_not_begin_on_a_read_only_file_system(small: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small.parent)], check=True)

    command = [sys.executable, "-m", "gsjx_tui.cli", "serve", "--home", str(small)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=SLOW, check=False)

    assert ended.returncode == 1
    assert "只读" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_it_ends_when_its_ledger_is_replaced_and_goes_on_with_the_new_one(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        home = office.home
    other = home / "other"
    shutil.copy(home / "ledger.duckdb", other)
    place = ("A1", Month.parse(JUNE), "study.b1.body", "points", "verify")
    with serving(home) as service, service.office() as seat:
        record(seat, [Observation(*place, Decimal(1), "old")])  # type: ignore[arg-type]
        (home / "ledger.duckdb.wal").unlink(missing_ok=True)
        other.rename(home / "ledger.duckdb")

        with pytest.raises(LedgerTrouble, match="换掉"):
            record(seat, [Observation(*place, Decimal(2), "lost")])  # type: ignore[arg-type]
        assert service.process.wait(SLOW) == 1
        service.start_again()
        record(seat, [Observation(*place, Decimal(3), "new")])  # type: ignore[arg-type]
        service.stop()

    assert notes(home) == ["new"]
