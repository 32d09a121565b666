"""The lines of an explanation, and how numbers are told in them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from gsjx_tui.domain import Month, Points, points

TOTAL = "得分"


@dataclass(frozen=True)
class Step:
    """One line of an explanation; ``points`` exact, None where the line only says something.

    ``bound`` marks a cap or floor that took effect.
    """

    text: str
    points: Points | None = None
    bound: bool = False


Steps = list[Step]


def plain(value: Decimal) -> str:
    """A number to the hundredth without needless zeros."""
    value = points(value)
    return f"{value.normalize():f}" if value else "0"


def signed(value: Decimal) -> str:
    """A number with its sign, also a plus."""
    return f"+{plain(value)}" if value > 0 else plain(value)


def month_name(month: Month) -> str:
    """A month without its year."""
    return f"{month.number}月"


def capped(value: Points, cap: Points, what: str) -> Step:
    """The line of a cap that took effect."""
    return Step(f"{what} {plain(value)}，封顶 {plain(cap)}", cap - value, bound=True)


def floored(value: Points, why: str) -> Step:
    """The line of a floor at 0 that took effect."""
    return Step(why, -value, bound=True)


def bounded(text: str, difference: Points) -> Step:
    """The line of any other bound that took effect."""
    return Step(text, difference, bound=True)
