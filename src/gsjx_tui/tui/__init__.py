"""The terminal application: screens and widgets. Holds no rules and no SQL."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from gsjx_tui.errors import Fault, StateError

SETTINGS = {
    # With the Kitty protocol a long commit of an input method can arrive as garbage.
    "TEXTUAL_DISABLE_KITTY_KEY": "1",
    # A key waits for the next frame: half as long at twice the rate; idle screens send none.
    "TEXTUAL_FPS": "120",
    # DuckDB's allocator gives back after 20 ms what a query no longer needs, not after a second:
    # the queries of one screen follow sooner than that. At 0 ms a query took twice the CPU.
    "DUCKDB_JE_MALLOC_CONF": "dirty_decay_ms:20,muzzy_decay_ms:0",
}
"""What Textual and DuckDB read from the environment as they are imported."""

_INSTEAD = "在终端里直接运行 gsjx，不要重定向输入或错误输出；脚本用子命令，gsjx --help 列出全部"


def run(home: Path, folders: Sequence[Path] = ()) -> None:
    """Opens the application on a home, made on first use. Exits 1 with a message if it can't.

    Raises StateError where there is no terminal: at the end of what is read instead of keys,
    Textual would read on without pause.
    """
    if not _is_terminal(sys.__stdin__) or not _is_terminal(sys.__stderr__):
        raise StateError(Fault("", "这里不是终端，打不开界面", _INSTEAD))
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    # Textual writes to stderr; what it writes is UTF-8 whatever the locale says.
    if isinstance(sys.__stderr__, io.TextIOWrapper):
        sys.__stderr__.reconfigure(encoding="utf-8", errors="backslashreplace")
    # Importing makes many objects and no garbage: collecting waits until the first paint.
    gc.disable()
    from gsjx_tui.tui.app import GsjxApp
    from gsjx_tui.tui.driver import TolerantDriver

    app = GsjxApp(home, folders, TolerantDriver)
    app.run()
    gc.unfreeze()  # what is never looked at again would be reported as lost when Python ends
    if app.return_code:
        sys.exit(app.return_code)


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()
