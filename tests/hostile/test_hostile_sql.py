"""SQL that would reach beyond the ledger, or run away: refused or cut off, each shown to work
where nothing holds it."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from builders import a_unit, an_office, observed, recorded
from gsjx_tui.errors import GsjxError, QueryError
from gsjx_tui.office.asking import Asking
from gsjx_tui.office.home import reading
from gsjx_tui.office.query import asking as asking_in

FORBIDDEN = "这里只能查询账本，不能写入、读写别的文件或改设置；改用 select。"
MEMORY = "查询需要的内存太多，已停止；加上条件或汇总，缩小范围后再试。"
RUNAWAY = "select count(*) from range(1000000) a, range(1000000) b where a.range <> b.range"
SINCE_2 = pytest.mark.skipif(
    duckdb.__version__.startswith("1."), reason="DuckDB 1.5 takes it, and it does nothing"
)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home that nobody holds open, with a secret and a folder beside it."""
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        recorded(office, observed("study.b1.body", 8))
    (tmp_path / "secret.csv").write_text("a,b\n机密,1\n", "utf-8")
    (tmp_path / "out").mkdir()
    yield tmp_path / "home"


def asking(home: Path, text: str, **limits: int) -> Asking:
    """The query on the ledger of a home that nobody holds open."""
    with reading(home) as office, asking_in(office, text, **limits) as query:
        return query


def filled(text: str, home: Path) -> str:
    return text.format(secret=home.parent / "secret.csv", out=home.parent / "out")


def refused(home: Path, text: str, **limits: int) -> str:
    with pytest.raises(GsjxError) as error:
        asking(home, text, **{"seconds": 20, **limits}).answer()
    return str(error.value)


def files(home: Path) -> list[str]:
    return sorted(str(path) for path in home.parent.rglob("*"))


# beyond the ledger -----------------------------------------------------------------------------

WORKS_UNGUARDED = [
    "from read_csv('{secret}')",
    "from read_text('{secret}')",
    "from read_blob('{secret}')",
    "from '{secret}'",
    "from glob('{out}/../*.csv')",
    "from sniff_csv('{secret}')",
    "attach '{out}/other.duckdb' as other",
    "attach ':memory:' as other",
    "copy (select 1) to '{out}/x.csv'",
    "copy (from query('from ''{secret}''')) to '{out}/x.parquet'",
    "export database '{out}/all'",
    "set memory_limit = '64GB'",
    "set global threads = 64",
    "set global temp_directory = '{out}'",
    "reset memory_limit",
    "pragma memory_limit = '8GB'",
    "set extension_directory = '{out}'",
    pytest.param("pragma enable_profiling", marks=SINCE_2),
    pytest.param("call enable_logging(storage = 'file', storage_path = '{out}/l')", marks=SINCE_2),
    "create secret s (type http, bearer_token 'x')",
    "from duckdb_secrets()",
    "create macro mine(x) as x",
    "delete from observation",
    "select 1; drop view unit; select 2",
    "begin; delete from posting; commit",
    "prepare mine as delete from posting; execute mine",
]
OTHERS = [
    "copy posting from '{secret}'",
    "import database '{out}'",
    "install httpfs",
    "load httpfs",
    "load '{out}/evil.duckdb_extension'",
    "attach 'host=localhost' as other (type postgres)",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "reset lock_configuration",
    "set python_enable_replacements = true",
    "copy (select 1) to '/dev/stdout'",
    "create persistent secret s (type http)",
    "from read_json('{secret}')",
]


@pytest.mark.parametrize("text", WORKS_UNGUARDED)
def test_it_would_work_if_nothing_held_it(home: Path, text: str):
    with duckdb.connect(str(home / "ledger.duckdb")) as connection:
        connection.execute(filled(text, home))


@pytest.mark.parametrize("text", [*WORKS_UNGUARDED, *OTHERS])
def test_it_is_refused_and_leaves_nothing(home: Path, text: str):
    before, ledger = files(home), (home / "ledger.duckdb").read_bytes()

    said = refused(home, filled(text, home))

    assert said.endswith(FORBIDDEN)
    assert "机密" not in said
    assert files(home) == before
    assert (home / "ledger.duckdb").read_bytes() == ledger


