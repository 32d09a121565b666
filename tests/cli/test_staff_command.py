"""``gsjx staff``: the list as an administrator keeps it."""

from __future__ import annotations

from clerk import Desk, assert_clear, assert_refused

EMPTY = "名单是空的：只有账本文件的主人能使用。用 gsjx staff add 登录名 --role admin 开始。\n"


def test_an_empty_list_says_how_to_begin(fresh: Desk) -> None:
    assert fresh.do("staff").out == EMPTY
    assert fresh.do("staff", "--format", "json").data == []


def test_people_are_added_changed_and_removed(fresh: Desk) -> None:
    assert fresh.do("staff", "add", "root", "--role", "admin", "--name", "甲").out == (
        "已列入名单：甲（root），管理员 admin。\n"
    )
    assert fresh.do("staff", "add", "bin", "--role", "单位填报人", "--unit", "A01").out == (
        "已列入名单：bin，单位填报人 reporter，限单位 A01。\n"
    )
    fresh.do("staff", "add", "daemon", "--role", "viewer")
    assert fresh.do("staff", "remove", "daemon").out == "已移出名单：daemon。\n"

    found = fresh.do("staff", "--format", "json").data

    assert [(one["login"], one["name"], one["role"], one["unit"]) for one in found] == [
        ("root", "甲", "admin", ""),
        ("bin", "", "reporter", "A01"),
    ]
    lines = fresh.do("staff").out.splitlines()
    assert lines[0].split() == ["登录名", "姓名", "身份", "单位", "变更人", "变更时间"]
    assert "单位填报人 reporter" in lines[2]


def test_a_login_that_the_machine_does_not_know_is_listed_with_a_warning(fresh: Desk) -> None:
    fresh.do("staff", "add", "root", "--role", "admin")

    ended = fresh.run("staff", "add", "nobody-here", "--role", "clerk")

    assert ended.code == 0
    assert "已列入名单：nobody-here" in ended.out
    assert_clear(ended.err, "注意：本机没有登录名“nobody-here”", "adduser")


def test_what_can_not_be_is_refused(fresh: Desk) -> None:
    fresh.do("staff", "add", "root", "--role", "admin")

    assert_refused(fresh.run("staff", "remove", "root"), "至少要有一名管理员")
    assert_refused(fresh.run("staff", "remove", "bin"), "bin：不在人员名单上")
    assert_refused(fresh.run("staff", "add", "bin", "--role", "boss"), "录入员")
    ended = fresh.run("staff", "add", "bin", "--role", "reporter", "--unit", "Z9")
    assert_refused(ended, "没有代码为“Z9”的单位")
    assert len(fresh.do("staff", "--format", "json").data) == 1


def test_wrong_usage_says_how_it_is_used(fresh: Desk) -> None:
    for words, said in (
        (("add", "bin"), "缺少参数：--role"),
        (("add",), "缺少参数：LOGIN, --role"),
        (("remove",), "缺少参数：LOGIN"),
        (("drop", "bin"), "'drop' 不认识，可用：'add', 'remove'"),
    ):
        ended = fresh.run("staff", *words)
        assert (ended.code, ended.out) == (2, "")
        assert said in ended.err and "用法：gsjx staff" in ended.err


def test_the_rubric_says_whether_who_verified_may_confirm(fresh: Desk) -> None:
    def said() -> list[str]:
        lines = fresh.do("rubric").out.splitlines()
        return next(line for line in lines if "four_eyes" in line).split()

    assert said() == ["复核人不核定同一单位月", "否", "campaign.toml", "four_eyes"]
    path = fresh.home / "campaign.toml"
    path.write_text("four_eyes = true\n" + path.read_text("utf-8"), "utf-8")

    assert said()[1] == "是"
    assert fresh.do("rubric", "--format", "json").data["campaign"]["settings"]["four_eyes"] is True


def test_who_verified_is_told_that_another_confirms(fresh: Desk) -> None:
    path = fresh.home / "campaign.toml"
    path.write_text("four_eyes = true\n" + path.read_text("utf-8"), "utf-8")
    fresh.hand_in("A01,2013-06,study.b1.body,points,8", kind="verify")

    for words in (("--dry-run",), ()):
        ended = fresh.run("confirm", "2013-06", *words)
        assert_refused(ended, "A01 甲局：2013-06 有", "本人做的复核", "请另一位负责人核定")
