"""Typing one item down all units, pasting a column, taking back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest
from seat import CLERK, NARROW, WIDE, a_home, line_with, press, screen, seated, settled
from snapshot import assert_looks
from textual import events
from textual.pilot import Pilot

from gsjx_tui.domain import Kind, Month
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.home import open_office
from gsjx_tui.office.item_sheet import item_sheet
from gsjx_tui.office.record import record
from gsjx_tui.office.staff import set_staff
from gsjx_tui.rubric.model import Observation
from gsjx_tui.tui.app import GsjxApp
from gsjx_tui.tui.screens.items import ItemsScreen
from gsjx_tui.tui.widgets.column_grid import ColumnGrid

JUNE = Month(2013, 6)
BODY, SURVEY = "study.b1.body", "study.e1.survey"
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])


@pytest.fixture(autouse=True)
def a_clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests, the screens show the same login."""
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)


@contextlib.asynccontextmanager
async def at_item(
    home: Path, item: str = BODY, size: tuple[int, int] = NARROW, category: str = "economy"
) -> AsyncIterator[Pilot[None]]:
    """The screen on an item, the cursor on the first unit's claim."""
    async with seated(home, size) as pilot:
        await pilot.app.push_screen(ItemsScreen(JUNE, category, item))
        await settled(pilot)
        yield pilot


def column(home: Path, kind: Kind = "claim", item: str = BODY) -> list[Decimal | None]:
    """The first five units' values of an item once the application is closed."""
    with open_office(home) as office:
        found = item_sheet(office, item, JUNE, "economy")
        field = found.item.fields[0].name
        return [sheet.value(kind, item, field) for sheet in found.units[:5]]


async def paste(pilot: Pilot[None], text: str) -> None:
    """What a terminal with bracketed paste sends."""
    pilot.app.screen.post_message(events.Paste(text))
    await settled(pilot)


async def burst(pilot: Pilot[None], text: str) -> None:
    """Keys that arrive all at once, line ends as a raw paste has them."""
    for letter in text:
        key = "ctrl+j" if letter == "\n" else letter
        pilot.app.post_message(events.Key(key, letter))
    await settled(pilot)


# typing ----------------------------------------------------------------------------------------


async def test_number_enter_number_enter_goes_down_the_units(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home) as pilot:
        await press(pilot, "8", "enter", "7", "full_stop", "5", "enter")

        assert "已保存 E02 活动组织机构 自评 7.5" in screen(pilot)
        assert line_with(pilot, "E01").split()[-2:] == ["8", "8.00"]

    assert column(home)[:2] == [8, Decimal("7.5")]


async def test_a_burst_of_keys_fills_the_column(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home) as pilot:
        await burst(pilot, "1\n2\n3\n\n5\n")

    assert column(home) == [1, 2, 3, None, 5]


async def test_points_of_the_unit_change_as_one_types(tmp_path: Path) -> None:
    async with at_item(a_home(tmp_path / "home")) as pilot:
        await press(pilot, "right", "3")

        assert line_with(pilot, "E01").split()[-3:] == ["10", "3", "3.00"]


async def test_what_is_out_of_range_is_refused_in_place(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home) as pilot:
        await press(pilot, "1", "2", "enter")
        assert "得分 12 超过上限 10" in screen(pilot)
        await press(pilot, "escape", "4", "enter")

    assert column(home)[0] == 4


async def test_items_are_found_by_name(tmp_path: Path) -> None:
    async with at_item(a_home(tmp_path / "home")) as pilot:
        await press(pilot, "slash", "方", "案", "enter")

        assert "活动方案（10 分）" in screen(pilot)

        await press(pilot, "tab", "down")
        await press(pilot, "escape", "escape")


async def test_the_next_item_keeps_the_unit_and_the_kind(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home) as pilot:
        await press(pilot, "right", "down", "n", "3", "enter", "p")
        assert "活动组织机构（10 分）" in screen(pilot)

    assert column(home, "verify", "study.b2.plan")[1] == 3


async def test_category_and_month_change_from_anywhere(tmp_path: Path) -> None:
    async with at_item(a_home(tmp_path / "home")) as pilot:
        before = screen(pilot)
        await press(pilot, "k")
        assert line_with(pilot, "按要点录入") != before.splitlines()[0]

        await press(pilot, "right_square_bracket")
        assert "2013年7月" in screen(pilot)


async def test_leaving_saves_the_cell_in_hand(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home) as pilot:
        await press(pilot, "4", "escape", "escape")
        assert "下一步" in screen(pilot)

    assert column(home)[0] == 4


