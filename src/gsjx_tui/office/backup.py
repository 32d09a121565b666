"""备份: consistent copies of a home while people work, each proved, and their retention.

A backup is a folder with the ledger, the two files and the plugins of each campaign placed as in
the home, and ``backup.json``, which says what it holds. It appears under its name when it is whole
and on disk, so whatever has that name is a backup.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gsjx_tui import __version__
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.ledger.anchor import newest_anchor
from gsjx_tui.ledger.chain import Head
from gsjx_tui.ledger.ledger import CHAINS, Ledger, os_trouble
from gsjx_tui.ledger.proof import broken_links, hash_at, heads, instants
from gsjx_tui.ledger.replacement import alone_in, logs_of, sync, sync_folder
from gsjx_tui.ledger.tables import FIRST
from gsjx_tui.office.acts import act
from gsjx_tui.office.drafts import draft_in, sweep
from gsjx_tui.office.home import Office, files_digest
from gsjx_tui.office.names import LEDGER, files_of, home_in, plugin_files, root_of
from gsjx_tui.office.rank import campaign_facts

BACKUPS = "备份"
"""The folder of a home that backups go to unless told otherwise."""

MANIFEST = "backup.json"
_FORMAT = 1
_DRAFT = ".draft-"
_ALWAYS = datetime.max


@dataclass(frozen=True)
class Backup:
    """A backup: its folder, when it was made and when its newest act was (UTC), what it holds.

    ``fits`` is false if ``campaign.toml`` or ``units.csv`` were changed and not taken over yet.
    """

    folder: Path
    campaign: str
    made_at: datetime
    newest: datetime | None
    rows: Mapping[str, int]
    anchor: str
    fits: bool
    digests: Mapping[str, str]
    anchors: Mapping[str, str] = field(default_factory=dict)
    """The codes of further campaigns by schema; in ``rows`` the schema stands before a point."""
    removed: tuple[Path, ...] = ()
    """The older backups that were removed when this one was made."""

    @property
    def total(self) -> int:
        """The rows of all chains."""
        return sum(self.rows.values())


@act("admin")
def back_up(office: Office, into: Path | None = None, keep: int | None = None) -> Backup:
    """A backup of the home as it is now, people may go on working; only ``keep`` stay if given.

    Raises LedgerTrouble (disk full, no permission), StateError if the copy isn't proved; then
    nothing is left behind, and none removed.
    """
    if keep is not None:
        _check_keep(keep)
    folder = into or root_of(office.home) / BACKUPS
    with _troubles(folder):
        if not folder.is_dir():
            folder.mkdir(parents=True, mode=0o700)
        with alone_in(folder):
            sweep(folder, _DRAFT)
            with draft_in(folder, _DRAFT) as draft:
                made = _back_up(office, folder, draft)
    return made if keep is None else replace(made, removed=prune(folder, keep))


def _back_up(office: Office, folder: Path, draft: Path) -> Backup:
    root = root_of(office.home)
    with office.ledger.reader() as source, source.each() as campaigns:
        files = [*files_of(source.schemas), *plugin_files(root, source.schemas)]
        for name in files:
            (draft / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / name, draft / name)
        before = [heads(campaign, _ALWAYS) for campaign in campaigns]
        known = [campaign.rows("editions") for campaign in campaigns]
        first = campaign_facts(campaigns[0]).id
        source.copy_to(draft / LEDGER)
        if logs_of(draft / LEDGER):
            raise _not_proved("写完后没有合并成一个文件")
        rows: dict[str, int] = {}
        anchors: dict[str, str] = {}
        newest: list[datetime] = []
        with Ledger.open(draft / LEDGER, read_only=True) as copied, copied.each() as copies:
            for copy, campaign, held in zip(copies, campaigns, before, strict=True):
                mark = "" if copy.schema == FIRST else f"{copy.schema}."
                found = _proved(copy, campaign, held)
                rows |= {f"{mark}{table}": head.seq for table, head in found.items()}
                newest += instants(copy).values()
                anchor = newest_anchor(copy)
                anchors[copy.schema] = anchor.code if anchor else ""
    made = _made_at(folder, max(newest, default=None))
    homes = [home_in(draft, schema) for schema in anchors]
    backup = Backup(
        folder=_free_name(folder, made, first),
        campaign=first,
        made_at=made,
        newest=max(newest, default=None),
        rows=rows,
        anchor=anchors.pop(FIRST),
        anchors=anchors,
        fits=all(
            found and found[0][1] == files_digest(home)
            for found, home in zip(known, homes, strict=True)
        ),
        digests={name: _digest(draft / name) for name in (LEDGER, *files)},
    )
    (draft / MANIFEST).write_text(_manifest(backup, office.who), "utf-8")
    for path in draft.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    sync(draft)
    draft.rename(backup.folder)
    sync_folder(folder)
    return backup


def _proved(copy: Ledger, source: Ledger, before: Mapping[str, Head]) -> dict[str, Head]:
    """The heads of a copy that holds all that was there before it, and nothing that isn't."""
    for table in CHAINS:
        if broken_links(copy, table):
            raise _not_proved("账本的链不完整，运行 gsjx verify 查看")
    found = heads(copy, _ALWAYS)
    for table, head in found.items():
        if hash_at(source, table, head.seq) != head.hash:
            raise _not_proved("与账本内容不同")
    if any(found.get(table, Head()).seq < head.seq for table, head in before.items()):
        raise _not_proved("比账本少了内容")
    return found


