"""The snapshot 快照: a file of its own with tables in Chinese, that any DuckDB from 1.0 on opens.

It holds what the views (``views.py``) show, as tables, so that no old program has to understand
how they were computed, and none of the ledger's own tables. Beside a ledger the same views are
temporary ones of a connection (``add_views``).
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from gsjx_tui.ledger.ledger import CHAINS, Ledger
from gsjx_tui.ledger.views import State, View, views

STORAGE = "v1.0.0"
"""The oldest DuckDB that opens a snapshot."""

ABOUT = "发布信息"
"""The table of a snapshot that says when and of what it was made."""

_ABOUT_COLUMNS: Mapping[str, str] = {
    "发布时间": "快照是何时做的，北京时间",
    "数据截至": "账本里最新一条内容的时间，北京时间；账本是空的则为空",
    "活动": "活动的代码",
    "设置版本": "采用的第几版名册和评分办法",
    "账本状态": "账本内容的校验值，内容不同则不同",
}
_PARAMETER = re.compile(r"\$\w+")


def is_snapshot(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a connection is to a snapshot, not to a ledger."""
    found = connection.execute(
        "select count(*) from duckdb_tables() where table_name = $name", {"name": ABOUT}
    ).fetchone()
    return bool(found and found[0])


def add_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the views on a connection to a ledger, for that connection alone."""
    for view in views():
        connection.execute(f'create temporary view "{view.name}" as\n{view.select}')


def state_of(ledger: Ledger) -> State:
    """What a ledger holds now."""
    heads = [ledger.head(table) for table in CHAINS]
    editions = ledger.rows("editions")
    return State(
        digest=hashlib.sha256(repr((heads, editions)).encode()).hexdigest(),
        edition=editions[0][0] if editions else 0,
        newest=ledger.row("newest_instant")[0],
    )


def write_snapshot(ledger: Ledger, path: Path) -> State:
    """Writes a snapshot of all that is committed to a path where nothing is yet; what it holds.

    Not synced to the disk yet. Raises LedgerTrouble.
    """
    alias = f"snapshot_{uuid.uuid4().hex}"
    with ledger.reader() as source:
        source.query(
            f"attach {_quoted(str(path))} as {alias} (read_write, storage_version '{STORAGE}')"
        )
        try:
            source.query("begin")  # what is read is of one instant
            state = state_of(source)
            _write_about(source, alias, state)
            for view in views():
                _write_view(source, alias, view)
            source.query("commit")
        finally:
            source.query(f"detach {alias}")
    return state


def _write_about(source: Ledger, alias: str, state: State) -> None:
    source.query(
        f"""
        create table {alias}."{ABOUT}" as
        select
            $now::timestamp + interval 8 hour         as 发布时间,
            $newest::timestamp + interval 8 hour      as 数据截至,
            (select max(campaign) from campaign)      as 活动,
            $edition::integer                         as 设置版本,
            $digest::varchar                          as 账本状态
        """,
        now=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        newest=state.newest,
        edition=state.edition,
        digest=state.digest,
    )
    _comment(source, f'{alias}.main."{ABOUT}"', "这份快照何时发布，数据截至何时", _ABOUT_COLUMNS)


def _write_view(source: Ledger, alias: str, view: View) -> None:
    """One table. The views after it read what was written, not computed once more."""
    source.query(f'create temporary view "{view.name}" as\n{view.select}')
    if view.hidden:
        return
    table = f'{alias}.main."{view.name}"'
    source.query(f'create table {table} as from temp."{view.name}"')
    source.query(f'create or replace temporary view "{view.name}" as from {table}')
    _comment(source, table, view.about, view.columns)


def _comment(source: Ledger, table: str, about: str, columns: Mapping[str, str]) -> None:
    source.query(f"comment on table {table} is {_quoted(about)}")
    for column, meaning in columns.items():
        source.query(f'comment on column {table}."{column}" is {_quoted(meaning)}')


def snapshot_state(path: Path) -> State | None:
    """What a snapshot holds; None if there is none that can be read at that path."""
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            found = connection.execute(
                f"select 账本状态, 设置版本, 数据截至 - interval 8 hour from {ABOUT}"
            ).fetchone()
    except (duckdb.Error, OSError):
        return None
    return State(*found) if found else None


def asks_snapshot(text: str) -> bool:
    """Whether a snapshot has all that a query names, so that it can be asked instead of a ledger.

    A query about the catalog is one about the ledger.
    """
    try:
        with duckdb.connect() as connection:
            # Names are all that is wanted, and they can't be had while there are parameters.
            names = connection.get_table_names(_PARAMETER.sub("null", text))
    except (duckdb.Error, RuntimeError):
        return False
    known = {view.name for view in views() if not view.hidden}
    return bool(names) and names <= known


# Parquet -----------------------------------------------------------------------------------------


def write_parquet(snapshot: Path, folder: Path) -> int:
    """Writes the tables of a snapshot as Parquet, a folder for each month; how many files.

    ``2013-06/累计排名.parquet`` has that month's rows; tables without months, and all rows that
    have none, are in the folder itself. The files say in their metadata what they are of.
    """
    count = 0
    with duckdb.connect(str(snapshot), read_only=True) as connection:
        described = connection.execute(f"select * from {ABOUT}")
        names = [column[0] for column in described.description or ()]
        facts = dict(zip(names, map(str, described.fetchall()[0]), strict=True))
        metadata = ", ".join(f"{name}: {_quoted(value)}" for name, value in facts.items())
        for name, month in _parts(connection):
            place = folder / month if month else folder
            place.mkdir(exist_ok=True)
            where = f"where 月份 = {_quoted(month)}" if month else ""
            connection.execute(
                f'copy (from "{name}" {where}) to {_quoted(str(place / f"{name}.parquet"))} '
                f"(format parquet, kv_metadata {{{metadata}}})"
            )
            count += 1
    return count


def _parts(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    """Each table with each of its months; '' for a table that has no months."""
    for view in views():
        if view.hidden:
            continue
        if "月份" not in view.columns:
            yield view.name, ""
            continue
        found = connection.execute(f'select distinct 月份 from "{view.name}" order by all')
        for (month,) in found.fetchall():
            yield view.name, month


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