async def test_a_lost_connection_saves_the_cell_in_hand(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home) as pilot:
        await press(pilot, "4")
        left = asyncio.Event()
        assert isinstance(pilot.app.screen, ItemsScreen)
        pilot.app.screen.hang_up(left)
        assert left.is_set()
        await settled(pilot)

    assert column(home)[0] == 4


# undo, empty, note -----------------------------------------------------------------------------


async def test_u_takes_the_last_value_back(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home) as pilot:
        await press(pilot, "8", "enter", "u")

        assert "已撤销 E01 活动组织机构 自评 8，现为 10" in screen(pilot)
        assert line_with(pilot, "E01").split()[-2:] == ["10", "10.00"]

    assert column(home)[0] == 10


async def test_delete_empties_a_cell(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home) as pilot:
        await press(pilot, "delete")
        assert "已清空 E01 活动组织机构 自评 10" in screen(pilot)
        await press(pilot, "delete")
        assert "本来就是空的" in screen(pilot)

    assert column(home)[0] is None


async def test_a_note_is_kept_with_the_cell(tmp_path: Path) -> None:
    async with at_item(a_home(tmp_path / "home")) as pilot:
        await press(pilot, "b", *"见第3页", "enter")

        assert "“见第3页”" in screen(pilot)


async def test_a_click_elsewhere_leaves_the_note_with_its_cell(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with at_item(home) as pilot:
        await press(pilot, "b", *"见第3页")
        await pilot.click("#column", offset=(48, 2))
        await settled(pilot)
        await press(pilot, "enter")

    with open_office(home) as office:
        first, second = item_sheet(office, BODY, JUNE, "economy").units[:2]
    assert [written.note for written in first.written.values()] == ["见第3页"]
    assert {written.note for written in second.written.values()} == {""}


async def test_entry_by_unit_has_undo_delete_and_notes_too(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with seated(home) as pilot:
        await press(pilot, "e", "tab", "8", "enter", "n", "n", "u")
        assert "已撤销 E01 活动组织机构 自评 8，现为 10" in screen(pilot)
        assert "E01 县" in screen(pilot)

        await press(pilot, "b", *"补报", "enter")
        assert "“补报”" in screen(pilot)

        await press(pilot, "delete")
        assert "已清空 E01 活动组织机构 自评 10，现为空" in screen(pilot)

    assert column(home)[0] is None


# pasting ---------------------------------------------------------------------------------------


async def test_a_pasted_column_is_looked_at_then_taken_over_and_undone_as_one(
    tmp_path: Path,
) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home) as pilot:
        await press(pilot, "down", "down")
        await paste(pilot, "５\n\n7\n")
        assert "好 2 行，略过 1 行。按 F2 全部录入。" in screen(pilot)

        await press(pilot, "f2")
        assert "已录入 2 格，按 u 可一并撤销" in screen(pilot)
        assert line_with(pilot, "E05").split()[-2:] == ["7", "7.00"]

        await press(pilot, "u")
        assert "已一并撤销 2 格" in screen(pilot)

    assert column(home) == [10, 6, None, None, 10]


async def test_nothing_of_a_column_with_a_fault_is_recorded(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home) as pilot:
        await paste(pilot, "5\n12\n7")
        await press(pilot, "f2")

        assert "误 得分 12 超过上限 10" in screen(pilot)
        assert "有误 1 行，好 2 行；改好才能录入。" in screen(pilot)

        await press(pilot, "escape")

    assert column(home) == [10, 6, None, None, 10]


async def test_the_text_is_kept_for_the_next_time(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home) as pilot:
        await paste(pilot, "E02\t5\n县教育委员会\t12")
        await press(pilot, "escape", "v", "backspace", "f2")
        assert "已录入 2 格" in screen(pilot)

    assert column(home)[1:3] == [5, 1]


async def test_a_paste_that_comes_as_keys_is_read_all_the_same(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home) as pilot:
        for key, letter in [
            ("v", "v"),
            *[("ctrl+j", "\n") if c == "\n" else (c, c) for c in "3\n4"],
        ]:
            pilot.app.post_message(events.Key(key, letter))
        await settled(pilot)
        await press(pilot, "f2")

    assert column(home)[:2] == [3, 4]


async def test_what_changed_meanwhile_blocks_the_whole_column(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home) as pilot:
        await paste(pilot, "1\n2")
        app = pilot.app
        assert isinstance(app, GsjxApp)
        await app.desk.call(confirm, JUNE, ["E02"])
        await press(pilot, "f2")

        assert "一行也没有录入" in screen(pilot)

    assert column(home)[:2] == [10, 6]


async def test_a_confirmed_cell_refuses_at_the_first_key(tmp_path: Path) -> None:
    async with at_item(a_home(tmp_path / "home", confirmed=True)) as pilot:
        await press(pilot, "8")

        assert "改动请用更正：得分卡上按 x。" in screen(pilot)
        assert pilot.app.screen.query_one(ColumnGrid).text == ""


async def test_a_confirmed_month_is_not_undone(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home) as pilot:
        await press(pilot, "8", "enter")
        app = pilot.app
        assert isinstance(app, GsjxApp)
        await app.desk.call(confirm, JUNE)
        await press(pilot, "u")

        assert "2013-06 已全部核定，不能撤销" in screen(pilot)

    assert column(home)[0] == 8


async def test_a_whole_category_fits_into_one_paste(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home, category="") as pilot:
        await paste(pilot, "\n".join(["5"] * 113))

        assert "有误 1 行" in screen(pilot)
        assert "名单到底了" in screen(pilot)


async def test_a_lost_connection_keeps_the_pasted_text_as_a_draft(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home) as pilot:
        await paste(pilot, "5\n6")
        pilot.app.screen.hang_up(asyncio.Event())  # type: ignore[attr-defined]

    assert column(home) == [10, 6, None, None, 10]
    async with seated(home) as pilot:
        assert "自评 “5、6”，请核对后重新录入" in screen(pilot)


async def test_delete_in_the_list_of_units_empties_nothing(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with seated(home) as pilot:
        await press(pilot, "e", "delete")

    assert column(home)[0] == 10


# a whole indicator -----------------------------------------------------------------------------

PLANS = "study.b2"


def row(home: Path, unit: int = 0, kind: Kind = "claim") -> list[Decimal | None]:
    """A unit's values of the indicator's items once the application is closed."""
    with open_office(home) as office:
        found = item_sheet(office, PLANS, JUNE, "economy")
        return [found.units[unit].value(kind, item.id, item.fields[0].name) for item in found.items]


async def test_an_indicator_is_chosen_in_the_list_and_typed_down_and_across(
    tmp_path: Path,
) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home, "study.b2.plan") as pilot:
        await press(pilot, "escape", "up", "enter")
        assert "方案制定（30 分）：自评，3 个要点并排" in screen(pilot)

        await press(pilot, "8", "enter", "7", "tab", "6", "right", "5", "enter", "left", "4", "tab")

        assert line_with(pilot, "E01").split()[-2:] == ["8", "8.00"]
        assert line_with(pilot, "E02").split()[-4:] == ["7", "6", "5", "18.00"]

    assert (row(home, 0), row(home, 1), row(home, 2)) == (
        [8, None, None],
        [7, 6, 5],
        [None, 4, None],
    )


async def test_tab_at_the_end_of_a_row_goes_on_with_the_next_unit(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home, PLANS) as pilot:
        await press(pilot, "1", "tab", "2", "tab", "3", "tab", "4", "tab", "shift+tab", "shift+tab")
        assert "自评 学习计划：" in screen(pilot)

    assert (row(home, 0), row(home, 1)) == ([1, 2, 3], [4, None, None])


async def test_z_changes_from_claims_to_verifications_of_the_same_item(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home, PLANS) as pilot:
        await press(pilot, "right", "z")
        assert "方案制定（30 分）：复核" in screen(pilot)
        await press(pilot, "9", "enter", "u")
        assert "已撤销 E01 学习计划研究会议记录 复核 9" in screen(pilot)
        await press(pilot, "9", "enter", "z")
        assert "方案制定（30 分）：自评" in screen(pilot)

    assert row(home, 0, "verify") == [None, 9, None]


async def test_undo_shows_the_kind_of_the_value_it_takes_back(tmp_path: Path) -> None:
    async with at_item(a_home(tmp_path / "home"), PLANS) as pilot:
        await press(pilot, "9", "enter", "z", "u")

        assert "方案制定（30 分）：自评" in screen(pilot)
        assert "已撤销 E01 活动方案 自评 9，现为空" in screen(pilot)


async def test_an_indicator_without_claims_says_so(tmp_path: Path) -> None:
    async with at_item(a_home(tmp_path / "home"), "study.e5") as pilot:
        assert "：复核，" in screen(pilot)
        await press(pilot, "z")

        assert "这里没有自评" in screen(pilot)


async def test_n_goes_from_an_indicator_to_the_next_one(tmp_path: Path) -> None:
    async with at_item(a_home(tmp_path / "home"), PLANS) as pilot:
        await press(pilot, "n")
        assert "信息材料报送（20 分）" in screen(pilot)
        await press(pilot, *["p"] * 4)
        assert "机构设立（10 分）" in screen(pilot)


async def test_columns_that_do_not_fit_come_with_the_cursor(tmp_path: Path) -> None:
    async with at_item(a_home(tmp_path / "home"), "study.e2") as pilot:
        await press(pilot, "z")
        assert ">" in line_with(pilot, "代码") and "<" not in line_with(pilot, "代码")

        await press(pilot, *["right"] * 9, "1")

        assert ">" not in line_with(pilot, "代码") and "<" in line_with(pilot, "代码")
        assert line_with(pilot, "E01").split()[-2] == "1"


async def test_a_click_goes_to_the_column_under_it(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home, PLANS) as pilot:
        await pilot.click("#column", offset=(45, 3))
        await settled(pilot)
        await press(pilot, "6", "enter")

    assert row(home, 1) == [None, 6, None]


async def test_a_pasted_block_is_looked_at_then_taken_over_and_undone_as_one(
    tmp_path: Path,
) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home, PLANS) as pilot:
        await paste(pilot, "E02\t5\t4\t3\nE01\t7\t\t2\n")
        assert "好 5 格。按 F2 全部录入。" in screen(pilot)

        await press(pilot, "f2")
        assert "已录入 5 格，按 u 可一并撤销" in screen(pilot)
        assert line_with(pilot, "E02").split()[-4:] == ["5", "4", "3", "12.00"]
        await press(pilot, "u")
        assert "已一并撤销 5 格" in screen(pilot)

    assert (row(home, 0), row(home, 1)) == ([None] * 3, [None] * 3)


