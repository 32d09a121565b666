"""Somebody's own read-only SQL on the ledger (SPEC 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gsjx_tui.errors import Fault, QueryError
from gsjx_tui.ledger.ledger import Forbidden
from gsjx_tui.office.home import reading


@dataclass(frozen=True)
class Answer:
    """Column names and rows."""

    columns: Sequence[str]
    rows: Sequence[tuple[Any, ...]]


def ask(home: Path, text: str, folders: Sequence[Path] = ()) -> Answer:
    """The answer to a query. Raises QueryError with DuckDB's own words where it refuses."""
    with reading(home, folders) as office:
        try:
            columns, rows = office.ledger.ask(text)
        except Forbidden as error:
            raise QueryError(
                Fault("", "这里只能查询账本，不能写入、读写别的文件或改设置", "改用 select"),
                heading=_refused(error),
            ) from error
        except ValueError as error:
            raise QueryError(Fault("", "改正 SQL 后再试"), heading=_refused(error)) from error
    if not columns:
        raise QueryError(Fault("", "查询是空的", "写一条 SQL，例如 select * from unit"))
    return Answer(columns, rows)


def _refused(error: ValueError) -> str:
    return f"查询不能执行：\n{error}"
