"""Papers from the command line: forms made, taken in, results, templates checked."""

from __future__ import annotations

from pathlib import Path

import pytest
from clerk import AUGUST, JULY, JUNE, Desk, assert_refused, counts
from openpyxl import load_workbook


def fill(path: Path, **cells: object) -> Path:
    book = load_workbook(path)
    for address, value in cells.items():
        book["自评表"][address] = value
    book.save(path)
    return path


def test_forms_go_out_and_come_back(june: Desk) -> None:
    made = june.do("forms", JULY)
    folder = june.home / "自评表-2013-07"
    assert made.out == f"已在 {folder} 生成 2013-07 的自评表 7 份。\n"
    first = next(folder.glob("2013-07_A01_*"))
    second = next(folder.glob("2013-07_A02_*"))
    sheet = load_workbook(first)["自评表"]
    rows = {row[0].value: row[7] for row in sheet.iter_rows(min_row=5)}
    group = rows["study.k1.group/points"]
    assert group.value == 12  # claimed already
    fill(first, **{group.coordinate: 13})
    fill(second, **{group.coordinate: 10.5})

    trial = june.do("import", folder, "--dry-run")
    done = june.do("import", folder)
    again = june.do("import", first, second)

    assert (
        trial.out
        == "检查通过，未导入 7 份自评表（2013-07）：记录自评 2 条，另有 0 条账本里已是这样。\n"
    )
    assert done.out == trial.out.replace("检查通过，未导入", "已导入")
    assert "记录自评 0 条，另有 2 条账本里已是这样" in again.out
    query = (
        "select unit, value from newest where item = 'study.k1.group' and month = '2013-07'"
        " order by unit"
    )
    assert [(unit, float(value)) for unit, value in june.ask(query)] == [
        ("A01", 13.0),
        ("A02", 10.5),
    ]


def test_forms_of_a_confirmed_month_are_refused(june: Desk) -> None:
    before = counts(june.home)

    assert_refused(june.run("forms", JUNE), "2013-06 已经核定")
    assert_refused(june.run("forms", JULY, "--unit", "X"), "没有代码为“X”的单位")
    assert not list(june.home.glob("自评表*"))
    assert counts(june.home) == before


def test_forms_into_a_folder_for_some_units(june: Desk, tmp_path: Path) -> None:
    june.do("forms", AUGUST, "--unit", "A01", "B01", "--unit", "T01", "--into", tmp_path / "发")

    assert [path.name.split("_")[1] for path in sorted((tmp_path / "发").iterdir())] == [
        "A01",
        "B01",
        "T01",
    ]


def test_faults_are_listed_and_nothing_is_imported(june: Desk) -> None:
    june.do("forms", JULY)
    folder = june.home / "自评表-2013-07"
    first = fill(next(folder.glob("2013-07_A01_*")), H5=99)
    before = counts(june.home)

    assert_refused(june.run("import", first), f"{first.name} 单元格 H5（", "超过上限")
    assert counts(june.home) == before


def test_results_are_written_and_stamped(june: Desk, tmp_path: Path) -> None:
    made = june.do("results", "--into", tmp_path / "结果.xlsx")

    assert made.out.startswith(f"已生成 {tmp_path / '结果.xlsx'}：截至2013年6月累计，4 个类别，")
    assert "未定稿" in made.out
    book = load_workbook(tmp_path / "结果.xlsx")
    assert book.sheetnames[-2:] == ["名次走势", "图表"]
    assert_refused(june.run("results", "--into", tmp_path / "结果.xlsx"), "已有这个文件")


def test_results_before_anything_is_confirmed(fresh: Desk) -> None:
    assert_refused(fresh.run("results"), "还没有核定任何月份")


def test_templates_are_checked(fresh: Desk) -> None:
    assert "全部可用。" in fresh.do("check-templates").out
    (fresh.home / "templates").mkdir()
    (fresh.home / "templates" / "通报.docx").write_text("没有占位符", "utf-8")

    assert_refused(fresh.run("check-templates"), "通报.docx", "不是完整的 Word 文件")


def test_a_draft_notice_is_written_and_its_code_found(june: Desk) -> None:
    made = june.do("paper", "notice", "--through", JUNE, "--number", "某办〔2013〕5号")

    (path,) = (june.home / "文件").glob("*.docx")
    assert str(path) in made.out and "未定稿" in made.out
    code = path.stem[-14:]
    found = june.do("check-paper", code)
    assert found.out.startswith(f"{code}：通报（截至2013年6月累计），未定稿，数字与账本现在的相符")
    assert "A02  乙局  26.00" in found.out
    data = june.do("check-paper", code, "--format", "json").data
    assert (data["paper"], data["edition"], data["newer"]) == ("通报", None, False)
    assert data["figures"][0][:3] == ["经济民生部门", "1", "A02"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("notice", "7"), "没有发布第 7 号"),
        (("rectification", "7"), "没有台账第 7 号"),
        (("letter",), "没有写编号"),
        (("decision", "3"), "没有申诉第 3 号"),
        (("talk", "1", "--stage", "study"), "只用于未定稿的通报"),
        (("notice", "--dated", "五日"), "成文日期：“五日”不是日期"),
        (("notice", "--where", "会议室"), "没有“谈话地点”这一栏"),
    ],
)
def test_papers_that_cant_be(june: Desk, words: tuple[str, ...], says: str) -> None:
    assert_refused(june.run("paper", *words), says)
    assert not (june.home / "文件").exists()


def test_an_edition_has_its_scope_already(june: Desk) -> None:
    assert_refused(june.run("results", "--edition", "1", "--stage", "study"), "已经定了范围")
    assert_refused(june.run("results", "--edition", "1"), "没有发布第 1 号")


@pytest.mark.parametrize(
    "words",
    [("forms",), ("paper", "x"), ("paper", "notice", "x"), ("import",), ("results", "--through")],
)
def test_wrong_usage(fresh: Desk, words: tuple[str, ...]) -> None:
    assert fresh.run(*words).code == 2
