"""Counting ballots of 360 degrees 三评三议: group means, weighted, nobody's ballot to be told.

Worked in hundredths that people can follow by hand: each group's mean is rounded to two places
(四舍五入), then weighted; the lines that are shown give the result exactly.

A group of fewer than ``FEWEST`` ballots is never shown by itself. It shares a line with others,
each still of its own weight: with the other small ones, and with the smallest of the rest where
they are alone or too few; so no mean can be worked out that only one or two people wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from gsjx_tui.domain import ZERO, points

Group = Literal["superior", "peer", "subordinate", "served"]
GROUPS: tuple[Group, ...] = get_args(Group)
GROUP_NAMES: Mapping[Group, str] = {
    "superior": "上级",
    "peer": "同级",
    "subordinate": "下级",
    "served": "服务对象",
}
"""Who rates, in the order of the papers."""

FEWEST = 3
"""So many ballots a line has at least."""

WHOLE = 100
"""What the weights add up to, and the most a ballot gives."""


@dataclass(frozen=True)
class Line:
    """One or several groups as they may be shown: their weight together, of 100.

    ``ballots``: cast; ``counted``: those left after trimming; ``mean``: of 0 to 100, two places.
    """

    groups: tuple[Group, ...]
    weight: int
    ballots: int
    counted: int
    mean: Decimal


@dataclass(frozen=True)
class Counted:
    """The lines of a count; their means by their weights give the score."""

    lines: tuple[Line, ...]

    @property
    def score(self) -> Decimal:
        """Of 0 to 100, two places."""
        return points(sum((line.mean * line.weight for line in self.lines), ZERO) / WHOLE)


class TooFew(ValueError):
    """So few ballots that any result would tell what somebody wrote."""


def count(
    ballots: Mapping[Group, Sequence[Decimal]], weights: Mapping[Group, int], trim: int = 0
) -> Counted:
    """Counts ballots (each 0 to 100) by group; weights are above 0 and add up to 100.

    ``trim``: so many highest and lowest ballots of each group are left out, where at least three
    are left then. Each group with a weight has a ballot. Raises TooFew.
    """
    lines = [_line(group, ballots[group], weights[group], trim) for group in GROUPS
             if group in weights]  # fmt: skip
    small = sorted((line for line in lines if line.ballots < FEWEST), key=_size)
    others = sorted((line for line in lines if line.ballots >= FEWEST), key=_size)
    while small and _ballots(small) < FEWEST:
        if not others:
            raise TooFew
        small.append(others.pop(0))
    shown = [*others, *([_joined(small)] if small else [])]
    return Counted(tuple(sorted(shown, key=lambda line: GROUPS.index(line.groups[0]))))


def _line(group: Group, ballots: Sequence[Decimal], weight: int, trim: int) -> Line:
    kept = sorted(ballots)
    if trim and len(kept) - 2 * trim >= FEWEST:
        kept = kept[trim:-trim]
    mean = points(sum(kept, ZERO) / len(kept))
    return Line((group,), weight, len(ballots), len(kept), mean)


def _joined(lines: Sequence[Line]) -> Line:
    weight = sum(line.weight for line in lines)
    return Line(
        groups=tuple(sorted((g for line in lines for g in line.groups), key=GROUPS.index)),
        weight=weight,
        ballots=_ballots(lines),
        counted=sum(line.counted for line in lines),
        mean=points(sum((line.mean * line.weight for line in lines), ZERO) / weight),
    )


def _ballots(lines: Sequence[Line]) -> int:
    return sum(line.ballots for line in lines)


def _size(line: Line) -> tuple[int, int]:
    return line.ballots, GROUPS.index(line.groups[0])
