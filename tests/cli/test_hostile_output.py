"""Whatever names, notes and queries hold, no command lets a control character out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from clerk import Desk

from hostile_texts import HOSTILE, a_hostile_home, assert_steers_nothing

JULY = "2013-07"
RAW = "select unit.name, note, recorded_by from observation join unit on code = unit"


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """A desk in a hostile home."""
    return Desk(a_hostile_home(tmp_path / "home", monkeypatch), capsys)


COMMANDS = [
    ("rubric",),
    ("rubric", "--format", "json"),
    *(("rank", "--format", format) for format in ("table", "json", "csv")),
    *(("chart", kind, "--unit", "U0") for kind in ("ranks", "stages", "losses")),
    ("card", "U0"),
    ("card", "U0", "--format", "json"),
    ("outcomes",),
    ("outcomes", "--stage", "study"),
    ("outcomes", "--format", "json"),
    ("verify",),
    ("confirm", JULY, "--dry-run"),
    ("confirm", JULY),
    ("confirm", "2013-06"),
    ("correct", "--unit", "U0", "--item", "study.b1.body", "--month", "2013-06",
     "--set", "points=7", "--reason", HOSTILE),
    *(("sql", RAW, "--format", format) for format in ("table", "json", "csv")),
    # in messages
    ("sql", f"select '{HOSTILE}' from nowhere"),
    ("sql", "select error(name) from unit"),
    ("card", HOSTILE),
    ("confirm", HOSTILE),
    ("rank", "--stage", HOSTILE),
    ("rank", "--as-of", HOSTILE),
    ("chart", "ranks", "--category", HOSTILE),
    ("chart", "ranks", "--unit", "U0", "--svg", f"/proc/{HOSTILE}"),
    ("import", f"/nowhere/{HOSTILE}.csv"),
    ("import", "x", "--kind", HOSTILE),
    ("init", "--units", f"/nowhere/{HOSTILE}"),
    (HOSTILE,),
]  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words)[:24].encode().hex())
def test_no_command_lets_a_control_out(desk: Desk, words: tuple[str, ...]):
    ended = desk.run(*words)

    assert ended.out + ended.err
    assert "Traceback" not in ended.err
    assert_steers_nothing(ended.out)
    assert_steers_nothing(ended.err)


def test_a_bad_file_is_reported_without_what_it_would_do(desk: Desk):
    path = desk.file(f"{HOSTILE.replace('/', '')}.csv", f"unit,month,item,field,value\n{HOSTILE},1")

    ended = desk.run("import", path)

    assert ended.code == 1
    assert_steers_nothing(ended.err)


def test_json_holds_the_very_name(desk: Desk):
    data = desk.do("sql", "select name from unit limit 1", "--format", "json").out

    assert json.loads(data)[0]["name"] == f"第0{HOSTILE}"


FORMULAS = (
    "=1+1",
    "＝1+1",
    " =1+1",
    "\t=1",
    "\r=1",
    "+1+1",
    "@x",
    "-1+1",
    "\u200b=1",
    "=cmd|'x'!A",
)


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_csv_is_a_formula(desk: Desk, formula: str):
    quoted = formula.replace("'", "''")

    out = desk.do("sql", f"select '{quoted}' as a, 1 as \"{formula}\"", "--format", "csv").out

    heading, row = csv.reader(io.StringIO(out))
    assert row[0].startswith("'") and heading[1].startswith("'")