async def test_nothing_of_a_block_with_a_fault_is_recorded(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with at_item(home, PLANS) as pilot:
        await press(pilot, "right")
        await paste(pilot, "5 4\n6 99\n1 2 3")
        await press(pilot, "f2")

        assert "有误 2 行，好 3 格" in screen(pilot)
        assert "!99" in line_with(pilot, "E02")
        assert "误 多出 1 个数" in screen(pilot)
        await press(pilot, "escape")

    assert row(home, 0) == [None] * 3


@SIZES
async def test_looks_of_an_indicator(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_item(a_home(tmp_path / "home"), PLANS, size) as pilot:
        await press(pilot, *["down"] * 4, "z", "7", "tab", "5")
        assert_looks(pilot, "items-indicator")


@SIZES
async def test_looks_of_an_indicator_with_many_columns(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with at_item(a_home(tmp_path / "home"), "study.b3", size) as pilot:
        await press(pilot, "z", "4", *["right"] * 4, "2")
        assert_looks(pilot, "items-across")


@SIZES
async def test_looks_of_a_pasted_block(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_item(a_home(tmp_path / "home"), PLANS, size) as pilot:
        await paste(pilot, "单位\t方案\t记录\t计划\nE01\t8\t7\t6\n县教育委员会\t9\t99\nE05\t9\t\t5")
        assert_looks(pilot, "paste-block")


# how it looks ----------------------------------------------------------------------------------


@SIZES
async def test_looks(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_item(a_home(tmp_path / "home"), size=size) as pilot:
        await press(pilot, "right", "down", "down", "7")
        assert_looks(pilot, "items")
        await press(pilot, "tab")
        assert_looks(pilot, "items-chooser")


@SIZES
async def test_looks_with_several_fields(tmp_path: Path, size: tuple[int, int]) -> None:
    home = a_home(tmp_path / "home")
    with open_office(home) as office:
        item = next(i for i in office.rubric.stages[0].items if i.rule_name == "sample")
        record(
            office,
            [
                Observation("E01", JUNE, item.id, "sampled", "verify", Decimal(15)),
                Observation("E02", JUNE, item.id, "sampled", "verify", Decimal(20)),
                Observation("E02", JUNE, item.id, "negative", "verify", Decimal(3)),
            ],
        )
    async with at_item(home, item.id, size) as pilot:
        await press(pilot, "down")
        assert_looks(pilot, "items-sample")


@SIZES
async def test_looks_of_a_paste(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_item(a_home(tmp_path / "home"), size=size) as pilot:
        await paste(pilot, "5\n6\n\n12\n8")
        assert_looks(pilot, "paste")


async def test_a_clerk_is_told_at_the_first_key_that_verifying_takes_a_reviewer(
    tmp_path: Path,
) -> None:
    home = a_home(tmp_path / "home")
    with open_office(home) as office:
        set_staff(office, "admin9", "admin")
    with open_office(home) as office:
        set_staff(office.acting("admin9"), CLERK, "clerk")
    async with at_item(home) as pilot:
        await press(pilot, "right", "9")
        assert "复核要“复核员”才能填，您的身份是“录入员”；请复核员来填。" in screen(pilot)
        await press(pilot, "enter")
        assert "才能填" not in screen(pilot)

    assert column(home, "verify")[0] is None
