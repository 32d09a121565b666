"""Homes to work in: copied from one made once, because making one takes half a second."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest.register_assert_rewrite("clerk")

from clerk import JULY, JUNE, ROSTER, Desk, process, rows_text  # noqa: E402


@pytest.fixture(scope="session")
def fresh_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the roster of ``clerk.ROSTER`` and an empty ledger. Not to be worked in."""
    folder = tmp_path_factory.mktemp("fresh")
    units = folder / "roster.csv"
    units.write_text(ROSTER, "utf-8")
    ended = process(folder / "home", "init", "--units", units)
    assert (ended.code, ended.err) == (0, "")
    return folder / "home"


@pytest.fixture(scope="session")
def june_home(fresh_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with some claims for June and July, June confirmed. Not to be worked in."""
    folder = tmp_path_factory.mktemp("june")
    shutil.copytree(fresh_home, folder / "home")
    claims = folder / "claims.csv"
    claims.write_text(rows_text(*CLAIMS), "utf-8")
    for words in (("import", claims), ("confirm", JUNE)):
        ended = process(folder / "home", *words)
        assert (ended.code, ended.err) == (0, "")
    return folder / "home"


CLAIMS = (
    f"A01,{JUNE},study.b1.body,points,8",
    f"A01,{JUNE},study.b3.briefs,count,1",
    f"A02,{JUNE},study.b1.body,points,10,已成立",
    f"A02,{JUNE},study.b3.briefs,count,3",
    f"B01,{JUNE},study.b1.body,points,7.5",
    f"A01,{JULY},study.k1.group,points,12",
)


@pytest.fixture
def fresh(fresh_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A desk at a home with an empty ledger."""
    shutil.copytree(fresh_home, tmp_path / "home")
    return Desk(tmp_path / "home", capsys)


@pytest.fixture
def june(june_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A desk at a home where June is confirmed."""
    shutil.copytree(june_home, tmp_path / "home")
    return Desk(tmp_path / "home", capsys)
