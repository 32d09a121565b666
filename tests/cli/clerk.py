"""What a clerk does: runs commands, hands in files, reads messages. And what must hold of these."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from gsjx_tui.cli import main

CHAINS = ("observation", "posting", "confirmation")
HEADINGS = ("unit", "month", "item", "field", "value", "note")
JUNE, JULY, AUGUST = "2013-06", "2013-07", "2013-08"
TIMEOUT = 120  # seconds after which a process counts as hanging

ROSTER = """\
code,name,category,superior,from,through
A01,甲局,economy,,,
A02,乙局,economy,,,
A03,丙局,economy,,,
B01,丁办,support,,,
C01,戊所,central,市戊局,,
T01,己镇,township,,,
T02,庚镇,township,,2013-08,
T03,辛乡,township,,,2013-07
"""


# commands --------------------------------------------------------------------------------------


SOURCE = re.compile(
    r"来源：.*；数据截至 .*；设置版本 第 [0-9]+ 版；性质 未定稿，对外以发布的各版为准；查询人 \S+\n"
)
"""What ``gsjx sql`` says on standard error of where its answer is from."""

DRAFT = "未定稿：这一排名还没有发布，或发布之后有更正。\n"
"""What is said of figures that aren't an edition's; of a CSV on standard error."""


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """What it printed as JSON."""
        return json.loads(self.out)

    @property
    def table(self) -> list[list[str]]:
        """What it printed as CSV."""
        return list(csv.reader(io.StringIO(self.out)))


@dataclass(frozen=True)
class Desk:
    """A home and the command, run within this process."""

    home: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, *words: object) -> Ended:
        """A command at this home, however it ends."""
        self.capsys.readouterr()
        try:
            code = main([*map(str, words), "--home", str(self.home)])
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = self.capsys.readouterr()
        return Ended(code, out, err)

    def do(self, *words: object) -> Ended:
        """A command that has to succeed, without a word on standard error but where it is from."""
        ended = self.run(*words)
        said = SOURCE.sub("", ended.err) if words[:1] == ("sql",) else ended.err
        if words[:1] == ("rank",) and "csv" in words:
            said = said.replace(DRAFT, "")
        assert (ended.code, said) == (0, "")
        return ended

    def hand_in(self, *rows: str, kind: str = "claim", **options: Any) -> Ended:
        """An import of rows written as ``unit,month,item,field,value[,note]`` in a CSV file."""
        path = self.file("handed-in.csv", rows_text(*rows), **options)
        return self.run("import", path, "--kind", kind)

    def file(self, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        """A file beside the home."""
        path = self.home.parent / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of the ledger."""
        return ask(self.home, query)


def process(
    home: Path | None,
    *words: object,
    prefix: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    **options: Any,
) -> Ended:
    """A command run as a process of its own."""
    ended = subprocess.run(
        [*prefix, *command(home, *words)],
        capture_output=True,
        env=clean_environment() | dict(environment or {}),
        timeout=TIMEOUT,
        check=False,
        **options,
    )
    return Ended(ended.returncode, ended.stdout.decode("utf-8"), ended.stderr.decode("utf-8"))


def command(home: Path | None, *words: object) -> list[str]:
    """The words that start a command as a process."""
    at = ["--home", str(home)] if home else []
    return [sys.executable, "-m", "gsjx_tui.cli", *map(str, words), *at]


def clean_environment() -> dict[str, str]:
    """This process' environment without what would lead the command elsewhere."""
    changing = ("GSJX_HOME", "GSJX_CAMPAIGN", "PYTHONUNBUFFERED", "PYTHONUTF8", "PYTHONIOENCODING")
    return {name: value for name, value in os.environ.items() if name not in changing}


# files -----------------------------------------------------------------------------------------


def rows_text(*rows: str, headings: Iterable[str] = HEADINGS) -> str:
    """A CSV text of rows under headings."""
    return "\n".join([",".join(headings), *rows]) + "\n"


# what must hold --------------------------------------------------------------------------------


def ask(home: Path, query: str) -> list[tuple[Any, ...]]:
    """Rows of a ledger, read past the program."""
    with duckdb.connect(str(home / "ledger.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def counts(home: Path) -> tuple[int, ...]:
    """How many observations, postings and confirmations the ledger holds."""
    query = ", ".join(f"(select count(*) from {table})" for table in CHAINS)
    return tuple(map(int, ask(home, f"select {query}")[0]))


def assert_clear(message: str, *says: str) -> None:
    """The message is Chinese, whole sentences, nothing of Python; and says what it has to."""
    assert message.strip(), "no message"
    assert "Traceback" not in message
    for line in message.splitlines():
        assert line.endswith(("。", "：")), f"not a whole sentence: {line}"
        assert re.search("[一-鿿]", line), f"not Chinese: {line}"
        if not line.startswith("供管理员参考："):
            assert not _FOREIGN.search(line), f"English in the message: {line}"
    for said in says:
        assert said in message


_FOREIGN = re.compile(
    r"\b(error|exception|errno|invalid|expected|unexpected|cannot|could|not|found|failed|denied|no"
    r"|such|line|column|missing|unknown|directory|permission|None|codec|decode|end of|is a)\b",
    re.IGNORECASE,
)


def assert_refused(ended: Ended, *says: str) -> None:
    """Exit 1, a clear message with these words, nothing on standard output."""
    assert ended.code == 1
    assert ended.out == ""
    assert_clear(ended.err, *says)


def assert_nothing_written(desk: Desk, before: tuple[int, ...]) -> None:
    """The ledger holds as much as before, and it is proved."""
    assert counts(desk.home) == before
    assert desk.run("verify").code == 0
