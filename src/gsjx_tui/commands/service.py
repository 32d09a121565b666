"""Serving many people, and who they are."""

from __future__ import annotations

import argparse

from gsjx_tui.arguments import Adder
from gsjx_tui.commands.opening import looking, opened


def add(command: Adder) -> None:
    """Declares the commands of this module."""
    service = command("serve", serve, "为多人打开账本：在活动文件夹里的套接字上服务")
    service.add_argument("--group", default="", metavar="GROUP", help="可以使用服务的用户组")

    people = command("staff", staff, "人员名单：谁以什么身份使用", "table", "json")
    what = people.add_mutually_exclusive_group()
    what.add_argument("--set", default="", metavar="LOGIN", help="加入此人，或改其身份")
    what.add_argument("--remove", default="", metavar="LOGIN", help="移出名单；做过的事都还在")
    people.add_argument("--role", default="", metavar="ROLE", help="身份，如 clerk")
    people.add_argument("--name", default="", metavar="NAME", help="姓名或称呼")
    people.add_argument("--unit", default="", metavar="CODE", help="填报人的单位代码")


def serve(options: argparse.Namespace) -> None:
    """``gsjx serve``."""
    from gsjx_tui.seats.serving import serve as serving

    serving(
        options.home,
        options.plugins_dir,
        options.group,
        lambda path: print(f"服务已开始：{path}。按 Ctrl+C 停止。", flush=True),
    )


def staff(options: argparse.Namespace) -> None:
    """``gsjx staff``."""
    from gsjx_tui.office.check import local
    from gsjx_tui.office.people import ROLE_NAMES
    from gsjx_tui.office.staff import remove_staff, set_staff
    from gsjx_tui.office.staff import staff as listed
    from gsjx_tui.printing import print_json, print_table

    if options.set:
        with opened(options) as office:
            person = set_staff(office, options.set, options.role, options.name, options.unit)
        print(f"{person.called} 的身份是“{ROLE_NAMES[person.role]}”（{person.role}）。")
        return
    if options.remove:
        with opened(options) as office:
            person = remove_staff(office, options.remove)
        print(f"{person.called} 已移出名单。")
        return
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
        print(
            "名单是空的：只有账本文件的主人能使用。用 gsjx staff --set 登录名 --role admin 开始。"
        )
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
