"""The four shipped stages against SPEC 6, as ``tests/reference.py`` has transcribed it."""

from __future__ import annotations

import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

import reference
from builders import PROJECT, SOURCES, the_shipped_rubric
from gsjx_tui.domain import ZERO, month_range
from gsjx_tui.plugins.manager import load
from gsjx_tui.rubric.model import Item
from gsjx_tui.rubric.rules import Graded, Quota, Sample, Tally, Threshold

RUBRIC = the_shipped_rubric()
STAGES = ("study", "selfcheck", "rectify", "consolidate")
ITEMS = tuple(RUBRIC.items.values())


def test_the_campaign_is_that_of_the_method() -> None:
    campaign = RUBRIC.campaign

    assert (campaign.id, campaign.points, campaign.stages) == ("gsjx-2013", 1000, STAGES)
    assert [c.id for c in campaign.categories] == list(reference.CATEGORIES)
    assert [c.id for c in campaign.categories if c.superior_letter] == ["central"]


def test_it_runs_from_june_2013_to_june_2014_without_a_gap() -> None:
    assert [str(month) for month in RUBRIC.months] == list(reference.MONTHS)
    assert RUBRIC.months == month_range(RUBRIC.months[0], RUBRIC.months[-1])
    assert len(RUBRIC.months) == 13


def test_each_stage_has_its_months_and_its_points() -> None:
    assert {s.id: tuple(map(str, s.months)) for s in RUBRIC.stages} == reference.STAGE_MONTHS
    assert {s.id: s.points for s in RUBRIC.stages} == reference.STAGE_POINTS


def test_the_points_add_up_on_every_level() -> None:
    assert sum(stage.points for stage in RUBRIC.stages) == RUBRIC.campaign.points
    for stage in RUBRIC.stages:
        assert sum(indicator.points for indicator in stage.indicators) == stage.points
        for indicator in stage.indicators:
            assert sum((i.nominal for i in indicator.items), ZERO) == indicator.points


@pytest.mark.parametrize("stage", STAGES)
def test_each_indicator_has_the_points_that_the_method_prints(stage: str) -> None:
    found = RUBRIC.stage(stage)

    assert found is not None
    assert tuple(i.points for i in found.indicators) == reference.INDICATOR_POINTS[stage]


def test_each_indicator_is_of_the_kind_of_work_that_its_id_says() -> None:
    kinds = {"b": "basic", "k": "key", "e": "effect"}

    for stage in RUBRIC.stages:
        for indicator in stage.indicators:
            assert indicator.kind == kinds[indicator.id.removeprefix(f"{stage.id}.")[0]]


def test_there_are_the_103_items_of_spec_6_in_its_order() -> None:
    assert [item.id for item in ITEMS] == [item.id for item in reference.ITEMS]
    assert len(ITEMS) == 103


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_each_item_is_as_spec_6_has_it(item: Item) -> None:
    expected = reference.ITEM[item.id]

    assert _as_the_reference_says_it(item) == expected
    assert tuple(map(str, item.months)) == expected.open_months
    assert tuple(field.name for field in item.fields) == expected.fields


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_each_item_has_a_label_and_the_clause_it_comes_from(item: Item) -> None:
    part = "一二三四"[STAGES.index(item.stage)]
    kind = {"b": "1", "k": "2", "e": "3"}[item.indicator.split(".")[1][0]]
    entry = "①②③④⑤⑥⑦⑧⑨"[int(item.indicator[-1]) - 1]

    assert item.label
    assert item.clause == f"二（{part}）{kind}{entry}"


def test_an_item_with_several_counts_names_each_of_them() -> None:
    for item in ITEMS:
        labels = [field.label for field in item.fields]
        assert len(set(labels)) == len(labels)


def test_what_the_method_leaves_open_is_settled_as_spec_7_says() -> None:
    for item in ITEMS:
        if isinstance(item.params, Quota):
            assert (item.params.pool, item.params.cap_per) == ("stage", "stage")
        if isinstance(item.params, Tally):
            assert (item.params.cap_per, item.params.base_stands) == ("stage", "first_month")

    settings = RUBRIC.campaign.settings
    assert (settings.unverified_claims, settings.final_scope) == ("accept", "category")


def test_the_installed_stages_are_those_of_the_plugins_folder(tmp_path: Path) -> None:
    campaign = PROJECT / "data" / "campaign.toml"
    folder = shutil.copytree(PROJECT / "plugins", tmp_path / "plugins")

    from_the_folder = load(campaign.read_text("utf-8"), campaign.name, [folder])

    assert from_the_folder.rubric == RUBRIC, "install the stage plugins anew"


def test_nothing_in_src_names_a_stage() -> None:
    ids, names = "|".join(STAGES), "|".join(stage.name for stage in RUBRIC.stages)
    word = re.compile(rf"\b({ids})\b|{names}")
    sources = [path for path in SOURCES.rglob("*") if path.suffix in (".py", ".sql", ".tcss")]

    found = {
        f"{path.relative_to(SOURCES)}:{number}": line.strip()
        for path in sources
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if word.search(line)
    }

    assert len(sources) > 30
    assert found == {}


def _as_the_reference_says_it(item: Item) -> reference.Item:
    params = item.params
    tied = item.months != RUBRIC.stage(item.stage).months  # type: ignore[union-attr]
    months = tuple(map(str, item.months)) if tied else ()
    match params:
        case Graded(max=most, monthly=monthly):
            rule = "monthly" if monthly else "graded"
            return reference.Item(item.id, rule, most, months, item.office)
        case Quota():
            return reference.Item(
                item.id,
                "quota",
                params.max,
                months,
                item.office,
                target=Decimal(params.target),
                shortfall=params.shortfall,
                surplus=params.surplus,
                surplus_cap=params.surplus_cap,
            )
        case Tally():
            return reference.Item(
                item.id,
                "tally",
                months=months,
                office=item.office,
                weights=tuple(params.weights.items()),
                base=params.base,
                cap=params.cap,
                floor=params.floor,
            )
        case Threshold(max=most, at_least=rate):
            return reference.Item(item.id, "threshold", most, months, item.office, at_least=rate)
        case Sample(weight=weight):
            return reference.Item(
                item.id, "sample", months=months, office=item.office, weight=weight
            )
    raise AssertionError(params)
