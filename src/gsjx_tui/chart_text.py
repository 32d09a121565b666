"""Charts laid out in terminal cells: columns and rows of text, for a page or for a table.

Own code instead of a library: those that draw in terminals measure letters, not cells, and so
break every line with a Chinese name. Everything but names is ASCII: consoles set to Chinese draw
lines and blocks two cells wide, and a bar or path there would say something else. Nothing means
anything by its colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from gsjx_tui.cells import fit
from gsjx_tui.domain import ZERO, Month
from gsjx_tui.harmless import printable
from gsjx_tui.office.charts import Chart, Losses, RankPaths, StagePoints

_LEAST, _NAME, _PLACE = 40, 32, 4
"""Cells: below this a chart is not made narrower; the most a unit's name takes; a place."""
_WIDE, _BAR = 110, 20
"""A page from so many cells on has the points of every stage, if it leaves the bars so many."""
_FILLS = "#=+o.x"
"""How the parts of a bar are told apart."""


class Heading(NamedTuple):
    """A column: its title, its width in cells, whether its cells stand to the right."""

    title: str
    width: int
    right: bool = False


@dataclass(frozen=True)
class Laid:
    """A chart laid out: ``rows`` are a key (unit or indicator) and a cell a column."""

    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    legend: str


def laid(chart: Chart, width: int, unit: str = "") -> Laid:
    """A chart in ``width`` cells with one blank between columns; ``unit``: whose path is drawn,
    by default the head's, else the first's."""
    width = max(_LEAST, width)
    if isinstance(chart, RankPaths):
        return _ranks(chart, width, unit or chart.head.unit)
    if isinstance(chart, StagePoints):
        return _stages(chart, width, unit or chart.head.unit)
    return _losses(chart, width)


def page(chart: Chart, width: int) -> Iterator[str]:
    """The lines of a chart as a command prints it."""
    found = laid(chart, width)
    yield printable(f"{chart.head.title}（{chart.head.scope}）")
    yield _line(found.headings, [heading.title for heading in found.headings])
    for _, cells in found.rows:
        yield _line(found.headings, cells)
    yield found.legend
    yield printable("来源：" + "；".join(chart.head.source))


def _line(headings: Sequence[Heading], cells: Sequence[str]) -> str:
    fitted = (
        fit(cell, heading.width, right=heading.right)
        for heading, cell in zip(headings, cells, strict=True)
    )
    return " ".join(fitted).rstrip()


# rank paths --------------------------------------------------------------------------------------


def _ranks(chart: RankPaths, width: int, unit: str) -> Laid:
    from rich.cells import cell_len

    codes = {one.unit: printable(one.unit) for one in chart.units}
    code = min(8, max((cell_len(text) for text in codes.values()), default=3))
    code = max(code, 3)  # with what follows, a month such as 12月 stands above
    last = {one.unit: str(one.ranks[-1] or "") for one in chart.units}
    names = {one.unit: printable(one.name) for one in chart.units}
    name = min(_NAME, max((cell_len(text) for text in names.values()), default=4))
    room = width - _PLACE - 2
    months, gap = _fitting(len(chart.months), room, code, name)
    drawn = chart.months[len(chart.months) - months :]
    columns = [_order(chart, at) for at in range(len(chart.months) - months, len(chart.months))]
    chosen = unit if unit in codes else next(iter(codes), "")
    path = [column.index(chosen) if chosen in column else None for column in columns]
    ranks = {one.unit: one.ranks[-months:] for one in chart.units}
    above = [_month(month, code + gap) for month in drawn]
    wide = (months - 1) * (code + gap) + max(code + 1, *(cell_len(text) for text in above[-1:]))
    headings = (
        Heading("名次", _PLACE, right=True),
        Heading("".join(fit(text, code + gap) for text in above).rstrip(), wide),
        Heading(" 单位", max(8, room - wide)),
    )
    rows = []
    for at, key in enumerate(columns[-1] if columns else []):
        text = ""
        for month, column in enumerate(columns):
            node, tied = "", False
            if at < len(column):
                node = codes[column[at]]
                tied = at > 0 and ranks[column[at]][month] == ranks[column[at - 1]][month]
            text += fit(node, code)
            if month + 1 < months:
                text += _stroke(path[month], path[month + 1], at, gap, tied)
            elif tied:
                text += "="
        rows.append((key, (last[key], text.rstrip(), _mark(key == chosen) + names[key])))
    left = len(chart.months) - months
    legend = f"连线是 {codes.get(chosen, '')} 的走势，> 是它现在的位置；= 表示与上一行同名次"
    if left:
        legend += f"；更早的 {left} 个月画不下"
    return Laid(headings, tuple(rows), legend)


def _mark(chosen: bool) -> str:
    return ">" if chosen else " "


