"""Full disks, spoilt files, spoilt logs: said clearly, nothing half written, with a way back.

The small disk is a tmpfs of its own in a namespace of its own; where that can't be had, these
tests are left out and those with a limited file size remain.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from builders import JULY, a_unit, an_office, observed, recorded
from gsjx_tui.errors import LedgerTrouble
from gsjx_tui.ledger.ledger import CHAINS, Ledger
from gsjx_tui.ledger.proof import broken_links
from gsjx_tui.ledger.wal import garbled_at, log_of

# what is tried, in a process of its own ----------------------------------------------------------

TOOLS = """
import json, os, sys
from pathlib import Path
from gsjx_tui.errors import LedgerTrouble
from gsjx_tui.ledger.ledger import Ledger, CHAINS
from gsjx_tui.ledger.proof import broken_links

disk, told = Path(sys.argv[1]), {}
path = disk / "ledger.duckdb"

def rows(count, now):
    return [
        ("A1", "2013-06", os.urandom(30).hex(), "points", "claim", "1.00", os.urandom(20).hex(),
         "entry", "wang", now)
        for _ in range(count)
    ]

def act(ledger, count=200):
    with ledger.act() as now:
        ledger.append("observation", rows(count, now))
    return count

def tried(name, work):
    try:
        return work()
    except LedgerTrouble as error:
        told[name] = [error.kind, str(error)]

def sound(name):
    with Ledger.open(path) as ledger:
        assert not any(broken_links(ledger, table) for table in CHAINS)
        told[name] = ledger.head("observation").seq

