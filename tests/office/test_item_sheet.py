"""One item over all units, and a column pasted into it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest

from builders import JUNE, a_unit, an_office, confirmed, observed, recorded
from gsjx_tui.domain import Month
from gsjx_tui.errors import StateError
from gsjx_tui.office.home import Office
from gsjx_tui.office.item_sheet import ItemSheet, item_sheet, item_worth, open_items
from gsjx_tui.office.paste import PastedLine, Place, read_columns
from gsjx_tui.office.sheet import sheet, typed, worth

BODY = "study.b1.body"
MONTH = Month.parse(JUNE)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Four units of two categories."""
    units = [a_unit("A1"), a_unit("A2"), a_unit("A3"), a_unit("B1", "support", name="县报社")]
    with an_office(tmp_path, *units) as office:
        yield office.acting("clerk01")


def test_each_unit_has_its_values_and_points(office: Office) -> None:
    recorded(office, observed(BODY, 5), observed(BODY, 7, unit="A2", kind="claim"))

    found = item_sheet(office, BODY, MONTH, "economy")

    assert [s.unit.code for s in found.units] == ["A1", "A2", "A3"]
    assert found.units[0].value("verify", BODY, "points") == 5
    assert {code: str(points) for code, points in found.points.items()} == {
        "A1": "5.00",
        "A2": "7.00",
        "A3": "0.00",
    }
    assert found.units[0].written["verify", (BODY, MONTH, "points")].by == "clerk01"


def test_points_are_those_of_the_units_own_sheet(office: Office) -> None:
    recorded(office, observed("study.b3.briefs", count=1))

    for open_item in open_items(office, MONTH):
        whole = worth(office, sheet(office, "A1", MONTH)).items[open_item.item.id]
        assert item_sheet(office, open_item.item.id, MONTH).points["A1"] == whole


def test_a_keystroke_scores_one_unit(office: Office) -> None:
    found = item_sheet(office, BODY, MONTH)

    _, after = typed(office, found.units[0], found.item, found.item.fields[0], "claim", "6")

    assert item_worth(office, after, found.item) == 6


def test_an_item_that_is_not_open_is_refused(office: Office) -> None:
    with pytest.raises(StateError, match="不考核"):
        item_sheet(office, BODY, Month(2013, 12))


def test_a_full_house_loads_in_a_blink(tmp_path: Path) -> None:
    units = [a_unit(f"A{number}") for number in range(112)]
    with an_office(tmp_path, *units) as office:
        recorded(office, *(observed(BODY, 5, unit=unit.code) for unit in units))
        item_sheet(office, BODY, MONTH)
        start = perf_counter()
        item_sheet(office, BODY, MONTH)
        assert perf_counter() - start < 0.5  # a tenth of it on an idle machine


# pasting ---------------------------------------------------------------------------------------


def pasted(office: Office, text: str, start: int = 0) -> tuple[PastedLine, ...]:
    """The lines as read into the verifications of the item."""
    return block(office, BODY, text, start)


def block(office: Office, id: str, text: str, start: int = 0) -> tuple[PastedLine, ...]:
    """The lines as read into the verifications of an item or an indicator."""
    found: ItemSheet = item_sheet(office, id, MONTH)
    places: list[Place] = [(item, field, "verify") for item in found.items for field in item.fields]
    return read_columns(office, found.units, start, places, text)


def brief(lines: tuple[PastedLine, ...]) -> list[tuple[str, str]]:
    """Unit and new value or what is said."""
    return [
        (
            line.sheet.unit.code if line.sheet else "",
            " ".join(str(cell.seen.value) if cell.seen else "." for cell in line.cells),
        )
        for line in lines
    ]


def test_numbers_go_to_the_units_from_the_cursor_down(office: Office) -> None:
    assert brief(pasted(office, "５\r\n6.5\r\n\r\n", start=1)) == [("A2", "5"), ("A3", "6.5")]


def test_an_empty_line_passes_its_unit_over(office: Office) -> None:
    lines = pasted(office, "5\n\n7")

    assert brief(lines) == [("A1", "5"), ("A2", "."), ("A3", "7")]
    assert lines[1].why == "空，略过"


