"""The hooks a plugin may implement: the contract for plugin authors.

A plugin is any module with functions marked ``@gsjx_tui.plugins.hookimpl``, found by an entry
point of the group ``gsjx_tui.stages`` or as ``plugin.py`` in a folder of ``--plugins-dir``. A
stage that needs only the shipped rules implements ``gsjx_stage`` and nothing else.

An implementation may leave out arguments it doesn't need. Points are ``Decimal``; a float is an
error. Hooks are pure: they neither print nor touch files other than their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from gsjx_tui.domain import Kind, Month, Points, Unit, Values
from gsjx_tui.plugins import hookspec
from gsjx_tui.rubric.model import Item, Rule
from gsjx_tui.rubric.outcome import Outcome, Standing


@hookspec
def gsjx_stage() -> Path | None:
    """The path of the ``stage.toml`` that this plugin contributes; None for none.

    Called once for each plugin when a program starts. The file is read as UTF-8; its faults are
    reported with line and remedy and stop the start. Stages that ``campaign.toml`` doesn't name
    are known but not used.
    """


@hookspec
def gsjx_rules() -> Mapping[str, Rule] | None:
    """Scoring rules by the name that a ``stage.toml`` uses, beside the shipped ones.

    Called once, before any ``stage.toml`` is read. A name that exists already is an error.
    """


@hookspec
def gsjx_score(
    item: Item, unit: Unit, month: Month, values: Mapping[Month, Values], points: Points
) -> Points | None:
    """A say in scoring one item: what it shall be worth through ``month``, or None.

    Called for every item the plugin has a say in when a unit is scored (confirming, correcting,
    proving, typing), after the item's rule gave ``points``. ``values`` are the effective values
    by month that counted. The implementations are asked in turn, each with what the one before
    answered; the last answer counts. Must depend on its arguments alone, or ``gsjx verify`` will
    not pass.
    """


@hookspec
def gsjx_check(
    item: Item, unit: Unit, month: Month, field: str, kind: Kind, value: Decimal
) -> str | None:
    """An objection to an observation as it is typed or imported: a Chinese sentence, or None.

    Called for the items the plugin has a say in, after the program's own checks passed. Any
    objection refuses the observation.
    """


@hookspec
def gsjx_outcomes(stage: str | None, standings: Sequence[Standing]) -> Sequence[Outcome] | None:
    """Consequences of closing a stage (None: the campaign) beside those of the program.

    ``standings`` is the final ranking of the scope, ordered as ``gsjx rank`` prints it.
    """
