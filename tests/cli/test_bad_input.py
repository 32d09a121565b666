"""Whatever is wrong with a file, a ledger or a disk: one clear message, and nothing written."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import duckdb
import openpyxl
import pytest
from clerk import (
    AUGUST,
    HEADINGS,
    JULY,
    JUNE,
    ROSTER,
    Desk,
    Ended,
    assert_clear,
    assert_nothing_written,
    assert_refused,
    command,
    counts,
    process,
    rows_text,
)

A_ROW = f"A01,{JULY},study.b1.body,points,9"


# rows ------------------------------------------------------------------------------------------


BAD_ROWS = {
    "unknown unit": (
        f"X99,{JULY},study.b1.body,points,8",
        "没有代码为“X99”的单位；对照名册 units.csv 改正单位代码",
    ),
    "no unit": (f",{JULY},study.b1.body,points,8", "没有代码为“”的单位"),
    "unknown item": (
        f"A01,{JULY},study.b1.bodies,points,8",
        "没有考核要点“study.b1.bodies”；用 gsjx rubric 查看全部考核要点",
    ),
    "unknown field": (
        f"A01,{JULY},study.b1.body,count,8",
        "study.b1.body 没有字段“count”；可用：points",
    ),
    "month before the campaign": (
        "A01,2013-05,study.b1.body,points,8",
        "月份 2013-05 不在活动之内；活动为 2013-06 至 2014-06",
    ),
    "month after the campaign": ("A01,2014-07,study.b1.body,points,8", "2014-07 不在活动之内"),
    "no such month": ("A01,2013-13,study.b1.body,points,8", "“2013-13”写法不对；写成 2013-06"),
    "month with one digit": ("A01,2013-7,study.b1.body,points,8", "“2013-7”写法不对"),
    "month as Excel shows a date": ("A01,Jul-13,study.b1.body,points,8", "“Jul-13”写法不对"),
    "no month": ("A01,,study.b1.body,points,8", "月份“”写法不对"),
    "no value": (f"A01,{JULY},study.b1.body,points,", "数值是空的；填上数值，或删去该行"),
    "value in words": (f"A01,{JULY},study.b1.body,points,八分", "“八分”不是数值；填 0 到 10 的数"),
    "value with a unit": (f"A01,{JULY},study.b1.body,points,8分", "“8分”不是数值"),
    "exponent": (f"A01,{JULY},study.b1.body,points,1e1", "“1e1”不是数值"),
    "not a number": (f"A01,{JULY},study.b1.body,points,NaN", "“NaN”不是数值"),
    "thousands of digits": (f"A01,{JULY},study.b1.body,points,{'9' * 5000}", "不是数值"),
    "negative count": (
        f"A01,{JULY},study.b3.briefs,count,-1",
        "篇数 -1 不能为负数；填不小于 0 的整数",
    ),
    "count that is not whole": (
        f"A01,{JULY},study.b3.briefs,count,1.5",
        "篇数 1.5 不是整数；填不小于 0 的整数",
    ),
    "count that nobody reaches": (f"A01,{JULY},study.b3.briefs,count,100000", "超过上限 99999"),
    "points above the maximum": (
        f"A01,{JULY},study.b1.body,points,10.01",
        "得分 10.01 超过上限 10；填 0 到 10 的数",
    ),
    "negative points": (f"A01,{JULY},study.b1.body,points,-0.01", "得分 -0.01 不能为负数"),
    "points with three decimals": (
        f"A01,{JULY},study.b1.body,points,9.125",
        "得分 9.125 超过两位小数；至多写两位小数",
    ),
    "rate above 100": (f"A01,{JULY},study.e1.rate,rate,100.5", "百分率 100.5 超过上限 100"),
    "rate in per cent": (f"A01,{JULY},study.e1.rate,rate,95%", "“95%”带百分号；填 0 到 100 的数字"),
    "formula": (f"A01,{JULY},study.b1.body,points,=1+2", "“=1+2”是公式，不是数值"),
    "claim for an item of the office": (
        f"A01,{JULY},study.b3.materials,late,1",
        "study.b3.materials 只由活动办掌握，不接受自评；用 --kind verify 录入复核",
    ),
    "month outside the item's months": (
        "A01,2013-10,rectify.b1.unit_plan,points,5",
        "rectify.b1.unit_plan 在 2013-10 不考核；它的考核月份：2013-09",
    ),
    "month of another stage": (f"A01,{AUGUST},study.b1.body,points,5", f"在 {AUGUST} 不考核"),
    "before the unit takes part": (
        f"T02,{JULY},study.b1.body,points,5",
        f"庚镇 在 {JULY} 不参加考核；它自 {AUGUST} 起参加",
    ),
    "after the unit took part": (
        f"T03,{AUGUST},selfcheck.b1.plan,points,5",
        f"辛乡 在 {AUGUST} 不参加考核；它至 {JULY} 止参加",
    ),
    "confirmed month": (f"A01,{JUNE},study.b1.body,points,5", f"{JUNE} 已由 "),
}


@pytest.mark.parametrize(("row", "says"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_is_named_and_nothing_imported(june: Desk, row: str, says: str):
    before = counts(june.home)

    ended = june.hand_in(A_ROW, row, A_ROW.replace("A01", "A02"))

    assert_refused(
        ended, "handed-in.csv 有 1 处错误，没有导入任何内容：", "handed-in.csv 第 3 行："
    )
    assert says in ended.err
    assert_nothing_written(june, before)


def test_a_confirmed_month_says_who_confirmed_it_and_how_to_correct(june: Desk):
    (who, when) = june.ask("select any_value(confirmed_by), max(confirmed_at) from confirmation")[0]

    for kind in ("claim", "verify"):
        ended = june.hand_in(f"A01,{JUNE},study.b1.body,points,5", kind=kind)

        assert_refused(ended, f"{JUNE} 已由 {who} 于 {when:%Y}-", "改动请用更正：gsjx correct")
    assert june.ask("select count(*) from observation where kind = 'verify'") == [(0,)]


SAMPLES = {
    "more negative than sampled": (
        (
            f"A01,{JULY},study.e1.sample,sampled,5",
            f"A01,{JULY},study.e1.sample,negative,6",
        ),
        "不达标人数 6 多于抽查人数 5",
    ),
    "negative without sampled": (
        (f"A01,{JULY},study.e1.sample,negative,1",),
        "填了不达标人数，没有抽查人数",
    ),
    "nobody sampled": ((f"A01,{JULY},study.e1.sample,sampled,0",), "抽查人数 0 至少为 1"),
}


@pytest.mark.parametrize(("rows", "says"), SAMPLES.values(), ids=SAMPLES)
def test_a_sample_that_cannot_be(june: Desk, rows: tuple[str, ...], says: str):
    before = counts(june.home)

    ended = june.hand_in(*rows, kind="verify")

    assert_refused(ended, "handed-in.csv 第 2 行：", says)
    assert_nothing_written(june, before)


def test_a_sample_is_held_against_what_the_ledger_knows(june: Desk):
    assert june.hand_in(f"A01,{JULY},study.e1.sample,sampled,5", kind="verify").code == 0
    before = counts(june.home)

    more = june.hand_in(f"A01,{JULY},study.e1.sample,negative,6", kind="verify")
    fits = june.hand_in(f"A01,{JULY},study.e1.sample,negative,5", kind="verify")
    less = june.hand_in(f"A01,{JULY},study.e1.sample,sampled,4", kind="verify")

    assert_refused(more, "不达标人数 6 多于抽查人数 5")
    assert fits.code == 0
    assert_refused(less, "不达标人数 5 多于抽查人数 4")
    assert_nothing_written(june, (before[0] + 1, *before[1:]))


def test_the_same_cell_twice_with_different_values(june: Desk):
    before = counts(june.home)

    ended = june.hand_in(A_ROW, A_ROW.replace("A01", "A02"), A_ROW.removesuffix("9") + "8")

    assert_refused(
        ended,
        "handed-in.csv 第 4 行：与第 2 行是同一格（A01、2013-07、study.b1.body、points），"
        "数值却不同：9 和 8；只留正确的一行。",
    )
    assert_nothing_written(june, before)


def test_the_same_cell_twice_with_the_same_value_counts_once(june: Desk):
    before = counts(june.home)

    ended = june.hand_in(A_ROW, A_ROW, "A01,2013年7月,study.b1.body,points,９.00")

    assert (ended.code, ended.out) == (0, f"已导入 1 条自评：1 个单位，{JULY}。\n")
    assert counts(june.home) == (before[0] + 1, *before[1:])


def test_every_bad_row_is_listed_in_the_order_of_the_file(june: Desk):
    before = counts(june.home)

    ended = june.hand_in(
        A_ROW,
        f"A01,{JUNE},study.b1.body,points,1",  # 3: confirmed, known only from the ledger
        f"X99,{JULY},study.b1.body,points,1",  # 4
        A_ROW.replace("A01", "A02"),
        f'A02,{JULY},study.k1.self,points,16,"两行的\n说明"',  # 6 and 7
        f"B01,{JUNE},study.b1.body,points,1",  # 8: confirmed
        A_ROW.removesuffix("9") + "1",  # 9: another value for the cell of line 2
        f"B01,{JULY},study.b3.briefs,count,1.5",  # 10
    )

    assert_refused(ended, "handed-in.csv 有 6 处错误，没有导入任何内容：")
    lines = [line.partition("：")[0] for line in ended.err.splitlines()[1:]]
    assert lines == [f"handed-in.csv 第 {line} 行" for line in (3, 4, 6, 8, 9, 10)]
    assert_nothing_written(june, before)


def test_a_dry_run_finds_the_same_faults(june: Desk):
    path = june.file("claims.csv", rows_text(f"X99,{JULY},study.b1.body,points,8"))

    dry = june.run("import", path, "--dry-run")

    assert_refused(dry, "claims.csv 第 2 行：没有代码为“X99”的单位")
    assert dry == june.run("import", path)


def test_what_a_note_holds_never_steers_a_terminal(june: Desk):
    assert june.hand_in(f"{A_ROW},\x1b[31m红\x07色").code == 0

    assert june.ask("select note from observation order by seq desc limit 1") == [("[31m红色",)]


# CSV files -------------------------------------------------------------------------------------


GOOD = rows_text(
    f"A01,{JULY},study.b1.body,points,9,组织机构成立文件",
    f"A02,{JULY},study.b3.briefs,count,12",
)
WAYS_TO_WRITE = {
    "UTF-8": GOOD.encode(),
    "UTF-8 with BOM": GOOD.encode("utf-8-sig"),
    "GBK": GOOD.encode("gbk"),
    "CRLF": GOOD.replace("\n", "\r\n").encode("utf-8-sig"),
    "CR": GOOD.replace("\n", "\r").encode(),
    "no line end at the end": GOOD.rstrip("\n").encode(),
    "blank lines": GOOD.replace("\n", "\n\n , ,,\n").encode(),
    "blanks around": GOOD.replace(",", " ,\u3000").encode(),
    "everything quoted": "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in GOOD.splitlines()
    ).encode(),
    "full-width digits": GOOD.replace(",12", ",１２").replace(",9,", ",９.００,").encode("gbk"),
    "full-width letters": GOOD.replace("A01", "Ａ０１").replace("study", "ｓｔｕｄｙ").encode(),
    "Chinese months": GOOD.replace(JULY, "2013年7月").encode("gbk"),
    "other columns": "\n".join(
        ",".join([*line.split(","), ""][i] for i in (5, 2, 0, 4, 3, 1))
        for line in GOOD.splitlines()
    ).encode(),
    "Chinese headings": GOOD.replace(
        ",".join(HEADINGS), "单位代码,月份,考核要点,字段,数值,说明"
    ).encode("gbk"),
    "no notes": "\n".join(",".join(line.split(",")[:5]) for line in GOOD.splitlines()).encode(),
    "trailing commas": "\n".join(f"{line},," for line in GOOD.splitlines()).encode(),
}


@pytest.mark.parametrize("content", WAYS_TO_WRITE.values(), ids=WAYS_TO_WRITE)
def test_a_file_is_read_however_it_was_written(fresh: Desk, content: bytes):
    ended = fresh.do("import", fresh.file("claims.csv", content))

    assert ended.out == f"已导入 2 条自评：2 个单位，{JULY}。\n"
    seen = fresh.ask("select unit, month, item, value::text, note from observation order by seq")
    assert [row[:4] for row in seen] == [
        ("A01", JULY, "study.b1.body", "9.00"),
        ("A02", JULY, "study.b3.briefs", "12.00"),
    ]
    assert seen[0][4] in ("组织机构成立文件", "")


def no_such_file(desk: Desk) -> Path:
    return desk.home.parent / "nowhere.csv"


def a_folder(desk: Desk) -> Path:
    folder = desk.home.parent / "folder.csv"
    folder.mkdir()
    return folder


def a_file(content: str | bytes, name: str = "claims.csv") -> Callable[[Desk], Path]:
    return lambda desk: desk.file(name, content)


HEADING = ",".join(HEADINGS)
BAD_FILES: dict[str, tuple[Callable[[Desk], Path], str]] = {
    "missing": (no_such_file, "nowhere.csv：读不出：没有这个文件或文件夹；核对文件名与权限。"),
    "a folder": (a_folder, "folder.csv：文件夹里没有 .xlsx 文件"),
    "empty": (a_file(""), "claims.csv：是空的；第一行写标题：unit,month,item,field,value"),
    "only blank lines": (a_file("\n\n  \n,,\n"), "claims.csv：是空的"),
    "only BOM": (a_file(b"\xef\xbb\xbf"), "claims.csv：是空的"),
    "only headings": (a_file(HEADING + "\n"), "claims.csv：只有标题，没有内容"),
    "no headings": (a_file(A_ROW + "\n"), "第 1 行：缺少标题 unit（单位代码）"),
    "a heading missing": (
        a_file(f"unit,month,item,value\nA01,{JULY},study.b1.body,9\n"),
        "claims.csv 第 1 行：缺少标题 field（字段）；标题行补上这一列。",
    ),
    "an unknown heading": (
        a_file(f"{HEADING},remark\n{A_ROW},,\n"),
        "claims.csv 第 1 行：不认识的标题“remark”；删去该列，可用：unit、month、item",
    ),
    "a heading twice": (
        a_file(f"{HEADING},unit\n{A_ROW},,A01\n"),
        "claims.csv 第 1 行：标题 unit 出现两次；只留一列。",
    ),
    "a heading in both languages": (
        a_file(f"{HEADING},数值\n{A_ROW},,9\n"),
        "标题 value 出现两次",
    ),
    "too many cells": (
        a_file(rows_text(A_ROW, f"{A_ROW},一,二,三")),
        "claims.csv 第 3 行：有 8 格，标题只有 6 格；删去多余的逗号或格子",
    ),
    "unclosed quote": (
        a_file(rows_text(A_ROW, f'{A_ROW},"没有完', A_ROW.replace("A01", "A02"))),
        "claims.csv 第 3 行：引号不成对，或引号外还有文字；改正引号。",
    ),
    "text behind a quote": (a_file(rows_text(f'{A_ROW},"甲"乙')), "第 2 行：引号不成对"),
    "a cell of the size of a book": (
        a_file(rows_text(f'{A_ROW},"{"字" * 200_000}')),
        "第 2 行：有一格超过 32767 个字，或全部文字太多；缩短说明。",
    ),
    "UTF-16": (
        a_file(GOOD.encode("utf-16")),
        "claims.csv：是 UTF-16 编码；另存为“CSV UTF-8”或 .xlsx。",
    ),
    "UTF-16 without BOM": (a_file(GOOD.encode("utf-16-le")), "claims.csv：不是文本文件"),
    "binary": (a_file(bytes(range(256)) * 20), "claims.csv：不是文本文件"),
    "a picture": (a_file(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "claims.csv：不是文本文件"),
    "neither UTF-8 nor GBK": (
        a_file(GOOD.encode() + b"A01,\xff\xff\n"),
        "claims.csv 第 4 行：既不是 UTF-8 也不是 GBK 编码",
    ),
    "old Excel": (
        a_file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500, "claims.xls"),
        "claims.xls：是旧版 XLS 或加密的工作簿；在 Excel 中解密并另存为 .xlsx。",
    ),
    "old Excel by another name": (
        a_file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500, "claims.xlsx"),
        "claims.xlsx：是旧版 XLS",
    ),
    "a zip that is no workbook": (
        a_file(b"PK\x03\x04" + b"\x00" * 100, "claims.xlsx"),
        "claims.xlsx：工作簿不完整或已损坏；在 Excel 中打开并重新另存为 .xlsx，或重新传送。",
    ),
}


@pytest.mark.parametrize(("make", "says"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_is_no_table_of_observations(
    june: Desk, make: Callable[[Desk], Path], says: str
):
    before = counts(june.home)
    path = make(june)

    ended = june.run("import", path)

    assert_refused(ended, says)
    assert_nothing_written(june, before)


def test_a_file_that_may_not_be_read(june: Desk):
    path = june.file("claims.csv", GOOD)
    path.chmod(0)

    ended = process(june.home, "import", path, prefix=without_privileges())

    assert_refused(ended, "claims.csv：读不出：没有权限；核对文件名与权限。")


# XLSX files ------------------------------------------------------------------------------------


def workbook(desk: Desk, *rows: tuple[object, ...], name: str = "claims.xlsx") -> Path:
    """A workbook with one sheet of rows under the headings."""
    book = openpyxl.Workbook()
    for row in (HEADINGS, *rows):
        book.active.append(row)
    path = desk.home.parent / name
    book.save(path)
    return path


def test_a_workbook_is_read_as_it_looks(fresh: Desk):
    path = workbook(
        fresh,
        ("A01", JULY, "study.b1.body", "points", 8.1, "成立文件"),
        ("A02", date(2013, 7, 1), "study.b3.briefs", "count", 3, None),
        (None, None, None, None, None, None),
        ("A03", datetime(2013, 7, 31, 12), "study.b3.briefs", "count", "１２"),
        ("B01", "2013年7月", "study.b1.body", "points", " 7.50 "),
        ("C01", JULY, "study.b3.briefs", "count", 4.0),
    )

    ended = fresh.do("import", path)

    assert ended.out == f"已导入 5 条自评：5 个单位，{JULY}。\n"
    assert fresh.ask("select unit, month, value::text, note from observation order by seq") == [
        ("A01", JULY, "8.10", "成立文件"),
        ("A02", JULY, "3.00", ""),
        ("A03", JULY, "12.00", ""),
        ("B01", JULY, "7.50", ""),
        ("C01", JULY, "4.00", ""),
    ]


def test_a_workbook_may_have_chinese_headings_and_any_name(fresh: Desk):
    book = openpyxl.Workbook()
    book.create_sheet("空表")
    book.active.append(["说明", "数值", "字段", "考核要点", "月份", "单位代码"])
    book.active.append(["文件", 9, "points", "study.b1.body", date(2013, 7, 9), "A01"])
    path = fresh.home.parent / "claims.dat"
    book.save(path)

    assert fresh.do("import", path).out == f"已导入 1 条自评：1 个单位，{JULY}。\n"


def test_what_excel_keeps_besides_is_not_complained_about(fresh: Desk):
    """openpyxl warns, in English, of what it doesn't know: here a workbook without styles."""
    path = workbook(fresh, ("A01", JULY, "study.b1.body", "points", 9))
    replace_in_workbook(path, "xl/styles.xml", rb"(?s).*", NO_STYLES)

    ended = process(fresh.home, "import", path)

    assert (ended.code, ended.err) == (0, "")


