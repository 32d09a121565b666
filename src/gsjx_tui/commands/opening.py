"""How a command opens the office: through the service where one runs, else by itself."""

from __future__ import annotations

import argparse
import sys
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gsjx_tui.office.home import Office


def opened(options: argparse.Namespace) -> Office:
    """The office at the home that was named, for acting. Raises GsjxError.

    A clock that was set back and plugins that are off are told on standard error.
    """
    from gsjx_tui.office.clock import clock_fault
    from gsjx_tui.seats.opening import open_office

    office = open_office(options.home, options.plugins_dir)
    try:
        fault = clock_fault(office)
    except BaseException:
        office.close()
        raise
    if fault:
        print(fault, file=sys.stderr)
    if office.carrier is None:
        for off in office.plugins.off:
            print(off, file=sys.stderr)
    return office


def looking(options: argparse.Namespace) -> AbstractContextManager[Office]:
    """The office at the home that was named, for looking only. Raises GsjxError."""
    from gsjx_tui.seats.opening import reading

    return reading(options.home, options.plugins_dir)
