"""Drawing lots that anybody can draw again 抽签: from a seed, by an algorithm written down here.

The algorithm has a name, ``gsjx-draw-1``, that is part of what is hashed: another algorithm would
have another name. Nothing here depends on Python's ``random``.

1. The stream: SHA-256 of the UTF-8 text ``gsjx-draw-1|CAMPAIGN|MONTH|NUMBER|SEED|BLOCK`` for block
   0, 1, 2 ...; NUMBER counts the draws of the month from 1. Each digest is four words of 64 bits,
   big-endian.
2. A number below n: the next word w, skipped if w is not below the largest multiple of n that 64
   bits hold; else w mod n.
3. A lot by weight: a number below the sum of all weights; counted down over the candidates in their
   order, it falls on one of them. Whoever is drawn is taken out.
4. Units: first those that must come now, or the stage could not reach every unit any more
   (``owed_now``), by weight among them; then by weight among all that are left.
5. Items, for each drawn unit in the order drawn: as many as wanted, all of weight 1.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, count

ALGORITHM = "gsjx-draw-1"

_WORD = 1 << 64


class Lots:
    """A stream of numbers from a text; the same text gives the same numbers, for ever."""

    def __init__(self, text: str) -> None:
        self._words = _words(text)

    def below(self, bound: int) -> int:
        """A number of 0..bound-1, each equally likely."""
        limit = _WORD - _WORD % bound
        return next(word for word in self._words if word < limit) % bound

    def pick(self, weights: Mapping[str, int]) -> str:
        """One of the keys, likely in proportion to its weight (at least one is above 0)."""
        ticket = self.below(sum(weights.values()))
        reached = zip(weights, accumulate(weights.values()), strict=True)
        return next(key for key, upper in reached if ticket < upper)


def _words(text: str) -> Iterator[int]:
    for block in count():
        digest = hashlib.sha256(f"{text}|{block}".encode()).digest()
        for at in range(0, 32, 8):
            yield int.from_bytes(digest[at : at + 8], "big")


@dataclass(frozen=True)
class Candidate:
    """A unit that may be drawn. ``due``: its last month of the stage, 0 for this one, 1 the next.

    ``weight`` is in hundredths; ``reached``: it was drawn before in the stage.
    """

    unit: str
    weight: int
    due: int
    reached: bool


@dataclass(frozen=True)
class Pool:
    """What a draw is made from: the units by roster, the items, what the stage still owes.

    ``rate`` is how many units a month the stage takes, ``later`` the last months of units that
    only begin after this month.
    """

    candidates: tuple[Candidate, ...]
    items: tuple[str, ...]
    rate: int
    later: tuple[int, ...] = ()

    def text(self) -> str:
        """The pool as it is kept in the ledger."""
        units = [[c.unit, c.weight, c.due, int(c.reached)] for c in self.candidates]
        value = [units, list(self.items), self.rate, list(self.later)]
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def of(cls, text: str) -> Pool:
        """The pool that was kept so."""
        units, items, rate, later = json.loads(text)
        return cls(
            tuple(Candidate(unit, weight, due, bool(done)) for unit, weight, due, done in units),
            tuple(items),
            rate,
            tuple(later),
        )

    def owed_now(self, due: int) -> int:
        """How many unreached units due by a month must be drawn now: the rest has no room later."""
        waiting = sum(not c.reached and c.due <= due for c in self.candidates)
        return waiting + sum(other <= due for other in self.later) - self.rate * due

    @property
    def least(self) -> int:
        """How many units must be drawn now at least."""
        return max((self.owed_now(c.due) for c in self.candidates), default=0)


def needed(windows: Sequence[tuple[int, int]]) -> int:
    """How many units a month reach all, each within its first..last month (0 is this one).

    The least constant number: no span of months holds more whole windows than it can draw.
    """
    starts, ends = {start for start, _ in windows}, {end for _, end in windows}
    return max(
        (
            -(-sum(a <= start and end <= b for start, end in windows) // (b - a + 1))
            for a in starts
            for b in ends
            if a <= b
        ),
        default=0,
    )


def draw_units(lots: Lots, pool: Pool, wanted: int) -> tuple[str, ...]:
    """So many units (at least ``pool.least``, at most all), in the order drawn."""
    left = {c.unit: c for c in pool.candidates}
    chosen: list[Candidate] = []

    def pick(among: Mapping[str, int]) -> None:
        chosen.append(left.pop(lots.pick(among)))

    for due in sorted({c.due for c in pool.candidates}):
        while pool.owed_now(due) > sum(not c.reached and c.due <= due for c in chosen):
            pick({c.unit: c.weight for c in left.values() if not c.reached and c.due <= due})
    while len(chosen) < wanted:
        pick({c.unit: c.weight for c in left.values()})
    return tuple(c.unit for c in chosen)


def draw_items(lots: Lots, items: Sequence[str], wanted: int) -> tuple[str, ...]:
    """So many of the items, at most all, in the rubric's order."""
    left = dict.fromkeys(items, 1)
    chosen: set[str] = set()
    while left and len(chosen) < wanted:
        chosen.add(found := lots.pick(left))
        del left[found]
    return tuple(item for item in items if item in chosen)
