"""Proving the ledger: sound ones pass, whatever was tampered with or no longer fits is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from builders import (
    AUGUST,
    JULY,
    JUNE,
    a_campaign,
    a_plugin,
    a_roster,
    a_stage,
    a_unit,
    an_office,
    confirmed,
    observed,
    recorded,
    reopened,
)
from gsjx_tui.errors import StateError
from gsjx_tui.ledger.chain import Head, link
from gsjx_tui.ledger.ledger import CHAINS
from gsjx_tui.office.correct import correct
from gsjx_tui.office.home import Office, open_office
from gsjx_tui.office.verify import verify

BODY = "study.b1.body"


def an_office_under_way(tmp_path: Path) -> Office:
    """A1 and A2, observed, confirmed for June and July, A1 corrected."""
    office = an_office(tmp_path, a_unit("A1"), a_unit("A2"))
    for unit in ("A1", "A2"):
        recorded(office, observed(BODY, 8, unit=unit, kind="claim"))
        recorded(office, observed("study.b3.briefs", unit=unit, month=JULY, count=4))
    confirmed(office, JUNE, JULY)
    correct(office, "A1", BODY, JUNE, {"points": "5"}, "复核")
    return office


def faults(office: Office) -> list[str]:
    """What proving finds wrong, as people read it."""
    with pytest.raises(StateError) as refused:
        verify(office)
    assert refused.value.heading == f"账本有 {len(refused.value.faults)} 处不符："
    return [str(fault) for fault in refused.value.faults]


def tampered(office: Office, *statements: str, chained_anew: str = "") -> Office:
    """The office closed, its file changed behind its back (and a chain mended), and reopened."""
    office.close()
    with duckdb.connect(str(office.ledger.path)) as connection:
        for statement in statements:
            connection.execute(statement)
        if chained_anew:
            _chain_anew(connection, chained_anew)
    return open_office(office.home)


def _chain_anew(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Numbers and hashes of a table as if all its rows had always been so."""
    columns = f"select * exclude (seq, hash) from {table} order by seq"
    rows = connection.execute(columns).fetchall()
    connection.execute(f"delete from {table}")
    for head, row in link(Head(), rows):
        marks = ", ".join("?" * (len(row) + 2))
        connection.execute(f"insert into {table} values ({marks})", [head.seq, *row, head.hash])


# a sound ledger --------------------------------------------------------------------------------


