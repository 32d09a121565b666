"""What may be chosen in the form of an event: a unit, a kind; else the events counted so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gsjx_tui.office.events import Event, EventKind
from gsjx_tui.office.progress import UnitProgress
from gsjx_tui.tui.widgets.grid import Column, Grid, Row
from gsjx_tui.tui.widgets.text import points


class EventChoices(Grid):
    """The units or kinds that a few letters find."""

    def __init__(self, *, id: str) -> None:
        super().__init__([Column("")], id=id, empty="没有这样的")
        self.units: Mapping[str, UnitProgress] = {}
        self.kinds: Sequence[EventKind] = ()

    def name_of(self, name: str, key: str) -> str:
        """How a chosen unit (``name`` is ``unit``) or kind is written in its line."""
        if name == "unit":
            return f"{key} {self.units[key].name}"
        return next(kind.label for kind in self.kinds if kind.key == key)

    def offer(self, name: str, wanted: str, chosen: str) -> None:
        """Shows the units (``name`` is ``unit``) or kinds that a text finds, or the chosen one."""
        if name == "unit":
            found = [unit for unit in self.units.values() if unit.matches(chosen or wanted)]
            rows = [Row(unit.code, (unit.code, unit.name)) for unit in found]
            columns = [Column("代码", 8), Column("单位")]
            self.show(rows, columns=columns, key=chosen, empty="没有这样的单位")
        else:
            wanted = "" if chosen else wanted.strip()
            rows = [_kind_row(kind) for kind in self.kinds if wanted in _words(kind)]
            columns = [Column("事项", 20), Column("每件", 8, right=True), Column("  考核要点")]
            self.show(rows, columns=columns, key=chosen, empty="没有这样的事项")

    def show_behind(self, events: Sequence[Event]) -> None:
        """Shows the events of the same tally that are registered already."""
        rows = [
            Row(str(e.seq), (str(e.seq), e.happened_on, e.document or e.file_name or e.kept_at))
            for e in events
        ]
        columns = [Column("号", 4, right=True), Column("日期", 10), Column("同一计次已登记的")]
        self.show(rows, columns=columns, empty="")


def _kind_row(kind: EventKind) -> Row:
    weight = points(kind.weight, signed=True)
    return Row(kind.key, (kind.label, weight, f"  {kind.item.label}（{kind.item.clause}）"))


def _words(kind: EventKind) -> str:
    return f"{kind.label} {kind.item.label} {kind.item.id}"
