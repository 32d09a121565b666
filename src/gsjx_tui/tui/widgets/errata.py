"""What an edition corrects, unit by unit, in words."""

from __future__ import annotations

from gsjx_tui.office.figures import Erratum
from gsjx_tui.tui.widgets.text import points


def ranks_told(one: Erratum) -> str:
    """Rank before and after; a unit that wasn't or isn't ranked says so."""
    if one.rank_before is None:
        return f"新列入，第 {one.rank_after} 名"
    if one.rank_after is None:
        return f"不再列入，原第 {one.rank_before} 名"
    if one.rank_before == one.rank_after:
        return f"名次不变，第 {one.rank_after} 名"
    return f"名次由 {one.rank_before} 改为 {one.rank_after}"


def points_told(one: Erratum) -> str:
    """Points before and after."""
    if one.points_before == one.points_after:
        return "得分不变"
    if one.points_before is None or one.points_after is None:
        return f"{points(one.points_after or one.points_before)} 分"
    return f"{points(one.points_before)} 改 {points(one.points_after)}"


def erratum_told(one: Erratum) -> str:
    """Rank and points before and after."""
    return f"{ranks_told(one)}，{points_told(one)}"
