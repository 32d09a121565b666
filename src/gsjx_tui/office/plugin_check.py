"""Checking a stage plugin 插件 before it is used: all faults, its rubric, trial scoring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gsjx_tui.domain import ZERO, Category, Points
from gsjx_tui.errors import Fault, RubricError
from gsjx_tui.office.home import campaign_file

if TYPE_CHECKING:
    from gsjx_tui.plugins.trial import Trial, Tried
    from gsjx_tui.rubric.model import Stage


@dataclass(frozen=True)
class Checked:
    """A plugin that was checked: its stage, sums by kind of work, and trial scoring by category.

    ``notes`` are no faults: what is still to be done before the stage runs.
    """

    name: str
    version: str
    stage: Stage
    sums: tuple[tuple[str, Points], ...]
    tried: tuple[tuple[str, tuple[Tried, ...]], ...]
    notes: tuple[str, ...]


def check_plugin(place: Path, home: Path) -> Checked:
    """Checks the plugin in a folder, with the categories of a home's campaign.

    Raises RubricError with all that is wrong, each with line and remedy.
    """
    from dataclasses import replace

    from gsjx_tui.plugins.trial import A_UNIT, Trial, made_up
    from gsjx_tui.rubric.model import WORK

    if not (place / "plugin.py").is_file():
        remedy = "核对文件夹名；要新建用 gsjx plugin new"
        raise RubricError(Fault(str(place), "没有 plugin.py，不是插件", remedy))
    stages, categories = _campaign(home)
    trial = Trial.of(place, [category.id for category in categories] or None)
    kinds = [(WORK[i.kind], i.points) for i in trial.stage.indicators]
    sums = {
        name: sum((points for kind, points in kinds if kind == name), ZERO)
        for name in WORK.values()
    }
    groups = categories if any(item.categories for item in trial.stage.items) else ()
    tried = [
        (category.name, tuple(made_up(trial, replace(A_UNIT, category=category.id))))
        for category in groups
    ] or [("", tuple(made_up(trial)))]
    _ask_other_hooks(trial)
    return Checked(
        name=trial.found.name,
        version=trial.found.version,
        stage=trial.stage,
        sums=tuple(sums.items()),
        tried=tuple(tried),
        notes=tuple(_notes(trial.stage, stages, place)),
    )


def _ask_other_hooks(trial: Trial) -> None:
    """Asks what isn't asked by scoring, with made-up values. Raises RubricError if it fails."""
    from gsjx_tui.rubric.outcome import Standing

    for item in trial.stage.items:
        name = item.id.removeprefix(f"{trial.stage.id}.")
        for field in item.fields:
            trial.objections(name, str(item.months[0]), field.name, field.minimum)
    standing = Standing("", 1, "TRY", "试算单位", "", False, trial.stage.points)
    for stage in (trial.stage.id, None):
        trial.plugins.outcomes(stage, [standing])
    if trial.plugins.off:
        raise RubricError(*trial.plugins.off)


def _campaign(home: Path) -> tuple[Sequence[str], Sequence[Category]]:
    """Stages and categories of the home's campaign. Raises RubricError."""
    from gsjx_tui.rubric.campaign_toml import parse_campaign

    path = campaign_file(home)
    campaign = parse_campaign(path.read_text("utf-8-sig"), path.name)
    return campaign.stages, campaign.categories


def _notes(stage: Stage, stages: Sequence[str], place: Path) -> Sequence[str]:
    notes = []
    if stage.id not in stages:
        notes.append(f"campaign.toml 的 stages 里还没有 {stage.id}，加上才会使用。")
    if not any(place.glob("tests/test_*.py")):
        notes.append("没有 tests/test_*.py，建议写几个手算的例子。")
    return notes
