"""The forms of objections 申诉: filing one, and deciding one with what the decision corrects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office.check import bounds
from gsjx_tui.office.consequences import correcting_would
from gsjx_tui.office.names_index import Named, named
from gsjx_tui.office.objecting import decide_objection, file_objection
from gsjx_tui.office.objections import DECISION_NAMES, Decision, Objection
from gsjx_tui.office.outdated import outdated
from gsjx_tui.tui.desk import Desk
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.act_form import ActForm, Asked, Texts
from gsjx_tui.tui.widgets.foreseen import in_lines, outdated_told

_FIELD = "field-"
"""Before the names of fields, in the names of their lines."""


async def filing(desk: Desk, here: Here, item: str, done: Callable[[str], None]) -> ActForm:
    """The form for filing an objection; unit, month and item begin as those in hand."""
    names = await desk.call(named)

    async def do(texts: Texts) -> str:
        unit = _one(names, "unit", texts["unit"])
        about = _one(names, "item", texts["item"])
        filed = await desk.call(
            file_objection, unit.id, texts["month"], about.id, texts["grounds"], texts["date"]
        )
        return (
            f"已登记申诉第 {filed.number} 号：{filed.name} {filed.month} {filed.label}，"
            f"应于 {filed.due} 前答复。"
        )

    async def told(texts: Texts) -> Sequence[str]:
        unit = _one(names, "unit", texts["unit"])
        about = _one(names, "item", texts["item"])
        return [f"{unit.id} {unit.name} {texts['month']}", f"{about.name}（{about.id}）"]

    asked = [
        Asked("unit", "单位", "代码、名称或拼音首字母", here.unit),
        Asked("month", "月份", "已核定的月份，如 2013-06", str(here.month)),
        Asked("item", "考核要点", "编号、名称或拼音首字母", item),
        Asked("grounds", "理由与依据", "单位写的理由，有文件的写文号"),
        Asked("date", "收到日期", "空着即今天"),
    ]
    about = ("objection", here.unit, item)
    return ActForm(
        "提出申诉", "对已核定的一个要点", asked, do, done,
        sure="登记这件申诉？", about=about, foresee=told,
    )  # fmt: skip


def _one(names: Sequence[Named], kind: str, text: str) -> Named:
    """The unit or item that a text means. Raises StateError for none, or for several."""
    what = "单位" if kind == "unit" else "考核要点"
    wanted = text.strip().lower()
    known = [name for name in names if name.kind == kind]
    if not wanted:
        raise StateError(Fault(what, "没有写", "写代码、名称或拼音首字母"))
    exact = [n for n in known if wanted in (n.id.lower(), n.name.lower(), n.initials.lower())]
    found = exact or [n for n in known if wanted in n.name.lower() or wanted in n.initials.lower()]
    if len(found) == 1:
        return found[0]
    if not found:
        raise StateError(Fault(what, f"没有“{text.strip()}”", "写代码、名称或拼音首字母"))
    several = "、".join(f"{one.id} {one.name}" for one in found[:3])
    raise StateError(Fault(what, f"“{text.strip()}”不止一个：{several}", "写得再具体些"))


def deciding(desk: Desk, found: Objection, done: Callable[[str], None]) -> ActForm:
    """The form for deciding an objection: the decision, its reason, new values of the fields."""
    fields = desk.office.rubric.items[found.item].fields

    def values(texts: Texts) -> dict[str, str]:
        given = {field.name: texts[f"{_FIELD}{field.name}"].strip() for field in fields}
        return {name: text for name, text in given.items() if text}

    async def do(texts: Texts) -> str:
        decision = cast("Decision", texts["decision"])
        ended = await desk.call(
            decide_objection, found.number, decision, texts["text"], values(texts)
        )
        changed = "，已更正" if ended.closed and ended.closed.correction else "，得分不变"
        told = f"申诉第 {found.number} 号已决定：{DECISION_NAMES[decision]}{changed}。"
        untrue = outdated_told(await desk.call(outdated), most=2)
        return f"{told}{untrue[0]}。" if untrue and "更正" in changed else told

    async def would(texts: Texts) -> Sequence[str]:
        new = values(texts)
        if not new:
            return ["得分不变"]
        follows = await desk.call(
            correcting_would, found.unit, found.item, str(found.month), new, texts["text"]
        )
        labels = {field.name: field.label for field in fields}
        changed = "，".join(f"{labels[name]}改为 {text}" for name, text in new.items())
        return [f"更正：{changed}", *in_lines(follows)]

    asked = [
        Asked(
            "decision", "决定", choices={str(one): called for one, called in DECISION_NAMES.items()}
        ),
        Asked("text", "理由", "查核情况与理由，答复单位"),
        *(
            Asked(f"{_FIELD}{field.name}", f"更正{field.label}", f"不改就空着；{bounds(field)}")
            for field in fields
        ),
    ]
    about = f"第 {found.number} 号  {found.unit} {found.name} {found.month} {found.label}"
    return ActForm(
        "决定申诉", f"{about}\n{found.grounds}", asked, do, done,
        sure="作出决定？", about=("decide", str(found.number)), foresee=would,
    )  # fmt: skip
