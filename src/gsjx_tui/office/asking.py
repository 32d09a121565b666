"""Somebody's own queries: on a private copy of the ledger, in a guarded child process.

The one way SQL of a person is answered, whichever face asks. Where the ledger is held open for
writing (the application, the service), ``copies.Copies`` gives the file to ask; where nobody holds
it, the ledger itself can be asked, the child opens it read-only.
"""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from gsjx_tui.documents.export import Source, write_answer
from gsjx_tui.errors import Fault, GsjxError, LedgerTrouble, QueryError
from gsjx_tui.ledger.tables import FIRST
from gsjx_tui.ledger.views import State

if TYPE_CHECKING:
    pass

SHOWN = 20_000
"""Rows that are shown at most; an export has all of them."""

LETTERS = 2_000
"""Letters of one cell that are shown at most."""

SECONDS, EXPORT_SECONDS = 60, 600
"""How long a query, and an export, may take."""

MEMORY = 1024
"""MiB of memory that a query may use."""

LONGEST = 1_000_000
"""Letters that the text of a query may have."""

Parameters = Mapping[str, str | int]
Row = Sequence[str | None]


@dataclass(frozen=True)
class Shown:
    """The answer to a query as it is shown: cells are text, None for null.

    ``numbers``: which columns hold numbers; ``cut``: there are more rows than these.
    """

    columns: Sequence[str]
    numbers: Sequence[bool]
    rows: Sequence[Row]
    cut: bool


class Cancelled(Exception):
    """The query was cancelled by the person who asked."""


@dataclass(eq=False)
class Asking:
    """One query under way. ``answer`` and ``export`` wait; ``cancel`` from any thread ends them.

    ``state``: what the file that is asked holds, as far as it is known; ``schema``: where in it
    the campaign is.
    """

    copy: Path
    text: str
    parameters: Parameters = field(default_factory=dict)
    seconds: int = 0
    memory: int = MEMORY
    state: State | None = None
    schema: str = FIRST
    _child: subprocess.Popen[str] | None = None
    _ended: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def cancel(self) -> None:
        """Ends the query at once; whoever waits for it gets Cancelled."""
        self._end("cancelled")

    def answer(self) -> Shown:
        """The first rows. Raises QueryError, Cancelled."""
        with self._lines(SHOWN, LETTERS, SECONDS) as lines:
            head = lines.head()
            rows = [row for batch in lines.batches() for row in batch]
        return Shown(head["columns"], head["numbers"], rows, lines.cut)

    def export(self, path: Path, source: Source) -> int:
        """Writes all rows to a new CSV or XLSX file, whole or not at all; how many they are.

        Raises QueryError, Cancelled, and ExportError of the file.
        """
        with self._lines(0, 0, EXPORT_SECONDS) as lines:
            head = lines.head()
            rows: Iterable[Row] = (row for batch in lines.batches() for row in batch)
            return write_answer(path, head["columns"], head["numbers"], rows, source)

    def stream(self, most: int = 0, *, as_json: bool = False) -> Lines:
        """The rows as they come: all, or the first ones. Cells are text or, ``as_json``, what JSON
        has. To be used in a ``with``, whose end ends the query. Raises QueryError, Cancelled."""
        return self._lines(most, 0, SECONDS, as_json=as_json)

    def _lines(self, rows: int, letters: int, seconds: int, *, as_json: bool = False) -> Lines:
        if len(self.text) > LONGEST:
            raise QueryError(
                Fault("", f"查询有 {len(self.text)} 个字，超过 {LONGEST} 个", "缩短后再试")
            )
        with self._lock:
            if self._ended:
                raise Cancelled
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-m", "gsjx_tui.ledger.asking", str(self.copy), self.schema],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=self.copy.parent,
                encoding="utf-8",
                start_new_session=True,  # a key of the terminal doesn't reach it
            )
        asked = {
            "text": self.text,
            "parameters": dict(self.parameters),
            "rows": rows,
            "letters": letters,
            "json": as_json,
            "seconds": self.seconds or seconds,
            "memory": self.memory,
        }
        return Lines(self._child, asked, self._end, lambda: self._ended)

    def _end(self, why: str) -> None:
        with self._lock:
            self._ended = self._ended or why
            if self._child is not None:
                self._child.kill()


