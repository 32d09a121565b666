"""``gsjx chart``: the terminal, files for a report, what it refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from clerk import JULY, JUNE, Desk, assert_refused, process

KINDS = ("ranks", "stages", "losses")


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_printed_with_its_source(june: Desk, kind: str) -> None:
    lines = june.do("chart", kind).out.splitlines()

    assert lines[0].startswith("经济民生部门") and lines[0].endswith("（截至2013年6月累计）")
    assert lines[-1].startswith(
        "来源：躬身践行·服务发展活动；经济民生部门；截至2013年6月累计；未定稿；"
    )
    assert "；制图人 " in lines[-1]


def test_the_points_are_those_of_the_ranking(june: Desk) -> None:
    lines = june.do("chart", "stages", "--unit", "A02").out.splitlines()[2:-2]
    ranked = june.do("rank", "--category", "economy", "--format", "json").data

    drawn = [line.replace(">", " ").split()[:4] for line in lines]
    assert drawn == [[str(r["rank"]), r["unit"], r["name"], r["points"]] for r in ranked]
    assert any(line.split()[1].startswith(">A02") for line in lines)


def test_another_category_and_one_unit(june: Desk) -> None:
    assert june.do("chart", "ranks", "--category", "support").out.startswith("服务保障部门名次走势")
    assert june.do("chart", "losses", "--unit", "B01").out.startswith("B01 丁办指标失分")
    later = june.do("chart", "stages", "--month", JULY).out
    assert later.splitlines()[0].endswith("（截至2013年6月累计）")  # July isn't confirmed


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_says_what_the_terminal_says(june: Desk, tmp_path: Path, kind: str) -> None:
    done = june.do("chart", kind, "--svg", tmp_path / "图" / "走势")
    path = tmp_path / "图" / "走势.svg"

    title = june.do("chart", kind).out.splitlines()[0]
    found = ["".join(t.itertext()) for t in ElementTree.parse(path).iter() if "text" in t.tag]
    assert title in found
    assert done.out.splitlines()[0].startswith(f"已生成 {path}：")
    assert done.out.splitlines()[1] == "未定稿"


def test_a_file_that_is_there_is_refused(june: Desk, tmp_path: Path) -> None:
    path = tmp_path / "图.png"
    june.do("chart", "ranks", "--png", path)
    before = path.read_bytes()

    assert_refused(june.run("chart", "stages", "--png", path), "已有这个文件，没有覆盖")
    assert path.read_bytes() == before


def test_what_is_not_there_is_refused(june: Desk, fresh_home: Path) -> None:
    assert_refused(june.run("chart", "ranks", "--category", "x"), "没有类别“x”")
    assert_refused(june.run("chart", "ranks", "--unit", "X"), "没有代码为“X”的单位")
    assert_refused(june.run("chart", "ranks", "--month", "x"), "写法不对")
    assert june.run("chart", "pie").code == 2
    assert june.run("chart", "ranks", "--svg", "a.svg", "--png", "b.png").code == 2
    ended = process(fresh_home, "chart", "ranks")
    assert ended.code == 1 and "还没有核定任何月份" in ended.err


def test_a_piped_chart_is_eighty_columns_and_plain(june_home: Path) -> None:
    ended = process(june_home, "chart", "stages", environment={"COLUMNS": ""})

    assert ended.code == 0
    assert "█" not in ended.out and "\x1b" not in ended.out


def test_only_a_file_costs_the_drawing_library(june_home: Path) -> None:
    code = (
        "import sys; from gsjx_tui.cli import main;"
        f"main(['chart', 'ranks', '--month', '{JUNE}', '--home', {str(june_home)!r}]);"
        "print([name for name in ('matplotlib', 'numpy', 'textual') if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ended.stdout.splitlines()[-1] == "[]"
