"""How a command opens the office."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gsjx_tui.office.home import Office


def opened(options: argparse.Namespace) -> Office:
    """The office at the home that was named. Raises GsjxError."""
    from gsjx_tui.office.home import open_office

    return open_office(options.home, options.plugins_dir)