NO_STYLES = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'


def test_a_number_of_a_workbook_has_the_digits_that_excel_shows(fresh: Desk):
    """Excel keeps 0.1 + 0.2 as 0.30000000000000004 and shows 0.3."""
    path = workbook(fresh, ("A01", JULY, "study.b1.body", "points", 0.1 + 0.2))
    exact = rb"<v>0.30000000000000004</v>"
    replace_in_workbook(path, "xl/worksheets/sheet1.xml", rb"<v>0\.3[0-9]*</v>", exact)

    fresh.do("import", path)

    assert fresh.ask("select value::text from observation") == [("0.30",)]


def replace_in_workbook(path: Path, part: str, pattern: bytes, by: bytes) -> None:
    """Rewrites one part of a workbook."""
    with ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts[part], found = re.subn(pattern, by, parts[part], count=1)
    assert found
    with ZipFile(path, "w", ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)


BAD_CELLS = {
    "formula": (("=SUM(1,2)", "General"), "“=SUM(1,2)”是公式，不是数值；在 Excel 中复制后"),
    "per cent": ((0.95, "0%"), "“0.95%”带百分号；填 0 到 100 的数字，不带百分号"),
    "hidden decimals": ((9.4999, "0.00"), "9.4999 超过两位小数"),
    "true or false": ((True, "General"), "“True”不是数值"),
    "fault of Excel": (("#N/A", "General"), "“#N/A”不是数值"),
    "date": ((date(2013, 7, 1), "yyyy-mm-dd"), "“2013-07”不是数值"),
}


