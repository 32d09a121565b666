"""Query: ask, complete, cancel, the saved questions, export; how it looks."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import openpyxl
import pytest
from seat import (
    CLERK,
    NARROW,
    WIDE,
    a_home,
    line_with,
    lines,
    press,
    screen,
    seated,
    settled,
    write,
)
from snapshot import assert_looks
from textual.pilot import Pilot

from gsjx_tui.domain import Month
from gsjx_tui.tui.app import GsjxApp
from gsjx_tui.tui.screens.query import QueryScreen
from gsjx_tui.tui.widgets.sql_editor import SqlEditor

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
RUNAWAY = "select count(*) from range(1000000) a, range(1000000) b where a.range <> b.range"
JUNE = Month(2013, 6)


@pytest.fixture(autouse=True)
def a_clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests, the screens show the same login."""
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)


async def opened(pilot: Pilot[None], month: Month | None = JUNE) -> QueryScreen:
    """The query screen at June, loaded."""
    asked = QueryScreen(month, "economy", "E05")
    pilot.app.push_screen(asked)
    await settled(pilot)
    return asked


def text_of(asked: QueryScreen) -> str:
    """What is in the editor."""
    return asked.query_one(SqlEditor).text


def fill(asked: QueryScreen, text: str) -> None:
    """Another text in the editor, at once."""
    asked.query_one(SqlEditor).replace_all(text)


def table(pilot: Pilot[None]) -> str:
    """The answer below the editor."""
    return "\n".join(lines(pilot)[-4:])


