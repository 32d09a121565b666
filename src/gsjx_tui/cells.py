"""Text in an exact number of terminal cells: a Chinese character takes two."""

from __future__ import annotations


def fit(text: str, width: int, *, right: bool = False) -> str:
    """The text in exactly ``width`` cells, cut off with ``..`` if it must be."""
    from rich.cells import cell_len, set_cell_size

    length = cell_len(text)
    if length > width:
        return set_cell_size(set_cell_size(text, max(0, width - 2)).rstrip() + "..", width)
    padding = " " * (width - length)
    return padding + text if right else text + padding
