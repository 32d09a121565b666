"""The last gate before the terminal keeps every line as wide as it was."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from gsjx_tui.tui.line_filter import PrintableText

BLACK = Color(0, 0, 0)
LETTERS = st.text(st.sampled_from("a县\u3000\u202e\x1b\x9b\u200b\t é\u0301\U0001f600"), max_size=20)


@given(LETTERS)
def test_a_line_keeps_its_width_and_loses_its_controls(text: str) -> None:
    (segment,) = PrintableText().apply([Segment(text)], BLACK)

    assert cell_len(segment.text) == cell_len(text)
    assert not {"Cc", "Cf"} & set(map(unicodedata.category, segment.text))


def test_style_and_the_programs_own_controls_stay() -> None:
    bold, own = Style(bold=True), Control.bell().segment

    segments = PrintableText().apply([Segment("甲\x1b", bold), own], BLACK)

    assert segments[0] == Segment("甲", bold)
    assert segments[1] is own
