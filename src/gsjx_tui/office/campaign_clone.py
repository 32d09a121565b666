"""A campaign for the next year: cloned from one that was, its months moved, nothing recorded."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gsjx_tui.domain import Month, Unit
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.harmless import printable
from gsjx_tui.office.campaign_add import Added, check_id, put_in, to_add
from gsjx_tui.office.campaigns import home_of
from gsjx_tui.office.drafts import draft_in, sweep
from gsjx_tui.office.home import check_none_off, plugin_folders, sources, trusted_users
from gsjx_tui.office.names import CAMPAIGN, CAMPAIGNS, PLUGINS, UNITS, root_of
from gsjx_tui.office.paper_templates import FOLDER as TEMPLATES
from gsjx_tui.office.questions import FOLDER as QUERIES

if TYPE_CHECKING:
    from gsjx_tui.ledger.ledger import Ledger
    from gsjx_tui.plugins.found import Found
    from gsjx_tui.plugins.manager import Loaded

_DRAFT = ".new-"
_MONTH = re.compile(r"""(["'])(\d{4}-\d{2})\1""")


def clone_campaign(
    home: Path, source: str, id: str, name: str, later: int = 12, folders: Sequence[Path] = ()
) -> Added:
    """A campaign like another, so many months later, with its settings, stages, units and people.

    Nothing that was recorded is taken over, nor units that had ended by then. The plugins of its
    stages are copied beside it, their months moved. Raises as ``add_campaign``; StateError too
    where a plugin can't be copied, or something is there already. Then nothing is left.
    """
    root = root_of(home)
    check_id(id)
    name = " ".join(printable(name).split())
    if not name:
        raise StateError(Fault("", "新活动的名称是空的", "加上 --name 名称"))
    old = home_of(root, source)
    place = root / CAMPAIGNS / id
    if place.exists() or id == source:
        raise StateError(
            Fault(str(place), "已经有了，没有改动", f"换一个编号，或用 gsjx campaign add {id} 加入")
        )
    loaded, roster = sources(old, folders)
    check_none_off(loaded)
    months = loaded.rubric.months
    kept = [unit for unit in roster if unit.through is None or unit.through > months[-1]]
    with to_add(root) as ledger, _withdrawn(ledger, place), _draft(root, place) as draft:
        text = _campaign_text((old / CAMPAIGN).read_text("utf-8-sig"), id, name)
        _write(draft / CAMPAIGN, text, old / CAMPAIGN)
        _write(draft / UNITS, _roster_text(kept, months[0].plus(later)), old / UNITS)
        for folder in (QUERIES, TEMPLATES):
            if (old / folder).is_dir():
                shutil.copytree(old / folder, draft / folder)
                _for_the_same(draft / folder, root)
        plugins = [
            _copied_plugin(plugin, draft / PLUGINS, later, root)
            for plugin in _plugins_of(old, loaded, folders)
        ]
        draft.rename(place)
        made, units = sources(place, folders)
        check_none_off(made)
        _check_moved(loaded, made, later)
        staff = put_in(ledger, place, made, units, old)
    left_out = tuple(unit for unit in roster if unit not in kept)
    return Added(place, name, made.rubric.months, len(units), staff, tuple(plugins), left_out)


# the files of a clone --------------------------------------------------------------------------


@contextlib.contextmanager
def _withdrawn(ledger: Ledger, place: Path) -> Iterator[None]:
    """Takes the files away again if the campaign didn't come into the ledger."""
    try:
        yield
    except BaseException:
        if place.name not in ledger.schemas:
            shutil.rmtree(place, ignore_errors=True)
        raise


@contextlib.contextmanager
def _draft(root: Path, place: Path) -> Iterator[Path]:
    """A folder like the home in which the files are written aside."""
    from gsjx_tui.ledger.ledger import os_trouble

    try:
        if not place.parent.exists():
            place.parent.mkdir()
            _like(place.parent, root)
        sweep(place.parent, _DRAFT)
        with draft_in(place.parent, _DRAFT) as aside:
            draft = aside / place.name
            draft.mkdir()
            _like(draft, root)
            yield draft
    except OSError as error:
        raise os_trouble(error, place) from error


def _like(path: Path, model: Path) -> None:
    """The new file is for whom the one it was made from is."""
    shutil.copymode(model, path)
    with contextlib.suppress(PermissionError):
        found = model.stat()
        os.chown(path, found.st_uid, found.st_gid)


def _write(path: Path, text: str, model: Path) -> None:
    path.write_text(text, "utf-8")
    _like(path, model)


def _campaign_text(text: str, id: str, name: str) -> str:
    """The campaign file with another id and name; settings, categories and stages stay."""
    for key, value in (("id", id), ("name", name)):
        line = f"{key} = {json.dumps(value, ensure_ascii=False)}"
        text = re.sub(rf"(?m)^\s*{key}\s*=.*$", lambda _, line=line: line, text, count=1)  # type: ignore[misc]
    return text


def _roster_text(units: Sequence[Unit], first: Month) -> str:
    """The roster; who is there when the new campaign begins takes part from its first month."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["code", "name", "category", "superior", "from", "through"])
    for unit in units:
        since = unit.since if unit.since is not None and unit.since > first else ""
        rows.writerow(
            [unit.code, unit.name, unit.category, unit.superior, since, unit.through or ""]
        )
    return out.getvalue()


def _plugins_of(home: Path, loaded: Loaded, folders: Sequence[Path]) -> Sequence[Found]:
    """The plugins that the clone needs: those of its stages, and all of the home's own folder."""
    from gsjx_tui.plugins.found import find
    from gsjx_tui.plugins.manager import gather

    found = find(plugin_folders(home, folders), trusted_users(home))
    wanted = {stage.id for stage in loaded.rubric.stages}
    of_stages = {name for name, stage in gather(found).stages.items() if stage.id in wanted}
    own = (home / PLUGINS).resolve()
    return [
        plugin
        for plugin in found
        if plugin.name in of_stages
        or (plugin.place is not None and plugin.place.resolve().parent == own)
    ]


def _copied_plugin(plugin: Found, into: Path, later: int, root: Path) -> str:
    """Copies a plugin's files; the months of its ``stage.toml`` are moved. Its name."""
    if plugin.place is None:
        raise StateError(Fault(f"插件 {plugin.name}", "找不到它的文件，不能复制", "另写一个"))
    place = into / plugin.name
    shutil.copytree(plugin.place, place, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    if plugin.stage_file is not None:
        copy = place / plugin.stage_file.name
        copy.write_text(
            _MONTH.sub(lambda found: _moved(found, later), copy.read_text("utf-8")), "utf-8"
        )
    _for_the_same(into, root)
    return plugin.name


def _for_the_same(folder: Path, root: Path) -> None:
    """All in a folder is for whom the home is, and only the owner may write: it may be code."""
    for path in (folder, *folder.rglob("*")):
        _like(path, root)
        mode = root.stat().st_mode & ~0o022
        path.chmod(mode if path.is_dir() else mode & ~0o111)


def _moved(found: re.Match[str], later: int) -> str:
    try:
        month = Month.parse(found[2]).plus(later)
    except ValueError:
        return found[0]
    return f"{found[1]}{month}{found[1]}"


def _check_moved(old: Loaded, new: Loaded, later: int) -> None:
    """Raises StateError for a stage whose months didn't move: its plugin makes them itself."""
    faults = [
        Fault(
            f"{before.name}阶段",
            f"月份没有移到 {before.months[0].plus(later)} 起（插件用程序写月份），没有做成",
            "为新活动另写这个阶段的插件",
        )
        for before, after in zip(old.rubric.stages, new.rubric.stages, strict=True)
        if after.months != tuple(month.plus(later) for month in before.months)
    ]
    if faults:
        raise StateError.of(faults)
