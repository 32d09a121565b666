"""The write-ahead log beside a ledger: whether what it holds can be told from what was torn off.

DuckDB replays a log up to its last whole entry and drops the rest, as it must after a power cut.
But if the length of an entry in the middle is garbled it drops every commit after it too, without
a word, and for good at the next checkpoint. Such a log is told before it is opened.

Layout (DuckDB 1.0 to 2.0): a head of at most 60 bytes, then entries: their length and checksum,
8 bytes each, little-endian, and what they hold, which begins with the field 100 and ends with
FFFF.
"""

from __future__ import annotations

import re
from pathlib import Path

_LONGEST_HEAD = 60
_PREFIX = 16
_BEGIN, _END = b"\x64\x00", b"\xff\xff"


def log_of(path: Path) -> Path:
    """The log of the ledger at ``path``; there is none while all is in the ledger's own file."""
    return path.with_name(f"{path.name}.wal")


def garbled_at(log: bytes) -> int | None:
    """Where an entry begins whose length is garbled while whole ones follow; None if nowhere."""
    at = _head_end(log)
    while at < len(log):
        after = at + _PREFIX + _length(log, at)
        if after > len(log):
            break
        at = after
    bodies = re.compile(re.escape(_BEGIN)).finditer(log, at + _PREFIX + len(_BEGIN))
    return at if any(_whole_from(log, body.start() - _PREFIX) for body in bodies) else None


def is_bare(log: Path) -> bool:
    """Whether a log has its head alone: nothing that was recorded is in it."""
    return log.stat().st_size <= _LONGEST_HEAD


def position_told(message: str) -> int | None:
    """The place of a garbled entry that DuckDB names in its message; it points past the head."""
    found = re.search(r"at byte position (\d+)", message)
    return int(found[1]) if found else None


def _head_end(log: bytes) -> int:
    """Where the first entry begins: the first place where something like one does."""
    for match in re.finditer(re.escape(_BEGIN), log[: _LONGEST_HEAD + _PREFIX + len(_BEGIN)]):
        start = match.start() - _PREFIX
        if start >= len(_END) and log[start - len(_END) : start] == _END:
            return start
    return len(log)


def _whole_from(log: bytes, at: int) -> bool:
    while at < len(log):
        body, length = at + _PREFIX, _length(log, at)
        at = body + length
        shape = log[body : body + len(_BEGIN)], log[max(body, at - len(_END)) : at]
        if at > len(log) or shape != (_BEGIN, _END):
            return False
    return True


def _length(log: bytes, at: int) -> int:
    return int.from_bytes(log[at : at + 8], "little")
