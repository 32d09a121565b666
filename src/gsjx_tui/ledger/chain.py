"""The hash chains of the ledger: each row's hash covers its content and the row before.

Canonical form of a row: the previous hash (empty for the first), then the columns in table
order without ``hash``, joined by the unit separator U+001F; numbers as DuckDB prints them,
instants as microseconds since 1970 UTC; hashed as UTF-8 with SHA-256, in hexadecimal.
No text holds the separator, so no two rows have the same form. ``sql/verify_chain.sql`` is the
same in SQL, docs/ledger.md says it at length.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from gsjx_tui.domain import ZERO, points

_SEPARATOR = "\x1f"
_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)


class Head(NamedTuple):
    """The last row of a chain: its number (0 for an empty one) and its hash."""

    seq: int = 0
    hash: str = ""


def link(head: Head, rows: Iterable[Sequence[object]]) -> Iterator[tuple[Head, Sequence[object]]]:
    """Each row with the head of the chain after it. Rows come without ``seq`` and ``hash``.

    Raises ValueError for a text with U+001F: what is typed or imported loses it before.
    """
    for row in rows:
        seq = head.seq + 1
        text = _SEPARATOR.join((head.hash, str(seq), *map(_canonical, row)))
        head = Head(seq, hashlib.sha256(text.encode()).hexdigest())
        yield head, row


def _canonical(value: object) -> str:
    if isinstance(value, str):
        if _SEPARATOR in value:
            raise ValueError("U+001F in a text of the ledger")
        return value
    if isinstance(value, datetime):
        return str((value - _EPOCH) // _MICROSECOND)
    if isinstance(value, Decimal):
        return str(points(value) + ZERO)  # -0 is kept as 0.00
    return str(value)
