"""How a registered event is told in full, below or beside its row."""

from __future__ import annotations

from gsjx_tui.office.check import local
from gsjx_tui.office.events import Event


def told_of(event: Event, what: str) -> list[tuple[str, str]]:
    """All about an event, name by name; ``what`` says whom it concerns and what it counts to."""
    file = f"{event.file_name}  SHA-256 {event.file_sha256}" if event.file_name else ""
    origin = f"  来源 {event.origin}" if event.origin else ""
    kept = event.kept_at and f"存放处 {event.kept_at}"
    papers = ("文号", "  ".join(filter(None, [event.document, kept])))
    told = [
        ("事项", what),
        ("日期", f"{event.happened_on}  计入 {event.month}{origin}"),
        papers if event.document else ("存放处", event.kept_at),
        ("文件", file),
        ("备注", event.note),
        ("登记", f"{event.by} {local(event.at)}"),
    ]
    if event.withdrawn is not None:
        gone = event.withdrawn
        told.append(("撤回", f"{gone.by} {local(gone.at)}  {gone.reason}"))
    return [(name, text) for name, text in told if text]
