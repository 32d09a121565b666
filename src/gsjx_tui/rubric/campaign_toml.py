"""``campaign.toml`` -> the campaign, and the rubric that its stages make."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence

from gsjx_tui.domain import (
    ZERO,
    Campaign,
    Category,
    Grade,
    Settings,
)
from gsjx_tui.rubric.model import Rubric, Stage
from gsjx_tui.rubric.source import Source, Table
from gsjx_tui.rubric.toml_values import check_unique, does_not_add_up, parameters

CAMPAIGN_KEYS = ("id", "name", "points", "stages", "categories", "grades")
CATEGORY_KEYS = ("id", "name", "superior_letter")
GRADE_KEYS = ("name", "at_least", "share")


def parse_campaign(text: str, name: str) -> Campaign:
    """The campaign of a ``campaign.toml``. Raises RubricError with all faults."""
    source = Source(text, name)
    source.raise_faults()
    top = source.top()
    settings = [field.name for field in dataclasses.fields(Settings)]
    top.only((*CAMPAIGN_KEYS, *settings))
    campaign = Campaign(
        id=top.text("id"),
        name=top.text("name"),
        points=top.points("points"),
        categories=tuple(_category(table) for table in top.tables("categories")),
        stages=top.texts("stages"),
        settings=parameters(Settings, top),
        grades=tuple(_grade(table) for table in top.tables("grades"))
        if "grades" in top.data
        else (),
    )
    check_unique(top, "grades", [grade.name for grade in campaign.grades], "name")
    check_unique(top, "categories", [category.id for category in campaign.categories])
    check_unique(top, "stages", list(campaign.stages))
    if campaign.settings.award_places < 0:
        top.fault("award_places", "award_places 不能为负数", "填每类列为评先选优的名次数")
    if campaign.settings.objection_days < 1:
        top.fault("objection_days", "objection_days 至少为 1", "填申诉须在几天之内答复")
    source.raise_faults()
    return campaign


def assemble(campaign: Campaign, stages: Sequence[Stage], text: str, name: str) -> Rubric:
    """The rubric of a campaign from the stages it names, in its order.

    ``text`` and ``name`` are those of ``campaign.toml``, for the line of a fault. Raises
    RubricError if a stage is missing, months overlap or leave a gap, or points don't add up.
    """
    top = Source(text, name).top()
    known = {stage.id: stage for stage in stages}
    for id in campaign.stages:
        if id not in known:
            here = "、".join(known) or "无"
            top.fault("stages", f"找不到阶段 {id}", f"安装它的插件或改正名称（已装：{here}）")
    top.source.raise_faults()
    chosen = tuple(known[id] for id in campaign.stages)
    for before, after in itertools.pairwise(chosen):
        if after.months[0] != before.months[-1].plus(1):
            top.fault(
                "stages",
                f"阶段 {after.id} 从 {after.months[0]} 开始，与 {before.id} 止于 "
                f"{before.months[-1]} 不相接",
                "改正阶段的次序或月份，每月属于且只属于一个阶段",
            )
    total = sum((stage.points for stage in chosen), ZERO)
    if total != campaign.points:
        does_not_add_up(top, f"活动 {campaign.id}", campaign.points, "各阶段", total)
    top.source.raise_faults()
    return Rubric(campaign, chosen)


def _category(table: Table) -> Category:
    table.only(CATEGORY_KEYS)
    letter = table.flag("superior_letter", default=False)
    return Category(table.name("id"), table.text("name"), letter)


def _grade(table: Table) -> Grade:
    table.only(GRADE_KEYS)
    grade = Grade(
        name=table.text("name"),
        at_least=table.points("at_least") if "at_least" in table.data else None,
        share=table.points("share") if "share" in table.data else None,
    )
    if grade.share is not None and not 0 <= grade.share <= 100:
        table.fault("share", f"share {grade.share} 不在 0 到 100 之间", "填占本类别单位的百分数")
    return grade
