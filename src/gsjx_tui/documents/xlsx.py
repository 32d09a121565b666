"""What every XLSX file needs: how one is told, text that stays text, letters of columns."""

from __future__ import annotations

import re
from typing import Any

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIP = b"PK"
CELL = 32_767
"""Letters that a cell of XLSX takes."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def plain(text: str) -> str:
    """Text without control characters, which no file of XML can hold."""
    return _CONTROL.sub(" ", text)


def put_text(cell: Any, text: str) -> Any:
    """Writes text into a cell that stays text, even if it looks like a formula or an error."""
    cell.value = plain(text)[:CELL]
    cell.data_type = "s"
    return cell


def letters(column: int) -> str:
    """The letters of a column counted from 1."""
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column))


def in_header(text: str) -> str:
    """Text for a page header or footer, where ``&`` begins a code."""
    return plain(text).replace("&", "&&").replace("\n", " ")
