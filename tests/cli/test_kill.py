"""Processes killed at any instant: on reopening all of an act is there, or nothing of it."""

from __future__ import annotations

import contextlib
import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from clerk import JULY, JUNE, clean_environment, command, counts, process, rows_text

pytestmark = pytest.mark.slow

Words = tuple[object, ...]

UNITS = 120
FIELDS = {"graded": ["points"], "quota": ["count"], "threshold": ["rate"]}


# what there is to kill -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of many units with nothing recorded, and beside it what is to be imported."""
    folder = tmp_path_factory.mktemp("kill")
    units = [f"U{n:03},第{n}单位,{('economy', 'township')[n % 2]}" for n in range(UNITS)]
    (folder / "roster.csv").write_text("\n".join(["code,name,category", *units]) + "\n", "utf-8")
    assert process(folder / "home", "init", "--units", folder / "roster.csv").code == 0
    rows = [f"U{n:03},{cell},1" for cell in cells(folder / "home") for n in range(UNITS)]
    assert len(rows) > 20_000
    (folder / "seen.csv").write_text(rows_text(*rows, headings=HEADINGS), "utf-8")
    return folder / "home"


HEADINGS = ("unit", "month", "item", "field", "value")


def cells(home: Path) -> Iterator[str]:
    """Every cell a unit can have, but for the samples, as ``month,item,field``."""
    for stage in process(home, "rubric", "--format", "json").data["stages"]:
        for item in (item for indicator in stage["indicators"] for item in indicator["items"]):
            if item["rule"] != "sample":
                fields = FIELDS.get(item["rule"]) or item["params"]["weights"]
                for month in item["months"]:
                    yield from (f"{month},{item['id']},{field}" for field in fields)


@pytest.fixture(scope="module")
def recorded(empty: Path) -> Path:
    """The same with the file imported."""
    return after(empty, "recorded", ("import", empty.parent / "seen.csv", "--kind", "verify"))


@pytest.fixture(scope="module")
def confirmed(recorded: Path) -> Path:
    """The same with the first stage confirmed."""
    return after(recorded, "confirmed", ("confirm", JUNE), ("confirm", JULY))


def after(home: Path, name: str, *acts: Words) -> Path:
    """A copy of a home in which something was done."""
    copy = home.with_name(name)
    shutil.copytree(home, copy)
    for words in acts:
        ended = process(copy, *words)
        assert (ended.code, ended.err) == (0, "")
    return copy


# killing ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Strike:
    """When to kill: so many seconds after the start, or after files of a pattern change."""

    seconds: float
    pattern: str = ""

    def at(self, home: Path, *words: object) -> str:
        """Starts a command and kills it; what it had said by then."""
        files = self.files(home)
        running = subprocess.Popen(
            command(home, *words),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=clean_environment(),
        )
        while self.pattern and running.poll() is None and self.files(home) == files:
            time.sleep(0.0005)
        time.sleep(self.seconds)
        running.kill()
        return running.communicate()[0].decode()

    def files(self, home: Path) -> set[tuple[Path, int]]:
        """The files of the pattern with their sizes."""
        found = set()
        for path in home.glob(self.pattern) if self.pattern else ():
            with contextlib.suppress(FileNotFoundError):
                found.add((path, path.stat().st_size))
        return found


def strikes(home: Path, words: Words, pattern: str, seed: int) -> list[Strike]:
    """Twelve spread over the life of the process as a first run shows it, four at its writing."""
    shutil.copytree(home, home.with_name("timed"))
    started = time.monotonic()
    assert process(home.with_name("timed"), *words).code == 0
    life = time.monotonic() - started
    chance = random.Random(seed)
    found = [Strike(life * (part + chance.random()) / 12) for part in range(12)]
    found += [Strike(chance.uniform(0, most), pattern) for most in (0, 0.005, 0.015, 0.05)]
    chance.shuffle(found)
    return found


def assert_all_or_nothing(template: Path, folder: Path, words: Words, seed: int) -> None:
    """Kills a command again and again, at the same home as long as nothing came of it."""
    home = folder / "home"
    shutil.copytree(template, home)
    before = counts(home)
    planned = strikes(home, words, "ledger.duckdb.wal", seed)
    whole = counts(folder / "timed")

    outcomes = []
    for number, strike in enumerate(planned):
        said = strike.at(home, *words)

        found = counts(home)
        outcomes.append(found)
        assert found in (before, whole)
        assert found == whole or not said, "acknowledged and lost"
        if found == whole or number % 3 == 0:
            assert_proved(home, found)
        if found == whole:
            shutil.rmtree(home)
            shutil.copytree(template, home)

    assert before in outcomes
    assert process(home, *words).code == 0
    assert_proved(home, whole)


def assert_proved(home: Path, holds: tuple[int, ...]) -> None:
    """The ledger is proved, and holds so much also after it was opened for writing."""
    ended = process(home, "verify")
    assert (ended.code, ended.err) == (0, "")
    assert counts(home) == holds


# acts ------------------------------------------------------------------------------------------


def test_a_killed_import_is_all_there_or_not_at_all(empty: Path, tmp_path: Path):
    words = ("import", empty.parent / "seen.csv", "--kind", "verify")

    assert_all_or_nothing(empty, tmp_path, words, seed=1)


def test_a_killed_confirmation_is_all_there_or_not_at_all(recorded: Path, tmp_path: Path):
    assert_all_or_nothing(recorded, tmp_path, ("confirm", JUNE), seed=2)

    assert counts(tmp_path / "home")[2] == UNITS


def test_a_killed_correction_is_all_there_or_not_at_all(confirmed: Path, tmp_path: Path):
    """Three more adopted in June: 4 points more there, and 4 less in July, where the cap holds."""
    words = ("correct", "--unit", "U007", "--item", "study.b3.adopted", "--month", JUNE)
    words += ("--set", "adopted=3", "--reason", "复查")

    assert_all_or_nothing(confirmed, tmp_path, words, seed=3)

    observations, postings, _ = counts(confirmed)
    assert counts(tmp_path / "home")[:2] == (observations + 1, postings + 2)


def test_a_killed_init_leaves_a_whole_ledger_or_none(tmp_path: Path):
    (tmp_path / "empty").mkdir()
    planned = strikes(tmp_path / "empty", ("init",), ".ledger.duckdb.*", seed=4)
    homes = [tmp_path / "home0"]

    for strike in planned:
        strike.at(homes[-1], "init")

        if (homes[-1] / "ledger.duckdb").exists():
            assert_proved(homes[-1], (0, 0, 0))
            homes.append(tmp_path / f"home{len(homes)}")
        else:
            assert process(homes[-1], "rank").err.startswith("还没有账本")

    # What the killed ones left in a home is in nobody's way.
    drafts = [draft for home in homes for draft in home.glob(".ledger.duckdb.*")]
    assert drafts
    for home in {draft.parent for draft in drafts}:
        if not (home / "ledger.duckdb").exists():
            assert process(home, "init").code == 0
        assert process(home, "confirm", JUNE).code == 0
        assert_proved(home, counts(home))
