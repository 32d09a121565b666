"""Whether roster and rubric in the ledger, by which it ranks, are those of the home's files.

They aren't chained: the files are what the office can read and answer for. A unit moved to another
category behind the program's back would change a ranking and no posting.
"""

from __future__ import annotations

from collections.abc import Iterator

from gsjx_tui.domain import points
from gsjx_tui.errors import Fault
from gsjx_tui.office.home import Office, files_digest

_SEPARATOR = "\x1f"
_NAMES = {
    "unit": "单位",
    "category": "类别",
    "stage": "阶段",
    "indicator": "考核指标",
    "item": "考核要点",
    "campaign": "活动",
}


def unlike_files(office: Office) -> Iterator[Fault]:
    """What differs. Nothing while the files were changed and aren't taken over yet."""
    known = office.ledger.rows("editions")
    if not known or known[0][1:] != (files_digest(office.home), office.loaded.digest):
        return
    told = {(kind, id): text for kind, id, text in office.ledger.rows("in_force")}
    meant = {
        (kind, str(id)): _SEPARATOR.join(_text(value) for value in values)
        for kind, id, values in _meant(office)
    }
    for kind, id in sorted(told.keys() | meant.keys()):
        if told.get((kind, id)) != meant.get((kind, id)):
            yield Fault(
                f"{_NAMES[kind]} {id}",
                "账本里采用的与活动文件、名册、评分表不同",
                "停止使用，从备份恢复",
            )


def _meant(office: Office) -> Iterator[tuple[str, str, tuple[object, ...]]]:
    rubric, campaign = office.rubric, office.rubric.campaign
    for position, unit in enumerate(office.units, 1):
        bounds = unit.since or "0000-00", unit.through or "9999-99"
        named = unit.code, unit.name, unit.category, unit.superior
        yield "unit", unit.code, (position, *named, *bounds)
    for position, group in enumerate(campaign.categories, 1):
        yield "category", group.id, (position, group.id, group.name, group.superior_letter)
    for position, stage in enumerate(rubric.stages, 1):
        ends = stage.months[0], stage.months[-1]
        yield "stage", stage.id, (position, stage.id, stage.name, points(stage.points), *ends)
    indicators = [(stage, each) for stage in rubric.stages for each in stage.indicators]
    for position, (stage, each) in enumerate(indicators, 1):
        described = each.id, stage.id, each.kind, each.name
        yield "indicator", each.id, (position, *described, points(each.points))
    for position, item in enumerate(rubric.items.values(), 1):
        labelled = item.id, item.indicator, item.stage, item.label, item.rule_name
        worth = points(item.nominal)
        yield "item", item.id, (position, *labelled, worth, item.office, item.clause)
    settings = campaign.settings
    chosen = points(campaign.points), settings.final_scope, settings.award_places
    yield "campaign", campaign.id, (campaign.id, campaign.name, *chosen)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
