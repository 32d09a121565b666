"""The rubric in force: kept with the first confirmation, changed only by accepting."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from builders import (
    AUGUST,
    JULY,
    JUNE,
    a_campaign,
    a_plugin,
    a_roster,
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
from gsjx_tui.errors import NotPermitted, RubricError, StateError
from gsjx_tui.office.home import open_office, reading
from gsjx_tui.office.in_force_rubric import accept_rubric, rubrics
from gsjx_tui.office.sheet import sheet
from gsjx_tui.office.staff import set_staff
from gsjx_tui.office.verify import verify

TRIAL = a_campaign(["trial"], points=10)
NEWS = {"id": "news", "rule": "tally", "weights": {"count": 2}, "cap": 10}
PLAN = {"id": "plan", "rule": "graded", "max": 10}


def a_home(tmp_path: Path, *months: str) -> Path:
    """The months confirmed: A1 has a plan of 8 and three pieces of news in June, one in July."""
    folder = a_plugin(tmp_path / "p", "stage_trial", stage=a_stage(PLAN, NEWS))
    with an_office(tmp_path, a_unit("A1"), a_unit("A2"), campaign=TRIAL, folders=[folder]) as o:
        recorded(o, observed("trial.b1.plan", 8), observed("trial.b1.news", count=3))
        recorded(o, observed("trial.b1.news", month=JULY, count=1))
        confirmed(o, *months)
    folder.rename(tmp_path / "home" / "plugins")
    return tmp_path / "home"


def changed(home: Path, text: str, code: str = "") -> None:
    """Puts another rubric and code into the plugin."""
    place = home / "plugins" / "stage_trial"
    (place / "stage.toml").write_text(text, "utf-8")
    if code:
        with (place / "plugin.py").open("a", encoding="utf-8") as file:
            file.write(code)


HEAVIER = a_stage(PLAN, {**NEWS, "weights": {"count": 3}})
DOUBLING = "@hookimpl\ndef gsjx_score(item, points): return points * 2\n"


def test_the_rubric_is_kept_with_the_first_confirmation_and_only_then(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    with open_office(home) as office:
        assert not rubrics(office)

        confirmed(office, JUNE, JULY)

        (first,) = rubrics(office)
        told = json.loads(first.content)
        assert [item["id"] for item in told["stages"][0]["indicators"][0]["items"]] == [
            "trial.b1.plan",
            "trial.b1.news",
        ]
        assert (
            first.digest == office.ledger.query("select sha256(content) from rubric_in_force")[0][0]
        )
        assert (first.reason, first.effect, first.by) == ("", {}, office.who)


def test_before_anything_is_confirmed_a_change_is_taken_over(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    changed(home, HEAVIER, DOUBLING)

    with open_office(home) as office:
        assert office.rubric.items["trial.b1.news"].params.weights["count"] == 3


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        (HEAVIER, "", '要点 trial.b1.news 的 weights 由 {"count": "2.00"} 改为 {"count": "3.00"}'),
        (a_stage(PLAN), "", "没有了 要点 trial.b1.news"),
        (a_stage(PLAN, NEWS, {**NEWS, "id": "more"}), "", "新加了 要点 trial.b1.more"),
        (a_stage(PLAN, {**NEWS, "label": "新名"}), "", "要点 trial.b1.news 的 label 由 要点 改为"),
        (a_stage(PLAN, {**NEWS, "categories": ["support"]}), "", "的 categories 由 （没有写）"),
        (a_stage(PLAN, NEWS, months=[JUNE]), "", "阶段 trial 的 months 由"),
        (a_stage(PLAN, NEWS), DOUBLING, "新加了 插件 stage_trial 的程序"),
    ],
)
def test_another_rubric_is_refused_and_told(
    tmp_path: Path, text: str, code: str, told: str
) -> None:
    home = a_home(tmp_path, JUNE)
    changed(home, text, code)

    with pytest.raises(StateError) as refused:
        open_office(home)

    assert told in str(refused.value)
    assert "已有核定的月份，改动的评分表没有启用" in str(refused.value)
    with reading(home) as office, pytest.raises(StateError, match="没有启用"):
        sheet(office, "A1", office.rubric.months[0])


def test_comments_layout_and_defaults_written_out_are_no_change(tmp_path: Path) -> None:
    home = a_home(tmp_path, JUNE)
    changed(home, a_stage({**PLAN, "monthly": False}, NEWS).replace(" = ", "=") + "\n# 说明\n")

    with open_office(home) as office:
        assert office.person.role == "admin"


def test_accepting_posts_what_it_does_and_is_kept_with_its_reason(tmp_path: Path) -> None:
    home = a_home(tmp_path, JUNE, JULY)
    changed(home, HEAVIER)

    found = accept_rubric(home, reason="领导小组 3 号会议")

    assert found.effect == {
        JUNE: {"units": 1, "items": 1, "points": "3.00"},
        JULY: {"units": 1, "items": 1, "points": "-1.00"},
    }
    with open_office(home) as office:
        assert posted(office) == {
            ("trial.b1.plan", JUNE): 8,
            ("trial.b1.news", JUNE): 6 + 3,
            ("trial.b1.news", JULY): 2 - 1,
        }
        newest, first = rubrics(office)
        assert (newest.reason, newest.effect) == ("领导小组 3 号会议", found.effect)
        assert newest.digest != first.digest
        reasons = office.ledger.query(
            "select distinct reason, origin, posted_at = (select max(accepted_at) from "
            "rubric_in_force) from posting where origin = 'correct'"
        )
        assert reasons == [("评分表改动：领导小组 3 号会议", "correct", True)]
        verify(office)


def test_an_item_that_is_gone_is_taken_back(tmp_path: Path) -> None:
    home = a_home(tmp_path, JUNE)
    changed(home, a_stage(PLAN))

    accept_rubric(home, reason="取消")

    with open_office(home) as office:
        assert posted(office)["trial.b1.news", JUNE] == 0
        verify(office)


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    home = a_home(tmp_path, JUNE, JULY)
    changed(home, HEAVIER)

    assert len(accept_rubric(home, dry_run=True).differences) == 2

    with pytest.raises(StateError, match="没有启用"):
        open_office(home)
    changed(home, a_stage(PLAN, NEWS))
    with open_office(home) as office:
        assert counts(office.ledger)["posting"] == 3
        assert len(rubrics(office)) == 1


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_accepting_needs_a_reason(tmp_path: Path, reason: str) -> None:
    home = a_home(tmp_path, JUNE)
    changed(home, HEAVIER)

    with pytest.raises(StateError, match="要写理由"):
        accept_rubric(home, reason=reason)


def test_there_must_be_something_to_accept(tmp_path: Path) -> None:
    home = a_home(tmp_path, JUNE)

    with pytest.raises(StateError, match="没有要接受的改动"):
        accept_rubric(home, reason="改")


def test_a_confirmed_month_cant_be_lost(tmp_path: Path) -> None:
    home = a_home(tmp_path, JUNE)
    changed(home, a_stage(PLAN, NEWS, months=[JULY, AUGUST]))

    with pytest.raises(StateError, match="2013-06：已有核定，而改动后的评分表里没有"):
        accept_rubric(home, reason="改")


def test_code_that_fails_isnt_accepted_and_nothing_is_posted(tmp_path: Path) -> None:
    home = a_home(tmp_path, JUNE)
    changed(home, a_stage(PLAN, NEWS), "@hookimpl\ndef gsjx_score(item): return 1 / 0\n")

    with pytest.raises(StateError, match="插件 stage_trial"):
        accept_rubric(home, reason="改")
    changed(home, "", "1 / 0\n")
    with pytest.raises(RubricError):
        accept_rubric(home, reason="改")


@pytest.mark.parametrize("role", ["lead", "viewer"])
def test_only_administrators_accept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    home = a_home(tmp_path, JUNE)
    with open_office(home) as office:
        set_staff(office, "admin", "admin")
        set_staff(office, role, role)
    changed(home, HEAVIER)
    monkeypatch.setattr("gsjx_tui.office.home.owns_ledger", lambda home: False)
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: role)

    with pytest.raises(NotPermitted, match="要由管理员启用"):
        accept_rubric(home, reason="改")

    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: "admin")
    accept_rubric(home, reason="改")


def test_a_ledger_of_an_earlier_program_is_compared_by_its_edition(tmp_path: Path) -> None:
    import duckdb

    home = a_home(tmp_path, JUNE)
    with duckdb.connect(str(home / "ledger.duckdb")) as connection:
        connection.execute("delete from rubric_in_force")
    open_office(home).close()
    changed(home, HEAVIER)

    with pytest.raises(StateError, match="与核定时的阶段文件不同"):
        open_office(home)
    accept_rubric(home, reason="改")
    with open_office(home) as office:
        assert posted(office)["trial.b1.news", JUNE] == 9
        verify(office)


def test_while_a_plugin_is_off_the_rubric_isnt_kept(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    a_plugin(home / "plugins", "checking", "@hookimpl\ndef gsjx_outcomes(stage): return 1")

    with open_office(home) as office:
        office.plugins.switch_off("elsewhere", "出错")
        office.plugins.contributes("elsewhere", "another")
        confirmed(office, JUNE)
        assert not rubrics(office)
    with open_office(home) as office:
        confirmed(office, JULY)
        assert len(rubrics(office)) == 1


def test_a_change_of_roster_alone_is_taken_over(tmp_path: Path) -> None:
    home = a_home(tmp_path, JUNE)
    (home / "units.csv").write_text(a_roster(a_unit("A1"), a_unit("A2"), a_unit("A3", since=JULY)))

    with open_office(home) as office:
        assert len(office.units) == 3
        assert len(rubrics(office)) == 1


def test_the_command_shows_the_change_accepts_it_and_lists_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = a_home(tmp_path, JUNE)
    changed(home, HEAVIER)
    place = ["--home", str(home)]

    assert main(["rubric", "--accept", "--dry-run", *place]) == 0
    out = capsys.readouterr().out
    assert "要点 trial.b1.news 的 weights" in out
    assert "只是试算，没有写入。" in out

    assert main(["rubric", "--accept", *place]) == 1
    assert "要写理由" in capsys.readouterr().err

    assert main(["rubric", "--accept", "--reason", "加重", *place]) == 0
    assert "已启用改过的评分表" in capsys.readouterr().out

    assert main(["rubric", "--in-force", *place]) == 0
    out = capsys.readouterr().out
    assert "加重" in out and "首次核定" in out
    assert "2013-06 1 个单位 1 处合计 3.00" in out
