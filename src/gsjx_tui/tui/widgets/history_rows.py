"""How an act of the history is written in its row and below it."""

from __future__ import annotations

from gsjx_tui.office.check import KIND_NAMES, local, short
from gsjx_tui.office.history import WHAT_NAMES, Done
from gsjx_tui.rubric.model import Rubric
from gsjx_tui.tui.widgets.grid import Column, Row
from gsjx_tui.tui.widgets.text import points, wrap

NARROW = (
    Column("时间", 11),
    Column("人员", 8),
    Column("事项", 9),
    Column("单位"),
    Column("月份", 7),
    Column("要点"),
    Column("数值", 7, right=True),
)
WIDE = (
    Column("时间", 16),
    Column("人员", 10),
    Column("事项", 9),
    Column("单位"),
    Column("月份", 7),
    Column("要点"),
    Column("字段", 10),
    Column("数值", 8, right=True),
    Column(" 备注"),
)
_TONES = {"correct": "warn", "posting": "warn", "withdrawal": "warn", "return": "warn"}
_CHAINS = {
    "entry": "记录链",
    "import": "记录链",
    "correct": "记录链",
    "confirm": "核定链",
    "posting": "记账链",
    "event": "事件链",
    "withdrawal": "撤销链",
    "return": "退回链",
    "adopt": "版本",
}


def act_row(act: Done, rubric: Rubric, *, wide: bool) -> Row:
    """An act in one line, under the columns ``NARROW`` or ``WIDE``."""
    when = local(act.at)
    cells: tuple[str, ...] = (
        when if wide else when[5:],
        act.who,
        _what(act),
        f"{act.unit} {act.unit_name}" if wide else act.unit_name or act.unit,
        act.month,
        act.label or act.item or act.text,
    )
    if wide:
        note = f" {act.note or (act.text if act.item else '')}"
        cells += (_field(act, rubric), _value(act), note)
    else:
        cells += (_value(act),)
    return Row(act.key, cells, _TONES.get(act.what, ""))


def told_of(act: Done, rubric: Rubric, width: int) -> str:
    """All of an act in lines of so many cells, with its link of the chain."""
    where = " ".join(filter(None, [act.unit, act.unit_name, act.month]))
    item = " ".join(filter(None, [act.label, f"（{act.item}）" if act.item else ""]))
    value = " ".join(filter(None, [_field(act, rubric), _value(act)]))
    what = "  ".join(filter(None, [_what(act), where, item, value]))
    note = "  ".join(filter(None, [act.text, act.note and f"备注：{act.note}"])) or "没有备注"
    chain = _CHAINS.get(act.what) or f"{WHAT_NAMES[act.what]}链"
    rows = [
        *wrap(what, width, 2),
        *wrap(note, width, 2),
        f"{act.who} 于 {local(act.at)}  {chain} 第 {act.seq} 号",
        _proof(act),
    ]
    return "\n".join(rows)


def _proof(act: Done) -> str:
    """What one compares with another copy of the ledger."""
    return f"UTC {act.at:%H:%M:%S}  {act.hash}"


def _field(act: Done, rubric: Rubric) -> str:
    item = rubric.items.get(act.item)
    field = item.field(act.field) if item is not None else None
    return field.label if field is not None else act.field


def _what(act: Done) -> str:
    name = WHAT_NAMES[act.what]
    return f"{name} {KIND_NAMES[act.kind]}" if act.kind else name


def _value(act: Done) -> str:
    if act.value is None:
        return ""
    if act.what in ("confirm", "posting"):
        return points(act.value, signed=True)
    return short(act.value)
