"""``gsjx backup``, ``gsjx restore`` and ``gsjx verify --anchor`` as people use them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from clerk import JULY, Desk, assert_clear, assert_refused, clean_environment, counts, process

CODE = re.compile(r"存证码 ((?:[0-9A-Z]{4}-){6}[0-9A-Z]{4})")


def backed_up(desk: Desk, *words: object) -> Path:
    """The folder of a backup that was made."""
    said = desk.do("backup", *words).out
    assert_clear(said.splitlines()[0], "已核对与账本一致")
    return Path(said.split("：")[0].removeprefix("已备份到 "))


def code_of(said: str) -> str:
    """The code that was printed."""
    found = CODE.search(said)
    assert found is not None
    return found[1]


# anchors ---------------------------------------------------------------------------------------


def test_an_anchor_is_printed_and_holds_later(june: Desk):
    said = june.do("verify", "--anchor").out
    code = code_of(said)
    assert said.startswith("账本无误：")
    june.do("confirm", JULY)

    later = june.do("verify", "--anchor", code.lower().replace("-", " ")).out

    assert "存证码相符：账本仍含 " in later
    assert "此后增加 " in later
    assert code_of(june.do("verify", "--anchor").out) != code


def test_an_anchor_that_was_mistyped_is_told_before_anything_is_proved(june: Desk):
    code = code_of(june.do("verify", "--anchor").out)
    slip = code.replace(code[0], "Z" if code[0] != "Z" else "Y", 1)

    assert_refused(june.run("verify", "--anchor", slip), "抄错了", "这不说明账本有问题")


def test_an_anchor_that_no_longer_holds_is_told(june: Desk):
    folder = backed_up(june)
    june.do("confirm", JULY)
    code = code_of(june.do("verify", "--anchor").out)
    june.do("restore", folder)

    assert_refused(june.run("verify", "--anchor", code), "存证码不符", "较早的备份")


# backup and restore ----------------------------------------------------------------------------


def test_a_backup_is_restored_after_the_ledger_was_spoilt(june: Desk):
    folder = backed_up(june)
    (june.home / "ledger.duckdb").write_bytes(bytes(50_000))
    assert_refused(june.run("rank"), "gsjx restore")

    said = june.do("restore", folder.name).out

    assert_clear(said.splitlines()[0], "已证明", "全部与记账相符")
    assert "现在的账本读不出" in said
    assert counts(june.home) == (6, 11, 7)
    june.do("verify")


def test_what_would_be_lost_is_shown_and_the_way_back_works(june: Desk):
    folder = backed_up(june)
    june.do("confirm", JULY)
    newer = counts(june.home)

    trial = june.do("restore", folder, "--dry-run").out
    assert "条是备份没有的，恢复后须重新录入。" in trial
    assert "只是查看，没有替换任何内容。" in trial
    assert counts(june.home) == newer

    said = june.do("restore", folder).out
    assert counts(june.home) == (6, 11, 7)
    back = re.search(r"运行 gsjx (restore \S+) --home ", said)
    assert back is not None
    assert "现在账本里的内容备份里都有。" in june.do(*back[1].split()).out
    assert counts(june.home) == newer


def test_backups_go_where_told_and_only_so_many_stay(june: Desk, tmp_path: Path):
    folders = [backed_up(june, "--into", tmp_path / "磁盘二") for _ in range(3)]

    said = june.do("backup", "--into", tmp_path / "磁盘二", "--keep", 2).out

    assert f"删去较早的备份 2 份：{folders[0].name}、{folders[1].name}。" in said
    assert folders[2] in (tmp_path / "磁盘二").iterdir()
    assert len(list((tmp_path / "磁盘二").iterdir())) == 2


def test_to_keep_no_backup_is_refused_before_one_is_made(june: Desk):
    assert_refused(june.run("backup", "--keep", 0), "至少保留 1 份")
    assert not (june.home / "备份").exists()


def test_what_is_no_backup_is_said(june: Desk, tmp_path: Path):
    assert_refused(june.run("restore", tmp_path / "nowhere"), "这里没有账本备份")
    assert counts(june.home) == (6, 11, 7)


def test_a_backup_can_be_looked_at_as_a_home(june: Desk):
    folder = backed_up(june)
    here = json.loads(june.do("rank", "--format", "json").out)

    assert process(folder, "rank", "--format", "json").data == here


@pytest.mark.slow
def test_a_ledger_killed_with_a_log_is_backed_up_with_what_is_in_it(june: Desk):
    holder = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from gsjx_tui.domain import Month\n"
        "from gsjx_tui.office.confirm import confirm\n"
        "from gsjx_tui.office.home import open_office\n"
        "office = open_office(Path(sys.argv[1]))\n"
        "confirm(office, Month.parse('2013-07'))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    command = [sys.executable, "-c", holder, str(june.home)]
    ended = subprocess.run(command, env=clean_environment(), check=False)
    assert ended.returncode == -9
    assert (june.home / "ledger.duckdb.wal").stat().st_size > 0

    folder = backed_up(june)

    assert counts(folder)[2] == counts(june.home)[2] == 14
    assert not (folder / "ledger.duckdb.wal").exists()
