"""First paint: from spawning the application to its first screen, beside an empty Textual app."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from benchmarks.homes import Homes
from benchmarks.measure import GSJX, Figure, Measured, medians
from benchmarks.terminal import Terminal

FIRST = ("考核账本", "退出")
"""The title at the top and the keys at the bottom of the home screen."""

LOADED = ("躬身践行", "核定进度", "合计")
"""What the home screen shows once the ledger has answered."""

_EMPTY_MARK = "empty app"
_EMPTY = f"""
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static({_EMPTY_MARK!r})
Empty().run()
"""


def figures(homes: Homes, runs: int) -> Iterator[Figure]:
    """The first screen, and the screen with figures from a ledger of thirteen months."""
    gsjx = [GSJX, "--home", str(homes.fresh(homes.demo()))]
    taken = medians(
        runs,
        first=painted(gsjx, FIRST),
        loaded=painted(gsjx, LOADED),
        empty=painted([sys.executable, "-c", _EMPTY], (_EMPTY_MARK,)),
    )
    against = "空的 Textual 程序"
    yield Figure("启动至首屏画出", taken["first"], taken["empty"], goal=1.5, against=against)
    yield Figure("启动至首屏有数", taken["loaded"], taken["empty"], against=against)


def painted(command: Sequence[str], texts: Sequence[str]) -> Measured:
    """Seconds from spawning a program until the texts are on the screen."""

    def once() -> float:
        with Terminal(command) as terminal:
            return terminal.expect(*texts) - terminal.started

    return once
