"""How a cell under review is written in its row and below it."""

from __future__ import annotations

import unicodedata

from gsjx_tui.office.check import local, short
from gsjx_tui.office.review import Review, ReviewRow
from gsjx_tui.tui.widgets.grid import Row

FILTERS = ("全部", "有差异", "未复核", "无佐证")
"""What the list of cells may be narrowed to, in the order f goes through them."""

DIGITS = "0123456789.-"
"""What a verification is typed with."""

MARKS = 16
"""Cells that the marks of a cell take in words; where there is no room, one character each."""


def matches(row: ReviewRow, name: str) -> bool:
    """Whether a filter keeps the cell."""
    return {
        "全部": True,
        "有差异": row.differs,
        "未复核": row.unverified,
        "无佐证": row.without_evidence,
    }[name]


def plain(text: str) -> str:
    """Full-width digits and points as plain ones."""
    return unicodedata.normalize("NFKC", text).replace("。", ".")


def typed_over(row: ReviewRow | None, text: str) -> str:
    """What backspace takes a letter from: what is typed, else the verification that stands."""
    side = row.verification if row is not None else None
    return text or (short(side.value) if side is not None else "")


def cell_row(row: ReviewRow, text: str, *, with_note: bool) -> Row:
    """A cell in one line; ``text`` is what is being typed as its verification."""
    several = len(row.item.fields) > 1
    label = f"{row.field.label} {row.item.label}" if several else row.item.label
    claim = "不报" if row.item.office else short(row.claim.value) if row.claim else ""
    found = short(row.verification.value) if row.verification else ""
    difference = f"{row.difference.normalize():+f}" if row.difference else ""
    found_marks = {
        "差异": row.differs,
        "未复核": row.unverified,
        "无佐证": row.without_evidence,
        "事件": bool(row.events),
    }
    words = [word for word, holds in found_marks.items() if holds]
    marks = " ".join(words) if with_note else "".join(word[0] for word in words)
    notes = [side.note for side in (row.verification, row.claim) if side and side.note]
    note = notes[0] if notes and with_note else ""
    tone = "warn" if row.differs else ""
    if row.claim is None and row.verification is None:
        tone = "muted"
    cells = (label, claim, f"[{text}]" if text else found, difference, marks, note)
    return Row(row.key, cells, tone)


def told_of(row: ReviewRow, found: Review) -> list[tuple[str, str]]:
    """All about a cell: its indicator, who wrote what with which note, events, the last return."""
    told = [("指标", f"{row.indicator.name}（{row.item.clause}）")]
    for name, side in (("自评", row.claim), ("复核", row.verification)):
        if side is not None:
            note = side.note or ("没有说明" if name == "自评" and side.value > 0 else "")
            told.append((name, f"{short(side.value)}  {side.by} {local(side.at)}  {note}".rstrip()))
    if row.events:
        told.append(("事件", f"由登记的 {row.events} 件事件计数，到加扣分登记增减"))
    for sent in found.returns[:1]:
        until = f"  期限 {sent.deadline}" if sent.deadline else ""
        told.append(("退回", f"{sent.by} {local(sent.at)}  {sent.reason}{until}"))
    return told