class Lines:
    """What the child prints, line by line, until it ends or its time is over.

    ``cut``, known at the end: there are more rows than these.
    """

    def __init__(
        self,
        child: subprocess.Popen[str],
        asked: Mapping[str, Any],
        end: Callable[[str], None],
        ended: Callable[[], str],
    ) -> None:
        self._child, self._asked, self._ended = child, asked, ended
        self._timer = threading.Timer(asked["seconds"], end, ["time"])
        self._timer.daemon = True
        self.cut = False
        self._told = False

    def __enter__(self) -> Lines:
        self._timer.start()
        with contextlib.suppress(OSError):  # it ended before it was asked; reading tells why
            # Not closed: the child ends when its input does, should this process be gone.
            _pipe(self._child.stdin).write(json.dumps(self._asked) + "\n")
            _pipe(self._child.stdin).flush()
        return self

    def __exit__(self, *exception: object) -> None:
        self._timer.cancel()
        self._child.kill()
        with contextlib.suppress(OSError):
            _pipe(self._child.stdin).close()
        _pipe(self._child.stdout).close()
        self._child.wait()

    def head(self) -> dict[str, Any]:
        """Names of the columns, which are numbers, which are yes and no."""
        line = self._next()
        assert isinstance(line, dict)
        return line

    def batches(self) -> Iterator[list[Any]]:
        """Lists of rows."""
        while isinstance(line := self._next(), list):
            self._told = self._told or bool(line)
            yield line
        self.cut = line["cut"]

    def _next(self) -> dict[str, Any] | list[Any]:
        text = _pipe(self._child.stdout).readline()
        if not text.endswith("\n"):
            if self._ended() == "cancelled":
                raise Cancelled
            raise self._trouble("time" if self._ended() else self._how_it_died(), "")
        line: dict[str, Any] | list[Any] = json.loads(text)
        if isinstance(line, dict) and "trouble" in line:
            raise self._trouble(line["trouble"], line["message"])
        return line

    def _how_it_died(self) -> str:
        code = self._child.wait()
        if code == -signal.SIGALRM:
            return "time"
        return "crash" if code in _CRASHES else "memory"

    def _trouble(self, kind: str, message: str) -> GsjxError:
        if kind == "damaged":
            return LedgerTrouble("damaged", technical=message.splitlines()[0])
        what, remedy = _TROUBLES[kind]
        heading = f"查询不能执行：\n{message}" if kind in ("forbidden", "refused") else ""
        if self._told:
            heading = "\n".join(["以上结果不完整。", heading]).rstrip()
        what = what.format(
            seconds=self._asked["seconds"], memory=self._asked["memory"], message=message
        )
        return QueryError(Fault("", what, remedy), heading=heading)


_CRASHES = (-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS, -signal.SIGILL, -signal.SIGFPE)


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


_TROUBLES = {
    "forbidden": ("这里只能查询账本，不能写入、读写别的文件或改设置", "改用 select"),
    "refused": ("改正 SQL 后再试", ""),
    "memory": ("查询需要的内存太多，已停止", "加上条件或汇总，缩小范围后再试"),
    "crash": ("查询太复杂，数据库不能处理，已停止", "拆成几条简单的查询"),
    "long": ("结果有一行太长，已停止", "只选需要的列，或截短其中的文字"),
    "zone": ("结果里有带时区的时间，这里显示不了", "改写为 ……::timestamp 或 ……::varchar"),
    "ledger": ("账本打不开，或正被别的程序使用", "稍后再试"),
    "time": ("查询超过 {seconds} 秒，已停止", "加上条件或检查表的连接，缩小范围后再试"),
    "empty": ("查询是空的", "写一条 SQL，例如 select * from unit"),
    "parameter": ("参数 ${message} 没有值", "在开头写一行 -- 参数: {message} 文字"),
}
