"""The last gate before the terminal: no line of any widget carries a control character."""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from gsjx_tui.harmless import printable


class PrintableText(LineFilter):
    """Makes the text of every line printable, whatever ledger, file or query it is from.

    Textual itself lets ESC and the marks that turn letters around through. The line keeps its
    width: what goes takes no cell, and where a wide blank becomes a narrow one, blanks follow.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments of a line with printable text."""
        return [_printable(segment) for segment in segments]


def _printable(segment: Segment) -> Segment:
    text, style, control = segment
    if control or (text.isascii() and text.isprintable()):
        return segment
    harmless = _harmless(text)
    return segment if harmless is None else Segment(harmless, style)


@lru_cache(maxsize=4096)
def _harmless(text: str) -> str | None:
    """The text as wide as it was and printable; None if it is so already.

    Remembered, for the same names are drawn over and over at every opening of a screen.
    """
    harmless = printable(text)
    return None if harmless == text else set_cell_size(harmless, cell_len(text))
