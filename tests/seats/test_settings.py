"""``service.toml`` and the backups it asks for."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from builders import an_office, observed, recorded
from gsjx_tui.errors import LedgerTrouble, RubricError
from gsjx_tui.office.backup import BACKUPS, Backup, back_up, backups_in
from gsjx_tui.office.home import Office
from gsjx_tui.seats.schedule import AGAIN, Schedule
from gsjx_tui.seats.settings import SETTINGS, ServiceSettings, read_settings


def settings(home: Path, text: str) -> ServiceSettings:
    (home / SETTINGS).write_text(text, "utf-8")
    return read_settings(home)


def test_without_a_file_nothing_is_backed_up_and_no_group_is_let_in(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == ServiceSettings("", 0, 30, None)


def test_each_setting_is_read(tmp_path: Path) -> None:
    text = 'group = "gsjx"\n[backup]\nevery_hours = 12\nkeep = 7\nfolder = "别处"\n'

    assert settings(tmp_path, text) == ServiceSettings("gsjx", 12, 7, tmp_path / "别处")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("grup = 'x'", "第 1 行"),
        ("[backup]\nevery_hours = 'x'", "第 2 行"),
        ("[backup]\nevery_hours = -1", "不能为负数"),
        ("[backup]\nkeep = 0", "至少为 1"),
        ("backup = 3", "backup"),
        ("group = ", "TOML"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(RubricError, match=says):
        settings(tmp_path, text)


class Made:
    """Backs up for a schedule, and counts."""

    def __init__(self, office: Office) -> None:
        self.office, self.count = office, 0

    async def back_up(self, folder: Path, keep: int) -> Backup:
        self.count += 1
        return await asyncio.to_thread(back_up, self.office, folder, keep)


async def ran(schedule: Schedule, seconds: float = 0.3) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(schedule.run(looks=0.02), seconds)


async def test_the_first_backup_is_made_at_once_and_the_next_when_it_is_old(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed("study.b1.body", 8))
        made = Made(office)
        schedule = Schedule(office.home, ServiceSettings(backup_every=1), made.back_up)

        await ran(schedule, 3)

        (backup,) = backups_in(office.home / BACKUPS)
        assert made.count == 1
        assert not schedule.is_due(backup.made_at + timedelta(minutes=59))
        assert schedule.is_due(backup.made_at + timedelta(minutes=60))


async def test_never_means_never(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        made = Made(office)

        await Schedule(office.home, ServiceSettings(), made.back_up).run()

        assert made.count == 0


async def test_only_so_many_stay(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        made = Made(office)
        for _ in range(3):
            await made.back_up(office.home / BACKUPS, 2)

        assert len(backups_in(office.home / BACKUPS)) == 2


async def test_a_backup_that_fails_is_logged_and_tried_again_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[Path] = []

    async def failing(folder: Path, keep: int) -> Backup:
        tries.append(folder)
        raise LedgerTrouble("disk_full")

    schedule = Schedule(tmp_path, ServiceSettings(backup_every=1), failing)
    with caplog.at_level(logging.ERROR):
        await ran(schedule)

    assert len(tries) == 1
    assert "磁盘已满" in caplog.text
    now = datetime.now(UTC).replace(tzinfo=None)
    assert not schedule.is_due(now)
    assert schedule.is_due(now + AGAIN)