@pytest.mark.parametrize(("cell", "says"), BAD_CELLS.values(), ids=BAD_CELLS)
def test_a_cell_that_is_no_value(june: Desk, cell: tuple[object, str], says: str):
    before = counts(june.home)
    book = openpyxl.Workbook()
    for row in (HEADINGS, ("A02", JULY, "study.e1.rate", "rate", 9), (), ()):
        book.active.append(row)
    book.active.append(("A01", JULY, "study.e1.rate", "rate", cell[0]))
    book.active.cell(5, 5).number_format = cell[1]
    path = june.home.parent / "claims.xlsx"
    book.save(path)

    ended = june.run("import", path)

    assert_refused(ended, "claims.xlsx 第 5 行：", says)
    assert_nothing_written(june, before)


def test_a_truncated_workbook(june: Desk):
    before = counts(june.home)
    content = workbook(june, ("A01", JULY, "study.b1.body", "points", 9)).read_bytes()

    for size in range(4, len(content), len(content) // 12):
        ended = june.run("import", june.file("claims.xlsx", content[:size]))

        assert_refused(ended, "claims.xlsx：工作簿不完整或已损坏；在 Excel 中打开并重新另存为")
    assert_nothing_written(june, before)


def test_a_workbook_with_broken_bytes(june: Desk):
    """A compression method nobody knows, a broken checksum: zip has many ways to complain."""
    content = workbook(june, ("A01", JULY, "study.b1.body", "points", 9)).read_bytes()
    at = content.index(b"PK\x01\x02")

    for offset in (10, 16, 20, 42):
        broken = bytearray(content)
        broken[at + offset] ^= 0x5A
        ended = june.run("import", june.file("claims.xlsx", bytes(broken)))

        assert ended.code in (0, 1)
        if ended.code:
            assert_refused(ended, "claims.xlsx：工作簿不完整或已损坏")


def test_an_empty_workbook_and_one_with_two_sheets(june: Desk):
    before = counts(june.home)
    empty = openpyxl.Workbook()
    empty.save(june.home.parent / "empty.xlsx")
    path = workbook(june, ("A01", JULY, "study.b1.body", "points", 9))
    book = openpyxl.load_workbook(path)
    book.create_sheet("七月").append(["另一张"])
    book.save(path)

    assert_refused(june.run("import", june.home.parent / "empty.xlsx"), "empty.xlsx：是空的")
    two = june.run("import", path)
    assert_refused(two, "claims.xlsx：有 2 个有内容的工作表：Sheet、七月；只留要导入的一个。")
    assert_nothing_written(june, before)


# a ledger that is none -------------------------------------------------------------------------


ALL_COMMANDS = (
    ("import", "{file}"),
    ("confirm", JULY),
    (
        *("correct", "--unit", "A01", "--item", "study.b1.body", "--month", JUNE),
        *("--set", "points=5", "--reason", "复查"),
    ),
    ("rank",),
    ("card", "A01"),
    ("outcomes",),
    ("sql", "select count(*), sum(points) from posting"),
    ("verify",),
)


def run_all(desk: Desk, commands: tuple[tuple[str, ...], ...] = ALL_COMMANDS) -> Iterator[Ended]:
    """Each command in turn, in a process of its own: a damaged file may take one down."""
    path = desk.file("claims.csv", GOOD)
    for words in commands:
        yield process(desk.home, *(word.format(file=path) for word in words))


NO_LEDGERS = {
    "text": "这不是账本\n".encode() * 50,
    "empty": b"",
    "eleven bytes": b"\x00" * 8 + b"DUC",
    "SQLite": b"SQLite format 3\x00" + b"\x00" * 84,
}


@pytest.mark.parametrize("content", NO_LEDGERS.values(), ids=NO_LEDGERS)
def test_a_ledger_that_is_no_database_is_left_alone(june: Desk, content: bytes):
    ledger = june.home / "ledger.duckdb"
    ledger.write_bytes(content)

    for ended in run_all(june):
        assert_refused(
            ended, "账本文件不是本程序的账本；确认 --home 指向正确的文件夹，或从备份恢复：gsjx"
        )
    assert_refused(june.run("init"), "已经存在，没有改动")
    assert ledger.read_bytes() == content
    assert not (june.home / "ledger.duckdb.wal").exists()


def test_somebody_elses_duckdb_file_is_left_alone(june: Desk):
    ledger = june.home / "ledger.duckdb"
    ledger.unlink()
    with duckdb.connect(str(ledger)) as connection:
        connection.execute("create table prices as select 1 as price")

    for ended in run_all(june):
        assert_refused(ended, "账本文件不是本程序的账本")
    assert june.ask("select table_name from duckdb_tables()") == [("prices",)]


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.001, 0.05, 0.5])
def test_a_truncated_ledger(june: Desk, share: float):
    ledger = june.home / "ledger.duckdb"
    whole = ledger.read_bytes()
    cut = whole[: int(len(whole) * share)]

    for words in ALL_COMMANDS:
        ledger.write_bytes(cut)
        (ended,) = run_all(june, (words,))

        assert_refused(
            ended,
            "账本文件读不出，可能已损坏；不要改动该文件，从备份恢复：gsjx restore",
            "供管理员参考：",
        )


