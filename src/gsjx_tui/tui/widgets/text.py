"""Text measured in terminal cells: a Chinese character takes two."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rich.cells import cell_len, set_cell_size


def fit(text: str, width: int, *, right: bool = False) -> str:
    """The text in exactly ``width`` cells, cut off with ``..`` if it must be."""
    length = cell_len(text)
    if length > width:
        return set_cell_size(set_cell_size(text, max(0, width - 2)).rstrip() + "..", width)
    padding = " " * (width - length)
    return padding + text if right else text + padding


def wrap(text: str, width: int, lines: int) -> list[str]:
    """The text in lines of at most ``width`` cells; the last one cut off if there are more."""
    rows: list[str] = []
    for paragraph in text.split("\n"):
        row = ""
        for letter in paragraph:
            if cell_len(row) + cell_len(letter) > width:
                rows.append(row)
                row = ""
            row += letter
        rows.append(row)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], fit("".join(rows[lines - 1 :]), width)]
    return rows


def points(value: Decimal | None, *, signed: bool = False) -> str:
    """Points with two decimals; empty for None."""
    if value is None:
        return ""
    return f"{value:+.2f}" if signed and value else f"{value:.2f}"


def shares(
    width: int, fixed: Sequence[int], least: int, most: int = 9999, gap: int = 1
) -> list[int]:
    """Column widths: those given; those that are 0 share what is left, between the bounds."""
    flexible = fixed.count(0)
    left = width - sum(fixed) - gap * (len(fixed) - 1)
    if not flexible:
        return list(fixed)
    share, rest = divmod(min(max(left, least * flexible), most * flexible), flexible)
    widths = []
    for column in fixed:
        if column == 0:
            widths.append(share + (1 if rest > 0 else 0))
            rest -= 1
        else:
            widths.append(column)
    return widths
