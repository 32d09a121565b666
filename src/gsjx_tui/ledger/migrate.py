"""Numbered schema steps: ``sql/steps/NNNN_name.sql``, each applied once, in one transaction."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files

import duckdb

from gsjx_tui.errors import LedgerTrouble
from gsjx_tui.ledger.tables import FIRST


def steps() -> dict[int, str]:
    """Every step's number and SQL."""
    folder = files("gsjx_tui.ledger") / "sql" / "steps"
    return {
        int(entry.name[:4]): entry.read_text("utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".sql")
    }


def schemas(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The schema of every campaign in an opened file, the first campaign's first."""
    found = connection.execute(
        """
        select schema_name
        from duckdb_tables()
        where table_name = 'schema_step' and database_name = current_database()
        order by schema_name <> $first, schema_name
        """,
        {"first": FIRST},
    ).fetchall()
    return [name for (name,) in found]


def use(connection: duckdb.DuckDBPyConnection, schema: str) -> None:
    """From now on names on this connection are those of a campaign.

    DuckDB looks in ``main`` for what the schema doesn't have: a schema that lacks a step would
    show the first campaign's rows. So all campaigns of a file are always of the same step.
    """
    connection.execute(f'use "{schema}"')


def step_of(connection: duckdb.DuckDBPyConnection, schema: str = FIRST) -> int:
    """The newest step of a campaign. Raises LedgerTrouble if the file isn't a ledger."""
    try:
        row = connection.execute(f'select max(step) from "{schema}".schema_step').fetchone()
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
    """Applies the steps that come after the given one (0 for an empty schema) to the schema in use.

    Each in a transaction of its own.
    """
    for number, sql in steps().items():
        if number > after:
            connection.execute("begin")
            _apply(connection, number, sql)
            connection.execute("commit")


def make(connection: duckdb.DuckDBPyConnection) -> None:
    """Applies all steps to the schema in use, inside the caller's transaction."""
    for number, sql in steps().items():
        _apply(connection, number, sql)


def bring_up_to_date(connection: duckdb.DuckDBPyConnection) -> None:
    """Applies to each campaign of a file the steps that it lacks. Raises LedgerTrouble."""
    for schema in schemas(connection):
        step = step_of(connection, schema)
        check_known(step)
        if step < NEWEST:
            use(connection, schema)
            apply(connection, after=step)


def _apply(connection: duckdb.DuckDBPyConnection, number: int, sql: str) -> None:
    connection.execute(sql)
    now = datetime.now(UTC).replace(tzinfo=None)
    connection.execute("insert into schema_step values (?, ?)", [number, now])


NEWEST = 7
"""The newest step this program knows; a test holds it to the files."""