@pytest.mark.slow
def test_a_ledger_with_broken_bytes(june: Desk):
    """The checksums of every block are looked at: no figure is ever read from a broken one."""
    ledger = june.home / "ledger.duckdb"
    whole = ledger.read_bytes()
    good = june.do("rank").out

    refused = 0
    for at in range(12_288 + 100, len(whole), 262_144):  # the beginning of each block
        broken = bytearray(whole)
        broken[at : at + 64] = b"\xa5" * 64
        ledger.write_bytes(broken)
        ended = process(june.home, "rank")
        if ended.code:
            assert_refused(ended, "账本文件读不出，可能已损坏")
            refused += 1
        else:
            assert ended.out == good
    assert refused


def test_a_ledger_of_a_newer_program(june: Desk):
    before = counts(june.home)
    with duckdb.connect(str(june.home / "ledger.duckdb")) as connection:
        connection.execute("insert into schema_step values (99, now()::timestamp)")

    for ended in run_all(june):
        assert_refused(
            ended, "账本由更新版本的程序建立（结构第 99 步，本程序只认识到第 7 步）；请升级本程序。"
        )
    assert counts(june.home) == before


def test_a_folder_in_the_place_of_the_ledger(june: Desk):
    (june.home / "ledger.duckdb").unlink()
    (june.home / "ledger.duckdb").mkdir()

    for ended in run_all(june):
        assert_refused(ended, "ledger.duckdb 不能读写：是文件夹，不是文件")


