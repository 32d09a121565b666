"""The table widget with many rows: only what is in view is made."""

from __future__ import annotations

from textual.app import App, ComposeResult

from gsjx_tui.tui.widgets.grid import Column, Grid, LazyRows, Row

MANY = 20_000


class Table(App[None]):
    """A grid alone."""

    def compose(self) -> ComposeResult:
        """The grid."""
        grid = Grid([Column("行"), Column("数", 8, right=True)], id="rows", empty="没有行")
        grid.can_focus = True
        yield grid


def many(made: list[int]) -> LazyRows:
    """Rows that note which of them are made."""

    def make(index: int) -> Row:
        made.append(index)
        return Row(f"k{index}", (f"第 {index} 行", str(index)))

    return LazyRows([f"k{index}" for index in range(MANY)], make)


async def test_only_rows_in_view_are_made() -> None:
    made: list[int] = []
    async with Table().run_test(size=(80, 24)) as pilot:
        grid = pilot.app.query_one(Grid)
        grid.show(many(made))
        await pilot.pause()
        assert set(made) <= set(range(24))

        await pilot.press("end")
        await pilot.pause()
        assert grid.key == f"k{MANY - 1}"
        assert MANY - 1 in made and len(set(made)) <= 2 * 24

        await pilot.press("pageup", "home")
        assert (grid.key, grid.cursor) == ("k0", 0)


async def test_the_cursor_goes_to_a_key_and_stays_on_it() -> None:
    made: list[int] = []
    async with Table().run_test(size=(80, 24)) as pilot:
        grid = pilot.app.query_one(Grid)
        grid.show(many(made), key="k15000")
        await pilot.pause()
        assert grid.cursor == 15_000

        grid.show(LazyRows(["k1", "k15000"], lambda index: Row("", (str(index),))))
        assert grid.cursor == 1

        grid.show([Row("other", ("其他",))])
        assert (grid.key, grid.cursor) == ("other", 0)


async def test_a_row_that_is_replaced_stays_so_until_others_are_shown() -> None:
    async with Table().run_test(size=(80, 24)) as pilot:
        grid = pilot.app.query_one(Grid)
        grid.show(many([]))
        grid.update_row(Row("k3", ("改过的行", "7")))
        grid.update_row(Row("nothing", ("没有这一行", "")))
        await pilot.pause()
        assert "改过的行" in "".join(segment.text for segment in grid.render_line(4))

        grid.show(many([]))
        await pilot.pause()
        assert "第 3 行" in "".join(segment.text for segment in grid.render_line(4))


def test_lazy_rows_are_a_sequence() -> None:
    rows = many([])
    assert len(rows) == MANY
    assert [row.key for row in rows[2:4]] == ["k2", "k3"]


async def test_the_scrollbar_comes_and_goes_with_the_lines() -> None:
    """Not a layout later: each takes a painting of its own over the line."""
    async with Table().run_test(size=(80, 24)) as pilot:
        grid = pilot.app.query_one(Grid)

        grid.show(many([]))
        assert grid.show_vertical_scrollbar
        await pilot.pause()
        assert grid.line_width == grid.scrollable_content_region.width < 80

        grid.show([Row("only", ("一行",))])
        assert not grid.show_vertical_scrollbar
        await pilot.pause()
        assert grid.line_width == grid.scrollable_content_region.width == 80


async def test_nothing_is_said_to_be_missing_before_the_first_answer() -> None:
    async with Table().run_test(size=(80, 24)) as pilot:
        grid = pilot.app.query_one(Grid)
        assert "没有行" not in grid.render_line(2).text

        grid.show([])
        assert "没有行" in grid.render_line(2).text
