"""Quitting while the service hangs: soon, and with a word about what was not saved."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from seat import a_home

from serving import serving
from terminal import Terminal, gsjx

pytestmark = pytest.mark.slow

SOON = 10.0
"""Seconds: far less than a seat otherwise waits for a service, for a busy machine's sake."""


@pytest.mark.parametrize("hangs", [True, False])
def test_quitting_does_not_wait_for_a_service_that_hangs(tmp_path: Path, hangs: bool) -> None:
    home = a_home(tmp_path / "home")
    with serving(home) as service:
        terminal = Terminal(gsjx(home))
        terminal.wait_for("合计")
        terminal.type("e", "E01 县")
        terminal.type("nn\t8\r", "已保存 E03 活动组织机构 自评 8")
        terminal.type("7", "本月 +25.00")
        if hangs:
            service.process.send_signal(signal.SIGSTOP)
        start = time.monotonic()
        try:
            os.write(terminal.fd, b"\x03\x03")
            status = terminal.end()
            taken = time.monotonic() - start
        finally:
            service.process.send_signal(signal.SIGCONT)

    assert taken < SOON
    assert status == (1 if hangs else 0)
    said = terminal.output.decode(errors="replace")
    assert ("1 项没有保存" in said and "重启服务" in said) == hangs


def test_quitting_does_not_wait_for_a_screen_that_is_being_loaded(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    with serving(home) as service:
        terminal = Terminal(gsjx(home))
        terminal.wait_for("合计")
        service.process.send_signal(signal.SIGSTOP)
        try:
            terminal.type("e", "录入")
            start = time.monotonic()
            os.write(terminal.fd, b"n\x03\x03")
            status = terminal.end()
            taken = time.monotonic() - start
        finally:
            service.process.send_signal(signal.SIGCONT)

    assert taken < SOON
    assert status == 0