@pytest.mark.parametrize("name", ["campaign.toml", "units.csv"])
def test_a_home_that_lacks_one_of_its_files(june: Desk, name: str):
    before = counts(june.home)
    (june.home / name).unlink()

    for ended in run_all(june):
        assert_refused(ended, f"{name}：没有这个文件；从备份恢复")
    assert counts(june.home) == before


# a ledger in use -------------------------------------------------------------------------------


@pytest.fixture
def held(june: Desk) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the ledger of ``june`` open for writing."""
    program = (
        "import duckdb, sys\n"
        "connection = duckdb.connect(sys.argv[1])\n"
        "print('open', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(june.home / "ledger.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        yield holder
        holder.kill()


def test_a_ledger_in_use_names_the_process(june: Desk, held: subprocess.Popen[str]):
    for ended in run_all(june):
        assert_refused(ended, f" 使用（进程 {held.pid}）；请那边先退出再试", "gsjx serve")

    held.send_signal(signal.SIGKILL)
    held.wait()

    assert_nothing_written(june, (6, 11, 7))
    assert june.run("confirm", JULY).code == 0


def test_several_may_read_at_once(june: Desk):
    with duckdb.connect(str(june.home / "ledger.duckdb"), read_only=True) as reader:
        reader.execute("select 1")

        assert process(june.home, "rank").code == 0
        assert_refused(process(june.home, "confirm", JULY), f"（进程 {os.getpid()}）")


# init ------------------------------------------------------------------------------------------


CAMPAIGN = (Path(__file__).parents[2] / "data" / "campaign.toml").read_text("utf-8")


def test_init_tells_all_faults_of_a_roster_and_makes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    desk = Desk(tmp_path / "some" / "home", capsys)
    desk.home.parent.mkdir()
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "code,name,category,superior,from,through\n"
        "A01,甲局,economy,,,\n"
        "A01,乙局,economy,,,\n"  # 3: the code of line 2
        ",丙局,economy,,,\n"  # 4: no code
        "A04,,economy,,,\n"  # 5: no name
        "A05,丁局,school,,,\n"  # 6: unknown category
        "A06,戊局,economy,,2013-5,\n"  # 7: month
        "A07,己局,economy,,2013-05,2014-07\n"  # 8: outside the campaign, both
        "A08,庚局,economy,,2013-10,2013-09\n",  # 9: upside down
        "utf-8",
    )

    ended = desk.run("init", "--units", roster)

    assert_refused(
        ended,
        "roster.csv 第 3 行：单位代码 A01 与第 2 行重复",
        "roster.csv 第 4 行：单位代码或名称是空的",
        "roster.csv 第 5 行：单位代码或名称是空的",
        "roster.csv 第 6 行：类别“school”不认识；改为 economy、support、central、township 之一",
        "roster.csv 第 7 行：月份“2013-5”写法不对",
        "roster.csv 第 8 行：月份 2013-05 不在活动之内",
        "roster.csv 第 8 行：月份 2014-07 不在活动之内",
        "roster.csv 第 9 行：起始月份 2013-10 晚于截止月份 2013-09",
    )
    assert len(ended.err.splitlines()) == 8
    assert not desk.home.exists()


def test_init_tells_all_faults_of_a_campaign_and_makes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    desk = Desk(tmp_path / "home", capsys)
    campaign = tmp_path / "mine.toml"
    campaign.write_text(
        CAMPAIGN.replace('final_scope = "category"', 'final_scope = "everyone"')
        .replace("points = 1000", 'points = "1000"')
        .replace("award_places", "award_place"),
        "utf-8",
    )

    ended = desk.run("init", "--campaign", campaign)

    assert_refused(
        ended,
        "points 的值 '1000' 不对；应为一个数，不加引号。",
        "final_scope 的值 everyone 不认识；改为 category、all 之一。",
        "不认识的键 award_place；是否应为 award_places。",
    )
    lines = campaign.read_text("utf-8").splitlines()
    for key in ("points", "final_scope", "award_place"):
        number = next(n for n, line in enumerate(lines, 1) if line.startswith(key))
        assert f"mine.toml 第 {number} 行：" in ended.err
    assert not desk.home.exists()


BAD_CAMPAIGNS = {
    "no TOML": (b"id = gsjx\n", "mine.toml 第 1 行第 6 列：不合 TOML 语法"),
    "unclosed": (CAMPAIGN.encode() + b"\n[[categories]\n", "不合 TOML 语法"),
    "GBK": (CAMPAIGN.encode("gbk"), "mine.toml：读不出（不是 UTF-8 编码）；确认文件存在且为 UTF-8"),
    "empty": (b"", "缺少 id"),
    "unknown stage": (
        CAMPAIGN.replace('"study"', '"spring"').encode(),
        "找不到阶段 spring；安装它的插件或改正名称",
    ),
    "points that don't add up": (
        CAMPAIGN.replace("points = 1000", "points = 900").encode(),
        "满分 900.00，各阶段相加为 1000.00，相差 100.00",
    ),
}


@pytest.mark.parametrize(("content", "says"), BAD_CAMPAIGNS.values(), ids=BAD_CAMPAIGNS)
def test_init_refuses_a_bad_campaign(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, says: str
):
    desk = Desk(tmp_path / "home", capsys)

    ended = desk.run("init", "--campaign", desk.file("mine.toml", content))

    assert_refused(ended, says)
    assert not desk.home.exists()


BAD_ROSTERS = {
    "empty": (b"", "mine.csv：是空的；第一行写标题：code,name,category"),
    "only headings": (b"code,name,category\n", "mine.csv：只有标题，没有内容"),
    "no category": (b"code,name\nA01,x\n", "mine.csv 第 1 行：缺少标题 category（类别）"),
    "binary": (b"\x00\x01\x02", "mine.csv：不是文本文件"),
}


@pytest.mark.parametrize(("content", "says"), BAD_ROSTERS.values(), ids=BAD_ROSTERS)
def test_init_refuses_a_bad_roster(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, says: str
):
    desk = Desk(tmp_path / "home", capsys)

    ended = desk.run("init", "--units", desk.file("mine.csv", content))

    assert_refused(ended, says)
    assert not desk.home.exists()


@pytest.mark.parametrize("option", ["--units", "--campaign"])
def test_init_refuses_a_file_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
):
    desk = Desk(tmp_path / "home", capsys)

    assert_refused(desk.run("init", option, tmp_path / "名册"), "名册：没有这个文件；核对文件名。")
    assert_refused(desk.run("init", option, tmp_path), "不是文件；核对文件名。")
    assert not desk.home.exists()


def test_a_file_in_the_place_of_the_home(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    desk = Desk(tmp_path / "home", capsys)
    desk.home.write_text("文件", "utf-8")

    assert_refused(desk.run("init"), f"{desk.home} 不能读写：已有同名的文件")
    assert_refused(desk.run("rank"), "还没有账本")
    assert desk.home.read_text("utf-8") == "文件"


def test_a_home_with_a_name_nobody_can_make(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    desk = Desk(tmp_path / ("长" * 100), capsys)

    for words in (("init",), ("rank",), ("verify",), ("rubric",)):
        assert_refused(desk.run(*words), "不能读写：名称太长")


def test_two_who_make_the_same_home_at_once(tmp_path: Path):
    """One makes it, the other is told so; what is there is whole."""
    roster = tmp_path / "roster.csv"
    roster.write_text(ROSTER, "utf-8")
    words = command(tmp_path / "home", "init", "--units", roster)

    both = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in "ab"]
    ended = [(*one.communicate(), one.returncode) for one in both]

    assert sorted(code for *_, code in ended) == [0, 1]
    refused = next(err.decode() for _, err, code in ended if code)
    assert_clear(refused)
    assert process(tmp_path / "home", "verify").code == 0


# a home that can't be written ------------------------------------------------------------------


def without_privileges() -> list[str]:
    """Words before a command that take from root its right to pass over permissions."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root needs setpriv (util-linux) to give up its rights")
    rights = "-dac_override,-dac_read_search,-fowner"
    return ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}"]


