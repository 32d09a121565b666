"""Measuring: whole processes or functions, interleaved, as medians."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

GSJX = str(Path(sys.executable).with_name("gsjx"))
"""The installed command of the same environment."""

Measured = Callable[[], float]
"""Does the work once; answers the seconds that count."""


@dataclass(frozen=True)
class Figure:
    """One line of the table; seconds, or what ``unit`` says. ``goal`` is the most it may be.

    With ``baseline``, which ``against`` names, what the goal holds for is the ratio to it.
    """

    name: str
    seconds: float
    baseline: float | None = None
    goal: float | None = None
    note: str = ""
    unit: str = "s"
    against: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the baseline."""
        return None if self.baseline is None else self.seconds / self.baseline

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without one."""
        if self.goal is None:
            return None
        return (self.seconds if self.ratio is None else self.ratio) <= self.goal


def interleaved(runs: int, **kinds: Measured) -> Mapping[str, list[float]]:
    """Seconds of each run of each kind, taken in turn so that what disturbs one disturbs all.

    A first round warms the caches and isn't counted.
    """
    taken: dict[str, list[float]] = {name: [] for name in kinds}
    for round in range(runs + 1):
        for name, once in kinds.items():
            seconds = once()
            if round:
                taken[name].append(seconds)
    return taken


def medians(runs: int, **kinds: Measured) -> Mapping[str, float]:
    """The median of each kind."""
    return {name: statistics.median(all) for name, all in interleaved(runs, **kinds).items()}


def median(runs: int, once: Measured) -> float:
    """The median of one kind."""
    return medians(runs, once=once)["once"]


def percentile(seconds: Iterable[float], share: float) -> float:
    """The smallest of the values that this share of them doesn't exceed."""
    ordered = sorted(seconds)
    return ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)]


def timed(work: Callable[[], object]) -> float:
    """Seconds of a call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def whole_process(*command: str, before: Callable[[], object] = lambda: None) -> Measured:
    """A process from spawn to end, its output read away; ``before`` doesn't count."""

    def once() -> float:
        before()
        return timed(lambda: _run(command))

    return once


def gsjx(home: Path, *arguments: str, before: Callable[[], object] = lambda: None) -> Measured:
    """The command on a home, as a whole process."""
    return whole_process(GSJX, *arguments, "--home", str(home), before=before)


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)
