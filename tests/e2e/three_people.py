"""Three people who work over SSH at the same time, each in the own role, in the application."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from terminal import Terminal


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

    def login(self, login: str) -> Terminal:
        """Somebody who logs in."""
        return Terminal(self.command(login))


def three_people_at_once(door: Door, restart: Callable[[], None]) -> None:
    """Clerk, reviewer and lead work side by side; the service is restarted in between.

    The clerk claims for E01, the reviewer verifies what E02 claimed before, the lead confirms
    E01 when both are done. Each sees the others' work.
    """
    clerk, reviewer, lead = (door.login(login) for login in ("luru", "fuhe", "fuze"))
    for terminal in (clerk, reviewer, lead):
        terminal.wait_for("合计")

    clerk.type("e", "E01 县")
    reviewer.type("e", "E01 县")
    lead.type("c", "待核定")
    clerk.type("\t", "自评 ")
    reviewer.type("\t", "自评 ")
    reviewer.type("\x1b[C", "复核 ")
    clerk.type("8\r", "已保存 E01 study.b1.body 自评 8")
    reviewer.type("6\r", "已保存 E01 study.b1.body 复核 6")
    clerk.type("7\r", "已保存 E01 study.b2.plan 自评 7")

    restart()

    reviewer.type("5\r", "已保存 E01 study.b2.plan 复核 5")
    clerk.type("4\r", "已保存 E01 study.b2.minutes 自评 4")
    lead.type("u", "y 核定")
    lead.type("y", "已核定")
    for terminal in (clerk, reviewer, lead):
        leave(terminal)


def leave(terminal: Terminal) -> None:
    """Back to the first screen and out."""
    os.write(terminal.fd, b"\x1b")
    terminal.read(0.5)
    terminal.type("\x1b", "合计")
    os.write(terminal.fd, b"q")
    assert terminal.end() == 0


def turned_away(door: Door, login: str, because: str, *words: str) -> str:
    """What somebody reads who may not work with the ledger; it must say why."""
    done = subprocess.run(
        door.command(login, *words),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert because in said, said
    return said
