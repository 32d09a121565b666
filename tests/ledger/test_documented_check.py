"""What docs/ledger.md tells people to do by hand does what it says."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from builders import PROJECT
from gsjx_tui.ledger.ledger import CHAINS, Ledger

DOCUMENT = (PROJECT / "docs" / "ledger.md").read_text("utf-8")
AT = datetime(2013, 8, 5, 9, 30, 0, 250)


def a_ledger(tmp_path: Path) -> Path:
    """Four postings."""
    path = tmp_path / "ledger.duckdb"
    with Ledger.create(path) as ledger, ledger.act():
        points = [Decimal("1.50"), Decimal("-2.00"), Decimal("-0"), Decimal(7)]
        rows = [("A1", "2013-06", "x", worth, "confirm", "", "王", AT) for worth in points]
        ledger.append("posting", rows)
    return path


def found(path: Path) -> list[int]:
    """What the documented query finds."""
    query = re.search(r"```sql\n(.+?)```", DOCUMENT, re.DOTALL)
    assert query is not None
    with duckdb.connect(str(path)) as connection:
        return [seq for seq, *_ in connection.execute(query[1]).fetchall()]


def test_the_query_finds_a_sound_chain_whole_and_a_changed_row(tmp_path: Path) -> None:
    path = a_ledger(tmp_path)
    assert found(path) == []

    with duckdb.connect(str(path)) as connection:
        connection.execute("update posting set points = 2 where seq = 3")

    assert found(path) == [3]


def test_the_canonical_form_is_as_it_is_told(tmp_path: Path) -> None:
    with duckdb.connect(str(a_ledger(tmp_path)), read_only=True) as connection:
        hashes = dict(connection.execute("select seq, hash from posting").fetchall())

    parts = [hashes[2], "3", "A1", "2013-06", "x", "0.00", "confirm", "", "王"]
    microseconds = "1375695000000250"
    text = "\x1f".join([*parts, microseconds])
    assert hashes[3] == hashlib.sha256(text.encode()).hexdigest()


def test_every_chain_is_named() -> None:
    (named,) = re.findall(r"(?s)Chained tables: (.+?)\.", DOCUMENT)

    assert tuple(re.findall(r"`(\w+)`", named)) == CHAINS
