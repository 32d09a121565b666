"""``python -m benchmarks [TOPIC …] [--runs N] [--large]``: one table of medians, ratios and goals.

Keystrokes are given as percentiles of single presses; nothing here is run by the tests.
"""

from __future__ import annotations

import contextlib
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from benchmarks import (
    confirming,
    importing,
    keystroke,
    papers,
    ranking,
    screens,
    seats,
    snapshots,
    start,
    upkeep,
    wire,
)
from benchmarks.homes import Homes
from benchmarks.measure import Figure
from gsjx_tui.printing import print_table
from gsjx_tui.usage import Parser

TOPICS: Mapping[str, tuple[Callable[[Homes, int], Iterator[Figure]], int]] = {
    "start": (start.figures, 15),
    "keystroke": (keystroke.figures, 1),
    "save": (upkeep.saving, 40),
    "confirm": (confirming.figures, 5),
    "import": (importing.figures, 3),
    "rank": (ranking.figures, 15),
    "rank-large": (ranking.large, 3),
    "snapshot": (snapshots.figures, 3),
    "verify": (upkeep.figures, 5),
    "screens": (screens.figures, 7),
    "session": (wire.figures, 15),
    "service": (seats.figures, 10),
    "papers": (papers.figures, 3),
}
"""What figures there are by topic, and how many runs of each unless told."""

LARGE = frozenset({"rank-large"})
"""Topics that take many minutes and gigabytes: only with ``--large`` or by name."""


HEADINGS = ("题目", "项目", "中位数", "对照", "倍数", "目标", "达到", "说明")


def main() -> int:
    """Measures the topics asked for, or all."""
    parser = Parser(prog="python -m benchmarks", description="测量常用操作的用时。")
    parser.add_argument("topics", nargs="*", metavar="TOPIC", help="、".join(TOPICS))
    parser.add_argument("--large", action="store_true", help="也测 2 亿条记账，要十几 GB 硬盘")
    parser.add_argument("--runs", type=int, help="每项测几次，默认因题而异")
    options = parser.parse_args()
    unknown = set(options.topics) - set(TOPICS)
    if unknown:
        parser.error(f"没有这个题目：{'、'.join(sorted(unknown))}")
    usual = [topic for topic in TOPICS if options.large or topic not in LARGE]
    with tempfile.TemporaryDirectory(prefix="gsjx-benchmarks-") as folder:
        rows: list[list[object]] = []
        with contextlib.suppress(KeyboardInterrupt):  # what was measured until then is printed
            for row in _rows(options.topics or usual, options.runs, Homes(Path(folder))):
                rows.append(row)
    print(
        f"{platform.system()} {platform.machine()}，{os.cpu_count()} 核，"
        f"Python {platform.python_version()}"
    )
    print_table(HEADINGS, rows, right="中位数 对照 倍数")
    return 0


def _rows(topics: Iterable[str], runs: int | None, homes: Homes) -> Iterator[list[object]]:
    for topic in topics:
        measure, usual = TOPICS[topic]
        print(f"正在测 {topic} ……", file=sys.stderr)
        try:
            for figure in measure(homes, runs or usual):
                yield [topic, *_row(figure)]
        except TimeoutError as error:
            yield [topic, "", "", "", "", "", "否", f"没有测成：{error}"]


def _row(figure: Figure) -> list[object]:
    ratio = figure.ratio
    goal = ""
    if figure.goal is not None:
        goal = (
            f"<= {figure.goal}" if ratio is not None else f"<= {_value(figure.goal, figure.unit)}"
        )
    return [
        figure.name,
        _value(figure.seconds, figure.unit),
        "" if figure.baseline is None else _time(figure.baseline),
        "" if ratio is None else f"{ratio:.2f}",
        goal,
        figure.met,
        "；".join(filter(None, [figure.against and f"对照：{figure.against}", figure.note])),
    ]


def _value(value: float, unit: str) -> str:
    return _time(value) if unit == "s" else f"{value:.0f} {unit}"


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


if __name__ == "__main__":
    sys.exit(main())
