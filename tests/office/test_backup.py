"""Backups: whole and proved while people work, kept as long as told, the last good one always."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from builders import JUNE, a_roster, a_unit, an_office, confirmed, observed, recorded
from gsjx_tui.errors import LedgerTrouble, StateError
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.office import backup as backup_module
from gsjx_tui.office.backup import BACKUPS, back_up, backups_in, changed_files, prune
from gsjx_tui.office.home import Office, open_office
from gsjx_tui.office.verify import verify

BODY = "study.b1.body"


def an_office_under_way(tmp_path: Path) -> Office:
    """A1 observed and confirmed for June."""
    office = an_office(tmp_path, a_unit("A1"))
    recorded(office, observed(BODY, 8))
    confirmed(office, JUNE)
    return office


def tree(folder: Path) -> dict[str, bytes]:
    """Every file in a folder and what is in it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


# making one ------------------------------------------------------------------------------------


def test_a_backup_is_a_home_with_the_same_content(tmp_path: Path) -> None:
    with an_office_under_way(tmp_path) as office:
        made = back_up(office)
        anchored = verify(office).anchored

    assert made.folder.parent == office.home / BACKUPS
    assert anchored is not None
    code = anchored.code
    assert (made.anchor, made.fits, made.campaign) == (code, True, "test")
    assert made.rows == {"observation": 1, "posting": 2, "confirmation": 1, "rubric_in_force": 1}
    assert sorted(entry.name for entry in made.folder.iterdir()) == [
        "backup.json",
        "campaign.toml",
        "ledger.duckdb",
        "units.csv",
    ]
    assert changed_files(made) == []
    assert backups_in(office.home / BACKUPS) == [made]
    with open_office(made.folder) as copy:
        assert verify(copy, anchor=code).months == 1


def test_only_who_makes_a_backup_can_read_it(tmp_path: Path) -> None:
    with an_office_under_way(tmp_path) as office:
        made = back_up(office)

    assert made.folder.parent.stat().st_mode & 0o777 == 0o700
    assert made.folder.stat().st_mode & 0o777 == 0o700
    assert {entry.stat().st_mode & 0o777 for entry in made.folder.iterdir()} == {0o600}


def test_a_backup_of_an_empty_ledger_is_one_too(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        made = back_up(office, tmp_path / "elsewhere" / "deep")

    assert (made.newest, made.anchor, made.total) == (None, "", 0)
    assert backups_in(tmp_path / "elsewhere" / "deep") == [made]


def test_a_backup_can_be_read_by_the_oldest_duckdb_that_is_meant_to(tmp_path: Path) -> None:
    with an_office_under_way(tmp_path) as office:
        made = back_up(office)

    with duckdb.connect(str(made.folder / "ledger.duckdb"), read_only=True) as connection:
        tags = connection.execute(
            "select tags['storage_version'] from duckdb_databases() where not internal"
        ).fetchone()
    assert tags is not None
    assert tags[0].startswith("v1.5.0")


def test_backups_made_in_one_second_have_names_of_their_own(tmp_path: Path) -> None:
    with an_office_under_way(tmp_path) as office:
        made = [back_up(office) for _ in range(3)]

    assert len({backup.folder for backup in made}) == 3
    assert backups_in(office.home / BACKUPS) == made
    assert made[0].made_at < made[1].made_at < made[2].made_at


def test_backups_stay_in_order_though_the_clock_is_set_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        """Long ago."""

        @classmethod
        def now(cls, tz: object = None) -> Clock:
            return cls(2001, 1, 1)

    with an_office_under_way(tmp_path) as office:
        first = back_up(office)
        monkeypatch.setattr(backup_module, "datetime", Clock)
        second = back_up(office)

    assert first.newest is not None
    assert second.made_at >= first.made_at + timedelta(seconds=1) > first.newest
    assert backups_in(office.home / BACKUPS) == [first, second]


def test_a_backup_is_consistent_while_others_write(tmp_path: Path) -> None:
    """Each act adds an observation and a return; a backup has both of it or neither."""
    with an_office_under_way(tmp_path) as office:
        ledger, ended = office.ledger, threading.Event()
        acts = 0

        def write() -> None:
            nonlocal acts
            while not ended.is_set():
                with ledger.act() as now:
                    seen = ("A1", JUNE, BODY, "points", "claim", "1.00", "", "entry", "w", now)
                    ledger.append("observation", [seen])
                    ledger.append("returned", [("A1", JUNE, "", "", "", "w", now)])
                acts += 1

        writer = threading.Thread(target=write)
        writer.start()
        try:
            made = [back_up(office) for _ in range(8)]
        finally:
            ended.set()
            writer.join()
        told = [(b.rows["observation"], b.rows.get("returned", 0)) for b in made]

    assert acts > 20
    assert all(observations == returns + 1 for observations, returns in told)
    assert told == sorted(told)
    assert len(set(told)) > 3


def test_a_file_changed_and_not_taken_over_is_told(tmp_path: Path) -> None:
    with an_office_under_way(tmp_path) as office:
        (office.home / "units.csv").write_text(a_roster(a_unit("A1"), a_unit("A2")), "utf-8")

        assert not back_up(office).fits


# what doesn't come about -----------------------------------------------------------------------


def test_a_ledger_whose_chain_is_broken_makes_no_backup(tmp_path: Path) -> None:
    with an_office_under_way(tmp_path) as office:
        good = back_up(office)
        office.ledger.query("update posting set points = 9 where seq = 1")
        before = tree(office.home / BACKUPS)

        with pytest.raises(StateError, match="备份没有做成：账本的链不完整，运行 gsjx verify 查看"):
            back_up(office)

        assert tree(office.home / BACKUPS) == before
        assert backups_in(office.home / BACKUPS) == [good]


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        ("delete from observation where seq = 2", "比账本少了内容"),
        ("delete from observation", "比账本少了内容"),
    ],
)
def test_a_copy_that_lacks_something_makes_no_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tamper: str, says: str
) -> None:
    copy_to = Ledger.copy_to

    def copy_some(ledger: Ledger, path: Path) -> None:
        copy_to(ledger, path)
        with duckdb.connect(str(path)) as connection:
            connection.execute(tamper)

    with an_office_under_way(tmp_path) as office:
        recorded(office, observed("study.b3.briefs", month="2013-07", count=4))
        monkeypatch.setattr(Ledger, "copy_to", copy_some)

        with pytest.raises(StateError, match=f"备份没有做成：{says}"):
            back_up(office)

        assert tree(office.home / BACKUPS) == {}


