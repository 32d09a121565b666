"""Objections 申诉 on the screen: filed, taken in hand by another, decided with a correction."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from process import BODY, JUNE, LEADER, VERIFIER, a_process
from seat import NARROW, WIDE, line_with, lines, press, screen, seated, settled, write
from snapshot import assert_looks
from textual import events as keys
from textual.pilot import Pilot

from gsjx_tui.office.home import open_office
from gsjx_tui.office.objecting import file_objection, take_objection
from gsjx_tui.office.objections import Objection, objections
from gsjx_tui.tui.screens.card import CardScreen
from gsjx_tui.tui.screens.explain import ExplainScreen
from gsjx_tui.tui.screens.objections import ObjectionsScreen
from serving import serving

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])


@pytest.fixture(autouse=True)
def a_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: LEADER)


def objected(path: Path, *, taken: bool = False) -> Path:
    """June confirmed, and two units object; the first is long overdue and taken in hand or not."""
    home = a_process(path, "confirmed")
    with open_office(home) as office:
        file_objection(office, "E05", "2013-06", BODY, "机构已经报备，有批复", "2013-07-05")
        file_objection(office, "T02", "2013-06", BODY, "材料寄送途中", "2013-07-08")
        if taken:
            take_objection(office, 1)
    return home


def stored(home: Path) -> list[Objection]:
    with open_office(home) as office:
        return list(objections(office))


async def opened(pilot: Pilot[None]) -> None:
    pilot.app.push_screen(ObjectionsScreen(JUNE))
    await settled(pilot)


async def paste(pilot: Pilot[None], text: str) -> None:
    pilot.app.screen.post_message(keys.Paste(text))
    await settled(pilot)


async def test_open_ones_are_listed_with_their_clocks(tmp_path: Path) -> None:
    async with seated(objected(tmp_path / "home")) as pilot:
        await press(pilot, "o")

        assert "未办结 2 件，逾期 2 件" in lines(pilot)[0]
        assert line_with(pilot, "E05 县财政局").split()[-2:] == ["!", "2013-07-20"]
        assert "机构已经报备" in screen(pilot)
        assert "还没有人受理" in screen(pilot)


async def test_one_is_filed_with_unit_and_item_found_by_initials(tmp_path: Path) -> None:
    home = a_process(tmp_path / "home", "confirmed")
    async with seated(home) as pilot:
        await opened(pilot)
        assert "没有未办结的申诉" in screen(pilot)
        await press(pilot, "a")
        await write(pilot, "xczj")
        await press(pilot, "enter", "enter")
        await write(pilot, "nothing")
        await press(pilot, "enter")
        await paste(pilot, "有批复")
        await press(pilot, "enter", "enter")
        assert "没有“nothing”" in screen(pilot)
        await press(pilot, "up", "up", "ctrl+u")
        await paste(pilot, "活动组织机构")
        await press(pilot, "enter", "enter", "enter")
        assert "E05 县财政局 2013-06" in screen(pilot)
        await press(pilot, "y")

        assert "已登记申诉第 1 号：县财政局 2013-06 活动组织机构，应于" in screen(pilot)

    (found,) = stored(home)
    assert (found.unit, found.item, found.grounds, found.by) == ("E05", BODY, "有批复", LEADER)


@pytest.mark.parametrize("way", ["card", "explain"])
async def test_one_is_filed_from_the_item(tmp_path: Path, way: str) -> None:
    home = a_process(tmp_path / "home", "confirmed")
    async with seated(home) as pilot:
        if way == "card":
            pilot.app.push_screen(CardScreen("E05", JUNE))
            await settled(pilot)
            await press(pilot, "down", "down")
        else:
            pilot.app.push_screen(ExplainScreen("E05", BODY, JUNE))
            await settled(pilot)
        await press(pilot, "o")
        assert BODY in screen(pilot)
        await press(pilot, "enter", "enter", "enter")
        await paste(pilot, "有批复")
        await press(pilot, "enter", "enter", "y")
        assert "已登记申诉第 1 号" in screen(pilot)
        assert "申诉  E05 县财政局" in lines(pilot)[0]
        await press(pilot, "escape")
        assert "申诉  E05" not in lines(pilot)[0]

    assert [one.unit for one in stored(home)] == ["E05"]


async def test_a_month_that_is_not_confirmed_has_none(tmp_path: Path) -> None:
    home = a_process(tmp_path / "home", "drawn")
    async with seated(home) as pilot:
        pilot.app.push_screen(ExplainScreen("E05", BODY, JUNE))
        await settled(pilot)
        await press(pilot, "o", "up", "up", "1", "down", "enter", "y")
        assert "还没有核定" in screen(pilot)
        await press(pilot, "escape", "escape", "o")
        assert "上次填的内容还在" in screen(pilot)

    assert stored(home) == []


async def test_who_verified_may_neither_take_nor_decide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: VERIFIER)
    async with seated(objected(tmp_path / "home")) as pilot:
        await opened(pilot)
        await press(pilot, "t")

        assert "是这一要点的复核人，不能办理对它的申诉" in screen(pilot)

    assert [one.handler for one in stored(tmp_path / "home")] == ["", ""]


async def test_one_is_taken_then_upheld_with_a_correction(tmp_path: Path) -> None:
    home = objected(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "t")
        assert "已受理申诉第 1 号。" in screen(pilot)
        await press(pilot, "d", "enter")
        await paste(pilot, "批复属实")
        await press(pilot, "enter", "enter", "y")
        assert "申诉成立而没有更正" in screen(pilot)
        await write(pilot, "8")
        await press(pilot, "enter")
        assert "得分改为 8" in screen(pilot)
        assert "县财政局由 3 变 2" in screen(pilot)
        await press(pilot, "y")
        assert "申诉第 1 号已决定：成立，已更正。" in screen(pilot)
        await press(pilot, "f", "home")
        assert "批复属实" in screen(pilot)
        await press(pilot, "d")
        assert "申诉第 1 号已决定" in screen(pilot)

    first, second = stored(home)
    assert first.closed is not None and first.closed.correction > 0
    assert second.is_open


async def test_one_is_rejected_without_values(tmp_path: Path) -> None:
    home = objected(tmp_path / "home", taken=True)
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "d", "left", "enter")
        await paste(pilot, "没有依据")
        await press(pilot, "enter", "enter", "y")
        assert "已决定：不成立，得分不变。" in screen(pilot)

    assert [one.status for one in stored(home)] == ["decided", "open"]


async def test_one_is_withdrawn_with_a_reason(tmp_path: Path) -> None:
    home = objected(tmp_path / "home")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "x", "enter")
        assert "撤回理由是空的" in screen(pilot)
        await paste(pilot, "单位来函撤回")
        await press(pilot, "enter")
        assert "已撤回申诉第 1 号。" in screen(pilot)

    assert [one.status for one in stored(home)] == ["withdrawn", "open"]


async def test_a_seat_of_the_service_takes_one_in_hand(tmp_path: Path) -> None:
    with serving(objected(tmp_path / "home")) as service:
        async with seated(service.home) as pilot:
            await opened(pilot)
            await press(pilot, "t")
            assert "已受理申诉第 1 号。" in screen(pilot)


class _July22(date):
    """The clocks are read on a day between the two deadlines."""

    @classmethod
    def today(cls) -> date:
        return date(2013, 7, 22)


@SIZES
async def test_looks(
    tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gsjx_tui.office.objections.date", _July22)
    async with seated(objected(tmp_path / "home", taken=True), size) as pilot:
        await opened(pilot)
        assert_looks(pilot, "objections")
        await press(pilot, "d", "enter")
        await paste(pilot, "批复属实")
        await press(pilot, "enter", "8", "enter")
        assert_looks(pilot, "objection-decision")