def _not_proved(what: str) -> StateError:
    return StateError(Fault("备份没有做成", what, "没有留下这份备份，已有的备份没有改动"))


def _made_at(folder: Path, newest: datetime | None) -> datetime:
    """Now, but later than any backup here and any act in it though the clock be set back."""
    made = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    others = [backup.made_at for backup in backups_in(folder)]
    return max([made, *([newest] if newest else []), *(at + _SECOND for at in others)])


_SECOND = timedelta(seconds=1)


def _free_name(folder: Path, made: datetime, campaign: str) -> Path:
    stamp = made.replace(tzinfo=UTC).astimezone().strftime("%Y%m%d-%H%M%S")
    name = f"{stamp}-{re.sub(r'[^0-9A-Za-z_.-]', '_', campaign)}"
    names = (name, *(f"{name}-{number}" for number in range(2, 1000)))
    return next(folder / name for name in names if not (folder / name).exists())


# reading backups -------------------------------------------------------------------------------


def read_manifest(folder: Path) -> Backup | None:
    """What a folder says of itself; None if it isn't a backup this program made."""
    try:
        told: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        if told["format"] != _FORMAT:
            return None
        return Backup(
            folder=folder,
            campaign=str(told["campaign"]),
            made_at=datetime.fromisoformat(told["made_at"]),
            newest=datetime.fromisoformat(told["newest"]) if told["newest"] else None,
            rows={str(table): int(rows) for table, rows in told["rows"].items()},
            anchor=str(told["anchor"]),
            anchors={str(name): str(code) for name, code in told.get("anchors", {}).items()},
            fits=bool(told["fits"]),
            digests={str(name): str(digest) for name, digest in told["files"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def backups_in(folder: Path) -> list[Backup]:
    """The backups of a folder, the oldest first."""
    if not folder.is_dir():
        return []
    found = (read_manifest(entry) for entry in folder.iterdir() if entry.name[0] != ".")
    return sorted((b for b in found if b is not None), key=lambda b: (b.made_at, b.folder.name))


def changed_files(backup: Backup) -> list[str]:
    """The files of a backup that are gone, or not as they were when it was made and proved."""
    return [name for name, digest in backup.digests.items() if _found(backup, name) != digest]


def _found(backup: Backup, name: str) -> str:
    try:
        return _digest(backup.folder / name)
    except OSError:
        return ""


# retention -------------------------------------------------------------------------------------


def prune(folder: Path, keep: int) -> tuple[Path, ...]:
    """Removes the oldest backups of a folder so that ``keep`` stay; what was removed.

    The newest whose files are as they were proved always stays, and so does whatever this program
    didn't make. Raises StateError if ``keep`` is less than 1, LedgerTrouble.
    """
    _check_keep(keep)
    with _troubles(folder):
        if not folder.is_dir():
            return ()
        with alone_in(folder):
            sweep(folder, _DRAFT)
            found = backups_in(folder)
            old = found[:-keep]
            if not any(not changed_files(backup) for backup in reversed(found[-keep:])):
                sound = next((b for b in reversed(old) if not changed_files(b)), None)
                old = [backup for backup in old if backup is not sound]
            return tuple(backup.folder for backup in old if _removed(backup))


def _check_keep(keep: int) -> None:
    """How many backups may be kept. Raises StateError for less than one."""
    if keep < 1:
        raise StateError(Fault("", f"保留 {keep} 份备份等于全部删去", "至少保留 1 份"))


def _removed(backup: Backup) -> bool:
    names = {MANIFEST, *backup.digests}
    files = (entry for entry in backup.folder.rglob("*") if not entry.is_dir())
    if {entry.relative_to(backup.folder).as_posix() for entry in files} - names:
        return False  # somebody put something there
    gone = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=backup.folder.parent))
    shutil.rmtree(backup.folder.rename(gone))
    return True


# files -----------------------------------------------------------------------------------------


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest(backup: Backup, who: str) -> str:
    told = {
        "format": _FORMAT,
        "program": __version__,
        "campaign": backup.campaign,
        "made_at": backup.made_at.isoformat(),
        "made_by": who,
        "newest": backup.newest.isoformat() if backup.newest else "",
        "rows": dict(backup.rows),
        "anchor": backup.anchor,
        "anchors": dict(backup.anchors),
        "fits": backup.fits,
        "files": dict(backup.digests),
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


@contextlib.contextmanager
def _troubles(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise os_trouble(error, folder) from error
