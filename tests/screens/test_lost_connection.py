"""A dropped connection, in a real terminal: the field in hand is saved, or kept as a draft."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from seat import a_home

from gsjx_tui.domain import Month
from gsjx_tui.office.home import open_office
from gsjx_tui.office.sheet import sheet
from terminal import Terminal, gsjx

pytestmark = pytest.mark.slow

JUNE = Month(2013, 6)


def typing(home: Path, text: str, until: str) -> Terminal:
    """Somebody who has saved one field and is typing in the next."""
    terminal = Terminal(gsjx(home))
    terminal.wait_for("合计")
    terminal.type("e", "E01 县")
    terminal.type("nn\t8\r", "已保存 E03 活动组织机构 自评 8")
    terminal.type(text, until)
    return terminal


def claims(home: Path) -> dict[str, tuple[str, str]]:
    """Value and note of the claims of E03 by item."""
    with open_office(home) as office:
        found = sheet(office, "E03", JUNE)
    return {
        item: (str(value), found.written["claim", (item, month, field)].note)
        for (item, month, field), value in found.cells["claim"].items()
    }


@pytest.mark.parametrize("how", ["hangup", "terminal closed", "terminated"])
def test_the_field_in_hand_is_saved_with_a_note(tmp_path: Path, how: str) -> None:
    home = a_home(tmp_path / "home")
    terminal = typing(home, "7", "本月 +25.00")

    if how == "terminal closed":
        os.close(terminal.fd)
    else:
        os.kill(terminal.pid, signal.SIGHUP if how == "hangup" else signal.SIGTERM)

    assert terminal.end() == 0
    assert claims(home) == {
        "study.b1.body": ("8.00", ""),
        "study.b2.plan": ("7.00", "断线时保存，请核对"),
    }


def test_what_cannot_stand_is_kept_and_shown_at_the_next_login(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    terminal = typing(home, "77", "超过上限")

    os.kill(terminal.pid, signal.SIGHUP)
    terminal.end()

    assert claims(home) == {"study.b1.body": ("8.00", "")}
    again = Terminal(gsjx(home))
    again.wait_for("上次断线时有一格没有保存")
    assert "活动方案" in again.text
    assert "“77”" in again.text
    os.kill(again.pid, signal.SIGKILL)
    again.end()
    assert not list(home.glob(".draft*"))


def test_a_killed_application_has_lost_nothing_that_it_called_saved(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    terminal = typing(home, "7", "本月 +25.00")

    os.kill(terminal.pid, signal.SIGKILL)
    terminal.end()

    assert claims(home) == {"study.b1.body": ("8.00", "")}


def test_a_burst_of_keys_does_what_the_same_keys_do_slowly(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    terminal = Terminal(gsjx(home))
    terminal.wait_for("合计")

    terminal.type("e", "E01 县")
    os.write(terminal.fd, b"nn\t8\r7\r6\r\x1b[C5\r\x1b[Dn4\r/czj\r1\x7f2\r")
    terminal.wait_for("已保存 E05")

    os.kill(terminal.pid, signal.SIGHUP)
    terminal.end()
    assert {item: value for item, (value, _) in claims(home).items()} == {
        "study.b1.body": "8.00",
        "study.b2.plan": "7.00",
        "study.b2.minutes": "6.00",
    }
    with open_office(home) as office:
        verified = sheet(office, "E03", JUNE).cells["verify"]
        fourth = sheet(office, "E04", JUNE).cells["claim"]
        fifth = sheet(office, "E05", JUNE).cells["claim"]
    assert verified == {("study.b2.study_plan", JUNE, "points"): 5}
    assert fourth == {("study.b1.body", JUNE, "points"): 4}
    assert fifth["study.b1.body", JUNE, "points"] == 2
