"""The SQL of the ledger, by name. Needs no DuckDB."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def sql(query: str) -> str:
    """The text of ``sql/<query>.sql``."""
    return (files("gsjx_tui.ledger") / "sql" / f"{query}.sql").read_text("utf-8")
