"""Workbooks that no office program writes: parts of a real one replaced or added."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl

HEADINGS = ("unit", "month", "item", "field", "value", "note")
A_ROW = ("A1", "2013-06", "study.b1.body", "points", 8, "")
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def a_workbook(path: Path, *rows: Iterable[object], headings: Iterable[str] = HEADINGS) -> Path:
    """A workbook as openpyxl writes it."""
    book = openpyxl.Workbook()
    for row in (headings, *rows):
        book.active.append(list(row))
    book.save(path)
    return path


def with_parts(path: Path, parts: Mapping[str, str | bytes | Iterable[bytes]]) -> Path:
    """The same workbook with these parts in place of its own, or besides them."""
    before = ZipFile(io.BytesIO(path.read_bytes()))
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name in before.namelist():
            if name not in parts:
                archive.writestr(name, before.read(name))
        for name, content in parts.items():
            if isinstance(content, str | bytes):
                archive.writestr(name, content)
            else:
                with archive.open(name, "w", force_zip64=True) as part:
                    for piece in content:
                        part.write(piece)
    return path


def sheet_of(rows: str, head: str = "", doctype: str = "") -> str:
    """A sheet's XML."""
    return (
        f'<?xml version="1.0"?>{doctype}<worksheet {NAMESPACE}>{head}'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )


def row_of(number: int, *cells: str) -> str:
    """A row of cells that are XML already."""
    return f'<row r="{number}">{"".join(cells)}</row>'


def text_cell(at: str, text: str) -> str:
    """A cell of text."""
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


def heading_row() -> str:
    """The row of headings."""
    return row_of(
        1, *(text_cell(f"{letter}1", name) for letter, name in zip("ABCDEF", HEADINGS, strict=True))
    )


def value_row(value: str, number: int = 2) -> str:
    """A row like A_ROW whose cell of the value is given as XML, with ``AT`` for its place."""
    texts = zip("ABCD", A_ROW, strict=False)
    cells = [text_cell(f"{letter}{number}", str(text)) for letter, text in texts]
    return row_of(number, *cells, value.replace("AT", f"E{number}"))
