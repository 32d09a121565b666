"""What every XLSX file needs: opened without harm, text that stays text, letters of columns."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from pathlib import Path
from typing import Any

from gsjx_tui.errors import Fault, GsjxError, reason_of

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIP = b"PK"
CELL = 32_767
"""Letters that a cell of XLSX takes."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LARGEST = 1 << 29
"""Bytes of a workbook unpacked; 100,000 rows are a tenth of it. More is made to do harm."""


def content_of(path: Path, error: type[GsjxError]) -> bytes:
    """The bytes of a file that should be a workbook or a table. Raises ``error``."""
    try:
        content = path.read_bytes()
    except OSError as trouble:
        raise error(Fault(str(path), f"读不出：{reason_of(trouble)}", "核对文件名与权限")) from None
    if content.startswith(OLD_EXCEL):
        raise error(Fault(path.name, "是旧版 XLS 或加密的工作簿", "在 Excel 中解密并另存为 .xlsx"))
    return content


def load(
    content: bytes,
    name: str,
    error: type[GsjxError],
    *,
    read_only: bool = False,
    largest: int = _LARGEST,
) -> Any:
    """The workbook in ``content`` with its formulas as they are; ``name`` is for the message.

    ``largest`` is how many bytes it may be unpacked. Raises ``error``: damaged, too large.
    """
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            size = sum(part.file_size for part in parts.infolist())
        if size <= largest:
            with warnings.catch_warnings(action="ignore"):  # of styles and lists, in English
                return load_workbook(io.BytesIO(content), read_only=read_only)
    except Exception as trouble:  # whatever zip, XML and openpyxl raise on a broken file
        raise damaged(name, error) from trouble
    raise error(Fault(name, f"展开后有 {size:,} 字节，不像是表格", "核对文件来源，重新索取"))


def damaged(name: str, error: type[GsjxError]) -> GsjxError:
    """The error for a workbook that can't be read through."""
    return error(
        Fault(name, "工作簿不完整或已损坏", "在 Excel 中打开并重新另存为 .xlsx，或重新传送")
    )


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
