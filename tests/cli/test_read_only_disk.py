"""A home on a read-only disk can be looked at and proved; what would write is refused clearly."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from clerk import JULY, Desk, Ended, assert_refused, process

MOUNT = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'


def can_mount() -> bool:
    """Whether this system lets us have a read-only view of a folder."""
    if shutil.which("unshare") is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        command = ["unshare", "-rm", "sh", "-c", MOUNT, "sh", folder, "true"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


pytestmark = pytest.mark.skipif(not can_mount(), reason="no file system can be mounted here")


def looking_only(home: Path, *words: object) -> Ended:
    """A command that finds the home on a read-only file system."""
    return process(home, *words, prefix=["unshare", "-rm", "sh", "-c", MOUNT, "sh", str(home)])


@pytest.mark.parametrize(
    "words", [("rank",), ("card", "A01"), ("verify",), ("verify", "--anchor"), ("rubric",)]
)
def test_what_looks_works(june: Desk, words: tuple[str, ...]):
    ended = looking_only(june.home, *words)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out == june.do(*words).out


def test_what_looks_works_with_a_log_left_by_a_kill(june: Desk):
    """What is in the log alone is seen too, though it can't be brought into the file."""
    from gsjx_tui.ledger.ledger import Ledger

    copy = june.home.with_name("copy")
    with Ledger.open(june.home / "ledger.duckdb") as ledger:
        with ledger.act() as now:
            ledger.append("returned", [("A01", JULY, "", "", "", "wang", now)])
        shutil.copytree(june.home, copy)
    assert (copy / "ledger.duckdb.wal").exists()

    ended = looking_only(copy, "verify")

    assert (ended.code, ended.err) == (0, "")
    assert "退回链 1 条" in ended.out


@pytest.mark.parametrize("words", [("confirm", JULY), ("backup",), ("restore", "{backup}")])
def test_what_writes_is_refused(june: Desk, words: tuple[str, ...]):
    june.do("backup", "--into", june.home.parent / "safe")
    (backup,) = (june.home.parent / "safe").iterdir()

    ended = looking_only(june.home, *(word.format(backup=backup) for word in words))

    assert_refused(ended, "不能读写：磁盘或文件夹是只读的；检查文件夹权限，或用 --home 换一处")


def test_a_backup_of_a_read_only_home_goes_elsewhere(june: Desk, tmp_path: Path):
    ended = looking_only(june.home, "backup", "--into", tmp_path / "safe")

    assert (ended.code, ended.err) == (0, "")
    (backup,) = (tmp_path / "safe").iterdir()
    assert process(backup, "rank").out == june.do("rank").out
