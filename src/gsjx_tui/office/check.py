"""Whether an observation may be recorded: the one place that says no, with reason and remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from gsjx_tui.domain import Kind, Month, Unit, Values
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office.home import Office
from gsjx_tui.office.names import UNITS
from gsjx_tui.rubric.model import Field, Item, Observation, Rubric, Stage
from gsjx_tui.rubric.score import Cell

KIND_NAMES: Mapping[Kind, str] = {"claim": "自评", "verify": "复核"}

_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,30})?")


class Refused(Exception):
    """A value or a place that can't be; carries the fault without its place."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy

    def at(self, place: str) -> Fault:
        """The fault at a place."""
        return Fault(place, self.what, self.remedy)


def value_of(field: Field, text: str) -> Decimal:
    """The number a person wrote for a field, already cleaned of full-width digits.

    Raises Refused: not a number, out of range, too many decimals, not whole.
    """
    if not text:
        raise Refused("数值是空的", "填上数值，或删去该行")
    if text.startswith("="):
        raise Refused(f"“{text}”是公式，不是数值", "在 Excel 中复制后“选择性粘贴”为数值")
    if text.endswith("%"):
        raise Refused(f"“{text}”带百分号", "填 0 到 100 的数字，不带百分号")
    if not _NUMBER.fullmatch(text):
        raise Refused(f"“{text}”不是数值", _fill(field))
    value = Decimal(text)
    if field.kind == "count" and value != value.to_integral_value():
        raise Refused(f"{field.label} {text} 不是整数", _fill(field))
    if "." in text and len(text.partition(".")[2]) > 2:
        raise Refused(f"{field.label} {text} 超过两位小数", "至多写两位小数")
    if value < field.minimum:
        least = "不能为负数" if field.minimum == 0 else f"至少为 {field.minimum}"
        raise Refused(f"{field.label} {text} {least}", _fill(field))
    if value > field.maximum:
        raise Refused(f"{field.label} {text} 超过上限 {short(field.maximum)}", _fill(field))
    return value


def bounds(field: Field) -> str:
    """What may be written in a field, for people."""
    if field.kind == "count":
        return f"不小于 {short(field.minimum)} 的整数"
    return f"{short(field.minimum)} 到 {short(field.maximum)} 的数"


def _fill(field: Field) -> str:
    space = "" if field.kind == "count" else " "
    return f"填{space}{bounds(field)}"


def bounds_short(field: Field) -> str:
    """The same in a few cells: 0-10, 整数, 0-100%."""
    if field.kind == "count":
        return "整数"
    percent = "%" if field.kind == "rate" else ""
    return f"{short(field.minimum)}-{short(field.maximum)}{percent}"


def short(value: Decimal) -> str:
    """A number without needless zeros: 10, 2.5."""
    return f"{value.normalize():f}" if value else "0"


def month_of(rubric: Rubric, text: str) -> Month:
    """A month of the campaign. Raises StateError for anything else."""
    try:
        return known_month(rubric, text)
    except Refused as refused:
        raise StateError(refused.at("")) from None


def known_month(rubric: Rubric, text: str) -> Month:
    """A month of the campaign. Raises Refused."""
    try:
        month = Month.parse(_CHINESE_MONTH.sub(_iso_month, text))
    except ValueError:
        raise Refused(f"月份“{text}”写法不对", "写成 2013-06 这样的四位年、两位月") from None
    if rubric.stage_of(month) is None:
        raise _outside(rubric, month)
    return month


def stage_in(rubric: Rubric, month: Month) -> Stage:
    """The stage of a month. Raises StateError for a month outside of the campaign."""
    stage = rubric.stage_of(month)
    if stage is None:
        raise StateError(_outside(rubric, month).at(""))
    return stage


def _outside(rubric: Rubric, month: Month) -> Refused:
    first, last = rubric.months[0], rubric.months[-1]
    return Refused(f"月份 {month} 不在活动之内", f"活动为 {first} 至 {last}")