def test_an_empty_ledger_is_sound(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        proof = verify(office)

    assert (proof.figures, proof.months) == (0, 0)
    assert proof.heads == {table: Head() for table in CHAINS}


def test_a_proof_says_how_much_was_compared_and_where_the_chains_end(tmp_path: Path) -> None:
    with an_office_under_way(tmp_path) as office:
        proof = verify(office)

        assert proof.months == 4
        assert proof.figures == 4 * 27
        assert proof.heads == {table: office.ledger.head(table) for table in CHAINS}
        numbers = {table: head.seq for table, head in proof.heads.items() if head.seq}
        assert numbers == {"observation": 5, "posting": 7, "confirmation": 4, "rubric_in_force": 1}


def test_progress_is_told_stage_by_stage(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    with an_office(tmp_path) as office:
        verify(office, lambda done, total: told.append((done, total)))

    assert told == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_chain_mended_without_a_change_is_the_same_chain(tmp_path: Path) -> None:
    office = an_office_under_way(tmp_path)
    heads = verify(office).heads

    for table in CHAINS:
        office = tampered(office, chained_anew=table)

    with office:
        assert verify(office).heads == heads


# touched rows ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "change", "told"),
    [
        ("observation", "note = 'x'", "考核记录第 2 条（A1 2013-07）"),
        ("posting", "reason = 'x'", "记账第 2 条（A1 2013-06）"),
        ("confirmation", "confirmed_by = 'x'", "核定第 2 条（A2 2013-06）"),
    ],
)
def test_a_touched_row_is_told_though_no_figure_changed(
    tmp_path: Path, table: str, change: str, told: str
) -> None:
    office = an_office_under_way(tmp_path)

    with tampered(office, f"update {table} set {change} where seq = 2") as office:
        assert faults(office) == [
            f"{told}：与链不符，这条或它之前的内容被改动、删去或插入；停止使用，从备份恢复。"
        ]


@pytest.mark.parametrize(
    ("table", "statement", "told"),
    [
        pytest.param(
            "posting",
            "update posting set points = points + 1 where seq = 1",
            "A1 A1局 study.b1.body 至 2013-06：记账合计 6.00，重算应为 5.00",
            id="a posting raised",
        ),
        pytest.param(
            "posting",
            "delete from posting where seq = (select max(seq) from posting)",
            "A1 A1局 study.b1.body 至 2013-06：记账合计 8.00，重算应为 5.00",
            id="the newest posting gone",
        ),
        pytest.param(
            "posting",
            "insert into posting select * replace (99 as seq, {now} as posted_at, "
            "'study.b2.plan' as item) "
            "from posting where seq = 1",
            "A1 A1局 study.b2.plan 至 2013-06：记账合计 8.00，重算应为 0.00",
            id="a posting added",
        ),
        pytest.param(
            "posting",
            "insert into posting select * replace (99 as seq, {now} as posted_at, "
            "'no.such.item' as item) "
            "from posting where seq = 1",
            "A1 A1局 no.such.item 至 2013-06：记账合计 8.00，重算应为 0.00",
            id="a posting of an item nobody knows",
        ),
        pytest.param(
            "posting",
            "insert into posting select * replace (99 as seq, {now} as posted_at, "
            "'2013-08' as month) "
            "from posting where seq = 1",
            "A1 A1局 2013-08：有记账而没有核定",
            id="a posting in an open month",
        ),
        pytest.param(
            "posting",
            "insert into posting select * replace (99 as seq, {now} as posted_at, "
            "'A9' as unit) "
            "from posting where seq = 1",
            "A9 2013-06：有核定或记账，名册里却没有这个单位",
            id="a posting of a unit nobody knows",
        ),
        pytest.param(
            "posting",
            "update posting set month = '2013-07' where item = 'study.b1.body' and unit = 'A2'",
            "A2 A2局 study.b1.body 至 2013-06：记账合计 0.00，重算应为 8.00",
            id="a posting moved to another month",
        ),
        pytest.param(
            "observation",
            "update observation set value = 9 where seq = 1",
            None,
            id="a claim changed that a verification has overtaken",
        ),
        pytest.param(
            "observation",
            "update observation set value = 9 where unit = 'A2' and item = 'study.b1.body'",
            "A2 A2局 study.b1.body 至 2013-06：记账合计 8.00，重算应为 9.00",
            id="an observation changed",
        ),
        pytest.param(
            "observation",
            "delete from observation where seq = (select max(seq) from observation)",
            "A1 A1局 study.b1.body 至 2013-06：记账合计 5.00，重算应为 8.00",
            id="the newest observation gone",
        ),
        pytest.param(
            "confirmation",
            "delete from confirmation where seq = (select max(seq) from confirmation)",
            "A2 A2局 2013-07：有记账而没有核定",
            id="the newest confirmation gone",
        ),
        pytest.param(
            "confirmation",
            "delete from confirmation where unit = 'A1' and month = '2013-06'",
            "A1 A1局 2013-06：没有核定，而 2013-07 已核定",
            id="an earlier confirmation gone",
        ),
        pytest.param(
            "confirmation",
            "insert into confirmation select * replace (99 as seq, {now} as confirmed_at, "
            "'A9' as unit) "
            "from confirmation where seq = 1",
            "A9 2013-06：有核定或记账，名册里却没有这个单位",
            id="a confirmation of a unit nobody knows",
        ),
    ],
)
def test_a_change_is_told_though_the_whole_chain_was_made_to_fit(
    tmp_path: Path, table: str, statement: str, told: str | None
) -> None:
    office = an_office_under_way(tmp_path)

    statement = statement.format(now="now()::timestamp")
    with tampered(office, statement, chained_anew=table) as office:
        if told is None:
            verify(office)
        else:
            found = faults(office)
            assert any(fault.startswith(told) for fault in found), found
            assert not any("与链不符" in fault for fault in found)


def test_everything_that_is_wrong_is_told_in_one_error(tmp_path: Path) -> None:
    office = an_office_under_way(tmp_path)

    with tampered(
        office,
        "update posting set points = 7 where seq = 1",
        "update confirmation set confirmed_by = 'x' where seq = 4",
    ) as office:
        found = faults(office)

    assert [fault.split("：")[0] for fault in found] == [
        "记账第 1 条（A1 2013-06）",
        "核定第 4 条（A2 2013-07）",
        "A1 A1局 study.b1.body 至 2013-06",
        "A1 A1局 study.b1.body 至 2013-07",
    ]


# what no longer fits ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda office: reopened(office), id="nothing"),
        pytest.param(
            lambda office: reopened(office, campaign=a_campaign(award_places=3)), id="awards"
        ),
        pytest.param(
            lambda office: reopened(
                office, roster=a_roster(a_unit("A1", through=JULY), a_unit("A2"))
            ),
            id="a unit leaves",
        ),
        pytest.param(
            lambda office: reopened(
                office, roster=a_roster(a_unit("A1"), a_unit("A2"), a_unit("A3"))
            ),
            id="a unit comes",
        ),
    ],
)
def test_a_change_of_the_campaign_is_proved_against_what_was_posted(
    tmp_path: Path, change: Callable[[Office], Office]
) -> None:
    with change(an_office_under_way(tmp_path)) as office:
        assert verify(office).months == 4


