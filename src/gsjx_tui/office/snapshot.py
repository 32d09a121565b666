"""发布快照: ``ledger-snapshot.duckdb`` in the home, which leaders ask and no question can harm.

It is made aside and put in place in one step once it is on disk: whoever opens it meets the old
one or the new one, whole, and who has the old one open goes on reading it. It is the owner's
alone (mode 0600) unless an administrator names a group of readers (0640); later ones keep the
group of the one they replace. It shows all units, so it is never readable for a group with a
reporter in it.
"""

from __future__ import annotations

import logging
import os
import shutil
import stat
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gsjx_tui.documents.placing import placed
from gsjx_tui.errors import Fault, GsjxError, StateError
from gsjx_tui.ledger.views import State
from gsjx_tui.office.acts import act
from gsjx_tui.office.copies import copy_ledger, ledger_state
from gsjx_tui.office.home import Office
from gsjx_tui.office.names import group_number

if TYPE_CHECKING:
    from gsjx_tui.ledger.ledger import Ledger

SNAPSHOT = "ledger-snapshot.duckdb"
"""The published snapshot's name in the home."""

_DRAFTS = ".snapshot"
"""The folder of a home where snapshots are made; only one at a time."""

PUBLISHED_AFTER = frozenset(
    {
        "confirm.confirm",
        "correct.correct",
        "objecting.decide_objection",
        "staff.set_staff",
        "staff.remove_staff",
    }
)
"""The acts after which a snapshot is published: points, ranks, or who may read it have changed."""

_log = logging.getLogger("gsjx.snapshot")


@dataclass(frozen=True)
class Published:
    """A published snapshot: where, what it holds, the group that may read it ('' for none).

    ``withheld``: the reporters in the group of the one before, for whom it is the owner's alone.
    """

    path: Path
    state: State
    readers: str
    withheld: tuple[str, ...] = ()


@act(lambda arguments: "viewer" if arguments.get("readers") is None else "admin")
def publish(office: Office, readers: str | None = None) -> Published:
    """Publishes a snapshot of the ledger as it is now; ``readers``: a group, '' for nobody else.

    Raises StateError for a group that isn't, or has a reporter in it; LedgerTrouble. Then the
    snapshot that was there stays.
    """
    return _published(office, readers)


def _published(office: Office, readers: str | None = None) -> Published:
    from gsjx_tui.ledger.ledger import os_trouble
    from gsjx_tui.ledger.replacement import alone_in, sync_folder
    from gsjx_tui.ledger.snapshot import write_snapshot

    target, drafts = office.home / SNAPSHOT, office.home / _DRAFTS
    try:
        drafts.mkdir(mode=0o700, exist_ok=True)
        with alone_in(drafts), office.ledger.reader() as ledger:
            for left in drafts.iterdir():
                shutil.rmtree(left)
            draft = Path(tempfile.mkdtemp(dir=drafts)) / SNAPSHOT
            group, withheld = _group(target, readers, _reporters(office, ledger))
            try:
                state = write_snapshot(ledger, draft)
                draft.chmod(0o600)
                if group is not None:
                    os.chown(draft, -1, group)
                    draft.chmod(0o640)
                _sync(draft)
                draft.replace(target)
                sync_folder(office.home)
            finally:
                shutil.rmtree(draft.parent)
    except OSError as error:
        raise os_trouble(error, target) from error
    return Published(target, state, "" if group is None else _name(group), withheld)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


# who may read it ---------------------------------------------------------------------------------


def _reporters(office: Office, ledger: Ledger) -> Sequence[str]:
    listed = office.roll.all(ledger)
    return [one.person.login for one in listed if one.person.role == "reporter"]


def _group(
    before: Path, readers: str | None, reporters: Sequence[str]
) -> tuple[int | None, tuple[str, ...]]:
    """The group that may read the new snapshot, and the reporters because of whom none may."""
    if readers is None:
        kept = _group_of(before)
        inside = _inside(kept, reporters)
        return (None if inside else kept), inside
    if not readers:
        return None, ()
    group = group_number(readers)
    inside = _inside(group, reporters)
    if inside:
        raise StateError(
            Fault(
                f"用户组 {readers}",
                f"里面有单位填报人 {'、'.join(inside)}，快照有全部单位的分数，不能给他们看",
                "另设一个只有领导和活动办的用户组，或把他们移出这个组",
            )
        )
    return group, ()