def fill():
    with open(disk / "filler", "ab", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
"""

MOUNT = 'mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && exec "$@"'


def on_small_disk(folder: Path, size: str, program: str) -> dict[str, Any]:
    """Runs a program on a disk of that size in its folder; what it told."""
    folder.mkdir(exist_ok=True)
    small = ["unshare", "-rm", "sh", "-c", MOUNT, "sh", size, str(folder)]
    return run([*small, sys.executable, "-c", TOOLS + program, str(folder)])


def run(command: list[str]) -> dict[str, Any]:
    ended = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert ended.returncode == 0, ended.stderr
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


@cache
def namespaces() -> bool:
    """Whether this system lets us mount."""
    if shutil.which("unshare") is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        command = ["unshare", "-rm", "sh", "-c", MOUNT, "sh", "1m", folder, "true"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


small_disk = pytest.mark.skipif(not namespaces(), reason="no file system can be mounted here")

# full disks ------------------------------------------------------------------------------------


@small_disk
def test_on_a_full_disk_acts_are_refused_whole_until_there_is_space(
    tmp_path: Path,
) -> None:
    told = on_small_disk(
        tmp_path / "disk",
        "4m",
        """
ledger, acknowledged = Ledger.create(path), 0
(disk / "spare").write_bytes(bytes(1_000_000))
while "full" not in told:
    acknowledged += tried("full", lambda: act(ledger)) or 0
tried("again", lambda: act(ledger))
told["read"] = len(ledger.query("select seq from observation"))
(disk / "spare").unlink()
acknowledged += act(ledger)
ledger.close()
sound("reopened")
told["acknowledged"] = acknowledged
print(json.dumps(told))
""",
    )

    assert told["full"][0] == told["again"][0] == "disk_full"
    assert told["full"][1].startswith("磁盘已满，这次操作没有写入任何内容；腾出空间后重做一次。")
    assert told["read"] == told["acknowledged"] - 200
    assert told["reopened"] == told["acknowledged"]


@small_disk
def test_a_checkpoint_without_space_stops_the_ledger_and_loses_nothing(tmp_path: Path) -> None:
    told = on_small_disk(
        tmp_path / "disk",
        "8m",
        """
ledger = Ledger.create(path)
ledger.checkpoint()
acknowledged = sum(act(ledger) for _ in range(10))
fill()
tried("checkpoint", ledger.checkpoint)
tried("act", lambda: act(ledger))
ledger.close()
with Ledger.open(path, read_only=True) as reading:
    told["read"] = reading.head("observation").seq
(disk / "filler").unlink()
sound("reopened")
told["acknowledged"] = acknowledged
print(json.dumps(told))
""",
    )

    for name in ("checkpoint", "act"):
        kind, said = told[name]
        assert kind in ("stopped", "disk_full")
        if kind == "stopped":
            assert "退出程序，重新打开；做成的操作都在" in said
    assert told["checkpoint"][0] == "stopped"
    assert "磁盘已满" in told["checkpoint"][1]
    assert told["read"] == told["reopened"] == told["acknowledged"]


@small_disk
def test_closing_on_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    told = on_small_disk(
        tmp_path / "disk",
        "8m",
        """
ledger = Ledger.create(path)
ledger.checkpoint()
told["acknowledged"] = sum(act(ledger) for _ in range(10))
fill()
tried("close", ledger.close)
(disk / "filler").unlink()
sound("reopened")
print(json.dumps(told))
""",
    )

    assert "close" not in told
    assert told["reopened"] == told["acknowledged"]


OFFICE = """
from gsjx_tui.office.backup import BACKUPS, back_up, backups_in
from gsjx_tui.office.home import init, open_office
from gsjx_tui.office.restore import restore
"""


@small_disk
@pytest.mark.parametrize("left", [100, 500, 900, 1300])
def test_a_backup_without_space_leaves_nothing_and_work_goes_on(tmp_path: Path, left: int) -> None:
    told = on_small_disk(
        tmp_path / "disk",
        "12m",
        OFFICE
        + f"""
office = init(disk)
act(office.ledger, 3000)
(disk / "spare").write_bytes(bytes({left} * 1024))
fill()
(disk / "spare").unlink()
tried("backup", lambda: back_up(office))
told["left"] = [str(entry) for entry in (disk / BACKUPS).rglob("*")]
act(office.ledger, 1)
(disk / "filler").unlink()
told["made"] = back_up(office).rows["observation"]
office.close()
sound("reopened")
print(json.dumps(told))
""",
    )

    assert told["backup"][0] == "disk_full"
    assert told["left"] == []
    assert told["made"] == told["reopened"] == 3001


@small_disk
@pytest.mark.parametrize("left", [50, 700, 1500, 2000])
def test_a_restoration_without_space_replaces_nothing(tmp_path: Path, left: int) -> None:
    told = on_small_disk(
        tmp_path / "disk",
        "12m",
        OFFICE
        + f"""
with init(disk) as office:
    made = back_up(office)
    act(office.ledger, 3000)
(disk / "spare").write_bytes(bytes({left} * 1024))
fill()
(disk / "spare").unlink()
done = tried("restore", lambda: restore(disk, made.folder))
told["enough"] = done is not None
told["left"] = sorted(entry.name for entry in disk.iterdir() if entry.name.startswith("."))
(disk / "filler").unlink()
sound("reopened")
print(json.dumps(told))
""",
    )

    assert told["left"] == []
    if told["enough"]:
        assert told["reopened"] == 0
    else:
        assert told["restore"][0] == "disk_full"
        assert told["reopened"] == 3000


def test_a_file_may_be_no_larger_than_allowed_and_nothing_is_lost(tmp_path: Path) -> None:
    program = """
import resource
ledger, acknowledged = Ledger.create(path), 0
ledger.checkpoint()
resource.setrlimit(resource.RLIMIT_FSIZE, (900 << 10, resource.RLIM_INFINITY))
while "refused" not in told:
    acknowledged += tried("refused", lambda: act(ledger)) or 0
tried("checkpoint", ledger.checkpoint)
tried("stopped", lambda: act(ledger))
ledger.close()
sound("limited")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
sound("reopened")
told["acknowledged"] = acknowledged
print(json.dumps(told))
"""
    told = run([sys.executable, "-c", TOOLS + program, str(tmp_path)])

    assert told["refused"][0] == "not_writable"
    assert "文件大小超过系统给的限额" in told["refused"][1]
    assert told["checkpoint"][0] == told["stopped"][0] == "stopped"
    assert "已停止使用：文件大小超过系统给的限额" in told["checkpoint"][1]
    assert told["limited"] == told["reopened"] == told["acknowledged"] > 0


# spoilt files ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a ledger with many rows."""
    path = tmp_path_factory.mktemp("filled") / "ledger.duckdb"
    with Ledger.create(path) as ledger:
        for number in range(10):
            with ledger.act() as now:
                ledger.append(
                    "observation",
                    [
                        ("A1", "2013-06", f"{number}.{n}", "points", "claim", "1.00", "", "entry",
                         "wang", now)
                        for n in range(300)
                    ],
                )  # fmt: skip
    return path.read_bytes()


def read(path: Path) -> int | LedgerTrouble:
    """How many rows are read and proved, or the trouble; nothing else may happen."""
    try:
        with Ledger.open(path, read_only=True) as ledger:
            assert not any(broken_links(ledger, table) for table in CHAINS)
            return len(ledger.query("select * from observation"))
    except LedgerTrouble as trouble:
        return trouble


def spoilt(content: bytes, kind: str, chance: random.Random) -> bytes:
    """The content with something done to it."""
    changed = bytearray(content)
    if kind == "head":
        changed[chance.randrange(3 * 4096)] ^= 0xFF
    elif kind == "byte":
        changed[chance.randrange(3 * 4096, len(changed))] ^= 0xFF
    elif kind == "page":
        at = 4096 * chance.randrange(len(changed) // 4096)
        changed[at : at + 4096] = bytes(len(changed[at : at + 4096]))
    else:
        del changed[chance.randrange(len(changed)) :]
    return bytes(changed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["head", "byte", "page", "cut"])
def test_a_spoilt_file_is_read_whole_or_told_with_the_way_back(
    tmp_path: Path, filled: bytes, kind: str
) -> None:
    path = tmp_path / "ledger.duckdb"
    chance = random.Random(kind)
    outcomes = []

    for _ in range(25):
        content = spoilt(filled, kind, chance)
        path.write_bytes(content)
        found = read(path)

        outcomes.append(found)
        assert path.read_bytes() == content
        if isinstance(found, LedgerTrouble):
            assert found.kind in ("damaged", "not_a_ledger")
            assert "gsjx restore" in str(found)
        else:
            assert found == 3000

    assert any(isinstance(found, LedgerTrouble) for found in outcomes)


# logs ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes, list[int]]:
    """A ledger, the log of its last acts as a kill leaves it, its length after each act."""
    path = tmp_path_factory.mktemp("logged") / "ledger.duckdb"
    sizes = []
    with Ledger.create(path) as ledger:
        ledger.checkpoint()
        for number in range(6):
            with ledger.act() as now:
                ledger.append("confirmation", [(f"A{number}", "2013-06", "wang", now)])
            sizes.append(log_of(path).stat().st_size)
        return path.read_bytes(), log_of(path).read_bytes(), sizes


def kept(folder: Path, ledger: bytes, log: bytes, *, read_only: bool = True) -> int:
    """How many acts of a ledger with such a log are there; they are whole."""
    path = folder / "ledger.duckdb"
    path.write_bytes(ledger)
    log_of(path).write_bytes(log)
    with Ledger.open(path, read_only=read_only) as opened:
        assert broken_links(opened, "confirmation") == []
        return opened.head("confirmation").seq


@pytest.mark.slow
def test_wherever_a_log_is_cut_off_every_act_before_is_there(
    tmp_path: Path, logged: tuple[bytes, bytes, list[int]]
) -> None:
    ledger, log, sizes = logged
    chance = random.Random(4)
    edges = {size + step for size in sizes for step in (-1, 0, 1) if size + step <= len(log)}

    for length in sorted({0, 1, 20, *edges, *chance.sample(range(len(log)), 15)}):
        acts = sum(size <= length for size in sizes)
        assert kept(tmp_path, ledger, log[:length]) == acts, length
        assert kept(tmp_path, ledger, log[:length], read_only=False) == acts, length
        assert read_after(tmp_path) == acts


def read_after(folder: Path) -> int:
    """How many acts are there once the ledger was closed, in the file alone."""
    with Ledger.open(folder / "ledger.duckdb", read_only=True) as opened:
        return opened.head("confirmation").seq


@pytest.mark.slow
def test_a_garbled_log_is_never_opened_short_of_a_whole_act(
    tmp_path: Path, logged: tuple[bytes, bytes, list[int]]
) -> None:
    """Only within the very last entry it may be what a power cut leaves."""
    ledger, log, sizes = logged
    chance = random.Random(5)
    told = 0

    for place in chance.sample(range(40, sizes[-2]), 60):
        for bit in (0, 7):
            garbled = bytearray(log)
            garbled[place] ^= 1 << bit
            try:
                assert kept(tmp_path, ledger, bytes(garbled)) == len(sizes), place
            except LedgerTrouble as trouble:
                told += 1
                assert trouble.kind == "log_damaged", place
                assert "gsjx restore" in str(trouble)

    assert told > 100


def test_a_garbled_length_is_found_and_a_torn_end_is_none(
    logged: tuple[bytes, bytes, list[int]],
) -> None:
    _, log, sizes = logged
    for cut in range(len(log) + 1):
        assert garbled_at(log[:cut]) is None

    garbled = bytearray(log)
    garbled[sizes[2] + 6] = 1
    assert garbled_at(bytes(garbled)) == sizes[2]


def test_the_log_of_another_ledger_is_told(
    tmp_path: Path, logged: tuple[bytes, bytes, list[int]]
) -> None:
    _, log, _ = logged
    path = tmp_path / "ledger.duckdb"
    Ledger.create(path).close()
    log_of(path).write_bytes(log)
    before = path.read_bytes()

    with pytest.raises(LedgerTrouble) as told:
        Ledger.open(path)

    assert told.value.kind == "log_foreign"
    assert "不是这个账本的" in str(told.value)
    assert "gsjx restore" in str(told.value)
    assert (path.read_bytes(), log_of(path).read_bytes()) == (before, log)


def a_confirmation(path: Path, who: str, *, checkpoint: bool) -> bytes:
    """Appends one; the log then, of which nothing is left after a checkpoint."""
    with Ledger.open(path) as ledger:
        with ledger.act() as now:
            ledger.append("confirmation", [("A1", "2013-06", who, now)])
        log = log_of(path).read_bytes()
        if checkpoint:
            ledger.checkpoint()
    return log


def test_a_log_of_a_copy_that_went_its_own_way_is_found_by_proving(tmp_path: Path) -> None:
    """DuckDB can't tell the two ledgers apart; the chain can."""
    path, copy = tmp_path / "ledger.duckdb", tmp_path / "copy.duckdb"
    Ledger.create(path).close()
    shutil.copy(path, copy)
    a_confirmation(path, "wang", checkpoint=True)
    a_confirmation(copy, "li", checkpoint=True)
    foreign = a_confirmation(copy, "li", checkpoint=False)
    log_of(path).write_bytes(foreign)

    with Ledger.open(path, read_only=True) as ledger:
        assert [seq for seq, _, _ in broken_links(ledger, "confirmation")] == [2]


def test_the_log_of_an_earlier_state_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ledger.duckdb"
    Ledger.create(path).close()
    older = a_confirmation(path, "wang", checkpoint=True)
    log_of(path).write_bytes(older)

    with pytest.raises(LedgerTrouble) as told:
        Ledger.open(path)

    assert told.value.kind == "log_foreign"


def test_a_missing_log_leaves_a_sound_ledger(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1")) as office:
        office.ledger.checkpoint()
        recorded(office, observed("study.b1.body", 5, month=JULY))
        (tmp_path / "ledger.duckdb").write_bytes(office.ledger.path.read_bytes())

    assert read(tmp_path / "ledger.duckdb") == 0
