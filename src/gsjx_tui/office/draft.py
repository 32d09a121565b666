"""What was being typed and isn't handed in yet: a cell when a connection dropped, a form left."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gsjx_tui.office.home import Office


@dataclass(frozen=True)
class Draft:
    """The text of one cell that was refused: where it was typed, and what."""

    unit: str
    name: str
    month: str
    label: str
    kind: str
    text: str

    def __str__(self) -> str:
        return (
            f"上次断线时有一格没有保存：{self.unit} {self.name} {self.month} "
            f"{self.label} {self.kind} “{self.text}”，请核对后重新录入。"
        )


def keep_draft(office: Office, draft: Draft) -> None:
    """Keeps a draft beside the ledger, for the person who typed it."""
    path = _path(office)
    path.write_text(json.dumps(asdict(draft), ensure_ascii=False), "utf-8")


def take_draft(office: Office) -> Draft | None:
    """The draft kept for this person, if any; it is gone after."""
    path = _path(office)
    if not path.exists():
        return None
    try:
        return Draft(**json.loads(path.read_text("utf-8")))
    except (ValueError, TypeError):
        return None  # cut off while it was written: nothing to show
    finally:
        path.unlink()


def keep_form(office: Office, form: Mapping[str, str]) -> None:
    """Keeps what was typed into a form, by field, for the next opening; an empty one is gone."""
    path = _form_path(office)
    if any(form.values()):
        path.write_text(json.dumps(dict(form), ensure_ascii=False), "utf-8")
    else:
        path.unlink(missing_ok=True)


def kept_form(office: Office) -> Mapping[str, str]:
    """What this person typed into the form before, by field; empty if nothing is kept."""
    try:
        found = json.loads(_form_path(office).read_text("utf-8"))
        return {str(field): str(text) for field, text in found.items()}
    except (OSError, ValueError, AttributeError):
        return {}  # none, or cut off while it was written


def _form_path(office: Office) -> Path:
    return office.own_folder / f".draft-form-{office.who}.json"


def _path(office: Office) -> Path:
    return office.own_folder / f".draft-{office.who}.json"
