"""What the office didn't save: said until the person has decided, the own value or the other's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gsjx_tui.domain import Kind
from gsjx_tui.errors import GsjxError
from gsjx_tui.office.acts import by_kind
from gsjx_tui.office.check import KIND_NAMES, local, short
from gsjx_tui.office.clash import Clash, Clashed
from gsjx_tui.office.draft import Draft
from gsjx_tui.office.home import Office
from gsjx_tui.office.people import ROLE_NAMES, Person
from gsjx_tui.rubric.model import Observation

MINE, THEIRS = "w", "escape"
"""Keys: save the own value after all, keep what stands."""


@dataclass(frozen=True)
class Refusal:
    """An observation that wasn't saved, in words; with ``clash`` somebody else was first."""

    seen: Observation
    text: str
    clash: Clash | None = None

    @property
    def known(self) -> datetime | None:
        """The instant of what the person has been shown now."""
        return self.clash.at if self.clash is not None else None


def refusal(
    seen: Observation, label: str, error: GsjxError, called: Callable[[str], str]
) -> Refusal:
    """Why it wasn't saved and what can be done now; ``called`` gives a login's name."""
    cell = f"{seen.unit} {label} {KIND_NAMES[seen.kind]}"
    if not isinstance(error, Clashed) or len(error.clashes) != 1:
        text = f"没有保存 {cell} {short(seen.value)}：{error}（按 Esc 知道了）"
        return Refusal(seen, text)
    clash, mine = error.clashes[0], short(seen.value)
    if clash.value is None or clash.at is None:
        theirs, kept = "别人刚把它清空", "让它空着"
    else:
        value = short(clash.value)
        theirs = f"{called(clash.by)} {local(clash.at)[5:]} 填了 {value}"
        kept = f"保留 {value}"
    text = f"没有保存 {cell} {mine}：{theirs}。\n按 w 改为 {mine}，按 Esc {kept}。"
    return Refusal(seen, text, clash)


def barred(person: Person | None, unit: str, kind: Kind) -> str:
    """Why a person can't record a claim or a verification of a unit; '' if they may.

    ``None`` for somebody the office doesn't know: it will say so itself.
    """
    if person is None or person.records(unit, kind):
        return ""
    name, mine = KIND_NAMES[kind], ROLE_NAMES[person.role]
    if person.role == "reporter":
        return f"{name}由活动办填；{mine}只填本单位的自评。"
    needed = ROLE_NAMES[by_kind({"kind": kind})]
    return f"{name}要“{needed}”才能填，您的身份是“{mine}”；请{needed}来填。"


class Refusals:
    """Those that wait for a decision, the oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Refusal] = []

    def add(self, refusal: Refusal) -> None:
        """One more; an older one of the same cell has had its day."""
        self.forget(refusal.seen)
        self._waiting.append(refusal)

    def forget(self, seen: Observation) -> None:
        """The cell was saved since."""
        self._waiting = [one for one in self._waiting if _cell(one.seen) != _cell(seen)]

    def decided(self, key: str) -> Refusal | None:
        """The refusal that a key decides, which waits no more; None for any other key."""
        waiting = self._waiting
        if waiting and (key == THEIRS or (key == MINE and waiting[0].clash is not None)):
            return waiting.pop(0)
        return None

    def drafts(self, office: Office) -> list[Draft]:
        """What nobody decided yet, to be kept when the connection is lost."""
        return [_draft(office, one.seen) for one in self._waiting]

    @property
    def text(self) -> str:
        """The oldest in words, and how many more there are; '' for none."""
        if not self._waiting:
            return ""
        more = len(self._waiting) - 1
        return self._waiting[0].text + (f"还有 {more} 格。" if more else "")


def _draft(office: Office, seen: Observation) -> Draft:
    return Draft(
        unit=seen.unit,
        name=office.unit_by_code[seen.unit].name,
        month=str(seen.month),
        label=office.rubric.items[seen.item].label,
        kind=KIND_NAMES[seen.kind],
        text=short(seen.value),
    )


def _cell(seen: Observation) -> tuple[object, ...]:
    return seen.unit, seen.month, seen.item, seen.field, seen.kind
