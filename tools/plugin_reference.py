"""The reference in ``docs/plugins.md``, made from the hook specifications and the TOML model.

``python -m tools.plugin_reference`` writes it; a test fails while it isn't what this makes, and
this fails while a key has no meaning here.
"""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from gsjx_tui.domain import Settings
from gsjx_tui.plugins import hookspecs
from gsjx_tui.rubric import campaign_toml, toml
from gsjx_tui.rubric.shipped import RULES
from gsjx_tui.rubric_print import PARAMETERS

DOCUMENT = Path(__file__).parents[1] / "docs" / "plugins.md"
BEGIN, END = "<!-- reference: made by tools/plugin_reference.py -->", "<!-- end of reference -->"

_TEXT, _NUMBER, _LIST, _TABLE, _YES = "文字", "数", "一列文字", "表 { … }", "true 或 false"

KEYS: Mapping[str, tuple[str, str, bool]] = {
    "campaign.id": (_TEXT, "活动的编号", True),
    "campaign.name": (_TEXT, "活动的名称", True),
    "campaign.points": (_NUMBER, "活动满分，等于各阶段相加", True),
    "campaign.stages": (_LIST, "阶段的编号，按先后；月份首尾相接", True),
    "campaign.categories": ("[[categories]]", "类别，名次在类别内排", True),
    "campaign.grades": ("[[grades]]", "等次，从好到差；活动结算时评定", False),
    "category.id": (_TEXT, "类别的编号，名册里用它", True),
    "category.name": (_TEXT, "类别的名称", True),
    "category.superior_letter": (_YES, "结果是否发函上级主管单位", False),
    "grade.name": (_TEXT, "等次的名称，如优秀", True),
    "grade.at_least": (_NUMBER, "活动总分至少多少", False),
    "grade.share": (_NUMBER, "名额，占本类别单位的百分数，去尾取整", False),
    "settings.unverified_claims": ("", "未经复核的自评：accept 照自评计分，reject 视同未报", False),
    "settings.final_scope": ("", "最终末位的范围：category 各类别，all 全部单位", False),
    "settings.award_places": ("", "每类列为评先选优候选的名次数", False),
    "settings.four_eyes": ("", "复核过一个单位月的人不能核定它", False),
    "settings.objection_days": ("", "申诉应在几天之内办结", False),
    "stage.id": (_TEXT, "阶段的编号：小写字母开头，只含小写字母、数字、下划线", True),
    "stage.name": (_TEXT, "阶段的名称", True),
    "stage.points": (_NUMBER, "阶段满分，等于各指标相加", True),
    "stage.months": (_LIST, '月份，如 ["2026-01", "2026-02"]，中间不缺', True),
    "stage.indicators": ("[[indicators]]", "考核指标", True),
    "indicator.id": (_TEXT, "指标的编号，阶段内不重复", True),
    "indicator.kind": ("", "basic 基础工作，key 重点工作，effect 活动成效", True),
    "indicator.name": (_TEXT, "指标的名称", True),
    "indicator.points": (_NUMBER, "指标的分值，等于各要点相加；只加扣分的写 0", True),
    "indicator.clause": (_TEXT, "依据的条款", True),
    "indicator.items": ("[[indicators.items]]", "考核要点", True),
    "item.id": (_TEXT, "要点的编号，指标内不重复；全名是 阶段.指标.要点", True),
    "item.label": (_TEXT, "要点的名称", True),
    "item.rule": (_TEXT, "计分规则，见下", True),
    "item.months": (_LIST, "只在这些月份考核；不写为阶段的每个月", False),
    "item.office": (_YES, "只由活动办记录，不收自评", False),
    "item.clause": (_TEXT, "依据的条款；不写为指标的", False),
}
_SCOPE: Mapping[str, tuple[str, str, bool]] = {
    "categories": (_LIST, "只考核这些类别的单位；不写为全部", False),
    "coefficients": (_TABLE, "按类别的系数：算出的分乘以它", False),
    "unit_coefficients": (_TABLE, "按单位代码的系数，先于类别的", False),
}
_RULES: Mapping[str, str] = {
    "graded": "评分。以最近一次为准；monthly 时每月一格，相加",
    "quota": "篇数。每月应报若干，少报扣、多报加",
    "tally": "计次。底分加上各次的分，封顶、保底",
    "threshold": "达标。达到得满分，达不到得 0，以最近一次为准",
    "sample": "抽查。每例从本指标其余要点的分里扣，扣完为止",
    "judged": "酌情扣分。底分减去各月扣的分，保底",
    "raters": "评委评分。去掉最高、最低各若干个，其余取平均，以最近一次为准",
    "veto": "一票否决。有一次，从当月起本阶段的分降到 keeps",
}
_MEANINGS: Mapping[str, str] = {"names": "各种计次的名称，录入和表格上用"}


