"""A new campaign 新活动: answers to a few questions become ``campaign.toml`` and stage plugins."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gsjx_tui.domain import ZERO, Month, Points
from gsjx_tui.errors import Fault, StateError, reason_of
from gsjx_tui.harmless import printable
from gsjx_tui.office.campaign_add import check_id
from gsjx_tui.office.home import plugin_folders, trusted_users
from gsjx_tui.office.names import CAMPAIGN, CAMPAIGNS, LEDGER, PLUGINS, UNITS, root_of
from gsjx_tui.office.plugin_new import POINTS, new_plugin

if TYPE_CHECKING:
    from gsjx_tui.rubric.model import Stage

_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
_MOST_MONTHS = 60


@dataclass(frozen=True)
class NewStage:
    """A stage of the campaign: one that a plugin has (``known``), or one to be made."""

    id: str
    name: str
    length: int
    points: Points
    known: bool


@dataclass(frozen=True)
class Made:
    """What was written."""

    file: Path
    roster: Path
    points: Points
    months: int
    stages: int
    plugins: tuple[Path, ...]


class Asked:
    """The answers so far. Each is checked as it comes: StateError says what to answer instead.

    Where the home has a ledger, the files are those of a further campaign of it, in a folder called
    as its id.
    """

    def __init__(self, home: Path, folders: Sequence[Path] = ()) -> None:
        self.home, self.into_ledger = home, (home / LEDGER).exists()
        if not self.into_ledger:
            _check_nothing_at(home / CAMPAIGN, "用 --home 另指一个文件夹")
        self.called = self.campaign = ""
        self.begin = self.next = Month(1, 1)
        self.categories: list[tuple[str, str]] = []
        self.stages: list[NewStage] = []
        # a further campaign has its own plugins: those of the first one have other months
        self._known = _stages(None if self.into_ledger else home, home, folders)

    @property
    def known(self) -> str:
        """Which stages there are already, for people."""
        return f"已有的阶段只写编号：{'、'.join(sorted(self._known))}。" if self._known else ""

    def name(self, text: str) -> None:
        """What people call the campaign."""
        self.called = _filled(text, "活动名称")

    def id(self, text: str) -> None:
        """The id of the campaign."""
        self.campaign = _filled(text, "活动编号")
        if not _ID.fullmatch(self.campaign):
            raise _wrong(f"活动编号“{self.campaign}”", "小写字母开头，只含小写字母、数字、-")
        if self.into_ledger:
            root = root_of(self.home)
            check_id(self.campaign)
            _check_nothing_at(root / CAMPAIGNS / self.campaign, "换一个编号")
            self.home = root / CAMPAIGNS / self.campaign

    def first(self, text: str) -> None:
        """The first month."""
        try:
            self.begin = self.next = Month.parse(text.strip())
        except ValueError:
            raise _wrong(f"月份“{printable(text)}”", "写成 2026-01") from None

    def category(self, text: str) -> bool:
        """A category as "id name"; False for an empty line, which ends them."""
        words = printable(text).split()
        if not words:
            if not self.categories:
                raise _wrong("类别", "至少写一个")
            return False
        if len(words) != 2 or not _NAME.fullmatch(words[0]):
            raise _wrong(f"类别“{' '.join(words)}”", "写“编号 名称”，如 township 乡镇")
        if words[0] in (id for id, _ in self.categories):
            raise _wrong(f"类别 {words[0]} 写了两次", "换一个编号")
        self.categories.append((words[0], words[1]))
        return True

    def stage(self, text: str) -> bool:
        """A stage as "id name months" (one that is known: its id); False for an empty line."""
        words = printable(text).split()
        if not words:
            if not self.stages:
                raise _wrong("阶段", "至少写一个")
            return False
        id = words[0]
        if id in (stage.id for stage in self.stages):
            raise _wrong(f"阶段 {id} 写了两次", "换一个编号")
        known = self._known.get(id)
        if known is not None:
            if known.months[0] != self.next:
                what = f"阶段 {id} 从 {known.months[0]} 开始"
                raise _wrong(what, f"这里应从 {self.next} 开始，改正次序或它的月份")
            stage = NewStage(id, known.name, len(known.months), known.points, known=True)
        else:
            stage = _new_stage(words)
        self.stages.append(stage)
        self.next = self.next.plus(stage.length)
        return True


def _check_nothing_at(path: Path, remedy: str) -> None:
    if path.exists():
        raise StateError(Fault(str(path), "已经有了，没有改动", remedy))


def write(asked: Asked) -> Made:
    """Writes ``campaign.toml`` and a plugin for each stage that there wasn't yet.

    Raises StateError if a folder is there already or can't be written.
    """
    home, plugins = asked.home, []
    month = asked.begin
    for stage in asked.stages:
        place = home / PLUGINS / f"stage_{stage.id}"
        if not stage.known and place.exists():
            raise StateError(Fault(str(place), "已经有了，没有改动", "先移走它，或换一个阶段编号"))
    for stage in asked.stages:
        if not stage.known:
            into = home / PLUGINS
            place, _ = new_plugin(into, f"stage_{stage.id}", month, stage.length, stage.name)
            plugins.append(place)
        month = month.plus(stage.length)
    points = sum((stage.points for stage in asked.stages), ZERO)
    path = home / CAMPAIGN
    try:
        home.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(_text(asked, points))
    except OSError as error:
        raise StateError(Fault(str(path), f"写不出（{reason_of(error)}）", "换一处")) from error
    months = sum(stage.length for stage in asked.stages)
    return Made(path, home / UNITS, points, months, len(asked.stages), tuple(plugins))


def _text(asked: Asked, points: Points) -> str:
    lines = [
        f"# {asked.called}：{asked.begin} 起。各阶段的评分表在插件里（gsjx plugin list）。",
        f"id = {_quoted(asked.campaign)}",
        f"name = {_quoted(asked.called)}",
        f"points = {points.normalize():f}",
        f"stages = [{', '.join(_quoted(stage.id) for stage in asked.stages)}]",
    ]
    for id, name in asked.categories:
        lines += ["", "[[categories]]", f"id = {_quoted(id)}", f"name = {_quoted(name)}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _new_stage(words: Sequence[str]) -> NewStage:
    said = " ".join(words)
    if len(words) != 3 or not _NAME.fullmatch(words[0]):
        raise _wrong(f"阶段“{said}”", "写“编号 名称 月数”，如 start 动员部署 2")
    if not words[2].isascii() or not words[2].isdigit() or not 0 < int(words[2]) <= _MOST_MONTHS:
        raise _wrong(f"阶段“{said}”的月数 {words[2]}", f"写 1 到 {_MOST_MONTHS} 的整数")
    return NewStage(words[0], words[1], int(words[2]), Points(POINTS), known=False)


def _stages(own: Path | None, home: Path, folders: Sequence[Path]) -> dict[str, Stage]:
    """The stages of the plugins that are well, by id. Raises RubricError for unsafe folders."""
    from gsjx_tui.plugins.found import find
    from gsjx_tui.plugins.manager import gather

    gathered = gather(find(plugin_folders(own, folders), trusted_users(home)))
    well = (each for each in gathered.stages.items() if not gathered.plugins.is_off(each[0]))
    return {stage.id: stage for _, stage in well}


def _filled(text: str, what: str) -> str:
    filled = " ".join(printable(text).split())
    if not filled:
        raise _wrong(f"{what}是空的", "填上内容")
    return filled


def _wrong(what: str, remedy: str) -> StateError:
    return StateError(Fault("", what, remedy))
