"""A keystroke in the entry screen: from the key sent until the screen is updated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.homes import Homes
from benchmarks.measure import GSJX, Figure, percentile
from benchmarks.terminal import Answer, Terminal
from gsjx_tui.demo.__main__ import SEED
from gsjx_tui.demo.fill import fill
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.home import Office

GOAL = 0.03

ENTER, RIGHT, HOME = "\r", "\x1b[C", "\x1b[H"

WAY = (("", "合计"), ("e", "单位"), (ENTER, ""), (RIGHT, ""))
"""Keys from the start to the first verification of the entry screen, and what to wait for."""

CELL = ("5", ENTER)
"""Typing a value and going to the next cell, which saves."""

UNIT = ("n", HOME)
"""On to the first cell of the next unit."""

_CELLS = 14
_UNITS = 12


def figures(homes: Homes, runs: int) -> Iterator[Figure]:
    """Typing verifications into an open month, after twelve confirmed months of 112 units."""
    home = homes.fresh(homes.shipped("last-month-open", _open_last_month))
    keys = (CELL * _CELLS + UNIT) * _UNITS
    answers = pressed([GSJX, "--home", str(home)], WAY, keys)
    digits, enters = ([a for key, a in answers if key == typed] for typed in CELL)
    for name, found in (
        ("数字", digits),
        ("Enter（保存）", enters),
        ("全部", [a for _, a in answers]),
    ):
        yield from _latencies(f"按键 {name}", found)


def pressed(
    command: Sequence[str], way: Sequence[tuple[str, str]], keys: Sequence[str]
) -> list[tuple[str, Answer]]:
    """Each of the keys with what followed it, after a way into the program; keys that changed
    nothing on the screen are left out.
    """
    with Terminal(command) as terminal:
        for key, text in way:
            if key:
                terminal.press(key)
            if text:
                terminal.expect(text)
        answers = [(key, terminal.press(key)) for key in keys]
    return [(key, answer) for key, answer in answers if answer is not None]


def _latencies(name: str, answers: Sequence[Answer]) -> Iterator[Figure]:
    size = sorted(answer.bytes for answer in answers)[len(answers) // 2]
    note = f"{len(answers)} 次，每次 {size} 字节"
    first = [answer.first for answer in answers]
    settled = [answer.settled for answer in answers]
    yield Figure(f"{name}：回显 p50", percentile(first, 0.5), note=note)
    yield Figure(f"{name}：回显 p95", percentile(first, 0.95), goal=GOAL)
    yield Figure(f"{name}：画面静止 p50", percentile(settled, 0.5))
    yield Figure(f"{name}：画面静止 p95", percentile(settled, 0.95), goal=GOAL)


def _open_last_month(office: Office) -> None:
    *months, _ = office.rubric.months
    fill(office, SEED, months)
    confirm(office, months[-1])
