"""A process of its own that answers one query on a copy of the ledger, and can do nothing else.

Beside the tables it can name the views of ``views.py``; a snapshot has them already.

``python -P -m gsjx_tui.ledger.asking COPY SCHEMA`` (where in the copy the campaign is) reads one
line of JSON from its input: ``text``, ``parameters`` (by name), ``rows`` and ``letters`` (how much
is answered at most: rows, and letters of one cell; 0 is all; if rows are limited, so are the
letters of them all), ``json`` (cells as JSON has them instead of text), ``seconds``, ``memory``
(MiB). It prints lines of JSON: ``columns``, ``numbers`` and ``truths`` (their names, and which of
them are numbers or yes and no), then lists of rows (cells are text or null), then ``{"cut": whether
there are more rows}``; or ``{"trouble", "message"}`` instead of any of them.

Whoever started it may kill it at any time: nothing is left behind. It ends by itself when its
input ends, so it never outlives who started it.

What holds it, each for what the others let through: the file is opened read-only; DuckDB reaches
no other file, loads no extension and sees no Python variable, and none of that can be set back;
DuckDB's own memory limit gives good messages, ``RLIMIT_AS`` holds where that one is not heeded
(lists, long texts); ``RLIMIT_FSIZE`` lets no file be written at all; an alarm ends it.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from gsjx_tui.bounded import bound
from gsjx_tui.harmless import plain
from gsjx_tui.ledger.ledger import is_forbidden
from gsjx_tui.ledger.migrate import use
from gsjx_tui.ledger.snapshot import add_views, is_snapshot

BATCH = 500

LINE_LETTERS = 4_000_000
"""Letters after which a line of rows ends: whoever reads holds no more at once."""

ROW_LETTERS = 32_000_000
"""Letters that one row may have."""

SHOWN_LETTERS = 32_000_000
"""Letters in all that are answered at most if rows are limited."""

_GRACE = 5
_ITSELF = 1024
"""MiB of address space for Python, DuckDB and their threads besides the memory of the query."""


def main() -> None:
    """Answers the query on standard input."""
    asked = json.loads(sys.stdin.readline())
    bound(int(asked["memory"]) + _ITSELF, int(asked["seconds"]) + _GRACE)
    threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        _connected(sys.argv[1], sys.argv[2], asked)
    except (duckdb.OutOfMemoryException, MemoryError):
        _say({"trouble": "memory", "message": ""})
    except _TooLong:
        _say({"trouble": "long", "message": ""})
    except (duckdb.Error, ValueError, RuntimeError) as error:
        _say({"trouble": _kind(error), "message": str(error)})


def _connected(path: str, schema: str, asked: Mapping[str, Any]) -> None:
    try:
        connection = duckdb.connect(path, read_only=True, config=_config(int(asked["memory"])))
    except duckdb.IOException as error:
        _say({"trouble": "ledger", "message": str(error)})
        return
    with connection:
        use(connection, schema)
        if not is_snapshot(connection):
            add_views(connection)
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        _answer(connection, asked)


def _config(memory: int) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "memory_limit": f"{memory}MiB",
        "temp_directory": "",
        "threads": 2,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "python_enable_replacements": False,
    }


def _kind(error: Exception) -> str:
    text = str(error)
    if "bad_alloc" in text or "Allocation failure" in text:
        return "memory"
    if "pytz" in text:  # DuckDB needs it for instants with a time zone
        return "zone"
    if isinstance(error, duckdb.Error) and is_forbidden(error):
        return "forbidden"
    damaged = isinstance(error, duckdb.SerializationException) or "Corrupt database" in text
    return "damaged" if damaged else "refused"


class _TooLong(Exception):
    """A row has more letters than may be answered."""


def _answer(connection: duckdb.DuckDBPyConnection, asked: Mapping[str, Any]) -> None:
    statements = connection.extract_statements(asked["text"])
    if not statements:
        _say({"trouble": "empty", "message": ""})
        return
    given = asked["parameters"]
    for statement in statements:
        wanted = sorted(statement.named_parameters)
        missing = [name for name in wanted if name not in given and not name.isdigit()]
        if missing:
            _say({"trouble": "parameter", "message": missing[0]})
            return
        values = {name: given[name] for name in wanted if name in given}
        connection.execute(statement, values or None)
    described = connection.description or []
    kinds = [str(column[1]) for column in described]
    _say(
        {
            "columns": [str(column[0]) for column in described],
            "numbers": [kind.startswith(_NUMBERS) for kind in kinds],
            "truths": [kind.startswith("BOOL") for kind in kinds],
        }
    )
    _rows(connection, asked["rows"], asked["letters"], asked["json"])


def _rows(connection: duckdb.DuckDBPyConnection, most: int, letters: int, as_json: bool) -> None:
    """The rows in batches, so that neither side holds a large answer whole."""
    told = size = 0
    while rows := connection.fetchmany(BATCH):
        cut = bool(most) and told + len(rows) > most
        rows = rows[: most - told] if cut else rows
        texts = [
            json.dumps(
                [plain(cell) if as_json else _text(cell, letters) for cell in row],
                ensure_ascii=False,
            )
            for row in rows
        ]
        _say_rows(texts)
        told, size = told + len(rows), size + sum(map(len, texts))
        cut = cut or (bool(most) and size > SHOWN_LETTERS)
        if cut:
            _say({"cut": True})
            return
    _say({"cut": False})


def _say_rows(texts: Iterable[str]) -> None:
    """Prints rows in lines of bounded length."""
    line: list[str] = []
    length = 0
    for text in texts:
        if len(text) > ROW_LETTERS:
            raise _TooLong
        if line and length + len(text) > LINE_LETTERS:
            _print(f"[{','.join(line)}]")
            line, length = [], 0
        line.append(text)
        length += len(text)
    _print(f"[{','.join(line)}]")


def _text(value: object, letters: int) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return f"{text[:letters]}.." if letters and len(text) > letters else text


def _say(line: Mapping[str, object]) -> None:
    """Prints a line that is no list of rows."""
    _print(json.dumps(line, ensure_ascii=False))


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


_NUMBERS = (
    *("NUMBER", "DECIMAL", "DOUBLE", "FLOAT", "TINYINT", "SMALLINT", "INTEGER", "BIGINT"),
    *("HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"),
)


def _end_with_input() -> None:
    """Whoever started it is gone when the input ends."""
    while os.read(0, 4096):
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    main()
