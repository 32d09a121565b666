"""``gsjx plugin``: list, new, check, try, as an administrator uses them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from builders import (
    JULY,
    JUNE,
    a_campaign,
    a_plugin,
    a_stage,
    a_unit,
    an_office,
    confirmed,
    counts,
    observed,
    posted,
    recorded,
)
from gsjx_tui.cli import main
from gsjx_tui.domain import Month
from gsjx_tui.errors import RubricError, StateError
from gsjx_tui.office.home import open_office
from gsjx_tui.office.plugin_check import check_plugin
from gsjx_tui.office.plugin_list import plugins
from gsjx_tui.office.plugin_new import new_plugin
from gsjx_tui.office.plugin_try import Moved, try_plugin

TRIAL = a_campaign(["trial"], points=10)


# list ------------------------------------------------------------------------------------------


def test_list_tells_origin_version_stages_and_health(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = a_plugin(tmp_path / "more", "faulty", "1 / 0", a_stage(id="faulty"))
    a_plugin(folder, "wrong", stage=a_stage(id="wrong", points=-1))
    a_plugin(folder, "well", stage=a_stage(id="well"))

    code = main(
        [
            "plugin",
            "list",
            "--format",
            "json",
            "--home",
            str(tmp_path),
            "--plugins-dir",
            str(folder),
        ]
    )
    found = {plugin["name"]: plugin for plugin in json.loads(capsys.readouterr().out)}

    assert code == 0
    assert found["stage_study"] == {
        "name": "stage_study",
        "origin": "gsjx-stage-study",
        "version": "0.1.0",
        "stages": ["study"],
        "used": True,
        "healthy": True,
        "faults": [],
    }
    assert (found["well"]["origin"], found["well"]["used"]) == (str(folder / "well"), False)
    assert not found["faulty"]["healthy"]
    assert "ZeroDivisionError" in found["faulty"]["faults"][0]
    assert "wrong/stage.toml 第 15 行" in found["wrong"]["faults"][0]


def test_list_knows_the_homes_own_folder(tmp_path: Path) -> None:
    a_plugin(tmp_path / "plugins", "mine", stage=a_stage())

    assert "mine" in {plugin.name for plugin in plugins(tmp_path)}


# new -------------------------------------------------------------------------------------------


def test_new_makes_what_checks_without_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place, files = new_plugin(tmp_path, "stage_x", Month.parse("2026-01"))

    assert place == tmp_path / "stage_x"
    assert {str(path.relative_to(place)) for path in files} == {
        "README.md",
        "plugin.py",
        "pyproject.toml",
        "stage.toml",
        "tests/test_plugin.py",
    }
    assert not any("$" in path.read_text("utf-8") for path in files)
    assert main(["plugin", "check", str(place), "--home", str(tmp_path)]) == 0
    assert "插件 stage_x 检查通过，6 个考核要点" in capsys.readouterr().out


@pytest.mark.slow
def test_the_tests_of_a_new_plugin_pass_as_they_are(tmp_path: Path) -> None:
    place, _ = new_plugin(tmp_path, "stage_x")

    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=place,
        env={name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout
    assert "4 passed" in ended.stdout


def test_a_new_plugin_runs_in_a_home_as_it_is(tmp_path: Path) -> None:
    new_plugin(tmp_path / "plugins", "stage_x", Month.parse(JUNE))

    with an_office(
        tmp_path, campaign=a_campaign(["x"], points=100), folders=[tmp_path / "plugins"]
    ) as office:
        recorded(office, observed("x.b1.plan", 15))
        confirmed(office, JUNE)
        assert posted(office)["x.b1.plan", JUNE] == 15


@pytest.mark.parametrize("name", ["Stage", "1x", "a-b", "../x", "", "阶段"])
def test_new_refuses_a_name_that_cant_be(tmp_path: Path, name: str) -> None:
    with pytest.raises(StateError, match="写法不对"):
        new_plugin(tmp_path, name)
    assert not list(tmp_path.iterdir())


def test_new_leaves_a_folder_alone_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "stage_x").mkdir()

    with pytest.raises(StateError, match="已经有了，没有改动"):
        new_plugin(tmp_path, "stage_x")
    assert not list((tmp_path / "stage_x").iterdir())


# check -----------------------------------------------------------------------------------------


def test_check_shows_the_rubric_its_sums_and_trial_scoring(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_plugin(
        tmp_path,
        "mine",
        stage=a_stage(
            {"id": "plan", "rule": "graded", "max": 8},
            {"id": "late", "rule": "tally", "base": 2, "weights": {"late": -1}, "floor": 0},
        ),
    )

    assert main(["plugin", "check", str(tmp_path / "mine"), "--home", str(tmp_path)]) == 0

    out = capsys.readouterr().out
    assert "分值合计 10.00：基础工作 10.00，重点工作 0.00，活动成效 0.00。" in out
    lines = [line.split() for line in out.splitlines()]
    assert ["trial.b1.plan", "要点", "8.00", "0.00", "0.00", "8.00"] in lines
    assert ["trial.b1.late", "要点", "2.00", "2.00", "2.00", "0.00"] in lines
    assert "提示：campaign.toml 的 stages 里还没有 trial" in out
    assert "提示：没有 tests/test_*.py" in out


def test_check_tells_all_faults_with_line_and_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_plugin(
        tmp_path, "mine", stage=a_stage({"id": "P", "rule": "graded", "mx": 8}, {"rule": "grade"})
    )

    assert main(["plugin", "check", str(tmp_path / "mine"), "--home", str(tmp_path)]) == 1

    lines = capsys.readouterr().err.splitlines()
    assert len(lines) >= 5
    assert all(line.startswith("mine/stage.toml 第 ") and "；" in line for line in lines)
    assert any("是否应为 graded" in line for line in lines)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import nothing_like_it", "ModuleNotFoundError"),
        ("@hookimpl\ndef gsjx_score(item): return 0.5", "gsjx_score 给 trial.b1.plan 的分不是"),
        ("@hookimpl\ndef gsjx_check(item): return 1 / 0", "plugin.py 第 5 行"),
        ("@hookimpl\ndef gsjx_outcomes(stage): return [stage]", "gsjx_outcomes 的答复"),
        ("@hookimpl\ndef gsjx_nothing(): ...", "unknown hook"),
    ],
)
def test_check_finds_code_that_fails(tmp_path: Path, code: str, said: str) -> None:
    a_plugin(tmp_path, "mine", code, a_stage())

    with pytest.raises(RubricError, match=said):
        check_plugin(tmp_path / "mine", tmp_path)


def test_check_refuses_what_is_no_plugin_or_gives_no_stage(tmp_path: Path) -> None:
    a_plugin(tmp_path, "bare")
    (tmp_path / "bare" / "stage.toml").write_text(a_stage(), "utf-8")

    with pytest.raises(RubricError, match=r"没有 plugin\.py，不是插件"):
        check_plugin(tmp_path / "nowhere", tmp_path)
    with pytest.raises(RubricError, match="用 gsjx_stage 交出它旁边的"):
        check_plugin(tmp_path / "bare", tmp_path)


# try -------------------------------------------------------------------------------------------


def a_confirmed_home(tmp_path: Path) -> Path:
    """June confirmed: A1 has 8 points, A2 has 6."""
    folder = a_plugin(tmp_path / "home_plugins", "stage_trial", stage=a_stage())
    with an_office(tmp_path, a_unit("A1"), a_unit("A2"), campaign=TRIAL, folders=[folder]) as o:
        recorded(o, observed("trial.b1.plan", 8), observed("trial.b1.plan", 6, unit="A2"))
        confirmed(o, JUNE)
    folder.rename(tmp_path / "home" / "plugins")
    return tmp_path / "home"


HALVED = """
@hookimpl
def gsjx_score(unit, points):
    return points / 2 if unit.code == "A1" else None