_CHINESE_MONTH = re.compile(r"^([0-9]{4})年([0-9]{1,2})月$")


def _iso_month(match: re.Match[str]) -> str:
    return f"{match[1]}-{int(match[2]):02d}"


def known_unit(office: Office, code: str) -> Unit:
    """A unit of the roster. Raises Refused."""
    unit = office.unit_by_code.get(code)
    if unit is None:
        raise Refused(f"没有代码为“{code}”的单位", f"对照名册 {UNITS} 改正单位代码")
    return unit


def known_item(rubric: Rubric, id: str) -> Item:
    """An item of the rubric. Raises Refused."""
    item = rubric.items.get(id)
    if item is None:
        raise Refused(f"没有考核要点“{id}”", "用 gsjx rubric 查看全部考核要点")
    return item


def known_field(item: Item, name: str) -> Field:
    """A field of the item. Raises Refused."""
    field = item.field(name)
    if field is None:
        known = "、".join(field.name for field in item.fields)
        raise Refused(f"{item.id} 没有字段“{name}”", f"可用：{known}")
    return field


def check_open(unit: Unit, item: Item, month: Month, kind: Kind) -> None:
    """Whether the item takes such an observation in the month. Raises Refused."""
    if kind == "claim" and item.office:
        raise Refused(f"{item.id} 只由活动办掌握，不接受自评", "用 --kind verify 录入复核")
    if month not in item.months:
        raise Refused(
            f"{item.id} 在 {month} 不考核", f"它的考核月份：{'、'.join(map(str, item.months))}"
        )
    if not item.applies_to(unit):
        raise Refused(f"{item.id} 不考核 {unit.name} 所在的类别", "核对单位和考核要点")
    if not unit.takes_part(month):
        since = f"自 {unit.since} 起" if unit.since else ""
        through = f"至 {unit.through} 止" if unit.through else ""
        raise Refused(f"{unit.name} 在 {month} 不参加考核", f"它{since}{through}参加")


def confirmed_already(month: Month, by: str, at: datetime) -> Refused:
    """The refusal of a new observation for a confirmed month (SPEC 4)."""
    return Refused(f"{month} 已由 {by} 于 {local(at)} 核定", "改动请用更正：gsjx correct")


def check_count(value: Decimal, events: int) -> None:
    """Whether a verification agrees with the events registered for its cell. Raises Refused."""
    if events and value != events:
        raise Refused(f"本格由登记的 {events} 件事件计数", "请到加扣分登记增减")


def check_together(item: Item, values: Values) -> None:
    """Whether the values of one item and month can stand together. Raises Refused."""
    complaint = item.rule.together(values)
    if complaint:
        raise Refused(complaint, "改正其中之一")


def check_plugins(office: Office, seen: Observation) -> None:
    """Whether no plugin objects. Raises Refused."""
    objections = office.plugins.objections(
        office.rubric.items[seen.item],
        office.unit_by_code[seen.unit],
        seen.month,
        seen.field,
        seen.kind,
        seen.value,
    )
    if objections:
        raise Refused("；".join(objections), "按插件的要求改正")


def merged(
    cells: Mapping[Kind, Mapping[Cell, Decimal]], item: Item, month: Month, kind: Kind
) -> Values:
    """One item's values in a month as seen from a kind: a verification fills in from claims."""
    values: dict[str, Decimal] = {}
    for source in ("claim", "verify")[: 1 if kind == "claim" else 2]:
        for field in item.fields:
            cell = (item.id, month, field.name)
            if cell in cells[source]:  # type: ignore[index]
                values[field.name] = cells[source][cell]  # type: ignore[index]
    return values


def local(instant: datetime) -> str:
    """A UTC instant in local time, to the minute."""
    return instant.replace(tzinfo=UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def local_second(instant: datetime) -> str:
    """A UTC instant in local time, to the second."""
    return instant.replace(tzinfo=UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
