"""Sparklines of ranks: one cell a month, the better the higher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gsjx_tui.domain import Month
from gsjx_tui.office.trend import Standing

_BLOCKS = "▁▂▃▄▅▆▇█"
_DIGITS = "12345678"


def sparkline(
    months: Sequence[Month], standings: Mapping[Month, Standing], *, plain: bool = False
) -> str:
    """A cell for each month; ``plain`` with digits from 1 (last) to 8 (first) for terminals that
    can't draw blocks. Blocks are of ambiguous width: nothing may stand to the right of them."""
    steps, gap = (_DIGITS, ".") if plain else (_BLOCKS, " ")
    return "".join(
        steps[round(standings[month].height * (len(steps) - 1))] if month in standings else gap
        for month in months
    )
