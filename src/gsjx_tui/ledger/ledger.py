"""Open, append, read: the one class that talks to DuckDB."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import _duckdb
import duckdb

from gsjx_tui.errors import LedgerTrouble
from gsjx_tui.ledger import migrate, replacement
from gsjx_tui.ledger.chain import Head, link
from gsjx_tui.ledger.pages import unmap
from gsjx_tui.ledger.tables import CHAINED, FIRST, REQUEST
from gsjx_tui.ledger.tables import CHAINS as CHAINS
from gsjx_tui.ledger.texts import sql as sql
from gsjx_tui.ledger.together import Answers, Views, Waiting
from gsjx_tui.ledger.troubles import (
    check_log,
    check_magic,
    is_damage,
    trouble_of,
    troubles,
)
from gsjx_tui.ledger.troubles import is_forbidden as is_forbidden
from gsjx_tui.ledger.troubles import os_trouble as os_trouble

Row = tuple[Any, ...]

_LONG_AGO = datetime(1970, 1, 1)
_FEW = 4
"""Up to so many rows are inserted quicker as values than through JSON."""
_LIBRARY = str(_duckdb.__file__)
_TICK = timedelta(microseconds=1)
_Settings = dict[str, str | bool | int | float | list[str]]
_STORAGE: _Settings = {
    "storage_compatibility_version": "v1.5.0",
    # What queries no longer need goes back to the system a second later, and none waits for that:
    # else DuckDB keeps 15 MB of it in every session, and many people sit at one machine.
    "allocator_background_threads": True,
}


class Forbidden(ValueError):
    """A query that would write, reach for other files or change settings."""


class Ledger:
    """A campaign in an open ledger file. One process writes; what is appended is never changed.

    Every method may raise LedgerTrouble. Append only inside ``with ledger.act():``, which
    commits all of it or nothing.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        path: Path,
        *,
        schema: str = FIRST,
        only_reads: bool = False,
    ) -> None:
        self._connection = connection
        self.path, self.schema = path, schema
        self._only_reads = only_reads
        self._heads: dict[str, Head] = {}
        self._newest: datetime | None = None
        self._grouped = False
        self._appended = 0
        self._spoiled = False
        self._waiting = Waiting()
        self._answers = Answers()
        self._views: Views | None = None
        self._file = _file_at(path)

    @classmethod
    def create(cls, path: Path) -> Ledger:
        """A new ledger at ``path``, which must not exist yet."""
        with troubles(path):
            if path.exists():
                raise LedgerTrouble("exists", path=path)
            connection = duckdb.connect(str(path), config=_STORAGE)
            try:
                migrate.apply(connection, after=0)
            except BaseException:
                connection.close()
                raise
        return cls(connection, path)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, schema: str = FIRST) -> Ledger:
        """A campaign of the ledger at ``path``, all brought up to date unless ``read_only``.

        A replacement that was decided on and cut off is completed first.
        """
        with troubles(path):
            replacement.finish(path)
            if not path.exists():
                raise LedgerTrouble("missing", path=path)
            check_magic(path)
            check_log(path)
            config: _Settings = {} if read_only else _STORAGE
            if not read_only:  # who only reads is a command, and soon gone
                unmap(_LIBRARY)
            connection = duckdb.connect(str(path), read_only=read_only, config=config)
            try:
                migrate.check_known(migrate.step_of(connection))
                if not read_only:
                    migrate.bring_up_to_date(connection)
                _check_has(connection, schema)
                migrate.use(connection, schema)
            except BaseException:
                connection.close()
                raise
            if not read_only:
                unmap(_LIBRARY)
        return cls(connection, path, schema=schema)

    @property
    def schemas(self) -> Sequence[str]:
        """The schemas of all campaigns in the file, the first campaign's first."""
        with troubles(self.path):
            return migrate.schemas(self._connection)

    def beside(self, schema: str) -> Ledger:
        """Another campaign of the same open file; it is closed by itself, and before this one."""
        with troubles(self.path):
            _check_has(self._connection, schema)
            cursor = self._connection.cursor()
            migrate.use(cursor, schema)
            return Ledger(cursor, self.path, schema=schema)

    @contextlib.contextmanager
    def each(self) -> Iterator[Sequence[Ledger]]:
        """Every campaign of the file, the first one first, for as long as this lasts."""
        with contextlib.ExitStack() as stack:
            yield [stack.enter_context(self.beside(schema)) for schema in self.schemas]

    @contextlib.contextmanager
    def adding(self, schema: str) -> Iterator[Ledger]:
        """A new campaign in the file: it is there, with all that is appended inside, or not at all.

        Raises LedgerTrouble if there is one of that schema.
        """
        with troubles(self.path):
            if schema in self.schemas:
                raise LedgerTrouble("campaign_exists", campaign=schema)
            cursor = self._connection.cursor()
        with cursor:
            added = Ledger(cursor, self.path, schema=schema)
            with added.group():
                cursor.execute(f'create schema "{schema}"')
                migrate.use(cursor, schema)
                migrate.make(cursor)
                yield added

    def checkpoint(self) -> None:
        """Brings all that was committed into the one file; until then some is in a file beside."""
        with troubles(self.path):
            self._connection.execute("checkpoint")

    def copy_campaign_to(self, path: Path) -> None:
        """A copy of this campaign alone, as the first one of a ledger at a path where nothing is.

        Whoever is let see this campaign may not know the others.
        """
        if self.schemas == [self.schema]:
            self.copy_to(path)
            return
        with troubles(path), self._connection.cursor() as cursor:
            (name,) = cursor.execute("select current_database()").fetchall()[0]
            alias, version = f"copied_{uuid.uuid4().hex}", _STORAGE["storage_compatibility_version"]
            cursor.execute(
                f"attach {_quoted(path)} as {alias} (read_write, storage_version '{version}')"
            )
            cursor.execute("begin")
            cursor.execute(f"use {alias}.main")
            migrate.make(cursor)
            tables = cursor.execute(
                """
                select table_name
                from duckdb_tables()
                where database_name = $name and schema_name = $schema
                    and table_name <> 'schema_step'
                """,
                {"name": name, "schema": self.schema},
            ).fetchall()
            for (table,) in tables:
                cursor.execute(f'insert into "{table}" from "{name}"."{self.schema}"."{table}"')
            cursor.execute("commit")
            cursor.execute(f'use "{name}"')
            cursor.execute(f"detach {alias}")

    def copy_to(self, path: Path) -> None:
        """A copy of all that was committed, of every campaign, at a path where nothing is yet.

        DuckDB copies it, not we the file: closing a second handle of the file would give up this
        process's lock on it.
        """
        version = _STORAGE["storage_compatibility_version"]
        alias = f"copied_{uuid.uuid4().hex}"
        with troubles(path):
            (name,) = self._connection.execute("select current_database()").fetchall()[0]
            self._connection.execute(
                f"attach {_quoted(path)} as {alias} (read_write, storage_version '{version}')"
            )
            try:
                self._connection.execute(f'copy from database "{name}" to {alias}')
            finally:
                self._connection.execute(f"detach {alias}")

    def query(self, text: str, **parameters: object) -> list[Row]:
        """The rows of a query that another module of the ledger made."""
        with troubles(self.path):
            if self._grouped:
                return self._rows_in_group(text, parameters)
            return self._connection.execute(text, parameters or None).fetchall()

    def close(self) -> None:
        """Checkpoints (if writable and there is space, else the next opening will) and closes."""
        with troubles(self.path):
            if not self._only_reads and self._file != _file_at(self.path):
                # A checkpoint would remove the file beside, which belongs to the other one now.
                with contextlib.suppress(duckdb.Error):
                    self._connection.execute("pragma disable_checkpoint_on_shutdown")
            self._connection.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @contextlib.contextmanager
    def act(self) -> Iterator[datetime]:
        """One transaction; gives its instant, later than any before: it names the act.

        Inside ``group`` it is a part of the group's transaction.
        """
        with troubles(self.path):
            if not self._grouped:
                self._connection.execute("begin")
            appended = self._appended
            try:
                if self._newest is None:
                    self._newest = self.row("newest_instant")[0] or _LONG_AGO
                now = max(self._newest + _TICK, datetime.now(UTC).replace(tzinfo=None))
                yield now
                if not self._grouped:
                    self._commit()
                self._newest = now
            except BaseException:
                if self._grouped:
                    self._spoiled = self._spoiled or self._appended > appended
                else:
                    self._rollback()
                raise

    @contextlib.contextmanager
    def group(self) -> Iterator[None]:
        """Acts that share one commit: all are on disk when it ends, or, with an error, none.

        An act that fails with nothing appended leaves the others standing; after one that fails
        halfway the group is ``spoiled``: end it with an error and do the others again.
        """
        with troubles(self.path):
            self._connection.execute("begin")
            self._grouped, self._spoiled = True, False
            try:
                yield
                self._insert_waiting()
                self._commit()
            except BaseException:
                self._rollback()
                raise
            finally:
                self._grouped = False

    @property
    def spoiled(self) -> bool:
        """Whether the group that is under way can't be committed any more."""
        return self._spoiled

    @property
    def appended(self) -> int:
        """How many rows were appended since the ledger was opened; rolled back ones count too."""
        return self._appended

    def reader(self) -> Ledger:
        """Another view of the same open file, for reading in another thread."""
        with troubles(self.path):
            cursor = self._connection.cursor()
            migrate.use(cursor, self.schema)
            return Ledger(cursor, self.path, schema=self.schema, only_reads=True)

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """What is read inside is of one instant, whatever others write meanwhile."""
        with troubles(self.path):
            self._connection.execute("begin")
            try:
                yield
            finally:
                self._connection.execute("rollback")

    def works(self) -> bool:
        """Whether the store still answers; after some errors DuckDB wants the file reopened."""
        try:
            self._connection.execute("begin")
            self._connection.execute("select count(*) from campaign").fetchall()
            self._connection.execute("rollback")
        except duckdb.Error:
            return False
        return True

    def reopen(self) -> None:
        """Opens the file anew; what was committed is there. All its readers are closed before."""
        self._take(lambda: Ledger.open(self.path, schema=self.schema))

    def rejoin(self, opened: Ledger) -> None:
        """The same where another campaign of the file was opened anew already."""
        self._take(lambda: opened.beside(self.schema))

    def give_up(self) -> None:
        """Lets go of the file, so that it can be opened anew."""
        with contextlib.suppress(duckdb.Error):
            self._connection.close()

    def _take(self, opening: Callable[[], Ledger]) -> None:
        self.give_up()
        self._forget()
        fresh = opening()
        self._connection, self._file = fresh._connection, fresh._file

    def _commit(self) -> None:
        """What is acknowledged must be in the file that the path names, not in one replaced."""
        if self._file != _file_at(self.path):
            raise LedgerTrouble("replaced", path=self.path)
        self._connection.execute("commit")

    def _forget(self) -> None:
        self._waiting.clear()
        self._answers.clear()
        self._heads.clear()
        self._newest = None

    def _rollback(self) -> None:
        self._forget()
        with contextlib.suppress(duckdb.TransactionException, duckdb.FatalException):
            self._connection.execute("rollback")

    def append(self, table: str, rows: Iterable[Sequence[object]]) -> int:
        """Appends rows to a chained table, without ``seq`` and ``hash``. How many they were."""
        columns = CHAINED[table]
        head = self.head(table)
        linked: list[Sequence[object]] = []
        for head, row in link(head, rows):  # noqa: B020 the chain's head moves with each row
            linked.append((head.seq, *row, head.hash))
        if linked:
            structure = {"seq": "BIGINT", **dict(columns), "hash": "VARCHAR"}
            self._heads[table] = head
            self._appended += len(linked)
            self._answers.changed(table)
            if self._grouped:
                self._waiting.add(table, structure, linked)
            else:
                self._insert(table, structure, linked)
        return len(linked)

    def append_reference(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Appends rows of an edition; all have the table's columns as keys, in order."""
        described = self._connection.execute(f"describe {table}").fetchall()
        structure = {name: kind for name, kind, *_ in described}
        if rows:
            self._appended += len(rows)
            self._answers.clear()
            self._insert(table, structure, [[row[name] for name in structure] for row in rows])

    def append_answers(self, rows: Sequence[Sequence[object]]) -> None:
        """Appends what requests were answered: rows of the table ``request``."""
        self._answers.changed("request")
        self._insert("request", REQUEST, rows)

    def head(self, table: str) -> Head:
        """The last row of a chained table."""
        if table not in self._heads or self._only_reads:
            with troubles(self.path):
                found = self._connection.execute(
                    f"select seq, hash from {table} order by seq desc limit 1"
                ).fetchone()
            self._heads[table] = Head(*found) if found else Head()
        return self._heads[table]

    def rows(self, query: str, **parameters: object) -> list[Row]:
        """The rows of ``sql/<query>.sql``, whose head says its parameters and columns."""
        return self.query(sql(query), **parameters)

    def _rows_in_group(self, text: str, parameters: Mapping[str, object]) -> list[Row]:
        """Rows that wait are inserted before a query of their table; what is known isn't asked."""
        question = (text, repr(parameters))
        known = self._answers.get(question)
        if known is None:
            tables = self._names_in(text)
            if self._waiting.rows.keys() & tables:
                self._insert_waiting()
            known = self._connection.execute(text, parameters or None).fetchall()
            self._answers.keep(question, tables, known)
        return list(known)

    def _names_in(self, text: str) -> frozenset[str]:
        if self._views is None:
            self._views = Views(
                self._connection.execute(
                    """
                    select view_name, sql
                    from duckdb_views()
                    where not internal and schema_name = current_schema()
                    """
                ).fetchall()
            )
        return self._views.names_in(text)

    def _insert_waiting(self) -> None:
        for table, rows in self._waiting.rows.items():
            self._insert(table, self._waiting.structures[table], rows)
        self._waiting.clear()

    def row(self, query: str, **parameters: object) -> Row:
        """The only row of a query that has one."""
        return self.rows(query, **parameters)[0]

    def ask(self, text: str) -> tuple[list[str], list[Row]]:
        """Column names and rows of somebody's own query; no columns if there is no statement.

        Only on a read-only ledger: outside files and settings are locked away first. Raises
        Forbidden, or duckdb's own error as ValueError.
        """
        self._connection.execute("set enable_external_access = false")
        self._connection.execute("set lock_configuration = true")
        try:
            cursor = self._connection.execute(text)
            if cursor is None:
                return [], []
            names = [column[0] for column in cursor.description or ()]
            return names, cursor.fetchall()
        except duckdb.Error as error:
            if is_damage(error):
                raise trouble_of(error, self.path) from error
            raise (Forbidden if is_forbidden(error) else ValueError)(str(error)) from error

    def _insert(
        self, table: str, structure: Mapping[str, str], rows: Sequence[Sequence[object]]
    ) -> None:
        """One bulk insert through JSON, a list for each column; a few rows as they are.

        DuckDB does nothing faster without a further library: rows as objects take four times as
        long when there are 100,000.
        """
        if len(rows) <= _FEW:
            places = ", ".join(f"({', '.join('?' * len(structure))})" for _ in rows)
            values = [value for row in rows for value in row]
            self._connection.execute(f"insert into {table} values {places}", values)
            return
        columns = dict(zip(structure, zip(*rows, strict=True), strict=True))
        lists = ", ".join(f'unnest(r."{name}")' for name in structure)
        self._connection.execute(
            f"insert into {table} select {lists} from (select from_json($columns, $structure) r)",
            {
                "columns": json.dumps(columns, ensure_ascii=False, default=_for_json),
                "structure": json.dumps({name: [kind] for name, kind in structure.items()}),
            },
        )


def _check_has(connection: duckdb.DuckDBPyConnection, schema: str) -> None:
    """Raises LedgerTrouble if the file has no campaign of that schema."""
    if schema != FIRST and schema not in migrate.schemas(connection):
        raise LedgerTrouble("no_campaign", campaign=schema)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _for_json(value: object) -> str:
    if isinstance(value, Decimal | datetime):
        return str(value)
    raise TypeError(type(value))


def _file_at(path: Path) -> tuple[int, int] | None:
    """Which file a path names; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
