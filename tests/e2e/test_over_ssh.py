"""The application over SSH: a real server and client, terminals of many kinds and manners."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sshd import Server, serving

from builders import PROJECT
from gsjx_tui.domain import Month
from gsjx_tui.office.home import init, open_office
from gsjx_tui.office.sheet import sheet
from terminal import Terminal

pytestmark = pytest.mark.slow

JUNE = Month(2013, 6)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all; the homes differ."""
    folder = tmp_path_factory.mktemp("sshd")
    yield from serving(folder, folder / "home")


@pytest.fixture
def server(served: Server, tmp_path: Path) -> Server:
    """The server with a new home."""
    home = tmp_path / "home"
    init(home, PROJECT / "data" / "campaign.toml", PROJECT / "data" / "units.csv").close()
    return Server(served.port, served.folder, home)


def claims(server: Server, unit: str = "E01") -> dict[str, tuple[str, str]]:
    """Value and note of the claims of a unit by item."""
    with open_office(server.home) as office:
        found = sheet(office, unit, JUNE)
    return {
        item: (str(value), found.written["claim", (item, month, field)].note)
        for (item, month, field), value in found.cells["claim"].items()
    }


def entering(terminal: Terminal) -> Terminal:
    """On to the first cell of the first unit."""
    terminal.wait_for("合计")
    terminal.type("e", "E01 县")
    terminal.type("\t", "自评 ")
    return terminal


def leave(terminal: Terminal) -> None:
    """Back home and out; the terminal is as it was."""
    os.write(terminal.fd, b"\x1b")
    terminal.read(0.5)
    terminal.type("\x1b", "合计")
    os.write(terminal.fd, b"q")
    assert terminal.end() == 0
    ended = terminal.output.rpartition(b"\x1b[?1049l")
    assert ended[1], "the screen before was not restored"
    assert b"\x1b[?25h" in ended[2], "the cursor was not shown again"
    assert b"\x1b[?1000l" in terminal.output and b"\x1b[?2004l" in terminal.output


def client(terminal: Terminal, server: Server) -> int:
    """The client's process."""
    return terminal.pid


def session(terminal: Terminal, server: Server) -> int:
    """The server's process for this login: what started the application."""
    status = Path(f"/proc/{server.program()}/status").read_text()
    return int(status.split("PPid:")[1].split()[0])


@pytest.mark.parametrize("who", [client, session])
def test_a_dropped_connection_loses_nothing(
    server: Server, who: Callable[[Terminal, Server], int]
) -> None:
    terminal = entering(server.login())
    terminal.type("8\r", "已保存 E01 活动组织机构 自评 8")
    terminal.type("7\r", "已保存 E01 活动方案 自评 7")
    terminal.type("5", "本月 +30.00")

    os.kill(who(terminal, server), signal.SIGKILL)

    took = server.gone_after()
    # A second; more where many others want the processors, as the average of late says.
    assert took < max(1, os.getloadavg()[0] / (os.cpu_count() or 1))
    terminal.end()
    assert claims(server) == {
        "study.b1.body": ("8.00", ""),
        "study.b2.plan": ("7.00", ""),
        "study.b2.minutes": ("5.00", "断线时保存，请核对"),
    }
    again = entering(server.login())
    again.wait_for("本月 +30.00")
    again.type("\r\r", "断线时保存")
    leave(again)


@pytest.mark.parametrize("term", ["linux", "xterm", "xterm-256color", "vt220"])
def test_terminals(server: Server, term: str) -> None:
    terminal = entering(server.login(term))
    terminal.type("8\r", "已保存 E01 活动组织机构 自评 8")
    leave(terminal)
    assert claims(server) == {"study.b1.body": ("8.00", "")}


@pytest.mark.parametrize(
    "environment",
    [
        {"LANG": "C"},
        {"LANG": "C", "LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "gbk"},
    ],
    ids=["LANG=C", "LC_ALL=C", "ASCII", "GBK"],
)
def test_locales(server: Server, environment: dict[str, str]) -> None:
    terminal = entering(server.login(**environment))
    terminal.type("8\r", "已保存 E01 活动组织机构 自评 8")
    leave(terminal)
    assert "合计".encode() in terminal.output


def test_a_terminal_that_sends_gbk_is_told_so(server: Server) -> None:
    terminal = entering(server.login())

    terminal.type("/", "E01 县")
    terminal.type("财政".encode("gbk"), "终端发来的不是 UTF-8")
    terminal.type("财政", "/ 财政")
    terminal.type("\x7f\x7f委办", "/ 委办")
    # The second byte of 乶 is the letter n, of 乸 p: no keys either.
    terminal.type(b"\x7f\x7f" + "乶乸".encode("gbk") + b"czj", "/ czj ")

    leave(terminal)


def test_long_commits_of_an_input_method_arrive_whole(server: Server) -> None:
    terminal = server.login()
    terminal.answers = {b"\x1b[?u": b"\x1b[?1u", b"\x1b[c": b"\x1b[?62;c"}
    entering(terminal)

    phrase = "县财政局群众路线教育实践"
    assert len(phrase) == 12
    os.write(terminal.fd, b"/")
    terminal.type(phrase, f"/ {phrase[-8:]}"[3:])
    terminal.type("\x7f" * 8, f"/ {phrase[:4]} ")

    assert b"u" not in terminal.output.partition(b"\x1b[>")[2][:3], "Kitty's keys were enabled"
    leave(terminal)


@pytest.mark.parametrize("pasted", ["8\r7\r6\r", "8\n7\n6\n", "8\r\n7\r\n6\r\n"])
def test_a_column_pasted_as_keys_goes_into_cells(server: Server, pasted: str) -> None:
    terminal = entering(server.login())
    terminal.type(pasted, "已保存 E01 学习计划研究会议记录 自评 6")
    leave(terminal)
    assert [value for value, _ in claims(server).values()] == ["8.00", "7.00", "6.00"]


def test_a_marked_paste_of_one_number_goes_into_the_cell(server: Server) -> None:
    terminal = entering(server.login())
    terminal.type("\x1b[200~8\x1b[201~", "本月 +18.00")
    terminal.type("\r", "已保存 E01 活动组织机构 自评 8")
    leave(terminal)