async def test_a_query_is_typed_and_answered(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await opened(pilot)

        await write(pilot, "select code, name, null as none from unit order by code limit 3")
        await press(pilot, "f5")

        assert "3 行" in screen(pilot)
        assert line_with(pilot, "C02").split() == ["C02", "县地方税务局", "空"]
        await press(pilot, "down")
        assert "第 2/3 行" in screen(pilot)


async def test_tab_completes_tables_and_the_columns_of_an_alias(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        asked = await opened(pilot)

        await write(pilot, "select 1 from confirm")
        assert "Tab 补全 [confirmation]" in screen(pilot)
        await press(pilot, "tab")
        await write(pilot, " c where c.confirmed_")
        assert "[confirmed_by] confirmed_at" in screen(pilot)
        await press(pilot, "ctrl+n", "tab")

        assert text_of(asked) == "select 1 from confirmation c where c.confirmed_at"


async def test_tab_without_a_word_to_complete_goes_to_the_answer(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        asked = await opened(pilot)
        await write(pilot, "select 42 as answer ")
        await press(pilot, "f5", "shift+tab")
        assert asked.focused is asked.query_one(SqlEditor)

        await pilot.press("end", "tab", "e")
        await settled(pilot)

        assert text_of(asked) == "select 42 as answer "
        assert "导出全部行" in screen(pilot)


async def test_escape_cancels_a_running_query_at_once(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        asked = await opened(pilot)
        fill(asked, RUNAWAY)
        await pilot.press("f5")
        await asyncio.sleep(0.7)
        assert "正在查询，Esc 取消" in screen(pilot)
        began = time.monotonic()

        await press(pilot, "escape")

        assert time.monotonic() - began < 1
        assert "已取消查询" in screen(pilot)
        assert text_of(asked) == RUNAWAY
        assert pilot.app.screen is asked


async def test_others_acts_go_on_while_a_query_runs(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        fill(await opened(pilot), RUNAWAY)
        await pilot.press("f5")
        await asyncio.sleep(0.5)
        app = pilot.app
        assert isinstance(app, GsjxApp)

        units = await asyncio.wait_for(app.desk.call(lambda office: len(office.units)), 1)

        assert units == 112
        await press(pilot, "escape")


async def test_a_mistake_is_shown_and_the_text_stays(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        asked = await opened(pilot)
        await write(pilot, "select nmae from unit")
        await press(pilot, "f5")

        assert "查询没有得到结果" in screen(pilot)
        assert 'column "nmae" not found' in screen(pilot)
        assert text_of(asked) == "select nmae from unit"
        assert asked.focused is asked.query_one(SqlEditor)


async def test_a_saved_question_asks_for_its_values(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home", confirmed=True)) as pilot:
        asked = await opened(pilot)
        await press(pilot, "f2", *["down"] * 5)
        assert "各差多少分" in screen(pilot)
        await press(pilot, "enter")
        assert "E05  县财政局" in screen(pilot)

        await write(pilot, "E99")
        await press(pilot, "enter", "enter")
        assert "没有“E99”" in screen(pilot)
        await press(pilot, "backspace", "backspace")
        await write(pilot, "02")
        await press(pilot, "enter", "enter")

        assert "距第三名" in screen(pilot)
        assert line_with(pilot, "E02").split()[:3] == [
            "经济民生部门",
            "E02",
            "县经济和信息化委员会",
        ]
        assert "某单位距第三名的差距" in text_of(asked)


async def test_escape_keeps_the_values_typed_for_a_question(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home", confirmed=True)) as pilot:
        await opened(pilot)
        await press(pilot, "f2", *["down"] * 5)
        await press(pilot, "enter")
        await write(pilot, "E02")
        await press(pilot, "escape", "f5")

        assert line_with(pilot, "> 单位").split()[2:] == ["E02", "县经济和信息化委员会"]


async def test_a_saved_question_does_not_lose_what_was_typed_before(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        asked = await opened(pilot)
        await write(pilot, "select 1")
        await press(pilot, "f2", "enter", "escape")
        assert "本月名次下降最多的单位" in text_of(asked)

        await press(pilot, "ctrl+z")

        assert text_of(asked) == "select 1"


async def test_the_text_is_kept_for_the_next_time(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot)
        await write(pilot, "select 1 as half")
        await press(pilot, "escape")
        assert "考核账本" in screen(pilot)

    async with seated(home) as pilot:
        asked = await opened(pilot)
        assert text_of(asked) == "select 1 as half"


async def test_all_rows_are_exported_and_the_path_is_said(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home, WIDE) as pilot:
        fill(await opened(pilot), "select range as n, 'a' as b from range(20005)")
        await press(pilot, "f5")
        assert "只显示前 20000 行，导出为全部" in screen(pilot)

        await press(pilot, "e", "enter")
        await write(pilot, "numbers")
        await press(pilot, "enter")
        assert "已导出 20005 行：" in screen(pilot)

    book = openpyxl.load_workbook(home / "导出" / "numbers.xlsx", read_only=True)
    assert len(list(book["查询结果"].iter_rows())) == 20_006
    facts = dict(book["来源"].iter_rows(values_only=True))
    assert (facts["导出人"], facts["行数"]) == (CLERK, "20005")


async def test_a_wrong_format_or_name_is_said_before_anything_is_written(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot)
        await write(pilot, "select 1 as n")
        await press(pilot, "f5", "e")
        await write(pilot, "doc")
        await press(pilot, "enter", "enter")
        assert "格式写 xlsx 或 csv" in screen(pilot)
        await write(pilot, "")
        await press(pilot, *["backspace"] * 3)
        await write(pilot, "csv")
        await press(pilot, "enter")
        await write(pilot, "../x")
        await press(pilot, "enter")
        assert "不能作文件名" in screen(pilot)
        await press(pilot, "escape")

    assert not (home / "导出").exists()


async def test_columns_scroll_one_at_a_time(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        asked = await opened(pilot)
        columns = ", ".join(f"'{'x' * 18}' as column_{n}" for n in range(1, 9))
        fill(asked, f"select {columns}")
        await press(pilot, "f5")
        assert "column_1" in table(pilot) and "column_8" not in table(pilot)

        await press(pilot, *["right"] * 12)

        assert "column_8" in table(pilot) and "column_1" not in table(pilot)
        assert "第 5-8/8 列" in screen(pilot)


async def test_no_copy_of_the_ledger_is_left_behind(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        asked = await opened(pilot)
        folder = Path(str(asked._copies._folder and asked._copies._folder.name))
        assert folder.is_dir()

        await press(pilot, "escape")

        assert not folder.exists()


async def test_a_lost_connection_keeps_the_text_and_leaves_no_copy(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        asked = await opened(pilot)
        fill(asked, RUNAWAY)
        await pilot.press("f5")
        await asyncio.sleep(0.5)
        copy = asked._asking and asked._asking.copy
        assert copy and copy.exists()

        left = asyncio.Event()
        asked.hang_up(left)
        await asyncio.wait_for(left.wait(), 0.5)
        await settled(pilot)

        assert not copy.parent.exists()
    assert (home / f".query-{CLERK}.sql").read_text("utf-8") == RUNAWAY


async def test_the_cursor_stands_still_so_that_an_idle_line_is_silent(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        asked = await opened(pilot)

        assert asked.focused is asked.query_one(SqlEditor)
        assert not asked.query_one(SqlEditor).cursor_blink


@SIZES
async def test_looks(tmp_path: Path, size: tuple[int, int]) -> None:
    async with seated(a_home(tmp_path / "home", confirmed=True), size) as pilot:
        asked = await opened(pilot)
        assert_looks(pilot, "query-empty")
        await press(pilot, "f2", "down")
        assert_looks(pilot, "query-saved")
        await press(pilot, "enter")
        assert_looks(pilot, "query-form")
        await press(pilot, "enter", "enter")
        asked.say("")  # it says how long it took
        await settled(pilot)
        assert_looks(pilot, "query-answer")
        await press(pilot, "shift+tab", "f7")
        await write(pilot, "select 1 from unit u where u.")
        assert_looks(pilot, "query-completion")
        await press(pilot, "f5")
        assert_looks(pilot, "query-refused")
