"""How commands print what would follow from a confirmation or correction, and what it left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gsjx_tui.office.consequences import Consequences
    from gsjx_tui.office.figures import Published


def print_consequences(found: Consequences) -> None:
    """Which ranks move, and who comes to a last place or leaves it."""
    from gsjx_tui.printing import print_table

    if not found.moved:
        print(f"累计到 {found.through} 的名次不变。")
    else:
        print(f"累计到 {found.through} 的名次变动：")
        print_table(
            ["代码", "单位", "原名次", "现名次", "原得分", "现得分"],
            (
                [m.unit, m.name, m.rank_before, m.rank_after, m.points_before, m.points_after]
                for m in found.moved
            ),
            right="原名次 现名次 原得分 现得分",
        )
    for place in found.last_places:
        print(f"{place.title}：{place.unit} {place.name} {place.told}。")
    print_outdated(found.editions, "将不再是")


def print_outdated(editions: Sequence[Published], verb: str = "已不是") -> None:
    """Which published editions are (or would be) untrue, and what is to be done about them."""
    from gsjx_tui.office.outdated import NEEDED

    if editions:
        print(f"已发布的 {len(editions)} 版，数字{verb}账本的数字，{NEEDED}")
        for head in editions:
            print(f"  {head.cited}，校验码 {head.code}")
