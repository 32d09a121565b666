"""The home of a campaign: making it, opening it, and keeping the ledger's reference data true."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from gsjx_tui.domain import Unit
from gsjx_tui.errors import (
    OS_REASONS,
    Fault,
    LedgerTrouble,
    NotPermitted,
    RubricError,
    StateError,
    reason_of,
)
from gsjx_tui.office.names import (
    CAMPAIGN,
    LEDGER,
    PLUGINS,
    UNITS,
    current_user,
    ledger_of,
    schema_of,
)
from gsjx_tui.office.opened import Office as Office
from gsjx_tui.office.opened import Sources
from gsjx_tui.office.opened import no_such_unit as no_such_unit

if TYPE_CHECKING:
    from gsjx_tui.ledger.ledger import Ledger
    from gsjx_tui.plugins.manager import Loaded


def init(
    home: Path,
    campaign: Path | None = None,
    units: Path | None = None,
    folders: Sequence[Path] = (),
) -> Office:
    """Makes the home and its ledger, and opens it (SPEC 8).

    Without files given, those already in the home are used, else the shipped ones. Raises
    LedgerTrouble if there is a ledger already, RubricError for faults in the files; then
    nothing is written.
    """
    ledger_path = home / LEDGER
    with _file_troubles(home):
        if ledger_path.exists():
            raise LedgerTrouble("exists", path=ledger_path)
        sources = {CAMPAIGN: campaign, UNITS: units}
        chosen = {name: _source(home, name, given) for name, given in sources.items()}
        loaded, roster = _read(chosen[CAMPAIGN], chosen[UNITS], folders, home)
        check_none_off(loaded)
        with _withdrawn_without_ledger(home):
            home.mkdir(parents=True, exist_ok=True)
            for name, source in chosen.items():
                if not (home / name).exists():
                    _copy(source, home / name)
            _make_ledger(home, loaded, roster)
    return open_office(home, folders)


@contextlib.contextmanager
def _withdrawn_without_ledger(home: Path) -> Iterator[None]:
    """Takes away again the folders and files that were made for a ledger which didn't come."""
    wanted = [*reversed(home.parents), home, home / CAMPAIGN, home / UNITS]
    made = [path for path in wanted if not path.exists()]
    try:
        yield
    finally:
        if not (home / LEDGER).exists():
            for path in reversed(made):
                with contextlib.suppress(OSError):
                    path.rmdir() if path.is_dir() else path.unlink()


def _make_ledger(home: Path, loaded: Loaded, roster: Sequence[Unit]) -> None:
    """Makes the ledger aside: it appears whole or not at all, and never over another."""
    from gsjx_tui.ledger.ledger import Ledger
    from gsjx_tui.office.editions import adopt

    with tempfile.TemporaryDirectory(prefix=f".{LEDGER}.", dir=home) as aside:
        draft = Path(aside) / LEDGER
        with _nothing_left(), Ledger.create(draft) as ledger:
            adopt(ledger, loaded, roster, files_digest(home))
            ledger.checkpoint()
        try:
            os.link(draft, home / LEDGER)
        except FileExistsError:
            raise LedgerTrouble("exists", path=home / LEDGER) from None


@contextlib.contextmanager
def _nothing_left() -> Iterator[None]:
    """A draft that a full disk stopped is thrown away: nothing was written that could be left."""
    try:
        yield
    except LedgerTrouble as error:
        if error.kind == "stopped" and OS_REASONS[errno.ENOSPC] in str(error):
            raise LedgerTrouble("disk_full") from error
        raise


def open_office(home: Path, folders: Sequence[Path] = ()) -> Office:
    """Opens a home for acting. A change of roster or rubric since the last time is taken over.

    Raises LedgerTrouble, RubricError; StateError if the roster no longer fits what is recorded, or
    the rubric isn't the one that months were confirmed by (it has to be accepted first);
    NotPermitted if there is a change and who opens isn't an administrator.
    """
    from gsjx_tui.ledger.ledger import Ledger

    ledger = Ledger.open(ledger_of(home), schema=schema_of(home))
    return _taken_over(ledger, home, folders)


