"""Files come whole or not at all, and never over another one."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from gsjx_tui.errors import Fault, GsjxError, reason_of


class ExportError(GsjxError):
    """A file can't be written where it should be."""


@contextlib.contextmanager
def placed(path: Path) -> Iterator[Path]:
    """A draft to write to, put at ``path`` once the block ends well; gone if it doesn't.

    Folders are made. Raises ExportError: the file exists already, can't be written.
    """
    with placed_together(path.parent, [path.name]) as (draft,):
        yield draft


@contextlib.contextmanager
def placed_together(folder: Path, names: Sequence[str]) -> Iterator[Sequence[Path]]:
    """The same for many files of one folder: all of them or none.

    Raises ExportError with every file that exists already, or the one that can't be written.
    """
    targets = [folder / name for name in names]
    try:
        _refuse_existing(targets)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".导出-", dir=folder) as place:
            drafts = [Path(place) / f"{n}{path.suffix}" for n, path in enumerate(targets)]
            yield drafts
            _place(drafts, targets)
    except OSError as error:
        raise ExportError(
            Fault(
                str(targets[0] if len(targets) == 1 else folder),
                f"不能写入：{reason_of(error)}",
                "检查文件夹权限与磁盘空间",
            )
        ) from error


def _place(drafts: Sequence[Path], targets: Sequence[Path]) -> None:
    done: list[Path] = []
    try:
        for draft, target in zip(drafts, targets, strict=True):
            os.link(draft, target)  # fails where somebody was quicker; a rename would replace
            done.append(target)
    except OSError as error:
        for target in done:
            target.unlink(missing_ok=True)
        if isinstance(error, FileExistsError):
            _refuse_existing(targets)
        raise


def _refuse_existing(targets: Sequence[Path]) -> None:
    faults = [
        Fault(str(path), "已有这个文件，没有覆盖", "换一个文件名")
        for path in targets
        if path.exists()
    ]
    if faults:
        raise ExportError.of(faults)
