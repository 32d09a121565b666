"""What would follow of a confirmation or correction, in few words or as rows of a table."""

from __future__ import annotations

from collections.abc import Mapping

from gsjx_tui.office.consequences import Consequences, LastPlace, Moved
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
    return "；".join(told)


def in_lines(found: Consequences, most: int = 4) -> list[str]:
    """By name, last places first; of each list the first ``most``, and how many there are."""
    lines = [
        f"{title}：{_first([place.name for place in places], most)}{what}"
        for (title, what), places in _grouped(found).items()
    ]
    if not found.moved:
        return [*lines, f"累计到 {found.through} 的名次不变"]
    named = [f"{one.name}由 {one.rank_before} 变 {one.rank_after}" for one in found.moved]
    return [*lines, f"累计到 {found.through} 的名次：{_first(named, most)}"]


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
    """Last places, then the ranks that move by category (``categories``: names by id)."""
    made: list[Row] = []
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
