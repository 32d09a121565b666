"""The line that forms are typed into: it moves, deletes, pastes and scrolls by cells."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from gsjx_tui.tui.widgets.line_edit import LineEdit

WIDTH = 10


class OneLine(App[None]):
    """A line ten cells wide."""

    CSS = f"LineEdit {{ width: {WIDTH}; }}"

    def compose(self) -> ComposeResult:
        yield LineEdit(hint="填理由")


def typed(edit: LineEdit, *keys: str) -> LineEdit:
    """Keys by name, letters as themselves."""
    for key in keys:
        edit.press(key, key if len(key) == 1 else "")
    return edit


@pytest.mark.parametrize(
    ("keys", "text", "cursor"),
    [
        (["县", "局"], "县局", 2),
        (["a", "c", "left", "b"], "abc", 2),
        (["a", "b", "home", "delete"], "b", 0),
        (["a", "b", "left", "backspace"], "b", 0),
        (["a", "home", "backspace", "left"], "a", 0),
        (["a", "b", "home", "end", "right", "delete", "c"], "abc", 3),
        (["a", "b", "left", "ctrl+u"], "b", 0),
    ],
)
def test_keys_move_and_change_the_text(keys: list[str], text: str, cursor: int) -> None:
    edit = typed(LineEdit(), *keys)

    assert (edit.text, edit.cursor) == (text, cursor)


def test_a_key_that_means_nothing_is_left_to_the_screen() -> None:
    edit = LineEdit("10")

    assert not edit.press("enter", "\r")
    assert not edit.press("f5", "")
    assert edit.text == "10"


def test_what_is_pasted_goes_in_at_the_cursor_on_one_line() -> None:
    edit = typed(LineEdit("查实漏报"), "left", "left")

    edit.paste("复核\n一篇\x00 ")

    assert edit.text == "查实复核 一篇漏报"


async def test_a_long_text_scrolls_so_that_the_cursor_is_in_it() -> None:
    app = OneLine()
    async with app.run_test(size=(40, 5)) as pilot:
        edit = app.query_one(LineEdit)
        assert str(edit.render()) == "填理由"
        edit.light(True)
        typed(edit, *"一二三四五六")
        await pilot.pause()

        assert str(edit.render()) == "三四五六 "

        for _ in range(6):
            edit.press("left", "")
            assert cell_len(str(edit.render())) <= WIDTH
        assert str(edit.render()) == "一二三四五"

        typed(edit, "end", *["backspace"] * 3)
        assert str(edit.render()) == "一二三 "
