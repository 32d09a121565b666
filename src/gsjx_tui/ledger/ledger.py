"""Open, append, read: the one class that talks to DuckDB."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from gsjx_tui.errors import LedgerTrouble
from gsjx_tui.ledger import migrate
from gsjx_tui.ledger.chain import Head, link

Row = tuple[Any, ...]

_STORAGE: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": "v1.5.0"
}
_CHAINED = {
    "observation": (
        ("unit", "VARCHAR"),
        ("month", "VARCHAR"),
        ("item", "VARCHAR"),
        ("field", "VARCHAR"),
        ("kind", "VARCHAR"),
        ("value", "DECIMAL(12,2)"),
        ("note", "VARCHAR"),
        ("source", "VARCHAR"),
        ("recorded_by", "VARCHAR"),
        ("recorded_at", "TIMESTAMP"),
    ),
    "posting": (
        ("unit", "VARCHAR"),
        ("month", "VARCHAR"),
        ("item", "VARCHAR"),
        ("points", "DECIMAL(12,2)"),
        ("origin", "VARCHAR"),
        ("reason", "VARCHAR"),
        ("posted_by", "VARCHAR"),
        ("posted_at", "TIMESTAMP"),
    ),
    "confirmation": (
        ("unit", "VARCHAR"),
        ("month", "VARCHAR"),
        ("confirmed_by", "VARCHAR"),
        ("confirmed_at", "TIMESTAMP"),
    ),
}
CHAINS = tuple(_CHAINED)
"""The chained tables; their columns between ``seq`` and ``hash`` are in table order."""


class Ledger:
    """An open ledger file. One process writes; what is appended is never changed.

    Every method may raise LedgerTrouble. Append only inside ``with ledger.act():``, which
    commits all of it or nothing.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        self._connection = connection
        self.path = path
        self._heads: dict[str, Head] = {}

    @classmethod
    def create(cls, path: Path) -> Ledger:
        """A new ledger at ``path``, which must not exist yet."""
        if path.exists():
            raise LedgerTrouble("exists", path=path)
        with _troubles():
            connection = duckdb.connect(str(path), config=_STORAGE)
            migrate.apply(connection, after=0)
        return cls(connection, path)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Ledger:
        """The ledger at ``path``, its schema brought up to date unless ``read_only``."""
        if not path.exists():
            raise LedgerTrouble("missing", path=path)
        _check_magic(path)
        with _troubles():
            config = None if read_only else _STORAGE
            connection = duckdb.connect(str(path), read_only=read_only, config=config)
        try:
            step = migrate.step_of(connection)
            migrate.check_known(step)
            if not read_only and step < migrate.NEWEST:
                migrate.apply(connection, after=step)
        except BaseException:
            connection.close()
            raise
        return cls(connection, path)

    def close(self) -> None:
        """Checkpoints (if writable) and closes the file."""
        with _troubles():
            self._connection.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @contextlib.contextmanager
    def act(self) -> Iterator[datetime]:
        """One transaction; gives the instant of the act, never before that of an earlier one."""
        with _troubles():
            self._connection.execute("begin")
            try:
                newest = self.row("newest_instant")[0]
                now = datetime.now(UTC).replace(tzinfo=None)
                yield max(now, newest) if newest is not None else now
                self._connection.execute("commit")
            except BaseException:
                self._heads.clear()
                with contextlib.suppress(duckdb.TransactionException, duckdb.FatalException):
                    self._connection.execute("rollback")
                raise

    def append(self, table: str, rows: Iterable[Sequence[object]]) -> int:
        """Appends rows to a chained table, without ``seq`` and ``hash``. How many they were."""
        columns = _CHAINED[table]
        names = ["seq", *(name for name, _ in columns), "hash"]
        head = self.head(table)
        linked = []
        for head, row in link(head, rows):  # noqa: B020 the chain's head moves with each row
            linked.append(dict(zip(names, (head.seq, *row, head.hash), strict=True)))
        if linked:
            structure = {"seq": "BIGINT", **dict(columns), "hash": "VARCHAR"}
            self._insert(table, structure, linked)
            self._heads[table] = head
        return len(linked)

    def append_reference(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Appends rows of an edition; all have the table's columns as keys, in order."""
        described = self._connection.execute(f"describe {table}").fetchall()
        self._insert(table, {name: kind for name, kind, *_ in described}, rows)

    def head(self, table: str) -> Head:
        """The last row of a chained table."""
        if table not in self._heads:
            found = self._connection.execute(
                f"select seq, hash from {table} order by seq desc limit 1"
            ).fetchone()
            self._heads[table] = Head(*found) if found else Head()
        return self._heads[table]

    def rows(self, query: str, **parameters: object) -> list[Row]:
        """The rows of ``sql/<query>.sql``, whose head says its parameters and columns."""
        with _troubles():
            return self._connection.execute(sql(query), parameters or None).fetchall()

    def row(self, query: str, **parameters: object) -> Row:
        """The only row of a query that has one."""
        return self.rows(query, **parameters)[0]

    def ask(self, text: str) -> tuple[list[str], list[Row]]:
        """Column names and rows of somebody's own query. Raises duckdb's error as ValueError.

        Only on a read-only ledger: outside files and settings are locked away first.
        """
        self._connection.execute("set enable_external_access = false")
        self._connection.execute("set lock_configuration = true")
        try:
            cursor = self._connection.execute(text)
            names = [column[0] for column in cursor.description or ()]
            return names, cursor.fetchall()
        except duckdb.Error as error:
            raise ValueError(str(error)) from error

    def _insert(
        self, table: str, structure: Mapping[str, str], rows: Sequence[Mapping[str, object]]
    ) -> None:
        """One bulk insert through JSON: what DuckDB does fastest without a further library."""
        text = json.dumps(rows, ensure_ascii=False, default=_for_json)
        self._connection.execute(
            f"insert into {table} select unnest(from_json($rows, $structure), recursive := true)",
            {"rows": text, "structure": json.dumps([structure])},
        )


@cache
def sql(query: str) -> str:
    """The text of ``sql/<query>.sql``."""
    return (files("gsjx_tui.ledger") / "sql" / f"{query}.sql").read_text("utf-8")


def _for_json(value: object) -> str:
    if isinstance(value, Decimal | datetime):
        return str(value)
    raise TypeError(type(value))


def _check_magic(path: Path) -> None:
    """DuckDB files carry DUCK at byte 8; anything else isn't ours to open, or to overwrite."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError as error:
        raise LedgerTrouble("not_writable", detail=error.strerror) from error
    if head[8:12] != b"DUCK":
        raise LedgerTrouble("not_a_ledger")


@contextlib.contextmanager
def _troubles() -> Iterator[None]:
    """DuckDB's errors of file and disk as LedgerTrouble."""
    try:
        yield
    except duckdb.Error as error:
        raise _trouble(error) from error
    except OSError as error:
        kind = "disk_full" if error.errno == errno.ENOSPC else "not_writable"
        raise LedgerTrouble(kind, detail=os.strerror(error.errno or 0)) from error


def _trouble(error: duckdb.Error) -> LedgerTrouble:
    text = str(error)
    first = text.splitlines()[0]
    if found := re.search(r"Conflicting lock is held.*?\(PID (\d+)\)", text):
        return LedgerTrouble("locked", pid=found[1])
    if "No space left" in text or "disk is full" in text.lower():
        return LedgerTrouble("disk_full")
    if isinstance(error, duckdb.IOException) and re.search(
        r"Permission denied|Read-only file system|Cannot open file", text
    ):
        return LedgerTrouble("not_writable", detail=first)
    if isinstance(error, duckdb.IOException | duckdb.SerializationException):
        return LedgerTrouble("damaged", detail=first)
    return LedgerTrouble("refused", detail=first)
