"""Restoring: proved before it replaces, whole at any instant, nothing deleted, undone if wanted."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from builders import (
    JULY,
    JUNE,
    a_roster,
    a_unit,
    an_office,
    confirmed,
    observed,
    recorded,
    reopened,
)
from gsjx_tui.errors import LedgerTrouble, StateError
from gsjx_tui.ledger import replacement
from gsjx_tui.office.backup import BACKUPS, Backup, back_up
from gsjx_tui.office.home import init, open_office
from gsjx_tui.office.restore import ASIDE, restore
from gsjx_tui.office.verify import verify

BODY = "study.b1.body"


def a_home_with_a_backup(tmp_path: Path) -> tuple[Path, Backup]:
    """June is confirmed in the backup. Since, A2 came and something was recorded in July."""
    office = an_office(tmp_path, a_unit("A1"))
    recorded(office, observed(BODY, 8))
    confirmed(office, JUNE)
    made = back_up(office)
    office = reopened(office, roster=a_roster(a_unit("A1"), a_unit("A2")))
    recorded(office, observed("study.b3.briefs", month=JULY, unit="A2", count=4))
    office.close()
    return office.home, made


def state(home: Path) -> tuple[int, tuple[str, ...]]:
    """How many observations a home's ledger holds, and its units; the ledger is proved."""
    with open_office(home) as office:
        verify(office)
        return office.ledger.head("observation").seq, tuple(unit.code for unit in office.units)


OLD, NEW = (2, ("A1", "A2")), (1, ("A1",))
"""The state of the home, and of its backup."""


