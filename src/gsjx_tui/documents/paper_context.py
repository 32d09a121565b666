"""What the placeholders of a template stand for, paper by paper (docs/templates.md).

The names are the office's language: they are written in Word by people who run the appraisal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import singledispatch
from typing import Any

from gsjx_tui.documents.mark import Mark
from gsjx_tui.documents.papers import (
    AdjustmentRecommendation,
    AdmonitionNotice,
    AdmonitionRecord,
    AwardCandidates,
    Letterhead,
    ObjectionDecision,
    Paper,
    Place,
    RankingNotice,
    RectificationNotice,
    ResultsLetter,
    StagePoints,
)
from gsjx_tui.documents.results import ResultRow
from gsjx_tui.domain import Points

Context = Mapping[str, Any]

_NUMBER = "〔　　　　〕　　号"
_DATE = "　　　　年　　月　　日"
_TIME = "　　　年　月　日　时"
_PRINTED = "　　　年　月　日"
_LINE = "　　　　　　　　"


def context(paper: Paper) -> Context:
    """The placeholders of a paper with their texts; lists hold one such mapping per row."""
    return {
        **_frame(paper.head, paper.mark),
        "活动": paper.campaign,
        **_own(paper),
    }


@singledispatch
def _own(paper: Any) -> Context:
    raise TypeError(paper)


@_own.register
def _(paper: RankingNotice) -> Context:
    return {
        "范围": paper.scope,
        "各类": [
            {
                "类别": category.name,
                "单位数": len(category.rows),
                "名次表": [_row(row) for row in category.rows],
            }
            for category in paper.categories
        ],
        "末位": [{**_place(last), "并列": last.tied} for last in paper.lasts],
        "原版次": f"第{paper.replaces}版" if paper.replaces else "",
        "更正": [
            {
                "类别": erratum.category,
                "单位": erratum.unit,
                "原名次": _if_any(erratum.rank_before),
                "原得分": _if_any(erratum.points_before),
                "现名次": _if_any(erratum.rank_after),
                "现得分": _if_any(erratum.points_after),
            }
            for erratum in paper.errata
        ],
    }


@_own.register
def _(paper: RectificationNotice) -> Context:
    return {
        "阶段": paper.stage,
        **_place(paper.place),
        "失分": [
            {
                "条款": loss.clause,
                "要点": loss.label,
                "满分": _points(loss.nominal),
                "得分": _points(loss.points),
                "失分": _points(loss.nominal - loss.points),
            }
            for loss in paper.losses
        ],
        "方案期限": _date(paper.plan_by),
        "整改期限": _date(paper.done_by),
    }


@_own.register
def _(paper: AdmonitionNotice) -> Context:
    return {"阶段": paper.stage, **_place(paper.place), **_talk(paper)}


@_own.register
def _(paper: AdmonitionRecord) -> Context:
    return {
        "阶段": paper.stage,
        **_place(paper.place),
        **_talk(paper),
        "记录人": paper.recorder or _LINE,
    }


@_own.register
def _(paper: ResultsLetter) -> Context:
    return {
        "范围": paper.scope,
        **_place(paper.place),
        "各阶段": _stages(paper.stages),
    }


@_own.register
def _(paper: AdjustmentRecommendation) -> Context:
    return {
        "范围": paper.scope,
        **_place(paper.place),
        "全部单位数": str(paper.among_all) if paper.among_all else "",
        "各阶段": _stages(paper.stages),
    }


@_own.register
def _(paper: AwardCandidates) -> Context:
    return {
        "范围": paper.scope,
        "候选数": str(len(paper.candidates)),
        "候选": [_place(place) for place in paper.candidates],
    }


@_own.register
def _(paper: ObjectionDecision) -> Context:
    return {
        "单位": paper.unit,
        "申诉日期": _date(paper.received),
        "月份": paper.month.chinese,
        "条款": paper.clause,
        "要点": paper.item,
        "申诉理由": paper.grounds,
        "查核情况": paper.findings,
        "决定": paper.decision,
        "予以更正": paper.upheld,
        "原得分": _points(paper.points_before),
        "现得分": _points(paper.points_after),
        "原名次": str(paper.rank_before),
        "现名次": str(paper.rank_after),
    }


def _frame(head: Letterhead, mark: Mark) -> Context:
    return {
        "发文机关": head.issuer,
        "发文字号": head.number or _NUMBER,
        "主送机关": head.addressees or _LINE,
        "抄送": head.copies,
        "成文日期": _date(head.dated),
        "印发日期": _date(head.printed, _PRINTED),
        "附件": [
            {"序号": str(number), "名称": name} for number, name in enumerate(head.attachments, 1)
        ],
        "版次": mark.edition_name,
        "未定稿": mark.stamp,
        "校验码": mark.code,
    }


def _stages(stages: Sequence[StagePoints]) -> list[Context]:
    return [
        {"阶段": part.stage, "满分": _points(part.nominal), "得分": _points(part.points)}
        for part in stages
    ]


def _place(place: Place) -> Context:
    return {
        "单位": place.unit,
        "类别": place.category,
        "名次": str(place.rank),
        "单位数": str(place.ranked),
        "得分": _points(place.points),
        "并列": place.tied,
    }


def _talk(paper: AdmonitionNotice | AdmonitionRecord) -> Context:
    return {
        "对象": paper.role,
        "姓名": paper.person or _LINE,
        "时间": paper.when or _TIME,
        "地点": paper.where or _LINE,
        "谈话人": paper.talker or _LINE,
    }


def _row(row: ResultRow) -> Context:
    return {
        "名次": str(row.rank),
        "单位": row.name,
        "得分": _points(row.points),
        "上月名次": "" if row.previous_rank is None else str(row.previous_rank),
        "升降": _moved(row.moved),
        "差距": "" if row.gap is None else _points(row.gap),
    }


def _moved(places: int | None) -> str:
    if places is None:
        return ""
    return f"升{places}" if places > 0 else f"降{-places}" if places else "平"


def _if_any(value: int | Points | None) -> str:
    """A rank or points, or that the unit had none."""
    if value is None:
        return "未列入"
    return str(value) if isinstance(value, int) else _points(value)


def _points(value: Any) -> str:
    return f"{value:.2f}"


def _date(day: date | None, blank: str = _DATE) -> str:
    return blank if day is None else f"{day.year}年{day.month}月{day.day}日"


def names(values: Context | Sequence[Any], prefix: str = "") -> set[str]:
    """Every placeholder that a context knows, those of rows as ``各类.名次表.单位``."""
    found: set[str] = set()
    for name, value in values.items() if isinstance(values, Mapping) else ():
        found.add(prefix + name)
        if isinstance(value, list) and value:
            found |= names(value[0], f"{prefix}{name}.")
    return found
