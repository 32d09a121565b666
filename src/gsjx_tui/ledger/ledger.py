"""Open, append, read: the one class that talks to DuckDB."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from gsjx_tui.errors import OS_REASONS, LedgerTrouble, reason_of
from gsjx_tui.ledger import migrate, replacement, wal
from gsjx_tui.ledger.chain import Head, link
from gsjx_tui.ledger.holder import UNKNOWN, described
from gsjx_tui.ledger.texts import sql as sql

Row = tuple[Any, ...]

_LONG_AGO = datetime(1970, 1, 1)
_TICK = timedelta(microseconds=1)
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
    "event": (
        ("unit", "VARCHAR"),
        ("month", "VARCHAR"),
        ("item", "VARCHAR"),
        ("field", "VARCHAR"),
        ("happened_on", "VARCHAR"),
        ("origin", "VARCHAR"),
        ("document", "VARCHAR"),
        ("file_name", "VARCHAR"),
        ("file_sha256", "VARCHAR"),
        ("kept_at", "VARCHAR"),
        ("note", "VARCHAR"),
        ("registered_by", "VARCHAR"),
        ("registered_at", "TIMESTAMP"),
    ),
    "withdrawal": (
        ("unit", "VARCHAR"),
        ("month", "VARCHAR"),
        ("what", "VARCHAR"),
        ("target", "BIGINT"),
        ("reason", "VARCHAR"),
        ("withdrawn_by", "VARCHAR"),
        ("withdrawn_at", "TIMESTAMP"),
    ),
    "returned": (
        ("unit", "VARCHAR"),
        ("month", "VARCHAR"),
        ("item", "VARCHAR"),
        ("reason", "VARCHAR"),
        ("deadline", "VARCHAR"),
        ("returned_by", "VARCHAR"),
        ("returned_at", "TIMESTAMP"),
    ),
    "staff": (
        ("login", "VARCHAR"),
        ("name", "VARCHAR"),
        ("role", "VARCHAR"),
        ("unit", "VARCHAR"),
        ("changed_by", "VARCHAR"),
        ("changed_at", "TIMESTAMP"),
    ),
    "rubric_in_force": (
        ("digest", "VARCHAR"),
        ("content", "VARCHAR"),
        ("effect", "VARCHAR"),
        ("reason", "VARCHAR"),
        ("accepted_by", "VARCHAR"),
        ("accepted_at", "TIMESTAMP"),
    ),
}
_REQUEST = {
    "key": "VARCHAR",
    "act": "VARCHAR",
    "answer": "VARCHAR",
    "answered_to": "VARCHAR",
    "answered_at": "TIMESTAMP",
}
CHAINS = tuple(_CHAINED)
"""The chained tables; their columns between ``seq`` and ``hash`` are in table order."""


class Forbidden(ValueError):
    """A query that would write, reach for other files or change settings."""


class Ledger:
    """An open ledger file. One process writes; what is appended is never changed.

    Every method may raise LedgerTrouble. Append only inside ``with ledger.act():``, which
    commits all of it or nothing.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, path: Path, *, only_reads: bool = False
    ) -> None:
        self._connection = connection
        self.path = path
        self._only_reads = only_reads
        self._heads: dict[str, Head] = {}
        self._newest: datetime | None = None
        self._grouped = False
        self._appended = 0
        self._spoiled = False

    @classmethod
    def create(cls, path: Path) -> Ledger:
        """A new ledger at ``path``, which must not exist yet."""
        with _troubles(path):
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
    def open(cls, path: Path, *, read_only: bool = False) -> Ledger:
        """The ledger at ``path``, its schema brought up to date unless ``read_only``.

        A replacement that was decided on and cut off is completed first.
        """
        with _troubles(path):
            replacement.finish(path)
            if not path.exists():
                raise LedgerTrouble("missing", path=path)
            _check_magic(path)
            _check_log(path)
            config = {} if read_only else _STORAGE
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

    def checkpoint(self) -> None:
        """Brings all that was committed into the one file; until then some is in a file beside."""
        with _troubles(self.path):
            self._connection.execute("checkpoint")

    def copy_to(self, path: Path) -> None:
        """A copy of all that was committed, at a path where nothing is yet.

        DuckDB copies it, not we the file: closing a second handle of the file would give up this
        process's lock on it.
        """
        quoted = str(path).replace("'", "''")
        version = _STORAGE["storage_compatibility_version"]
        alias = f"copied_{uuid.uuid4().hex}"
        with _troubles(path):
            (name,) = self._connection.execute("select current_database()").fetchall()[0]
            self._connection.execute(
                f"attach '{quoted}' as {alias} (read_write, storage_version '{version}')"
            )
            try:
                self._connection.execute(f'copy from database "{name}" to {alias}')
            finally:
                self._connection.execute(f"detach {alias}")

    def query(self, text: str, **parameters: object) -> list[Row]:
        """The rows of a query that another module of the ledger made."""
        with _troubles(self.path):
            return self._connection.execute(text, parameters or None).fetchall()

    def close(self) -> None:
        """Checkpoints (if writable and there is space, else the next opening will) and closes."""
        with _troubles(self.path):
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
        with _troubles(self.path):
            if not self._grouped:
                self._connection.execute("begin")
            appended = self._appended
            try:
                if self._newest is None:
                    self._newest = self.row("newest_instant")[0] or _LONG_AGO
                now = max(self._newest + _TICK, datetime.now(UTC).replace(tzinfo=None))
                yield now
                if not self._grouped:
                    self._connection.execute("commit")
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
        with _troubles(self.path):
            self._connection.execute("begin")
            self._grouped, self._spoiled = True, False
            try:
                yield
                self._grouped = False
                self._connection.execute("commit")
            except BaseException:
                self._grouped = False
                self._rollback()
                raise

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
        return Ledger(self._connection.cursor(), self.path, only_reads=True)

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """What is read inside is of one instant, whatever others write meanwhile."""
        with _troubles(self.path):
            self._connection.execute("begin")
            try:
                yield
            finally:
                self._connection.execute("rollback")

    def _rollback(self) -> None:
        self._heads.clear()
        self._newest = None
        with contextlib.suppress(duckdb.TransactionException, duckdb.FatalException):
            self._connection.execute("rollback")

    def append(self, table: str, rows: Iterable[Sequence[object]]) -> int:
        """Appends rows to a chained table, without ``seq`` and ``hash``. How many they were."""
        columns = _CHAINED[table]
        head = self.head(table)
        linked: list[Sequence[object]] = []
        for head, row in link(head, rows):  # noqa: B020 the chain's head moves with each row
            linked.append((head.seq, *row, head.hash))
        if linked:
            structure = {"seq": "BIGINT", **dict(columns), "hash": "VARCHAR"}
            self._insert(table, structure, linked)
            self._heads[table] = head
        return len(linked)

    def append_reference(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Appends rows of an edition; all have the table's columns as keys, in order."""
        described = self._connection.execute(f"describe {table}").fetchall()
        structure = {name: kind for name, kind, *_ in described}
        if rows:
            self._insert(table, structure, [[row[name] for name in structure] for row in rows])

    def append_answers(self, rows: Sequence[Sequence[object]]) -> None:
        """Appends what requests were answered: rows of the table ``request``."""
        self._insert("request", _REQUEST, rows)

    def head(self, table: str) -> Head:
        """The last row of a chained table."""
        if table not in self._heads or self._only_reads:
            found = self._connection.execute(
                f"select seq, hash from {table} order by seq desc limit 1"
            ).fetchone()
            self._heads[table] = Head(*found) if found else Head()
        return self._heads[table]

    def rows(self, query: str, **parameters: object) -> list[Row]:
        """The rows of ``sql/<query>.sql``, whose head says its parameters and columns."""
        with _troubles(self.path):
            return self._connection.execute(sql(query), parameters or None).fetchall()

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
            if _is_damage(error):
                raise _trouble(error, self.path) from error
            raise (Forbidden if is_forbidden(error) else ValueError)(str(error)) from error

    def _insert(
        self, table: str, structure: Mapping[str, str], rows: Sequence[Sequence[object]]
    ) -> None:
        """One bulk insert through JSON, a list for each column.

        DuckDB does nothing faster without a further library: rows as objects take four times as
        long when there are 100,000.
        """
        self._appended += len(rows)
        columns = dict(zip(structure, zip(*rows, strict=True), strict=True))
        lists = ", ".join(f'unnest(r."{name}")' for name in structure)
        self._connection.execute(
            f"insert into {table} select {lists} from (select from_json($columns, $structure) r)",
            {
                "columns": json.dumps(columns, ensure_ascii=False, default=_for_json),
                "structure": json.dumps({name: [kind] for name, kind in structure.items()}),
            },
        )


def _for_json(value: object) -> str:
    if isinstance(value, Decimal | datetime):
        return str(value)
    raise TypeError(type(value))


def _check_magic(path: Path) -> None:
    """DuckDB files carry DUCK at byte 8; anything else isn't ours to open, or to overwrite."""
    with path.open("rb") as file:
        head = file.read(12)
    if head[8:12] != b"DUCK":
        raise LedgerTrouble("not_a_ledger")


def _check_log(path: Path) -> None:
    """A log whose whole entries DuckDB would drop unsaid isn't opened: they were acknowledged."""
    log = wal.log_of(path)
    if log.exists():
        position = wal.garbled_at(log.read_bytes())
        if position is not None:
            raise LedgerTrouble("log_damaged", log=log, position=position, home=path.parent)


@contextlib.contextmanager
def _troubles(path: Path) -> Iterator[None]:
    """DuckDB's errors of file and disk as LedgerTrouble."""
    try:
        yield
    except duckdb.Error as error:
        raise _trouble(error, path) from error
    except OSError as error:
        raise os_trouble(error, path) from error


def os_trouble(error: OSError, path: Path) -> LedgerTrouble:
    """The trouble that an error of the operating system means."""
    if error.errno in _FULL:
        return LedgerTrouble("disk_full")
    return LedgerTrouble("not_writable", path=error.filename or path, reason=reason_of(error))


def _trouble(error: duckdb.Error, path: Path) -> LedgerTrouble:
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
    kind = "damaged" if _is_damage(error) else "refused"
    return LedgerTrouble(kind, technical)


def is_forbidden(error: duckdb.Error) -> bool:
    """Whether a query was refused for what it would do, not for how it is written."""
    return isinstance(error, duckdb.PermissionException) or bool(
        re.search(r"read-only mode|configuration has been locked", str(error))
    )


def _is_damage(error: duckdb.Error) -> bool:
    return isinstance(error, _DAMAGE) or "Corrupt database file" in str(error)


_FULL = (errno.ENOSPC, errno.EDQUOT)
_DAMAGE = (duckdb.IOException, duckdb.SerializationException)
