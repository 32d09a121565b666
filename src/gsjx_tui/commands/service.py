"""Serving many people, and who they are."""

from __future__ import annotations

import argparse
import logging
import sys

from gsjx_tui.arguments import Adder
from gsjx_tui.commands.opening import looking, opened
from gsjx_tui.errors import Fault
from gsjx_tui.office.people import ROLE_NAMES, ROLES


def add(command: Adder) -> None:
    """Declares the commands of this module."""
    service = command("serve", serve, "为多人打开账本：在活动文件夹里的套接字上服务", whole=True)
    service.add_argument("--group", default="", metavar="GROUP", help="可以使用服务的用户组")

    people = command("staff", staff, "人员名单：谁以什么身份使用", "table", "json")
    change = Adder(people.add_subparsers(title="改动名单", metavar="改动"))
    adding = change("add", add_staff, "加入一个人，或改其身份、姓名")
    adding.add_argument("login", metavar="LOGIN", help="此人在本机的登录名")
    adding.add_argument("--role", required=True, metavar="ROLE", help=f"身份：{_roles()}")
    adding.add_argument("--name", default="", metavar="NAME", help="姓名或称呼")
    adding.add_argument("--unit", default="", metavar="CODE", help="单位填报人的单位代码")
    removing = change("remove", drop_staff, "移出一个人；做过的事都还在")
    removing.add_argument("login", metavar="LOGIN", help="此人的登录名")


def _roles() -> str:
    return "、".join(f"{role} {ROLE_NAMES[role]}" for role in ROLES)


def serve(options: argparse.Namespace) -> None:
    """``gsjx serve``."""
    from gsjx_tui.seats.serving import serve as serving

    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    serving(
        options.home,
        options.plugins_dir,
        options.group,
        lambda path: print(f"服务已开始：{path}。按 Ctrl+C 停止。", flush=True),
    )


def add_staff(options: argparse.Namespace) -> None:
    """``gsjx staff add``."""
    from gsjx_tui.office.names import is_login
    from gsjx_tui.office.staff import set_staff

    with opened(options) as office:
        person = set_staff(office, options.login, options.role, options.name, options.unit)
    only = f"，限单位 {person.unit}" if person.unit else ""
    print(f"已列入名单：{person.called}，{ROLE_NAMES[person.role]} {person.role}{only}。")
    if not is_login(person.login):
        what = f"本机没有登录名“{person.login}”，名单已经改了"
        print(Fault("注意", what, "核对写法，或为此人建立登录名（adduser）"), file=sys.stderr)


def drop_staff(options: argparse.Namespace) -> None:
    """``gsjx staff remove``."""
    from gsjx_tui.office.staff import remove_staff

    with opened(options) as office:
        person = remove_staff(office, options.login)
    print(f"已移出名单：{person.called}。")


def staff(options: argparse.Namespace) -> None:
    """``gsjx staff``."""
    from gsjx_tui.office.check import local
    from gsjx_tui.office.staff import staff as listed
    from gsjx_tui.printing import print_json, print_table

    with looking(options) as office:
        found = listed(office)
    if options.format == "json":
        print_json(
            [
                {
                    "login": one.person.login,
                    "name": one.person.name,
                    "role": one.person.role,
                    "unit": one.person.unit,
                    "changed_by": one.by,
                    "changed_at": one.at,
                }
                for one in found
            ]
        )
        return
    if not found:
        print("名单是空的：只有账本文件的主人能使用。用 gsjx staff add 登录名 --role admin 开始。")
        return
    print_table(
        ["登录名", "姓名", "身份", "单位", "变更人", "变更时间"],
        (
            [
                one.person.login,
                one.person.name,
                f"{ROLE_NAMES[one.person.role]} {one.person.role}",
                one.person.unit,
                one.by,
                local(one.at),
            ]
            for one in found
        ),
    )