def open_beside(opened: Office, home: Path, folders: Sequence[Path] = ()) -> Office:
    """Opens another campaign of a ledger that is open; as ``open_office``. Closed before it."""
    return _taken_over(opened.ledger.beside(schema_of(home)), home, folders)


def _taken_over(ledger: Ledger, home: Path, folders: Sequence[Path]) -> Office:
    from gsjx_tui.office.closed import closing
    from gsjx_tui.office.editions import adopt, check_still_fits
    from gsjx_tui.office.in_force_rubric import check_in_force

    try:
        with _file_troubles(home):
            loaded, roster = _read(_existing(home, CAMPAIGN), _existing(home, UNITS), folders, home)
        check_in_force(ledger, loaded)
        digest = files_digest(home)
        known = ledger.rows("editions")
        taken = known[0][1:] if known else None
        same_files = taken is not None and taken[0] == digest
        if same_files and (loaded.plugins.off or closing(ledger)):
            pass  # the rubric isn't known in full, or may not change: the edition in force stays
        elif taken != (digest, loaded.digest):
            check_none_off(loaded)
            check_may_adopt(home, ledger)
            check_still_fits(ledger, roster)
            adopt(ledger, loaded, roster, digest)
    except BaseException:
        ledger.close()
        raise
    return Office(
        home, current_user(), lambda: (loaded, roster), ledger=ledger, owner=owns_ledger(home)
    )


def check_may_adopt(home: Path, ledger: Ledger) -> None:
    """Roster and settings are the administrators', and fixed once the campaign is over.

    Raises NotPermitted for others, StateError on a closed campaign.
    """
    from gsjx_tui.office.closed import check_open
    from gsjx_tui.office.roll import Roll

    person = Roll().person(ledger, current_user(), owner=owns_ledger(home))
    if not person.has("admin"):
        raise NotPermitted(
            Fault(
                person.called,
                f"{CAMPAIGN}、{UNITS} 或评分办法改过，要由管理员启用",
                "请管理员打开一次 gsjx；若不该改，请恢复原来的文件",
            )
        )
    check_open(ledger, f"{CAMPAIGN}、{UNITS} 或评分办法改过，没有启用；请恢复原来的文件。")


def owns_ledger(home: Path, uid: int | None = None) -> bool:
    """Whether the ledger file is a user's, by default of who runs this; root owns every file."""
    return (os.getuid() if uid is None else uid) in (0, ledger_of(home).stat().st_uid)


def sources(home: Path, folders: Sequence[Path] = ()) -> Sources:
    """The campaign, rubric and roster of a home. Raises StateError, RubricError."""
    with _file_troubles(home):
        return _read(_existing(home, CAMPAIGN), _existing(home, UNITS), folders, home)


def _sources_in_force(home: Path, folders: Sequence[Path], ledger: Ledger) -> Sources:
    from gsjx_tui.office.in_force_rubric import check_in_force

    found = sources(home, folders)
    check_in_force(ledger, found[0])
    return found


def open_or_init(home: Path, folders: Sequence[Path] = ()) -> Office:
    """Opens a home, made on first use."""
    with _file_troubles(home):
        made = ledger_of(home).exists()
    return open_office(home, folders) if made else init(home, folders=folders)


@contextlib.contextmanager
def reading(home: Path, folders: Sequence[Path] = ()) -> Iterator[Office]:
    """The office of a home for looking only: several may look at once.

    The rubric is loaded when an act needs it. If ``campaign.toml`` or ``units.csv`` changed, or
    the ledger is of an earlier program, that is taken over first.
    """
    from gsjx_tui.ledger.ledger import Ledger
    from gsjx_tui.ledger.migrate import NEWEST

    ledger = Ledger.open(ledger_of(home), read_only=True, schema=schema_of(home))
    try:
        known = ledger.rows("editions")
        if ledger.row("step")[0] < NEWEST or not known or known[0][1] != files_digest(home):
            ledger.close()
            open_office(home, folders).close()
            ledger = Ledger.open(ledger_of(home), read_only=True, schema=schema_of(home))
        yield Office(
            home,
            current_user(),
            lambda: _sources_in_force(home, folders, ledger),
            ledger=ledger,
            owner=owns_ledger(home),
        )
    finally:
        ledger.close()


