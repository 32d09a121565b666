"""The register of events on the screen: adding one by its form, withdrawing one, finding them."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path

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
from textual import events as keys
from textual.pilot import Pilot

from gsjx_tui.domain import Month
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.event_draft import EventDraft
from gsjx_tui.office.events import Event, events
from gsjx_tui.office.home import open_office
from gsjx_tui.office.record import record
from gsjx_tui.office.register import register, withdraw
from gsjx_tui.office.sheet import sheet
from gsjx_tui.rubric.model import Observation
from gsjx_tui.tui.screens.register import RegisterScreen

JUNE = Month(2013, 6)
PRAISE, COMPLAINT, ADOPTED = "study.e4.praise", "study.e4.complaint", "study.b3.adopted"
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])


@pytest.fixture(autouse=True)
def a_clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)


def with_events(tmp_path: Path) -> Path:
    """A home with four events in June, one of them withdrawn."""
    home = a_home(tmp_path / "home")
    paper = tmp_path / "来信.pdf"
    paper.write_bytes(b"letter")
    with open_office(home) as office:
        for draft in (
            EventDraft("E05", "6.5", "", PRAISE, "count", "县委", "县委通〔2013〕7号"),
            EventDraft("E05", "6.9", "", PRAISE, "count", "市局", "市财通〔2013〕12号"),
            EventDraft(
                "E01", "6.18", "", COMPLAINT, "count", "来信", "", str(paper), "信访卷 4", "已查实"
            ),
            EventDraft("E02", "6.20", "", ADOPTED, "adopted", "活动简报", "简报第 3 期"),
        ):
            register(office, draft)
        withdraw(office, 2, "转发，不是表扬")
    return home


def registered(home: Path) -> list[Event]:
    """The events of June, once the application is closed."""
    with open_office(home) as office:
        return list(events(office, JUNE))


async def opened(pilot: Pilot[None], unit: str = "", category: str = "") -> None:
    """Opens the register of June."""
    pilot.app.push_screen(RegisterScreen(JUNE, category, unit))
    await settled(pilot)


async def paste(pilot: Pilot[None], text: str) -> None:
    """Pastes a text, as an input method for Chinese does."""
    pilot.app.screen.post_message(keys.Paste(text))
    await settled(pilot)


async def test_an_event_is_registered_by_its_form(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot)
        assert "本月还没有登记，按 a 新增" in screen(pilot)

        await press(pilot, "a")
        await write(pilot, "czj")
        await press(pilot, "enter")
        assert "E05 县财政局" in screen(pilot)
        await paste(pilot, "表扬")
        await press(pilot, "enter")
        await write(pilot, "6.5")
        await press(pilot, "enter")
        assert "计入 2013-06：0 件 → 1 件，得分 0.00 → 2.00（+2.00）" in screen(pilot)
        await press(pilot, "enter", "enter")
        await paste(pilot, "县委通〔2013〕7号")
        await press(pilot, "enter", "enter", "enter", "enter")

        assert "已登记第 1 号：县财政局 受到表扬，2013-06 复核为 1。" in screen(pilot)
        assert line_with(pilot, "06-05").split()[:4] == ["1", "06-05", "县财政局", "受到表扬"]

    (event,) = registered(home)
    assert (event.unit, event.item, event.document) == ("E05", PRAISE, "县委通〔2013〕7号")
    with open_office(home) as office:
        assert sheet(office, "E05", JUNE).value("verify", PRAISE, "count") == 1


async def test_kinds_are_chosen_by_arrow_keys_and_f2_registers(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot, "E05")
        await press(pilot, "a")
        assert line_with(pilot, "单位").split()[1:3] == ["E05", "县财政局"]  # known: not asked
        await press(pilot, "down", "down", "enter")
        await write(pilot, "6-7")
        await press(pilot, *["enter"] * 5)
        await write(pilot, "A-3")
        await press(pilot, "f2")

    (event,) = registered(home)
    assert (event.item, event.field, event.kept_at) == ("study.b3.materials", "late", "A-3")


async def test_faults_are_shown_at_their_fields_and_the_cursor_goes_to_the_first(
    tmp_path: Path,
) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await opened(pilot)
        await press(pilot, "a", "enter", "enter")
        await write(pilot, "13.1")
        await press(pilot, "f2")

        assert "! 没有写单位" in line_with(pilot, "单位")
        assert "! 日期“13.1”写法不对" in line_with(pilot, "日期")
        assert "! 没有佐证" in line_with(pilot, "文号")
        assert "没有写单位；写单位名称、代码或拼音首字母。" in screen(pilot)


async def test_the_same_document_is_refused_where_it_is_typed(tmp_path: Path) -> None:
    home = with_events(tmp_path)
    async with seated(home) as pilot:
        await opened(pilot, "E05")
        await press(pilot, "a")
        await paste(pilot, "表扬")
        await press(pilot, "enter")
        await write(pilot, "6.6")
        await press(pilot, "enter")
        assert "县委通〔2013〕7号" in screen(pilot)  # what the tally counts already
        await press(pilot, "enter", "enter")
        await paste(pilot, "县委通〔2013〕7号")
        await press(pilot, "f2")

        assert "同一文号已登记为第 1 号（计入 2013-06）" in screen(pilot)

    assert len(registered(home)) == 4


async def test_a_number_typed_by_hand_is_replaced_only_after_y(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    with open_office(home) as office:
        record(office, [Observation("E05", JUNE, PRAISE, "count", "verify", Decimal(2))])
    async with seated(home) as pilot:
        await opened(pilot, "E05")
        await press(pilot, "a")
        await paste(pilot, "表扬")
        await press(pilot, "enter", "6", "full_stop", "6", "enter", "enter", "enter", "7", "f2")
        assert "（2 → 1）" in screen(pilot)

        await press(pilot, "n")
        assert "新增登记" in screen(pilot)
        await press(pilot, "f2", "y")

        assert "已登记第 1 号" in screen(pilot)


async def test_escape_keeps_the_form_for_the_next_opening(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "a")
        await write(pilot, "czj")
        await press(pilot, "enter", "enter", "6", "full_stop", "8", "escape")
        assert "加扣分登记" in lines(pilot)[0]

        await press(pilot, "a")

        assert "接着上次没有登记的；按 F4 清空。" in screen(pilot)
        assert line_with(pilot, "单位").split()[-2:] == ["E05", "县财政局"]
        assert "6.8" in line_with(pilot, "日期")
        await press(pilot, "f4")
        assert "6.8" not in screen(pilot)
        await press(pilot, "escape", "a")
        assert "接着上次" not in screen(pilot)


async def test_a_lost_connection_keeps_the_form(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "a", "tab", "tab", "6", "full_stop", "8")
        left = asyncio.Event()
        pilot.app.screen.hang_up(left)  # type: ignore[attr-defined]
        assert left.is_set()

    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "a")
        assert "6.8" in line_with(pilot, "日期")


async def test_keys_of_one_burst_all_arrive_in_the_form(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await opened(pilot)
        for key in ("a", "c", "z", "j", "enter"):
            letter = key if len(key) == 1 else None
            pilot.app.screen.post_message(keys.Key(key, letter))
        await settled(pilot)

        assert line_with(pilot, "单位").split()[1:3] == ["E05", "县财政局"]


async def test_an_event_is_withdrawn_with_a_reason(tmp_path: Path) -> None:
    home = with_events(tmp_path)
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "x")
        assert "撤回第 4 号（复核 1 减为 0）" in screen(pilot)
        await press(pilot, "enter")
        assert "撤回理由是空的" in screen(pilot)
        await paste(pilot, "期号写错")
        await press(pilot, "escape", "x")
        assert "期号写错" in screen(pilot)  # not lost
        await press(pilot, "enter")

        assert "已撤回第 4 号，" in screen(pilot)
        assert line_with(pilot, "06-20").split()[:2] == ["撤", "4"]
        await press(pilot, "x")
        assert "第 4 号已经撤回" in screen(pilot)

    withdrawn = registered(home)[0].withdrawn
    assert withdrawn is not None and withdrawn.reason == "期号写错"


async def test_a_confirmed_month_lets_none_go(tmp_path: Path) -> None:
    home = with_events(tmp_path)
    with open_office(home) as office:
        confirm(office, JUNE)
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "x", "1", "enter")

        assert "改动请用更正" in screen(pilot)


@pytest.mark.parametrize("text", ["czj", "财政", "e05", "市财通"])
async def test_events_are_found_by_unit_or_text(tmp_path: Path, text: str) -> None:
    async with seated(with_events(tmp_path)) as pilot:
        await opened(pilot)
        await press(pilot, "slash")
        await write(pilot, text) if text.isascii() else await paste(pilot, text)
        assert "06-09" in screen(pilot)
        assert "06-18" not in screen(pilot)

        await press(pilot, "escape")
        assert "06-18" in screen(pilot)


async def test_enter_shows_the_events_behind_the_same_tally(tmp_path: Path) -> None:
    async with seated(with_events(tmp_path)) as pilot:
        await opened(pilot)
        await press(pilot, "end", "enter")
        assert "同一计次" in lines(pilot)[0]
        assert "县财政局 受到表扬 1 件" in lines(pilot)[0]
        assert "06-09" in screen(pilot)
        assert "06-18" not in screen(pilot)

        await press(pilot, "escape")
        assert "06-18" in screen(pilot)


async def test_other_months_have_other_events(tmp_path: Path) -> None:
    async with seated(with_events(tmp_path)) as pilot:
        await opened(pilot)
        await press(pilot, "right_square_bracket")
        assert "2013年7月" in lines(pilot)[0]
        assert "本月还没有登记" in screen(pilot)
        await press(pilot, "left_square_bracket")
        assert "06-20" in screen(pilot)


@SIZES
async def test_the_register_looks(tmp_path: Path, size: tuple[int, int]) -> None:
    async with seated(with_events(tmp_path), size) as pilot:
        await opened(pilot)
        await press(pilot, "down")
        assert_looks(pilot, "register")
        await press(pilot, "down", "x")
        assert_looks(pilot, "register-withdrawn")


@SIZES
async def test_the_form_looks(tmp_path: Path, size: tuple[int, int]) -> None:
    async with seated(with_events(tmp_path), size) as pilot:
        await opened(pilot, "E05")
        await press(pilot, "a")
        assert_looks(pilot, "event-form")
        await paste(pilot, "表扬")
        await press(pilot, "enter", "6", "full_stop", "3", "1", "enter", "enter")
        await press(pilot, "shift+tab", "shift+tab")
        assert_looks(pilot, "event-form-fault")
        await press(pilot, "backspace", "backspace", "6", "f2")
        assert_looks(pilot, "event-form-known")
