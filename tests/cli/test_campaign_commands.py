"""Campaigns by commands: closed and opened again, listed, cloned, named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from clerk import JUNE, Desk, assert_refused

from builders import PROJECT


def closed(desk: Desk) -> None:
    """Closed behind the back of all that would stand in the way."""
    from gsjx_tui.office.home import open_office

    with open_office(desk.home) as office, office.ledger.act() as now:
        office.ledger.append("campaign_step", [("", "closed", 1, "wang", now)])


def test_closing_is_refused_with_all_that_stands_in_the_way(june: Desk) -> None:
    refused = june.run("campaign", "close")

    assert_refused(refused, "活动还不能结束")
    assert "没有核定 8 件：A01 甲局、A02 乙局、A03 丙局等" in refused.err
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


# several campaigns -----------------------------------------------------------------------------

CLONE = ("campaign", "clone", "gsjx-2013", "gsjx-2014", "--name", "2014年活动")


def test_a_clone_says_what_it_made_and_what_to_check(june: Desk) -> None:
    out = june.do(*CLONE).out

    assert "账本里已有活动 gsjx-2014 2014年活动：2014-06 至 2015-06" in out
    assert "人员名单是空的：用 gsjx --campaign gsjx-2014 staff add" in out
    for what in ("campaign.toml 的名称", "units.csv 的单位增减", "stage.toml 的月份"):
        assert what in out
    listed = june.do("campaign", "list", "--format", "json").data
    assert [(one["campaign"], one["confirmed_through"]) for one in listed] == [
        ("gsjx-2013", JUNE),
        ("gsjx-2014", None),
    ]
    assert "进行中" in june.do("campaign", "list").out


def test_a_command_is_about_the_campaign_that_is_named_or_open(
    june: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    june.do(*CLONE)
    assert_refused(june.run("rank"), "有 2 个活动在进行：gsjx-2013")
    assert_refused(june.run("--campaign", "nothing", "rank"), "没有活动“nothing”")
    june.do("--campaign", "gsjx-2014", "confirm", "2014-06")
    assert june.do("rank", "--campaign", "gsjx-2013", "--format", "json").data[0]["unit"]

    monkeypatch.setenv("GSJX_CAMPAIGN", "gsjx-2014")
    assert "2014-06 至 2014-06" in june.do("rank").out
    monkeypatch.delenv("GSJX_CAMPAIGN")

    closed(june)
    assert "2014-06 至 2014-06" in june.do("rank").out


def test_verify_proves_every_campaign_unless_one_is_named(june: Desk) -> None:
    june.do(*CLONE)

    both = june.do("verify").out
    assert both.count("账本无误") == 2
    assert "gsjx-2014 2014年活动：" in both
    assert june.do("--campaign", "gsjx-2014", "verify").out.count("账本无误") == 1
    code = re.search(r"存证码 (\S+)", june.do("verify", "--anchor").out)
    assert code is not None
    june.do("--campaign", "gsjx-2013", "verify", "--anchor", code[1])


def test_a_command_of_the_whole_home_takes_no_campaign(june: Desk) -> None:
    june.do(*CLONE)

    assert_refused(june.run("--campaign", "gsjx-2014", "backup"), "不能用 --campaign")
    assert june.run("backup", "--campaign", "gsjx-2014").code == 2
    made = june.do("backup").out
    assert "已备份到" in made
    june.do("restore", re.search(r"已备份到 (\S+?)：", made)[1])  # type: ignore[index]


def test_init_keeps_its_own_campaign(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = Desk(tmp_path / "home", capsys)
    ended = desk.run("init", "--campaign", PROJECT / "data" / "campaign.toml")

    assert ended.code == 0
