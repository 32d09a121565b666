"""The values everything else speaks of: Month, Points, Unit, Category, Campaign. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

Points = Decimal
"""A number of points with two places; never a binary float (SPEC 1)."""

Kind = Literal["claim", "verify"]
"""自评 claim, by the unit; 复核 verify, by the office (SPEC 2)."""

Values = Mapping[str, Decimal]
"""Field name -> observed value of one item in one month."""

ZERO = Decimal("0.00")
_HUNDREDTH = Decimal("0.01")


def points(value: Decimal | int | str) -> Points:
    """``value`` to the hundredth, halves rounded away from zero (四舍五入)."""
    return Decimal(value).quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)


class Month(NamedTuple):
    """A calendar month, ordered; written ``YYYY-MM`` (SPEC 1)."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month written as ``text``. Raises ValueError for anything but ``YYYY-MM``."""
        match = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
        if match is None:
            raise ValueError(text)
        return cls(int(match[1]), int(match[2]))

    def plus(self, months: int) -> Month:
        """The month so many months later (earlier if negative)."""
        total = self.year * 12 + self.number - 1 + months
        return Month(total // 12, total % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def chinese(self) -> str:
        """As people read it: 2013年6月."""
        return f"{self.year}年{self.number}月"


def month_range(first: Month, last: Month) -> tuple[Month, ...]:
    """All months from ``first`` through ``last``; empty if ``last`` comes before."""
    return tuple(_iterate(first, last))


def _iterate(first: Month, last: Month) -> Iterator[Month]:
    month = first
    while month <= last:
        yield month
        month = month.plus(1)


@dataclass(frozen=True)
class Category:
    """One of the groups within which units are ranked (method 三（三）).

    ``superior_letter``: the results of its units go to their superior bodies (method 四（二）).
    """

    id: str
    name: str
    superior_letter: bool = False


@dataclass(frozen=True)
class Unit:
    """A public body that is appraised. ``since``/``through`` bound its months (SPEC 7.7)."""

    code: str
    name: str
    category: str
    superior: str = ""
    since: Month | None = None
    through: Month | None = None
    initials: str = ""

    def takes_part(self, month: Month) -> bool:
        """Whether the unit is appraised in ``month``."""
        return (self.since is None or self.since <= month) and (
            self.through is None or month <= self.through
        )


@dataclass(frozen=True)
class Settings:
    """What the method leaves open and a campaign decides (SPEC 5, 7).

    ``objection_days``: within so many days of being filed an objection shall be decided.
    """

    unverified_claims: Literal["accept", "reject"] = "accept"
    final_scope: Literal["category", "all"] = "category"
    award_places: int = 1
    four_eyes: bool = False
    objection_days: int = 15


@dataclass(frozen=True)
class Grade:
    """A grade 等次 of the final result, such as 优秀: who reaches its points, within its share.

    ``at_least``: points of the campaign; ``share``: per cent of the units of a category. Either
    may be None: no such bound.
    """

    name: str
    at_least: Points | None = None
    share: Decimal | None = None


@dataclass(frozen=True)
class Campaign:
    """A campaign as ``campaign.toml`` states it: its months follow from its stages.

    ``grades`` from the best on.
    """

    id: str
    name: str
    points: Points
    categories: tuple[Category, ...]
    stages: tuple[str, ...]
    settings: Settings = field(default_factory=Settings)
    grades: tuple[Grade, ...] = ()

    def category(self, id: str) -> Category | None:
        """The category of that id, or None."""
        return next((c for c in self.categories if c.id == id), None)
