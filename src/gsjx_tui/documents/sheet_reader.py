"""A process of its own that reads the rows of a workbook: nothing in a file can harm more than it.

``python -P -m gsjx_tui.documents.sheet_reader`` reads the bytes of an XLSX file from its input. It
prints lines of JSON: lists of ``[row, [text, …]]``, the rows with something in them, cells after
the last filled one left out, then ``{"sheets": [title, …]}``, the sheets with content, of which the
rows are the first one's; or ``{"trouble": …}`` instead of any of them.

openpyxl reads it, because the office's rules need what a cell is: a formula is refused, 95 % is
asked about. What an XML or zip bomb takes is bounded by ``bounded`` and by what the zip itself
declares, beyond which ``zipfile`` reads nothing; entities are expat's to refuse.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zipfile import ZipFile

from gsjx_tui.bounded import bound
from gsjx_tui.documents.limits import CELL, COLUMNS, LETTERS, ROWS, SHEET_ROWS

MEMORY, SECONDS = 1024, 120
"""MiB and seconds that reading one workbook may take."""

UNPACKED = 300_000_000
"""Bytes that all parts of a workbook may have when unpacked; a million cells have 40 million."""

_BATCH = 1000


class Trouble(Exception):
    """Why the rows can't be had; its word is a key of ``tables``' messages."""


def main() -> None:
    """Prints the rows of the workbook on standard input."""
    bound(MEMORY, SECONDS)
    try:
        _print_rows(sys.stdin.buffer.read())
    except Trouble as trouble:
        _print({"trouble": str(trouble)})
    except MemoryError:
        _print({"trouble": "memory"})
    except Exception:  # whatever zip, XML and openpyxl raise on a broken file
        _print({"trouble": "broken"})


def _print_rows(content: bytes) -> None:
    _check_zip(content)
    from openpyxl import load_workbook

    with warnings.catch_warnings(action="ignore"):  # of drop-down lists and styles, in English
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        titles: list[str] = []
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()  # what a file declares may be a million rows of nothing
            if _print_sheet(sheet, first=not titles):
                titles.append(sheet.title)
    _print({"sheets": titles})


def _check_zip(content: bytes) -> None:
    with ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise Trouble("encrypted")
    if sum(part.file_size for part in parts) > UNPACKED:
        raise Trouble("bomb")


def _print_sheet(sheet: Any, *, first: bool) -> bool:
    """Prints the rows of the first sheet that has any; whether this one has."""
    rows = _rows(sheet)
    if not first:
        return next(rows, None) is not None
    batch = []
    found = False
    for row in rows:
        found = True
        batch.append(row)
        if len(batch) == _BATCH:
            _print(batch)
            batch = []
    _print(batch)
    return found


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows with something in them."""
    rows = letters = 0
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if number > SHEET_ROWS:
            raise Trouble("rows")
        last = len(cells)
        while last and cells[last - 1].value is None:
            last -= 1
        if last > COLUMNS:
            raise Trouble("columns")
        texts = [_text(cell) for cell in cells[:last]]
        if not any(texts):
            continue
        rows, letters = rows + 1, letters + sum(map(len, texts))
        if rows > ROWS + 1:  # with the heading
            raise Trouble("rows")
        if letters > LETTERS or max(map(len, texts)) > CELL:
            raise Trouble("letters")
        yield number, texts


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return value if isinstance(value, str) else "="
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m")
    if isinstance(value, int | float) and not isinstance(value, bool):
        text = f"{value:.15g}"  # the digits Excel shows; 0.1 + 0.2 is 0.3 to people
        # 0.95 shown as 95%: which of the two was meant must not be guessed.
        return f"{text}%" if "%" in (cell.number_format or "") else text
    return str(value)


def _print(line: object) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
