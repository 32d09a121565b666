"""The figures of a paper that its check code stands for, and the paper with its code.

The office makes the same paper again from an edition of the ledger: equal codes, equal figures.
Words, names of people and dates aren't figures: an office edits them in Word.
"""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch
from typing import Any, TypeVar

from gsjx_tui.documents.check_code import Figures, canonical, check_code
from gsjx_tui.documents.papers import (
    AdjustmentRecommendation,
    AdmonitionNotice,
    AdmonitionRecord,
    AwardCandidates,
    ObjectionDecision,
    Paper,
    Place,
    RankingNotice,
    RectificationNotice,
    ResultsLetter,
    StagePoints,
)
from gsjx_tui.documents.results import CategoryResult, Results

Stamped = TypeVar("Stamped", bound=Paper | Results)


def figures(paper: Paper | Results, campaign: str) -> Figures:
    """What ``paper`` states of the campaign with that id."""
    kind = "result_tables" if isinstance(paper, Results) else paper.kind
    scope, rows = _figures(paper)
    return Figures(kind, campaign, paper.mark.edition, scope, rows)


def with_code(paper: Stamped, campaign: str) -> Stamped:
    """The paper with the check code of its figures."""
    code = check_code(canonical(figures(paper, campaign)))
    return replace(paper, mark=replace(paper.mark, code=code))


_Rows = tuple[tuple[str, ...], ...]


@singledispatch
def _figures(paper: Any) -> tuple[tuple[str, ...], _Rows]:
    raise TypeError(paper)


@_figures.register
def _(paper: Results) -> tuple[tuple[str, ...], _Rows]:
    ranks = tuple(
        (category.name, trend.unit, *("" if rank is None else str(rank) for rank in trend.ranks))
        for category in paper.categories
        for trend in category.trends
    )
    return (paper.scope, *map(str, paper.months)), (*_ranking(paper.categories), *ranks)


@_figures.register
def _(paper: RankingNotice) -> tuple[tuple[str, ...], _Rows]:
    errata = tuple(
        (
            *(erratum.category, erratum.unit),
            *(_if_any(erratum.rank_before), _points_if_any(erratum.points_before)),
            *(_if_any(erratum.rank_after), _points_if_any(erratum.points_after)),
        )
        for erratum in paper.errata
    )
    rows = (*_ranking(paper.categories), *map(_place, paper.lasts), *errata)
    return (paper.scope, str(paper.replaces)), rows


@_figures.register
def _(paper: RectificationNotice) -> tuple[tuple[str, ...], _Rows]:
    losses = (
        (loss.clause, loss.label, _points(loss.points), _points(loss.nominal))
        for loss in paper.losses
    )
    return (paper.stage,), (_place(paper.place), *losses)


@_figures.register(AdmonitionNotice)
@_figures.register(AdmonitionRecord)
def _(paper: AdmonitionNotice | AdmonitionRecord) -> tuple[tuple[str, ...], _Rows]:
    return (paper.stage, paper.role), (_place(paper.place),)


@_figures.register
def _(paper: ResultsLetter) -> tuple[tuple[str, ...], _Rows]:
    return (paper.scope,), (_place(paper.place), *_stages(paper.stages))


@_figures.register
def _(paper: AdjustmentRecommendation) -> tuple[tuple[str, ...], _Rows]:
    scope = (paper.scope, str(paper.among_all))
    return scope, (_place(paper.place), *_stages(paper.stages))


@_figures.register
def _(paper: AwardCandidates) -> tuple[tuple[str, ...], _Rows]:
    return (paper.scope,), tuple(map(_place, paper.candidates))


@_figures.register
def _(paper: ObjectionDecision) -> tuple[tuple[str, ...], _Rows]:
    scope = (paper.unit, str(paper.month), paper.clause, paper.item, str(paper.received))
    before = (_points(paper.points_before), str(paper.rank_before))
    after = (_points(paper.points_after), str(paper.rank_after))
    ended = (paper.decision, "corrected" if paper.upheld else "")
    return scope, (ended, before, after)


def _ranking(categories: tuple[CategoryResult, ...]) -> _Rows:
    return tuple(
        (
            *(category.name, str(row.rank), row.unit, row.name, _points(row.points)),
            _if_any(row.previous_rank),
            _points_if_any(row.previous_points),
            _points_if_any(row.gap),
        )
        for category in categories
        for row in category.rows
    )


def _stages(stages: tuple[StagePoints, ...]) -> _Rows:
    return tuple((part.stage, _points(part.nominal), _points(part.points)) for part in stages)


def _place(place: Place) -> tuple[str, ...]:
    return (
        *(place.category, str(place.rank), str(place.ranked), place.unit),
        *(_points(place.points), "tied" if place.tied else ""),
    )


def _if_any(value: int | None) -> str:
    return "" if value is None else str(value)


def _points_if_any(value: Any) -> str:
    return "" if value is None else _points(value)


def _points(value: Any) -> str:
    return f"{value:.2f}"
