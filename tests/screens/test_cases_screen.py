"""Cases 整改台账 on the screen: by stage, step by step, ties decided, lifted ones rescinded."""

from __future__ import annotations

from pathlib import Path

import pytest
from process import BODY, JUNE, LEADER, VERIFIER, a_process
from seat import NARROW, WIDE, line_with, lines, press, screen, seated, settled
from snapshot import assert_looks
from textual import events as keys
from textual.pilot import Pilot

from gsjx_tui.office.cases import Case, case, cases
from gsjx_tui.office.correct import correct
from gsjx_tui.office.home import open_office
from gsjx_tui.office.publish import publish
from gsjx_tui.office.staff import set_staff
from gsjx_tui.tui.screens.cases import CasesScreen
from serving import serving

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])


@pytest.fixture(autouse=True)
def a_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: LEADER)


def stored(home: Path, number: int) -> Case:
    with open_office(home) as office:
        return case(office, number)


async def opened(pilot: Pilot[None]) -> None:
    pilot.app.push_screen(CasesScreen(JUNE))
    await settled(pilot)


async def paste(pilot: Pilot[None], text: str) -> None:
    pilot.app.screen.post_message(keys.Paste(text))
    await settled(pilot)


async def test_last_places_of_a_published_stage_are_listed_by_stage(tmp_path: Path) -> None:
    async with seated(a_process(tmp_path / "home", "staged")) as pilot:
        await press(pilot, "t")

        assert "未办结 3 件，待决定 2 件" in lines(pilot)[0]
        assert "学习宣传阶段 3 件" in screen(pilot)
        assert line_with(pilot, "E05 县财政局").split()[-2:] == ["重点整改单位", "办理中"]
        assert "整改通知、主要负责人诫勉谈话" in screen(pilot)


async def test_a_step_is_recorded_after_y_and_faults_stay_in_the_form(tmp_path: Path) -> None:
    home = a_process(tmp_path / "home", "staged")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "enter")
        assert "台账第 1 号  E05 县财政局" in lines(pilot)[0]
        await press(pilot, "down", "enter", "enter", "enter", "enter", "y")
        assert "主要负责人诫勉谈话没有写人" in screen(pilot)
        await press(pilot, "up")
        await paste(pilot, "甲")
        await press(pilot, "enter")
        await paste(pilot, "谈话记录第 3 号")
        await press(pilot, "enter", "y")

        assert "已记主要负责人诫勉谈话。现在：办理中。" in screen(pilot)
        assert "已经办的 1 步" in screen(pilot)
        assert "谈话记录第 3 号" in screen(pilot)

    (step,) = stored(home, 1).steps
    assert (step.what, step.subject, step.person, step.by) == ("talk", "principal", "甲", LEADER)


async def test_a_case_is_not_closed_before_all_is_done(tmp_path: Path) -> None:
    home = a_process(tmp_path / "home", "staged")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "enter", *["down"] * 6)
        assert "结案" in line_with(pilot, "  结案")
        await press(pilot, "enter", "enter")
        await paste(pilot, "办完")
        await press(pilot, "enter", "y")
        assert "还不能结案，缺：" in screen(pilot)

    assert stored(home, 1).steps == ()


async def test_a_tie_is_decided_first(tmp_path: Path) -> None:
    home = a_process(tmp_path / "home", "staged")
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "end", "enter")
        assert "并列，待领导小组决定" in lines(pilot)[0]
        await press(pilot, "down", "enter", "enter")
        await paste(pilot, "领导小组会议")
        await press(pilot, "enter")
        await paste(pilot, "会议纪要 5")
        await press(pilot, "enter", "y")
        assert "已记领导小组决定不列入。现在：决定不列入。" in screen(pilot)
        await press(pilot, "escape")
        assert "未办结 2 件" in lines(pilot)[0]
        await press(pilot, "f")
        assert "全部 3 件" in lines(pilot)[0]

    with open_office(home) as office:
        assert [one.status for one in cases(office)] == ["open", "waiting", "spared"]


async def test_who_may_not_decide_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = a_process(tmp_path / "home", "staged")
    with open_office(home) as office:
        set_staff(office, "admin9", "admin")
    with open_office(home) as office:
        set_staff(office.acting("admin9"), VERIFIER, "reviewer")
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: VERIFIER)
    async with seated(home) as pilot:
        await opened(pilot)
        await press(pilot, "end", "enter", "enter", "enter")
        await paste(pilot, "会议")
        await press(pilot, "enter", "1", "enter", "y")
        assert "负责人" in screen(pilot)

    assert stored(home, 3).steps == ()


async def test_a_unit_that_a_later_edition_lifts_is_flagged_and_rescinded(tmp_path: Path) -> None:
    home = a_process(tmp_path / "home", "staged")
    with open_office(home) as office:
        correct(office, "E05", BODY, "2013-06", {"points": "9.5"}, "补交材料")
        publish(office, "stage", office.rubric.stages[0].id)
    async with seated(home) as pilot:
        await opened(pilot)
        assert "待撤销 1 件" in lines(pilot)[0]
        await press(pilot, "home", "down", "enter")
        assert "已不在其列，待撤销" in lines(pilot)[0]
        await press(pilot, "enter", "enter")
        await paste(pilot, "更正后撤销")
        await press(pilot, "enter", "y")
        assert "已记撤销。现在：已撤销。" in screen(pilot)

    assert stored(home, 1).status == "rescinded"


async def test_a_seat_of_the_service_records_a_step(tmp_path: Path) -> None:
    with serving(a_process(tmp_path / "home", "staged")) as service:
        async with seated(service.home) as pilot:
            await opened(pilot)
            await press(pilot, "enter", "enter", "enter")
            await paste(pilot, "县通报〔2013〕3号")
            await press(pilot, "enter", "enter", "y")
            assert "已记整改通知。" in screen(pilot)


@SIZES
async def test_looks(tmp_path: Path, size: tuple[int, int]) -> None:
    async with seated(a_process(tmp_path / "home", "staged"), size) as pilot:
        await opened(pilot)
        assert_looks(pilot, "cases")
        await press(pilot, "enter", "enter")
        await write_notice(pilot)
        assert_looks(pilot, "case-step")
        await press(pilot, "y")
        assert_looks(pilot, "case")


async def write_notice(pilot: Pilot[None]) -> None:
    """A notice of a day that stays the same in every run, up to the question."""
    await paste(pilot, "2014-01-10")
    await press(pilot, "enter")
    await paste(pilot, "县通报〔2014〕3号")
    await press(pilot, "enter")
    await paste(pilot, "2014-02-28")
    await press(pilot, "enter")
