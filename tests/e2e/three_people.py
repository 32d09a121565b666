"""Three people who work over SSH at the same time, each in the own role, in the application."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from terminal import Terminal

HOME_SCREEN = "q 退出"
"""What only the first screen shows."""


@dataclass(frozen=True)
class Door:
    """Where people log in: the port on loopback, and the folder of their keys by login."""

    port: int
    keys: Path

    def command(self, login: str, *words: str, terminal: bool = True) -> list[str]:
        """The client's command for somebody, as OpenSSH takes it."""
        options = [
            "StrictHostKeyChecking=no",
            "UserKnownHostsFile=/dev/null",
            "IdentitiesOnly=yes",
            "LogLevel=ERROR",
        ]
        command = ["ssh", "-F", "none", "-C", "-tt" if terminal else "-T"]
        command += [part for option in options for part in ("-o", option)]
        command += ["-i", str(self.keys / login), "-p", str(self.port), f"{login}@127.0.0.1"]
        return [*command, *words]


def three_people_at_once(
    door: Door,
    logins: tuple[str, str, str],
    restart: Callable[[], object],
    crash: Callable[[], object],
) -> None:
    """Clerk, reviewer and lead work on E01 in June side by side, and leave.

    The service is restarted, and killed, while all three are in. Each goes on where they are.
    """
    clerk, reviewer, lead = (Terminal(door.command(login)) for login in logins)
    for terminal in (clerk, reviewer, lead):
        terminal.wait_for("合计")

    clerk.type("e", "E01 县")
    reviewer.type("e", "E01 县")
    lead.type("c", "将记账")
    clerk.type("\t", "自评 ")
    reviewer.type("\t", "自评 ")
    reviewer.type("\x1b[C", "复核 ")
    clerk.type("8\r", "已保存 E01 活动组织机构 自评 8")
    reviewer.type("6\r", "已保存 E01 活动组织机构 复核 6")

    restart()

    reviewer.type("5\r", "已保存 E01 活动方案 复核 5")
    clerk.type("7\r", "已保存 E01 活动方案 自评 7")

    crash()

    clerk.type("4\r", "已保存 E01 学习计划研究会议记录 自评 4")
    lead.type("u", "y 核定")
    lead.type("y", "已核定 1 个")
    for terminal in (clerk, reviewer, lead):
        _leave(terminal)


def _leave(terminal: Terminal) -> None:
    """Back to the first screen and out. A key soon after Escape would be one with Alt."""
    while HOME_SCREEN not in terminal.text:
        os.write(terminal.fd, b"\x1b")
        end = time.monotonic() + 1
        while time.monotonic() < end:
            terminal.read()
    os.write(terminal.fd, b"q")
    assert terminal.end() == 0


def turned_away(door: Door, login: str, because: str, *words: str) -> str:
    """What somebody reads who may not work with the ledger; it must say why.

    Without spaces and line ends: where a line is broken depends on the terminal.
    """
    done = subprocess.run(
        door.command(login, *words),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )
    # What stays on the terminal when the application's screen has gone.
    said = "".join((done.stdout + done.stderr).rpartition("\x1b[?1049l")[2].split())
    said = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said)
    assert done.returncode == 1, said
    assert because in said, said
    return said
