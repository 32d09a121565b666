"""Texts made to steer a terminal, and a home full of them, as an older version left it."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
import unicodedata
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from builders import PROJECT
from gsjx_tui.documents import tables
from gsjx_tui.domain import Month
from gsjx_tui.office import home, record
from gsjx_tui.office.confirm import confirm
from gsjx_tui.rubric.model import Observation

HOSTILE = (
    "县\x1b[99;66H\x1b]52;c;UFdOIA==\x07\x1b]8;;http://x\x1b\\\x1bPx\x1b\\\x9b2J\x9d0;x\x9c\x85\x07"
    "\u202e\u2066\u200b\u200f\ufeff\x7f\x08a\u0301\u0301\u0301\u0301\u0301\u0301\u0301[red]局[/]"
)
STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_OWN = re.compile(r"\x1b\[[\d;?<>=$]*[A-Za-z]|\x1b\]22;[a-z-]*\x07")


def assert_steers_nothing(text: str) -> None:
    """No control but line ends, no flood of marks."""
    assert "\u0301" * 5 not in text
    found = {letter for letter in text if unicodedata.category(letter) in STEERING} - {"\n"}
    assert not found, [text[max(0, text.index(f) - 40) :][:80] for f in found]


def assert_only_its_own(written: str) -> None:
    """What was written to a terminal has the program's own sequences and nothing else."""
    assert "\x1b[99;66H" not in written
    assert_steers_nothing(_OWN.sub("", written).replace("\r", ""))


def a_hostile_home(path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose campaign, units, notes and people all have hostile names, unclean.

    Nor are they cleaned while the test reads them.
    """
    monkeypatch.setattr(tables, "printable", lambda text: text)
    shutil.copytree(_made(), path)
    return path


@cache
def _made() -> Path:
    """Made once; the tests get copies."""
    folder = Path(tempfile.mkdtemp(prefix="gsjx-hostile-"))
    atexit.register(shutil.rmtree, folder)
    path = folder / "home"
    escaped = "".join(f"\\U{ord(letter):08x}" for letter in HOSTILE)
    campaign = (PROJECT / "data" / "campaign.toml").read_text("utf-8")
    campaign = re.sub(
        r'^name = "([^"]*)"', rf'name = "\1{_doubled(escaped)}"', campaign, flags=re.M
    )
    path.mkdir()
    (path / "campaign.toml").write_text(campaign, "utf-8")
    units = [f'U{n},"第{n}{HOSTILE}",{kind},"{HOSTILE}"' for n, kind in enumerate(KINDS)]
    (path / "units.csv").write_text("\n".join(["code,name,category,superior", *units]), "utf-8")
    june = Month(2013, 6)
    with home.init(path) as office:
        assert office.units[0].name.startswith("第0县\x1b")  # not cleaned: an older version's
        office = office.acting(HOSTILE)
        seen = [
            Observation("U0", june, "study.b1.body", "points", kind, Decimal(5), HOSTILE)
            for kind in ("claim", "verify")
        ]
        record.record(office, seen)
        confirm(office, june)
        july = Month(2013, 7)
        record.record(office, [replace(one, month=july) for one in seen])
    return path


KINDS = ("economy", "economy", "support", "central", "township")


def _doubled(text: str) -> str:
    return text.replace("\\", "\\\\")
