"""A process of its own that answers one query on a copy of the ledger, and can do nothing else.

``python -P -m gsjx_tui.ledger.asking COPY`` reads one JSON object from its input: ``text``,
``parameters`` (by name), ``rows`` and ``letters`` (how much is answered at most: rows, and letters
of one cell; 0 is all; if rows are limited, so are the letters of them all), ``seconds``. It prints
lines of JSON: ``{"columns", "numbers"}`` with the names and which of them are numbers, then lists
of rows (cells are text or null), then ``{"cut": whether there are more rows}``; or
``{"trouble", "message"}`` instead of any of them.
Whoever started it may kill it at any time: nothing is left behind.
"""

from __future__ import annotations

import contextlib
import json
import signal
import sys
from collections.abc import Mapping
from typing import Any

import duckdb

from gsjx_tui.ledger.ledger import is_forbidden

MEMORY = 1 << 30
"""Bytes DuckDB may use for one answer; the process itself may take twice as much."""

BATCH = 500

SHOWN_LETTERS = 32_000_000
"""Letters in all that are answered at most if rows are limited."""

_GRACE = 5


def main() -> None:
    """Answers the query on standard input."""
    _bound_memory()
    asked = json.load(sys.stdin)
    _end_after(int(asked["seconds"]) + _GRACE)
    try:
        with duckdb.connect(sys.argv[1], read_only=True, config=_CONFIG) as connection:
            connection.execute("set enable_external_access = false")
            connection.execute("set lock_configuration = true")
            _answer(connection, asked)
    except (duckdb.OutOfMemoryException, MemoryError):
        _say({"trouble": "memory", "message": ""})
    except duckdb.Error as error:
        memory = "bad_alloc" in str(error) or "Allocation failure" in str(error)
        kind = "memory" if memory else "forbidden" if is_forbidden(error) else "refused"
        _say({"trouble": kind, "message": str(error)})


_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": f"{MEMORY >> 20}MiB",
    "temp_directory": "",
    "threads": 2,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def _answer(connection: duckdb.DuckDBPyConnection, asked: Mapping[str, Any]) -> None:
    statements = connection.extract_statements(asked["text"])
    if not statements:
        _say({"trouble": "empty", "message": ""})
        return
    given = asked["parameters"]
    for statement in statements:
        wanted = sorted(statement.named_parameters)
        missing = [name for name in wanted if name not in given]
        if missing:
            _say({"trouble": "parameter", "message": missing[0]})
            return
        connection.execute(statement, {name: given[name] for name in wanted} or None)
    described = connection.description or []
    numbers = [str(column[1]).startswith(_NUMBERS) for column in described]
    _say({"columns": [str(column[0]) for column in described], "numbers": numbers})
    _rows(connection, asked["rows"], asked["letters"])


def _rows(connection: duckdb.DuckDBPyConnection, most: int, letters: int) -> None:
    """The rows in batches, so that neither side holds a large answer whole."""
    told = size = 0
    while rows := connection.fetchmany(BATCH):
        cut = bool(most) and told + len(rows) > most
        rows = rows[: most - told] if cut else rows
        size += _say([[_text(value, letters) for value in row] for row in rows])
        told += len(rows)
        cut = cut or (bool(most) and size > SHOWN_LETTERS)
        if cut:
            _say({"cut": True})
            return
    _say({"cut": False})


def _text(value: object, letters: int) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return f"{text[:letters]}.." if letters and len(text) > letters else text


def _say(line: object) -> int:
    """Prints a line; how many letters it had."""
    text = json.dumps(line, ensure_ascii=False) + "\n"
    sys.stdout.write(text)
    sys.stdout.flush()
    return len(text)


_NUMBERS = (
    *("NUMBER", "DECIMAL", "DOUBLE", "FLOAT", "TINYINT", "SMALLINT", "INTEGER", "BIGINT"),
    *("HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"),
)


def _bound_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (2 * MEMORY, 2 * MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_after(seconds: int) -> None:
    """The process ends even if whoever started it is gone."""
    with contextlib.suppress(AttributeError):
        signal.alarm(seconds)


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    main()
