"""Entry points and plugin folders -> the rubric of a campaign, and the plugins' say in it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pluggy

from gsjx_tui.errors import Fault, RubricError, reason_of
from gsjx_tui.plugins import hookspecs
from gsjx_tui.plugins.found import GROUP as GROUP
from gsjx_tui.plugins.found import Found, find
from gsjx_tui.plugins.say import Failure, Plugins
from gsjx_tui.rubric.campaign_toml import assemble, parse_campaign
from gsjx_tui.rubric.canonical import canonical
from gsjx_tui.rubric.model import Rubric, Rule, Stage
from gsjx_tui.rubric.shipped import RULES
from gsjx_tui.rubric.toml import parse_outline, parse_stage
from gsjx_tui.rubric.toml_values import faults_of


@dataclass(frozen=True)
class Loaded:
    """A campaign's rubric, the plugins that have a say in it, and a digest of the rubric."""

    rubric: Rubric
    plugins: Plugins
    digest: str

    @cached_property
    def content(self) -> str:
        """The rubric as one text, for the ledger: differs if what is scored differs."""
        used = frozenset(stage.id for stage in self.rubric.stages)
        return canonical(self.rubric, self.plugins.code(used))


@dataclass
class Gathered:
    """What all plugins contribute: their stages by plugin, and the faults of stage files."""

    plugins: Plugins
    rules: Mapping[str, Rule]
    stages: dict[str, Stage]
    errors: dict[str, RubricError]
    digest: str


def gather(
    found: Sequence[Found],
    categories: Sequence[str] | None = None,
    wanted: Sequence[str] | None = None,
) -> Gathered:
    """Asks every plugin what it contributes.

    ``categories``: the ids that a stage file may name; None if they aren't known. They hold for
    the ``wanted`` stages (None: for all). Raises RubricError for two rules of the same name.
    """
    manager, plugins = _registered(found)
    gathered = Gathered(plugins, _rules(manager, plugins), {}, {}, "")
    digest = hashlib.sha256()
    for plugin, path in _stage_files(manager, plugins):
        try:
            text = path.read_text("utf-8")
            name = f"{path.parent.name}/{path.name}"
            known = categories if wanted is None or _id(text, name) in wanted else None
            stage = _stage(plugins, plugin, text, name, gathered.rules, known)
        except (OSError, UnicodeDecodeError) as error:
            gathered.errors[plugin] = RubricError(
                Fault(str(path), f"读不出（{reason_of(error)}）", "确认文件存在且为 UTF-8 编码")
            )
        except RubricError as error:
            gathered.errors[plugin] = error
        else:
            gathered.stages[plugin] = stage
            digest.update(text.encode())
            plugins.contributes(plugin, stage.id)
    gathered.digest = digest.hexdigest()
    return gathered


def load(
    campaign_text: str,
    name: str,
    folders: Sequence[Path] = (),
    trusted: Collection[int] = (),
    instead: Found | None = None,
) -> Loaded:
    """The rubric of the campaign written in ``campaign_text``; ``name`` is its file.

    A plugin whose code fails is switched off; its stage is taken from the ``stage.toml`` beside
    it. ``instead`` takes the place of the plugin of its name. Raises RubricError with the faults
    of all files found.
    """
    campaign, errors = None, []
    try:
        campaign = parse_campaign(campaign_text, name)
    except RubricError as error:
        errors.append(error)
    found = find(folders, trusted)
    if instead is not None:
        found = [*(plugin for plugin in found if plugin.name != instead.name), instead]
    categories = [category.id for category in campaign.categories] if campaign else None
    gathered = gather(found, categories, campaign.stages if campaign else None)
    plugins, stages = gathered.plugins, list(gathered.stages.values())
    errors = [*gathered.errors.values(), *errors, *_twice(stages)]
    if errors or campaign is None:
        raise faults_of(*errors)
    try:
        rubric = assemble(campaign, stages, campaign_text, name)
    except RubricError as error:
        raise RubricError(*plugins.off, *error.faults) from None
    return Loaded(rubric, plugins, gathered.digest)


