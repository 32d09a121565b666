"""The terminal application: screens and widgets. Holds no rules and no SQL."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path


def run(home: Path, folders: Sequence[Path] = ()) -> None:
    """Opens the application on a home, made on first use. Exits 1 with a message if it can't."""
    # With the Kitty protocol a long commit of an input method can arrive as garbage.
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    # A key waits for the next frame: half as long at twice the rate; idle screens send none.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    # Importing makes many objects and no garbage: collecting waits until the first paint.
    gc.disable()
    from gsjx_tui.tui.app import GsjxApp

    app = GsjxApp(home, folders)
    app.run()
    if app.return_code:
        sys.exit(app.return_code)