def test_units_are_found_by_code_or_name_in_any_order(office: Office) -> None:
    text = "单位\t得分\n县报社\t8\na1\t5\nA2\tA2局\t6"

    assert brief(pasted(office, text)) == [("", ""), ("B1", "8"), ("A1", "5"), ("A2", "6")]
    assert brief(pasted(office, "A1 5\nA2，6")) == [("A1", "5"), ("A2", "6")]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("12", "超过上限 10"),
        ("x", "不是数值"),
        ("1\n2\n3\n4\n5", "名单到底了"),
        ("A1\t5\nA1\t6", "与第 1 行是同一单位"),
        ("A1\t5\n6", "没有写单位"),
        ("A9\t5", "名单里没有“A9”"),
        ("A1\tA2局\t5", "不是同一单位"),
    ],
)
def test_what_cannot_be_taken_says_why(office: Office, text: str, fault: str) -> None:
    assert fault in pasted(office, text)[-1].faults[0]


def test_a_confirmed_unit_takes_nothing(office: Office) -> None:
    recorded(office, observed(BODY, 5))
    confirmed(office, JUNE, units=["A1"])

    lines = pasted(office, "6\n7")

    assert "已由 clerk01" in lines[0].faults[0]
    assert not lines[1].faults


def test_the_value_that_stands_already_is_no_change(office: Office) -> None:
    recorded(office, observed(BODY, 5))

    assert [bool(line.changed) for line in pasted(office, "5\n5")] == [False, True]


# a whole indicator -----------------------------------------------------------------------------

PLANS = "study.b2"


def test_an_indicator_has_its_items_side_by_side_and_their_points_together(office: Office) -> None:
    recorded(office, observed("study.b2.plan", 5), observed("study.b2.minutes", 4))

    found = item_sheet(office, PLANS, MONTH, "economy")

    assert [item.label for item in found.items] == ["活动方案", "学习计划研究会议记录", "学习计划"]
    assert found.points["A1"] == worth(office, sheet(office, "A1", MONTH)).indicators[PLANS] == 9
    assert found.points["A2"] == 0
    assert item_worth(office, found.units[0], None) == 9


def test_an_indicator_none_of_whose_items_is_open_is_refused(office: Office) -> None:
    with pytest.raises(StateError, match=r"rectify\.b1 在 2013-10 不考核"):
        item_sheet(office, "rectify.b1", Month(2013, 10))


def test_items_are_found_by_the_name_of_their_indicator(office: Office) -> None:
    found = [one for one in open_items(office, MONTH) if one.matches("方案制定")]

    assert [one.indicator.id for one in found] == [PLANS] * 3


def test_values_side_by_side_go_into_the_columns(office: Office) -> None:
    assert brief(block(office, PLANS, "5\t4\t3\n\n6\t\t2\n7")) == [
        ("A1", "5 4 3"),
        ("A2", ". . ."),
        ("A3", "6 . 2"),
        ("B1", "7 . ."),
    ]


def test_a_line_of_values_may_begin_with_its_unit(office: Office) -> None:
    text = "代码\t单位\t方案\t记录\nB1\t县报社\t5\t4\nA2\t6\t\t2"

    assert brief(block(office, PLANS, text)) == [("", ""), ("B1", "5 4 ."), ("A2", "6 . 2")]


def test_titles_without_units_take_no_units_turn(office: Office) -> None:
    assert brief(block(office, PLANS, "方案\t记录\n5\t4")) == [("", ""), ("A1", "5 4 .")]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("5\t99", "会议记录 得分 99 超过上限"),
        ("5\t4\t3\t2", "多出 1 个数，右边只有 3 列"),
        ("A1\t5\t4\n县没有的局\t5\t4", "名单里没有“县没有的局”"),
        ("A1\t5\nA1\t6", "与第 1 行是同一单位"),
    ],
)
def test_what_a_block_cannot_take_says_why(office: Office, text: str, fault: str) -> None:
    assert fault in block(office, PLANS, text)[-1].faults[0]


def test_values_that_belong_together_are_judged_together(office: Office) -> None:
    recorded(office, observed("study.e1.sample", sampled=20, negative=6))

    good, bad = block(office, "study.e1.sample", "5\t3\n5\t8")

    assert not good.faults
    assert [str(one.value) for one in good.changed] == ["5", "3"]
    assert bad.faults
