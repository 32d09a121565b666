"""An answer of rows -> a CSV or XLSX file that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any

from rich.cells import cell_len

from gsjx_tui.documents.placing import ExportError, placed
from gsjx_tui.documents.xlsx import CELL, letters, put_text
from gsjx_tui.errors import Fault
from gsjx_tui.harmless import for_spreadsheet, is_number, printable_lines

__all__ = ["ExportError", "Source", "write_answer"]

Row = Sequence[str | None]

_SHEET_ROWS = 1_048_575
"""Rows under the heading that a sheet takes."""
_SAMPLE = 200
_WIDEST = 60
_DIGITS = 15
"""Digits of a number that Excel keeps; longer ones stay text."""
_NOT_XML = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True)
class Source:
    """Where an answer is from; XLSX carries it on a second sheet."""

    facts: Sequence[tuple[str, str]]


def write_answer(
    path: Path,
    columns: Sequence[str],
    numbers: Sequence[bool],
    rows: Iterable[Row],
    source: Source,
) -> int:
    """Writes the rows under their headings to ``path``, whole or not at all; how many they are.

    The suffix says which: ``.csv`` (UTF-8 with BOM, data only) or ``.xlsx``. ``numbers`` says
    which columns are numbers; everything else stays text and is never a formula. Folders are
    made. Raises ExportError: the file exists already, can't be written, has too many rows.
    """
    writer = _write_xlsx if path.suffix.lower() == ".xlsx" else _write_csv
    with placed(path) as draft:
        return writer(draft, path, columns, numbers, rows, source)


def _write_csv(
    draft: Path,
    path: Path,
    columns: Sequence[str],
    numbers: Sequence[bool],
    rows: Iterable[Row],
    source: Source,
) -> int:
    count = 0
    with draft.open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
        writer = csv.writer(file)
        writer.writerow([for_spreadsheet(name) for name in columns])
        for row in rows:
            count += 1
            writer.writerow(["" if cell is None else for_spreadsheet(cell) for cell in row])
    return count


def _write_xlsx(
    draft: Path,
    path: Path,
    columns: Sequence[str],
    numbers: Sequence[bool],
    rows: Iterable[Row],
    source: Source,
) -> int:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("查询结果")
    bold = Font(bold=True)

    def cell(text: str, of: Any, *, heading: bool = False) -> Any:
        text = _NOT_XML.sub("", printable_lines(text))[:CELL]
        if not heading and not text.startswith(("=", "#")):
            return text  # quicker, and text all the same
        made = put_text(WriteOnlyCell(of, value=None), text)
        if heading:
            made.font = bold
        return made

    remaining = iter(rows)
    sample = list(islice(remaining, _SAMPLE))
    for index, width in enumerate(_widths(columns, sample), 1):
        sheet.column_dimensions[letters(index)].width = width
    sheet.freeze_panes = "A2"
    sheet.append([cell(name, sheet, heading=True) for name in columns])
    count = 0
    for row in chain(sample, remaining):
        count += 1
        if count > _SHEET_ROWS:
            raise ExportError(
                Fault(str(path), f"超过 {_SHEET_ROWS} 行，XLSX 放不下", "改导出为 CSV，或缩小范围")
            )
        sheet.append(
            [
                None
                if text is None
                else Decimal(text)
                if number and _fits(text)
                else cell(text, sheet)
                for text, number in zip(row, numbers, strict=True)
            ]
        )
    origin = workbook.create_sheet("来源")
    origin.column_dimensions["A"].width = 14
    origin.column_dimensions["B"].width = 80
    for name, value in (*source.facts, ("行数", str(count))):
        origin.append([cell(name, origin, heading=True), cell(value, origin)])
    workbook.save(draft)
    return count


def _fits(text: str) -> bool:
    return is_number(text) and sum(map(str.isdigit, text)) <= _DIGITS


def _widths(columns: Sequence[str], sample: Sequence[Row]) -> Iterator[int]:
    for index, name in enumerate(columns):
        cells = (cell_len((row[index] or "")[:_WIDEST]) for row in sample)
        yield min(_WIDEST, max(cell_len(name), *cells, 6) + 2)