def _registered(found: Sequence[Found]) -> tuple[pluggy.PluginManager, Plugins]:
    """The plugins registered; those that can't be are switched off."""
    manager = pluggy.PluginManager("gsjx_tui")
    manager.add_hookspecs(hookspecs)
    plugins = Plugins(manager, found)
    for plugin in found:
        if plugin.module is None:
            plugins.switch_off(plugin.name, plugin.failure)
            continue
        try:
            manager.register(plugin.module, plugin.name)
        except (pluggy.PluginValidationError, ValueError) as error:
            _out(manager, plugins, plugin.name, error)
    while True:
        try:
            manager.check_pending()
        except pluggy.PluginValidationError as error:
            _out(manager, plugins, manager.get_name(error.plugin) or "", error)
        else:
            return manager, plugins


def _out(manager: pluggy.PluginManager, plugins: Plugins, name: str, error: Exception) -> None:
    """Takes a plugin out that doesn't fit the hooks."""
    plugins.failed(name, error)
    if manager.has_plugin(name):
        manager.unregister(name=name)


def _rules(manager: pluggy.PluginManager, plugins: Plugins) -> Mapping[str, Rule]:
    rules = dict(RULES)
    for plugin, contributed in _asked(plugins, manager.hook.gsjx_rules, Mapping):
        for name, rule in contributed.items():
            if name in rules:
                raise RubricError(
                    Fault(f"插件 {plugin}", f"计分规则 {name} 已有同名的", "换一个名称")
                )
            rules[name] = plugins.guarded(plugin, name, rule)
    return rules


def _stage_files(manager: pluggy.PluginManager, plugins: Plugins) -> list[tuple[str, Path]]:
    """Each plugin's ``stage.toml``; of one that is off, the one beside it, if there is one."""
    answered = list(_asked(plugins, manager.hook.gsjx_stage, Path))
    beside = [
        (plugin.name, plugin.stage_file)
        for plugin in plugins.found
        if plugins.is_off(plugin.name) and plugin.stage_file is not None
    ]
    return sorted([*answered, *beside], key=lambda each: each[1])


def _stage(
    plugins: Plugins,
    plugin: str,
    text: str,
    name: str,
    rules: Mapping[str, Rule],
    categories: Sequence[str] | None,
) -> Stage:
    """The stage of a plugin; only its outline if the plugin is off and its rules are missing."""
    try:
        stage = parse_stage(text, name, rules, categories)
    except RubricError:
        if not plugins.is_off(plugin):
            raise
        return parse_outline(text, name)
    return parse_outline(text, name) if plugins.is_off(plugin) and not _whole(stage) else stage


def _id(text: str, name: str) -> str:
    """The id of a stage; empty where its file isn't fit to be read."""
    try:
        return parse_outline(text, name).id
    except RubricError:
        return ""


def _whole(stage: Stage) -> bool:
    """Whether all items have fields: an item of a rule that failed has none."""
    return all(item.fields for item in stage.items)


def _asked(
    plugins: Plugins, hook: pluggy.HookCaller, expected: type[Any]
) -> Iterator[tuple[str, Any]]:
    """What each plugin answers to a hook without arguments, None left out."""
    for implementation in hook.get_hookimpls():
        name = implementation.plugin_name
        if plugins.is_off(name):
            continue
        try:
            answer = implementation.function()
            if answer is not None and not isinstance(answer, expected):
                asked = implementation.function.__name__
                raise Failure(f"{asked} 的答复不是 {expected.__name__}：{answer!r}")
        except Exception as error:  # whatever a plugin's own code raises
            plugins.failed(name, error)
            continue
        if answer is not None:
            yield name, answer


def _twice(stages: Sequence[Stage]) -> list[RubricError]:
    ids = [stage.id for stage in stages]
    return [
        RubricError(Fault("插件", f"阶段 {id} 由两个插件提供", "停用其中一个"))
        for id in sorted({id for id in ids if ids.count(id) > 1})
    ]
