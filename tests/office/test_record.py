"""Recording observations: typed, or a file of them; what may be recorded is checked here."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from builders import (
    JULY,
    JUNE,
    a_unit,
    an_office,
    confirmed,
    counts,
    observed,
    posted,
    recorded,
)
from gsjx_tui.domain import Kind, Month
from gsjx_tui.errors import Fault, ObservationError
from gsjx_tui.office.card import history
from gsjx_tui.office.check import Refused, check_open, value_of
from gsjx_tui.office.home import Office
from gsjx_tui.office.record import Imported, import_file, record
from gsjx_tui.office.verify import verify
from gsjx_tui.rubric.model import Field, Observation

HEADING = "unit,month,item,field,value,note"


def a_file(tmp_path: Path, *lines: str, name: str = "claims.csv", heading: str = HEADING) -> Path:
    """A CSV file with these lines under the heading."""
    path = tmp_path / name
    path.write_text("\n".join([heading, *lines]) + "\n", "utf-8")
    return path


def imported(office: Office, path: Path, kind: Kind = "claim") -> Imported:
    """What importing a file brings in."""
    return import_file(office, path, kind)


def faults(office: Office, path: Path, kind: Kind = "claim") -> tuple[Fault, ...]:
    """The faults that importing a file raises; nothing is recorded then."""
    before = counts(office.ledger)
    with pytest.raises(ObservationError) as refused:
        import_file(office, path, kind)
    assert counts(office.ledger) == before
    return refused.value.faults


# typed -----------------------------------------------------------------------------------------


def test_what_is_recorded_stands_in_the_ledger_with_who_and_how(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed("study.b1.body", "8.5", kind="claim"))
        recorded(office, observed("study.b1.body", 6, kind="verify"))

        seen = history(office, "A1", "study.b1.body").observations

    assert [(o.month, o.field, o.kind, o.value, o.source, o.by) for o in seen] == [
        (Month(2013, 6), "points", "claim", Decimal("8.50"), "entry", office.who),
        (Month(2013, 6), "points", "verify", Decimal("6.00"), "entry", office.who),
    ]


def test_a_confirmed_month_takes_no_new_observations_but_points_to_correcting(
    tmp_path: Path,
) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        confirmed(office, JUNE, units=["A1"])
        before = counts(office.ledger)

        with pytest.raises(ObservationError) as refused:
            recorded(
                office,
                observed("study.b1.body", 5, unit="A2"),
                observed("study.b1.body", 5, unit="A1"),
            )

        assert counts(office.ledger) == before
        recorded(office, observed("study.b1.body", 5, unit="A2"))
        recorded(office, observed("study.b1.body", 5, unit="A1", month=JULY))

    (fault,) = refused.value.faults
    assert fault.what.startswith(f"2013-06 已由 {office.who} 于 ")
    assert fault.remedy == "改动请用更正：gsjx correct"


def test_negative_answers_need_people_asked_in_the_ledger_or_beside_them(tmp_path: Path) -> None:
    sample = "study.e1.sample"

    with an_office(tmp_path) as office:
        with pytest.raises(ObservationError, match="填了不达标人数，没有抽查人数"):
            recorded(office, observed(sample, negative=1))
        recorded(office, observed(sample, negative=1, sampled=5))
        recorded(office, observed(sample, negative=5))
        with pytest.raises(ObservationError, match="不达标人数 6 多于抽查人数 5"):
            recorded(office, observed(sample, negative=6))
        with pytest.raises(ObservationError, match="不达标人数 5 多于抽查人数 4"):
            recorded(office, observed(sample, sampled=4))


# a file ----------------------------------------------------------------------------------------


def test_a_file_brings_in_all_its_rows(tmp_path: Path) -> None:
    file = a_file(
        tmp_path,
        f"A1,{JUNE},study.b1.body,points,8.5,有文件",
        f"A1,{JULY},study.b3.briefs,count,3,",
        f"A2,{JUNE},study.e1.rate,rate,90,",
    )

    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        done = imported(office, file)
        (seen,) = history(office, "A1", "study.b1.body").observations

    assert done == Imported(3, 2, (Month(2013, 6), Month(2013, 7)))
    assert (seen.kind, seen.value, seen.note, seen.source) == (
        "claim",
        Decimal("8.50"),
        "有文件",
        "import",
    )


def test_a_dry_run_checks_and_records_nothing(tmp_path: Path) -> None:
    file = a_file(tmp_path, f"A1,{JUNE},study.b1.body,points,8,")

    with an_office(tmp_path) as office:
        assert import_file(office, file, "claim", dry_run=True).observations == 1
        assert counts(office.ledger)["observation"] == 0


def test_chinese_headings_wide_digits_months_and_gbk_are_read(tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    text = "月份,单位代码,考核要点,数值,字段\r\n2013年6月,A1,study.b1.body,８．５,points\r\n"
    file.write_bytes(text.encode("gbk"))

    with an_office(tmp_path) as office:
        imported(office, file)
        confirmed(office, JUNE)

        assert posted(office)["study.b1.body", JUNE] == Decimal("8.50")


def test_a_workbook_is_read_like_a_csv_file(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["unit", "month", "item", "field", "value", "note"])
    book.active.append(["A1", JUNE, "study.b1.body", "points", 8.5, None])
    book.active.append(["A1", JUNE, "study.b3.briefs", "count", 2.0, "两篇"])
    book.save(tmp_path / "claims.xlsx")

    with an_office(tmp_path) as office:
        assert imported(office, tmp_path / "claims.xlsx").observations == 2
        confirmed(office, JUNE)

        assert posted(office)["study.b1.body", JUNE] == Decimal("8.50")


def test_the_same_cell_twice_with_one_value_counts_once(tmp_path: Path) -> None:
    line = f"A1,{JUNE},study.b1.body,points,8,"

    with an_office(tmp_path) as office:
        assert imported(office, a_file(tmp_path, line, line)).observations == 1


def test_the_same_cell_twice_with_two_values_is_refused(tmp_path: Path) -> None:
    lines = [f"A1,{JUNE},study.b1.body,points,{value}," for value in (8, 9)]

    with an_office(tmp_path) as office:
        (fault,) = faults(office, a_file(tmp_path, *lines))

    assert fault.where == "claims.csv 第 3 行"
    assert "与第 2 行是同一格" in fault.what


def test_every_bad_row_is_told_with_its_line_and_nothing_is_imported(tmp_path: Path) -> None:
    file = a_file(
        tmp_path,
        f"A1,{JUNE},study.b1.body,points,8,",
        f"A9,{JUNE},study.b1.body,points,8,",
        "A1,2013-6,study.b1.body,points,8,",
        f"A1,{JUNE},study.b1.bdy,points,8,",
        f"A1,{JUNE},study.b1.body,point,8,",
        f"A1,{JUNE},study.b1.body,points,10.01,",
        f"A1,{JUNE},study.b3.materials,late,1,",
        "A1,2013-08,study.b1.body,points,8,",
        f"A2,{JUNE},study.b1.body,points,8,",
        f"A3,{JUNE},study.b1.body,points,8,",
    )  # fmt: skip

    with an_office(tmp_path, a_unit("A1"), a_unit("A2", since=JULY), a_unit("A3")) as office:
        confirmed(office, JUNE, units=["A3"])
        found = faults(office, file)

    assert [(fault.where, fault.what.split("（")[0]) for fault in found[:-1]] == [
        ("claims.csv 第 3 行", "没有代码为“A9”的单位"),
        ("claims.csv 第 4 行", "月份“2013-6”写法不对"),
        ("claims.csv 第 5 行", "没有考核要点“study.b1.bdy”"),
        ("claims.csv 第 6 行", "study.b1.body 没有字段“point”"),
        ("claims.csv 第 7 行", "得分 10.01 超过上限 10"),
        ("claims.csv 第 8 行", "study.b3.materials 只由活动办掌握，不接受自评"),
        ("claims.csv 第 9 行", "study.b1.body 在 2013-08 不考核"),
        ("claims.csv 第 10 行", "A2局 在 2013-06 不参加考核"),
    ]
    assert found[-1].where == "claims.csv 第 11 行"
    assert found[-1].what.startswith("2013-06 已由 ")
    assert all(fault.remedy for fault in found)


def test_people_asked_and_negative_answers_may_stand_in_any_order(tmp_path: Path) -> None:
    lines = [f"A1,{JUNE},study.e1.sample,{field}," for field in ("negative,2", "sampled,5")]

    with an_office(tmp_path) as office:
        assert imported(office, a_file(tmp_path, *lines), "verify").observations == 2


def test_minus_nothing_is_nothing_and_leaves_the_chain_whole(tmp_path: Path) -> None:
    file = a_file(
        tmp_path, f"A1,{JUNE},study.b1.body,points,-0,", f"A1,{JUNE},study.e1.rate,rate,-0.00,"
    )

    with an_office(tmp_path) as office:
        imported(office, file)
        confirmed(office, JUNE)

        verify(office)


def test_nothing_in_a_note_can_steer_a_terminal(tmp_path: Path) -> None:
    file = a_file(tmp_path, f'A1,{JUNE},study.b1.body,points,8,"a\x1b[31m\x07b\u200e\tc"')

    with an_office(tmp_path) as office:
        imported(office, file)
        (seen,) = history(office, "A1", "study.b1.body").observations

    assert seen.note == "a[31mb c"


# one value -------------------------------------------------------------------------------------

POINTS = Field("points", "得分", "points", Decimal(10))
COUNT = Field("count", "篇数", "count", Decimal(99_999))
SAMPLED = Field("sampled", "抽查人数", "count", Decimal(99_999), minimum=Decimal(1))
RATE = Field("rate", "百分率", "rate", Decimal(100))


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (POINTS, "0", "0"),
        (POINTS, "10", "10"),
        (POINTS, "+9.99", "9.99"),
        (POINTS, "10.00", "10"),
        (COUNT, "99999", "99999"),
        (COUNT, "3.0", "3"),
        (SAMPLED, "1", "1"),
        (RATE, "100", "100"),
    ],
)
def test_a_value_within_its_bounds_is_taken(field: Field, text: str, value: str) -> None:
    assert value_of(field, text) == Decimal(value)


@pytest.mark.parametrize(
    ("field", "text", "what"),
    [
        (POINTS, "", "数值是空的"),
        (POINTS, "-0.01", "得分 -0.01 不能为负数"),
        (POINTS, "10.01", "得分 10.01 超过上限 10"),
        (POINTS, "9.999", "得分 9.999 超过两位小数"),
        (POINTS, "9.000", "得分 9.000 超过两位小数"),
        (POINTS, "优", "“优”不是数值"),
        (POINTS, "1e1", "“1e1”不是数值"),
        (POINTS, "nan", "“nan”不是数值"),
        (POINTS, "1,5", "“1,5”不是数值"),
        (POINTS, "5 ", "“5 ”不是数值"),
        (POINTS, "٥", "“٥”不是数值"),
        (POINTS, "=A1+1", "“=A1+1”是公式，不是数值"),
        (RATE, "95%", "“95%”带百分号"),
        (RATE, "100.01", "百分率 100.01 超过上限 100"),
        (COUNT, "1.5", "篇数 1.5 不是整数"),
        (COUNT, "-1", "篇数 -1 不能为负数"),
        (COUNT, "100000", "篇数 100000 超过上限 99999"),
        (SAMPLED, "0", "抽查人数 0 至少为 1"),
    ],
)
def test_a_value_that_cant_be_is_refused_with_the_reason(
    field: Field, text: str, what: str
) -> None:
    with pytest.raises(Refused) as refused:
        value_of(field, text)

    assert refused.value.what == what
    assert refused.value.remedy


# one place -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "month", "kind", "what"),
    [
        ("study.b1.body", "2013-05", "verify", "study.b1.body 在 2013-05 不考核"),
        ("rectify.b1.unit_plan", "2013-10", "verify", "rectify.b1.unit_plan 在 2013-10 不考核"),
        ("study.e5.graft", JUNE, "claim", "study.e5.graft 只由活动办掌握，不接受自评"),
        ("study.b1.body", JUNE, "claim", "A1局 在 2013-06 不参加考核"),
        ("rectify.b1.unit_plan", "2013-09", "verify", "A1局 在 2013-09 不参加考核"),
    ],
)
def test_a_place_that_takes_no_observation_is_refused_with_the_reason(
    tmp_path: Path, item: str, month: str, kind: Kind, what: str
) -> None:
    unit = a_unit(since=JULY, through="2013-08")

    with an_office(tmp_path, unit) as office, pytest.raises(Refused) as refused:
        check_open(unit, office.rubric.items[item], Month.parse(month), kind)

    assert refused.value.what == what
    assert refused.value.remedy


@pytest.mark.parametrize("month", ["2013-09", "2014-01", "2014-03"])
def test_a_sample_is_open_in_every_month_whatever_its_siblings_are_tied_to(
    tmp_path: Path, month: str
) -> None:
    with an_office(tmp_path) as office:
        result = office.rubric.items["rectify.e2.result"]
        recorded(office, observed("rectify.e2.sample", month=month, sampled=5, negative=1))

    assert [str(m) for m in result.months] == ["2014-01"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"value": Decimal(11)}, "超过上限 10"),
        ({"value": Decimal("9.555")}, "超过两位小数"),
        ({"month": Month(2013, 8)}, "不考核"),
        ({"field": "count"}, "没有字段"),
        ({"unit": "X9"}, "没有代码为"),
        ({"item": "study.e5.graft", "field": "count"}, "不接受自评"),
    ],
)
def test_recording_trusts_no_face(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    sound = Observation("A1", Month(2013, 6), "study.b1.body", "points", "claim", Decimal(5))

    with an_office(tmp_path) as office:
        with pytest.raises(ObservationError, match=says):
            record(office, [sound, replace(sound, **change)])

        assert office.ledger.head("observation").seq == 0
