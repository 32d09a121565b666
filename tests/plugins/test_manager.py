"""How stages come in, and what a plugin may say: every hook of ``hookspecs.py`` has its test."""

from __future__ import annotations

import importlib.metadata
import inspect
from pathlib import Path

import pytest

from builders import (
    JULY,
    JUNE,
    PROJECT,
    a_campaign,
    a_plugin,
    a_stage,
    a_unit,
    an_office,
    observed,
    posted,
    recorded,
)
from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault, ObservationError, RubricError, StateError
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.correct import correct
from gsjx_tui.office.home import open_office
from gsjx_tui.office.outcomes import outcomes
from gsjx_tui.office.record import import_file
from gsjx_tui.office.verify import verify
from gsjx_tui.plugins import hookspecs
from gsjx_tui.plugins.manager import GROUP, Loaded, load
from gsjx_tui.rubric.outcome import Outcome

SHIPPED = {"stage_study", "stage_selfcheck", "stage_rectify", "stage_consolidate"}
TRIAL = a_campaign(["trial"], points=10)


def loaded(*folders: Path, campaign: str = TRIAL) -> Loaded:
    """The rubric that the installed plugins and those of the folders make."""
    return load(campaign, "campaign.toml", folders)


def faults(*folders: Path, campaign: str = TRIAL) -> tuple[Fault, ...]:
    """The faults that loading raises."""
    with pytest.raises(RubricError) as refused:
        loaded(*folders, campaign=campaign)
    return refused.value.faults


def an_installed_plugin(site: Path, name: str, code: str, stage: str = "") -> None:
    """A distribution whose entry point hands in a plugin, in a folder that is on the path."""
    a_plugin(site, f"{name}_module", code, stage)
    (site / f"{name}_module" / "__init__.py").touch()
    info = site / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {name}_module.plugin\n")


# how they are found ----------------------------------------------------------------------------


def test_the_shipped_stages_come_in_by_entry_points_like_any_other() -> None:
    names = {entry.name for entry in importlib.metadata.entry_points(group=GROUP)}

    rubric = loaded(campaign=a_campaign()).rubric

    assert names >= SHIPPED
    assert [stage.id for stage in rubric.stages] == [
        name.removeprefix("stage_")
        for name in ("stage_study", "stage_selfcheck", "stage_rectify", "stage_consolidate")
    ]


def test_an_installed_plugin_is_found_by_its_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_installed_plugin(tmp_path, "gsjx_found", "", a_stage())
    monkeypatch.syspath_prepend(tmp_path)

    rubric = loaded().rubric

    assert [item.id for item in rubric.items.values()] == ["trial.b1.plan"]


def test_a_plugin_in_a_folder_is_found(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path, "mine", stage=a_stage())

    rubric = loaded(folder).rubric

    assert [stage.id for stage in rubric.stages] == ["trial"]


def test_several_folders_are_looked_into(tmp_path: Path) -> None:
    one = a_plugin(tmp_path / "one", "first", stage=a_stage(id="first", months=[JUNE]))
    other = a_plugin(tmp_path / "other", "second", stage=a_stage(id="second", months=[JULY]))

    rubric = loaded(one, other, campaign=a_campaign(["first", "second"], points=20)).rubric

    assert [stage.id for stage in rubric.stages] == ["first", "second"]


def test_a_plugin_in_a_folder_takes_the_place_of_the_installed_one_of_its_name(
    tmp_path: Path,
) -> None:
    shipped = (PROJECT / "plugins" / "stage_study" / "stage.toml").read_text("utf-8")
    ours = shipped.replace('label = "活动组织机构"', 'label = "我们的机构"')
    folder = a_plugin(tmp_path, "stage_study", stage=ours)

    rubric = loaded(folder, campaign=a_campaign()).rubric

    assert rubric.items["study.b1.body"].label == "我们的机构"
    assert len(rubric.items) == 103


def test_the_digest_changes_with_any_stage_file(tmp_path: Path) -> None:
    one = a_plugin(tmp_path / "one", "mine", stage=a_stage())
    same = a_plugin(tmp_path / "same", "mine", stage=a_stage())
    other = a_plugin(tmp_path / "other", "mine", stage=a_stage() + "# changed\n")

    assert loaded(one).digest == loaded(same).digest
    assert loaded(one).digest != loaded(other).digest


# what is refused -------------------------------------------------------------------------------

