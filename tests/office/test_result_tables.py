"""Result tables of a ranking: its scope, its rows, the ranks of each month, what it is stamped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from builders import (
    AUGUST,
    JULY,
    JUNE,
    a_unit,
    an_office,
    confirmed,
    observed,
    recorded,
)
from gsjx_tui.documents.check_code import parse_check_code
from gsjx_tui.documents.placing import ExportError
from gsjx_tui.domain import Month
from gsjx_tui.errors import StateError
from gsjx_tui.office.home import Office
from gsjx_tui.office.rank import rank
from gsjx_tui.office.result_tables import draft_results, file_name, write_tables

NOW = datetime(2013, 8, 5, 9, 30, 15)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    units = [a_unit("A1"), a_unit("A2"), a_unit("S1", "support"), a_unit("A3", since=JULY)]
    with an_office(tmp_path, *units) as office:
        recorded(office, observed("study.b1.body", 9, unit="A2"))
        recorded(office, observed("study.k1.group", 15, unit="A1", month=JULY))
        confirmed(office, JUNE, JULY)
        yield office


def test_it_states_the_ranking_and_each_months_ranks(office: Office) -> None:
    found = draft_results(office)

    assert found.scope == "截至2013年7月累计"
    assert found.months == (Month.parse(JUNE), Month.parse(JULY))
    assert [category.name for category in found.categories] == ["economy类", "support类"]
    economy = found.categories[0]
    ranking = [row for row in rank(office) if row.category == "economy"]
    assert [(row.unit, row.rank, row.points, row.gap) for row in economy.rows] == [
        (row.unit, row.rank, row.points, row.gap) for row in ranking
    ]
    assert [(trend.unit, trend.ranks) for trend in economy.trends] == [
        ("A1", (2, 1)),
        ("A2", (1, 2)),
        ("A3", (None, 3)),
    ]


def test_a_stage_counts_its_own_months_alone(office: Office) -> None:
    recorded(office, observed("selfcheck.k1.report", 15, unit="S1", month=AUGUST))
    confirmed(office, AUGUST)

    found = draft_results(office, stage="selfcheck")

    assert found.scope == "剖析自查阶段"
    assert found.months == (Month.parse(AUGUST),)
    support = {row.unit: row.points for row in found.categories[1].rows}
    assert support == {row.unit: row.points for row in rank(office, stage="selfcheck",
                       category="support")}  # fmt: skip
    assert found.categories[1].trends[0].ranks == (1,)


def test_a_stage_under_way_says_how_far_it_is(office: Office) -> None:
    assert draft_results(office, JUNE, "study").scope == "学习宣传阶段（截至2013年6月）"


def test_months_nobody_is_confirmed_for_have_no_ranks(office: Office) -> None:
    assert draft_results(office, "2013-12").months == (Month.parse(JUNE), Month.parse(JULY))


def test_a_draft_is_stamped_and_its_code_is_that_of_its_figures(office: Office) -> None:
    first, again, june = draft_results(office), draft_results(office), draft_results(office, JUNE)

    assert first.mark.stamp == "未定稿"
    assert parse_check_code(first.mark.code) == first.mark.code == again.mark.code
    assert june.mark.code != first.mark.code


def test_nothing_to_list_is_said(office: Office, tmp_path: Path) -> None:
    with pytest.raises(StateError, match="不在活动之内"):
        draft_results(office, "2015-01")
    with pytest.raises(StateError, match="没有阶段“x”"):
        draft_results(office, stage="x")
    (tmp_path / "new").mkdir()
    with an_office(tmp_path / "new") as empty, pytest.raises(StateError, match="还没有核定"):
        draft_results(empty)


def test_drafts_are_files_of_the_clock_and_never_written_over(office: Office) -> None:
    found = draft_results(office)

    path = write_tables(office, found, None, NOW)

    assert path == (
        office.home / "结果表" / "试点活动-截至2013年7月累计-未定稿-20130805-093015.xlsx"
    )
    sheet = load_workbook(path)["economy类"]
    assert sheet["A2"].value == f"截至2013年7月累计　未定稿　校验码 {found.mark.code}"
    assert sheet["D4"].value == float(found.categories[0].rows[0].points)
    with pytest.raises(ExportError, match="已有这个文件"):
        write_tables(office, found, None, NOW)
    named = write_tables(office, found, office.home / "七月", NOW)
    assert named == office.home / "七月.xlsx"


def test_names_of_files(office: Office) -> None:
    assert file_name("躬身践行·服务/发展:", "第1版") == "躬身践行·服务_发展_-第1版"
    assert file_name("长" * 200, "7Q4M-0KXT-93DE") == "长" * 56 + "-7Q4M-0KXT-93DE"
