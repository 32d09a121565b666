"""Ctrl-C while DuckDB works: Python's own way of saying so, not an error of DuckDB's."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from builders import an_office

ENDLESS = "select count(*) from range(20000000000) where hash(range) = 3"


@pytest.fixture(autouse=True)
def _ctrl_c_is_heard() -> Iterator[None]:
    """Also where the tests were started with it ignored, as in a shell's background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_in_a_query_is_a_keyboard_interrupt_and_the_ledger_goes_on(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            office.ledger.query(ENDLESS)
        timer.join()

        assert office.ledger.query("select 1") == [(1,)]
