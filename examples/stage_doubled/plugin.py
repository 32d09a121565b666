"""Deductions count twice for units under special supervision: a say in scoring by a hook."""

from __future__ import annotations

from pathlib import Path

from gsjx_tui.domain import Points, Unit
from gsjx_tui.plugins import hookimpl
from gsjx_tui.rubric.model import Item

SUPERVISED = {"A01", "B02"}
"""The codes of the units; a change of this list is a change of the rubric."""


@hookimpl
def gsjx_stage() -> Path:
    """Hands over the rubric of the stage."""
    return Path(__file__).with_name("stage.toml")


@hookimpl
def gsjx_score(item: Item, unit: Unit, points: Points) -> Points | None:
    """Twice the deduction for a supervised unit."""
    if unit.code in SUPERVISED and item.indicator == "doubled.complaints" and points < 0:
        return points * 2
    return None
