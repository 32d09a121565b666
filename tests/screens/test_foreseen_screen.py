"""What would follow 后果, before a confirmation or a correction is made."""

from __future__ import annotations

from pathlib import Path

import pytest
from seat import CLERK, NARROW, WIDE, a_home, line_with, lines, press, screen, seated, settled
from snapshot import assert_looks
from textual.pilot import Pilot

from gsjx_tui.domain import Month
from gsjx_tui.office.home import open_office
from gsjx_tui.office.rank import rank
from gsjx_tui.tui.screens.confirm import ConfirmScreen
from gsjx_tui.tui.screens.correct import CorrectScreen
from serving import serving

JUNE = Month(2013, 6)
BODY = "study.b1.body"
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])


@pytest.fixture(autouse=True)
def a_clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)


async def at_confirm(pilot: Pilot[None]) -> None:
    pilot.app.push_screen(ConfirmScreen(JUNE))
    await settled(pilot)


async def at_correction(pilot: Pilot[None]) -> None:
    """A correction of the body of E05 to 2 points, about to be made."""
    pilot.app.push_screen(CorrectScreen("E05", BODY, JUNE))
    await settled(pilot)
    await press(pilot, "2", "enter", *"why", "enter")


async def test_confirming_says_which_ranks_it_moves(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await at_confirm(pilot)

        assert "累计到 2013-06 名次变动" in line_with(pilot, "后果：")


async def test_the_list_names_ranks_before_and_after(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await at_confirm(pilot)
        await press(pilot, "w")

        assert "核定的后果  2013年6月 112 个单位" in lines(pilot)[0]
        assert "累计到 2013-06" in lines(pilot)[0]
        assert "成为末位（尚未结算），与他单位并列" in screen(pilot)
        await press(pilot, "end")
        assert line_with(pilot, "E31").split()[-4:] == ["1", "4", "0.00", "10.00"]


async def test_the_question_tells_of_one_unit_alone(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await at_confirm(pilot)
        await press(pilot, "u")

        assert "累计到 2013-06 的名次" in screen(pilot)
        await press(pilot, "n")
        assert "待核定 112 个单位" in screen(pilot)


async def test_all_confirmed_nothing_follows(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home", confirmed=True)) as pilot:
        await at_confirm(pilot)
        assert "后果" not in "\n".join(lines(pilot)[:-1])

        await press(pilot, "w")
        assert "2013-06 已全部核定。" in screen(pilot)


async def test_a_correction_says_which_ranks_it_moves_and_posts_nothing_yet(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home", confirmed=True)
    async with seated(home) as pilot:
        await at_correction(pilot)

        assert "累计到 2013-06 的名次" in screen(pilot)
        await press(pilot, "n")
        assert "累计到 2013-06 的名次" not in screen(pilot)

    with open_office(home) as office:
        assert rank(office, through="2013-06")[0].unit == "E05"


async def test_a_seat_of_the_service_sees_the_same(tmp_path: Path) -> None:
    with serving(a_home(tmp_path / "home")) as service:
        async with seated(service.home) as pilot:
            await at_confirm(pilot)

            assert "累计到 2013-06 名次变动" in line_with(pilot, "后果：")


@SIZES
async def test_looks(tmp_path: Path, size: tuple[int, int]) -> None:
    async with seated(a_home(tmp_path / "home"), size) as pilot:
        await at_confirm(pilot)
        assert_looks(pilot, "confirm-foreseen")
        await press(pilot, "w")
        assert_looks(pilot, "foreseen")
        await press(pilot, "escape", "c")
        assert_looks(pilot, "confirm-question")


@SIZES
async def test_the_correction_looks(tmp_path: Path, size: tuple[int, int]) -> None:
    async with seated(a_home(tmp_path / "home", confirmed=True), size) as pilot:
        await at_correction(pilot)
        assert_looks(pilot, "correct-foreseen")