BROKEN = [
    pytest.param("import no_such_module", "ModuleNotFoundError", id="an import that fails"),
    pytest.param("def (", "SyntaxError", id="no Python"),
    pytest.param(
        "@hookimpl\ndef gsjx_chek(item): ...", "unknown hook 'gsjx_chek'", id="an unknown hook"
    ),
    pytest.param("@hookimpl\ndef gsjx_check(itme): ...", "itme", id="an unknown argument"),
    pytest.param("@hookimpl\ndef gsjx_stage(): return 1 / 0", "ZeroDivision", id="a stage fails"),
    pytest.param("@hookimpl\ndef gsjx_rules(): return 1 / 0", "ZeroDivision", id="rules fail"),
    pytest.param("@hookimpl\ndef gsjx_stage(): return 'x'", "gsjx_stage", id="no path"),
    pytest.param("@hookimpl\ndef gsjx_rules(): return 7", "gsjx_rules", id="no mapping"),
]


@pytest.mark.parametrize(("code", "reason"), BROKEN)
def test_a_broken_plugin_in_a_folder_is_named_with_the_reason(
    tmp_path: Path, code: str, reason: str
) -> None:
    folder = a_plugin(tmp_path, "faulty", code)
    a_plugin(tmp_path, "mine", stage=a_stage())

    (fault,) = loaded(folder).plugins.off

    assert fault.where == "插件 faulty"
    assert reason in fault.what
    assert fault.remedy == "修好或卸下该插件后重新打开；在此之前各月份不能核定、更正"


@pytest.mark.parametrize(("code", "reason"), BROKEN)
def test_a_broken_installed_plugin_is_named_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, reason: str
) -> None:
    name = tmp_path.name  # another one for each of these: modules are imported only once
    an_installed_plugin(tmp_path, name, code)
    monkeypatch.syspath_prepend(tmp_path)
    folder = a_plugin(tmp_path / "folder", "mine", stage=a_stage())

    (fault,) = loaded(folder).plugins.off

    assert fault.where == f"插件 {name}"
    assert reason in fault.what