def test_init_where_nothing_may_be_written(tmp_path: Path):
    closed = tmp_path / "closed"
    closed.mkdir(0o500)

    for home in (closed, closed / "home", closed / "a" / "b"):
        ended = process(home, "init", prefix=without_privileges())

        assert_refused(
            ended, str(closed), " 不能读写：没有权限；检查文件夹权限，或用 --home 换一处。"
        )
    assert list(closed.iterdir()) == []


def test_a_home_that_may_not_even_be_looked_into(june: Desk):
    june.home.chmod(0)
    try:
        for words in (("rank",), ("verify",), ("confirm", JULY), ("init",), ("rubric",)):
            ended = process(june.home, *words, prefix=without_privileges())

            assert_refused(ended, "不能读写：没有权限")
    finally:
        june.home.chmod(0o755)


def test_a_ledger_that_may_only_be_read(june: Desk):
    before = counts(june.home)
    (june.home / "ledger.duckdb").chmod(0o400)
    path = june.file("claims.csv", GOOD)

    for words in (("import", path), ("confirm", JULY)):
        ended = process(june.home, *words, prefix=without_privileges())

        assert_refused(ended, "ledger.duckdb 不能读写：没有权限")
    assert process(june.home, "rank", prefix=without_privileges()).code == 0
    assert_nothing_written(june, before)


