"""``units.csv`` -> the units that are appraised, every fault with its line (SPEC 8)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gsjx_tui.documents.tables import TableError, read_table
from gsjx_tui.domain import Campaign, Month, Unit
from gsjx_tui.errors import Fault, RubricError

_CHINESE = {
    "单位代码": "code",
    "单位名称": "name",
    "类别": "category",
    "上级主管单位": "superior",
    "起始月份": "from",
    "截止月份": "through",
}


def read_roster(path: Path, campaign: Campaign, months: Sequence[Month]) -> tuple[Unit, ...]:
    """The units of a roster in its order. Raises RubricError with all faults."""
    try:
        table = read_table(
            path, ("code", "name", "category"), ("superior", "from", "through"), _CHINESE
        )
    except TableError as error:
        raise RubricError(*error.faults) from error
    faults: list[Fault] = []
    units: list[Unit] = []
    lines: dict[str, int] = {}
    categories = {category.id: category.id for category in campaign.categories}
    categories |= {category.name: category.id for category in campaign.categories}
    for line, (code, name, category, superior, since, through) in table.rows:
        place = f"{path.name} 第 {line} 行"
        if not code or not name:
            faults.append(Fault(place, "单位代码或名称是空的", "补上"))
        if code in lines:
            faults.append(
                Fault(place, f"单位代码 {code} 与第 {lines[code]} 行重复", "改用别的代码")
            )
        if category not in categories:
            known = "、".join(c.id for c in campaign.categories)
            faults.append(Fault(place, f"类别“{category}”不认识", f"改为 {known} 之一"))
        lines.setdefault(code, line)
        bounds = [_month(text, place, months, faults) for text in (since, through)]
        if bounds[0] and bounds[1] and bounds[0] > bounds[1]:
            faults.append(Fault(place, f"起始月份 {since} 晚于截止月份 {through}", "改正其一"))
        units.append(
            Unit(
                code=code,
                name=name,
                category=categories.get(category, ""),
                superior=superior,
                since=bounds[0],
                through=bounds[1],
            )
        )
    if faults:
        raise RubricError.of(faults)
    return tuple(units)


def _month(text: str, place: str, months: Sequence[Month], faults: list[Fault]) -> Month | None:
    if not text:
        return None
    try:
        month = Month.parse(text)
    except ValueError:
        faults.append(Fault(place, f"月份“{text}”写法不对", "写成 2013-09 这样"))
        return None
    if month not in months:
        faults.append(
            Fault(place, f"月份 {text} 不在活动之内", f"活动为 {months[0]} 至 {months[-1]}")
        )
    return month


def initials_of(names: Sequence[str]) -> list[str]:
    """The pinyin initials of each name: 县财政局 -> xczj. Slow: at roster import only."""
    from pypinyin import Style, lazy_pinyin

    return ["".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower() for name in names]
