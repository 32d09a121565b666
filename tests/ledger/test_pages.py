"""Pages that only loading needed are unmapped, and never any that this process has changed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.ledger.pages import unchanged, unmap

LIBRARY = "/usr/lib/a library.so"


def mapping(rights: str, *, start: int, own: int = 0, swapped: int = 0, path: str = LIBRARY) -> str:
    return (
        f"{start:x}-{start + 0x3000:x} {rights} 00000000 fe:00 53 {' ' * 20}{path}\n"
        f"Size: 12 kB\nRss: 8 kB\nAnonymous: {own} kB\nSwap: {swapped} kB\n"
        "THPeligible: 0\nVmFlags: rd mr\n"
    )


def test_code_and_constants_are_unchanged() -> None:
    described = mapping("r--p", start=0x1000) + mapping("r-xp", start=0x4000)

    assert unchanged(described, LIBRARY) == [(0x1000, 0x4000, 8192), (0x4000, 0x7000, 8192)]


def test_what_was_relocated_or_swapped_out_or_may_be_written_is_not() -> None:
    described = (
        mapping("r--p", start=0x1000, own=4)
        + mapping("r--p", start=0x4000, swapped=4)
        + mapping("rw-p", start=0x7000)
    )

    assert unchanged(described, LIBRARY) == []


def test_other_files_and_mappings_without_counts_are_left_alone() -> None:
    bare = f"1000-4000 r-xp 00000000 fe:00 53 {LIBRARY}\nRss: 8 kB\n"

    assert unchanged(mapping("r-xp", start=0x1000, path="/usr/lib/b.so"), LIBRARY) == []
    assert unchanged(bare, LIBRARY) == []


def test_a_library_that_is_not_mapped_has_nothing_to_unmap() -> None:
    assert unmap("/nowhere.so") == 0


WORK = """
import sys
from pathlib import Path
import _duckdb
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.ledger.pages import unchanged, unmap

def resident():
    described = Path("/proc/self/smaps").read_text("utf-8")
    return sum(pages for _, _, pages in unchanged(described, _duckdb.__file__))

with Ledger.open(Path(sys.argv[1]), read_only=True):
    whole = resident()
with Ledger.open(Path(sys.argv[1])) as ledger:
    opened = resident()
    assert ledger.query("select sum(x) from range(10) r(x)") == [(45,)]
    assert unmap(_duckdb.__file__) > 0
    assert ledger.query("select sum(x) from range(10) r(x)") == [(45,)]
print(whole, opened)
"""


def test_a_ledger_opened_for_work_keeps_less_of_the_library_and_works(tmp_path: Path) -> None:
    Ledger.create(tmp_path / "ledger.duckdb").close()

    ended = subprocess.run(
        [sys.executable, "-c", WORK, str(tmp_path / "ledger.duckdb")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    whole, opened = map(int, ended.stdout.split())
    assert opened < whole / 2
