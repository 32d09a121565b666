"""The rubric of a home, for listing; needs no ledger (SPEC 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office.home import campaign_file, read_campaign
from gsjx_tui.rubric.model import Rubric


def load_rubric(home: Path, stage: str = "", folders: Sequence[Path] = ()) -> Rubric:
    """The rubric in force at a home (the shipped one where there is none), or one stage of it.

    Raises RubricError, StateError for an unknown stage.
    """
    rubric = read_campaign(campaign_file(home), folders, home).rubric
    if not stage:
        return rubric
    found = rubric.stage(stage)
    if found is None:
        known = "、".join(known.id for known in rubric.stages)
        raise StateError(Fault("", f"没有阶段“{stage}”", f"可用：{known}"))
    return replace(rubric, stages=(found,))
