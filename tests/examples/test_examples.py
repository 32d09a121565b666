"""What other offices' methods use, each by an example plugin, worked by hand."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from builders import PROJECT, a_campaign, a_unit, an_office, confirmed, observed, posted, recorded
from gsjx_tui.domain import Month, Unit
from gsjx_tui.errors import ObservationError, RubricError
from gsjx_tui.office.confirm import preview
from gsjx_tui.office.explain import explain
from gsjx_tui.office.home import Office
from gsjx_tui.office.item_sheet import item_sheet
from gsjx_tui.office.outcomes import outcomes
from gsjx_tui.office.plugin_check import check_plugin
from gsjx_tui.office.sheet import sheet
from gsjx_tui.office.verify import verify
from gsjx_tui.plugins.trial import Trial

EXAMPLES = PROJECT / "examples"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/plugin.py"))
CATEGORIES = ["economy", "support", "central", "township"]
JAN, FEB, MAR = "2026-01", "2026-02", "2026-03"


def example(name: str) -> Trial:
    """An example on trial."""
    return Trial.of(EXAMPLES / f"stage_{name}", CATEGORIES)


def unit(category: str, code: str = "X1") -> Unit:
    """A unit of a category."""
    return a_unit(code, category)


def an_office_with(tmp_path: Path, name: str, points: int, *units: Unit) -> Office:
    """An office whose campaign is the stage of an example."""
    shutil.copytree(EXAMPLES / f"stage_{name}", tmp_path / "p" / f"stage_{name}")
    township = '[[categories]]\nid = "township"\nname = "乡镇"\n'
    campaign = a_campaign([name], points=points) + township
    return an_office(tmp_path, *units, campaign=campaign, folders=[tmp_path / "p"])


def test_each_kind_of_method_has_its_example() -> None:
    told = (EXAMPLES / "README.md").read_text("utf-8")

    assert len(NAMES) == 7
    assert all(f"`{name}`" in told for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_example_checks_without_a_fault(tmp_path: Path, name: str) -> None:
    (tmp_path / "campaign.toml").write_text(
        a_campaign() + '[[categories]]\nid = "township"\nname = "乡镇"\n', "utf-8"
    )
    checked = check_plugin(EXAMPLES / name, tmp_path)

    assert checked.name == name
    assert checked.tried


# items for some categories only ----------------------------------------------------------------


def test_a_unit_counts_by_the_items_of_its_category() -> None:
    told = {item: {JAN: {"points": 10}} for item in ("service.shared", "service.villages")}
    told |= {item: {JAN: {"points": 9}} for item in ("service.window", "farming.yield")}

    township = example("categories").points(told, JAN, unit("township"))
    economy = example("categories").points(told, JAN, unit("economy"))

    assert list(township.values()) == [10, 10, 0, 9]
    assert list(economy.values()) == [10, 0, 9, 0]


def test_items_of_other_categories_are_neither_asked_nor_taken(tmp_path: Path) -> None:
    units = unit("township", "T1"), unit("economy", "E1")
    with an_office_with(tmp_path, "categories", 50, *units) as office:
        january = Month.parse(JAN)
        first = office.rubric.stages[0].indicators[0]
        town = preview(office, january, ["T1"]).units[0]

        assert [i.label for i in sheet(office, "T1", january).open_items(first)] == [
            "便民措施",
            "驻村走访",
        ]
        assert [item.label for item in town.missing] == ["便民措施", "驻村走访", "粮食产量"]
        windows = item_sheet(office, "categories.service.window", january)
        assert [found.unit.code for found in windows.units] == ["E1"]
        with pytest.raises(ObservationError, match="不考核 T1局 所在的类别"):
            recorded(office, observed("categories.service.window", 5, month=JAN, unit="T1"))

        recorded(office, observed("categories.service.villages", 15, month=JAN, unit="T1"))
        confirmed(office, JAN)
        assert posted(office, "T1") == {("categories.service.villages", JAN): 15}
        assert posted(office, "E1") == {}
        verify(office)
        told = explain(office, "E1", "categories.service.villages", january)
        assert told.steps[0].text == "不考核本单位所在的类别"


# coefficients ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "code", "progress", "quality"),
    [
        ("township", "X1", "15.90", "17.50"),
        ("support", "X1", "10.60", "17.50"),
        ("economy", "X1", "13.25", "17.50"),
        ("township", "A01", "19.88", "17.50"),
    ],
)
def test_points_are_multiplied_by_category_or_unit(
    category: str, code: str, progress: str, quality: str
) -> None:
    told = {
        "projects.progress": {JAN: {"points": "13.25"}},
        "projects.quality": {JAN: {"points": "17.5"}},
        "office_work.order": {JAN: {"points": 30}},
    }

    worth = example("coefficients").points(told, JAN, unit(category, code))

    assert worth["projects.progress"] == Decimal(progress)
    assert worth["projects.quality"] == Decimal(quality)
    assert worth["office_work.order"] == 30


def test_a_coefficient_is_explained(tmp_path: Path) -> None:
    units = unit("township", "T1"), unit("economy", "A01")
    with an_office_with(tmp_path, "coefficients", 100, *units) as office:
        recorded(office, observed("coefficients.projects.progress", "13.25", month=JAN, unit="A01"))
        confirmed(office, JAN)

        told = explain(office, "A01", "coefficients.projects.progress", Month.parse(JAN))
        assert [(step.text, step.points) for step in told.steps][-2:] == [
            ("乘以系数 1.5", Decimal("6.63")),
            ("得分", Decimal("19.88")),
        ]
        assert told.agreement == "agrees"
        verify(office)


def test_a_unit_that_the_roster_doesnt_have_is_told(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match="unit_coefficients 中的 A01 不在名册里"):
        an_office_with(tmp_path, "coefficients", 100, unit("township", "T1"))


# judged deductions, a base with a floor --------------------------------------------------------


def test_judged_deductions_add_up_and_stop_at_the_floor() -> None:
    trial = example("judged")
    told = {"discipline.environment": {JAN: {"deducted": "3.5"}, FEB: {"deducted": 8}}}

    assert trial.points({}, JAN)["discipline.environment"] == 20
    assert trial.points(told, JAN)["discipline.environment"] == Decimal("16.50")
    assert trial.points(told, FEB)["discipline.environment"] == Decimal("8.50")


def test_a_deduction_beyond_the_most_is_refused(tmp_path: Path) -> None:
    with an_office_with(tmp_path, "judged", 40, a_unit()) as office:
        with pytest.raises(ObservationError, match="超过上限 8"):
            recorded(office, observed("judged.discipline.environment", month=JAN, deducted=9))
        recorded(office, observed("judged.discipline.environment", month=JAN, deducted="7.5"))
        confirmed(office, JAN)
        assert posted(office)["judged.discipline.environment", JAN] == Decimal("12.50")


def test_a_base_is_used_up_to_its_floor() -> None:
    told = {"discipline.attendance": {JAN: {"absent": 4}, FEB: {"late": 1, "absent": 2}}}

    assert example("judged").points(told, JAN)["discipline.attendance"] == 8
    assert example("judged").points(told, FEB)["discipline.attendance"] == 5


# doubling by a hook ----------------------------------------------------------------------------


def test_deductions_count_twice_for_supervised_units_and_praise_once() -> None:
    told = {"complaints.complaint": {JAN: {"count": 2}}, "complaints.praise": {JAN: {"count": 1}}}

    watched = example("doubled").points(told, JAN, unit("economy", "A01"))
    other = example("doubled").points(told, JAN, unit("economy", "A03"))

    assert (watched["complaints.complaint"], watched["complaints.praise"]) == (-20, 2)
    assert (other["complaints.complaint"], other["complaints.praise"]) == (-10, 2)


# veto ------------------------------------------------------------------------------------------


def test_a_veto_takes_the_stage_from_its_month_on(tmp_path: Path) -> None:
    with an_office_with(tmp_path, "veto", 30, a_unit("A1"), a_unit("A2")) as office:
        for month in (JAN, FEB, MAR):
            for code in ("A1", "A2"):
                recorded(office, observed("veto.work.progress", 9, month=month, unit=code))
        recorded(office, observed("veto.safety.accident", month=FEB, count=1))
        confirmed(office, JAN, FEB, MAR)

        assert posted(office, "A1") == {
            ("veto.work.progress", JAN): 9,
            ("veto.work.progress", FEB): 9,
            ("veto.work.progress", MAR): 9,
            ("veto.safety.accident", FEB): -18,
            ("veto.safety.accident", MAR): -9,
        }
        assert sum(posted(office, "A2").values()) == 27
        verify(office)
        told = explain(office, "A1", "veto.safety.accident", Month.parse(FEB))
        assert [step.text for step in told.steps] == [
            "2月 1 次，一票否决",
            "本阶段其余要点 18 分，留 0",
            "得分",
        ]
        assert told.agreement == "agrees"


# grades ----------------------------------------------------------------------------------------


def test_grades_by_points_within_a_share_of_the_category(tmp_path: Path) -> None:
    results = {f"A{n}": points for n, points in enumerate((95, 95, 92, 91, 85, 60, 59), 1)}
    results |= {"T1": 96, "T2": 90, "T3": 20, "T4": 70}
    units = [unit("economy" if code[0] == "A" else "township", code) for code in results]
    campaign = (EXAMPLES / "stage_grades" / "campaign.toml").read_text("utf-8")
    with an_office(tmp_path, *units, campaign=campaign, folders=[EXAMPLES]) as office:
        for code, points in results.items():
            recorded(office, observed("grades.work.result", points, month=JAN, unit=code))
        confirmed(office, JAN)

        found = {o.unit: (o.kind, o.tied) for o in outcomes(office).outcomes if o.kind in _GRADES}

    # 30 per cent of 7 units are 2 places, of 4 units one
    assert found == {
        "A1": ("优秀", False),
        "A2": ("优秀", False),
        "A3": ("良好", False),
        "A4": ("良好", False),
        "A5": ("良好", False),
        "A6": ("一般", False),
        "A7": ("较差", False),
        "T1": ("优秀", False),
        "T2": ("良好", False),
        "T3": ("较差", False),
        "T4": ("一般", False),
    }


_GRADES = {"优秀", "良好", "一般", "较差"}


# raters ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "worth"),
    [
        (["30", "25", "24", "26.5", "10", "25", "28"], "25.70"),
        (["20", "29", "22"], "22.00"),
        (["20", "21"], "20.50"),
        (["17"], "17.00"),
    ],
)
def test_the_mean_of_raters_without_the_highest_and_lowest(given: list[str], worth: str) -> None:
    told = {"review.report": {JAN: {f"r{n}": value for n, value in enumerate(given, 1)}}}

    assert example("raters").points(told, JAN)["review.report"] == Decimal(worth)


def test_the_mean_of_all_raters_where_none_is_dropped() -> None:
    told = {"review.materials": {JAN: {"r1": 20, "r2": 10, "r3": 11}}}

    assert example("raters").points(told, JAN)["review.materials"] == Decimal("13.67")