def _group_of(path: Path) -> int | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_gid if found.st_mode & stat.S_IRGRP else None


def _inside(group: int | None, logins: Sequence[str]) -> tuple[str, ...]:
    """Those of the logins that are in a group; one that this machine doesn't know reads nothing."""
    if group is None:
        return ()
    import pwd

    inside = []
    for login in logins:
        try:
            own = pwd.getpwnam(login).pw_gid
        except KeyError:
            continue
        if group in os.getgrouplist(login, own):
            inside.append(login)
    return tuple(inside)


def _name(group: int) -> str:
    import grp

    try:
        return grp.getgrgid(group).gr_name
    except KeyError:
        return str(group)


# publishing while people work --------------------------------------------------------------------


class Publisher:
    """Publishes in a thread of its own; what is asked for while it is at it is one more time."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._changed = threading.Condition()
        self._wanted = self._ended = False
        self._thread: threading.Thread | None = None

    def done(self, act: str) -> None:
        """An act is on disk: publishes if it is one after which that is due."""
        if act in PUBLISHED_AFTER:
            self.wake()

    def wake(self) -> None:
        """Publishes soon, unless the snapshot holds what the ledger does."""
        with self._changed:
            self._wanted = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="publisher")
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Ends once what was asked for is published."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted or self._ended)
                if not self._wanted:
                    return
                self._wanted = False
            try:
                self._publish()
            except GsjxError as error:
                _log.warning("快照没有发布，原来的还在：%s", " ".join(str(error).splitlines()))
            except Exception:
                _log.exception("快照没有发布，原来的还在")

    def _publish(self) -> None:
        from gsjx_tui.ledger.snapshot import snapshot_state, state_of

        with self._office.ledger.reader() as ledger:
            now = state_of(ledger)
        if snapshot_state(self._office.home / SNAPSHOT) == now:
            return
        made = _published(self._office)
        if made.withheld:
            _log.warning(
                "快照的用户组里有单位填报人 %s，快照改为只有主人能读；"
                "移出他们后用 gsjx snapshot --readers 重新指定",
                "、".join(made.withheld),
            )


# asking it, and copies of it ---------------------------------------------------------------------


def current_snapshot(office: Office, state: State, text: str) -> Path | None:
    """The published snapshot if it holds this state of the ledger, can be read by who runs this,
    and has all that a query names."""
    path = office.home / SNAPSHOT
    if not os.access(path, os.R_OK):
        return None
    from gsjx_tui.ledger.snapshot import asks_snapshot, snapshot_state

    return path if asks_snapshot(text) and snapshot_state(path) == state else None


def save_snapshot(office: Office, path: Path) -> State:
    """A snapshot as a file somewhere else, for who runs this alone to read; what it holds.

    Raises NotPermitted, LedgerTrouble; ExportError if the file exists or can't be written.
    """
    ledger_state(office)  # checks the role
    with placed(path) as draft:
        state = _written(office, draft)
        draft.chmod(0o600)
    return state


def save_parquet(office: Office, folder: Path) -> tuple[State, int]:
    """The tables of a snapshot as Parquet in a new folder, one in it a month; how many files.

    Raises NotPermitted, LedgerTrouble; StateError if the folder exists.
    """
    from gsjx_tui.ledger.ledger import os_trouble
    from gsjx_tui.ledger.snapshot import write_parquet

    ledger_state(office)  # checks the role
    if folder.exists():
        raise StateError(Fault(str(folder), "已有这个文件夹，没有改动", "换一个名称"))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".导出-", dir=folder.parent) as place:
            snapshot, draft = Path(place) / SNAPSHOT, Path(place) / "parquet"
            state = _written(office, snapshot)
            draft.mkdir(mode=0o700)
            count = write_parquet(snapshot, draft)
            draft.rename(folder)
    except OSError as error:
        raise os_trouble(error, folder) from error
    return state, count


def _written(office: Office, path: Path) -> State:
    from gsjx_tui.ledger.ledger import Ledger
    from gsjx_tui.ledger.snapshot import write_snapshot

    if office.carrier is None:
        return write_snapshot(office.ledger, path)
    with tempfile.TemporaryDirectory(prefix="gsjx-snapshot-") as folder:
        copy = Path(folder) / "ledger.duckdb"
        copy_ledger(office, copy)
        with Ledger.open(copy, read_only=True) as ledger:
            return write_snapshot(ledger, path)