"""


def test_try_lists_which_points_and_ranks_differ_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = a_confirmed_home(tmp_path)
    a_plugin(tmp_path / "draft", "another_name", HALVED, a_stage())

    with open_office(home) as office:
        before = counts(office.ledger)
        found = try_plugin(office, tmp_path / "draft" / "another_name")

        assert [(d.unit, str(d.month), d.item, d.points) for d in found.differences] == [
            ("A1", JUNE, "trial.b1.plan", -4)
        ]
        assert found.moved == (
            Moved("economy", "A1", "A1局", *(8, 1, 4, 2)),  # type: ignore[arg-type]
            Moved("economy", "A2", "A2局", *(6, 2, 6, 1)),  # type: ignore[arg-type]
        )
        assert counts(office.ledger) == before

    draft = str(tmp_path / "draft" / "another_name")
    assert main(["plugin", "try", draft, "--home", str(home)]) == 0
    out = capsys.readouterr().out
    assert "在账本副本上重算了 2 个已核定的单位月，账本没有改动。" in out
    assert "截至 2013-06 累计，2 个单位的分数或名次会变" in out


def test_try_of_what_is_in_force_finds_no_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = a_confirmed_home(tmp_path)

    assert main(["plugin", "try", str(home / "plugins" / "stage_trial"), "--home", str(home)]) == 0
    assert "分数和名次都没有变化。" in capsys.readouterr().out


def test_try_takes_back_an_item_that_is_gone(tmp_path: Path) -> None:
    home = a_confirmed_home(tmp_path)
    other = a_stage({"id": "other", "rule": "graded", "max": 10})
    a_plugin(tmp_path / "draft", "stage_trial", stage=other)

    with open_office(home) as office:
        found = try_plugin(office, tmp_path / "draft" / "stage_trial")

    assert [(d.unit, d.item, d.label, d.points) for d in found.differences] == [
        ("A1", "trial.b1.plan", "", -8),
        ("A2", "trial.b1.plan", "", -6),
    ]


def test_try_needs_the_confirmed_months(tmp_path: Path) -> None:
    home = a_confirmed_home(tmp_path)
    a_plugin(tmp_path / "draft", "stage_trial", stage=a_stage(months=[JULY]))

    with (
        open_office(home) as office,
        pytest.raises(StateError, match="2013-06：已有核定，而改动后的评分表里没有这些月份"),
    ):
        try_plugin(office, tmp_path / "draft" / "stage_trial")


def test_try_before_anything_is_confirmed_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = a_plugin(tmp_path / "p", "stage_trial", stage=a_stage())
    an_office(tmp_path, campaign=TRIAL, folders=[folder]).close()
    home = str(tmp_path / "home")

    assert (
        main(
            [
                "plugin",
                "try",
                str(folder / "stage_trial"),
                "--home",
                home,
                "--plugins-dir",
                str(folder),
            ]
        )
        == 0
    )
    assert "还没有核定的月份" in capsys.readouterr().out
