"""What a session costs the line and the machine: bytes sent, and the most memory it took."""

from __future__ import annotations

import statistics
import time
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
        yield from memory_figures("单独打开账本", terminal, 100)


def memory_figures(name: str, terminal: Terminal, goal: int) -> Iterator[Figure]:
    """The most memory a session took, and what it has after a moment's rest."""
    time.sleep(2)
    memory = terminal.memory()
    own = f"其中自己的 {memory.own / 1e6:.0f} MB，其余是各会话共用的程序文件"
    yield Figure(f"{name}：内存峰值", memory.peak / 1e6, goal=goal, unit="MB")
    yield Figure(f"{name}：静止时的内存", memory.now / 1e6, note=own, unit="MB")


def _sent(name: str, terminal: Terminal, keys: list[str], goal: int) -> Figure:
    sizes = [answer.bytes for key in keys if (answer := terminal.press(key)) is not None]
    note = f"{len(sizes)} 次，最多 {max(sizes)} 字节"
    return Figure(name, statistics.median(sizes), goal=goal, note=note, unit="字节")
