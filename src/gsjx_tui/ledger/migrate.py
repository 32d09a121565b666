"""Numbered schema steps: ``sql/steps/NNNN_name.sql``, each applied once, in one transaction."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files

import duckdb

from gsjx_tui.errors import LedgerTrouble


def steps() -> dict[int, str]:
    """Every step's number and SQL."""
    folder = files("gsjx_tui.ledger") / "sql" / "steps"
    return {
        int(entry.name[:4]): entry.read_text("utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".sql")
    }


def step_of(connection: duckdb.DuckDBPyConnection) -> int:
    """The newest step of an opened file. Raises LedgerTrouble if it isn't a ledger."""
    try:
        row = connection.execute("select max(step) from schema_step").fetchone()
    except duckdb.CatalogException as error:
        raise LedgerTrouble("not_a_ledger") from error
    if row is None or row[0] is None:
        raise LedgerTrouble("not_a_ledger")
    return int(row[0])


def check_known(step: int) -> None:
    """Raises LedgerTrouble for a ledger made by a newer program."""
    if step > NEWEST:
        raise LedgerTrouble("newer", found=step, known=NEWEST)


def apply(connection: duckdb.DuckDBPyConnection, after: int) -> None:
    """Applies the steps that come after the given one (0 for an empty file)."""
    for number, sql in steps().items():
        if number > after:
            connection.execute("begin")
            connection.execute(sql)
            now = datetime.now(UTC).replace(tzinfo=None)
            connection.execute("insert into schema_step values (?, ?)", [number, now])
            connection.execute("commit")


NEWEST = 7
"""The newest step this program knows; a test holds it to the files."""
