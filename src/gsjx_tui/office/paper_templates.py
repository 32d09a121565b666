"""The Word templates of papers: an office's own before the shipped ones (docs/templates.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gsjx_tui.documents.paper_write import TEMPLATES, check_template
from gsjx_tui.documents.templates import TemplateError
from gsjx_tui.errors import Fault, GsjxError, StateError, reason_of
from gsjx_tui.office.home import shipped

FOLDER = "templates"
"""Where a home keeps templates of its own."""


@dataclass(frozen=True)
class CheckedTemplate:
    """A template, whether it is the office's own, and all that is wrong with it."""

    name: str
    own: bool
    faults: tuple[Fault, ...]


def template_of(home: Path, kind: str) -> Path:
    """The template for a kind of paper (``documents.papers``): the home's own, else the shipped."""
    name = TEMPLATES[kind]
    own = home / FOLDER / name
    return own if own.is_file() else shipped(FOLDER) / name


def check_templates(home: Path) -> tuple[CheckedTemplate, ...]:
    """Every template that a home uses, tried out with samples; and files that are none.

    Raises StateError if the folder of its own can't be read.
    """
    return tuple(
        CheckedTemplate(path.name, path.parent == home / FOLDER, check_template(path))
        for path in (*(template_of(home, kind) for kind in TEMPLATES), *_strangers(home))
    )


def _strangers(home: Path) -> Iterator[Path]:
    """Word files in the home's folder that no paper is made from: a name that was mistyped."""
    folder = home / FOLDER
    try:
        found = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        what = f"读不出模板文件夹：{reason_of(error)}"
        raise StateError(Fault(str(folder), what, "检查文件夹权限")) from error
    for path in found:
        beside = path.name.startswith(("~$", "."))  # what Word keeps beside an open file
        if (
            path.suffix.lower() in (".docx", ".doc", ".dotx")
            and not beside
            and (path.name not in TEMPLATES.values())
        ):
            yield path


def of_faults(templates: Sequence[CheckedTemplate]) -> GsjxError | None:
    """The error for all that is wrong with templates, None if nothing is."""
    faults = [fault for template in templates for fault in template.faults]
    if not faults:
        return None
    return TemplateError.of(faults, heading=f"模板有 {len(faults)} 处错误：")
