"""Folders that something is made in before it is put in its place: gone afterwards, whatever."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def draft_in(folder: Path, prefix: str) -> Iterator[Path]:
    """A draft's folder inside another; what is still in it at the end is thrown away."""
    draft = Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def sweep(folder: Path, prefix: str) -> None:
    """Takes away the drafts of a process that was cut off; only while nobody else makes one."""
    for draft in folder.glob(f"{prefix}*"):
        shutil.rmtree(draft, ignore_errors=True)
