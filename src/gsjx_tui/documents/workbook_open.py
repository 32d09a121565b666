"""Self-report workbooks opened: which one a file is, and what its cells hold.

A process of its own reads the file (``report_reader``): here only its answer is met.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gsjx_tui.documents.limits import BYTES
from gsjx_tui.documents.workbook import (
    HIDDEN,
    SHEET,
    VERSION,
    Identification,
    WorkbookError,
)
from gsjx_tui.documents.xlsx import OLD_EXCEL, ZIP, letters
from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault, reason_of
from gsjx_tui.harmless import printable

READER = ["-m", "gsjx_tui.documents.report_reader"]
"""What Python runs to read workbooks."""

REISSUE = "向活动办重新索取空表，把数值填进去"

_SOURCE = "核对文件来源，重新索取空表填报"
_TROUBLES = {
    "broken": ("工作簿不完整或已损坏", "在 Excel 中打开并重新另存为 .xlsx，或重新传送"),
    "encrypted": ("是加密的压缩包", "解密后另存为 .xlsx"),
    "bomb": ("解压后大得不正常，没有读取", _SOURCE),
    "memory": ("读取时需要的内存太多，已停止", _SOURCE),
    "time": ("读取时间太长，已停止", _SOURCE),
    "cells": ("填了字的格子比自评表多得多，没有读取", _SOURCE),
}


@dataclass(frozen=True)
class ReadCell:
    """A filled cell: row and column from 1, its kind (``report_reader``), its text."""

    row: int
    column: int
    kind: str
    text: str
    percent: bool = False

    @property
    def coordinate(self) -> str:
        """As people name it: H5."""
        return f"{letters(self.column)}{self.row}"


@dataclass(frozen=True)
class OpenedReport:
    """A workbook that says which one it is, not yet read; ``cells`` by row and column.

    ``lines`` are the rows' keys and what was filled in beforehand (``workbook.ReportRow.line``).
    """

    name: str
    identification: Identification
    lines: tuple[str, ...]
    cells: Mapping[tuple[int, int], ReadCell]


class Opener:
    """Opens many workbooks, in a ``with``; whatever a file does, the next one is read."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Opener:
        return self

    def __exit__(self, *exception: object) -> None:
        self._end()

    def open(self, path: Path) -> OpenedReport | None:
        """The report in a file; None if the file is something else.

        Raises WorkbookError: unreadable, of another format, identification changed.
        """
        content = _content(path)
        if not content.startswith(ZIP) or len(content) > BYTES:
            return None
        found = self._asked(content, path.name)
        if found is None:
            return None
        strangers = [title for title in found["sheets"] if title not in (SHEET, HIDDEN)]
        if strangers:
            shown = "、".join(map(printable, strangers[:5]))
            raise WorkbookError(
                Fault(path.name, f"多出工作表“{shown}”", f"只留“{SHEET}”，材料另附")
            )
        sheets = {
            title: [ReadCell(*cell) for cell in cells] for title, cells in found["cells"].items()
        }
        known, lines = _identification(path.name, sheets[HIDDEN])
        cells = {(cell.row, cell.column): cell for cell in sheets[SHEET]}
        return OpenedReport(path.name, known, lines, cells)

    def _asked(self, content: bytes, name: str) -> dict[str, Any] | None:
        if self._child is None:
            self._child = subprocess.Popen(
                [sys.executable, "-P", *READER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # a key of the terminal doesn't reach it
            )
        child = self._child
        assert child.stdin and child.stdout
        with contextlib.suppress(OSError):  # it is gone already; reading tells why
            child.stdin.write(b"%d\n" % len(content) + content)
            child.stdin.flush()
        answer = child.stdout.readline()
        if not answer.endswith(b"\n"):
            code = child.wait()
            self._end()
            raise _trouble("time" if code == -signal.SIGALRM else "memory", name)
        found: dict[str, Any] | None = json.loads(answer)
        if found is not None and "trouble" in found:
            self._end()  # what it took for a bad file isn't the next one's
            raise _trouble(found["trouble"], name)
        return found

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            for pipe in (child.stdin, child.stdout):
                with contextlib.suppress(OSError):
                    assert pipe is not None
                    pipe.close()
            child.wait()


def open_report(path: Path) -> OpenedReport:
    """A filled-in workbook, as far as its identification.

    Raises WorkbookError: unreadable, not one of ours, of another format, identification changed.
    """
    with Opener() as opener:
        found = opener.open(path)
    if found is None:
        raise WorkbookError(Fault(path.name, "不是本程序下发的自评表", REISSUE))
    return found


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(BYTES + 1)
    except OSError as error:
        raise WorkbookError(
            Fault(str(path), f"读不出：{reason_of(error)}", "核对文件名与权限")
        ) from None
    if content.startswith(OLD_EXCEL):
        raise WorkbookError(
            Fault(path.name, "是旧版 XLS 或加密的工作簿", "在 Excel 中解密并另存为 .xlsx")
        )
    return content


def _trouble(kind: str, name: str) -> WorkbookError:
    return WorkbookError(Fault(name, *_TROUBLES[kind]))


def _identification(name: str, cells: list[ReadCell]) -> tuple[Identification, tuple[str, ...]]:
    texts = {(cell.row, cell.column): cell.text for cell in cells}
    facts = {text: texts.get((row, 2), "") for (row, column), text in texts.items() if column == 1}
    version = facts.get("version", "")
    if version != VERSION:
        found = printable(version)[:20]
        raise WorkbookError(Fault(name, f"自评表格式为“{found}”，应为“{VERSION}”", REISSUE))
    tampered = WorkbookError(Fault(name, "表内的标识已被改动", REISSUE))
    try:
        month = Month.parse(facts.get("month", ""))
    except ValueError:
        raise tampered from None
    known = Identification(
        facts.get("campaign", ""), facts.get("unit", ""), month, facts.get("rubric", "")
    )
    lines = tuple(facts.get("rows", "").split())
    if not hmac.compare_digest(known.checksum(lines).encode(), facts.get("checksum", "").encode()):
        raise tampered
    return known, lines
