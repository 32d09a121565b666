"""Finding plugins: entry points and folders. One that can't be imported is told, not raised."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import stat
import sys
import traceback
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import tomli

from gsjx_tui.errors import Fault, RubricError, reason_of

GROUP = "gsjx_tui.stages"
STAGE_FILE = "stage.toml"
_WRITABLE = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True)
class Found:
    """A plugin as it was found: where it comes from, its version (may be empty), its module.

    ``place`` is the folder of its files if that is known. Without ``module`` it couldn't be
    imported, and ``failure`` says why.
    """

    name: str
    origin: str
    version: str
    place: Path | None
    module: object | None
    failure: str = ""

    @property
    def stage_file(self) -> Path | None:
        """The ``stage.toml`` beside its code, if there is one."""
        path = self.place / STAGE_FILE if self.place else None
        return path if path is not None and path.is_file() else None

    @property
    def code_digest(self) -> str:
        """SHA-256 of the Python files beside its code, in hexadecimal."""
        digest = hashlib.sha256()
        for path in sorted(self.place.glob("*.py")) if self.place else ():
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()


def find(folders: Sequence[Path] = (), trusted: Collection[int] = ()) -> list[Found]:
    """All plugins; one in a folder takes the place of the installed one of its name.

    ``trusted``: users (by number) besides root and who runs this whose folders are taken. Raises
    RubricError for a folder that others may write to, isn't there, or has a name twice.
    """
    found: dict[str, Found] = {}
    for folder in folders:
        for plugin in in_folder(folder, trusted):
            if plugin.name in found:
                raise RubricError(Fault(f"插件 {plugin.name}", "两个插件目录里都有", "只留一个"))
            found[plugin.name] = plugin
    points = importlib.metadata.entry_points(group=GROUP)
    for entry in sorted(points, key=lambda entry: entry.name):
        if entry.name not in found:
            found[entry.name] = _installed(entry)
    return list(found.values())


def in_folder(folder: Path, trusted: Collection[int] = ()) -> Iterator[Found]:
    """The plugins of a folder: each a folder with ``plugin.py``. Raises RubricError."""
    if not folder.is_dir():
        raise RubricError(Fault(str(folder), "没有这个插件目录", "改正 --plugins-dir"))
    check_safe(folder, trusted)
    for path in sorted(folder.glob("*/plugin.py")):
        yield one(path.parent, trusted)


def one(place: Path, trusted: Collection[int] = ()) -> Found:
    """The plugin in a folder of its own. Raises RubricError if others may write to it."""
    check_safe(place, trusted)
    name, origin = place.resolve().name, str(place)
    try:
        return Found(name, origin, _version(place), place, _imported(name, place / "plugin.py"))
    except (Exception, SystemExit) as error:  # whatever a plugin's own code raises
        return Found(name, origin, _version(place), place, None, told(error, place))


def _imported(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:  # the folder is the administrator's: nothing is left in it
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = kept
    return module


def _installed(entry: importlib.metadata.EntryPoint) -> Found:
    package = entry.dist.name if entry.dist else ""
    version = entry.dist.version if entry.dist else ""
    place = None
    try:
        spec = importlib.util.find_spec(entry.module)
        if spec is not None and spec.origin:
            place = Path(spec.origin).parent
        module = entry.load()
    except (Exception, SystemExit) as error:  # whatever a plugin's own code raises
        return Found(entry.name, package, version, place, None, told(error, place))
    return Found(entry.name, package, version, place, module)


def _version(place: Path) -> str:
    """The version in the ``pyproject.toml`` beside; empty if there is none."""
    try:
        told = tomli.loads((place / "pyproject.toml").read_text("utf-8"))
        return str(told["project"]["version"])
    except (OSError, UnicodeDecodeError, tomli.TOMLDecodeError, KeyError, TypeError):
        return ""


def told(error: BaseException, place: Path | None = None) -> str:
    """An error of a plugin's own code in one line, with the line of its file where it arose."""
    said = " ".join(str(error).split())
    text = f"{type(error).__name__}：{said}" if said else type(error).__name__
    if isinstance(error, SyntaxError) and error.lineno and error.filename:
        return f"{text}，{Path(error.filename).name} 第 {error.lineno} 行"
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if place is not None and Path(frame.filename).parent == place:
            return f"{text}，{Path(frame.filename).name} 第 {frame.lineno} 行"
    return text


# who may write ---------------------------------------------------------------------------------


def check_safe(folder: Path, trusted: Collection[int] = ()) -> None:
    """Raises RubricError if somebody else could put code into the folder: it would be run.

    Looked at are the folder, all in it, and the folders above it. A folder above that everybody
    may write to is safe if it is sticky, as ``/tmp`` is.
    """
    owners = {0, os.getuid(), *trusted}
    faults = []
    try:
        resolved = folder.resolve()
        for path in (resolved, *sorted(resolved.rglob("*"))):
            if "__pycache__" in path.parts or path.is_symlink():
                if path.is_symlink():
                    faults.append(Fault(str(path), "是符号链接", "换成文件本身"))
                continue
            status = path.stat()
            if status.st_mode & _WRITABLE:
                faults.append(_writable(path, f"用 chmod go-w {path} 收回写权限"))
            elif status.st_uid not in owners:
                faults.append(_writable(path, "改为由活动文件夹的所有者拥有（chown）"))
        for path in resolved.parents:
            mode = path.stat().st_mode
            if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
                faults.append(_writable(path, f"用 chmod o-w {path} 收回写权限"))
    except OSError as error:
        raise RubricError(
            Fault(str(folder), f"读不出（{reason_of(error)}）", "检查权限")
        ) from error
    if faults:
        raise RubricError.of(faults)


def _writable(path: Path, remedy: str) -> Fault:
    return Fault(str(path), "别人也能写，其中的插件没有装入", remedy)
