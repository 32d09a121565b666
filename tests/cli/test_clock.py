"""A clock that was set back: people are told, their work is kept in order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from clerk import JULY, Desk, assert_clear

from gsjx_tui.ledger.ledger import Ledger


def recorded_ahead(desk: Desk, ahead: timedelta) -> datetime:
    """Something was recorded while the clock ran so far ahead; when, it thought."""
    later = datetime.now(UTC).replace(tzinfo=None) + ahead
    with Ledger.open(desk.home / "ledger.duckdb") as ledger, ledger.act():
        ledger.append("returned", [("A01", JULY, "", "", "", "wang", later)])
    return later


def test_a_clock_far_behind_the_newest_act_is_told_and_the_act_is_done(june: Desk):
    later = recorded_ahead(june, timedelta(days=400, hours=1))

    ended = june.run("confirm", JULY)

    assert ended.code == 0
    assert ended.out.startswith("已核定 2013-07")
    assert_clear(ended.err, "系统时钟：显示 ", "早 400 天", "请管理员校准时钟")
    assert june.ask("select min(confirmed_at) from confirmation where month = '2013-07'") == [
        (later + timedelta(microseconds=1),)
    ]
    assert june.run("verify").code == 0


@pytest.mark.parametrize("ahead", [timedelta(hours=-1), timedelta(hours=23)])
def test_a_clock_a_little_behind_is_nothing_to_speak_of(june: Desk, ahead: timedelta):
    recorded_ahead(june, ahead)

    june.do("confirm", JULY)
