"""Text measured in terminal cells: a Chinese character takes two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from rich.cells import cell_len

from gsjx_tui.cells import fit as fit


def wrap(text: str, width: int, lines: int) -> list[str]:
    """The text in lines of at most ``width`` cells, broken after a comma or blank where there is
    one, but not between a number and its word; the last line cut off if there are more."""
    glued = _COUNTED.sub(_GLUE, text)
    rows = [
        row.rstrip().replace(_GLUE, " ")
        for paragraph in glued.split("\n")
        for row in _rows(paragraph, width)
    ]
    if len(rows) > lines:
        rows = [*rows[: lines - 1], fit("".join(rows[lines - 1 :]), width)]
    return rows


def balanced(text: str, width: int) -> list[str]:
    """A name in as few lines of at most ``width`` cells as it takes, about equally long."""
    lines = max(1, -(-cell_len(text) // (width - width % 2)))
    size = -(-len(text) // lines)
    return [text[at : at + size] for at in range(0, len(text), size)]


def _rows(paragraph: str, width: int) -> list[str]:
    rows = [""]
    for piece in _PIECE.findall(paragraph):
        if cell_len(rows[-1]) + cell_len(piece.rstrip()) <= width:
            rows[-1] += piece
            continue
        if rows[-1]:
            rows.append("")
        for letter in piece:
            if cell_len(rows[-1]) + cell_len(letter) > width:
                rows.append("")
            rows[-1] += letter
    return rows


_GLUE = "\u00a0"
_COUNTED = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[0-9])|(?<=[0-9]) (?=[\u4e00-\u9fff])")
_PIECE = re.compile(r"[^、，；：。 ]*[、，；：。 ]+|[^、，；：。 ]+")


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
