"""Workbooks that units filled in, taken in: recorded together or refused with every cell."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

import libreoffice
from builders import (
    JUNE,
    a_campaign,
    a_plugin,
    a_stage,
    a_unit,
    an_office,
    confirmed,
    counts,
    observed,
    recorded,
)
from gsjx_tui.domain import Month
from gsjx_tui.errors import ObservationError
from gsjx_tui.office.forms import make_forms
from gsjx_tui.office.home import Office
from gsjx_tui.office.importing import import_files
from gsjx_tui.office.sheet import sheet
from gsjx_tui.office.taking_in import ReportedCell, TakenIn, take_in
from gsjx_tui.office.undo import empty

JUN = Month.parse(JUNE)
BODY, PLAN = "study.b1.body", "study.b2.plan"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        yield office


def forms(office: Office) -> dict[str, Path]:
    """The workbooks of June by unit."""
    made = make_forms(office, JUNE)
    return {path.name.split("_")[1]: path for path in made.files}


def fill(path: Path, cells: Mapping[str, Any]) -> Path:
    """The workbook with these cells filled in."""
    book = load_workbook(path)
    for address, value in cells.items():
        book["自评表"][address] = value
    book.save(path)
    return path


def taken(office: Office, *paths: Path, **options: Any) -> TakenIn:
    found = import_files(office, paths, "claim", **options)
    assert isinstance(found, TakenIn)
    return found


def refusal(office: Office, *paths: Path, kind: Any = "claim") -> str:
    before = counts(office.ledger)
    with pytest.raises(ObservationError) as refused:
        import_files(office, paths, kind)
    assert counts(office.ledger) == before
    return str(refused.value)


def claim(office: Office, item: str = BODY, unit: str = "A1", field: str = "points") -> Any:
    found = sheet(office, unit, JUN)
    return found.value("claim", item, field)


# taken in --------------------------------------------------------------------------------------


def test_a_folder_of_workbooks_is_recorded_in_one_act(office: Office) -> None:
    made = forms(office)
    fill(made["A1"], {"H5": 8, "I5": "文件", "H9": 3})
    fill(made["A2"], {"H5": 6.5})
    (made["A1"].parent / "~$2013-06_A1_A1局.xlsx").write_bytes(b"open in Excel")
    (made["A1"].parent / "收件说明.txt").write_text("", "utf-8")
    told: list[tuple[int, int]] = []

    done = taken(office, made["A1"].parent, progress=lambda at, of: told.append((at, of)))

    assert (done.reports, done.months, done.recorded, done.withdrawn) == (2, (JUN,), 3, 0)
    assert told == [(1, 2), (2, 2)]
    assert claim(office) == 8 and claim(office, unit="A2") == Decimal("6.5")
    assert claim(office, "study.b3.briefs", field="count") == 3
    written = sheet(office, "A1", JUN).written
    assert written["claim", (BODY, JUN, "points")].note == "文件"
    instants = {cell.at for cell in written.values()}
    assert instants == {cell.at for cell in sheet(office, "A2", JUN).written.values()}


def test_the_same_workbook_once_more_changes_nothing(office: Office) -> None:
    path = fill(forms(office)["A1"], {"H5": 8, "I5": "文件"})
    taken(office, path)
    before = counts(office.ledger)

    again = taken(office, path)

    assert (again.recorded, again.withdrawn, again.unchanged) == (0, 0, 1)
    assert counts(office.ledger) == before


def test_a_trial_records_nothing(office: Office) -> None:
    path = fill(forms(office)["A1"], {"H5": 8})

    assert taken(office, path, dry_run=True).recorded == 1
    assert claim(office) is None


def test_changes_of_what_was_filled_in_beforehand(office: Office) -> None:
    recorded(office, observed(BODY, 5, kind="claim"))
    recorded(office, observed(PLAN, 3, kind="claim"))
    recorded(office, observed("study.b2.minutes", 2, kind="claim"))
    path = forms(office)["A1"]
    plan, minutes = (
        next(c.row for c in load_workbook(path)["自评表"]["A"] if c.value == f"{item}/points")
        for item in (PLAN, "study.b2.minutes")
    )

    done = taken(office, fill(path, {"H5": 7, f"H{plan}": None, f"I{minutes}": "见附件"}))

    assert (done.recorded, done.withdrawn, done.unchanged) == (2, 1, 0)
    assert claim(office) == 7
    assert claim(office, PLAN) is None
    cells = sheet(office, "A1", JUN).written
    assert cells["claim", ("study.b2.minutes", JUN, "points")].note == "见附件"


# what the ledger got since -----------------------------------------------------------------------


def test_a_claim_that_changed_since_is_shown_and_not_overwritten(office: Office) -> None:
    recorded(office, observed(BODY, 5, kind="claim"))
    path = fill(forms(office)["A1"], {"H5": 7, "H6": 1})
    recorded(office, observed(BODY, 6, kind="claim"))

    message = refusal(office, path)

    assert f"{path.name} 单元格 H5：表里是 7，而账本里这一项自评在表下发之后由 " in message
    assert "记为 6；以账本为准就把这一格改为 6" in message
    assert claim(office) == 6 and claim(office, PLAN) is None


def test_so_is_one_in_a_cell_that_was_or_is_left_empty(office: Office) -> None:
    recorded(office, observed(PLAN, 5, kind="claim"))
    path = fill(forms(office)["A1"], {"H5": 7, "H6": None})
    recorded(office, observed(BODY, 6, kind="claim"), observed(PLAN, 4, kind="claim"))

    message = refusal(office, path)

    assert "单元格 H5：表里是 7，" in message and "记为 6" in message
    assert "单元格 H6：表里是空的，" in message and "记为 4" in message


def test_what_was_emptied_since_is_shown(office: Office) -> None:
    recorded(office, observed(BODY, 5, kind="claim"))
    path = forms(office)["A1"]
    empty(office, "A1", BODY, "points", JUN, "claim")

    assert "单元格 H5：表里是 5，而账本里这一项自评在表下发之后清空了" in refusal(office, path)


def test_agreeing_with_the_ledger_settles_it(office: Office) -> None:
    path = fill(forms(office)["A1"], {"H5": 6})
    recorded(office, observed(BODY, 6, kind="claim"))

    assert taken(office, path).unchanged == 1


# refused -----------------------------------------------------------------------------------------


def test_all_faults_of_all_files_are_listed_and_nothing_is_recorded(office: Office) -> None:
    made = forms(office)
    fill(made["A1"], {"H5": 11, "H9": 2.5})
    fill(made["A2"], {"H5": 8, "H6": "八"})
    cut = made["A1"].with_name("损坏.xlsx")
    cut.write_bytes(made["A2"].read_bytes()[:2000])

    message = refusal(office, made["A1"].parent)

    assert message.startswith("有 4 处错误，没有导入任何内容：")
    assert f"{made['A1'].name} 单元格 H5（" in message and "超过上限 10" in message
    assert f"{made['A1'].name} 单元格 H9（" in message and "不是整数" in message
    assert f"{made['A2'].name} 单元格 H6（" in message
    assert "损坏.xlsx：工作簿不完整或已损坏" in message
    assert claim(office, unit="A2") is None


def test_faults_in_the_ledger_are_listed_with_those_in_other_files(office: Office) -> None:
    made = forms(office)
    confirmed(office, JUNE, units=["A1"])
    fill(made["A1"], {"H5": 8})
    fill(made["A2"], {"H5": 11})

    message = refusal(office, *made.values())

    assert f"{made['A1'].name}（A1）：2013-06 已由 " in message and "核定" in message
    assert "超过上限 10" in message


def test_two_workbooks_of_one_unit_and_month(office: Office) -> None:
    path = forms(office)["A1"]
    other = path.with_name("副本.xlsx")
    shutil.copy(path, other)

    message = refusal(office, path, other)

    assert f"副本.xlsx：与 {path.name} 是同一单位同一月份（A1、2013-06）的自评表" in message


def test_workbooks_of_another_home(office: Office, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with an_office(tmp_path / "other", a_unit("A9")) as other:
        stranger = forms(other)["A9"]

    assert "没有代码为“A9”的单位" in refusal(office, stranger)


def test_a_campaign_of_another_id(office: Office, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    campaign = a_campaign().replace('id = "test"', 'id = "else"')
    with an_office(tmp_path / "other", a_unit("A1"), campaign=campaign) as other:
        stranger = forms(other)["A1"]

    assert "是活动 else 的自评表，应为 test" in refusal(office, stranger)


def test_verifications_dont_come_in_workbooks(office: Office) -> None:
    assert "是自评表，不是复核" in refusal(office, forms(office)["A1"], kind="verify")


def test_tables_come_one_at_a_time(office: Office, tmp_path: Path) -> None:
    table = tmp_path / "六月.csv"
    table.write_text(f"unit,month,item,field,value\nA1,{JUNE},{BODY},points,8\n", "utf-8")
    book = tmp_path / "六月.xlsx"
    made = Workbook()
    made.active.append(["unit", "month", "item", "field", "value"])  # type: ignore[union-attr]
    made.active.append(["A1", JUNE, BODY, "points", 8])  # type: ignore[union-attr]
    made.save(book)

    assert import_files(office, [table], "claim").months == (JUN,)
    assert import_files(office, [book], "claim").months == (JUN,)
    assert "六月.csv：不是自评表；登记表" in refusal(office, table, forms(office)["A1"])


def test_a_table_through_a_pipe(office: Office, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    text = f"unit,month,item,field,value\nA1,{JUNE},{BODY},points,8\n"
    writer = threading.Thread(target=pipe.write_text, args=(text,))
    writer.start()

    assert import_files(office, [pipe], "claim").months == (JUN,)
    writer.join()
    assert claim(office) == 8


def test_folders_without_workbooks_and_files_that_arent_there(
    office: Office, tmp_path: Path
) -> None:
    (tmp_path / "空").mkdir()

    assert "文件夹里没有 .xlsx 文件" in refusal(office, tmp_path / "空")
    assert "没有这个文件" in refusal(office, tmp_path / "none.xlsx")


def test_the_act_takes_nothing_on_trust(office: Office) -> None:
    cell = ReportedCell("a.xlsx", "H5", "A1", JUN, BODY, "points", Decimal(8), "", None)
    for wrong in (
        replace(cell, unit="X"),
        replace(cell, item="x"),
        replace(cell, item="x", value=None),
        replace(cell, field="x", value=None),
        replace(cell, value=Decimal(11)),
        replace(cell, value=Decimal("1.234")),
        replace(cell, month=Month(2015, 1)),
        replace(cell, item="study.e4.complaint", field="count"),
        replace(cell, item="study.e4.complaint", field="count", value=None),
    ):
        with pytest.raises(ObservationError):
            take_in(office, [wrong])
    assert counts(office.ledger)["observation"] == 0


def test_values_that_cant_stand_together(tmp_path: Path) -> None:
    graded = {"id": "plan", "rule": "graded", "max": 10}
    stage = a_stage(graded, {"id": "sample", "rule": "sample", "weight": 2})
    folder = a_plugin(tmp_path / "plugins", "trial", stage=stage)
    campaign = a_campaign(["trial"], 10)
    with an_office(tmp_path, a_unit("A1"), campaign=campaign, folders=[folder]) as office:
        item = "trial.b1.sample"
        recorded(office, observed(item, kind="claim", sampled=9, negative=4))
        path = forms(office)["A1"]
        rows = {cell.value: cell.row for cell in load_workbook(path)["自评表"]["A"]}
        sampled, negative = (rows[f"{item}/{name}"] for name in ("sampled", "negative"))
        fill(path, {f"H{sampled}": 3})

        assert f"{path.name} 单元格 H" in refusal(office, path)
        assert "不达标人数 4 多于抽查人数 3" in refusal(office, path)
        fill(path, {f"H{sampled}": None})
        assert "填了不达标人数，没有抽查人数" in refusal(office, path)
        fill(path, {f"H{negative}": None})
        assert taken(office, path).withdrawn == 2


def test_plugins_have_their_say(tmp_path: Path) -> None:
    code = (
        "@hookimpl\n"
        "def gsjx_check(item, unit, month, field, kind, value):\n"
        "    return '要先报文件' if value > 5 else None\n"
    )
    folder = a_plugin(tmp_path / "plugins", "strict", code)
    with an_office(tmp_path, a_unit("A1"), folders=[folder]) as office:
        path = fill(forms(office)["A1"], {"H5": 8})

        assert f"{path.name} 单元格 H5：要先报文件" in refusal(office, path)


@pytest.mark.slow
def test_many_at_once(tmp_path: Path) -> None:
    units = [a_unit(f"A{n}") for n in range(60)]
    with an_office(tmp_path, *units) as office:
        made = forms(office)
        for path in made.values():
            fill(path, {"H5": 8, "H9": 2})

        done = taken(office, next(iter(made.values())).parent)

    assert (done.reports, done.recorded) == (60, 120)


@pytest.mark.slow
def test_what_libreoffice_filled_in_is_taken_in(office: Office, tmp_path: Path) -> None:
    recorded(office, observed(BODY, 5, kind="claim"))
    recorded(office, observed(PLAN, 4, kind="claim"))
    made = forms(office)
    filled, wrong = tmp_path / "一.xlsx", tmp_path / "二.xlsx"
    libreoffice.fill(made["A1"], filled, "自评表", {"H5": 7.5, "I5": "见附件", "H9": 2})
    libreoffice.fill(made["A2"], wrong, "自评表", {"H5": "八分"})

    assert "二.xlsx 单元格 H5（活动组织机构·得分）" in refusal(office, filled, wrong)
    done = taken(office, filled)

    assert (done.recorded, done.withdrawn, done.unchanged) == (2, 0, 1)
    assert claim(office) == Decimal("7.5") and claim(office, PLAN) == 4
    assert sheet(office, "A1", JUN).written["claim", (BODY, JUN, "points")].note == "见附件"
