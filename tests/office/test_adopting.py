"""Roster and settings are the administrators': without one, changed files aren't taken over."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import a_campaign, a_roster, a_unit, an_office
from gsjx_tui.errors import NotPermitted
from gsjx_tui.office.history import done
from gsjx_tui.office.home import open_office, reading
from gsjx_tui.office.rank import campaign
from gsjx_tui.office.staff import set_staff

USER, OWNS = "gsjx_tui.office.home.current_user", "gsjx_tui.office.home.owns_ledger"
ADOPTER = "gsjx_tui.office.editions.current_user"


def changed_home(folder: Path, name: str, *, listed: bool = True) -> Path:
    """A closed home with a change in one of its files."""
    with an_office(folder, a_unit("A1")) as office:
        if listed:
            for role in ("admin", "lead", "viewer"):
                set_staff(office, role, role)
            set_staff(office, "reporter", "reporter", unit="A1")
    changed = {
        "campaign.toml": a_campaign(four_eyes=True),
        "units.csv": a_roster(a_unit("A1"), a_unit("A2")),
    }
    (office.home / name).write_text(changed[name], "utf-8")
    return office.home


def becomes(monkeypatch: pytest.MonkeyPatch, login: str, *, owner: bool = False) -> None:
    """Who runs the program from now on."""
    monkeypatch.setattr(USER, lambda: login)
    monkeypatch.setattr(ADOPTER, lambda: login)
    monkeypatch.setattr(OWNS, lambda home: owner)


@pytest.mark.parametrize("name", ["campaign.toml", "units.csv"])
@pytest.mark.parametrize("login", ["lead", "viewer", "reporter"])
def test_others_are_refused_and_nothing_is_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, login: str, name: str
) -> None:
    home = changed_home(tmp_path, name)
    becomes(monkeypatch, login)
    said = f"{login}：campaign.toml、units.csv 或评分办法改过，要由管理员启用；"

    with pytest.raises(NotPermitted, match=said):
        open_office(home)
    with pytest.raises(NotPermitted, match=said), reading(home):
        pass

    becomes(monkeypatch, "admin")
    with open_office(home) as office:
        adopted = [act for act in done(office).acts if act.what == "adopt"]
    assert [(act.who, act.seq) for act in adopted[:1]] == [("admin", 2)]
    becomes(monkeypatch, login)
    with open_office(home) as office:
        assert campaign(office).id == "test"


@pytest.mark.parametrize("login", ["admin", "keeper"])
def test_administrators_and_the_keeper_take_a_change_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    home = changed_home(tmp_path, "units.csv")
    becomes(monkeypatch, login, owner=login == "keeper")

    with open_office(home) as office:
        assert [unit.code for unit in office.units] == ["A1", "A2"]


def test_while_nobody_is_listed_the_owner_takes_a_change_over_and_no_stranger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = changed_home(tmp_path, "units.csv", listed=False)
    becomes(monkeypatch, "stranger")
    with pytest.raises(NotPermitted, match="stranger：不在人员名单上"):
        open_office(home)

    becomes(monkeypatch, "somebody", owner=True)
    open_office(home).close()


def test_a_stranger_is_refused_a_changed_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = changed_home(tmp_path, "units.csv")
    becomes(monkeypatch, "stranger")

    with pytest.raises(NotPermitted, match="stranger：不在人员名单上"):
        open_office(home)
