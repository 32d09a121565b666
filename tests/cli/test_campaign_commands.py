"""Closing a campaign and opening it again by commands."""

from __future__ import annotations

from clerk import JUNE, Desk, assert_refused


def closed(desk: Desk) -> None:
    """Closed behind the back of all that would stand in the way."""
    from gsjx_tui.office.home import open_office

    with open_office(desk.home) as office, office.ledger.act() as now:
        office.ledger.append("campaign_step", [("", "closed", 1, "wang", now)])


def test_closing_is_refused_with_all_that_stands_in_the_way(june: Desk) -> None:
    refused = june.run("campaign", "close")

    assert_refused(refused, "活动还不能结束")
    assert "没有核定到 2014-06" in refused.err
    assert "gsjx publish --final" in refused.err


def test_a_closed_campaign_is_looked_at_and_not_written(june: Desk) -> None:
    before = june.do("rank", "--format", "json").data
    closed(june)

    assert_refused(june.run("confirm", "2013-07"), "结束，不能再写入")
    assert_refused(june.run("confirm", "2013-07", "--dry-run"), "结束，不能再写入")
    assert june.do("rank", "--format", "json").data == before
    june.do("verify")


def test_it_is_opened_again_with_a_reason(june: Desk) -> None:
    closed(june)
    assert june.run("campaign", "reopen").code == 2

    assert "曾由 wang 于" in june.do("campaign", "reopen", "--reason", "漏了").out

    june.do("correct", "--unit", "A02", "--item", "study.b1.body", "--month", JUNE,
            "--set", "points=5", "--reason", "复核")  # fmt: skip
    assert_refused(june.run("campaign", "reopen", "--reason", "再"), "没有结束")
