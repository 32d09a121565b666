"""A process of its own that reads self-report workbooks: nothing in a file can harm more than it.

``python -P -m gsjx_tui.documents.report_reader`` takes workbooks one after another from its input,
each as its number of bytes on a line and then the bytes. For each it prints a line of JSON:
``{"sheets": [title, …], "cells": {title: [[row, column, kind, text, percent], …]}}``, the cells of
the two sheets of a report; ``null`` for a file that is no report; or ``{"trouble": …}``.

Hundreds come at once, so one process reads many, each within bounds of its own; the one that a
file ends is followed by another (``workbook_open``).
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import signal
import sys
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from zipfile import ZipFile

from gsjx_tui.bounded import bound
from gsjx_tui.documents.limits import CELL
from gsjx_tui.documents.workbook import HIDDEN, SHEET

MEMORY, SECONDS = 768, 30
"""MiB that the process may take, and seconds for one workbook."""

UNPACKED = 16 << 20
"""Bytes of a report unpacked; one of ours has 60,000, a program that formats whole rows more."""

CELLS, LETTERS = 5_000, 1_000_000
"""Filled cells of a sheet, and letters in them; a report has some 500 cells."""

ROWS, COLUMNS = 100_000, 1_000
"""Rows and columns at all, empty ones too."""

_NAMES = 1 << 20
"""Bytes of the part that names the sheets."""


class Trouble(Exception):
    """Why a workbook can't be had; its word is a key of ``workbook_open``'s messages."""


def main() -> None:
    """Answers one workbook after another until the input ends."""
    source = sys.stdin.buffer
    while line := source.readline():
        content = source.read(int(line))
        bound(MEMORY, SECONDS)
        try:
            answer = _report(content)
        except Trouble as trouble:
            answer = {"trouble": str(trouble)}
        except MemoryError:
            answer = {"trouble": "memory"}
        except Exception:  # whatever zip, XML and openpyxl raise on a broken file
            answer = {"trouble": "broken"}
        with contextlib.suppress(AttributeError):
            signal.alarm(0)  # waiting for the next one takes as long as it takes
        print(json.dumps(answer), flush=True)


def _report(content: bytes) -> dict[str, Any] | None:
    if not _is_report(content):
        return None
    from openpyxl import load_workbook

    with warnings.catch_warnings(action="ignore"):  # of drop-down lists and styles, in English
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        if SHEET not in book.sheetnames or HIDDEN not in book.sheetnames:
            return None
        cells = {title: list(_cells(book[title])) for title in (SHEET, HIDDEN)}
    return {"sheets": list(book.sheetnames), "cells": cells}


def _is_report(content: bytes) -> bool:
    """Whether the workbook names the sheet of the identification; a look, to spare tables more."""
    with ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if any(part.flag_bits & 1 for part in parts):
            raise Trouble("encrypted")
        names = [part for part in parts if re.fullmatch(r"xl/workbook\d*\.xml", part.filename)]
        if not any(HIDDEN.encode() in _read(archive, part) for part in names):
            return False
        if sum(part.file_size for part in parts) > UNPACKED:
            raise Trouble("bomb")
    return True


def _read(archive: ZipFile, part: Any) -> bytes:
    if part.file_size > _NAMES:
        raise Trouble("bomb")
    return archive.read(part)


def _cells(sheet: Any) -> Iterator[tuple[int, int, str, str, bool]]:
    """The filled cells: row and column from 1, kind as openpyxl names it, text, whether in %."""
    sheet.reset_dimensions()  # what a file declares may be a million rows of nothing
    count = letters = 0
    for row, cells in enumerate(sheet.iter_rows(), 1):
        if row > ROWS or len(cells) > COLUMNS:
            raise Trouble("cells")
        for column, cell in enumerate(cells, 1):
            if cell.value is None:
                continue
            kind, text = _kind(cell), _text(cell)
            count, letters = count + 1, letters + len(text)
            if count > CELLS or letters > LETTERS or len(text) > CELL:
                raise Trouble("cells")
            yield row, column, kind, text, "%" in (cell.number_format or "")


def _kind(cell: Any) -> str:
    """``f`` formula, ``e`` error, ``s`` text, ``b`` yes or no, ``d`` date or time, ``n`` number."""
    value = cell.value
    if cell.data_type in ("f", "e"):
        return str(cell.data_type)
    if isinstance(value, str):
        return "s"
    if isinstance(value, bool):
        return "b"
    return "d" if isinstance(value, datetime | date | time) else "n"


def _text(cell: Any) -> str:
    value = cell.value
    return f"{value:.15g}" if isinstance(value, float) else str(value)  # the digits Excel shows


if __name__ == "__main__":
    main()
