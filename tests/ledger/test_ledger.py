"""The ledger file: opened or refused, appended to, never changed; an act is whole or not at all."""

from __future__ import annotations

import ast
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from builders import JULY, JUNE, SOURCES, a_unit, an_office, observed, recorded
from gsjx_tui.domain import Month
from gsjx_tui.errors import LedgerTrouble
from gsjx_tui.ledger import ledger as ledger_module
from gsjx_tui.ledger import migrate
from gsjx_tui.ledger.ledger import CHAINS, Ledger
from gsjx_tui.ledger.proof import broken_links
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.correct import correct
from gsjx_tui.office.home import Office, open_office, reading

SQL_FOLDER = SOURCES / "gsjx_tui" / "ledger" / "sql"


def a_confirmation(unit: str = "A1", at: datetime = datetime(2013, 7, 1)) -> tuple[object, ...]:
    """A row of ``confirmation``, the shortest there is."""
    return (unit, JUNE, "wang", at)


def trouble(path: Path, **options: bool) -> LedgerTrouble:
    """What opening a file raises."""
    with pytest.raises(LedgerTrouble) as refused:
        Ledger.open(path, **options)
    return refused.value


# opening ---------------------------------------------------------------------------------------


def test_a_new_ledger_is_empty_and_of_the_newest_step(tmp_path: Path) -> None:
    path = tmp_path / "ledger.duckdb"

    with Ledger.create(path) as ledger:
        assert {ledger.head(table).seq for table in CHAINS} == {0}

    with duckdb.connect(str(path), read_only=True) as connection:
        assert migrate.step_of(connection) == migrate.NEWEST


def test_a_ledger_that_is_there_is_never_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "ledger.duckdb"
    path.write_bytes(b"whatever this is")

    with pytest.raises(LedgerTrouble) as refused:
        Ledger.create(path)

    assert refused.value.kind == "exists"
    assert path.read_bytes() == b"whatever this is"


def test_a_ledger_that_is_missing_is_not_made_by_opening(tmp_path: Path) -> None:
    path = tmp_path / "ledger.duckdb"

    assert trouble(path).kind == "missing"
    assert not path.exists()


def _as_text(path: Path) -> None:
    path.write_text("code,name,category\n")


def _as_nothing(path: Path) -> None:
    path.touch()


