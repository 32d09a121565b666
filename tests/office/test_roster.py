"""``units.csv``: every fault with its line, all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import a_campaign, a_unit, the_shipped_rubric
from gsjx_tui.domain import Unit
from gsjx_tui.errors import Fault, RubricError
from gsjx_tui.office.roster import initials_of, read_roster
from gsjx_tui.rubric.campaign_toml import parse_campaign


def roster(tmp_path: Path, *lines: str) -> tuple[Unit, ...]:
    """The units of a roster with these lines under the heading."""
    path = tmp_path / "units.csv"
    path.write_text("\n".join(["code,name,category,superior,from,through", *lines]), "utf-8")
    campaign = parse_campaign(a_campaign(), "campaign.toml")
    return read_roster(path, campaign, the_shipped_rubric().months)


def faults(tmp_path: Path, *lines: str) -> tuple[Fault, ...]:
    """The faults that reading them raises."""
    with pytest.raises(RubricError) as refused:
        roster(tmp_path, *lines)
    return refused.value.faults


def test_units_come_in_the_order_of_the_roster_with_all_that_is_written(tmp_path: Path) -> None:
    units = roster(tmp_path, "A2,乙局,central,市乙局,2013-08,2014-03", "A1,甲局,economy,,,")

    assert units == (
        a_unit("A2", "central", name="乙局", superior="市乙局", since="2013-08", through="2014-03"),
        a_unit("A1", "economy", name="甲局"),
    )


def test_the_bounds_of_a_unit_are_included(tmp_path: Path) -> None:
    (unit,) = roster(tmp_path, "A1,甲局,economy,,2013-08,2014-03")

    months = [str(m) for m in the_shipped_rubric().months if unit.takes_part(m)]

    assert (months[0], months[-1], len(months)) == ("2013-08", "2014-03", 8)


def test_chinese_headings_and_names_of_categories_do_as_well(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes("单位代码,单位名称,类别\r\nＡ１,甲局,economy类\r\n".encode("gb18030"))

    units = read_roster(path, parse_campaign(a_campaign(), "c"), the_shipped_rubric().months)

    assert units == (a_unit("A1", "economy", name="甲局"),)


@pytest.mark.parametrize(
    ("line", "what", "remedy"),
    [
        (",甲局,economy,,,", "单位代码或名称是空的", "补上"),
        ("A1,,economy,,,", "单位代码或名称是空的", "补上"),
        ("A0,甲局,economy,,,", "单位代码 A0 与第 2 行重复", "改用别的代码"),
        ("A1,甲局,rural,,,", "类别“rural”不认识", "改为 economy、support、central 之一"),
        ("A1,甲局,economy,,2013-8,", "月份“2013-8”写法不对", "写成 2013-09 这样"),
        (
            "A1,甲局,economy,,2013-05,",
            "月份 2013-05 不在活动之内",
            "活动为 2013-06 至 2014-06",
        ),
        (
            "A1,甲局,economy,,2014-03,2013-08",
            "起始月份 2014-03 晚于截止月份 2013-08",
            "改正其一",
        ),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, line: str, what: str, remedy: str) -> None:
    assert faults(tmp_path, "A0,零局,economy,,,", line) == (
        Fault("units.csv 第 3 行", what, remedy),
    )


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, "A1,,economy,,,", "A1,甲局,rural,,,", "A2,乙局,economy,,x,")

    assert [fault.where for fault in found] == [
        "units.csv 第 2 行",
        "units.csv 第 3 行",
        "units.csv 第 3 行",
        "units.csv 第 4 行",
    ]


def test_initials_are_those_of_the_pinyin() -> None:
    assert initials_of(["县财政局", "三合街道", "GSJX办"]) == ["xczj", "shjd", "gsjxb"]
