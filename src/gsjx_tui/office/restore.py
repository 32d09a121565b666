"""恢复: a backup takes the ledger's place after it was proved; what was there is put aside."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from gsjx_tui.errors import Fault, GsjxError, LedgerTrouble, StateError
from gsjx_tui.ledger.chain import Head
from gsjx_tui.ledger.holder import UNKNOWN, described, locker
from gsjx_tui.ledger.ledger import Ledger, os_trouble
from gsjx_tui.ledger.proof import hash_at, heads, instants
from gsjx_tui.ledger.replacement import NEW, alone_in, decide, finish, logs_of, put_aside, sync
from gsjx_tui.ledger.salvage import fold_log
from gsjx_tui.ledger.tables import FIRST
from gsjx_tui.office.backup import BACKUPS, changed_files, read_manifest
from gsjx_tui.office.campaigns import folders_of
from gsjx_tui.office.drafts import draft_in, sweep
from gsjx_tui.office.home import open_beside, open_office, plugin_folders
from gsjx_tui.office.names import (
    CAMPAIGN,
    CAMPAIGNS,
    LEDGER,
    PLUGINS,
    UNITS,
    files_of,
    home_in,
    plugin_files,
)
from gsjx_tui.office.verify import Proof, verify

ASIDE = "恢复前"
"""The folder of a home where ledgers that were replaced are kept."""

_DRAFT = ".restore-"
_ALWAYS = datetime.max


@dataclass(frozen=True)
class State:
    """What a ledger holds: its newest act (UTC, None if empty) and the last row of each chain.

    A chain is named by the schema of its campaign and its table.
    """

    newest: datetime | None
    heads: Mapping[tuple[str, str], Head]

    @property
    def total(self) -> int:
        """The rows of all chains."""
        return sum(head.seq for head in self.heads.values())


@dataclass(frozen=True)
class Restored:
    """What a restoration did, or would do.

    ``before`` is None if there was no ledger in place that could be read. ``lost`` are the rows
    in place before that the backup doesn't have; ``left_out`` the bytes of the backup's log that
    were damaged. ``aside`` holds what was in place; None if nothing was, or on a trial.
    """

    backup: Path
    proof: Proof
    after: State
    before: State | None
    unreadable: str
    lost: int
    other_history: bool
    left_out: int
    aside: Path | None


def find(home: Path, backup: Path) -> Path:
    """The folder of a backup given by its path, or by its name among the home's backups.

    Raises StateError if there is no ledger in it.
    """
    for folder in (backup, home / BACKUPS / backup):
        found = folder.parent if folder.name == LEDGER else folder
        if (found / LEDGER).is_file():
            return found
    known = home / BACKUPS
    raise StateError(
        Fault(str(backup), f"这里没有账本备份（{LEDGER}）", f"备份默认在 {known}，核对文件夹名")
    )


def restore(
    home: Path, backup: Path, folders: Sequence[Path] = (), *, dry_run: bool = False
) -> Restored:
    """Proves a backup, puts it in the place of the home's ledger and that one aside.

    Killed at any instant it leaves the old ledger or the new one, whole. Raises StateError if the
    backup isn't proved, LedgerTrouble if a process holds the ledger in place, or for lack of space
    or rights; then nothing was replaced.
    """
    path = home / LEDGER
    source = find(home, backup)
    with _troubles(home):
        home.mkdir(parents=True, exist_ok=True)
        with _alone(home):
            finish(path)
            _check_free(path)
            sweep(home, _DRAFT)
            with draft_in(home, _DRAFT) as draft:
                left_out = _copied(source, home, draft / NEW)
                proof, after = _proved(draft / NEW, home, folders)
                before, unreadable = _present(path)
                lost, other = _compared(path, draft / NEW / LEDGER, before, after)
                aside = None if dry_run else _replaced(path, draft)
    return Restored(
        source, proof, after, before, unreadable, lost, other, left_out,
        home / aside if aside else None,
    )  # fmt: skip


def _copied(source: Path, home: Path, new: Path) -> int:
    """The backup's files, where they can be opened without touching it; bytes of log left out."""
    new.mkdir()
    manifest = read_manifest(source)
    changed = changed_files(manifest) if manifest else []
    if changed:
        raise _not_proved(Fault(str(source), f"{'、'.join(changed)} 与做备份时不同", "换一份备份"))
    for file in (source / LEDGER, *logs_of(source / LEDGER)):
        shutil.copyfile(file, new / file.name)
    with _unproved():
        left_out = fold_log(new / LEDGER)
        with Ledger.open(new / LEDGER, read_only=True) as ledger:
            schemas = ledger.schemas
    for name in plugin_files(source, schemas):
        (new / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, new / name)
    for path in new.rglob("*"):
        path.chmod(path.stat().st_mode & ~0o022)  # plugins that others may write aren't run
    for name in files_of(schemas):
        given = source / name if (source / name).is_file() else home / name
        if not given.is_file():
            raise _not_proved(
                Fault(str(source), f"没有 {name}，{home} 里也没有", f"把 {name} 放到 {home} 再试")
            )
        (new / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(given, new / name)
    return left_out


def _proved(new: Path, home: Path, folders: Sequence[Path]) -> tuple[Proof, State]:
    """Every campaign proved by itself, with the plugins in place: what was proved in all."""
    with _unproved(), open_office(new, _plugins(new, home, folders)) as first:
        proof = verify(first)
        for schema in first.ledger.schemas[1:]:
            its_own = home_in(new, schema)
            with open_beside(
                first, its_own, _plugins(its_own, home_in(home, schema), folders)
            ) as office:
                found = verify(office)
            proof = replace(
                proof, figures=proof.figures + found.figures, months=proof.months + found.months
            )
        state = _state(first.ledger)
        first.ledger.checkpoint()
    if logs_of(new / LEDGER):
        raise _not_proved(Fault(str(new), "没有合并成一个文件", "腾出磁盘空间后再试"))
    return proof, state


def _plugins(new: Path, home: Path, folders: Sequence[Path]) -> Sequence[Path]:
    """Where plugins are looked for besides a new home's own: in place, if the backup has none."""
    return folders if (new / PLUGINS).is_dir() else plugin_folders(home, folders)


@contextlib.contextmanager
def _unproved() -> Iterator[None]:
    try:
        yield
    except LedgerTrouble as error:
        if error.kind in ("disk_full", "not_writable"):
            raise
        raise _not_proved(*error.faults) from error
    except GsjxError as error:
        raise _not_proved(*error.faults) from error


def _not_proved(*faults: Fault) -> StateError:
    return StateError(*faults, heading="这份备份没有通过证明，没有替换任何内容：")


def _present(path: Path) -> tuple[State | None, str]:
    """The ledger in place, or why it can't be read; neither if there is none."""
    if not path.exists():
        return None, ""
    try:
        with Ledger.open(path, read_only=True) as ledger:
            return _state(ledger), ""
    except LedgerTrouble as error:
        if error.kind == "locked":
            raise
        return None, error.faults[0].what


def _state(ledger: Ledger) -> State:
    newest: list[datetime] = []
    found: dict[tuple[str, str], Head] = {}
    with ledger.each() as campaigns:
        for campaign in campaigns:
            newest += instants(campaign).values()
            for table, head in heads(campaign, _ALWAYS).items():
                found[campaign.schema, table] = head
    return State(max(newest, default=None), found)


def _compared(path: Path, new: Path, before: State | None, after: State) -> tuple[int, bool]:
    """How many rows in place the backup lacks, and whether neither is an earlier state."""
    if before is None:
        return 0, False
    lost = gained = 0
    parted = False
    with Ledger.open(path, read_only=True) as present, Ledger.open(new, read_only=True) as backup:
        for schema, table in before.heads.keys() | after.heads.keys():
            here = before.heads.get((schema, table), Head()).seq
            there = after.heads.get((schema, table), Head()).seq
            lost += max(0, here - there)
            gained += max(0, there - here)
            common = min(here, there)
            if common and _hash(present, schema, table, common) != _hash(
                backup, schema, table, common
            ):
                parted = True
    return lost, parted or bool(lost and gained)


def _hash(ledger: Ledger, schema: str, table: str, seq: int) -> str | None:
    with ledger.beside(schema) as campaign:
        return hash_at(campaign, table, seq)


def _replaced(path: Path, draft: Path) -> str:
    """Where the old files are now, beside the ledger; empty if there were none."""
    home = path.parent
    further = (f"{CAMPAIGNS}/{name}" for name in folders_of(home))
    wanted = [path.name, *(log.name for log in logs_of(path)), CAMPAIGN, UNITS]
    wanted += [f"{place}/{name}" for place in further for name in (CAMPAIGN, UNITS)]
    files = [name for name in wanted if (home / name).exists()]
    files += plugin_files(home, (FIRST, *folders_of(home)))
    with _held(path):
        if path.exists():
            _like(path, draft / NEW / LEDGER)
        aside = f"{ASIDE}/{_free_name(path.parent / ASIDE)}" if files else ""
        if files:
            put_aside(draft, home, files, aside)
        sync(draft)
        decide(draft, path)
    return aside


def _free_name(folder: Path) -> str:
    stamp = datetime.now(UTC).astimezone().strftime("%Y%m%d-%H%M%S")
    names = (stamp, *(f"{stamp}-{number}" for number in range(2, 1000)))
    return next(name for name in names if not (folder / name).exists())


def _like(old: Path, new: Path) -> None:
    """The new file is for whom the old one was."""
    shutil.copymode(old, new)
    with contextlib.suppress(PermissionError):
        status = old.stat()
        os.chown(new, status.st_uid, status.st_gid)


# others ----------------------------------------------------------------------------------------


def _check_free(path: Path) -> None:
    """Nobody holds the ledger in place. Raises LedgerTrouble."""
    holder = locker(path) if path.exists() else None
    if holder is not None:
        raise _in_use(holder)


@contextlib.contextmanager
def _held(path: Path) -> Iterator[None]:
    """Nobody can open the ledger meanwhile. Raises LedgerTrouble if somebody has."""
    if not path.exists():
        yield
        return
    import fcntl

    with path.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            raise _in_use(0) from None
        yield


def _in_use(holder: int) -> LedgerTrouble:
    who = f" {described(holder)} " if holder else UNKNOWN
    return LedgerTrouble("in_use", pid=holder or "?", holder=who)


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    try:
        with alone_in(home, wait=False):
            yield
    except BlockingIOError:
        raise StateError(
            Fault(str(home), "另一个恢复正在这里进行", "等它结束，看清结果再说")
        ) from None


@contextlib.contextmanager
def _troubles(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise os_trouble(error, home) from error
