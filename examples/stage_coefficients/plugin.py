"""Weights and difficulty coefficients by category and unit: its rubric is the stage.toml beside."""

from __future__ import annotations

from pathlib import Path

from gsjx_tui.plugins import hookimpl


@hookimpl
def gsjx_stage() -> Path:
    """Hands over the rubric of the stage."""
    return Path(__file__).with_name("stage.toml")
