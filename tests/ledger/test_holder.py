"""Who holds a ledger, as people know it."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from gsjx_tui.ledger import holder
from gsjx_tui.ledger.holder import UNKNOWN, described, locker

ME = pwd.getpwuid(os.getuid()).pw_name


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (["/usr/bin/python3", "/srv/bin/gsjx", "confirm", "2013-06"], "gsjx confirm 2013-06"),
        (["/usr/bin/python3", "-m", "gsjx_tui.cli", "serve"], "gsjx serve"),
        (["/usr/bin/python3", "-P", "/srv/bin/gsjx"], "gsjx"),
        (["/usr/bin/duckdb", "ledger.duckdb"], "duckdb"),
        (["/usr/bin/vim", "notes", "gsjx"], "vim"),
        (["gsjx", "\x1b[31m红\x1b[0m"], "gsjx  [31m红 [0m"),
        (["gsjx", "sql", "x" * 100], f"gsjx sql {'x' * 51}……"),
        ([], UNKNOWN),
    ],
)
def test_a_process_is_told_by_its_login_and_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], command: str
) -> None:
    (tmp_path / "77").mkdir()
    (tmp_path / "77" / "cmdline").write_bytes(b"".join(w.encode() + b"\0" for w in words))
    real = Path
    monkeypatch.setattr(holder, "Path", lambda p: tmp_path if p == "/proc" else real(p))

    assert described(77) == f"{ME} 的 {command}"


def test_a_process_of_which_nothing_is_known_is_another_program() -> None:
    assert described(2**30) == UNKNOWN


def test_a_running_process_is_told() -> None:
    program = "print('here', flush=True); input()"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", program], stdin=pipe, stdout=pipe) as other:
        assert other.stdout is not None
        other.stdout.readline()  # until it runs, the kernel doesn't tell its command
        assert described(other.pid).startswith(f"{ME} 的 python")
        other.communicate(b"\n")


def test_a_lock_is_told_with_who_has_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    program = (
        "import fcntl, sys\n"
        "file = open(sys.argv[1], 'r+b')\n"
        "fcntl.lockf(file, fcntl.LOCK_EX)\n"
        "print('locked', flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", program, str(path)]
    assert locker(path) is None
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == b"locked\n"
        assert locker(path) == other.pid
        other.stdin.close()
    assert locker(path) is None
