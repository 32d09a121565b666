"""What starting a command brings in: only what it needs, so that it answers at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from builders import SOURCES, a_unit, an_office, confirmed, observed, recorded
from gsjx_tui.domain import Month
from gsjx_tui.office.correct import correct
from gsjx_tui.office.draw import draw
from gsjx_tui.office.home import Office
from gsjx_tui.office.publish import publish

RUN = """
import sys
from gsjx_tui.cli import main
code = main(sys.argv[1:])
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
sys.exit(code)
"""

COMMANDS = {
    "init": ["init", "--home", "{home}/new"],
    "rubric": ["rubric"],
    "chart": ["chart", "ranks"],
    "rubric json": ["rubric", "--format", "json"],
    "plugin": ["plugin", "list"],
    "campaign": ["campaign", "new", "--home", "{home}/new"],
    "import": ["import", "{home}/claims.csv"],
    "confirm": ["confirm", "2013-07"],
    "confirm dry": ["confirm", "2013-07", "--dry-run"],
    "correct": [
        *["correct", "--unit", "A1", "--item", "study.b1.body", "--month", "2013-06"],
        *["--set", "points=5", "--reason", "复核"],
    ],
    "rank": ["rank"],
    "rank json": ["rank", "--format", "json"],
    "rank csv": ["rank", "--format", "csv"],
    "card": ["card", "A1"],
    "card json": ["card", "A1", "--format", "json"],
    "outcomes": ["outcomes", "--stage", "study"],
    "sql": ["sql", "select 1"],
    "sql saved": ["sql", "--saved", "更正清单"],
    "snapshot": ["snapshot"],
    "verify": ["verify"],
    "staff": ["staff"],
    "verify anchor": ["verify", "--anchor"],
    "backup": ["backup"],
    "restore": ["restore", "{home}"],
    "draw": ["draw", "2013-06"],
    "reliability": ["reliability"],
    "returns": ["returns", "2013-06"],
    "objections": ["objections"],
    "publish": ["publish", "--list"],
    "publish dry": ["publish", "--month", "2013-06", "--dry-run"],
    "ballots": ["ballots"],
    "cases": ["cases", "--all"],
    "check-paper": ["check-paper", "{code}"],
    "forms": ["forms", "2013-07"],
    "results": ["results"],
    "paper": ["paper", "notice"],
    "check-templates": ["check-templates"],
}
"""Each command that isn't the terminal application, on a home with June confirmed."""

FAST = ["rank", "rank json", "rank csv", "card", "card json"]
HEAVY = {"textual", "pluggy", "tomli", "openpyxl", "pypinyin"}


def imported(tmp_path: Path, command: str) -> set[str]:
    """The top-level modules that a command has imported by its end."""
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        recorded(office, observed("study.b1.body", 8))
        confirmed(office, "2013-06")
        home = office.home
        if command == "outcomes":
            confirmed(office, "2013-07")
        code = published(office) if command == "check-paper" else ""
    (home / "claims.csv").write_text(
        "unit,month,item,field,value\nA1,2013-07,study.b1.body,points,9\n"
    )
    arguments = [part.format(home=home, code=code) for part in COMMANDS[command]]
    place = [] if "--home" in arguments else ["--home", str(home)]

    ended = subprocess.run(
        [sys.executable, "-c", RUN, *arguments, *place],
        capture_output=True,
        input="练习\ndrill\n2026-01\noffice 机关\n\nstart 动员 1\n\n",
        cwd=tmp_path,
        env={key: value for key, value in os.environ.items() if key != "GSJX_HOME"},
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    return set(ended.stderr.splitlines()[-1].split())


def published(office: Office) -> str:
    """June drawn, checked and published: the check code of the edition."""
    for cell in draw(office, Month(2013, 6), items=1).drawn:
        values = {field.name: "1" for field in office.rubric.items[cell.item].fields}
        correct(office, cell.unit, cell.item, "2013-06", values, "抽查")
    return publish(office, "month", "2013-06").head.code


def test_all_commands_but_the_application_are_looked_at() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "gsjx_tui.cli", "--help"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )

    lines = ended.stdout[ended.stdout.index("命令:") :].splitlines()[2:]
    offered = {line.split()[0] for line in lines if line.startswith("    ") and line[4] != " "}
    assert offered - {"serve"} == {command.split()[0] for command in COMMANDS}


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_imports_the_terminal_application(tmp_path: Path, command: str) -> None:
    modules = imported(tmp_path, command)

    assert "gsjx_tui" in modules
    assert "textual" not in modules
    if command in FAST:
        assert not modules & HEAVY


SITTING = """
import asyncio, sys
from pathlib import Path
from gsjx_tui.tui.app import GsjxApp

async def entry():
    app = GsjxApp(Path(sys.argv[1]))
    async with app.run_test() as pilot:
        while not app.desk.is_open or list(app.workers):
            await pilot.pause(0.05)
        for key in ("e", "enter", "1"):
            await pilot.press(key)
            await pilot.pause(0.2)
        assert "EntryScreen" in repr(app.screen), app.screen
        print(*sorted(sys.modules))
        await app.desk.close()

asyncio.run(entry())
"""

UNUSED_ALONE = {
    *("cattrs", "http", "aiohttp", "openpyxl", "docx", "pypinyin", "pygments", "tree_sitter"),
    *("numpy", "pandas", "pyarrow", "markdown_it", "textual.widgets._data_table"),
    *("gsjx_tui.seats.seat", "gsjx_tui.seats.wire", "gsjx_tui.seats.service"),
}
"""What typing in values at an own ledger has no use for: each costs memory and time."""


def test_working_alone_takes_in_no_more_than_it_needs(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1")) as office:
        home = office.home

    ended = subprocess.run(
        [sys.executable, "-c", SITTING, str(home)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    modules = set(ended.stdout.split())
    assert "gsjx_tui.tui.screens.entry" in modules
    assert not modules & UNUSED_ALONE


def test_only_the_ledger_imports_duckdb() -> None:
    package = SOURCES / "gsjx_tui"

    knowing = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if "import duckdb" in path.read_text("utf-8") or "from duckdb" in path.read_text("utf-8")
    }

    assert knowing == {
        "ledger/asking.py",
        "ledger/ledger.py",
        "ledger/migrate.py",
        "ledger/snapshot.py",
        "ledger/troubles.py",
    }
