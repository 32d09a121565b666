"""What the command palette offers on a screen: its acts, the other screens, units, items, looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from gsjx_tui.office.names_index import Named
from gsjx_tui.tui.places import BEHIND, PLACES, Here, Place
from gsjx_tui.tui.screens.palette import Command
from gsjx_tui.tui.themes import THEME_NAMES
from gsjx_tui.tui.widgets.keys import bindings_of, shown_key

if TYPE_CHECKING:
    from gsjx_tui.tui.app import GsjxApp
    from gsjx_tui.tui.screens.base import OfficeScreen

_THEME_INITIALS = {
    "gsjx-dark": "ss",
    "gsjx-light": "qs",
    "gsjx-16": "sls",
    "gsjx-plain": "jr",
}


def commands(screen: OfficeScreen, names: Sequence[Named]) -> list[Command]:
    """Everything that can be done from a screen, what is nearest first."""
    here = screen.here()
    return [
        *(_place(screen, place, here) for place in (*PLACES, *BEHIND)),
        *_acts(screen),
        *_campaigns(screen),
        *_looks(screen),
        Command("退出", "tc", "离开程序", partial(screen.run_action, "app.quit")),
        *(_named(screen, name, here) for name in names),
    ]


def _place(screen: OfficeScreen, place: Place, here: Here) -> Command:
    return Command(place.name, place.initials, place.about, lambda: screen.go(place.open(here)))


def _acts(screen: OfficeScreen) -> Iterator[Command]:
    for binding in bindings_of(screen):
        if binding.description and not binding.action.startswith(("palette", "place")):
            yield Command(
                binding.description,
                "",
                f"这个界面的 {shown_key(binding)} 键",
                partial(screen.run_action, binding.action),
            )


def _campaigns(screen: OfficeScreen) -> Iterator[Command]:
    if screen.desk.several:
        app = cast("GsjxApp", screen.app)
        yield Command("换活动", "hhd", "打开账本里的另一个活动", app.change_campaign)


def _looks(screen: OfficeScreen) -> Iterator[Command]:
    app = cast("GsjxApp", screen.app)
    for name, label in THEME_NAMES.items():
        yield Command(
            f"配色：{label}", f"ps{_THEME_INITIALS[name]}", "外观", partial(app.choose_theme, name)
        )


def _named(screen: OfficeScreen, name: Named, here: Here) -> Command:
    if name.kind == "unit":
        return Command(
            f"{name.id} {name.name}", name.initials, "得分卡", partial(_card, screen, name.id, here)
        )
    return Command(
        name.name, name.initials, f"按要点录入 {name.id}", partial(_item, screen, name.id, here)
    )


def _card(screen: OfficeScreen, unit: str, here: Here) -> None:
    from gsjx_tui.tui.screens.card import CardScreen

    screen.go(CardScreen(unit, here.month))


def _item(screen: OfficeScreen, item: str, here: Here) -> None:
    """The item in the month in hand, or in its first month where it isn't open then."""
    from gsjx_tui.tui.screens.items import ItemsScreen

    months = screen.desk.office.rubric.items[item].months
    month = here.month if here.month in months else months[0]
    screen.go(ItemsScreen(month, here.category, item))
