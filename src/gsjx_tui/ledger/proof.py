"""What proves a ledger's chains: every link followed in SQL, and where each chain ended when.

The queries are made from the columns of ``CHAINED``, so a chain that is added is proved too.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache

from gsjx_tui.ledger.chain import Head
from gsjx_tui.ledger.ledger import Ledger, Row, sql
from gsjx_tui.ledger.tables import CHAINED, CHAINS


def broken_links(ledger: Ledger, table: str) -> list[Row]:
    """The first rows (number, unit, month) of a chain that don't follow from the row before."""
    return ledger.query(chain_query(table))


def heads(ledger: Ledger, through: datetime) -> dict[str, Head]:
    """The last row of each chain that wasn't empty at an instant (UTC), by name.

    Acts have rising instants of their own, so this is the ledger as it was when they were made.
    """
    found = {table: ledger.query(_head_query(table), through=through) for table in CHAINS}
    return {table: Head(*rows[0]) for table, rows in found.items() if rows}


def instants(ledger: Ledger) -> dict[str, datetime]:
    """The newest instant (UTC) of each chain that isn't empty."""
    found = {
        table: ledger.query(f"select max({_instant(table)}) from {table}")[0][0] for table in CHAINS
    }
    return {table: instant for table, instant in found.items() if instant is not None}


def has_act(ledger: Ledger, instant: datetime) -> bool:
    """Whether anything was appended at exactly this instant (UTC)."""
    return any(
        ledger.query(f"from {table} where {_instant(table)} = $at limit 1", at=instant)
        for table in CHAINS
    )


def rows_between(ledger: Ledger, table: str, after: datetime, before: datetime) -> int:
    """How many rows of a chain were appended between two instants (UTC), these left out."""
    column = _instant(table)
    text = f"select count(*) from {table} where {column} > $after and {column} < $before"
    return int(ledger.query(text, after=after, before=before)[0][0])


def hash_at(ledger: Ledger, table: str, seq: int) -> str | None:
    """The hash of a chain's row of that number; None if there is none."""
    rows = ledger.query(f"select hash from {table} where seq = $seq", seq=seq)
    return str(rows[0][0]) if rows else None


@cache
def chain_query(table: str) -> str:
    """``sql/verify_chain.sql`` for one chain."""
    kinds = dict(CHAINED[table])
    hashed = (f"epoch_us({name})" if kinds[name] == "TIMESTAMP" else name for name in kinds)
    return sql("verify_chain").format(
        table=table,
        columns=", ".join(hashed),
        instant=_instant(table),
        nulls=" or ".join(f"{name} is null" for name in kinds),
        unit="unit" if "unit" in kinds else "''",
        month="month" if "month" in kinds else "''",
    )


@cache
def _head_query(table: str) -> str:
    return sql("heads").format(table=table, instant=_instant(table))


@cache
def _instant(table: str) -> str:
    """The column that says when a row was appended: the last one with a time."""
    return next(name for name, kind in reversed(CHAINED[table]) if kind == "TIMESTAMP")
