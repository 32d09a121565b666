"""Publishing 发布 on the screen: the gate, an edition, its erratum, its check code."""

from __future__ import annotations

from pathlib import Path

import pytest
from process import BODY, JUNE, LEADER, a_process
from seat import NARROW, WIDE, line_with, lines, press, screen, seated, settled, write
from snapshot import assert_looks
from textual import events as keys
from textual.pilot import Pilot

from gsjx_tui.office.correct import correct
from gsjx_tui.office.home import open_office
from gsjx_tui.office.outdated import listed
from gsjx_tui.office.publications import Published, publication, publications
from gsjx_tui.office.publish import publish
from gsjx_tui.office.staff import set_staff
from gsjx_tui.office.verify import verify
from gsjx_tui.tui.screens.card import CardScreen
from gsjx_tui.tui.screens.correct import CorrectScreen
from gsjx_tui.tui.screens.publish import PublishScreen
from serving import serving

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])


@pytest.fixture(autouse=True)
def a_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: LEADER)


async def opened(pilot: Pilot[None]) -> None:
    pilot.app.push_screen(PublishScreen(JUNE))
    await settled(pilot)


async def paste(pilot: Pilot[None], text: str) -> None:
    pilot.app.screen.post_message(keys.Paste(text))
    await settled(pilot)


def editions(home: Path) -> tuple[Published, ...]:
    with open_office(home) as office:
        return publications(office)


async def test_home_and_palette_lead_there(tmp_path: Path) -> None:
    async with seated(a_process(tmp_path / "home", "drawn")) as pilot:
        await press(pilot, "f")
        assert "发布  2013年6月" in lines(pilot)[0]
        await press(pilot, "escape", "colon")
        await write(pilot, "fb")
        await press(pilot, "enter")
        assert "发布  2013年6月" in lines(pilot)[0]


async def test_what_stands_in_the_way_is_listed_and_nothing_is_published(tmp_path: Path) -> None:
    home = a_process(tmp_path / "home", "drawn")
    async with seated(home) as pilot:
        await opened(pilot)

        assert "2013年6月累计排名第 1 版（未定稿）：还不能发布，有 6 件事未了" in screen(pilot)
        assert "没有核定到 2013-06" in line_with(pilot, "E05 县财政局")
        assert "T03 虎威镇" not in screen(pilot)
        assert "还有 3 件，按 a 列出" in screen(pilot)
        await press(pilot, "a")
        assert "没有核定到 2013-06" in line_with(pilot, "T03 虎威镇")
        await press(pilot, "a", "home", "down")
        assert "核定界面（首页按 c）" in line_with(pilot, "怎么办 ")
        await press(pilot, "b")
        assert "还不能发布，有 6 件事未了；逐件办完再发布" in screen(pilot)

    assert editions(home) == ()


async def test_a_month_is_published_after_y_and_shown_with_its_code(tmp_path: Path) -> None:
    home = a_process(tmp_path / "home", "confirmed")
    async with seated(home) as pilot:
        await opened(pilot)
        assert "（未定稿）：可以发布" in screen(pilot)
        pilot.app.push_screen(CardScreen("E05", JUNE))
        await settled(pilot)
        assert lines(pilot)[0].split() == ["得分卡", "至", "2013年6月", "未定稿"]
        await press(pilot, "escape", "b")
        await paste(pilot, "首次通报")
        await press(pilot, "enter", "n", "escape", "b")
        assert "首次通报" in screen(pilot)  # kept
        await press(pilot, "enter", "y")

        assert "已发布2013年6月累计排名第 1 版（第 1 号）" in screen(pilot)
        code = line_with(pilot, "第 1 号 2013年6月").split()[-1]
        await press(pilot, "end", "enter")
        assert f"校验码 {code}" in screen(pilot)
        pilot.app.push_screen(CardScreen("E05", JUNE))
        await settled(pilot)
        assert lines(pilot)[0].split() == ["得分卡", "至", "2013年6月", "第", "1", "版", code]
        await press(pilot, "escape")
        assert "首次通报" in screen(pilot)
        assert line_with(pilot, "E05 县财政局").split()[0] == "3"

    (found,) = editions(home)
    assert (found.code, found.note, found.by) == (code, "首次通报", LEADER)


async def test_a_stage_is_a_scope_of_its_own(tmp_path: Path) -> None:
    home = a_process(tmp_path / "home", "confirmed")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "k")
        assert "学习宣传阶段排名第 1 版（未定稿）：还不能发布" in screen(pilot)
        await press(pilot, "k")
        assert "最终排名第 1 版（未定稿）：还不能发布" in screen(pilot)
        await press(pilot, "k", "right_square_bracket")
        assert "2013年7月累计排名第 1 版（未定稿）：还不能发布" in screen(pilot)


async def test_a_correction_makes_a_new_edition_with_an_erratum(tmp_path: Path) -> None:
    home = a_process(tmp_path / "home", "corrected")
    async with seated(home) as pilot:
        await opened(pilot)
        assert "将更正上一版 2 个单位" in screen(pilot)
        assert "数字已变，须发新版" in line_with(pilot, "第 1 号 2013年6月")
        assert "名次由 3 改为 2 " in line_with(pilot, "E05 县财政局")
        await press(pilot, "b", "enter", "y", "end", "up")
        await press(pilot, "enter")
        assert "更正第 1 版 2 个单位" in screen(pilot)
        await press(pilot, "escape")
        assert "已有新版" in line_with(pilot, "第 1 号 2013年6月")
        assert LEADER in line_with(pilot, "第 2 号 2013年6月")

    first, second = editions(home)
    assert (first.edition, second.edition) == (1, 2)
    with open_office(home) as office:
        assert {one.unit for one in publication(office, 2).errata} == {"E02", "E05"}


