"""Which words are offered while SQL is typed."""

from __future__ import annotations

import pytest

from gsjx_tui.tui.widgets.completion import completions

CATALOG = {
    "unit": ("code", "name", "category"),
    "unit_edition": ("edition", "code"),
    "confirmation": ("seq", "unit", "month", "confirmed_by"),
}


@pytest.mark.parametrize(
    ("text", "prefix", "words"),
    [
        ("sel", "sel", ["select"]),
        ("SEL", "SEL", ["select"]),
        ("select * from uni", "uni", ["unit", "unit_edition", "union"]),
        ("select * from unit u where u.", "", ["code", "name", "category"]),
        ("select * from unit as u where u.c", "c", ["code", "category"]),
        ("select * from confirmation join unit u on confirmation.conf", "conf", ["confirmed_by"]),
        ("select * from unit where na", "na", ["name"]),
        ("with totals as (select 1) from tot", "tot", ["totals"]),
    ],
)
def test_words_are_offered(text: str, prefix: str, words: list[str]) -> None:
    assert completions(text, text, CATALOG) == (prefix, words)


@pytest.mark.parametrize(
    "text",
    ["", "select ", "from unit", "-- sel", "select 'na", "select 12", "from nothing n where n."],
)
def test_nothing_is_offered(text: str) -> None:
    assert completions(text, text, CATALOG)[1] == []