# disks -----------------------------------------------------------------------------------------


class Disk:
    """A small file system of its own in memory, filled and emptied at will."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def resize(self, kilobytes: int) -> None:
        """Gives it a size."""
        mount("-o", f"remount,size={kilobytes}k", self.folder)

    def leave(self, kilobytes: int) -> None:
        """Fills it but for so much."""
        self.clear()
        state = os.statvfs(self.folder)
        size = state.f_bavail * state.f_bsize - kilobytes * 1024
        (self.folder / "filler").write_bytes(b"x" * max(0, size))

    def clear(self) -> None:
        """Removes what filled it."""
        (self.folder / "filler").unlink(missing_ok=True)

    def lock(self, state: str) -> None:
        """Makes it read-only (ro) or writable (rw)."""
        mount("-o", f"remount,{state}", self.folder)


def mount(*words: object) -> None:
    """Runs mount; skips the test where that isn't permitted."""
    ended = subprocess.run(["mount", *map(str, words)], capture_output=True, text=True, check=False)
    if ended.returncode:
        pytest.skip(f"mounting a tmpfs is not permitted here: {ended.stderr.strip()}")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A disk of 8 MB; needs root."""
    if os.geteuid() != 0 or not sys.platform.startswith("linux"):
        pytest.skip("a disk of its own needs root on Linux")
    folder = tmp_path / "disk"
    folder.mkdir()
    mount("-t", "tmpfs", "-o", "size=8m", "tmpfs", folder)
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def on_disk(disk: Disk, june_home: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A desk at a home on that disk, where June is confirmed."""
    shutil.copytree(june_home, disk.folder / "home")
    return Desk(disk.folder / "home", capsys)


