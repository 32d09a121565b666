"""The plugins' say: asks their hooks; one that fails is switched off, and blocks its stage."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pluggy

from gsjx_tui.domain import ZERO, Kind, Month, Points, Unit, Values
from gsjx_tui.errors import Fault
from gsjx_tui.plugins.found import Found, told
from gsjx_tui.rubric.model import Item, Rule
from gsjx_tui.rubric.outcome import Outcome, Standing


class Failure(Exception):
    """A plugin's answer that can't be used; the text says what is wrong with it."""


class Plugins:
    """The loaded plugins; asks their hooks and answers typed values.

    A plugin that contributes stages has a say in their items alone; one that contributes none has
    a say in all. One whose code fails is ``off`` until the program is started again.
    """

    def __init__(self, manager: pluggy.PluginManager, found: Sequence[Found]) -> None:
        self._hook = manager.hook
        self._found = {plugin.name: plugin for plugin in found}
        self._off: dict[str, str] = {}
        self._stages: dict[str, set[str]] = {}

    @property
    def scores(self) -> bool:
        """Whether a plugin wants a say in scoring."""
        return bool(self._hook.gsjx_score.get_hookimpls())

    @property
    def checks(self) -> bool:
        """Whether a plugin wants to look at observations."""
        return bool(self._hook.gsjx_check.get_hookimpls())

    @property
    def found(self) -> tuple[Found, ...]:
        """All plugins that were found, those that are off as well."""
        return tuple(self._found.values())

    def contributes(self, name: str, stage: str) -> None:
        """Notes that a plugin contributes a stage."""
        self._stages.setdefault(name, set()).add(stage)

    def stages_of(self, name: str) -> frozenset[str]:
        """The stages that a plugin contributes, as far as is known."""
        return frozenset(self._stages.get(name, ()))

    def code(self, stages: Collection[str]) -> dict[str, str]:
        """A digest of the code of each plugin that has a say in scoring these stages."""
        hooks = (self._hook.gsjx_score, self._hook.gsjx_rules)
        saying = {each.plugin_name for hook in hooks for each in hook.get_hookimpls()}
        return {
            name: self._found[name].code_digest
            for name in sorted(saying)
            if not self._stages.get(name) or self._stages[name] & set(stages)
        }

    # switched off ------------------------------------------------------------------------------

    def switch_off(self, name: str, reason: str) -> None:
        """Switches a plugin off for this run; the first reason stays."""
        self._off.setdefault(name, reason)

    def is_off(self, name: str) -> bool:
        """Whether a plugin is off."""
        return name in self._off

    @property
    def off(self) -> tuple[Fault, ...]:
        """Which plugins are off, and why."""
        return tuple(self._fault(name) for name in sorted(self._off))

    def blocking(self, stage: str) -> tuple[Fault, ...]:
        """What forbids to fix points of a stage: the plugins that are off and have a say in it."""
        return tuple(self._fault(name) for name in sorted(self._off) if self._minds(name, stage))

    def _minds(self, name: str, stage: str) -> bool:
        stages = self._stages.get(name)
        return not stages or stage in stages

    def _fault(self, name: str) -> Fault:
        stages = "、".join(sorted(self._stages.get(name, ())))
        until = f"阶段 {stages} 的月份" if stages else "各月份"
        return Fault(
            f"插件 {name}",
            f"出错，本次运行已停用（{self._off[name]}）",
            f"修好或卸下该插件后重新打开；在此之前{until}不能核定、更正",
        )

    # the hooks ---------------------------------------------------------------------------------

    def adjust(
        self, item: Item, unit: Unit, month: Month, values: Mapping[Month, Values], points: Points
    ) -> Points:
        """What the plugins let an item be worth, each asked in turn; ``points`` if none minds."""
        for implementation in self._hook.gsjx_score.get_hookimpls():
            offered = {
                "item": item,
                "unit": unit,
                "month": month,
                "values": values,
                "points": points,
            }
            answer = self._asked(implementation, item.stage, offered, _is_points(item))
            points = points if answer is None else answer
        return points

    def objections(
        self, item: Item, unit: Unit, month: Month, field: str, kind: Kind, value: Decimal
    ) -> list[str]:
        """What the plugins object to an observation; empty if nothing."""
        offered = {
            "item": item,
            "unit": unit,
            "month": month,
            "field": field,
            "kind": kind,
            "value": value,
        }
        answers = [
            self._asked(implementation, item.stage, offered, _is_text)
            for implementation in self._hook.gsjx_check.get_hookimpls()
        ]
        return [answer for answer in answers if answer is not None]

    def outcomes(self, stage: str | None, standings: Sequence[Standing]) -> list[Outcome]:
        """The consequences that plugins add at closing a stage, or (None) the campaign."""
        offered = {"stage": stage, "standings": standings}
        found: list[Outcome] = []
        for implementation in self._hook.gsjx_outcomes.get_hookimpls():
            found += self._asked(implementation, stage, offered, _are_outcomes) or ()
        return found

    def _asked(
        self,
        implementation: pluggy.HookImpl,
        stage: str | None,
        offered: Mapping[str, Any],
        check: Callable[[Any], None],
    ) -> Any:
        """One plugin's answer, None without one or if it is off or fails."""
        name = implementation.plugin_name
        if name in self._off or (stage is not None and not self._minds(name, stage)):
            return None
        try:
            answer = implementation.function(*(offered[each] for each in implementation.argnames))
            if answer is not None:
                check(answer)
        except Exception as error:  # whatever a plugin's own code raises
            self.failed(name, error)
            return None
        return answer

    def failed(self, name: str, error: Exception) -> None:
        """Switches a plugin off for an error of its code."""
        found = self._found.get(name)
        text = (
            str(error)
            if isinstance(error, Failure)
            else told(error, found.place if found else None)
        )
        self.switch_off(name, text)

    def guarded(self, name: str, rule_name: str, rule: Rule) -> Rule:
        """A plugin's rule that switches its plugin off where it fails, and is then worth 0."""

        def to_date(params: Any, seen: Any) -> Points:
            answer = rule.to_date(params, seen)
            if not isinstance(answer, Decimal) or not answer.is_finite():
                raise Failure(f"规则 {rule_name} 给的分不是 Decimal：{answer!r}")
            return answer

        def guard(function: Callable[..., Any], instead: Any) -> Callable[..., Any]:
            def guarded(*arguments: Any) -> Any:
                if name in self._off:
                    return instead
                try:
                    return function(*arguments)
                except Exception as error:  # whatever a plugin's own code raises
                    self.failed(name, error)
                    return instead

            return guarded

        return replace(
            rule,
            to_date=guard(to_date, ZERO),
            nominal=guard(rule.nominal, ZERO),
            fields=guard(rule.fields, ()),
            expects=guard(rule.expects, "never"),
            check=guard(lambda *arguments: tuple(rule.check(*arguments)), ()),
            together=guard(rule.together, None),
        )


def _is_points(item: Item) -> Callable[[Any], None]:
    def check(answer: Any) -> None:
        if not isinstance(answer, Decimal) or not answer.is_finite():
            raise Failure(f"gsjx_score 给 {item.id} 的分不是 Decimal：{answer!r}")

    return check


def _is_text(answer: Any) -> None:
    if not isinstance(answer, str):
        raise Failure(f"gsjx_check 的答复不是文字：{answer!r}")


def _are_outcomes(answer: Any) -> None:
    if not isinstance(answer, Sequence) or not all(isinstance(o, Outcome) for o in answer):
        raise Failure(f"gsjx_outcomes 的答复不是一列 Outcome：{answer!r}")
