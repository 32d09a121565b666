"""Every scoring rule that is shipped, by name."""

from __future__ import annotations

from collections.abc import Mapping

from gsjx_tui.rubric.model import Rule
from gsjx_tui.rubric.other_rules import OTHER_RULES
from gsjx_tui.rubric.rules import SPEC_RULES

RULES: Mapping[str, Rule] = {**SPEC_RULES, **OTHER_RULES}
"""The shipped rules by the name that ``stage.toml`` uses; plugins may add their own."""
