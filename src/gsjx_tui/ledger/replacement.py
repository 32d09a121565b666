"""Putting another ledger, with the files beside it, in place of the present one: wholly or not.

All is prepared in a draft folder beside the ledger. Renaming the draft to ``.restore`` decides:
before, the old ledger is whole and in place; from then on the new one is, because whoever opens
the ledger completes the replacement first (``finish``), as often as it is cut off.

``.restore/new`` holds the files to be put in place, ``.restore/old`` those in place before
(links, so that nothing is without a name at any moment), ``.restore/aside`` where the old ones go.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

PENDING, NEW, OLD, ASIDE = ".restore", "new", "old", "aside"


def logs_of(path: Path) -> list[Path]:
    """Every log that DuckDB may have beside the ledger at ``path``."""
    return sorted(path.parent.glob(f"{path.name}.wal*"))


def put_aside(draft: Path, home: Path, files: list[str], aside: str) -> None:
    """Notes in a draft that these files of a home go to ``aside``, a folder beside the ledger."""
    (draft / OLD).mkdir()
    for name in files:
        old = draft / OLD / name
        old.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(home / name, old)
        except OSError:  # a file system without links
            shutil.copy2(home / name, old)
    (draft / ASIDE).write_text(aside, "utf-8")


def decide(draft: Path, path: Path) -> None:
    """Replaces the ledger at ``path`` by what a draft beside it holds; on disk when it returns."""
    sync(draft)
    os.rename(draft, path.parent / PENDING)  # noqa: PTH104 replaces nothing: it isn't there
    sync_folder(path.parent)
    finish(path)


def finish(path: Path) -> None:
    """Completes the replacement of the ledger at ``path`` if one was decided on.

    Raises OSError, for instance on a read-only file system.
    """
    pending = path.parent / PENDING
    while pending.is_dir():
        with _locked(pending) as mine:
            if mine:
                _carry_out(pending, path)


def _carry_out(pending: Path, path: Path) -> None:
    """Each step may have been done before; the order is what makes doing them again safe."""
    if (pending / OLD).exists():
        aside = path.parent / (pending / ASIDE).read_text("utf-8")
        aside.parent.mkdir(mode=0o700, exist_ok=True)
        (pending / OLD).rename(aside)
        sync_folder(aside.parent)
    if (pending / NEW / path.name).exists():  # nobody can have opened the new ledger yet
        for log in logs_of(path):
            log.unlink(missing_ok=True)
        for file in sorted((pending / NEW).rglob("*")):
            if not file.is_dir() and file != pending / NEW / path.name:
                place = path.parent / file.relative_to(pending / NEW)
                place.parent.mkdir(parents=True, exist_ok=True)
                file.replace(place)
                sync_folder(place.parent)
        (pending / NEW / path.name).replace(path)
        sync_folder(path.parent)
    shutil.rmtree(pending)
    sync_folder(path.parent)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Waits for others who do the same; False if they have done it meanwhile."""
    with alone_in(folder):
        yield folder.is_dir()


@contextlib.contextmanager
def alone_in(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """Keeps others who ask for the same out of a folder; it is given up with the process.

    Raises BlockingIOError if somebody is there and ``wait`` is false.
    """
    try:
        import fcntl
    except ImportError:  # not on every system
        yield
        return
    try:
        number = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        yield
        return
    try:
        fcntl.flock(number, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(number)


def sync(folder: Path) -> None:
    """All files of a folder, and their names, are on disk when it returns."""
    for entry in folder.rglob("*"):
        if entry.is_dir():
            sync_folder(entry)
        else:
            with entry.open("rb") as file:
                os.fsync(file.fileno())
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """The names in a folder are on disk when it returns."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