def tree(folder: Path) -> dict[str, bytes]:
    """Every file in a folder and what is in it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def leftovers(home: Path) -> list[str]:
    """What a restoration leaves in a home beside its files and folders."""
    usual = {"ledger.duckdb", "campaign.toml", "units.csv", BACKUPS, ASIDE}
    return sorted({entry.name for entry in home.iterdir()} - usual)


# replacing -------------------------------------------------------------------------------------


def test_a_backup_takes_the_ledgers_place_and_that_one_is_put_aside(tmp_path: Path) -> None:
    home, made = a_home_with_a_backup(tmp_path)

    done = restore(home, made.folder)

    assert state(home) == NEW
    assert done.proof.months == 1
    assert (done.lost, done.other_history, done.left_out, done.unreadable) == (1, False, 0, "")
    assert done.before is not None
    assert (done.before.total, done.after.total) == (made.total + 1, made.total)
    assert done.aside is not None
    assert done.aside.parent == home / ASIDE
    assert state(done.aside) == OLD
    assert leftovers(home) == []


def test_a_backup_is_found_by_its_name_alone(tmp_path: Path) -> None:
    home, made = a_home_with_a_backup(tmp_path)

    assert restore(home, Path(made.folder.name)).backup == made.folder


def test_restoring_is_undone_by_restoring_what_was_put_aside(tmp_path: Path) -> None:
    home, made = a_home_with_a_backup(tmp_path)
    aside = restore(home, made.folder).aside
    assert aside is not None

    done = restore(home, aside)

    assert state(home) == OLD
    assert (done.lost, done.other_history) == (0, False)
    assert done.aside is not None
    assert state(done.aside) == NEW


def test_a_trial_tells_all_and_changes_nothing(tmp_path: Path) -> None:
    home, made = a_home_with_a_backup(tmp_path)
    before = tree(home)

    done = restore(home, made.folder, dry_run=True)

    assert (done.lost, done.aside) == (1, None)
    assert tree(home) == before
    assert leftovers(home) == []


def test_the_backup_itself_stays_as_it_was(tmp_path: Path) -> None:
    home, made = a_home_with_a_backup(tmp_path)
    before = tree(made.folder)

    restore(home, made.folder)

    assert tree(made.folder) == before


def test_another_history_is_told(tmp_path: Path) -> None:
    home, made = a_home_with_a_backup(tmp_path)
    restore(home, made.folder)
    with open_office(home) as office:
        recorded(office, observed(BODY, 3, month=JULY))
        other = back_up(office)
    (first, *_) = sorted((home / ASIDE).iterdir())
    restore(home, first)

    done = restore(home, other.folder)

    assert done.other_history


def test_the_new_ledger_is_for_whom_the_old_one_was(tmp_path: Path) -> None:
    home, made = a_home_with_a_backup(tmp_path)
    (home / "ledger.duckdb").chmod(0o640)

    restore(home, made.folder)

    assert (home / "ledger.duckdb").stat().st_mode & 0o777 == 0o640


# where the present ledger is no good -------------------------------------------------------------


def corrupt(home: Path) -> None:
    path = home / "ledger.duckdb"
    content = bytearray(path.read_bytes())
    content[4096:300_000] = bytes(300_000 - 4096)
    path.write_bytes(content)


def empty(home: Path) -> None:
    (home / "ledger.duckdb").write_bytes(b"")


def garbage(home: Path) -> None:
    (home / "ledger.duckdb").write_bytes(b"x" * 10_000)


@pytest.mark.parametrize("spoil", [corrupt, empty, garbage])
def test_a_ledger_that_cant_be_read_is_replaced_and_kept(tmp_path: Path, spoil: object) -> None:
    home, made = a_home_with_a_backup(tmp_path)
    spoil(home)  # type: ignore[operator]
    spoilt = (home / "ledger.duckdb").read_bytes()

    done = restore(home, made.folder)

    assert state(home) == NEW
    assert done.before is None
    assert done.unreadable
    assert done.aside is not None
    assert (done.aside / "ledger.duckdb").read_bytes() == spoilt


def test_a_ledger_that_is_gone_is_replaced(tmp_path: Path) -> None:
    home, made = a_home_with_a_backup(tmp_path)
    (home / "ledger.duckdb").unlink()

    done = restore(home, made.folder)

    assert state(home) == NEW
    assert (done.before, done.unreadable) == (None, "")


def test_a_home_that_is_gone_is_made_again(tmp_path: Path) -> None:
    home, made = a_home_with_a_backup(tmp_path)
    safe = tmp_path / "safe"
    shutil.copytree(made.folder, safe)
    shutil.rmtree(home)

    done = restore(home, safe)

    assert state(home) == NEW
    assert done.aside is None


def a_foreign_log(home: Path) -> bytes:
    """The log of another ledger."""
    with init(home) as office:
        office.ledger.checkpoint()
        recorded(office, observed(BODY, 5, unit="E01"))
        return (home / "ledger.duckdb.wal").read_bytes()


def test_a_log_that_isnt_the_ledgers_goes_aside_with_it(tmp_path: Path) -> None:
    foreign = a_foreign_log(tmp_path / "other")
    home, made = a_home_with_a_backup(tmp_path)
    (home / "ledger.duckdb.wal").write_bytes(foreign)
    with pytest.raises(LedgerTrouble, match="不是这个账本的"):
        open_office(home)

    done = restore(home, made.folder)

    assert state(home) == NEW
    assert done.aside is not None
    assert (done.aside / "ledger.duckdb.wal").read_bytes() == foreign


def test_a_ledger_is_restored_from_itself_without_a_log_that_isnt_its_own(tmp_path: Path) -> None:
    foreign = a_foreign_log(tmp_path / "other")
    home, _ = a_home_with_a_backup(tmp_path)
    (home / "ledger.duckdb.wal").write_bytes(foreign)

    done = restore(home, home)

    assert state(home) == OLD
    assert done.left_out == len(foreign)


# refused ---------------------------------------------------------------------------------------


def refusal(home: Path, backup: Path) -> str:
    """What is said; nothing changes."""
    before = tree(home)
    with pytest.raises(StateError) as refused:
        restore(home, backup)
    assert tree(home) == before
    assert leftovers(home) == []
    return str(refused.value)


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    home, _ = a_home_with_a_backup(tmp_path)
    (tmp_path / "photos").mkdir()

    assert "这里没有账本备份" in refusal(home, tmp_path / "photos")
    assert "这里没有账本备份" in refusal(home, tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["ledger.duckdb", "campaign.toml", "units.csv"])
def test_a_backup_that_isnt_as_it_was_made_is_refused(tmp_path: Path, name: str) -> None:
    home, made = a_home_with_a_backup(tmp_path)
    with (made.folder / name).open("ab") as file:
        file.write(b"#\n")

    said = refusal(home, made.folder)

    assert said.startswith("这份备份没有通过证明，没有替换任何内容：")
    assert f"{name} 与做备份时不同" in said


def test_a_backup_whose_figures_dont_agree_is_refused(tmp_path: Path) -> None:
    """Whoever changed it saw to the digests, but not to the chain."""
    home, made = a_home_with_a_backup(tmp_path)
    (made.folder / "backup.json").unlink()
    with duckdb.connect(str(made.folder / "ledger.duckdb")) as connection:
        connection.execute("update posting set points = 9 where seq = 1")

    said = refusal(home, made.folder)

    assert said.startswith("这份备份没有通过证明，没有替换任何内容：")
    assert "记账第 1 条" in said


def test_a_backup_that_cant_be_opened_is_refused(tmp_path: Path) -> None:
    home, made = a_home_with_a_backup(tmp_path)
    (made.folder / "backup.json").unlink()
    (made.folder / "ledger.duckdb").write_bytes(b"x" * 5000)

    assert "账本文件不是本程序的账本" in refusal(home, made.folder)


HOLDER = """
import sys, pathlib
from gsjx_tui.ledger.ledger import Ledger
with Ledger.open(pathlib.Path(sys.argv[1]), read_only=sys.argv[2] == "reading"):
    print("open", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(params=["writing", "reading"])
def held(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Path, Backup, int]]:
    home, made = a_home_with_a_backup(tmp_path)
    command = [sys.executable, "-c", HOLDER, str(home / "ledger.duckdb"), request.param]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        yield home, made, other.pid
        other.stdin.close()


def test_while_a_process_holds_the_ledger_nothing_is_replaced(
    held: tuple[Path, Backup, int],
) -> None:
    home, made, other = held

    said = refusal(home, made.folder)

    assert f"（进程 {other}），没有替换任何内容" in said
    assert "请那边先退出（服务用 systemctl stop gsjx 停止），再恢复" in said


