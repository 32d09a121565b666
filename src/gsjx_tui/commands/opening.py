"""How a command opens the office: through the service where one runs, else by itself."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office.names import has_further

if TYPE_CHECKING:
    from gsjx_tui.office.home import Office


def choose(options: argparse.Namespace) -> None:
    """Makes ``options.home`` the home of the campaign that is meant. Raises GsjxError.

    Where a home has one campaign alone, as most do, nothing is opened and hardly anything imported.
    """
    if options.whole:
        if options.campaign_id:
            what = "这个命令管整个活动文件夹，不能用 --campaign 指定活动"
            raise StateError(Fault("", what, "去掉 --campaign"))
        return
    id = options.campaign_id = options.campaign_id or os.environ.get("GSJX_CAMPAIGN", "")
    if not id and not has_further(options.home):
        return
    if not id and (options.asks or (options.every and not options.anchor)):
        return
    from gsjx_tui.seats.opening import chosen

    options.home = chosen(options.home, id)


def every(options: argparse.Namespace) -> Sequence[Path]:
    """The home of each campaign, if none was named; else of the one that was."""
    if options.campaign_id or not has_further(options.home):
        return [options.home]
    from gsjx_tui.seats.opening import listed

    return [one.home(options.home) for one in listed(options.home)]


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
