"""What a session costs the line and the machine: bytes sent, and the most memory it took."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from benchmarks.homes import Homes
from benchmarks.keystroke import ENTER, RIGHT
from benchmarks.measure import GSJX, Figure
from benchmarks.terminal import Terminal

_DOWN, _UP = "\x1b[B", "\x1b[A"
_IDLE = 3.0


def figures(homes: Homes, runs: int) -> Iterator[Figure]:
    """The ranking and the entry screen after thirteen months of 112 units."""
    with Terminal([GSJX, "--home", str(homes.fresh(homes.demo()))]) as terminal:
        terminal.expect("合计")
        terminal.press("", 0.5)
        terminal.press("r", 0.5)
        yield _sent("表中移动一行", terminal, [_DOWN, _DOWN, _UP] * runs, 500)
        terminal.press("\x1b", 0.5)
        terminal.press("e", 0.5)
        terminal.press(ENTER, 0.5)
        terminal.press(RIGHT, 0.5)
        yield _sent("录入一个数字", terminal, ["1", "\x7f"] * runs, 1500)
        idle = terminal.press("", _IDLE / 10)  # waits ten times as long for the first byte
        yield Figure(f"静止 {_IDLE:.0f} 秒", idle.bytes if idle else 0, goal=0, unit="字节")
        yield Figure("内存峰值", terminal.peak_memory() / 1e6, goal=100, unit="MB")


def _sent(name: str, terminal: Terminal, keys: list[str], goal: int) -> Figure:
    sizes = [answer.bytes for key in keys if (answer := terminal.press(key)) is not None]
    note = f"{len(sizes)} 次，最多 {max(sizes)} 字节"
    return Figure(name, statistics.median(sizes), goal=goal, note=note, unit="字节")