async def test_a_check_code_tells_whether_its_figures_still_hold(tmp_path: Path) -> None:
    home = a_process(tmp_path / "home", "corrected")
    (head,) = editions(home)
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "j")
        await paste(pilot, "AAAA")
        await press(pilot, "enter")
        assert "校验码" in line_with(pilot, "AAAA")
        await press(pilot, "ctrl+u")
        await paste(pilot, head.code)
        await press(pilot, "enter")

        assert "个单位的数字与这一版不同" in screen(pilot).replace("\n ", "")


async def test_a_seat_of_the_service_publishes_corrects_and_publishes_anew(
    tmp_path: Path,
) -> None:
    with serving(a_process(tmp_path / "home", "confirmed")) as service:
        async with seated(service.home, WIDE) as pilot:
            await opened(pilot)
            assert "（未定稿）：可以发布" in screen(pilot)
            await press(pilot, "b")
            await paste(pilot, "首次通报")
            await press(pilot, "enter", "y")
            assert "已发布2013年6月累计排名第 1 版（第 1 号）" in screen(pilot)
            with service.office() as other:  # somebody else corrects at another seat
                correct(other, "E05", BODY, str(JUNE), {"points": "8"}, "补交材料")
            await until(pilot, "数字已变，须发新版")
            await until(pilot, "将更正上一版 2 个单位")
            await press(pilot, "b", "enter", "y")
            assert "已发布2013年6月累计排名第 2 版（第 2 号）" in screen(pilot)

        with service.office() as office:
            first, second = listed(office)
            assert (first.status, second.status) == ("replaced", "current")
            assert first.head.note == "首次通报"
            assert {one.unit for one in publication(office, 2).errata} == {"E02", "E05"}
            assert verify(office).heads["publication"].seq == 2


async def until(pilot: Pilot[None], text: str) -> None:
    """Waits for news of the service to be shown."""
    for _ in range(200):
        if text in screen(pilot):
            return
        await pilot.pause(0.05)
    raise AssertionError(f"{text} never came:\n{screen(pilot)}")


async def test_a_published_stage_tells_of_the_cases_it_opens_and_lifts(tmp_path: Path) -> None:
    home = a_process(tmp_path / "home", "staged")
    with open_office(home) as office:
        correct(office, "E05", BODY, str(JUNE), {"points": "9"}, "补交材料")
    async with seated(home, WIDE) as pilot:
        await opened(pilot)
        await press(pilot, "k", "b", "enter", "y")
        assert "立台账 1 件，待撤销 1 件，见首页 t。" in screen(pilot)


async def test_only_the_lead_publishes(tmp_path: Path) -> None:
    home = a_process(tmp_path / "home", "confirmed")
    with open_office(home) as office:
        set_staff(office, "admin9", "admin")
    with open_office(home) as office:
        set_staff(office.acting("admin9"), LEADER, "reviewer")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "b")
        assert "发布  2013年6月" in lines(pilot)[0]  # nothing was asked
        assert "要“负责人”才能做" in screen(pilot)

    assert editions(home) == ()


async def test_home_tells_the_lead_of_an_edition_that_is_no_longer_true(tmp_path: Path) -> None:
    home = a_process(tmp_path / "home", "corrected")
    async with seated(home) as pilot:
        assert "f   发布：1 版的数字已不是账本的，须发新版附更正表" in screen(pilot)
        await opened(pilot)
        await press(pilot, "b", "enter", "y", "escape")
        assert "不是账本的" not in screen(pilot)


async def test_a_correction_names_the_editions_it_makes_untrue(tmp_path: Path) -> None:
    home = a_process(tmp_path / "home", "confirmed")
    with open_office(home) as office:
        publish(office, "month", str(JUNE))
    async with seated(home, WIDE) as pilot:
        pilot.app.push_screen(CorrectScreen("E05", BODY, JUNE))
        await settled(pilot)
        await press(pilot, "8", "enter", *"why", "enter")
        await pilot.pause(0.2)
        await settled(pilot)
        told = (
            "已发布的2013年6月累计排名第 1 版（第 1 号），数字将不再是账本的数字，须发新版附更正表"
        )
        assert told in screen(pilot)
        await press(pilot, "y")
        assert told.replace("将不再是", "已不是") in screen(pilot)


@SIZES
async def test_looks(tmp_path: Path, size: tuple[int, int]) -> None:
    async with seated(a_process(tmp_path / "blocked", "drawn"), size) as pilot:
        await opened(pilot)
        await press(pilot, "down")
        assert_looks(pilot, "publish-blocked")
    async with seated(a_process(tmp_path / "home", "corrected"), size) as pilot:
        await opened(pilot)
        assert_looks(pilot, "publish")
        await press(pilot, "b")
        await paste(pilot, "补交材料")
        await press(pilot, "enter")
        assert_looks(pilot, "publish-question")