def shipped(name: str) -> Path:
    """A file or folder as it comes with the program."""
    installed = Path(str(files("gsjx_tui"))) / "shipped" / name
    return installed if installed.exists() else Path(__file__).parents[3] / "data" / name


def _source(home: Path, name: str, given: Path | None) -> Path:
    mine = home / name
    if given is None:
        return mine if mine.exists() else shipped(name)
    if not given.is_file():
        reason = "不是文件" if given.exists() else "没有这个文件"
        raise RubricError(Fault(str(given), reason, "核对文件名"))
    if mine.exists() and mine.read_bytes() != given.read_bytes():
        raise StateError(
            Fault(str(mine), f"已有内容不同的 {name}，没有改动", "先移走它，或不指定文件")
        )
    return given


def _existing(home: Path, name: str) -> Path:
    path = home / name
    if not path.is_file():
        raise StateError(Fault(str(path), "没有这个文件", "从备份恢复，账本不会单独使用"))
    return path


def campaign_file(home: Path) -> Path:
    """The home's ``campaign.toml``, or the shipped one."""
    with _file_troubles(home):
        return _source(home, CAMPAIGN, None)


def read_campaign(path: Path, folders: Sequence[Path] = (), home: Path | None = None) -> Loaded:
    """The campaign of a file with its rubric and plugins, those of a home's folder among them.

    Raises RubricError.
    """
    from gsjx_tui.plugins.manager import load

    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RubricError(
            Fault(str(path), f"读不出（{reason_of(error)}）", "确认文件存在且为 UTF-8 编码")
        ) from error
    return load(text, path.name, plugin_folders(home, folders), trusted_users(home))


def plugin_folders(home: Path | None, folders: Sequence[Path] = ()) -> list[Path]:
    """The folders in which plugins are looked for: those named, and the home's own."""
    own = [home / PLUGINS] if home is not None and (home / PLUGINS).is_dir() else []
    return [*folders, *(path for path in own if path not in folders)]


def trusted_users(home: Path | None) -> list[int]:
    """Whose plugins are run besides root's and one's own: those of the owner of the home."""
    return [home.stat().st_uid] if home is not None and home.exists() else []


def check_none_off(loaded: Loaded) -> None:
    """A rubric is taken over whole. Raises RubricError while a plugin of its is off."""
    if loaded.plugins.off:
        raise RubricError(*loaded.plugins.off, heading="有插件出错，活动文件的改动没有启用：")


def _read(
    campaign: Path, units: Path, folders: Sequence[Path], home: Path
) -> tuple[Loaded, tuple[Unit, ...]]:
    from gsjx_tui.office.roster import read_roster

    loaded = read_campaign(campaign, folders, home)
    roster = read_roster(units, loaded.rubric.campaign, loaded.rubric.months)
    _check_units_known(loaded, roster)
    return loaded, roster


def _check_units_known(loaded: Loaded, roster: Sequence[Unit]) -> None:
    """Raises RubricError if the rubric names a unit that the roster doesn't have."""
    known = {unit.code for unit in roster}
    faults = [
        Fault(
            f"考核要点 {item.id}",
            f"unit_coefficients 中的 {code} 不在名册里",
            f"对照名册 {UNITS} 改正单位代码",
        )
        for item in loaded.rubric.items.values()
        for code in item.unit_coefficients
        if code not in known
    ]
    if faults:
        raise RubricError.of(faults)


def files_digest(home: Path) -> str:
    """SHA-256 of ``campaign.toml`` and ``units.csv``, in hexadecimal."""
    digest = hashlib.sha256()
    with _file_troubles(home):
        for name in (CAMPAIGN, UNITS):
            digest.update(hashlib.sha256(_existing(home, name).read_bytes()).digest())
    return digest.hexdigest()


def _copy(source: Path, target: Path) -> None:
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        shutil.copyfile(source, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


@contextlib.contextmanager
def _file_troubles(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        from gsjx_tui.ledger.ledger import os_trouble

        raise os_trouble(error, home) from error
