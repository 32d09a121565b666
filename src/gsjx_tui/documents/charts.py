"""The charts as values: what is drawn, in the order it is drawn. Points stay Decimal."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from gsjx_tui.domain import Month, Points


@dataclass(frozen=True)
class ChartHead:
    """What stands around a chart. ``stamp``: the edition with its code, or 未定稿; ``source``: the
    facts it is from, for the line below; ``unit``: the code that is brought out, '' for none."""

    title: str
    category: str
    month: Month
    scope: str
    stamp: str
    source: tuple[str, ...]
    unit: str


@dataclass(frozen=True)
class UnitRanks:
    """A unit's cumulative rank in each month of the chart, None where it didn't stand yet."""

    unit: str
    name: str
    ranks: tuple[int | None, ...]


@dataclass(frozen=True)
class RankPaths:
    """名次走势: units in the order they stand in the last month."""

    head: ChartHead
    months: tuple[Month, ...]
    units: tuple[UnitRanks, ...]


@dataclass(frozen=True)
class UnitStages:
    """A unit's cumulative rank and points, and its points by stage (None: not part of it)."""

    unit: str
    name: str
    rank: int
    points: Points
    stages: tuple[Points | None, ...]


@dataclass(frozen=True)
class StagePoints:
    """阶段得分: the stages that have begun, units in the order they stand."""

    head: ChartHead
    stages: tuple[str, ...]
    units: tuple[UnitStages, ...]


@dataclass(frozen=True)
class IndicatorLoss:
    """What units are short of an indicator's nominal points: of how many ``units``, ``lost`` in
    all. ``over``: its stage has ended, so that nothing more can be had."""

    stage: str
    indicator: str
    name: str
    over: bool
    units: int
    lost: Points


@dataclass(frozen=True)
class Losses:
    """指标失分, most first, of the ``ranked`` units of a category, or of the head's unit alone."""

    head: ChartHead
    ranked: int
    indicators: tuple[IndicatorLoss, ...]

    def mean(self, loss: IndicatorLoss) -> Decimal:
        """Points lost a unit of the category, two decimals."""
        return (loss.lost / max(1, self.ranked)).quantize(Decimal("0.01"), ROUND_HALF_UP)


Chart = RankPaths | StagePoints | Losses