def test_a_copy_of_another_ledger_makes_no_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    with an_office_under_way(tmp_path / "other") as other:
        copy_of_other = other.home / "ledger.duckdb"
    monkeypatch.setattr(
        Ledger, "copy_to", lambda self, path: path.write_bytes(copy_of_other.read_bytes())
    )

    with an_office_under_way(tmp_path) as office:
        with pytest.raises(StateError, match="备份没有做成：与账本内容不同"):
            back_up(office)

        assert tree(office.home / BACKUPS) == {}


def test_what_a_killed_backup_left_is_taken_away_by_the_next(tmp_path: Path) -> None:
    program = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from gsjx_tui.ledger.ledger import Ledger\n"
        "from gsjx_tui.office.backup import back_up\n"
        "from gsjx_tui.office.home import open_office\n"
        "copy_to = Ledger.copy_to\n"
        "Ledger.copy_to = lambda *a: (copy_to(*a), os.kill(os.getpid(), 9))\n"
        "back_up(open_office(Path(sys.argv[1])))\n"
    )
    with an_office_under_way(tmp_path) as office:
        home = office.home
    ended = subprocess.run([sys.executable, "-c", program, str(home)], check=False)
    assert ended.returncode == -9
    assert len(list((home / BACKUPS).iterdir())) == 1
    assert backups_in(home / BACKUPS) == []

    with open_office(home) as office:
        made = back_up(office)

    assert list((home / BACKUPS).iterdir()) == [made.folder]


def test_a_folder_that_cant_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with an_office_under_way(tmp_path) as office:
        with pytest.raises(LedgerTrouble, match=r"是文件，不是文件夹|已有同名的文件"):
            back_up(office, tmp_path / "file")
        recorded(office, observed(BODY, 5, month="2013-07"))


# retention -------------------------------------------------------------------------------------


def spoil(folder: Path) -> None:
    """One byte of a backup's ledger is another."""
    path = folder / "ledger.duckdb"
    content = bytearray(path.read_bytes())
    content[20_000] ^= 1
    path.write_bytes(content)


def test_the_newest_backups_stay(tmp_path: Path) -> None:
    with an_office_under_way(tmp_path) as office:
        made = [back_up(office).folder for _ in range(5)]

    assert prune(office.home / BACKUPS, 2) == tuple(made[:3])
    assert sorted((office.home / BACKUPS).iterdir()) == made[3:]
    assert prune(office.home / BACKUPS, 2) == ()


def test_where_there_are_no_backups_nothing_is_removed(tmp_path: Path) -> None:
    assert prune(tmp_path / "nowhere", 3) == ()


@pytest.mark.parametrize("keep", [0, -1])
def test_all_backups_are_never_removed(tmp_path: Path, keep: int) -> None:
    with an_office_under_way(tmp_path) as office:
        made = back_up(office)

    with pytest.raises(StateError, match="至少保留 1 份"):
        prune(office.home / BACKUPS, keep)
    assert made.folder.exists()


def test_the_newest_sound_backup_stays_though_newer_ones_are_spoilt(tmp_path: Path) -> None:
    with an_office_under_way(tmp_path) as office:
        made = [back_up(office).folder for _ in range(5)]
    spoil(made[3])
    (made[4] / "units.csv").unlink()

    assert prune(office.home / BACKUPS, 2) == (made[0], made[1])
    assert sorted((office.home / BACKUPS).iterdir()) == made[2:]


def test_what_this_program_didnt_make_stays(tmp_path: Path) -> None:
    with an_office_under_way(tmp_path) as office:
        made = [back_up(office).folder for _ in range(4)]
    folder = office.home / BACKUPS
    (folder / "领导讲话").mkdir()
    (folder / "说明.txt").write_text("勿删")
    (folder / "老备份").mkdir()
    (folder / "老备份" / "backup.json").write_text(json.dumps({"format": 7}))
    (made[1] / "说明.txt").write_text("这份要留")

    assert prune(folder, 1) == (made[0], made[2])
    assert (made[1] / "ledger.duckdb").exists()
    assert {entry.name for entry in folder.iterdir()} == {
        *(path.name for path in (made[1], made[3])),
        *("领导讲话", "说明.txt", "老备份"),
    }
