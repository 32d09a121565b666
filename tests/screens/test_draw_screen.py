"""Spot checks 抽查 on the screen, and what they show of the claims."""

from __future__ import annotations

from pathlib import Path

import pytest
from process import JUNE, LEADER, a_process
from seat import CLERK, NARROW, WIDE, a_home, line_with, lines, press, screen, seated, settled
from snapshot import assert_looks
from textual.pilot import Pilot

from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.draw import Draw, draws
from gsjx_tui.office.home import open_office
from gsjx_tui.office.staff import set_staff
from gsjx_tui.tui.screens.card import CardScreen
from gsjx_tui.tui.screens.draw import DrawScreen
from gsjx_tui.tui.screens.reliability import ReliabilityScreen
from gsjx_tui.tui.screens.review import ReviewScreen
from serving import serving

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])


@pytest.fixture(autouse=True)
def a_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: LEADER)


def stored(home: Path) -> tuple[Draw, ...]:
    with open_office(home) as office:
        return draws(office, JUNE)


async def opened(pilot: Pilot[None]) -> None:
    pilot.app.push_screen(DrawScreen(JUNE))
    await settled(pilot)


async def test_a_month_is_drawn_with_a_typed_seed_and_drawn_again_in_addition(
    tmp_path: Path,
) -> None:
    home = a_process(tmp_path / "home", "undrawn")
    async with seated(home) as pilot:
        await press(pilot, "d")
        assert "本月还没有抽签，按 a 抽" in screen(pilot)
        assert "6 个单位中已抽到 0 个；本月还要抽 3 个单位" in screen(pilot)
        await press(pilot, "a", "3", "enter", "ctrl+u", "2", "enter", *"0451", "enter", "y")
        assert "第 1 次抽签：3 个单位、6 个要点，种子 0451。" in screen(pilot)
        assert "抽中 6 个要点，未复核" in lines(pilot)[0]
        await press(pilot, "a")
        assert "补抽" in lines(pilot)[0]
        await press(pilot, "1", "enter", "enter", "enter", "y")
        assert "第 2 次抽签：1 个单位、5 个要点，种子" in screen(pilot)

    first, second = stored(home)
    assert (first.seed, first.units, first.items) == ("0451", 3, 2)
    assert not {one.unit for one in first.drawn} & {one.unit for one in second.drawn}


async def test_faults_stay_in_the_form_and_nothing_is_drawn(tmp_path: Path) -> None:
    home = a_process(tmp_path / "home", "undrawn")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "a", "x", "enter", "enter", "enter", "y")
        assert "“x”不是个数" in screen(pilot)
        await press(pilot, "down", "ctrl+u", "1", "down", "down", "enter", "y")
        assert "只抽 1 个单位" in screen(pilot)

    assert stored(home) == ()


async def test_a_draw_after_the_confirmation_is_warned_of_before_and_after(
    tmp_path: Path,
) -> None:
    home = a_process(tmp_path / "home", "undrawn")
    with open_office(home) as office:
        confirm(office, JUNE, ["E01", "E02", "E05", "T01"])
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "a", "6", "enter", "enter", "enter")
        told = screen(pilot).replace("\n", "").replace(" ", "")
        assert "本月已有4个单位核定，抽中它们，查出的只能更正。抽签记入账本，不能重来。" in told
        await press(pilot, "y")
        told = screen(pilot).replace("\n", "").replace(" ", "")
        assert "抽中的单位有4个本月已先核定（" in told


async def test_a_clerk_does_not_draw(tmp_path: Path) -> None:
    home = a_process(tmp_path / "home", "undrawn")
    with open_office(home) as office:
        set_staff(office, "admin9", "admin")
    with open_office(home) as office:
        set_staff(office.acting("admin9"), LEADER, "clerk")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "a", "enter", "enter", "enter", "y")
        assert "复核员" in screen(pilot)

    assert stored(home) == ()


async def test_enter_opens_the_review_of_the_unit(tmp_path: Path) -> None:
    async with seated(a_process(tmp_path / "home", "drawn")) as pilot:
        await opened(pilot)
        await press(pilot, "down")
        unit = lines(pilot)[5].split()[0]
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ReviewScreen)
        assert pilot.app.screen.here().unit == unit


async def test_the_coverage_is_a_table_and_checked_ones_can_be_hidden(tmp_path: Path) -> None:
    async with seated(a_process(tmp_path / "home", "drawn")) as pilot:
        await opened(pilot)
        await press(pilot, "k")
        assert "都复核了" in screen(pilot)
        await press(pilot, "k")
        assert line_with(pilot, "E05 县财政局").split()[2:] == ["1", "2", "1.00"]
        await press(pilot, "right_square_bracket")
        assert "2013年7月" in lines(pilot)[0]


async def test_a_seat_of_the_service_draws(tmp_path: Path) -> None:
    with serving(a_process(tmp_path / "home", "undrawn")) as service:
        async with seated(service.home) as pilot:
            await opened(pilot)
            await press(pilot, "a", "enter", "enter", *"7", "enter", "y")
            assert "种子 7。" in screen(pilot)


async def test_reliability_puts_the_most_cut_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)
    async with seated(a_home(tmp_path / "home")) as pilot:
        await press(pilot, "k")
        assert "截至 2013年6月" in lines(pilot)[0]
        assert lines(pilot)[3].split()[:5] == ["E05", "县财政局", "3", "1", "1"]
        await press(pilot, "k")
        assert "活动方案" in lines(pilot)[3]
        assert "-1.00" in lines(pilot)[3]
        await press(pilot, "enter")
        assert "按 k 换到单位" in screen(pilot)
        await press(pilot, "k", "k", "home", "enter")
        assert isinstance(pilot.app.screen, CardScreen)


@SIZES
async def test_looks(tmp_path: Path, size: tuple[int, int]) -> None:
    async with seated(a_process(tmp_path / "home", "drawn"), size) as pilot:
        await opened(pilot)
        assert_looks(pilot, "draw")
        await press(pilot, "k", "k")
        assert_looks(pilot, "draw-coverage")
        await press(pilot, "a")
        assert_looks(pilot, "draw-form")
    async with seated(a_home(tmp_path / "claims"), size) as pilot:
        pilot.app.push_screen(ReliabilityScreen(JUNE))
        await settled(pilot)
        assert_looks(pilot, "reliability")
