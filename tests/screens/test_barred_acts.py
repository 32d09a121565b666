"""Who may not do an act is told so at once, before anything is asked for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from seat import CLERK, a_home, press, screen, seated, settled
from textual.screen import Screen

from gsjx_tui.domain import Month
from gsjx_tui.office.home import open_office
from gsjx_tui.office.objecting import file_objection
from gsjx_tui.office.people import Role
from gsjx_tui.office.staff import set_staff
from gsjx_tui.tui.screens.card import CardScreen
from gsjx_tui.tui.screens.confirm import ConfirmScreen
from gsjx_tui.tui.screens.draw import DrawScreen
from gsjx_tui.tui.screens.explain import ExplainScreen
from gsjx_tui.tui.screens.keyed import PROMPT, YES, KeyedScreen
from gsjx_tui.tui.screens.objections import ObjectionsScreen
from gsjx_tui.tui.screens.publish import PublishScreen
from gsjx_tui.tui.screens.register import RegisterScreen
from gsjx_tui.tui.screens.review import ReviewScreen

JUNE = Month(2013, 6)
BODY = "study.b1.body"


@pytest.fixture(autouse=True)
def a_clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: CLERK)


def with_role(home: Path, role: Role, *, objection: bool = False) -> Path:
    """The home, perhaps with an objection to June, the person at the screen in a role."""
    with open_office(home) as office:
        if objection:
            file_objection(office, "E05", "2013-06", BODY, "漏计一次", "")
        set_staff(office, "admin9", "admin")
    with open_office(home) as office:
        set_staff(office.acting("admin9"), CLERK, role)
    return home


Made = Callable[[], Screen[None]]

CASES: list[tuple[Made, tuple[str, ...], Role]] = [
    (lambda: ReviewScreen(JUNE, "", "E05"), ("t",), "clerk"),
    (lambda: ReviewScreen(JUNE, "", "E05"), ("T",), "clerk"),
    (lambda: ReviewScreen(JUNE, "", "E05"), ("a",), "clerk"),
    (lambda: ReviewScreen(JUNE, "", "E05"), ("down", "b"), "clerk"),
    (lambda: ConfirmScreen(JUNE), ("c",), "reviewer"),
    (lambda: ConfirmScreen(JUNE), ("u",), "reviewer"),
    (lambda: CardScreen("E05", JUNE), ("down", "down", "x"), "reviewer"),
    (lambda: CardScreen("E05", JUNE), ("down", "down", "o"), "viewer"),
    (lambda: ExplainScreen("E05", BODY, JUNE), ("x",), "reviewer"),
    (lambda: ExplainScreen("E05", BODY, JUNE), ("o",), "viewer"),
    (lambda: RegisterScreen(JUNE), ("a",), "viewer"),
    (lambda: ObjectionsScreen(JUNE), ("a",), "viewer"),
    (lambda: ObjectionsScreen(JUNE), ("d",), "reviewer"),
    (lambda: ObjectionsScreen(JUNE), ("x",), "viewer"),
    (lambda: DrawScreen(JUNE), ("a",), "clerk"),
    (lambda: PublishScreen(JUNE), ("b",), "reviewer"),
]


@pytest.mark.parametrize(
    ("made", "keys", "role"),
    CASES,
    ids=[f"{made().__class__.__name__}-{keys[-1]}" for made, keys, _ in CASES],
)
async def test_an_act_asks_nothing_of_whom_it_would_refuse(
    tmp_path: Path, made: Made, keys: tuple[str, ...], role: Role
) -> None:
    confirmed = not isinstance(made(), ReviewScreen | ConfirmScreen)
    home = with_role(a_home(tmp_path / "home", confirmed=confirmed), role, objection=confirmed)
    async with seated(home) as pilot:
        shown = made()
        pilot.app.push_screen(shown)
        await settled(pilot)
        await press(pilot, *keys)

        assert pilot.app.screen is shown
        assert isinstance(shown, KeyedScreen)
        assert shown.pane not in (PROMPT, YES)
        assert "才能" in screen(pilot).replace("\n", "")


async def test_an_act_of_the_own_role_asks(tmp_path: Path) -> None:
    async with seated(with_role(a_home(tmp_path / "home"), "lead")) as pilot:
        shown = ReviewScreen(JUNE, "", "E05")
        pilot.app.push_screen(shown)
        await settled(pilot)
        await press(pilot, "t")

        assert shown.pane == PROMPT


async def test_home_marks_what_the_role_cant_do_and_says_why_before_it_shows(
    tmp_path: Path,
) -> None:
    async with seated(with_role(a_home(tmp_path / "home"), "clerk")) as pilot:
        home = pilot.app.screen
        assert "(核定)" in screen(pilot)
        assert "(录入)" not in screen(pilot)

        await press(pilot, "c")
        assert pilot.app.screen is home
        assert "要“负责人”才能做" in screen(pilot).replace("\n ", "")
        assert "再按一次 c 只查看" in screen(pilot)

        await press(pilot, "c")
        assert isinstance(pilot.app.screen, ConfirmScreen)


async def test_home_opens_no_screen_that_would_stay_empty(tmp_path: Path) -> None:
    with open_office(a_home(tmp_path / "home")) as office:
        set_staff(office, "admin9", "admin")
    with open_office(tmp_path / "home") as office:
        set_staff(office.acting("admin9"), CLERK, "reporter", unit="E05")
    async with seated(tmp_path / "home") as pilot:
        home = pilot.app.screen
        await press(pilot, "p", "p")

        assert pilot.app.screen is home
        assert "填报人只能查看和填报本单位" in screen(pilot)
