"""Processes killed at any instant: on reopening all of an act is there, or nothing of it."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from clerk import JUNE, clean_environment, command, counts, process, rows_text

pytestmark = pytest.mark.slow

KILLS = 12
UNITS = 150
ITEMS = (
    *(f"study.{item},points,5" for item in ("b1.body", "b2.plan", "b2.minutes", "b2.study_plan")),
    *(f"study.{item},points,9" for item in ("k1.group", "k1.self", "k2.board", "k2.slogans")),
    *(f"study.{item},points,3" for item in ("e1.method", "e2.plan", "e2.result", "e2.analysis")),
    "study.b3.briefs,count,3",
    "study.b3.adopted,adopted,1",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of many units with nothing recorded, and beside it what is to be imported."""
    folder = tmp_path_factory.mktemp("kill")
    units = folder / "roster.csv"
    rows = [f"U{n:03d},第{n}单位,{('economy', 'support')[n % 2]}" for n in range(UNITS)]
    units.write_text("\n".join(["code,name,category", *rows]) + "\n", "utf-8")
    claims = [f"U{n:03d},{month},{item}" for n in range(UNITS) for month in (JUNE, "2013-07")
              for item in ITEMS]  # fmt: skip
    (folder / "claims.csv").write_text(rows_text(*(f"{row}," for row in claims)), "utf-8")
    assert process(folder / "home", "init", "--units", units).code == 0
    return folder


def instants(words: list[object], home: Path, seed: int) -> Iterator[float]:
    """Seconds after the start, over the life of the process as a first run shows it."""
    shutil.copytree(home, home.with_name("whole"))
    started = time.monotonic()
    assert process(home.with_name("whole"), *words).code == 0
    life = time.monotonic() - started
    chance = random.Random(seed)
    for kill in range(KILLS):
        yield life * (kill + chance.random()) / KILLS


def killed(home: Path, words: list[object], after: float) -> None:
    """Starts a command and kills it."""
    running = subprocess.Popen(
        command(home, *words),
        env=clean_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(after)
    running.kill()
    running.wait()


def all_or_nothing(folder: Path, tmp_path: Path, words: list[object], seed: int) -> None:
    """Kills the command again and again, each time at a fresh copy of the home."""
    home = tmp_path / "home"
    shutil.copytree(folder, home)
    before = counts(home)
    outcomes = set()
    for after in instants(words, home, seed):
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(home, copy)

        killed(copy, words, after)

        proved = process(copy, "verify")
        assert (proved.code, proved.err) == (0, "")
        found = counts(copy)
        assert found in (before, counts(tmp_path / "whole"))
        outcomes.add(found)
        if found == before:
            assert process(copy, *words).code == 0
            assert counts(copy) == counts(tmp_path / "whole")
    assert before in outcomes


def test_import(made: Path, tmp_path: Path) -> None:
    all_or_nothing(made / "home", tmp_path, ["import", made / "claims.csv"], seed=1)


def test_confirm(made: Path, tmp_path: Path) -> None:
    home = tmp_path / "recorded"
    shutil.copytree(made / "home", home)
    assert process(home, "import", made / "claims.csv").code == 0

    all_or_nothing(home, tmp_path, ["confirm", JUNE], seed=2)


def test_correct(made: Path, tmp_path: Path) -> None:
    home = tmp_path / "confirmed"
    shutil.copytree(made / "home", home)
    for words in (["import", made / "claims.csv"], ["confirm", JUNE], ["confirm", "2013-07"]):
        assert process(home, *words).code == 0

    correction = ["--item", "study.b3.briefs", "--set", "count=0", "--reason", "复查"]
    words = ["correct", "--unit", "U007", "--month", JUNE, *correction]
    all_or_nothing(home, tmp_path, words, seed=3)


def test_init(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    started = time.monotonic()
    assert process(whole, "init").code == 0
    life = time.monotonic() - started
    chance = random.Random(4)
    for kill in range(KILLS):
        home = tmp_path / f"home{kill}"

        killed(home, ["init"], life * (kill + chance.random()) / KILLS)

        if not (home / "ledger.duckdb").exists():
            assert process(home, "init").code == 0
        assert counts(home) == (0, 0, 0)
        assert process(home, "verify").code == 0
        assert process(home, "confirm", JUNE).code == 0
