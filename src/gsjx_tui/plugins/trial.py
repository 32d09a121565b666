"""A plugin on trial: its own tests and ``gsjx plugin check`` score with it, without a ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from gsjx_tui.domain import Month, Points, Unit
from gsjx_tui.errors import Fault, RubricError
from gsjx_tui.plugins.found import Found, one
from gsjx_tui.plugins.manager import gather
from gsjx_tui.plugins.say import Plugins
from gsjx_tui.rubric.model import Field, Item, Stage
from gsjx_tui.rubric.score import ToDate, to_date

Number = int | str | Decimal
Told = Mapping[str, Mapping[str, Mapping[str, Number]]]
"""Item (without the stage) -> month -> field -> value: ``{"b1.plan": {"2026-01": {…}}}``."""

A_UNIT = Unit("TRY", "试算单位", "")


@dataclass(frozen=True)
class Trial:
    """A stage with its plugin's say, to score what is made up."""

    found: Found
    stage: Stage
    plugins: Plugins

    @classmethod
    def of(cls, place: Path | str, categories: Sequence[str] | None = None) -> Trial:
        """The plugin in a folder. Raises RubricError with all that is wrong with it."""
        found = one(Path(place))
        gathered = gather([found], categories)
        stage = gathered.stages.get(found.name)
        if found.name in gathered.errors:
            raise RubricError(*gathered.plugins.off, *gathered.errors[found.name].faults)
        if gathered.plugins.off:
            raise RubricError(*gathered.plugins.off)
        if stage is None:
            raise RubricError(_no_stage(found))
        return cls(found, stage, gathered.plugins)

    def points(self, told: Told, through: str, unit: Unit = A_UNIT) -> ToDate:
        """What each item (without the stage's id) is worth through a month, in points.

        Raises RubricError if the plugin's code fails.
        """
        values = {
            f"{self.stage.id}.{item}": {
                Month.parse(month): {field: Decimal(value) for field, value in fields.items()}
                for month, fields in by_month.items()
            }
            for item, by_month in told.items()
        }
        worth = to_date(
            self.stage,
            unit,
            values,
            Month.parse(through),
            self.plugins.adjust if self.plugins.scores else None,
        )
        if self.plugins.off:
            raise RubricError(*self.plugins.off)
        return {item.removeprefix(f"{self.stage.id}."): found for item, found in worth.items()}

    def objections(
        self, item: str, month: str, field: str, value: Number, unit: Unit = A_UNIT
    ) -> list[str]:
        """What the plugin objects to a verification. Raises RubricError if its code fails."""
        found = next(i for i in self.stage.items if i.id == f"{self.stage.id}.{item}")
        said = self.plugins.objections(
            found, unit, Month.parse(month), field, "verify", Decimal(value)
        )
        if self.plugins.off:
            raise RubricError(*self.plugins.off)
        return said


@dataclass(frozen=True)
class Tried:
    """One item with made-up observations: none, the least of each field, the most of each."""

    item: Item
    nothing: Points
    least: Points
    most: Points


def made_up(trial: Trial, unit: Unit = A_UNIT) -> Iterator[Tried]:
    """Scores each item of a stage on made-up observations, through the stage's last month.

    Observed is in each open month of a monthly item, in the first one of the others, of one item
    at a time. Raises RubricError if the plugin's code fails.
    """
    through = str(trial.stage.months[-1])
    for item in trial.stage.items:
        if not item.applies_to(unit):
            continue
        name = item.id.removeprefix(f"{trial.stage.id}.")
        months = item.months if item.expects == "monthly" else item.months[:1]
        worth = [
            trial.points(
                {name: {str(month): fields for month in months}} if fields else {}, through, unit
            )[name]
            for fields in (
                {},
                {field.name: field.minimum for field in item.fields},
                {field.name: _much(field) for field in item.fields},
            )
        ]
        yield Tried(item, *worth)


def _much(field: Field) -> Decimal:
    return (
        max(field.minimum, min(field.maximum, Decimal(3)))
        if field.kind == "count"
        else (field.maximum)
    )


def _no_stage(found: Found) -> Fault:
    beside = found.stage_file
    remedy = (
        "在 plugin.py 中用 gsjx_stage 交出它旁边的 stage.toml"
        if beside
        else "加上 stage.toml，并用 gsjx_stage 交出它"
    )
    return Fault(f"插件 {found.name}", "没有提供阶段", remedy)
