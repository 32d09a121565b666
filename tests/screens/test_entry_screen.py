"""Typing in a unit's month: straight into the field, judged at once, saved when it is left."""

from __future__ import annotations

from pathlib import Path

import pytest
from seat import CLERK, a_home, line_with, press, screen, seated, settled, write
from textual import events

from gsjx_tui.domain import Month
from gsjx_tui.office.home import open_office
from gsjx_tui.office.people import Role
from gsjx_tui.office.review import return_to_unit
from gsjx_tui.office.sheet import sheet
from gsjx_tui.office.staff import set_staff

JUNE = Month(2013, 6)


@pytest.fixture(autouse=True)
def a_clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)


def stored(path: Path, unit: str, kind: str, item: str, field: str = "points") -> object:
    """The value of a cell in the ledger once the application is closed."""
    with open_office(path) as office:
        return sheet(office, unit, JUNE).cells[kind].get((f"study.{item}", JUNE, field))  # type: ignore[index]


async def test_digits_go_into_the_field_and_enter_saves_it_and_goes_on(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with seated(home) as pilot:
        await press(pilot, "e", "tab")
        await write(pilot, "8")
        await press(pilot, "enter", "9", "full_stop", "5", "enter")

        assert "已保存 E01 活动方案 自评 9.5" in screen(pilot)

    assert stored(home, "E01", "claim", "b1.body") == 8
    assert str(stored(home, "E01", "claim", "b2.plan")) == "9.50"


async def test_points_of_item_indicator_month_and_stage_change_as_one_types(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await press(pilot, "e", "n", "n", "tab")
        assert "本月 +10.00  本阶段 10.00 / 200.00" in screen(pilot)

        await press(pilot, "7")

        assert "本月 +17.00  本阶段 17.00 / 200.00" in screen(pilot)
        assert line_with(pilot, "机构设立（10 分）").endswith("7.00")
        assert line_with(pilot, " 活动组织机构").endswith("7.00")


async def test_a_value_out_of_range_is_refused_in_place_with_the_reason(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with seated(home) as pilot:
        await press(pilot, "e", "n", "n", "tab", "1", "2", "enter")

        assert "得分 12 超过上限 10；填 0 到 10 的数。（按 Esc 放弃这一格）" in screen(pilot)
        assert "本月 +10.00" in screen(pilot)

        await press(pilot, "escape")

        assert "超过上限" not in screen(pilot)

    assert stored(home, "E03", "claim", "b1.body") is None


async def test_what_is_refused_can_be_mended_with_backspace(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with seated(home) as pilot:
        await press(pilot, "e", "n", "n", "tab", "1", "2", "backspace", "0", "enter")

    assert stored(home, "E03", "claim", "b1.body") == 10


async def test_verification_stands_beside_the_claim(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with seated(home) as pilot:
        await press(pilot, "e", "tab", "right", "7", "enter")

        assert line_with(pilot, " 活动组织机构").split()[-3:] == ["10", "*7", "7.00"]

    assert stored(home, "E01", "verify", "b1.body") == 7
    assert stored(home, "E01", "claim", "b1.body") == 10


async def test_an_office_item_takes_no_claim(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await press(pilot, "e", "tab", *["enter"] * 7, "1")

        assert "所需材料报送 只由活动办掌握，不接受自评" in screen(pilot)


async def test_negative_above_sampled_is_refused_in_place(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await press(pilot, "e", "slash")
        await write(pilot, "E03")
        await press(pilot, "enter", "right", *["down"] * 17)
        assert "复核 知晓率抽查" in screen(pilot)

        await press(pilot, "5", "enter", "6", "enter")

        assert "不达标人数 6 多于抽查人数 5" in screen(pilot)


@pytest.mark.parametrize("text", ["czj", "财政", "E05"])
async def test_units_are_found_by_initials_name_or_code(tmp_path: Path, text: str) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await press(pilot, "e", "slash")
        await write(pilot, text)
        assert line_with(pilot, "县财政局  ").split()[1] == "复"

        await press(pilot, "enter")

        assert "E05 县财政局" in screen(pilot)
        await press(pilot, "3")
        assert "本月 +18.00" in screen(pilot)


async def test_a_search_looks_beyond_the_category(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await press(pilot, "e", "slash")
        await write(pilot, "gjz")

        assert "高家镇" in screen(pilot)

        await press(pilot, "escape", "escape")

        assert "高家镇" not in screen(pilot)


async def test_full_width_digits_are_digits(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with seated(home) as pilot:
        await press(pilot, "e", "n", "n", "tab")
        pilot.app.screen.post_message(events.Key("１", "１"))
        await settled(pilot)
        await press(pilot, "0", "enter")

    assert stored(home, "E03", "claim", "b1.body") == 10


async def test_a_pasted_column_is_not_half_taken(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with seated(home) as pilot:
        await press(pilot, "e", "n", "n", "tab")
        pilot.app.screen.post_message(events.Paste("5\n6\n7"))
        await settled(pilot)

        assert "粘贴了 3 个数" in screen(pilot)

    assert stored(home, "E03", "claim", "b1.body") is None


async def test_going_to_another_unit_saves_the_field_in_hand(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with seated(home) as pilot:
        await press(pilot, "e", "n", "n", "tab", "4", "n")

        assert "E04 县科学技术委员会" in screen(pilot)

    assert stored(home, "E03", "claim", "b1.body") == 4


async def test_leaving_the_screen_saves_the_field_in_hand(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with seated(home) as pilot:
        await press(pilot, "e", "n", "n", "tab", "4", "escape", "escape")

        assert "下一步" in screen(pilot)

    assert stored(home, "E03", "claim", "b1.body") == 4


async def test_quitting_saves_the_field_in_hand(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with seated(home) as pilot:
        await press(pilot, "e", "n", "n", "tab", "4")
        await pilot.press("ctrl+c", "ctrl+c")

    assert stored(home, "E03", "claim", "b1.body") == 4


async def test_a_value_typed_again_unchanged_is_not_recorded_again(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with seated(home) as pilot:
        await press(pilot, "e", "tab", "1", "0", "enter")

    with open_office(home) as office:
        assert office.ledger.head("observation").seq == 8


async def test_a_confirmed_month_says_so_and_takes_nothing(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home", confirmed=True)

    async with seated(home) as pilot:
        await press(pilot, "e", "left_square_bracket", "tab")
        assert line_with(pilot, "本阶段").endswith("已核定")

        await press(pilot, "5")
        assert "改动请用更正：得分卡上按 x。" in screen(pilot)
        assert "[5" not in screen(pilot)
        await press(pilot, "enter")

    assert stored(home, "E01", "claim", "b1.body") == 10


async def test_the_unit_is_marked_once_it_has_reported(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await press(pilot, "e", "n", "n", "tab")
        assert line_with(pilot, "县教育委员会  ").split()[1] == "未"

        await press(pilot, "4", "enter")

        assert line_with(pilot, "县教育委员会  ").split()[1] == "报"


async def test_a_later_month_shows_its_own_points_beside_those_of_the_stage(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home", confirmed=True)) as pilot:
        await press(pilot, "e", "slash")
        await write(pilot, "E05")

        # No brief in July yet: June's surplus of 2 stays, the 5 points accrued are gone.
        assert "2013年7月" in screen(pilot)
        assert "本月 -5.00  本阶段 20.00 / 200.00" in screen(pilot)


async def test_a_search_that_finds_nothing_goes_on_where_it_was(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await press(pilot, "e", "slash", "财", "政", "群")
        assert "没有这样的单位" in screen(pilot)

        await press(pilot, "backspace")

        assert "/ 财政" in screen(pilot)
        assert "E05 县财政局" in screen(pilot)


async def test_of_a_long_search_the_end_shows(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await press(pilot, "e", "slash")
        await write(pilot, "县财政局群众路线教育实践")

        assert "/ 政局群众路线教育实践" in screen(pilot)


async def test_line_feeds_go_to_the_next_cell_as_enter_does(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await press(pilot, "e", "tab", "8", "ctrl+j", "7", "ctrl+j")

        assert "已保存 E01 活动方案 自评 7" in screen(pilot)


async def test_escape_keeps_a_half_written_note_for_the_next_time(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await press(pilot, "e", "tab", "8", "enter", "8", "up", "b")
        await write(pilot, "half")
        await press(pilot, "escape", "down", "b")
        assert "half" not in screen(pilot)

        await press(pilot, "escape", "up", "b")
        await write(pilot, "way")
        await press(pilot, "enter")

    with open_office(home) as office:
        found = sheet(office, "E01", Month(2013, 6))
    written = found.written["claim", ("study.b1.body", Month(2013, 6), "points")]
    assert written.note == "halfway"


def returned_home(path: Path, role: Role | None = None, unit: str = "") -> Path:
    """A home where E05 was sent back twice; with a role, the person at the screen has it."""
    home = a_home(path)
    with open_office(home) as office:
        return_to_unit(office, "E05", JUNE, "study.b2.plan", "活动方案请附会议记录")
        return_to_unit(office, "E05", JUNE, "", "没有盖章，请补盖公章后重报", "7.10")
    if role is not None:
        with open_office(home) as office:
            set_staff(office, "admin9", "admin")
        with open_office(home) as office:
            set_staff(office.acting("admin9"), CLERK, role, unit=unit)
    return home


async def test_a_standing_return_says_why_and_until_when_under_the_head(tmp_path: Path) -> None:
    async with seated(returned_home(tmp_path / "home")) as pilot:
        await press(pilot, "e", "slash")
        await write(pilot, "czj")
        assert "退回，2013-07-10 前重报：没有盖章，" in screen(pilot)
        assert "请补盖公章后重报（另有 1 次退回，见复核）" in screen(pilot)

        await press(pilot, "enter", "7", "enter")

        assert "前重报" not in screen(pilot)


async def test_a_unit_that_was_not_sent_back_has_no_such_line(tmp_path: Path) -> None:
    async with seated(returned_home(tmp_path / "home")) as pilot:
        await press(pilot, "e")
        assert "重报" not in screen(pilot)


async def test_a_clerk_is_told_at_the_first_key_that_verifying_takes_a_reviewer(
    tmp_path: Path,
) -> None:
    home = returned_home(tmp_path / "home", "clerk")
    async with seated(home) as pilot:
        await press(pilot, "e", "tab", "right", "9")

        assert "复核要“复核员”才能填，您的身份是“录入员”；请复核员来填。" in screen(pilot)
        assert "9" not in line_with(pilot, " 活动组织机构").replace("0-10", "")
        await press(pilot, "left", "9", "enter")
        assert "已保存 E01" in screen(pilot)
        assert "才能填" not in screen(pilot)

    assert stored(home, "E01", "verify", "b1.body") is None
    assert stored(home, "E01", "claim", "b1.body") == 9


async def test_a_reporter_reports_the_own_unit_and_verifies_nothing(tmp_path: Path) -> None:
    async with seated(returned_home(tmp_path / "home", "reporter", "E05")) as pilot:
        await press(pilot, "e", "tab", "right", "9")
        assert "复核由活动办填；单位填报人只填本单位的自评。" in screen(pilot)
        assert "2013-07-10 前重报" in screen(pilot)
