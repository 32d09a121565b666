"""What was being typed and isn't handed in yet: a cell when a connection dropped, a form left."""

from __future__ import annotations

import contextlib
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


def keep_draft(office: Office, *drafts: Draft) -> None:
    """Keeps drafts beside the ledger, after those kept before, for the person who typed them."""
    with _path(office).open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in drafts)


def take_drafts(office: Office) -> tuple[Draft, ...]:
    """The drafts kept for this person, in the order they were; they are gone after."""
    path = _path(office)
    if not path.exists():
        return ()
    found = []
    try:
        for line in path.read_text("utf-8").splitlines():
            # Cut off while it was written: nothing to show.
            with contextlib.suppress(ValueError, TypeError):
                found.append(Draft(**json.loads(line)))
    finally:
        path.unlink()
    return tuple(found)


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
