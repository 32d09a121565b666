"""Opening each screen, and a table of 20,000 rows: from the key sent until all is painted."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from benchmarks.homes import Homes, every_cell
from benchmarks.measure import Figure, percentile
from benchmarks.terminal import Answer, Terminal
from gsjx_tui.domain import Month
from gsjx_tui.office.home import Office
from gsjx_tui.office.record import record
from gsjx_tui.tui import app
from gsjx_tui.tui.app import GsjxApp
from gsjx_tui.tui.screens.card import CardScreen
from gsjx_tui.tui.screens.confirm import ConfirmScreen
from gsjx_tui.tui.screens.entry import EntryScreen
from gsjx_tui.tui.screens.history import HistoryScreen
from gsjx_tui.tui.screens.items import ItemsScreen
from gsjx_tui.tui.screens.progress import ProgressScreen
from gsjx_tui.tui.screens.query import QueryScreen
from gsjx_tui.tui.screens.ranking import RankingScreen
from gsjx_tui.tui.screens.register import RegisterScreen
from gsjx_tui.tui.screens.review import ReviewScreen

OPEN_GOAL, TABLE_GOAL, PAUSE_GOAL = 0.15, 0.5, 0.05

_MONTH = Month(2014, 6)
SCREENS: Mapping[str, tuple[str, Callable[[], Screen[None]]]] = {
    "1": ("录入", lambda: EntryScreen(_MONTH, "economy", "E05")),
    "2": ("核定", lambda: ConfirmScreen(_MONTH)),
    "3": ("排名", RankingScreen),
    "4": ("得分卡", lambda: CardScreen("E05", _MONTH)),
    "5": ("进度", lambda: ProgressScreen(_MONTH)),
    "6": ("审计（一个单位一个月）", lambda: HistoryScreen(_MONTH, "economy", "E05")),
    "8": ("按要点录入", lambda: ItemsScreen(_MONTH, "economy")),
    "9": ("加扣分登记", lambda: RegisterScreen(_MONTH, "economy")),
    "0": ("复核", lambda: ReviewScreen(_MONTH, "economy", "E05")),
    "z": ("查询", lambda: QueryScreen(_MONTH)),
}
"""Keys of the measured application, and which screen each opens."""

TABLE = "7"
ESCAPE, DOWN, UP, PAGE_DOWN, PAGE_UP, END, HOME = (
    "\x1b",
    "\x1b[B",
    "\x1b[A",
    "\x1b[6~",
    "\x1b[5~",
    "\x1b[F",
    "\x1b[H",
)
_SCROLLING = (*[DOWN] * 25, *[PAGE_DOWN] * 25, END, *[UP] * 25, *[PAGE_UP] * 25, HOME, END, HOME)
_PASSES = 3
"""Each key of the scrolling is pressed in so many passes and its best counts: what then remains is
the table's own, not another process's."""

_QUIET = 0.25
"""Longer than the ledger takes to answer: what comes after it belongs to the same opening."""


class Measured(GsjxApp):
    """The application with a key for each screen."""

    CSS_PATH = str(Path(app.__file__).with_name("app.tcss"))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"open('{key}')", show=False) for key in (*SCREENS, TABLE)
    ]

    def action_open(self, key: str) -> None:
        """Opens the screen of the key."""
        self.push_screen(HistoryScreen() if key == TABLE else SCREENS[key][1]())


def figures(homes: Homes, runs: int) -> Iterator[Figure]:
    """Every screen after thirteen months of 112 units; the table of more than 20,000 acts."""
    with _running(homes.fresh(homes.demo())) as terminal:
        for key, (name, _) in SCREENS.items():
            yield _opened(f"打开 {name}", terminal, key, runs, OPEN_GOAL)
    with _running(homes.fresh(homes.shipped("every-claim", _claim_everything))) as terminal:
        yield _opened("打开 20000 行的表", terminal, TABLE, runs, TABLE_GOAL)
        terminal.press(TABLE, _QUIET)
        passes = [[terminal.press(key) for key in _SCROLLING] for _ in range(_PASSES)]
    pauses = [
        min(a.settled for a in answers if a)
        for answers in zip(*passes, strict=True)
        if any(answers)
    ]
    yield Figure(
        "20000 行滚动：画面静止 p50", percentile(pauses, 0.5), note=f"{len(pauses)} 键 {_PASSES} 遍"
    )
    yield Figure("20000 行滚动：最长停顿", max(pauses), goal=PAUSE_GOAL)


def _running(home: Path) -> Terminal:
    terminal = Terminal([sys.executable, "-m", "benchmarks.screens", str(home)])
    terminal.expect("合计")
    terminal.press("", _QUIET)
    return terminal


def _opened(name: str, terminal: Terminal, key: str, runs: int, goal: float) -> Figure:
    """The median; the first opening, which also imports, stands in the note."""
    seconds = []
    for _ in range(runs + 1):
        answer = terminal.press(key, _QUIET)
        seconds.append(_settled(name, answer))
        for _ in range(3):  # screens with panes go back in two steps or three
            terminal.press(ESCAPE, _QUIET, patience=2 * _QUIET)
    first, *later = seconds
    return Figure(
        name,
        statistics.median(later),
        goal=goal,
        note=f"第一次 {first * 1000:.0f} ms，最长 {max(later) * 1000:.0f} ms",
    )


def _settled(name: str, answer: Answer | None) -> float:
    if answer is None:
        raise TimeoutError(f"{name} 没有画出")
    return answer.settled


def _claim_everything(office: Office) -> None:
    rubric = office.rubric
    record(office, list(every_cell(rubric, office.units, rubric.months, "claim")))


if __name__ == "__main__":
    Measured(Path(sys.argv[1])).run()
