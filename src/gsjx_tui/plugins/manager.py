"""Entry points and plugin folders -> the rubric of a campaign, and the plugins' say in it."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from gsjx_tui.domain import Kind, Month, Points, Unit, Values
from gsjx_tui.errors import Fault, RubricError, reason_of
from gsjx_tui.plugins import hookspecs
from gsjx_tui.rubric.model import Item, Rubric, Rule, Stage
from gsjx_tui.rubric.outcome import Outcome, Standing
from gsjx_tui.rubric.rules import RULES
from gsjx_tui.rubric.toml import assemble, faults_of, parse_campaign, parse_stage

GROUP = "gsjx_tui.stages"


@dataclass(frozen=True)
class Loaded:
    """A campaign's rubric, the plugins that have a say in it, and a digest of the rubric."""

    rubric: Rubric
    plugins: Plugins
    digest: str


class Plugins:
    """The loaded plugins; asks their hooks and answers typed values."""

    def __init__(self, manager: pluggy.PluginManager) -> None:
        self._hook = manager.hook
        self.scores = bool(manager.hook.gsjx_score.get_hookimpls())
        self.checks = bool(manager.hook.gsjx_check.get_hookimpls())

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
            wanted = [offered[name] for name in implementation.argnames]
            answer = implementation.function(*wanted)
            if answer is not None:
                points = _points(answer, implementation.plugin_name, item)
        return points

    def objections(
        self, item: Item, unit: Unit, month: Month, field: str, kind: Kind, value: Decimal
    ) -> list[str]:
        """What the plugins object to an observation; empty if nothing."""
        if not self.checks:
            return []
        answers: list[str] = self._hook.gsjx_check(
            item=item, unit=unit, month=month, field=field, kind=kind, value=value
        )
        return answers

    def outcomes(self, stage: str | None, standings: Sequence[Standing]) -> list[Outcome]:
        """The consequences that plugins add at closing."""
        answers: list[Sequence[Outcome]] = self._hook.gsjx_outcomes(
            stage=stage, standings=standings
        )
        return [outcome for answer in reversed(answers) for outcome in answer]


def load(campaign_text: str, name: str, folders: Sequence[Path] = ()) -> Loaded:
    """The rubric of the campaign written in ``campaign_text``; ``name`` is its file.

    Raises RubricError with the faults of all files found.
    """
    manager = _manager(folders)
    rules = _rules(manager)
    errors: list[RubricError] = []
    stages: list[Stage] = []
    digest = hashlib.sha256()
    for path in _stage_files(manager):
        try:
            text = path.read_text("utf-8")
            stages.append(parse_stage(text, f"{path.parent.name}/{path.name}", rules))
        except (OSError, UnicodeDecodeError) as error:
            errors.append(
                RubricError(
                    Fault(str(path), f"读不出（{reason_of(error)}）", "确认文件存在且为 UTF-8 编码")
                )
            )
        except RubricError as error:
            errors.append(error)
        else:
            digest.update(text.encode())
    campaign = None
    try:
        campaign = parse_campaign(campaign_text, name)
    except RubricError as error:
        errors.append(error)
    errors += [*_twice(stages)]
    if errors or campaign is None:
        raise faults_of(*errors)
    rubric = assemble(campaign, stages, campaign_text, name)
    return Loaded(rubric, Plugins(manager), digest.hexdigest())


def _manager(folders: Sequence[Path]) -> pluggy.PluginManager:
    """All plugins registered; one in a folder takes the place of the installed one of its name."""
    manager = pluggy.PluginManager("gsjx_tui")
    manager.add_hookspecs(hookspecs)
    for folder in folders:
        for plugin in _in_folder(folder):
            _register(manager, plugin, plugin.__name__)
    points = importlib.metadata.entry_points(group=GROUP)
    for entry in sorted(points, key=lambda entry: entry.name):
        if not manager.has_plugin(entry.name):
            try:
                plugin = entry.load()
            except Exception as error:  # whatever a plugin's own code raises
                raise _broken(entry.name, error) from error
            _register(manager, plugin, entry.name)
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise _broken(manager.get_name(error.plugin) or str(error.plugin), error) from error
    return manager


def _register(manager: pluggy.PluginManager, plugin: object, name: str) -> None:
    if manager.has_plugin(name):
        raise RubricError(Fault(f"插件 {name}", "两个插件目录里都有", "只留一个"))
    try:
        manager.register(plugin, name)
    except (pluggy.PluginValidationError, ValueError) as error:
        raise _broken(name, error) from error


def _in_folder(folder: Path) -> list[ModuleType]:
    if not folder.is_dir():
        raise RubricError(Fault(str(folder), "没有这个插件目录", "改正 --plugins-dir"))
    modules = []
    for path in sorted(folder.glob("*/plugin.py")):
        name = path.parent.name
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except Exception as error:  # whatever a plugin's own code raises
            raise _broken(name, error) from error
        modules.append(module)
    return modules


def _rules(manager: pluggy.PluginManager) -> Mapping[str, Rule]:
    rules = dict(RULES)
    for plugin, contributed in _asked(manager.hook.gsjx_rules, Mapping):
        for name, rule in contributed.items():
            if name in rules:
                raise RubricError(
                    Fault(f"插件 {plugin}", f"计分规则 {name} 已有同名的", "换一个名称")
                )
            rules[name] = rule
    return rules


def _stage_files(manager: pluggy.PluginManager) -> list[Path]:
    return sorted(path for _, path in _asked(manager.hook.gsjx_stage, Path))


def _asked(hook: pluggy.HookCaller, expected: type[Any]) -> Iterator[tuple[str, Any]]:
    """What each plugin answers to a hook without arguments, None left out."""
    for implementation in hook.get_hookimpls():
        name = implementation.plugin_name
        try:
            answer = implementation.function()
        except Exception as error:  # whatever a plugin's own code raises
            raise _broken(name, error) from error
        if answer is not None and not isinstance(answer, expected):
            what = f"{implementation.function.__name__} 的答复不是 {expected.__name__}：{answer!r}"
            raise RubricError(Fault(f"插件 {name}", what, "修好或卸下该插件"))
        if answer is not None:
            yield name, answer


def _twice(stages: Sequence[Stage]) -> list[RubricError]:
    ids = [stage.id for stage in stages]
    return [
        RubricError(Fault("插件", f"阶段 {id} 由两个插件提供", "停用其中一个"))
        for id in sorted({id for id in ids if ids.count(id) > 1})
    ]


def _points(answer: object, plugin: str, item: Item) -> Points:
    if not isinstance(answer, Decimal):
        raise RubricError(
            Fault(
                f"插件 {plugin}",
                f"给 {item.id} 的分不是 Decimal：{answer!r}",
                "改正插件的 gsjx_score",
            )
        )
    return answer


def _broken(name: str, error: Exception) -> RubricError:
    return RubricError(
        Fault(f"插件 {name}", f"不能装入（{type(error).__name__}：{error}）", "修好或卸下该插件")
    )
