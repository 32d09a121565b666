"""Backups by the clock: while the service runs, one whenever the newest is old enough."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gsjx_tui.errors import GsjxError
from gsjx_tui.office.backup import BACKUPS, Backup, backups_in
from gsjx_tui.seats.settings import ServiceSettings

LOOKS = 60.0
"""Seconds between two looks at the clock."""

AGAIN = timedelta(minutes=15)
"""How long after a backup that failed the next one is tried."""

_log = logging.getLogger("gsjx.backup")


class Schedule:
    """Backs up by the settings; ``back_up`` makes one and says what it made."""

    def __init__(
        self,
        home: Path,
        settings: ServiceSettings,
        back_up: Callable[[Path, int], Awaitable[Backup]],
    ) -> None:
        self._folder = settings.backup_into or home / BACKUPS
        self._every = timedelta(hours=settings.backup_every)
        self._keep = settings.backup_keep
        self._back_up = back_up
        self._failed: datetime | None = None

    async def run(self, looks: float = LOOKS) -> None:
        """Looks at the clock until it is cancelled."""
        while self._every:
            now = datetime.now(UTC).replace(tzinfo=None)
            if await asyncio.to_thread(self.is_due, now):
                await self._make(now)
            await asyncio.sleep(looks)

    def is_due(self, now: datetime) -> bool:
        """Whether the newest backup is old enough at an instant (UTC), or there is none."""
        if self._failed is not None and now - self._failed < AGAIN:
            return False
        try:
            found = backups_in(self._folder)
        except OSError:
            return True  # the backup will say what is wrong
        return not found or now - found[-1].made_at >= self._every

    async def _make(self, now: datetime) -> None:
        try:
            made = await self._back_up(self._folder, self._keep)
        except GsjxError as error:
            self._failed = now
            _log.error("备份没有做成：%s", " ".join(str(error).splitlines()))
        else:
            self._failed = None
            _log.info("已备份到 %s，共 %s 条，存证码 %s", made.folder, made.total, made.anchor)
