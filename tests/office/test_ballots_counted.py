"""Ballots from a file to the verification of the item: checked, counted, kept as means alone."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest
from openpyxl import Workbook

from builders import a_unit, an_office, confirmed, observed, recorded
from gsjx_tui.domain import Month
from gsjx_tui.errors import NotPermitted, ObservationError, StateError
from gsjx_tui.office.ballots import ballot_counts, count_ballots, read_ballots
from gsjx_tui.office.history import Filter, done
from gsjx_tui.office.home import Office
from gsjx_tui.office.sheet import sheet
from gsjx_tui.office.staff import set_staff
from gsjx_tui.office.verify import verify
from gsjx_tui.rubric.ballots import Group

REVIEWS = "rectify.e1.three_reviews"
DECEMBER = Month(2013, 12)
WEIGHTS: dict[Group, int] = {"superior": 30, "peer": 20, "subordinate": 20, "served": 30}
CAST = {
    "上级": "90 80 84",
    "同级": "70 80 90 100",
    "下级": "60 75.5 92.5 99",
    "服务对象": "100 95 90 85 20",
}
"""What test_ballots works by hand: 82.15."""


def a_file(tmp_path: Path, *rows: str, name: str = "选票.csv", cast: bool = True) -> Path:
    """A file of ballots: those of CAST for A1, then rows written out."""
    lines = ["单位代码,组别,得分"]
    if cast:
        lines += [f"A1,{group},{score}" for group, all in CAST.items() for score in all.split()]
    path = tmp_path / name
    path.write_text("\n".join([*lines, *rows]) + "\n", "utf-8")
    return path


def an_autumn_office(tmp_path: Path) -> Office:
    return an_office(tmp_path, a_unit("A1", since="2013-09"), a_unit("A2", since="2013-09"))


def value(office: Office, unit: str = "A1") -> Decimal | None:
    return sheet(office, unit, DECEMBER).value("verify", REVIEWS, "points")


def faults(office: Office, path: Path, month: Month = DECEMBER, **asked: object) -> list[str]:
    with pytest.raises((ObservationError, StateError)) as refused:
        count_ballots(office, month, read_ballots(path), **{"weights": WEIGHTS, **asked})  # type: ignore[arg-type]
    assert office.ledger.head("ballot_count").seq == 0
    return [f"{fault.where}：{fault.what}" for fault in refused.value.faults]


# counting --------------------------------------------------------------------------------------


def test_the_result_becomes_the_verification_of_the_item(tmp_path: Path) -> None:
    with an_autumn_office(tmp_path) as office:
        (found,) = count_ballots(office, DECEMBER, read_ballots(a_file(tmp_path)), weights=WEIGHTS)

        assert (found.unit, found.ballots, found.score, found.points) == (
            "A1", 16, Decimal("82.15"), Decimal("82.15"),
        )  # fmt: skip
        assert value(office) == Decimal("82.15")
        verify(office)


def test_the_computation_is_kept_with_the_files_hash_and_no_ballot(tmp_path: Path) -> None:
    path = a_file(tmp_path)
    with an_autumn_office(tmp_path) as office:
        count_ballots(office, DECEMBER, read_ballots(path), weights=WEIGHTS, trim=1)

        (kept,) = ballot_counts(office)

        assert (kept.number, kept.month, kept.item, kept.trim) == (1, DECEMBER, REVIEWS, 1)
        assert (kept.file_name, kept.file_sha256) == (
            "选票.csv",
            sha256(path.read_bytes()).hexdigest(),
        )
        assert (kept.observation, kept.by, kept.stands) == (1, office.who, True)
        assert kept.count.score == Decimal("85.75")
        served = kept.count.lines[3]
        assert (served.groups, served.ballots, served.counted, served.mean) == (
            ("served",),
            5,
            3,
            90,
        )
        assert office.ledger.head("ballot_line").seq == 4


def test_another_count_or_a_result_typed_in_takes_its_place(tmp_path: Path) -> None:
    with an_autumn_office(tmp_path) as office:
        for weights in (WEIGHTS, {"superior": 25, "peer": 25, "subordinate": 25, "served": 25}):
            count_ballots(office, DECEMBER, read_ballots(a_file(tmp_path)), weights=weights)  # type: ignore[arg-type]
        assert [kept.stands for kept in ballot_counts(office)] == [False, True]
        assert value(office) == Decimal("82.36")  # (84.67 + 85 + 81.75 + 78)/4 = 82.355
        recorded(office, observed(REVIEWS, 90, month="2013-12"))

        assert [kept.stands for kept in ballot_counts(office, "A1")] == [False, False]


def test_units_are_counted_each_by_itself(tmp_path: Path) -> None:
    others = [f"A2,{group},{score}" for group in CAST for score in (70, 80, 90)]
    with an_autumn_office(tmp_path) as office:
        file = read_ballots(a_file(tmp_path, *others))
        found = count_ballots(office, DECEMBER, file, weights=WEIGHTS)

        assert [(one.unit, one.score) for one in found] == [("A1", Decimal("82.15")), ("A2", 80)]
        assert (value(office), value(office, "A2")) == (Decimal("82.15"), 80)


def test_a_workbook_does_as_well(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["unit", "group", "score"])
    for group in ("superior", "peer", "subordinate", "served"):
        for score in (80, 90.5, 100):
            book.active.append(["A1", group, score])
    book.save(tmp_path / "ballots.xlsx")

    with an_autumn_office(tmp_path) as office:
        file = read_ballots(tmp_path / "ballots.xlsx")
        (found,) = count_ballots(office, DECEMBER, file, weights=WEIGHTS)

    assert found.score == Decimal("90.17")


def test_an_item_worth_less_takes_its_part(tmp_path: Path) -> None:
    with an_autumn_office(tmp_path) as office:
        (found,) = count_ballots(
            office, DECEMBER, read_ballots(a_file(tmp_path)), "rectify.e3.innovation", WEIGHTS
        )

    assert (found.score, found.points) == (Decimal("82.15"), Decimal("8.22"))


def test_tried_out_nothing_is_kept(tmp_path: Path) -> None:
    with an_autumn_office(tmp_path) as office:
        file = read_ballots(a_file(tmp_path))
        count_ballots(office, DECEMBER, file, weights=WEIGHTS, dry_run=True)

        assert (value(office), ballot_counts(office)) == (None, ())


# refusals --------------------------------------------------------------------------------------


def test_every_bad_row_is_told_with_its_line(tmp_path: Path) -> None:
    rows = ("A9,上级,80", "A1,领导,80", "A1,上级,101", "A1,上级,好", "A1,上级,80.555")
    with an_autumn_office(tmp_path) as office:
        told = faults(office, a_file(tmp_path, *rows))

    assert told == [
        "选票.csv 第 18 行：没有代码为“A9”的单位",
        "选票.csv 第 19 行：组别“领导”不认识",
        "选票.csv 第 20 行：得分 101 超过上限 100",
        "选票.csv 第 21 行：“好”不是数值",
        "选票.csv 第 22 行：得分 80.555 超过两位小数",
    ]


def test_a_group_without_a_ballot_is_told(tmp_path: Path) -> None:
    rows = [f"A1,上级,{score}" for score in (70, 80, 90)]
    with an_autumn_office(tmp_path) as office:
        told = faults(office, a_file(tmp_path, *rows, cast=False))

    assert told == ["选票.csv 第 2 行：A1局没有同级、下级、服务对象的选票"]


def test_so_few_that_they_would_be_told_apart_are_refused(tmp_path: Path) -> None:
    with an_autumn_office(tmp_path) as office:
        path = a_file(tmp_path, "A1,上级,70", "A1,上级,80", cast=False)
        told = faults(office, path, weights={"superior": 100})

    assert told == ["A1 A1局：只有 2 张选票，算出的分会透露个人的评分"]


def test_ballots_of_a_group_that_doesnt_count_are_told(tmp_path: Path) -> None:
    weights = {"superior": 50, "peer": 30, "subordinate": 20, "served": 0}
    with an_autumn_office(tmp_path) as office:
        told = faults(office, a_file(tmp_path), weights=weights)

    assert told[0] == "选票.csv 第 13 行：服务对象的权重为 0，却有选票"
    assert len(told) == 5


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"weights": {"superior": 50, "peer": 40}}, "合计不是 100"),
        ({"weights": {"superior": 150, "peer": -50}}, "合计不是 100"),
        ({"trim": -1}, "不能为负数"),
        ({"item": "rectify.b2.briefs"}, "不是评分的考核要点"),
        ({"item": "study.b1.body"}, "不是评分的考核要点"),
        ({"month": Month(2013, 6)}, "不能确定计入哪个考核要点"),
    ],
)
def test_what_cant_be_counted_is_refused(
    tmp_path: Path, asked: dict[str, object], says: str
) -> None:
    with an_autumn_office(tmp_path) as office:
        assert says in faults(office, a_file(tmp_path), **asked)[0]  # type: ignore[arg-type]


def test_a_confirmed_month_is_left_alone(tmp_path: Path) -> None:
    with an_autumn_office(tmp_path) as office:
        confirmed(office, "2013-09")
        (told,) = faults(office, a_file(tmp_path), Month(2013, 9))

    assert "2013-09 已由" in told


def test_an_empty_or_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ObservationError, match="只有标题"):
        read_ballots(a_file(tmp_path, cast=False))
    with pytest.raises(ObservationError, match="没有这个文件"):
        read_ballots(tmp_path / "nothing.csv")


def test_counting_takes_a_reviewer(tmp_path: Path) -> None:
    with an_autumn_office(tmp_path) as office:
        set_staff(office, office.who, "admin")
        set_staff(office, "zhang", "clerk")
        with pytest.raises(NotPermitted, match="复核员"):
            count_ballots(
                office.acting("zhang"), DECEMBER, read_ballots(a_file(tmp_path)), weights=WEIGHTS
            )


def test_a_count_is_in_the_history(tmp_path: Path) -> None:
    with an_autumn_office(tmp_path) as office:
        count_ballots(office, DECEMBER, read_ballots(a_file(tmp_path)), weights=WEIGHTS)

        (act,) = done(office, Filter(words=("计票",))).acts

    assert (act.unit, act.item, act.value, act.text) == (
        "A1", REVIEWS, Decimal("82.15"), "16 票 选票.csv",
    )  # fmt: skip
