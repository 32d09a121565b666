"""CSV and XLSX tables as Excel in China leaves them -> clean rows of text with their lines."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from gsjx_tui.documents import xlsx
from gsjx_tui.errors import Fault, GsjxError


class TableError(GsjxError):
    """A file can't be read as the table it should be."""


@dataclass(frozen=True)
class Table:
    """Rows of text under known headings.

    ``rows`` holds the line (XLSX: the row) a person sees and the cells in the order of
    ``columns``; missing optional columns are empty. Cells are cleaned (``clean``), dates become
    their month, a whole number of XLSX has no ``.0``.
    """

    columns: tuple[str, ...]
    rows: Sequence[tuple[int, list[str]]]


def read_table(
    path: Path, required: Sequence[str], optional: Sequence[str], chinese: Mapping[str, str]
) -> Table:
    """The table in a CSV or XLSX file.

    ``chinese`` maps headings people also use to the names in ``required`` and ``optional``.
    Raises TableError: unreadable, empty, headings missing, unknown or twice, rows too long.
    """
    content = xlsx.content_of(path, TableError)
    lines = _xlsx(content, path.name) if content.startswith(xlsx.ZIP) else _csv(content, path.name)
    return _under_headings(lines, path.name, required, optional, chinese)


def _csv(content: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(_decode(content, name), newline=""), strict=True)
    before = 0
    try:
        for cells in reader:
            yield before + 1, [clean(cell) for cell in cells]
            before = reader.line_num
    except csv.Error as error:
        raise TableError(
            Fault(f"{name} 第 {before + 1} 行", "引号不成对，或引号外还有文字", "改正引号")
        ) from error


def _decode(content: bytes, name: str) -> str:
    """UTF-8 with or without BOM, else GBK (what Excel in China writes)."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableError(Fault(name, "是 UTF-16 编码", "另存为“CSV UTF-8”或 .xlsx"))
    if b"\x00" in content:
        raise TableError(Fault(name, "不是文本文件", "另存为“CSV UTF-8”或 .xlsx"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TableError(
            Fault(
                f"{name} 第 {line} 行",
                "既不是 UTF-8 也不是 GBK 编码",
                "另存为“CSV UTF-8”或 .xlsx",
            )
        ) from error


def _xlsx(content: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    workbook = xlsx.load(content, name, TableError, read_only=True)
    try:
        sheets = [sheet for sheet in workbook.worksheets if _has_content(sheet)]
        rows = [
            (number, [_cell_text(cell) for cell in row])
            for sheet in sheets[:1]
            for number, row in enumerate(sheet.iter_rows(), 1)
        ]
    except Exception as error:  # reading on may still meet what is broken
        raise xlsx.damaged(name, TableError) from error
    if len(sheets) > 1:
        titles = "、".join(sheet.title for sheet in sheets)
        raise TableError(
            Fault(name, f"有 {len(sheets)} 个有内容的工作表：{titles}", "只留要导入的一个")
        )
    yield from rows


def _has_content(sheet: Any) -> bool:
    return any(value is not None for row in sheet.iter_rows(values_only=True) for value in row)


def _cell_text(cell: Any) -> str:
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
    return clean(str(value))


def clean(text: str) -> str:
    """Full-width digits, letters and signs as plain ones (１２ is 12), outer blanks gone."""
    return text.strip() if text.isascii() else text.translate(_PLAIN).strip()


_WIDE = "".join(chr(code) for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()) + "．－＋％＿"
_PLAIN = {ord(wide): unicodedata.normalize("NFKC", wide) for wide in _WIDE} | {0x3000: " "}


def _under_headings(
    lines: Iterator[tuple[int, list[str]]],
    name: str,
    required: Sequence[str],
    optional: Sequence[str],
    chinese: Mapping[str, str],
) -> Table:
    filled = ((number, cells) for number, cells in lines if any(cells))
    first = next(filled, None)
    if first is None:
        raise TableError(Fault(name, "是空的", f"第一行写标题：{','.join(required)}，其下每行一条"))
    number, headings = first
    names = [chinese.get(heading, heading) for heading in headings]
    faults = list(_heading_faults(f"{name} 第 {number} 行", names, required, optional, chinese))
    if faults:
        raise TableError.of(faults)
    columns = (*required, *optional)
    at = [names.index(column) if column in names else None for column in columns]
    rows = []
    for number, cells in filled:
        if any(cells[len(names) :]):
            fault = Fault(
                f"{name} 第 {number} 行",
                f"有 {len(cells)} 格，标题只有 {len(names)} 格",
                "删去多余的逗号或格子；含逗号的文字要加引号",
            )
            faults.append(fault)
            continue
        width = len(cells)
        rows.append((number, [cells[i] if i is not None and i < width else "" for i in at]))
    if faults:
        raise TableError.of(faults)
    if not rows:
        raise TableError(Fault(name, "只有标题，没有内容", "标题之下每行写一条"))
    return Table(columns, rows)


def _heading_faults(
    place: str,
    names: Sequence[str],
    required: Sequence[str],
    optional: Sequence[str],
    chinese: Mapping[str, str],
) -> Iterator[Fault]:
    said = {english: heading for heading, english in chinese.items()}
    known = [*required, *optional]
    for column in required:
        if column not in names:
            yield Fault(place, f"缺少标题 {column}（{said[column]}）", "标题行补上这一列")
    for name in names:
        if name and name not in known:
            yield Fault(place, f"不认识的标题“{name}”", f"删去该列，可用：{'、'.join(known)}")
    for column in known:
        if names.count(column) > 1:
            yield Fault(place, f"标题 {column} 出现两次", "只留一列")