def test_a_folder_that_isnt_there_is_told(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"

    assert faults(nowhere) == (Fault(str(nowhere), "没有这个插件目录", "改正 --plugins-dir"),)


def test_the_same_stage_from_two_plugins_is_refused(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path, "one", stage=a_stage())
    a_plugin(tmp_path, "other", stage=a_stage())

    assert faults(folder) == (Fault("插件", "阶段 trial 由两个插件提供", "停用其中一个"),)


def test_the_same_plugin_in_two_folders_is_refused(tmp_path: Path) -> None:
    one = a_plugin(tmp_path / "one", "mine", stage=a_stage())
    other = a_plugin(tmp_path / "other", "mine", stage=a_stage())

    assert faults(one, other) == (Fault("插件 mine", "两个插件目录里都有", "只留一个"),)


def test_a_stage_file_that_isnt_there_or_not_utf_8_is_told_with_its_path(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path, "missing", stage=a_stage(id="missing"))
    a_plugin(tmp_path, "gbk", stage=a_stage(id="gbk"))
    (tmp_path / "missing" / "stage.toml").unlink()
    (tmp_path / "gbk" / "stage.toml").write_bytes('name = "阶段"'.encode("gbk"))

    found = faults(folder)

    assert {fault.where for fault in found} == {
        str(tmp_path / "gbk" / "stage.toml"),
        str(tmp_path / "missing" / "stage.toml"),
    }
    assert {fault.remedy for fault in found} == {"确认文件存在且为 UTF-8 编码"}


def test_the_faults_of_all_files_are_told_in_one_error(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path, "one", stage=a_stage(id="one", points=-1))
    a_plugin(tmp_path, "two", stage=a_stage() + "\nwrong")
    campaign = TRIAL.replace("points = 10", 'points = "10"')

    found = faults(folder, campaign=campaign)

    assert [fault.where.split(" ")[0] for fault in found] == [
        "one/stage.toml",
        "two/stage.toml",
        "campaign.toml",
    ]


# the hooks -------------------------------------------------------------------------------------


def test_gsjx_stage_may_answer_none(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path, "quiet", "@hookimpl\ndef gsjx_stage(): return None")
    a_plugin(tmp_path, "mine", stage=a_stage())

    assert [stage.id for stage in loaded(folder).rubric.stages] == ["trial"]


FLAT = """
from dataclasses import dataclass
from gsjx_tui.rubric.model import Field, Rule

@dataclass(frozen=True)
class Flat:
    each: Decimal

@hookimpl
def gsjx_rules():
    return {"flat": Rule(
        params=Flat,
        to_date=lambda params, seen: params.each * len(seen.values),
        nominal=lambda params: Decimal("10.00"),
        fields=lambda params, months: (Field("done", "完成", "count", Decimal(1)),),
        expects=lambda params: "monthly",
        check=lambda params, months: (),
    )}
"""


def test_gsjx_rules_a_rule_of_a_plugin_scores_its_items(tmp_path: Path) -> None:
    flat = a_stage({"id": "done", "rule": "flat", "each": 4}, months=[JUNE, JULY])
    folder = a_plugin(tmp_path, "flat", FLAT, flat)

    with an_office(tmp_path, campaign=TRIAL, folders=[folder]) as office:
        recorded(office, observed("trial.b1.done", done=1))
        recorded(office, observed("trial.b1.done", month=JULY, done=1))
        confirm(office, Month.parse(JUNE))
        confirm(office, Month.parse(JULY))

        assert posted(office) == {("trial.b1.done", JUNE): 4, ("trial.b1.done", JULY): 4}
        verify(office)


def test_gsjx_rules_a_rule_of_another_plugin_may_be_used(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path, "z_rules_come_late", FLAT)
    flat = a_stage({"id": "done", "rule": "flat", "each": 4})
    a_plugin(tmp_path, "a_stage_comes_early", stage=flat)

    assert loaded(folder).rubric.items["trial.b1.done"].rule_name == "flat"


def test_gsjx_rules_faults_in_parameters_are_told_like_those_of_shipped_rules(
    tmp_path: Path,
) -> None:
    flat = a_stage({"id": "done", "rule": "flat", "eahc": 4})
    folder = a_plugin(tmp_path, "flat", FLAT, flat)

    assert [(fault.what, fault.remedy) for fault in faults(folder)] == [
        ("不认识的键 eahc", "是否应为 each"),
        ("缺少 each", "补上 each：一个数"),
    ]


def test_gsjx_rules_a_name_that_exists_is_refused(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path, "mine", FLAT.replace('{"flat"', '{"graded"'))

    assert faults(folder) == (Fault("插件 mine", "计分规则 graded 已有同名的", "换一个名称"),)


DOUBLED_FOR_A1 = """
@hookimpl
def gsjx_score(item, unit, points):
    if unit.code == "A1" and item.id.endswith(".complaint"):
        return points * 2
"""


def test_gsjx_score_a_deduction_doubled_for_one_unit_flows_through_confirm_and_verify(
    tmp_path: Path,
) -> None:
    folder = a_plugin(tmp_path / "plugins", "doubled", DOUBLED_FOR_A1)
    units = a_unit("A1"), a_unit("A2")

    with an_office(tmp_path, *units, folders=[folder]) as office:
        for unit in ("A1", "A2"):
            recorded(office, observed("study.e4.complaint", unit=unit, count=1))
        confirm(office, Month.parse(JUNE))

        assert posted(office, "A1")["study.e4.complaint", JUNE] == -10
        assert posted(office, "A2")["study.e4.complaint", JUNE] == -5
        verify(office)
        home = office.home

    with pytest.raises(StateError, match="没有了 插件 doubled 的程序"):
        open_office(home)


def test_gsjx_score_corrections_go_by_it_too(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path / "plugins", "doubled", DOUBLED_FOR_A1)

    with an_office(tmp_path, folders=[folder]) as office:
        confirm(office, Month.parse(JUNE))
        correct(office, "A1", "study.e4.complaint", JUNE, {"count": "2"}, "查实")

        assert posted(office)["study.e4.complaint", JUNE] == -20
        verify(office)


def test_gsjx_score_plugins_are_asked_in_turn_each_with_the_answer_before(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path, "mine", stage=a_stage())
    a_plugin(tmp_path, "a_one_more", "@hookimpl\ndef gsjx_score(points): return points + 1")
    a_plugin(tmp_path, "b_no_say", "@hookimpl\ndef gsjx_score(item): return None")
    a_plugin(tmp_path, "c_twice", "@hookimpl\ndef gsjx_score(points): return points * 2")

    with an_office(tmp_path, campaign=TRIAL, folders=[folder]) as office:
        recorded(office, observed("trial.b1.plan", 3))
        confirm(office, Month.parse(JUNE))

        assert posted(office) == {("trial.b1.plan", JUNE): (3 + 1) * 2}


SEES_ALL = """
@hookimpl
def gsjx_score(item, unit, month, values, points):
    seen = {str(m): dict(fields) for m, fields in values.items()}
    assert (item.id, unit.code, points) == ("trial.b1.plan", "A1", Decimal("3.00"))
    assert seen == {"2013-06": {"points": Decimal("3.00")}}
    return Decimal(month.number)
"""


def test_gsjx_score_sees_item_unit_month_values_and_points(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path, "sees_all", SEES_ALL, a_stage())

    with an_office(tmp_path, campaign=TRIAL, folders=[folder]) as office:
        recorded(office, observed("trial.b1.plan", 3))
        confirm(office, Month.parse(JUNE))

        assert posted(office) == {("trial.b1.plan", JUNE): 6}


def test_gsjx_score_a_float_is_refused_and_the_plugin_named(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path, "floating", "@hookimpl\ndef gsjx_score(): return 0.5", a_stage())

    with (
        an_office(tmp_path, campaign=TRIAL, folders=[folder]) as office,
        pytest.raises(StateError) as refused,
    ):
        confirm(office, Month.parse(JUNE))

    (fault,) = refused.value.faults
    assert fault.where == "插件 floating"
    assert "gsjx_score 给 trial.b1.plan 的分不是 Decimal：0.5" in fault.what


OBJECTS = """
@hookimpl
def gsjx_check(item, unit, month, field, kind, value):
    if value == 7:
        return f"{unit.code} {item.id} {field} {month} {kind} 不收 7 分"
"""


def test_gsjx_check_an_objection_refuses_what_is_typed(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path, "objects", OBJECTS, a_stage())

    with an_office(tmp_path, campaign=TRIAL, folders=[folder]) as office:
        recorded(office, observed("trial.b1.plan", 6))
        with pytest.raises(ObservationError) as refused:
            recorded(office, observed("trial.b1.plan", 7))
        confirm(office, Month.parse(JUNE))

        assert refused.value.faults == (
            Fault("", "A1 trial.b1.plan points 2013-06 verify 不收 7 分", "按插件的要求改正"),
        )
        assert posted(office) == {("trial.b1.plan", JUNE): 6}


def test_gsjx_check_an_objection_refuses_an_import_and_a_correction(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path, "objects", OBJECTS, a_stage())
    file = tmp_path / "claims.csv"
    file.write_text(f"unit,month,item,field,value\nA1,{JUNE},trial.b1.plan,points,7\n")

    with an_office(tmp_path, campaign=TRIAL, folders=[folder]) as office:
        with pytest.raises(ObservationError, match=r"claims\.csv 第 2 行.*claim 不收 7 分"):
            import_file(office, file, "claim")
        confirm(office, Month.parse(JUNE))
        with pytest.raises(ObservationError, match="verify 不收 7 分"):
            correct(office, "A1", "trial.b1.plan", JUNE, {"points": "7"}, "复核")

        assert posted(office) == {}


ALSO_PRAISED = """
from gsjx_tui.rubric.outcome import Outcome

@hookimpl
def gsjx_outcomes(stage, standings):
    best = standings[0]
    return [Outcome(best.category, best.unit, f"praised_{stage}_{best.points}", False)]
"""


def test_gsjx_outcomes_stand_beside_those_of_the_program(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path, "praised", ALSO_PRAISED, a_stage(months=[JUNE]))
    units = a_unit("A1"), a_unit("A2")

    with an_office(tmp_path, *units, campaign=TRIAL, folders=[folder]) as office:
        recorded(office, observed("trial.b1.plan", 9, unit="A2"))
        confirm(office, Month.parse(JUNE))

        assert outcomes(office, "trial").outcomes == (
            Outcome("economy", "A1", "key_rectification", tied=False),
            Outcome("economy", "A2", "praised_trial_9.00", tied=False),
        )
        assert outcomes(office).outcomes[-1] == Outcome(
            "economy", "A2", "praised_None_9.00", tied=False
        )


# the contract ----------------------------------------------------------------------------------

HOOKS = [
    function
    for _, function in inspect.getmembers(hookspecs, inspect.isfunction)
    if hasattr(function, "gsjx_tui_spec")
]


def test_the_hooks_are_those_of_the_contract() -> None:
    assert {hook.__name__ for hook in HOOKS} == {
        "gsjx_stage",
        "gsjx_rules",
        "gsjx_score",
        "gsjx_check",
        "gsjx_outcomes",
    }


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.__name__)
def test_every_hook_has_a_docstring_and_a_test_in_this_file(hook: object) -> None:
    name = hook.__name__  # type: ignore[attr-defined]

    assert len((inspect.getdoc(hook) or "").splitlines()) > 1
    assert any(test.startswith(f"test_{name}_") for test in globals())
