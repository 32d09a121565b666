"""The saved questions: SQL files with a title, an explanation and parameters in their head."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault, LedgerTrouble, QueryError, reason_of

if TYPE_CHECKING:
    from gsjx_tui.office.home import Office

FOLDER = "queries"
ParameterKind = Literal["月份", "类别", "单位", "整数", "文字"]
KINDS: tuple[ParameterKind, ...] = ("月份", "类别", "单位", "整数", "文字")

_HEAD = re.compile(r"--\s*(标题|说明|参数)\s*[:：]\s*(.*)")
_PARAMETER = re.compile(r"(\w+)\s+(\S+)(?:\s+([^=]*?))?\s*(?:=\s*(.*))?")
_ASIDE = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)
_USED = re.compile(r"\$([A-Za-z_]\w*)")


@dataclass(frozen=True)
class Parameter:
    """A value that is asked before the query runs; ``name`` is how the SQL calls it."""

    name: str
    kind: ParameterKind = "文字"
    label: str = ""
    default: str = ""


@dataclass(frozen=True)
class Question:
    """A query with what its head says of it; ``own``: from the home, not shipped."""

    title: str
    about: str
    parameters: Sequence[Parameter]
    text: str
    own: bool = False


def question(text: str, title: str = "") -> Question:
    """The question that a text of SQL asks, by its head and the parameters it uses."""
    about: list[str] = []
    declared: dict[str, Parameter] = {}
    for line in text.splitlines():
        head = _HEAD.match(line.strip())
        if head is None:
            continue
        if head[1] == "标题":
            title = head[2].strip() or title
        elif head[1] == "说明":
            about.append(head[2].strip())
        elif (parsed := _PARAMETER.fullmatch(head[2].strip())) is not None:
            name, kind, label, default = parsed.groups(default="")
            known = kind if kind in KINDS else "文字"
            declared[name] = Parameter(name, known, label or name, default.strip())
    used = dict.fromkeys(_USED.findall(_ASIDE.sub(" ", text)))
    parameters = [parameter for name, parameter in declared.items() if name in used]
    parameters += [Parameter(name, label=name) for name in used if name not in declared]
    return Question(title, " ".join(about), parameters, text)


def questions(office: Office) -> list[Question]:
    """The home's own questions, then the shipped ones whose title the home doesn't have."""
    own = [replace(found, own=True) for found in _read(office.home / FOLDER)]
    titles = {found.title for found in own}
    return [*own, *(found for found in _read(_shipped()) if found.title not in titles)]


def _shipped() -> Path:
    installed = Path(str(files("gsjx_tui"))) / "shipped" / FOLDER
    return installed if installed.exists() else Path(__file__).parents[3] / "data" / FOLDER


def _read(folder: Path) -> Iterator[Question]:
    for path in sorted(folder.glob("*.sql")):
        try:
            text = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            text = f"-- 标题: {path.stem}\n-- 说明: 读不出（{reason_of(error)}）\n"
        yield question(text, path.stem)


@dataclass(frozen=True)
class Context:
    """What a screen that asks is about; the values that parameters begin with."""

    month: Month
    category: str
    unit: str


def saved(office: Office, title: str) -> Question:
    """The saved question of that title, or the only one with that in it. Raises QueryError."""
    known = questions(office)
    found = [one for one in known if one.title == title]
    found = found or [one for one in known if title in one.title]
    if len(found) == 1:
        return found[0]
    some = "、".join(one.title for one in found[:4])
    what = f"有 {len(found)} 个常用查询符合“{title}”：{some}" if found else f"没有常用查询“{title}”"
    raise QueryError(Fault("", what, "运行 gsjx sql --list 查看全部名称"))


def values_given(
    office: Office, asked: Question, given: Mapping[str, str], month: Month
) -> Mapping[str, str | int]:
    """The values of a question's parameters from the texts that were given, by name.

    What isn't given is the parameter's default, or ``month`` for a month. Raises QueryError for
    one that is missing, unknown or can't be a value.
    """
    known = {parameter.name: parameter for parameter in asked.parameters}
    faults = [
        Fault(name, "这个查询没有这个参数", f"可用：{'、'.join(known) or '无'}")
        for name in given
        if name not in known
    ]
    values: dict[str, str | int] = {}
    for name, parameter in known.items():
        default = parameter.default
        text = given.get(name, str(month) if parameter.kind == "月份" else default)
        if default and default != "本月" and name not in given:
            text = default
        if not text:
            faults.append(
                Fault(
                    name, f"没有给出{parameter.label}（{parameter.kind}）", f"加上 --set {name}=……"
                )
            )
            continue
        try:
            values[name] = value_of(office, parameter, text)
        except QueryError as error:
            faults += error.faults
    if faults:
        raise QueryError(*faults)
    return values


def first_value(office: Office, parameter: Parameter, context: Context) -> str:
    """What a parameter begins with: its default, else what the screen is about."""
    if parameter.default and parameter.default != "本月":
        return parameter.default
    return {
        "月份": str(context.month),
        "类别": context.category or office.rubric.campaign.categories[0].id,
        "单位": context.unit or (office.units[0].code if office.units else ""),
    }.get(parameter.kind, "")


def value_of(office: Office, parameter: Parameter, text: str) -> str | int:
    """The value that somebody typed for a parameter. Raises QueryError if it can't be one."""
    text = text.strip()
    label = parameter.label or parameter.name
    if parameter.kind == "月份":
        try:
            return str(Month.parse(text))
        except ValueError:
            raise QueryError(Fault(label, f"“{text}”不是月份", "写成 2013-06 的样子")) from None
    if parameter.kind == "整数":
        try:
            return int(text)
        except ValueError:
            raise QueryError(Fault(label, f"“{text}”不是整数", "只写数字")) from None
    if parameter.kind == "类别":
        return _one_of(label, text, {c.id: c.name for c in office.rubric.campaign.categories})
    if parameter.kind == "单位":
        units = {unit.code: unit.name for unit in office.units}
        return _one_of(label, text.upper() if text.upper() in units else text, units)
    return text


def meaning(office: Office, parameter: Parameter, text: str) -> str:
    """What a value means to people: the name of a unit or category, else nothing."""
    if parameter.kind == "类别":
        category = office.rubric.campaign.category(text.strip())
        return category.name if category else ""
    unit = office.unit_by_code.get(text.strip().upper()) if parameter.kind == "单位" else None
    return unit.name if unit else ""


def _one_of(label: str, text: str, names: Mapping[str, str]) -> str:
    if text in names:
        return text
    matching = [id for id, name in names.items() if text and text in name]
    if len(matching) == 1:
        return matching[0]
    if matching:
        some = "、".join(f"{id} {names[id]}" for id in matching[:3])
        raise QueryError(Fault(label, f"有 {len(matching)} 个符合“{text}”：{some}", "写代码"))
    some = "、".join(list(names)[:4])
    raise QueryError(Fault(label, f"没有“{text}”", f"写代码或名称，例如 {some}"))


def keep_text(office: Office, text: str) -> None:
    """Keeps the text of the editor beside the ledger, for the person who typed it."""
    path = _kept(office)
    try:
        if text.strip():
            path.write_text(text, "utf-8")
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise LedgerTrouble("not_writable", path=path, reason=reason_of(error)) from error


def kept_text(office: Office) -> str:
    """The text that was kept for this person, empty if none."""
    try:
        return _kept(office).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _kept(office: Office) -> Path:
    return office.own_folder / f".query-{office.who}.sql"