def reference() -> str:
    """The whole reference as Markdown."""
    parts = [
        "### campaign.toml",
        _table("campaign", campaign_toml.CAMPAIGN_KEYS),
        "可以加上的设定：",
        _settings(),
        "`[[categories]]`：",
        _table("category", campaign_toml.CATEGORY_KEYS),
        "`[[grades]]`：",
        _table("grade", campaign_toml.GRADE_KEYS),
        "### stage.toml",
        _table("stage", toml.STAGE_KEYS),
        "`[[indicators]]`（最后三个键是其下各要点的默认值）：",
        _table("indicator", toml.INDICATOR_KEYS),
        "`[[indicators.items]]`，另加计分规则自己的键：",
        _table("item", toml.ITEM_KEYS),
        "### 计分规则",
        *(part for name in RULES for part in _rule(name)),
        "### 钩子",
        "以下是 `hookspecs.py` 的原文。",
        inspect.getdoc(hookspecs) or "",
        *(part for name in hooks() for part in _hook(name)),
    ]
    return "\n\n".join(parts) + "\n"


def hooks() -> list[str]:
    """The names of all hooks, in the order of the file."""
    found = {
        name: function
        for name, function in inspect.getmembers(hookspecs, inspect.isfunction)
        if hasattr(function, "gsjx_tui_spec")
    }
    return sorted(found, key=lambda name: inspect.getsourcelines(found[name])[1])


def _table(kind: str, keys: tuple[str, ...]) -> str:
    rows = []
    for key in keys:
        shape, meaning, required = KEYS.get(f"{kind}.{key}") or _SCOPE[key]
        rows.append(f"| `{key}` | {shape or '见说明'} | {'必写' if required else ''} | {meaning} |")
    return "\n".join(["| 键 | 写法 | | 意思 |", "|---|---|---|---|", *rows])


def _settings() -> str:
    hints = typing.get_type_hints(Settings)
    rows = [
        f"| `{field.name}` | {_shape(hints[field.name])} | 默认 {_shown(field.default)} | "
        f"{KEYS[f'settings.{field.name}'][1]} |"
        for field in dataclasses.fields(Settings)
    ]
    return "\n".join(["| 键 | 写法 | | 意思 |", "|---|---|---|---|", *rows])


def _rule(name: str) -> Iterator[str]:
    yield f"**`{name}`** {_RULES[name]}。"
    cls = RULES[name].params
    hints = typing.get_type_hints(cls)
    rows = []
    for field in dataclasses.fields(cls):
        required = field.default is dataclasses.MISSING
        default = "必写" if required else "" if field.default is None else _shown(field.default)
        meaning = _MEANINGS.get(field.name) or PARAMETERS[field.name]
        told = default if required or not default else f"默认 {default}"
        rows.append(f"| `{field.name}` | {_shape(hints[field.name])} | {told} | {meaning} |")
    yield "\n".join(["| 键 | 写法 | | 意思 |", "|---|---|---|---|", *rows])


def _hook(name: str) -> Iterator[str]:
    function = getattr(hookspecs, name)
    yield f"#### `{name}`"
    arguments = ", ".join(inspect.signature(function).parameters)
    yield f"```python\n@hookimpl\ndef {name}({arguments}): ...\n```"
    yield inspect.getdoc(function) or ""


def _shape(hint: Any) -> str:
    if isinstance(hint, types.UnionType):
        hint = next(each for each in typing.get_args(hint) if each is not types.NoneType)
    if typing.get_origin(hint) is Literal:
        return "、".join(f'`"{choice}"`' for choice in typing.get_args(hint))
    if hint in _SHAPES:
        return _SHAPES[hint]
    return "表 { 名称 = 数 }" if typing.get_args(hint)[1] is Decimal else '表 { 名称 = "文字" }'


_SHAPES: Mapping[Any, str] = {bool: _YES, int: "整数", str: _TEXT, Decimal: _NUMBER}


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    return f'`"{value}"`' if isinstance(value, str) else str(value)


def written(document: str) -> str:
    """The document with the reference as it is now between its marks."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{reference()}\n{END}{after}"


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text("utf-8")), "utf-8")