DISK_FULL = "磁盘已满，这次操作没有写入任何内容；腾出空间后重做一次。"


@pytest.mark.slow
@pytest.mark.parametrize("kilobytes", [4, 12, 20, 64, 400, 1000, 1900])
def test_init_on_a_full_disk_leaves_nothing_and_works_later(disk: Disk, kilobytes: int):
    disk.resize(kilobytes)

    ended = process(disk.folder / "home", "init")

    assert_refused(ended, DISK_FULL)
    assert list(disk.folder.iterdir()) == []

    disk.resize(8000)
    assert process(disk.folder / "home", "init").code == 0
    assert process(disk.folder / "home", "verify").code == 0


def big_import(desk: Desk) -> tuple[object, ...]:
    rows = [f"{u},{JULY},study.b1.body,points,9,{'说明' * 400}" for u in ("A01", "A02", "A03")]
    path = desk.home.parent.parent / "claims.csv"
    path.write_text(rows_text(*rows), "utf-8")
    return ("import", path)


def confirm_july(desk: Desk) -> tuple[object, ...]:
    return ("confirm", JULY)


def correct_june(desk: Desk) -> tuple[object, ...]:
    words = ("correct", "--unit", "A01", "--item", "study.b1.body", "--month", JUNE)
    return (*words, "--set", "points=5", "--reason", "理由" * 3000)


ACTS = {
    "import": (big_import, (3, 0, 0)),
    "confirm": (confirm_july, (0, 2, 7)),
    "correct": (correct_june, (1, 1, 0)),
}


@pytest.mark.parametrize(("act", "adds"), ACTS.values(), ids=ACTS)
def test_an_act_on_a_full_disk_writes_nothing_and_works_later(
    on_disk: Desk, disk: Disk, act: Callable[[Desk], tuple[object, ...]], adds: tuple[int, ...]
):
    words = act(on_disk)
    before = counts(on_disk.home)
    disk.leave(0)

    for _ in range(2):
        assert_refused(process(on_disk.home, *words), DISK_FULL)

    assert counts(on_disk.home) == before
    assert process(on_disk.home, "rank").code == 0  # reading needs no space
    assert_nothing_written(on_disk, before)
    disk.clear()
    assert process(on_disk.home, *words).code == 0
    assert_nothing_written(on_disk, tuple(map(sum, zip(before, adds, strict=True))))


@pytest.mark.slow
@pytest.mark.parametrize(("act", "adds"), ACTS.values(), ids=ACTS)
def test_an_act_on_a_disk_that_fills_up_is_done_or_not(
    on_disk: Desk, disk: Disk, act: Callable[[Desk], tuple[object, ...]], adds: tuple[int, ...]
):
    """What is said is what happened, also where there is space for the act and for no more."""
    words = act(on_disk)
    before = counts(on_disk.home)
    after = tuple(map(sum, zip(before, adds, strict=True)))
    whole = shutil.copytree(on_disk.home, on_disk.home.parent.parent / "whole")

    codes = []
    for kilobytes in (4, 8, 16, 24, 32, 48, 64, 300):
        disk.clear()
        shutil.rmtree(on_disk.home)
        shutil.copytree(whole, on_disk.home)
        disk.leave(kilobytes)

        ended = process(on_disk.home, *words)

        codes.append(ended.code)
        if ended.code:
            assert_refused(ended, DISK_FULL)
        assert counts(on_disk.home) == (before if ended.code else after)
        disk.clear()
        assert_nothing_written(on_disk, before if ended.code else after)
    assert codes[-1] == 0


def test_a_home_on_a_read_only_disk(on_disk: Desk, disk: Disk):
    before = counts(on_disk.home)
    path = on_disk.home.parent.parent / "claims.csv"
    path.write_text(GOOD, "utf-8")
    disk.lock("ro")
    try:
        writing = [process(on_disk.home, *words) for words in (("import", path), ("confirm", JULY))]
        reading = [
            process(on_disk.home, *words)
            for words in (("rank",), ("card", "A01"), ("sql", "select 1"), ("rubric",))
        ]
        elsewhere = process(disk.folder / "new", "init")
    finally:
        disk.lock("rw")

    for ended in writing:
        assert_refused(ended, "ledger.duckdb 不能读写：磁盘或文件夹是只读的；检查文件夹权限")
    assert [ended.code for ended in reading] == [0, 0, 0, 0]
    assert_refused(elsewhere, f"{disk.folder / 'new'} 不能读写：磁盘或文件夹是只读的")
    assert_nothing_written(on_disk, before)