@pytest.mark.parametrize("name", ["asked", "given", "connection", "statements", "sys"])
def test_what_python_holds_is_no_table(home: Path, name: str):
    assert "does not exist" in refused(home, f"from {name}")


def test_the_environment_is_not_read(home: Path):
    assert "getenv" in refused(home, "select getenv('HOME')")


def test_the_child_can_write_no_file_even_if_the_database_would(home: Path):
    """What holds beside DuckDB's own lock: the same child, its lock left open."""
    out = home.parent / "out" / "x.csv"
    code = (
        "import duckdb\nfrom gsjx_tui.ledger import asking\n"
        "connect = asking.duckdb.connect\n"
        "class Open:\n"
        "    def __init__(self, c): self.c = c\n"
        "    def __enter__(self): return self\n"
        "    def __exit__(self, *e): self.c.close()\n"
        "    def __getattr__(self, name): return getattr(self.c, name)\n"
        "    def execute(self, t, *v):\n"
        "        return None if str(t).startswith('set ') else self.c.execute(t, *v)\n"
        "asking.duckdb.connect = lambda *a, **k: Open(connect(*a, **k))\n"
        "asking.main()\n"
    )
    question = {
        "text": f"copy (from range(100000)) to '{out}'",
        "parameters": {}, "rows": 0, "letters": 0, "json": False, "seconds": 20, "memory": 512,
    }  # fmt: skip

    with subprocess.Popen(
        [sys.executable, "-c", code, str(home / "ledger.duckdb"), "main"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as child:
        assert child.stdin and child.stdout
        child.stdin.write(json.dumps(question) + "\n")
        child.stdin.flush()  # not closed: the child would end
        said = child.stdout.read()

    assert said  # it came as far as writing, and
    assert "Permission Error" not in said  # DuckDB would have let it
    assert not out.exists() or out.stat().st_size == 0


# running away ----------------------------------------------------------------------------------

ENDLESS = {
    "a join of everything with everything": RUNAWAY,
    "a recursion without end": (
        "with recursive r as (select 1 as n union all select n + 1 from r) select count(*) from r"
    ),
    "an endless range": "select count(*) from range(1000000000000) where hash(range) = 3",
    "a slow function": "select levenshtein(repeat('a', 200000), repeat('b', 200000))",
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
@pytest.mark.slow
def test_a_query_without_end_is_cut_off(home: Path, text: str):
    began = time.monotonic()

    assert "查询超过 1 秒，已停止" in refused(home, text, seconds=1)

    assert time.monotonic() - began < 10


GREEDY = {
    "a list": "select list_sum(range(500000000))",
    "a text": "select repeat('x', 4000000000)",
    "texts in one batch": "select repeat('z', 1000000) || range from range(100000)",
    "a list of all rows": "select list(range) from range(1000000000)",
    "lists of lists": "select array_agg(x) from (select unnest(range(100000)) x), range(100000)",
}


@pytest.mark.parametrize("text", GREEDY.values(), ids=GREEDY)
@pytest.mark.slow
def test_a_query_that_takes_all_memory_is_cut_off(home: Path, text: str):
    assert MEMORY in refused(home, text, memory=256)

    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    assert used < 256 + 1024 + 64  # MiB; what is asked for would be several GB


@pytest.mark.slow
def test_lists_escape_the_memory_limit_of_the_database(home: Path):
    """Why the process has a limit of its own."""
    code = (
        "import duckdb, resource\n"
        "c = duckdb.connect(config={'memory_limit': '256MiB'})\n"
        "c.execute('select list_sum(range(20000000))').fetchall()\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)\n"
    )
    used = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    assert int(used) > 3 * 256


HUGE_TEXT = {
    "parentheses": f"select {'(' * 100000}1{')' * 100000}",
    "brackets": f"select {'[' * 50000}{']' * 50000}",
    "a long sum": f"select 1{'+1' * 300000}",
    "negations": f"select {'not ' * 200000}true",
}


@pytest.mark.parametrize("text", HUGE_TEXT.values(), ids=HUGE_TEXT)
@pytest.mark.slow
def test_deep_nesting_is_refused(home: Path, text: str):
    said = refused(home, text)

    assert said.endswith(("改正 SQL 后再试。", "拆成几条简单的查询。"))


def test_a_text_of_ten_million_letters_is_refused_before_it_is_sent(home: Path):
    assert "查询有 10000009 个字，超过 1000000 个；缩短后再试。" in refused(
        home, f"select '{'x' * 10_000_000}'"
    )


@pytest.mark.parametrize("text", ["select \x00 1 from", "sel\x00ect 1"])
def test_nul_in_the_text_is_an_error_like_another(home: Path, text: str):
    assert "改正 SQL 后再试。" in refused(home, text)


@pytest.mark.parametrize(
    "text",
    [
        "select regexp_matches(repeat('a', 100000), '(a*)*(a*)*b')",
        "select repeat('a', 50) similar to '(a+)+b'",
    ],
)
def test_a_regular_expression_does_not_go_back_and_forth(home: Path, text: str):
    assert asking(home, text, seconds=5).answer().rows == [["false"]]


@pytest.mark.slow
def test_a_row_that_is_too_long_is_not_handed_on(home: Path):
    with (
        pytest.raises(QueryError, match="结果有一行太长，已停止"),
        asking(home, "select repeat('x', 40000000)").stream() as lines,
    ):
        lines.head()
        list(lines.batches())


def test_rows_come_in_lines_of_bounded_length(home: Path):
    with asking(home, "select repeat('x', 1000000) from range(20)").stream() as lines:
        lines.head()
        batches = [batch for batch in lines.batches() if batch]

    assert sum(map(len, batches)) == 20
    assert max(map(len, batches)) <= 4


def test_an_instant_with_a_zone_is_explained(home: Path):
    assert "结果里有带时区的时间" in refused(home, "select now()")


# how the child ends ----------------------------------------------------------------------------


@pytest.mark.slow
def test_the_child_ends_when_who_asked_is_killed(home: Path):
    running = subprocess.Popen(
        [sys.executable, "-m", "gsjx_tui.cli", "sql", RUNAWAY, "--home", str(home)]
    )
    child = child_with(running, home / "ledger.duckdb")

    running.send_signal(signal.SIGKILL)
    running.wait()

    end = time.monotonic() + 10
    while Path(f"/proc/{child}").exists() and state(child) != "Z":
        assert time.monotonic() < end, "the child goes on"
        time.sleep(0.02)


def child_with(running: subprocess.Popen[bytes], path: Path) -> int:
    """The child that has the ledger open, as soon as it has."""
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    end = time.monotonic() + 20
    while time.monotonic() < end:
        for child in children.read_text().split():
            for link in Path(f"/proc/{child}/fd").glob("*"):
                try:
                    if link.readlink() == path:
                        return int(child)
                except OSError:
                    continue
    raise AssertionError("no child opened the ledger")


def state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (signal.SIGSEGV, "查询太复杂，数据库不能处理，已停止"),
        (signal.SIGKILL, "查询需要的内存太多，已停止"),
        (signal.SIGALRM, "查询超过 20 秒，已停止"),
    ],
)
@pytest.mark.slow
def test_a_child_that_dies_is_explained(home: Path, number: signal.Signals, said: str):
    query = asking(home, RUNAWAY, seconds=20)
    with query.stream() as lines:
        assert query._child is not None
        while state(query._child.pid) not in "SR":
            time.sleep(0.01)
        time.sleep(0.5)
        os.kill(query._child.pid, number)

        with pytest.raises(QueryError, match=said):
            lines.head()


def test_a_ledger_that_is_taken_in_between_is_said(home: Path):
    query = Asking(home / "ledger.duckdb", "select 1")
    holder = duckdb.connect(str(home / "ledger.duckdb"))
    try:
        with pytest.raises(QueryError, match="账本打不开，或正被别的程序使用；稍后再试"):
            query.answer()
    finally:
        holder.close()


def test_a_damaged_ledger_is_said(home: Path):
    path = home / "ledger.duckdb"
    whole = path.read_bytes()
    shutil.copy(path, home.parent / "damaged.duckdb")
    damaged = home.parent / "damaged.duckdb"
    damaged.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))

    with pytest.raises(GsjxError) as error:
        Asking(damaged, "select * from observation").answer()

    assert "Traceback" not in str(error.value)
