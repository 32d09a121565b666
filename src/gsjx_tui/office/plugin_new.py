"""A new stage plugin 插件: a folder with rubric, code, tests and README that work as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault, StateError, reason_of

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
LENGTH = 2
"""So many months a new stage has unless told otherwise."""

POINTS = 100
"""The points of a new stage."""


def new_plugin(
    into: Path, name: str, first: Month | None = None, length: int = LENGTH, label: str = ""
) -> tuple[Path, Sequence[Path]]:
    """Makes the folder of a plugin; its path, and the files in it.

    The stage's id is the plugin's name without ``stage_``, ``label`` what people call it. It has
    so many months from ``first`` on (by default the current one). Raises StateError for a name
    that can't be, a folder that is there already, or one that can't be written.
    """
    if not _NAME.fullmatch(name):
        raise StateError(
            Fault(f"插件名“{name}”", "写法不对", "用小写字母开头，只含小写字母、数字、下划线")
        )
    id = name.removeprefix("stage_") or name
    today = date.today()
    begin = first or Month(today.year, today.month)
    months = ", ".join(f'"{begin.plus(number)}"' for number in range(length))
    words = {
        "name": name,
        "id": id,
        "label": json.dumps(label or id, ensure_ascii=False),
        "months": months,
        "package": f"gsjx-{name}".replace("_", "-"),
    }
    place = into / name
    made = []
    try:
        place.mkdir(parents=True, mode=0o755)
        for path, text in _template():
            made.append(place / path)
            made[-1].parent.mkdir(exist_ok=True)
            made[-1].write_text(Template(text).safe_substitute(words), "utf-8")
    except FileExistsError:
        raise StateError(
            Fault(str(place), "已经有了，没有改动", "换一个名称，或先移走它")
        ) from None
    except OSError as error:
        raise StateError(Fault(str(place), f"写不出（{reason_of(error)}）", "换一处")) from error
    return place, made


def _template() -> list[tuple[Path, str]]:
    """The files of a new plugin by their place in it."""
    found: list[tuple[Path, str]] = []

    def walk(folder: Traversable, place: Path) -> None:
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if entry.is_dir():
                walk(entry, place / entry.name)
            else:
                found.append((place / entry.name.removesuffix(".txt"), entry.read_text("utf-8")))

    walk(files("gsjx_tui.office") / "plugin_template", Path())
    return found
