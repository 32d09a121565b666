"""Whether the campaign's files changed while the program runs: what is open stays as it was."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from pathlib import Path

from gsjx_tui.errors import GsjxError
from gsjx_tui.office.home import files_digest, plugin_folders


def files_state(home: Path, folders: Sequence[Path] = ()) -> str:
    """A digest that changes with ``campaign.toml``, ``units.csv`` and the files of plugins.

    Plugins' files are told apart by size and time of change, without reading them: cheap enough
    for every look at the home screen. '' where the person can't read the files.
    """
    digest = hashlib.sha256()
    with contextlib.suppress(GsjxError, OSError):
        digest.update(files_digest(home).encode())
        for folder in plugin_folders(home, folders):
            for path in sorted([*folder.rglob("*.toml"), *folder.rglob("*.py")]):
                found = path.stat()
                digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
        return digest.hexdigest()
    return ""
