"""Home, confirm, ranking, card: what they show and what their keys do."""

from __future__ import annotations

from pathlib import Path

from seat import a_home, line_with, press, screen, seated, settled

from builders import PROJECT
from gsjx_tui.domain import Month
from gsjx_tui.office.home import init, open_office
from gsjx_tui.office.rank import rank
from gsjx_tui.tui.app import GsjxApp

JUNE = Month(2013, 6)


async def test_home_counts_units_by_category_and_says_what_is_next(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        assert "2013年6月  学习宣传阶段" in screen(pilot)
        assert line_with(pilot, "经济民生部门").split()[1:5] == ["31", "28", "1", "2"]
        assert line_with(pilot, "合计").split()[1:5] == ["112", "109", "1", "2"]
        assert "e   录入：109 个单位未报" in screen(pilot)
        assert "c   核定：112 个单位待核定" in screen(pilot)


async def test_home_shows_the_first_month_that_is_not_confirmed(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home", confirmed=True)) as pilot:
        assert "2013年7月  学习宣传阶段" in screen(pilot)

        await press(pilot, "left_square_bracket")

        assert "2013年6月  学习宣传阶段" in screen(pilot)
        assert line_with(pilot, "合计").split()[1:3] == ["112", "112"]
        assert "r   排名：2013年6月已全部核定，查看排名" in screen(pilot)


async def test_a_home_without_a_ledger_is_made_on_first_use(tmp_path: Path) -> None:
    async with seated(tmp_path / "new") as pilot:
        assert line_with(pilot, "合计").split()[1:3] == ["112", "112"]

    assert (tmp_path / "new" / "ledger.duckdb").exists()


async def test_a_ledger_that_cannot_be_opened_ends_with_one_message(tmp_path: Path) -> None:
    init(tmp_path / "home", units=PROJECT / "data" / "units.csv").close()
    (tmp_path / "home" / "ledger.duckdb").write_bytes(b"not a ledger")
    app = GsjxApp(tmp_path / "home")

    async with app.run_test() as pilot:
        await pilot.pause(0.5)

    assert app.return_code == 1


async def test_confirming_shows_what_would_be_posted_asks_and_posts(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with seated(home) as pilot:
        await press(pilot, "c")
        assert "待核定 112 个单位" in screen(pilot)
        assert line_with(pilot, "E05 县财政局").split()[2:6] == ["+25.00", "25.00", "15", "2"]
        await press(pilot, "down", "down", "down", "down")
        assert "活动方案 +8.00" in screen(pilot)
        assert "吃拿卡要 -10.00" in screen(pilot)

        await press(pilot, "c")
        assert "核定 2013年6月 112 个单位" in screen(pilot)
        await press(pilot, "y")

        assert "已核定 2013-06 112 个单位" in screen(pilot)

    with open_office(home) as office:
        first = next(row for row in rank(office) if row.unit == "E05")
        assert (first.rank, str(first.points), first.confirmed_through) == (1, "25.00", True)


async def test_no_answer_confirms_nothing(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")

    async with seated(home) as pilot:
        await press(pilot, "c", "c", "n")

        assert "待核定 112 个单位" in screen(pilot)

    with open_office(home) as office:
        assert office.ledger.head("confirmation").seq == 0


async def test_one_unit_alone_can_be_confirmed(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await press(pilot, "c", "down", "u", "y")

        assert "待核定 111 个单位" in screen(pilot)
        assert "root" in line_with(pilot, "E02") or "待核定" not in line_with(pilot, "E02")


async def test_an_earlier_month_that_is_open_is_named(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home")) as pilot:
        await press(pilot, "c", "right_square_bracket")
        assert "2013-06 还没有核定" in screen(pilot)

        await press(pilot, "c", "y")

        assert "2013-06 还没有核定" in screen(pilot)


async def test_ranking_has_a_tab_a_category_and_three_scopes(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home", confirmed=True)) as pilot:
        await press(pilot, "r")
        assert "[经济民生部门]" in screen(pilot)
        assert line_with(pilot, "县财政局").split()[:4] == ["1", "E05", "县财政局", "25.00"]
        assert line_with(pilot, "县发展和改革委员会").split()[:5] == [
            "2",
            "E01",
            "县发展和改革委员会",
            "20.00",
            "5.00",
        ]

        await press(pilot, "right")
        assert "[服务保障部门]" in screen(pilot)
        await press(pilot, "left", "left")
        assert "[镇乡（街道）]" in screen(pilot)

        await press(pilot, "s")
        assert "[本阶段（学习宣传）]" in screen(pilot)
        await press(pilot, "s")
        assert "[本月]" in screen(pilot)


async def test_ranking_moves_through_the_months(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home", confirmed=True)) as pilot:
        await press(pilot, "r", "right_square_bracket")

        assert "2013年7月" in screen(pilot)
        assert "31 个尚未核定到 2013-07" in screen(pilot)
        assert line_with(pilot, "县财政局").split()[4:6] == ["平", "1"]

        await press(pilot, *["left_square_bracket"] * 3)

        assert "2013年6月" in screen(pilot)


async def test_enter_opens_the_card_with_what_was_seen_and_posted(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home", confirmed=True)) as pilot:
        await press(pilot, "r", "enter")
        assert "E05 县财政局  经济民生部门  累计 25.00 分" in screen(pilot)

        await press(pilot, "down", "down", "down", "down")

        assert "活动方案（二（一）1②）" in screen(pilot)
        assert "2013-06 自评 得分 9" in screen(pilot)
        assert "2013-06 复核 得分 8" in screen(pilot)
        assert "2013-06 +8.00" in screen(pilot)

        await press(pilot, "escape")
        await settled(pilot)
        assert "[经济民生部门]" in screen(pilot)


async def test_the_month_alone_is_not_the_sum_of_months(tmp_path: Path) -> None:
    async with seated(a_home(tmp_path / "home", confirmed=True)) as pilot:
        await press(pilot, "r", "right_square_bracket", "s")
        assert line_with(pilot, "县财政局").split()[3] == "25.00"

        await press(pilot, "s")

        assert "[本月]" in screen(pilot)
        assert line_with(pilot, "县财政局").split()[3] == "0.00"