# killed ----------------------------------------------------------------------------------------

KILLED = """
import os, sys
from pathlib import Path
from gsjx_tui.office.restore import restore
left = int(sys.argv[3])

def counted(work):
    def call(*arguments, **options):
        global left
        left -= 1
        last = left == 0
        try:
            return work(*arguments, **options)
        finally:
            if last:
                os.kill(os.getpid(), 9)
    return call

for name in ("rename", "replace", "link", "unlink", "rmdir", "mkdir"):
    setattr(os, name, counted(getattr(os, name)))
restore(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def with_log(home: Path, folder: Path) -> Path:
    """A copy of a home as a kill leaves it: its last act is in the log alone."""
    with open_office(home) as office:
        recorded(office, observed(BODY, 5, month=JULY))
        shutil.copytree(home, folder)
    assert (folder / "ledger.duckdb.wal").exists()
    return folder


@pytest.mark.slow
def test_killed_after_any_step_it_leaves_the_old_ledger_or_the_new_one(tmp_path: Path) -> None:
    home, made = a_home_with_a_backup(tmp_path)
    template = with_log(home, tmp_path / "template")
    old = (OLD[0] + 1, OLD[1])
    outcomes = []

    for step in range(1, 200):
        there = tmp_path / "there"
        shutil.copytree(template, there)
        command = [sys.executable, "-c", KILLED, there, made.folder, str(step)]
        ended = subprocess.run([str(word) for word in command], check=False)
        if ended.returncode == 0:
            break
        assert ended.returncode == -9

        found = state(there)
        outcomes.append(found == NEW)
        assert found in (old, NEW), step
        if found == NEW:
            (aside,) = (there / ASIDE).iterdir()
            assert state(aside) == old, step
        restore(there, made.folder)
        assert state(there) == NEW
        assert leftovers(there) == []
        shutil.rmtree(there)

    assert ended.returncode == 0
    assert state(there) == NEW
    assert outcomes.count(False) > 5
    assert outcomes.count(True) > 5
    assert outcomes == sorted(outcomes)


def test_a_replacement_cut_off_is_completed_by_whoever_opens_the_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, made = a_home_with_a_backup(tmp_path)

    class Killed(BaseException):
        """Stands for a kill."""

    def kill(path: Path) -> None:
        if (path.parent / replacement.PENDING).exists():
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(replacement, "finish", kill)
        with pytest.raises(Killed):
            restore(home, made.folder)
    assert (home / replacement.PENDING).is_dir()
    assert (home / "units.csv").read_text("utf-8") == a_roster(a_unit("A1"), a_unit("A2"))

    assert state(home) == NEW
    assert leftovers(home) == []


def test_a_new_ledger_is_not_made_over_a_decided_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, made = a_home_with_a_backup(tmp_path)
    safe = tmp_path / "safe"
    shutil.copytree(made.folder, safe)
    shutil.rmtree(home)

    class Killed(BaseException):
        """Stands for a kill."""

    def kill(path: Path) -> None:
        if (path.parent / replacement.PENDING).exists():
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(replacement, "finish", kill)
        with pytest.raises(Killed):
            restore(home, safe)

    with init(home) as office:
        verify(office)
        assert office.ledger.head("observation").seq == 1


# as much of a log as is whole --------------------------------------------------------------------


def a_log(home: Path) -> tuple[bytes, bytes, list[int]]:
    """Ledger, log, and how long the log was after each of eight acts, as a kill leaves them."""
    log = home / "ledger.duckdb.wal"
    sizes = []
    with open_office(home) as office:
        office.ledger.checkpoint()
        for points in range(8):
            recorded(office, observed(BODY, points, month=JULY))
            sizes.append(log.stat().st_size)
        return (home / "ledger.duckdb").read_bytes(), log.read_bytes(), sizes


@pytest.mark.parametrize("act", [0, 3, 7])
@pytest.mark.parametrize("where", ["length", "checksum", "content"])
def test_a_garbled_log_is_restored_up_to_where_it_is_whole(
    tmp_path: Path, act: int, where: str
) -> None:
    home, _ = a_home_with_a_backup(tmp_path)
    ledger, log, sizes = a_log(home)
    begins = sizes[act - 1] if act else log.index(b"\x64\x00\x19") - 16
    garbled = bytearray(log)
    garbled[begins + {"length": 5, "checksum": 9, "content": 20}[where]] ^= 0x11
    (home / "ledger.duckdb").write_bytes(ledger)
    (home / "ledger.duckdb.wal").write_bytes(garbled)
    with pytest.raises(LedgerTrouble) as refused:
        open_office(home)
    assert refused.value.kind == "log_damaged"
    assert f"gsjx restore {home}" in str(refused.value)

    done = restore(home, home)

    assert state(home) == (OLD[0] + act, OLD[1])
    assert done.left_out > 0
    assert done.aside is not None
    assert (done.aside / "ledger.duckdb.wal").read_bytes() == garbled
