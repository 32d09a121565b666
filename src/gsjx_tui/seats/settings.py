"""The settings of the service: ``service.toml`` in the home. All have a default.

::

    group = "gsjx"          # who may use the socket

    [backup]
    every_hours = 24        # 0: none
    keep = 30               # so many of them stay
    folder = "/srv/备份"    # default: the home's own folder
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gsjx_tui.errors import RubricError, reason_of
from gsjx_tui.rubric.source import Source, Table

SETTINGS = "service.toml"
"""The file's name in the home."""


@dataclass(frozen=True)
class ServiceSettings:
    """What the service is told: the group of its socket, and when to back up.

    ``backup_every`` is in hours, 0 for never; ``backup_into`` None for the home's own folder.
    """

    group: str = ""
    backup_every: int = 0
    backup_keep: int = 30
    backup_into: Path | None = None


def read_settings(home: Path) -> ServiceSettings:
    """The settings of a home, the defaults where there is no file. Raises RubricError."""
    path = home / SETTINGS
    if not path.exists():
        return ServiceSettings()
    try:
        source = Source(path.read_text("utf-8-sig"), SETTINGS)
    except (OSError, UnicodeDecodeError) as error:
        raise RubricError(f"{path} 读不出：{reason_of(error)}") from error
    source.raise_faults()
    top = source.top()
    top.only(("group", "backup"))
    backup = top.table("backup") if "backup" in top.data else Table(source, ("backup",), {})
    backup.only(("every_hours", "keep", "folder"))
    every, keep = backup.whole("every_hours", 0), backup.whole("keep", 30)
    folder = backup.text("folder", "")
    if every < 0:
        backup.fault("every_hours", "every_hours 不能为负数", "写隔几小时备份一次，0 为不备份")
    if keep < 1:
        backup.fault("keep", "keep 至少为 1", "写保留最新的几份")
    found = ServiceSettings(
        group=top.text("group", ""),
        backup_every=every,
        backup_keep=keep,
        backup_into=home / folder if folder else None,
    )
    source.raise_faults()
    return found
