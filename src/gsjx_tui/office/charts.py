"""Charts 图表 of a category through a month: rank paths, points by stage, loss by indicator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from gsjx_tui.documents.charts import (
    Chart,
    ChartHead,
    IndicatorLoss,
    Losses,
    RankPaths,
    StagePoints,
    UnitRanks,
    UnitStages,
)
from gsjx_tui.documents.mark import DRAFT
from gsjx_tui.domain import Category, Month
from gsjx_tui.errors import Fault, GsjxError, StateError
from gsjx_tui.office.acts import act
from gsjx_tui.office.answers import check_export, export_path
from gsjx_tui.office.check import local_second
from gsjx_tui.office.home import Office
from gsjx_tui.office.publications import published_now
from gsjx_tui.office.rank import CampaignFacts, campaign_facts, ranking, scope_of
from gsjx_tui.office.result_tables import scope_text
from gsjx_tui.office.trend import trend, trend_months

__all__ = [
    "KINDS",
    "Chart",
    "ChartHead",
    "ChartKind",
    "Losses",
    "RankPaths",
    "StagePoints",
    "UnitRanks",
    "chart_of",
    "check_export",
    "check_format",
    "losses",
    "rank_paths",
    "save_chart",
    "stage_points",
    "write_chart",
]

ChartKind = Literal["ranks", "stages", "losses"]


@act("viewer")
def rank_paths(office: Office, category: str = "", month: str = "", unit: str = "") -> RankPaths:
    """The cumulative rank of every unit of a category in every month through one.

    By default the first category, the newest confirmed month; ``unit`` is brought out and chooses
    its category. Raises StateError for what doesn't exist, or if nothing is confirmed.
    """
    campaign, chosen, through = _asked(office, category, month, unit)
    months = trend_months(campaign, through)
    found = trend(office.ledger, months, chosen.id)
    rows = ranking(office.ledger, scope_of(campaign, str(through)), chosen.id)
    units = []
    for row in rows:
        standings = found.get(row.unit, {})
        ranks = tuple(standings[m].rank if m in standings else None for m in months)
        units.append(UnitRanks(row.unit, row.name, ranks))
    head = _head(office, campaign, chosen, through, unit, "名次走势")
    return RankPaths(head, months, tuple(units))


@act("viewer")
def stage_points(
    office: Office, category: str = "", month: str = "", unit: str = ""
) -> StagePoints:
    """The cumulative points of every unit of a category, by the stages that have begun.

    Arguments and errors as those of ``rank_paths``.
    """
    campaign, chosen, through = _asked(office, category, month, unit)
    begun = [stage for stage in campaign.stages if stage[2] <= through]
    by_stage = [
        {
            row.unit: row.points
            for row in ranking(office.ledger, scope_of(campaign, str(through), stage=id), chosen.id)
        }
        for id, *_ in begun
    ]
    rows = ranking(office.ledger, scope_of(campaign, str(through)), chosen.id)
    units = tuple(
        UnitStages(
            row.unit, row.name, row.rank, row.points, tuple(of.get(row.unit) for of in by_stage)
        )
        for row in rows
    )
    head = _head(office, campaign, chosen, through, unit, "阶段得分")
    return StagePoints(head, tuple(name for _, name, *_ in begun), units)


@act("viewer")
def losses(office: Office, category: str = "", month: str = "", unit: str = "") -> Losses:
    """What a category, or with ``unit`` that unit alone, is short of by indicator, most first.

    Arguments and errors as those of ``rank_paths``.
    """
    campaign, chosen, through = _asked(office, category, month, unit)
    rows = office.ledger.rows("losses", category=chosen.id, month=str(through), unit=unit)
    ranked = len(ranking(office.ledger, scope_of(campaign, str(through)), chosen.id))
    head = _head(office, campaign, chosen, through, unit, "指标失分")
    if unit:
        head = _about_unit(head, f"{unit} {office.unit(unit).name}")
    return Losses(head, ranked, tuple(IndicatorLoss(*row) for row in rows))


KINDS: Mapping[ChartKind, tuple[str, Callable[..., Chart]]] = {
    "ranks": ("名次走势", rank_paths),
    "stages": ("阶段得分", stage_points),
    "losses": ("指标失分", losses),
}
"""The charts: what people call each, and the act that answers it."""


def chart_of(
    office: Office, kind: ChartKind, category: str = "", month: str = "", unit: str = ""
) -> Chart:
    """The chart of a kind; as ``rank_paths``."""
    return KINDS[kind][1](office, category, month, unit)


def _asked(
    office: Office, category: str, month: str, unit: str
) -> tuple[CampaignFacts, Category, Month]:
    campaign = campaign_facts(office.ledger)
    if campaign.newest_confirmed is None:
        raise StateError(Fault("", "还没有核定任何月份，没有图可画", "先核定：gsjx confirm 月份"))
    through = min(campaign.month(month) if month else campaign.newest, campaign.newest)
    known = {found.id: found for found in campaign.categories}
    of_unit = office.unit(unit).category if unit else ""
    chosen = category or of_unit or campaign.categories[0].id
    if chosen not in known:
        raise StateError(Fault("", f"没有类别“{category}”", f"可用：{'、'.join(known)}"))
    if of_unit not in ("", chosen):
        raise StateError(
            Fault(unit, f"属于{known[of_unit].name}，不在{known[chosen].name}", "去掉 --category")
        )
    return campaign, known[chosen], through


def _head(
    office: Office,
    campaign: CampaignFacts,
    category: Category,
    through: Month,
    unit: str,
    what: str,
) -> ChartHead:
    found = published_now(office, str(through))
    stamp = f"{found.called}，校验码 {found.code}" if found else DRAFT
    scope = scope_text(campaign, scope_of(campaign, str(through)), "")
    (newest,) = office.ledger.row("newest_instant")
    source = (
        campaign.name,
        category.name,
        scope,
        stamp,
        *((f"数据截至 {local_second(newest)}",) if newest else ()),
        f"制图人 {office.who}",
    )
    title = f"{category.name}{what}"
    return ChartHead(title, category.name, through, scope, stamp, source, unit)


def _about_unit(head: ChartHead, called: str) -> ChartHead:
    source = (head.source[0], head.category, called, *head.source[2:])
    return replace(head, title=f"{called}指标失分", source=source)


# files -------------------------------------------------------------------------------------------

FORMATS = (".svg", ".png")


def write_chart(chart: Chart, path: Path) -> Path:
    """Draws a chart into a new SVG or PNG file, by its suffix; where it is.

    Raises ExportError: the file exists already, can't be written; no Chinese font is installed.
    """
    from gsjx_tui.documents.chart_draw import draw_chart

    draw_chart(path, chart)
    return path


def save_chart(office: Office, chart: Chart, name: str, suffix: str, now: datetime) -> Path:
    """The same into the person's folder of exports. Raises QueryError for a bad name, too."""
    check_export(name)
    return write_chart(chart, export_path(office, name, suffix, now))


def check_format(text: str) -> str:
    """The suffix of a format. Raises GsjxError for another text than svg or png."""
    suffix = "." + text.strip().lower().removeprefix(".")
    if suffix not in FORMATS:
        raise GsjxError("格式写 svg 或 png")
    return suffix
