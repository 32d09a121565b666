"""Who holds a ledger: the process as people know it, its login and its command."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path, PurePath

UNKNOWN = "别的程序"
_PROGRAM = "gsjx"
_MODULE = "gsjx_tui"
_LONGEST = 60


def described(pid: int) -> str:
    """``wang 的 gsjx confirm 2013-06``, as far as this system tells."""
    place = Path("/proc") / str(pid)
    words: list[str] = []
    login = ""
    with contextlib.suppress(OSError, ValueError):
        words = (place / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")[:-1]
    with contextlib.suppress(OSError, ImportError):
        import pwd

        number = place.stat().st_uid
        login = str(number)
        with contextlib.suppress(KeyError):
            login = pwd.getpwuid(number).pw_name
    command = "".join(c if c.isprintable() else " " for c in _command(words)) or UNKNOWN
    if len(command) > _LONGEST:
        command = f"{command[:_LONGEST]}……"
    return f"{login} 的 {command}" if login else command


def _command(words: Sequence[str]) -> str:
    """The program's own command without the interpreter; else what runs, without its arguments."""
    for place, word in enumerate(words):
        name = PurePath(word).name
        if name == _PROGRAM or (words[place - 1 : place] == ["-m"] and word.startswith(_MODULE)):
            return " ".join([_PROGRAM, *words[place + 1 :]])
        if place and not word.startswith("-"):
            break
    return PurePath(words[0]).name if words else ""


def locker(path: Path) -> int | None:
    """The process that holds a lock on the file, 0 if another system's; None if nobody does.

    Only for a file that this process hasn't open: closing it gives up this process's own lock.
    """
    import fcntl
    import struct

    asked = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    with path.open("rb") as file:
        told = fcntl.fcntl(file, fcntl.F_GETLK, asked)
    kind, _, _, _, pid = struct.unpack("hhqqi4x", told)
    return None if kind == fcntl.F_UNLCK else pid
