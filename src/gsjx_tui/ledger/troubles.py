"""What goes wrong with files and disks, in DuckDB's words and the system's: as LedgerTrouble."""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb

from gsjx_tui.errors import OS_REASONS, LedgerTrouble, reason_of
from gsjx_tui.ledger import wal
from gsjx_tui.ledger.holder import UNKNOWN, described


def check_magic(path: Path) -> None:
    """DuckDB files carry DUCK at byte 8; anything else isn't ours to open, or to overwrite."""
    with path.open("rb") as file:
        head = file.read(12)
    if head[8:12] != b"DUCK":
        raise LedgerTrouble("not_a_ledger")


def check_log(path: Path) -> None:
    """A log whose whole entries DuckDB would drop unsaid isn't opened: they were acknowledged."""
    log = wal.log_of(path)
    if log.exists():
        position = wal.garbled_at(log.read_bytes())
        if position is not None:
            raise LedgerTrouble("log_damaged", log=log, position=position, home=path.parent)


@contextlib.contextmanager
def troubles(path: Path) -> Iterator[None]:
    """DuckDB's errors of file and disk as LedgerTrouble; Ctrl-C as Python has it."""
    try:
        yield
    except RuntimeError as error:
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from error
        raise
    except duckdb.Error as error:
        raise trouble_of(error, path) from error
    except OSError as error:
        raise os_trouble(error, path) from error


def os_trouble(error: OSError, path: Path) -> LedgerTrouble:
    """The trouble that an error of the operating system means."""
    if error.errno in _FULL:
        return LedgerTrouble("disk_full")
    return LedgerTrouble("not_writable", path=error.filename or path, reason=reason_of(error))


def trouble_of(error: duckdb.Error, path: Path) -> LedgerTrouble:
    """The trouble that an error of DuckDB means; ``path`` is the ledger's."""
    text = str(error)
    if "Could not set lock" in text:
        found = re.search(r"PID (\d+)", text)
        who = f" {described(int(found[1]))} " if found else UNKNOWN
        return LedgerTrouble("locked", pid=found[1] if found else "?", holder=who)
    technical = text.splitlines()[0]
    if "WAL" in text:
        log, home = wal.log_of(path), path.parent
        position = wal.position_told(text)
        if "does not match" in text and position is None:
            return LedgerTrouble("log_foreign", technical, log=log, home=home)
        if position is not None:
            return LedgerTrouble("log_damaged", technical, log=log, home=home, position=position)
    system = next((number for number in OS_REASONS if os.strerror(number) in text), 0)
    if isinstance(error, duckdb.FatalException):
        reason = f"：{OS_REASONS[system]}" if system else ""
        return LedgerTrouble("stopped", technical, reason=reason)
    if system:
        return os_trouble(OSError(system, ""), path)
    kind = "damaged" if is_damage(error) else "refused"
    return LedgerTrouble(kind, technical)


def is_forbidden(error: duckdb.Error) -> bool:
    """Whether a query was refused for what it would do, not for how it is written."""
    return isinstance(error, duckdb.PermissionException) or bool(
        re.search(r"read-only mode|configuration has been locked", str(error))
    )


def is_damage(error: duckdb.Error) -> bool:
    """Whether an error says that the file can't be read as it should."""
    return isinstance(error, _DAMAGE) or "Corrupt database file" in str(error)


_FULL = (errno.ENOSPC, errno.EDQUOT)
_DAMAGE = (duckdb.IOException, duckdb.SerializationException)