def _as_sqlite(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("create table observation (seq integer)")
    connection.close()


def _as_another_duckdb(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table observation (seq integer)")


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("write", [_as_text, _as_nothing, _as_sqlite, _as_another_duckdb])
def test_a_file_that_isnt_a_ledger_is_refused_and_left_alone(
    tmp_path: Path, write: object, read_only: bool
) -> None:
    path = tmp_path / "ledger.duckdb"
    write(path)  # type: ignore[operator]
    before = path.read_bytes()

    found = trouble(path, read_only=read_only)

    assert found.kind == "not_a_ledger"
    assert path.read_bytes() == before


def test_a_ledger_cut_short_is_told_as_damaged(tmp_path: Path) -> None:
    path = tmp_path / "ledger.duckdb"
    Ledger.create(path).close()
    path.write_bytes(path.read_bytes()[:20_000])

    assert trouble(path).kind == "damaged"


# the schema's steps ----------------------------------------------------------------------------


def test_newest_is_the_number_of_the_newest_step_file() -> None:
    numbers = sorted(int(path.name[:4]) for path in (SQL_FOLDER / "steps").glob("*.sql"))

    assert numbers == list(range(1, migrate.NEWEST + 1))
    assert sorted(migrate.steps()) == numbers


@pytest.mark.parametrize("read_only", [False, True])
def test_a_ledger_of_a_newer_program_is_refused_and_left_alone(
    tmp_path: Path, read_only: bool
) -> None:
    path = tmp_path / "ledger.duckdb"
    Ledger.create(path).close()
    with duckdb.connect(str(path)) as connection:
        connection.execute("insert into schema_step values (99, now())")
    before = path.read_bytes()

    found = trouble(path, read_only=read_only)

    assert found.kind == "newer"
    assert "第 99 步" in str(found)
    assert f"第 {migrate.NEWEST} 步" in str(found)
    assert path.read_bytes() == before


def test_an_older_ledger_is_brought_up_to_date_once_and_keeps_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.duckdb"
    with Ledger.create(path) as ledger, ledger.act():
        ledger.append("confirmation", [a_confirmation()])
    steps = {**migrate.steps(), migrate.NEWEST + 1: "create table added (x integer)"}
    monkeypatch.setattr(migrate, "steps", lambda: steps)
    monkeypatch.setattr(migrate, "NEWEST", migrate.NEWEST + 1)

    Ledger.open(path).close()
    with Ledger.open(path) as ledger:
        assert ledger.ask("select count(*) from added")[1] == [(0,)]
        assert ledger.head("confirmation").seq == 1


def test_reading_an_older_ledger_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.duckdb"
    Ledger.create(path).close()
    before = path.read_bytes()
    steps = {**migrate.steps(), migrate.NEWEST + 1: "create table added (x integer)"}
    monkeypatch.setattr(migrate, "steps", lambda: steps)
    monkeypatch.setattr(migrate, "NEWEST", migrate.NEWEST + 1)

    Ledger.open(path, read_only=True).close()

    assert path.read_bytes() == before


# acts ------------------------------------------------------------------------------------------


def test_an_act_keeps_all_that_was_appended(tmp_path: Path) -> None:
    path = tmp_path / "ledger.duckdb"

    with Ledger.create(path) as ledger, ledger.act():
        assert ledger.append("confirmation", [a_confirmation("A1"), a_confirmation("A2")]) == 2
        assert ledger.append("confirmation", []) == 0
        assert ledger.append("confirmation", [a_confirmation("A3")]) == 1

    with Ledger.open(path) as ledger:
        rows = ledger.rows("confirmations", unit="")
        assert [unit for unit, *_ in rows] == ["A1", "A2", "A3"]
        assert ledger.head("confirmation").seq == 3


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_act_that_breaks_off_keeps_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    with Ledger.create(tmp_path / "ledger.duckdb") as ledger:
        with ledger.act():
            ledger.append("confirmation", [a_confirmation("A1")])

        with pytest.raises(error), ledger.act():
            ledger.append("confirmation", [a_confirmation("A2")])
            ledger.append("posting", [("A2", JUNE, "x", Decimal("1.00"), "confirm", "", "wang",
                                       datetime(2013, 7, 1))])  # fmt: skip
            raise error

        assert [ledger.head(table).seq for table in CHAINS[:3]] == [0, 0, 1]
        assert [unit for unit, *_ in ledger.rows("confirmations", unit="")] == ["A1"]


def test_after_an_act_that_broke_off_the_chain_goes_on_where_it_was(tmp_path: Path) -> None:
    with Ledger.create(tmp_path / "ledger.duckdb") as ledger:
        with ledger.act():
            ledger.append("confirmation", [a_confirmation("A1")])
        with pytest.raises(ValueError, match="broke off"), ledger.act():
            ledger.append("confirmation", [a_confirmation("A2")])
            raise ValueError("broke off")
        with ledger.act():
            ledger.append("confirmation", [a_confirmation("A3")])

        assert ledger.head("confirmation").seq == 2
        assert broken_links(ledger, "confirmation") == []


def test_a_row_the_ledger_refuses_undoes_the_rows_before_it(tmp_path: Path) -> None:
    with Ledger.create(tmp_path / "ledger.duckdb") as ledger:
        with pytest.raises(LedgerTrouble) as refused, ledger.act():
            ledger.append("confirmation", [a_confirmation("A1")])
            ledger.append("posting", [("A1", JUNE, "x", Decimal("1.00"), "a gift", "", "wang",
                                       datetime(2013, 7, 1))])  # fmt: skip

        assert refused.value.kind == "refused"
        assert [ledger.head(table).seq for table in CHAINS[:3]] == [0, 0, 0]


def test_values_come_back_exactly_as_they_went_in(tmp_path: Path) -> None:
    at = datetime(2013, 8, 5, 9, 30, 0, 123456)
    note = "“引号” \"quotes\" 'apostrophes' \\ {json: [1]} 𠮷 —;--"
    row = ("A1", JUNE, "x.y", "points", "claim", Decimal("-9999999999.99"), note, "entry", "王", at)

    with Ledger.create(tmp_path / "ledger.duckdb") as ledger:
        with ledger.act():
            ledger.append("observation", [row])

        assert ledger.rows("observations_of", unit="A1", item="") == [(*row[1:], False)]


# instants --------------------------------------------------------------------------------------


A_LATER_CLOCK = datetime(2099, 1, 1)
LATER_ROWS = {
    "observation": ("A1", JUNE, "x", "f", "claim", Decimal(1), "", "entry", "wang", A_LATER_CLOCK),
    "posting": ("A1", JUNE, "x", Decimal(1), "confirm", "", "wang", A_LATER_CLOCK),
    "confirmation": a_confirmation("A1", A_LATER_CLOCK),
    "event": ("A1", JUNE, "x", "f", "2013-06-01", "", "", "", "", "", "", "wang", A_LATER_CLOCK),
    "withdrawal": ("A1", JUNE, "event", 1, "", "wang", A_LATER_CLOCK),
    "returned": ("A1", JUNE, "", "", "", "wang", A_LATER_CLOCK),
    "staff": ("li", "", "clerk", "", "wang", A_LATER_CLOCK),
    "draw": ("s", JUNE, 1, 1, "", "wang", A_LATER_CLOCK),
    "drawn": ("A1", JUNE, "x", 1, "wang", A_LATER_CLOCK),
    "objection": ("A1", JUNE, "x", "", "2013-08-01", "wang", A_LATER_CLOCK),
    "objection_step": ("A1", JUNE, 1, "taken", "", "", 0, "wang", A_LATER_CLOCK),
    "publication": ("", JUNE, "month", "", 1, "", "[]", "", "", "wang", A_LATER_CLOCK),
    "followup": ("A1", JUNE, "study", "economy", "key_rectification", 1, 1, "wang", A_LATER_CLOCK),
    "followup_step": ("A1", JUNE, 1, "notice", "", "", "", "", "", "wang", A_LATER_CLOCK),
    "ballot_count": (
        "A1",
        JUNE,
        "x",
        9,
        0,
        Decimal(1),
        Decimal(1),
        1,
        "",
        "",
        "wang",
        A_LATER_CLOCK,
    ),
    "ballot_line": ("A1", JUNE, 1, "peer", 100, 3, 3, Decimal(1), "wang", A_LATER_CLOCK),
    "rubric_in_force": ("0" * 64, "{}", "", "", "wang", A_LATER_CLOCK),
    "campaign_step": ("x", "reopened", 0, "wang", A_LATER_CLOCK),
}
"""Rows appended before the clock was set back."""


def test_an_act_gives_the_instant_in_utc(tmp_path: Path) -> None:
    with Ledger.create(tmp_path / "ledger.duckdb") as ledger:
        before = datetime.now(UTC).replace(tzinfo=None)
        with ledger.act() as now:
            pass

        assert before <= now <= datetime.now(UTC).replace(tzinfo=None)


@pytest.mark.parametrize("table", CHAINS)
def test_instants_never_go_backwards_even_if_the_clock_does(tmp_path: Path, table: str) -> None:
    path = tmp_path / "ledger.duckdb"
    with Ledger.create(path) as ledger, ledger.act():
        ledger.append(table, [LATER_ROWS[table]])

    with Ledger.open(path) as ledger, ledger.act() as now:
        assert now == A_LATER_CLOCK + timedelta(microseconds=1)


def test_instants_never_go_backwards_while_a_ledger_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = [datetime(2030, 1, 1, hour) for hour in (12, 11, 13)]

    class Clock(datetime):
        """Shows noon, an hour earlier, an hour later."""

        @classmethod
        def now(cls, tz: object = None) -> Clock:
            return cls.fromisoformat(shown.pop(0).isoformat())

    monkeypatch.setattr(ledger_module, "datetime", Clock)
    with Ledger.create(tmp_path / "ledger.duckdb") as ledger:
        instants = []
        for _ in range(3):
            with ledger.act() as now:
                ledger.append("confirmation", [a_confirmation("A1", now)])
                instants.append(now)

    noon, one = datetime(2030, 1, 1, 12), datetime(2030, 1, 1, 13)
    assert instants == [noon, noon + timedelta(microseconds=1), one]


# other processes -------------------------------------------------------------------------------

HOLDER = """
import sys, pathlib
from gsjx_tui.ledger.ledger import Ledger
with Ledger.open(pathlib.Path(sys.argv[1]), read_only=sys.argv[2] == "reading"):
    print("open", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def held(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Path, int]]:
    """A ledger that another process holds open, and that process's id."""
    path = tmp_path / "ledger.duckdb"
    Ledger.create(path).close()
    command = [sys.executable, "-c", HOLDER, str(path), request.param]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        yield path, other.pid
        other.stdin.close()


@pytest.mark.parametrize("held", ["writing"], indirect=True)
@pytest.mark.parametrize("read_only", [False, True])
def test_a_ledger_another_process_writes_is_told_with_its_id(
    held: tuple[Path, int], read_only: bool
) -> None:
    path, other = held

    found = trouble(path, read_only=read_only)

    assert found.kind == "locked"
    assert f"进程 {other}" in str(found)


@pytest.mark.parametrize("held", ["reading"], indirect=True)
def test_a_ledger_another_process_reads_can_be_read_but_not_written(held: tuple[Path, int]) -> None:
    path, other = held

    with Ledger.open(path, read_only=True) as ledger:
        assert ledger.rows("confirmations", unit="") == []
    found = trouble(path)

    assert found.kind == "locked"
    assert str(other) in str(found)


# somebody's own queries ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "insert into confirmation select * from confirmation",
        "delete from posting",
        "create table mine (x integer)",
        "copy posting to '{folder}/out.csv'",
        "select * from read_text('{folder}/secret.txt')",
        "attach '{folder}/other.duckdb'",
        "set enable_external_access = true",
    ],
)
def test_a_query_can_neither_write_nor_reach_other_files(tmp_path: Path, query: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    with an_office(tmp_path) as office:
        home = office.home
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    with reading(home) as office, pytest.raises(ValueError, match=r".+"):
        office.ledger.ask(query.format(folder=tmp_path))

    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == files


# append only -----------------------------------------------------------------------------------

CHANGING = r"update|delete|drop|truncate|alter|merge|vacuum"
IN_SQL = re.compile(rf"\b(?:{CHANGING})\b|\bor\s+replace\b|\bon\s+conflict\b", re.IGNORECASE)
IN_PYTHON = re.compile(
    r"\b(?:update\s+\w+\s+set|delete\s+from|drop\s+\w+|truncate\s+\w+|alter\s+\w+|merge\s+into|"
    rf"insert\s+or|create\s+or|on\s+conflict)\b|^\s*(?:{CHANGING})\s+\S",
    re.IGNORECASE,
)


def statements_of_sql(text: str) -> str:
    """The SQL without its comments and without the text in quotes."""
    return re.sub(r"--[^\n]*|/\*.*?\*/|'[^']*'", "", text, flags=re.DOTALL)


def strings_of_python(text: str) -> Iterator[str]:
    """Every string of a module but its docstrings."""
    tree = ast.parse(text)
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        is_string = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_string and id(node) not in docstrings:
            yield node.value


def test_no_sql_file_changes_or_removes_anything() -> None:
    files = list(SOURCES.rglob("*.sql"))

    found = {
        str(path.relative_to(SOURCES)): IN_SQL.findall(statements_of_sql(path.read_text("utf-8")))
        for path in files
    }

    assert len(files) > 20
    # A step may put a view in the place of another: no row is changed by that.
    replacing = {
        name: set(words)
        for name, words in found.items()
        if words and not (name.startswith("gsjx_tui/ledger/sql/steps/") and "or replace" in words)
    }
    assert replacing == {}
    steps = [path.read_text("utf-8") for path in (SQL_FOLDER / "steps").glob("*.sql")]
    replaced = [found for text in steps for found in re.findall(r"or replace\s+(\w+)", text)]
    assert set(replaced) == {"view"}


def test_a_view_of_what_is_in_force_keeps_to_a_limit(tmp_path: Path) -> None:
    with an_office(tmp_path, *(a_unit(f"A{number}") for number in range(1, 9))) as office:
        rows = office.ledger.query("select * from unit limit 3")

    assert len(rows) == 3


def test_no_string_in_python_changes_or_removes_anything() -> None:
    files = list(SOURCES.rglob("*.py"))

    found = [
        (str(path.relative_to(SOURCES)), string)
        for path in files
        for string in strings_of_python(path.read_text("utf-8"))
        # A temporary view in the place of another changes nothing that is kept.
        if IN_PYTHON.search(string.replace("create or replace temporary view", ""))
    ]

    assert len(files) > 20
    assert found == []


@pytest.mark.parametrize(
    "statement",
    [
        "update posting set points = 0",
        "delete from observation",
        "drop table confirmation",
        "truncate posting",
        "alter table posting add column x integer",
        "insert or replace into edition values (1)",
        "create or replace view unit as select 1",
        "insert into edition values (1) on conflict do nothing",
    ],
)
def test_the_search_would_find_such_a_statement(statement: str) -> None:
    python = f"def f(connection):\n    connection.execute({statement!r})\n"

    assert IN_SQL.search(statements_of_sql(f"-- harmless\n{statement.upper()};"))
    assert any(map(IN_PYTHON.search, strings_of_python(python)))


def test_what_was_appended_stays_as_it_was_through_the_life_of_a_ledger(tmp_path: Path) -> None:
    june, july = Month.parse(JUNE), Month.parse(JULY)
    life: tuple[Callable[[Office], object], ...] = (
        lambda office: recorded(office, observed("study.b1.body", 8, kind="claim")),
        lambda office: recorded(office, observed("study.b1.body", 6)),
        lambda office: confirm(office, june),
        lambda office: recorded(office, observed("study.b1.body", 7, month=JULY)),
        lambda office: confirm(office, july, ["A1"]),
        lambda office: correct(office, "A1", "study.b1.body", JUNE, {"points": "5"}, "复核"),
        lambda office: correct(office, "A1", "study.b1.body", JULY, {"points": "0"}, "复核"),
    )
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        home = office.home

    before = all_rows(home / "ledger.duckdb")
    for act in life:
        with open_office(home) as office:
            act(office)
        after = all_rows(home / "ledger.duckdb")
        for table in CHAINS:
            assert after[table][: len(before[table])] == before[table]
        assert after != before
        before = after

    assert len(before["observation"]) == 5
    assert len(before["confirmation"]) == 3


def all_rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every chain, read past the program."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return {
            table: connection.execute(f"select * from {table} order by seq").fetchall()
            for table in CHAINS
        }


# the SQL files ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(SQL_FOLDER.rglob("*.sql")), ids=lambda path: path.name)
def test_every_sql_file_begins_with_what_it_answers(path: Path) -> None:
    head = path.read_text("utf-8").splitlines()[0]

    assert head.startswith("-- ")
