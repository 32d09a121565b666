"""A code on paper held against the ledger: what was there is still there, or it is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from builders import JULY, JUNE, a_unit, an_office, confirmed, observed, recorded
from gsjx_tui.errors import StateError
from gsjx_tui.ledger.chain import Head, link
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.office.anchor import Anchored, anchored, hold
from gsjx_tui.office.home import Office, open_office
from gsjx_tui.office.verify import verify

BODY = "study.b1.body"


def an_office_under_way(tmp_path: Path) -> Office:
    """A1 observed and confirmed for June, observed for July."""
    office = an_office(tmp_path, a_unit("A1"))
    recorded(office, observed(BODY, 8))
    confirmed(office, JUNE)
    recorded(office, observed("study.b3.briefs", month=JULY, count=4))
    return office


def anchor(ledger: Ledger) -> Anchored:
    """The code of a ledger that has one."""
    found = anchored(ledger)
    assert found is not None
    return found


def refusal(office: Office, code: str) -> str:
    """What a ledger says to a code it doesn't hold."""
    with pytest.raises(StateError) as refused:
        hold(office.ledger, code)
    return str(refused.value)


def test_a_code_holds_at_once_and_says_how_much_it_stands_for(tmp_path: Path) -> None:
    with an_office_under_way(tmp_path) as office:
        found = anchor(office.ledger)
        held = hold(office.ledger, found.code)

    assert held.anchored == found
    assert (found.rows, held.since) == (2 + 2 + 1 + 1, 0)


def test_a_code_holds_whatever_comes_after(tmp_path: Path) -> None:
    with an_office_under_way(tmp_path) as office:
        found = anchor(office.ledger)
        recorded(office, observed(BODY, 5, month=JULY))
        confirmed(office, JULY)

        proof = verify(office, anchor=found.code)

        assert proof.held is not None
        assert proof.held.anchored == found
        assert proof.held.since >= 3
        assert anchor(office.ledger).code != found.code


def test_there_is_no_code_of_nothing(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        assert anchored(office.ledger) is None
        assert verify(office).anchored is None


def test_a_slip_of_the_pen_is_not_told_as_a_false_ledger(tmp_path: Path) -> None:
    with an_office_under_way(tmp_path) as office:
        code = anchor(office.ledger).code
        slip = code[:-1] + ("0" if code[-1] != "0" else "1")

        said = refusal(office, slip)

    assert "抄错了" in said
    assert "这不说明账本有问题" in said


def test_an_older_backup_in_the_ledgers_place_is_told(tmp_path: Path) -> None:
    with an_office_under_way(tmp_path) as office:
        home = office.home
    shutil.copy(home / "ledger.duckdb", tmp_path / "older.duckdb")
    with open_office(home) as office:
        recorded(office, observed(BODY, 5, month=JULY))
        code = anchor(office.ledger).code
    shutil.copy(tmp_path / "older.duckdb", home / "ledger.duckdb")

    with open_office(home) as office:
        assert verify(office).months == 1  # whole in itself
        assert "账本换成了较早的备份" in refusal(office, code)


def test_the_older_backup_is_told_though_work_went_on_in_it(tmp_path: Path) -> None:
    with an_office_under_way(tmp_path) as office:
        home = office.home
    shutil.copy(home / "ledger.duckdb", tmp_path / "older.duckdb")
    with open_office(home) as office:
        recorded(office, observed(BODY, 5, month=JULY))
        code = anchor(office.ledger).code
    shutil.copy(tmp_path / "older.duckdb", home / "ledger.duckdb")

    with open_office(home) as office:
        recorded(office, observed(BODY, 5, month=JULY))
        assert "账本里没有" in refusal(office, code)


def test_a_history_written_anew_is_told(tmp_path: Path) -> None:
    """One value is another, every hash after it made to fit, the instants as they were."""
    with an_office_under_way(tmp_path) as office:
        home, code = office.home, anchor(office.ledger).code
    with duckdb.connect(str(home / "ledger.duckdb")) as connection:
        columns = "select * exclude (seq, hash) from confirmation order by seq"
        ((unit, month, _, at),) = connection.execute(columns).fetchall()
        ((head, _),) = link(Head(), [(unit, month, "li", at)])
        connection.execute(f"update confirmation set confirmed_by = 'li', hash = '{head.hash}'")

    with open_office(home) as office:
        assert verify(office).months == 1
        assert "历史被改动、删去、插入或替换" in refusal(office, code)
        with pytest.raises(StateError, match="存证码不符"):
            verify(office, anchor=code)


def test_an_empty_ledger_in_the_ledgers_place_is_told(tmp_path: Path) -> None:
    with an_office_under_way(tmp_path) as office:
        code = anchor(office.ledger).code
    (tmp_path / "other").mkdir()

    with an_office(tmp_path / "other", a_unit("A1")) as office:
        assert "现在的账本是空的" in refusal(office, code)
