"""``gsjx campaign new``: answers become a campaign that runs as it is."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from builders import a_plugin, a_roster, a_stage, a_unit, confirmed, observed, posted, recorded
from gsjx_tui.cli import main
from gsjx_tui.office.home import init

ANSWERS = [
    '"践行"活动\\',
    "drill-2026",
    "2026-01",
    "office 机关部门",
    "township 乡镇",
    "",
    "start 动员部署 2",
    "check 检查评比 3",
    "",
]


def answered(monkeypatch: pytest.MonkeyPatch, home: Path, answers: list[str], *options: str) -> int:
    """Runs the command with these answers typed."""
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in answers)))
    return main(["campaign", "new", "--home", str(home), *options])


def test_a_new_campaign_runs_once_there_is_a_roster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"

    assert answered(monkeypatch, home, ANSWERS) == 0

    assert "200.00 分，5 个月，2 个阶段" in capsys.readouterr().out
    (home / "units.csv").write_text(a_roster(a_unit("A1", "office"), a_unit("T1", "township")))
    with init(home) as office:
        campaign = office.rubric.campaign
        assert (campaign.id, campaign.name) == ("drill-2026", '"践行"活动\\')
        assert [c.name for c in campaign.categories] == ["机关部门", "乡镇"]
        assert [(s.name, str(s.months[0]), len(s.months)) for s in office.rubric.stages] == [
            ("动员部署", "2026-01", 2),
            ("检查评比", "2026-03", 3),
        ]
        recorded(office, observed("start.b1.plan", 12, month="2026-01"))
        confirmed(office, "2026-01")
        assert posted(office)["start.b1.plan", "2026-01"] == 12


def test_a_stage_that_a_plugin_has_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = a_plugin(tmp_path / "p", "mine", stage=a_stage(months=["2026-01"]))
    home = tmp_path / "home"
    answers = [*ANSWERS[:6], "trial", "check 检查评比 3", ""]

    assert answered(monkeypatch, home, answers, "--plugins-dir", str(folder)) == 0

    assert "已有的阶段只写编号：" in capsys.readouterr().out
    assert 'stages = ["trial", "check"]' in (home / "campaign.toml").read_text("utf-8")
    assert [path.name for path in (home / "plugins").iterdir()] == ["stage_check"]


@pytest.mark.parametrize(
    ("place", "answer", "told"),
    [
        (0, " ", "活动名称是空的；填上内容"),
        (1, "Drill", "活动编号“Drill”；小写字母开头"),
        (2, "2026-13", "月份“2026-13”；写成 2026-01"),
        (3, "", "类别；至少写一个"),
        (3, "机关", "类别“机关”；写“编号 名称”"),
        (4, "office 乡镇", "类别 office 写了两次"),
        (6, "", "阶段；至少写一个"),
        (6, "start 动员部署", "写“编号 名称 月数”"),
        (6, "start 动员部署 0", "的月数 0；写 1 到 60 的整数"),
        (7, "start 动员部署 1", "阶段 start 写了两次"),
        (7, "study", "阶段 study 从 2013-06 开始；这里应从 2026-03 开始"),
    ],
)
def test_an_answer_that_cant_be_is_told_and_nothing_is_written(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    place: int,
    answer: str,
    told: str,
) -> None:
    answers = [*ANSWERS[:place], answer, *ANSWERS[place + 1 :]]

    assert answered(monkeypatch, tmp_path / "home", answers) == 1

    assert told in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


def test_a_person_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    answers = [*ANSWERS[:2], "一月", *ANSWERS[2:3], "", *ANSWERS[3:]]
    monkeypatch.setattr("sys.stdin", Terminal("".join(f"{line}\n" for line in answers)))

    assert main(["campaign", "new", "--home", str(tmp_path)]) == 0

    out = capsys.readouterr().out
    assert "月份“一月”；写成 2026-01。" in out and "类别；至少写一个。" in out
    assert (tmp_path / "campaign.toml").exists()


def test_answers_that_break_off_write_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answered(monkeypatch, tmp_path / "home", ANSWERS[:7]) == 1

    assert "没有答完，没有写入任何内容" in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("name", ["campaign.toml", "plugins/stage_check"])
def test_what_is_there_is_left_alone(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    (tmp_path / name).mkdir(parents=True)

    assert answered(monkeypatch, tmp_path, ANSWERS) == 1

    assert "已经有了，没有改动" in capsys.readouterr().err
    assert not (tmp_path / "plugins" / "stage_start").exists()


def test_in_a_home_with_a_ledger_it_is_one_more_campaign_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    answered(monkeypatch, home, ANSWERS)
    (home / "units.csv").write_text(a_roster(a_unit("A1", "office")))
    init(home).close()
    capsys.readouterr()

    more = [ANSWERS[0], "drill-2027", "2027-01", *ANSWERS[3:]]
    assert answered(monkeypatch, home, more) == 0

    place = home / "campaigns" / "drill-2027"
    assert f"再运行 gsjx campaign add drill-2027 --home {home}" in capsys.readouterr().out
    (place / "units.csv").write_text(a_roster(a_unit("T1", "township")))
    assert main(["campaign", "add", "drill-2027", "--home", str(home)]) == 0
    assert main(["--campaign", "drill-2027", "confirm", "2027-01", "--home", str(home)]) == 0
    assert main(["confirm", "2026-01", "--home", str(home)]) == 1
    said = capsys.readouterr()
    assert "2027-01 至 2027-05，1 个单位" in said.out
    assert "有 2 个活动在进行" in said.err


def test_an_id_that_is_there_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ledger.duckdb").touch()
    (tmp_path / "campaigns" / "drill-2026").mkdir(parents=True)

    assert answered(monkeypatch, tmp_path, ANSWERS) == 1

    assert "已经有了，没有改动；换一个编号" in capsys.readouterr().err