def _fitting(months: int, room: int, code: int, name: int) -> tuple[int, int]:
    """How many of the newest months there is room for, and the cells between two of them."""
    least = 10
    fit_in = max(1, min(months, (room - least + 1) // (code + 2)))
    spare = room - min(name + 1, room // 3)
    gap = (spare - 1 - fit_in * code) // max(1, fit_in - 1) if fit_in > 1 else 2
    return fit_in, max(2, min(7, gap))


def _month(month: Month, each: int) -> str:
    """A month above its column, with the year where there is room for it."""
    whole = str(month)
    return whole if len(whole) < each else f"{month.number}月"


def _order(chart: RankPaths, at: int) -> list[str]:
    """The units of a month as they stood; those with the same rank as they stand now."""
    standing = [(rank, one.unit) for one in chart.units if (rank := one.ranks[at]) is not None]
    return [unit for _, unit in sorted(standing, key=lambda found: found[0])]


def _stroke(here: int | None, there: int | None, at: int, gap: int, tied: bool) -> str:
    """What stands between two months on a line."""
    blank = ("=" if tied else " ") + " " * (gap - 2)
    if here is None or there is None:
        return blank + " "
    if here == there == at:
        return "-" * gap
    if at == here:
        return "-" * (gap - 1) + ("." if there > here else "'")
    if at == there:
        return blank + ("'" if there > here else ".")
    return blank + ("|" if min(here, there) < at < max(here, there) else " ")


# bars --------------------------------------------------------------------------------------------


def _stages(chart: StagePoints, width: int, unit: str) -> Laid:
    from rich.cells import cell_len

    names = {one.unit: f"{printable(one.unit)} {printable(one.name)}" for one in chart.units}
    longest = max((cell_len(text) for text in names.values()), default=4) + 1
    name = min(longest, _NAME, width * 2 // 5)
    bar = width - 5 - name - 1 - 9
    parts = len(chart.stages)
    if width < _WIDE or bar - parts * 10 < _BAR:
        parts = 0
    bar -= parts * 10
    most = max((_above(one.stages) for one in chart.units), default=ZERO)
    stages = [printable(stage) for stage in chart.stages]
    headings = (
        Heading("名次", _PLACE, right=True),
        Heading(" 单位", name),
        Heading("得分", 8, right=True),
        *(Heading(stage, 9, right=True) for stage in stages[:parts]),
        Heading("", max(8, bar)),
    )
    below = {one.unit: _below(stages, one.stages) for one in chart.units}
    room = max(8, bar - 1 - max(map(cell_len, below.values()), default=0))
    rows = []
    for one in chart.units:
        drawn = _stacked(one.stages, most, room)
        cells = (
            str(one.rank),
            _mark(one.unit == unit) + names[one.unit],
            f"{one.points:.2f}",
            *("" if p is None else f"{p:.2f}" for p in one.stages[:parts]),
            drawn + below[one.unit],
        )
        rows.append((one.unit, cells))
    key = "，".join(f"{_FILLS[n % len(_FILLS)]} {stage}" for n, stage in enumerate(stages))
    return Laid(headings, tuple(rows), f"{key}；一整条为 {most:.2f} 分")


def _losses(chart: Losses, width: int) -> Laid:
    from rich.cells import cell_len

    of_unit = bool(chart.head.unit)
    names = {
        loss.indicator: f"{printable(loss.name)}（{printable(loss.stage)}）"
        for loss in chart.indicators
    }
    longest = max((cell_len(text) for text in names.values()), default=4)
    name = min(longest, max(24, width * 2 // 5))
    bar = max(8, width - name - 1 - 9 - (0 if of_unit else 14) - 7)
    most = max((loss.lost for loss in chart.indicators), default=ZERO)
    headings = (
        Heading("指标", name),
        Heading("失分", 8, right=True),
        *(() if of_unit else (Heading("平均", 7, right=True), Heading("单位", 5, right=True))),
        Heading("阶段", 6),
        Heading("", bar),
    )
    rows = []
    for loss in chart.indicators:
        drawn = _stacked((loss.lost,), most, bar - 1, 0 if loss.over else 2)
        of_category = () if of_unit else (f"{chart.mean(loss):.2f}", str(loss.units))
        state = "已结束" if loss.over else "进行中"
        cells = (names[loss.indicator], f"{loss.lost:.2f}", *of_category, state, drawn)
        rows.append((loss.indicator, cells))
    legend = (
        f"{_FILLS[0]} 已结束的阶段，{_FILLS[2]} 进行中，还差的以后可能得到" if rows else "没有失分"
    )
    return Laid(headings, tuple(rows), legend)


def _below(stages: Sequence[str], parts: Sequence[Decimal | None]) -> str:
    """The stages with less than nothing, which no bar can show: in words behind it."""
    return "".join(
        f" {stage}{points:.2f}"
        for stage, points in zip(stages, parts, strict=True)
        if points is not None and points < 0
    )


def _above(parts: Sequence[Decimal | None]) -> Decimal:
    """What the parts above nothing come to: the length of the bar."""
    return sum((part for part in parts if part is not None and part > 0), ZERO)


def _stacked(parts: Sequence[Decimal | None], most: Decimal, width: int, first: int = 0) -> str:
    """A bar of parts, ``most`` points being ``width`` cells; rounded where each part ends, so that
    equal sums are equally long."""
    text, sum_so_far = "", ZERO
    for number, part in enumerate(parts):
        if part is not None and part > 0:
            sum_so_far += part
            end = int((sum_so_far * width / most).to_integral_value()) if most else 0
            text += _FILLS[(first + number) % len(_FILLS)] * (end - len(text))
    return text
