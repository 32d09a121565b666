"""What would follow of a confirmation or correction, in few words or as rows of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gsjx_tui.office.consequences import Consequences, LastPlace, Moved
from gsjx_tui.office.figures import Published
from gsjx_tui.tui.widgets.grid import Row
from gsjx_tui.tui.widgets.text import points

LOOKING = "正在算对名次的影响"
"""Until the answer is there."""


def summary(found: Consequences) -> str:
    """One line: how many ranks move, how many units come to a last place or leave it."""
    moved = len(found.moved)
    told = [f"累计到 {found.through} 名次变动 {moved} 个单位" if moved else "名次不变"]
    told += [
        f"{title} {len(places)} 个单位{what}" for (title, what), places in _grouped(found).items()
    ]
    told += [f"{len(found.editions)} 版已发布的排名须发新版"] if found.editions else []
    return "；".join(told)


def in_lines(found: Consequences, most: int = 4) -> list[str]:
    """By name, last places first; of each list the first ``most``, and how many there are."""
    lines = [
        f"{title}：{_first([place.name for place in places], most)}{what}"
        for (title, what), places in _grouped(found).items()
    ]
    if found.moved:
        named = [f"{one.name}由 {one.rank_before} 变 {one.rank_after}" for one in found.moved]
        lines.append(f"累计到 {found.through} 的名次：{_first(named, most)}")
    else:
        lines.append(f"累计到 {found.through} 的名次不变")
    return [*lines, *outdated_told(found.editions, "将不再是", most)]


def outdated_told(editions: Sequence[Published], verb: str = "已不是", most: int = 4) -> list[str]:
    """In a line, which published editions are (or would be) untrue, and that new ones are due."""
    if not editions:
        return []
    named = "、".join(head.cited for head in editions[:most])
    more = f"等 {len(editions)} 版" if len(editions) > most else ""
    return [f"已发布的{named}{more}，数字{verb}账本的数字，须发新版附更正表"]


def _grouped(found: Consequences) -> dict[tuple[str, str], list[LastPlace]]:
    """Last places by title and by what becomes of the unit."""
    groups: dict[tuple[str, str], list[LastPlace]] = {}
    for place in found.last_places:
        groups.setdefault((place.title, place.told), []).append(place)
    return groups


def _first(named: list[str], most: int) -> str:
    more = f"等 {len(named)} 个单位" if len(named) > most else ""
    return f"{'、'.join(named[:most])}{more}"


def rows(found: Consequences, categories: Mapping[str, str]) -> list[Row]:
    """Editions that need new ones, last places, then the ranks that move by category.

    ``categories``: their names by id.
    """
    made: list[Row] = []
    if found.editions:
        made.append(_heading("editions", f"须发新版附更正表的 {len(found.editions)} 版"))
    for head in found.editions:
        made.append(Row(f"*{head.number}", (f"  {head.cited}", "", "", "", ""), "warn"))
    for (title, what), places in _grouped(found).items():
        made.append(_heading(title, f"{title} {len(places)} 个单位"))
        made.append(Row(f"*{title}{what}", (what, "", "", "", ""), "muted"))
        made += [
            Row(
                place.unit,
                (f"  {place.unit} {place.name}", "", "", "", ""),
                "bad" if place.becomes else "good",
            )
            for place in places
        ]
    for category in dict.fromkeys(one.category for one in found.moved):
        mine = [one for one in found.moved if one.category == category]
        name = f"{categories.get(category, category)} 名次变动 {len(mine)} 个单位"
        made.append(_heading(category, name))
        made += [_row(one) for one in mine]
    return made


def _heading(key: str, name: str) -> Row:
    return Row(f"*{key}", (name, "", "", "", ""), "heading")


def _row(one: Moved) -> Row:
    up = one.rank_after < one.rank_before
    cells = (
        f"  {one.unit} {one.name}",
        str(one.rank_before),
        str(one.rank_after),
        points(one.points_before),
        points(one.points_after),
    )
    return Row(one.unit, cells, "good" if up else "warn")