def test_claims_arent_rejected_in_passing_once_months_are_confirmed(tmp_path: Path) -> None:
    office = an_office_under_way(tmp_path)

    with pytest.raises(StateError, match="活动 的 unverified_claims 由 accept 改为 reject"):
        reopened(office, campaign=a_campaign(unverified_claims="reject"))


def test_a_rubric_changed_after_confirming_isnt_even_opened(tmp_path: Path) -> None:
    counted = {"id": "news", "rule": "tally", "weights": {"count": 2}}
    campaign = a_campaign(["trial"], points=0)
    folder = a_plugin(tmp_path, "mine", stage=a_stage(counted, points=0))
    with an_office(tmp_path, campaign=campaign, folders=[folder]) as office:
        recorded(office, observed("trial.b1.news", count=3))
        confirmed(office, JUNE)
        home = office.home
    heavier = a_stage({**counted, "weights": {"count": 3}}, points=0)
    (folder / "mine" / "stage.toml").write_text(heavier, "utf-8")

    with pytest.raises(StateError, match=r"要点 trial\.b1\.news 的 weights 由") as refused:
        open_office(home, [folder])

    assert "gsjx rubric --accept" in str(refused.value)


def test_a_unit_that_comes_and_goes_is_proved_within_its_months(tmp_path: Path) -> None:
    units = a_unit("A1", since=JULY, through=AUGUST), a_unit("A2")

    with an_office(tmp_path, *units) as office:
        recorded(office, observed("study.b3.briefs", month=JULY, count=1))
        confirmed(office, JUNE, JULY, AUGUST, "2013-09")

        assert verify(office).months == 2 + 4


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("update unit_edition set category = 'support' where code = 'A2'", "单位 A2"),
        ("update unit_edition set position = 3 - position", "单位 A1"),
        ("delete from unit_edition where code = 'A2'", "单位 A2"),
        ("update category_edition set superior_letter = not superior_letter", "类别 central"),
        ("update edition set award_places = 5", "活动 test"),
        (
            "update item_edition set points = 99 where id = 'study.b1.body'",
            "考核要点 study.b1.body",
        ),
        ("update indicator_edition set name = 'x' where id = 'study.b1'", "考核指标 study.b1"),
        ("update stage_edition set last_month = '2013-06' where id = 'study'", "阶段 study"),
        (
            "create or replace view unit as select * exclude (edition) replace "
            "('support' as category) from unit_edition",
            "单位 A1",
        ),
    ],
)
def test_what_the_ledger_ranks_by_is_that_of_the_files(
    tmp_path: Path, statement: str, told: str
) -> None:
    office = an_office_under_way(tmp_path)

    with tampered(office, statement) as office:
        found = faults(office)

    assert f"{told}：账本里采用的与活动文件、名册、评分表不同；停止使用，从备份恢复。" in found
