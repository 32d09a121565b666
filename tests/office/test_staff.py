"""The staff list: who is on it, how it is changed, and what nobody can do to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import a_unit, an_office
from gsjx_tui.errors import StateError
from gsjx_tui.office.history import Filter, done
from gsjx_tui.office.home import Office
from gsjx_tui.office.home import open_office as open_home
from gsjx_tui.office.people import ROLE_NAMES, ROLES, Person
from gsjx_tui.office.staff import remove_staff, set_staff, staff
from gsjx_tui.office.verify import verify


def listed(office: Office) -> dict[str, tuple[str, str, str]]:
    """Name, role and unit by login."""
    people = (one.person for one in staff(office))
    return {person.login: (person.name, person.role, person.unit) for person in people}


def test_people_are_listed_with_who_put_them_there(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        set_staff(office, "man", "admin", "甲")
        set_staff(office.acting("man"), "bin", "reporter", "乙", "A1")

        assert listed(office) == {"man": ("甲", "admin", ""), "bin": ("乙", "reporter", "A1")}
        assert {one.person.login: one.by for one in staff(office)} == {
            "man": office.who,
            "bin": "man",
        }


@pytest.mark.parametrize("role", [role for role in ROLES if role != "reporter"])
def test_a_role_is_taken_by_its_id_or_its_name(tmp_path: Path, role: str) -> None:
    with an_office(tmp_path) as office:
        set_staff(office, "man", "管理员")

        assert set_staff(office, "bin", role).role == role
        assert set_staff(office, "sys", ROLE_NAMES[role]).role == role  # type: ignore[index]


def test_a_role_is_changed_and_the_name_stays(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        set_staff(office, "man", "admin", "甲")
        set_staff(office, "bin", "clerk", "乙")

        set_staff(office, "bin", "lead")

        assert listed(office)["bin"] == ("乙", "lead", "")


def test_setting_what_is_so_already_adds_nothing(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        set_staff(office, "man", "admin", "甲")
        before = office.ledger.head("staff")

        assert set_staff(office, "man", "管理员") == Person("man", "甲", "admin")

        assert office.ledger.head("staff") == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("", "clerk"), "登录名"),
        (("张三", "clerk"), "写法不对"),
        (("a b", "clerk"), "写法不对"),
        (("-x", "clerk"), "写法不对"),
        (("x\x1b[2J", "clerk"), "写法不对"),
        (("bin", ""), "不认识"),
        (("bin", "boss"), "viewer 查看、clerk 录入员"),
        (("bin", "keeper"), "不认识"),
        (("bin", "账本保管人"), "不认识"),
        (("bin", "reporter"), "没有写单位"),
        (("bin", "reporter", "", "Z9"), "没有代码为“Z9”的单位"),
        (("bin", "clerk", "", "A1"), "不限于一个单位"),
        (("man", "lead"), "至少要有一名管理员"),
    ],
)
def test_what_can_not_be_listed_is_refused(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    with an_office(tmp_path) as office:
        set_staff(office, "man", "admin")
        before = office.ledger.head("staff")

        with pytest.raises(StateError, match=said) as refused:
            set_staff(office, *words)

        assert "\x1b" not in str(refused.value)
        assert office.ledger.head("staff") == before


def test_a_name_can_not_steer_a_terminal(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        assert set_staff(office, "man", "admin", " 甲\x1b[2J\n乙 ").name == "甲[2J 乙"


def test_the_first_on_the_list_is_an_administrator(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        with pytest.raises(StateError, match="至少要有一名管理员"):
            set_staff(office, "bin", "clerk")
        assert listed(office) == {}


def test_somebody_is_taken_off_the_list(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        set_staff(office, "man", "admin")
        set_staff(office, "bin", "clerk", "乙")

        assert remove_staff(office, "bin").name == "乙"

        assert [*listed(office)] == ["man"]
        with pytest.raises(StateError, match="bin：不在人员名单上"):
            remove_staff(office, "bin")


def test_the_last_administrator_stays(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        set_staff(office, "man", "admin")
        with pytest.raises(StateError, match="至少要有一名管理员"):
            remove_staff(office, "man")
        set_staff(office, "bin", "admin")

        remove_staff(office.acting("bin"), "man")

        with pytest.raises(StateError, match="至少要有一名管理员"):
            remove_staff(office, "bin")
        assert [*listed(office)] == ["bin"]


def test_the_list_outlives_the_program_and_is_proved(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        set_staff(office, "man", "admin")
        set_staff(office, "bin", "clerk")
    with open_home(office.home) as again:
        assert [*listed(again)] == ["man", "bin"]
        assert verify(again).heads["staff"].seq == 2
        again.ledger._connection.execute("update staff set role = 'admin' where login = 'bin'")
        with pytest.raises(StateError, match="人员第 2 条"):
            verify(again)


def test_each_change_is_in_the_history_with_the_name_of_the_role(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1", name="甲局")) as office:
        for role in ("admin", "clerk", "reviewer", "lead", "viewer"):
            set_staff(office, f"x{role}", role)
        set_staff(office, "bin", "reporter", "乙", "A1")
        remove_staff(office, "bin")

        acts = [act for act in done(office).acts if act.what == "staff"]

        assert [(act.who, act.text, act.note, act.unit) for act in acts] == [
            (office.who, "bin 乙", "移出名单", ""),
            (office.who, "bin 乙", "单位填报人", "A1"),
            (office.who, "xviewer", "查看", ""),
            (office.who, "xlead", "负责人", ""),
            (office.who, "xreviewer", "复核员", ""),
            (office.who, "xclerk", "录入员", ""),
            (office.who, "xadmin", "管理员", ""),
        ]
        assert len(done(office, Filter(words=("人员",))).acts) == 7
