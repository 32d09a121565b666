"""CSV and XLSX tables as Excel in China leaves them -> clean rows of text with their lines."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gsjx_tui.documents.limits import BYTES, CELL, COLUMNS, ROWS, SHEET_ROWS
from gsjx_tui.errors import Fault, GsjxError, reason_of
from gsjx_tui.harmless import printable

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK"

READER = ["-m", "gsjx_tui.documents.sheet_reader"]
"""What Python runs to read a workbook."""


class TableError(GsjxError):
    """A file can't be read as the table it should be."""


@dataclass(frozen=True)
class Table:
    """Rows of text under known headings.

    ``rows`` holds the line (XLSX: the row) a person sees and the cells in the order of
    ``columns``; missing optional columns are empty. Cells are cleaned (``clean``); of XLSX dates
    become their month, a whole number has no ``.0``, a formula is its text.
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
    try:
        with path.open("rb") as file:
            content = file.read(BYTES + 1)
    except OSError as error:
        raise TableError(
            Fault(str(path), f"读不出：{reason_of(error)}", "核对文件名与权限")
        ) from error
    if len(content) > BYTES:
        raise _trouble("bytes", path.name)
    if content.startswith(_OLD_EXCEL):
        raise TableError(
            Fault(path.name, "是旧版 XLS 或加密的工作簿", "在 Excel 中解密并另存为 .xlsx")
        )
    lines = _xlsx(content, path.name) if content.startswith(_ZIP) else _csv(content, path.name)
    return _under_headings(lines, path.name, required, optional, chinese)


def _csv(content: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(_decode(content, name), newline=""), strict=True)
    before = 0
    try:
        for cells in reader:
            place = f"{name} 第 {before + 1} 行"
            if before >= SHEET_ROWS:
                raise _trouble("rows", name)
            if len(cells) > COLUMNS and any(cells[COLUMNS:]):
                raise _trouble("columns", place)
            if cells and max(map(len, cells)) > CELL:
                raise _trouble("letters", place)
            yield before + 1, [clean(cell) for cell in cells[:COLUMNS]]
            before = reader.line_num
    except csv.Error as error:
        if "field limit" in str(error):
            raise _trouble("letters", f"{name} 第 {before + 1} 行") from error
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
    """The rows as a process of its own reads them: a file can harm no more than that one."""
    with subprocess.Popen(
        [sys.executable, "-P", *READER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:
        try:
            yield from _rows_of(child, content, name)
        finally:
            child.kill()


def _rows_of(
    child: subprocess.Popen[bytes], content: bytes, name: str
) -> Iterator[tuple[int, list[str]]]:
    assert child.stdin and child.stdout
    with contextlib.suppress(OSError):  # it is gone already; reading tells why
        child.stdin.write(content)
    with contextlib.suppress(OSError):
        child.stdin.close()
    for text in child.stdout:
        line = json.loads(text)
        if isinstance(line, list):
            for number, cells in line:
                yield number, [clean(cell) for cell in cells]
        elif "trouble" in line:
            raise _trouble(line["trouble"], name)
        else:
            titles = line["sheets"]
            if len(titles) > 1:
                shown = "、".join(map(printable, titles[:10]))
                raise TableError(
                    Fault(name, f"有 {len(titles)} 个有内容的工作表：{shown}", "只留要导入的一个")
                )
            return
    raise _trouble("time" if child.wait() == -signal.SIGALRM else "memory", name)


def _trouble(kind: str, place: str) -> TableError:
    return TableError(Fault(place, *_TROUBLES[kind]))


_TROUBLES = {
    "broken": ("工作簿不完整或已损坏", "在 Excel 中打开并重新另存为 .xlsx，或重新传送"),
    "encrypted": ("是加密的压缩包", "解密后另存为 .xlsx"),
    "bomb": ("解压后大得不正常，没有读取", "不要打开，核对文件的来源"),
    "memory": ("读取时需要的内存太多，已停止", "核对文件的来源，或另存为“CSV UTF-8”"),
    "time": ("读取时间太长，已停止", "核对文件的来源，或另存为“CSV UTF-8”"),
    "bytes": (f"超过 {BYTES // 1_000_000} MB", "分成几个文件"),
    "rows": (f"超过 {ROWS} 行", "分成几个文件，删去多余的空行"),
    "columns": (f"有一行超过 {COLUMNS} 列", "只留要导入的列"),
    "letters": (f"有一格超过 {CELL} 个字，或全部文字太多", "缩短说明"),
}


def clean(text: str) -> str:
    """Full-width digits, letters and signs as plain ones (１２ is 12), outer blanks and whatever
    steers a terminal gone."""
    text = printable(text)
    return text.strip() if text.isascii() else text.translate(_PLAIN).strip()


_WIDE = "".join(chr(code) for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()) + "．－＋％＿"
_PLAIN = {ord(wide): unicodedata.normalize("NFKC", wide) for wide in _WIDE}


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
    for count, (number, cells) in enumerate(filled, 1):
        if count > ROWS:
            raise _trouble("rows", name)
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
