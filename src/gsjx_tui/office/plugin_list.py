"""The plugins at a home 插件: where each comes from, its version, its stages, its health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gsjx_tui.errors import Fault, RubricError
from gsjx_tui.office.home import campaign_file, plugin_folders, trusted_users


@dataclass(frozen=True)
class Listing:
    """One plugin. ``used``: the campaign names a stage of it; ``faults`` empty if it is well."""

    name: str
    origin: str
    version: str
    stages: tuple[str, ...]
    used: bool
    faults: tuple[Fault, ...]


def plugins(home: Path, folders: Sequence[Path] = ()) -> Sequence[Listing]:
    """Every plugin that is found, whatever is wrong with it.

    Raises RubricError for a folder that others may write to or isn't there.
    """
    from gsjx_tui.plugins.found import find
    from gsjx_tui.plugins.manager import gather
    from gsjx_tui.rubric.campaign_toml import parse_campaign

    path = campaign_file(home)
    categories: list[str] | None = None
    wanted: tuple[str, ...] = ()
    try:
        campaign = parse_campaign(path.read_text("utf-8-sig"), path.name)
    except (OSError, UnicodeDecodeError, RubricError):
        pass  # it is told by the commands that need it; the plugins are told all the same
    else:
        wanted = campaign.stages
        categories = [category.id for category in campaign.categories]
    found = find(plugin_folders(home, folders), trusted_users(home))
    gathered = gather(found, categories, wanted)
    off = {fault.where: fault for fault in gathered.plugins.off}
    listings = []
    for plugin in sorted(found, key=lambda plugin: plugin.name):
        stages = gathered.plugins.stages_of(plugin.name)
        faults = [off[where]] if (where := f"插件 {plugin.name}") in off else []
        if plugin.name in gathered.errors:
            faults += gathered.errors[plugin.name].faults
        listings.append(
            Listing(
                name=plugin.name,
                origin=plugin.origin,
                version=plugin.version,
                stages=tuple(sorted(stages)),
                used=bool(stages & set(wanted)),
                faults=tuple(faults),
            )
        )
    return listings
