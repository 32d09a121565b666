"""The chain of hashes: what it is made of, and that SQL finds every row that was touched."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gsjx_tui.ledger import migrate
from gsjx_tui.ledger.chain import Head, link
from gsjx_tui.ledger.ledger import CHAINS, Ledger
from gsjx_tui.ledger.proof import broken_links

AT = datetime(2013, 8, 5, 9, 30, 0, 250)

ROWS: dict[str, list[tuple[object, ...]]] = {
    "observation": [
        ("A1", "2013-06", f"study.b1.item{n}", "points", "claim", Decimal("5.00"), "附件", "entry",
         "wang", AT) for n in range(5)
    ],
    "posting": [
        ("A1", "2013-06", f"study.b1.item{n}", Decimal("5.00"), "confirm", "", "wang", AT)
        for n in range(5)
    ],
    "confirmation": [(f"A{n}", "2013-06", "wang", AT) for n in range(5)],
    "event": [
        ("A1", "2013-06", "study.e4.praise", "count", f"2013-06-0{n + 1}", "县委办", "1号", "a.pdf",
         "0a", "档案柜", "", "wang", AT) for n in range(5)
    ],
    "withdrawal": [("A1", "2013-06", "event", n, "重复", "wang", AT) for n in range(5)],
    "returned": [
        ("A1", "2013-06", f"study.b1.item{n}", "缺附件", "2013-07-05", "wang", AT) for n in range(5)
    ],
    "staff": [(f"li{n}", "录入", "reporter", "A1", "wang", AT) for n in range(5)],
    "draw": [(f"种子{n}", "2013-06", 3, 5, "[]", "wang", AT) for n in range(5)],
    "drawn": [("A1", "2013-06", f"study.b1.item{n}", 1, "wang", AT) for n in range(5)],
    "objection": [
        ("A1", "2013-06", f"study.b1.item{n}", "有会议记录", "2013-08-01", "wang", AT)
        for n in range(5)
    ],
    "objection_step": [
        ("A1", "2013-06", n, "decided", "upheld", "属实", 7, "wang", AT)
        for n in range(5)
    ],
    "publication": [
        ("累计排名", "2013-06", "month", "", n + 1, "", "[]", "0a", "7Q4M", "wang", AT)
        for n in range(5)
    ],
    "followup": [
        ("A1", "2013-06", f"stage{n}", "economy", "key_rectification", 2, 1, "wang", AT)
        for n in range(5)
    ],
    "followup_step": [
        ("A1", "2013-06", n, "talk", "principal", "2013-08-01", "甲", "记录", "2013-08-31",
         "wang", AT)
        for n in range(5)
    ],
    "ballot_count": [
        ("A1", "2013-06", f"study.b1.item{n}", 9, 1, Decimal("84.50"), Decimal("8.45"), 7,
         "票.xlsx", "0a", "wang", AT)
        for n in range(5)
    ],
    "ballot_line": [
        ("A1", "2013-06", n, "peer", 30, 5, 3, Decimal("84.50"), "wang", AT)
        for n in range(5)
    ],
    "rubric_in_force": [(f"{n}" * 64, "{}", "{}", "改分值", "wang", AT) for n in range(5)],
    "campaign_step": [(f"有误{n}", "reopened", n, "wang", AT) for n in range(5)],
}  # fmt: skip
"""Five rows for each chain."""

COLUMNS = {
    "observation": {
        "unit": "'A9'",
        "month": "'2013-07'",
        "item": "'study.b1.other'",
        "field": "'count'",
        "kind": "'verify'",
        "value": "5.01",
        "note": "'附'",
        "source": "'import'",
        "recorded_by": "'li'",
        "recorded_at": "timestamp '2013-08-05 09:30:00.000251'",
        "hash": "repeat('0', 64)",
    },
    "posting": {
        "unit": "'A9'",
        "month": "'2013-07'",
        "item": "'study.b1.other'",
        "points": "-5.00",
        "origin": "'correct'",
        "reason": "' '",
        "posted_by": "'li'",
        "posted_at": "timestamp '2013-08-05 09:30:00.000249'",
        "hash": "repeat('0', 64)",
    },
    "confirmation": {
        "unit": "'A9'",
        "month": "'2013-07'",
        "confirmed_by": "'li'",
        "confirmed_at": "timestamp '2013-08-05 09:30:01'",
        "hash": "repeat('0', 64)",
    },
    "event": {
        "unit": "'A9'",
        "month": "'2013-07'",
        "item": "'study.e4.complaint'",
        "field": "'adopted'",
        "happened_on": "'2013-06-09'",
        "origin": "'县政府办'",
        "document": "'2号'",
        "file_name": "'b.pdf'",
        "file_sha256": "'0b'",
        "kept_at": "'别处'",
        "note": "' '",
        "registered_by": "'li'",
        "registered_at": "timestamp '2013-08-05 09:30:01'",
        "hash": "repeat('0', 64)",
    },
    "withdrawal": {
        "unit": "'A9'",
        "month": "'2013-07'",
        "what": "'observation'",
        "target": "9",
        "reason": "''",
        "withdrawn_by": "'li'",
        "withdrawn_at": "timestamp '2013-08-05 09:30:01'",
        "hash": "repeat('0', 64)",
    },
    "returned": {
        "unit": "'A9'",
        "month": "'2013-07'",
        "item": "''",
        "reason": "''",
        "deadline": "''",
        "returned_by": "'li'",
        "returned_at": "timestamp '2013-08-05 09:30:01'",
        "hash": "repeat('0', 64)",
    },
    "staff": {
        "login": "'zhao'",
        "name": "'复核'",
        "role": "'admin'",
        "unit": "'A2'",
        "changed_by": "'li'",
        "changed_at": "timestamp '2013-08-05 09:30:01'",
        "hash": "repeat('0', 64)",
    },
    "draw": {
        "seed": "'A9'",
        "month": "'2013-07'",
        "units": "4",
        "items": "6",
        "pool": "'[1]'",
        "drawn_by": "'li'",
        "drawn_at": "timestamp '2013-08-05 09:30:01'",
        "hash": "repeat('0', 64)",
    },
    "drawn": {
        "unit": "'A9'",
        "month": "'2013-07'",
        "item": "'study.b1.other'",
        "draw": "2",
        "drawn_by": "'li'",
        "drawn_at": "timestamp '2013-08-05 09:30:01'",
        "hash": "repeat('0', 64)",
    },
    "objection": {
        "unit": "'A9'",
        "month": "'2013-07'",
        "item": "''",
        "grounds": "''",
        "filed_on": "'2013-08-02'",
        "filed_by": "'li'",
        "filed_at": "timestamp '2013-08-05 09:30:01'",
        "hash": "repeat('0', 64)",
    },
    "objection_step": {
        "unit": "'A9'",
        "month": "'2013-07'",
        "objection": "9",
        "what": "'withdrawn'",
        "decision": "'rejected'",
        "text": "''",
        "correction": "0",
        "done_by": "'li'",
        "done_at": "timestamp '2013-08-05 09:30:01'",
        "hash": "repeat('0', 64)",
    },
    "publication": {
        "title": "'A9'",
        "month": "'2013-07'",
        "scope": "'stage'",
        "stage": "'study'",
        "edition": "9",
        "note": "'更正'",
        "content": "'[1]'",
        "sha256": "'0b'",
        "code": "'7Q4N'",
        "published_by": "'li'",
        "published_at": "timestamp '2013-08-05 09:30:01'",
        "hash": "repeat('0', 64)",
    },
    "followup": {
        "unit": "'A9'",
        "month": "'2013-07'",
        "stage": "'other'",
        "category": "'support'",
        "kind": "'final_last'",
        "shared_by": "1",
        "publication": "2",
        "opened_by": "'li'",
        "opened_at": "timestamp '2013-08-05 09:30:01'",
        "hash": "repeat('0', 64)",
    },
    "followup_step": {
        "unit": "'A9'",
        "month": "'2013-07'",
        "followup": "9",
        "what": "'notice'",
        "subject": "'leader'",
        "happened_on": "'2013-08-02'",
        "person": "'乙'",
        "text": "''",
        "deadline": "''",
        "done_by": "'li'",
        "done_at": "timestamp '2013-08-05 09:30:01'",
        "hash": "repeat('0', 64)",
    },
    "ballot_count": {
        "unit": "'A9'",
        "month": "'2013-07'",
        "item": "'study.b1.other'",
        "ballots": "8",
        "trim": "0",
        "score": "84.51",
        "points": "8.46",
        "observation": "9",
        "file_name": "'b'",
        "file_sha256": "'0b'",
        "counted_by": "'li'",
        "counted_at": "timestamp '2013-08-05 09:30:01'",
        "hash": "repeat('0', 64)",
    },
    "ballot_line": {
        "unit": "'A9'",
        "month": "'2013-07'",
        "count": "9",
        "groups": "'served'",
        "weight": "20",
        "ballots": "6",
        "counted": "4",
        "mean": "84.51",
        "counted_by": "'li'",
        "counted_at": "timestamp '2013-08-05 09:30:01'",
        "hash": "repeat('0', 64)",
    },
    "rubric_in_force": {
        "digest": "repeat('1', 64)",
        "content": "'[]'",
        "effect": "'[]'",
        "reason": "'不改'",
        "accepted_by": "'li'",
        "accepted_at": "timestamp '2013-08-05 09:30:01'",
        "hash": "repeat('0', 64)",
    },
    "campaign_step": {
        "reason": "'又'",
        "what": "'closed'",
        "publication": "9",
        "done_by": "'li'",
        "done_at": "timestamp '2013-08-05 09:30:01'",
        "hash": "repeat('0', 64)",
    },
}
"""Another value for each column, as SQL writes it."""


def a_ledger(tmp_path: Path) -> Path:
    """A closed ledger with five rows in each chain."""
    path = tmp_path / "ledger.duckdb"
    if not _FILLED:
        with Ledger.create(path) as ledger, ledger.act():
            for table, rows in ROWS.items():
                ledger.append(table, rows)
        _FILLED.append(path.read_bytes())
    path.write_bytes(_FILLED[0])
    return path


_FILLED: list[bytes] = []
"""The file of the first such ledger, to save making it again."""


def tampered(path: Path, *statements: str) -> None:
    """Changes the file behind the program's back."""
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)


def found_by_sql(path: Path, table: str) -> list[int]:
    """The numbers of the rows that don't follow from the row before."""
    with Ledger.open(path, read_only=True) as ledger:
        return [seq for seq, _, _ in broken_links(ledger, table)]


# what a link is made of ------------------------------------------------------------------------


def test_a_hash_covers_the_hash_before_the_number_and_the_columns() -> None:
    rows = [("A1", "2013-06", Decimal("2.50"), datetime(1970, 1, 1, 0, 0, 1))]

    ((head, row),) = link(Head(6, "abc"), rows)

    text = "\x1f".join(["abc", "7", "A1", "2013-06", "2.50", "1000000"])
    assert head == Head(7, hashlib.sha256(text.encode()).hexdigest())
    assert row == rows[0]


def test_the_first_link_hangs_on_nothing() -> None:
    ((head, _),) = link(Head(), [("甲",)])

    assert head == Head(1, hashlib.sha256("\x1f1\x1f甲".encode()).hexdigest())


def test_each_link_hangs_on_the_one_before() -> None:
    first, second = (head for head, _ in link(Head(), [("a",), ("b",)]))
    ((after_first, _),) = link(first, [("b",)])

    assert after_first == second
    assert first.hash != second.hash


def test_a_text_with_the_separator_has_no_place_in_a_chain() -> None:
    with pytest.raises(ValueError, match=r"U\+001F"):
        list(link(Head(), [("A1\x1f2013-06", "")]))


@pytest.mark.parametrize(
    ("value", "kept"), [("-0", "0.00"), ("-0.00", "0.00"), ("5", "5.00"), ("2.5", "2.50")]
)
def test_numbers_are_hashed_as_the_ledger_keeps_them(value: str, kept: str) -> None:
    ((head, _),) = link(Head(), [(Decimal(value),)])
    ((as_kept, _),) = link(Head(), [(kept,)])

    assert head == as_kept


# Python and SQL agree --------------------------------------------------------------------------

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
amounts = st.decimals("-9999999999.99", "9999999999.99", places=2) | st.sampled_from(
    [Decimal("-0"), Decimal("-0.00"), Decimal(7)]
)
instants = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1))
observations = st.tuples(
    texts, texts, texts, texts, st.sampled_from(["claim", "verify"]), amounts, texts,
    st.sampled_from(["entry", "import", "correct"]), texts, instants,
)  # fmt: skip
postings = st.tuples(
    texts, texts, texts, amounts, st.sampled_from(["confirm", "correct"]), texts, texts, instants
)
confirmations = st.tuples(texts, texts, texts, instants)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with Ledger.create(tmp_path_factory.mktemp("chain") / "ledger.duckdb") as ledger:
        yield ledger


class Undo(Exception):
    """Ends an act without keeping anything: the next example finds the ledger empty."""


@settings(max_examples=40)
@given(
    seen=st.lists(observations, max_size=5),
    posted=st.lists(postings, max_size=5),
    confirmed=st.lists(confirmations, max_size=5),
)
def test_whatever_is_appended_sql_finds_the_chain_whole(
    ledger: Ledger,
    seen: Sequence[tuple[object, ...]],
    posted: Sequence[tuple[object, ...]],
    confirmed: Sequence[tuple[object, ...]],
) -> None:
    with pytest.raises(Undo), ledger.act():
        for table, unsorted in zip(CHAINS, (seen, posted, confirmed), strict=False):
            rows = sorted(unsorted, key=lambda row: row[-1])
            ledger.append(table, rows[:1])
            ledger.append(table, rows[1:])

        assert [broken_links(ledger, table) for table in CHAINS] == [[] for _ in CHAINS]
        raise Undo


# what SQL finds --------------------------------------------------------------------------------


@pytest.mark.parametrize("table", CHAINS)
def test_a_sound_chain_has_nothing_to_tell(tmp_path: Path, table: str) -> None:
    assert found_by_sql(a_ledger(tmp_path), table) == []


@pytest.mark.parametrize("table", CHAINS)
def test_an_empty_chain_is_sound(tmp_path: Path, table: str) -> None:
    Ledger.create(tmp_path / "ledger.duckdb").close()

    assert found_by_sql(tmp_path / "ledger.duckdb", table) == []


def test_every_column_has_another_value_here() -> None:
    with duckdb.connect() as connection:
        migrate.apply(connection, after=0)
        for table in CHAINS:
            names = {name for name, *_ in connection.execute(f"describe {table}").fetchall()}
            assert names == {"seq", *COLUMNS[table]}


@pytest.mark.parametrize(
    ("table", "column"), [(table, column) for table in CHAINS for column in COLUMNS[table]]
)
def test_a_changed_value_is_found_in_every_column(tmp_path: Path, table: str, column: str) -> None:
    path = a_ledger(tmp_path)

    tampered(path, f"update {table} set {column} = {COLUMNS[table][column]} where seq = 3")

    assert 3 in found_by_sql(path, table)


@pytest.mark.parametrize("table", CHAINS)
def test_a_changed_row_with_a_hash_made_to_fit_is_found_at_the_next(
    tmp_path: Path, table: str
) -> None:
    path = a_ledger(tmp_path)
    with Ledger.open(path) as ledger:
        before = Head(2, ledger.ask(f"select hash from {table} where seq = 2")[1][0][0])
    forged = ("A9", *ROWS[table][2][1:])
    ((head, _),) = link(before, [forged])

    first = next(iter(COLUMNS[table]))
    tampered(path, f"update {table} set {first} = 'A9', hash = '{head.hash}' where seq = 3")

    assert found_by_sql(path, table) == [4]


@pytest.mark.parametrize("table", CHAINS)
@pytest.mark.parametrize("seq", [1, 3])
def test_a_removed_row_is_found(tmp_path: Path, table: str, seq: int) -> None:
    path = a_ledger(tmp_path)

    tampered(path, f"delete from {table} where seq = {seq}")

    assert seq + 1 in found_by_sql(path, table)


@pytest.mark.parametrize("table", CHAINS)
def test_a_removed_row_is_found_though_the_others_were_numbered_anew(
    tmp_path: Path, table: str
) -> None:
    path = a_ledger(tmp_path)

    tampered(
        path,
        f"delete from {table} where seq = 3",
        f"update {table} set seq = seq - 1 where seq > 3",
    )

    assert 3 in found_by_sql(path, table)


@pytest.mark.parametrize("table", CHAINS)
def test_a_gap_in_the_numbers_is_found_though_every_hash_was_made_to_fit(
    tmp_path: Path, table: str
) -> None:
    path = a_ledger(tmp_path)
    statements = [f"delete from {table} where seq = 3"]
    before = ""
    for seq in (1, 2, 4, 5):
        ((head, _),) = link(Head(seq - 1, before), [ROWS[table][seq - 1]])
        statements.append(f"update {table} set hash = '{head.hash}' where seq = {seq}")
        before = head.hash

    tampered(path, *statements)

    assert found_by_sql(path, table) == [4, 5]


@pytest.mark.parametrize("table", CHAINS)
def test_a_row_inserted_at_the_end_is_found(tmp_path: Path, table: str) -> None:
    path = a_ledger(tmp_path)

    tampered(path, f"insert into {table} select * replace (6 as seq) from {table} where seq = 5")

    assert found_by_sql(path, table) == [6]


@pytest.mark.parametrize("table", CHAINS)
def test_a_row_inserted_in_between_is_found(tmp_path: Path, table: str) -> None:
    path = a_ledger(tmp_path)

    tampered(path, f"insert into {table} select * from {table} where seq = 3")

    assert found_by_sql(path, table) != []


@pytest.mark.parametrize("table", CHAINS)
def test_rows_that_changed_places_are_found(tmp_path: Path, table: str) -> None:
    path = a_ledger(tmp_path)

    tampered(
        path, f"update {table} set seq = case seq when 2 then 4 else 2 end where seq in (2, 4)"
    )

    assert {2, 4} <= set(found_by_sql(path, table))


@pytest.mark.parametrize("table", CHAINS)
def test_a_row_that_was_touched_is_told_with_its_unit_and_month(tmp_path: Path, table: str) -> None:
    path = a_ledger(tmp_path)
    column = next(name for name in ("unit", *COLUMNS[table]) if name in COLUMNS[table])
    tampered(path, f"update {table} set {column} = 'A9' where seq = 2")

    unit = "A9" if column == "unit" else ""
    second = "2013-06" if "month" in COLUMNS[table] else ""
    with Ledger.open(path, read_only=True) as ledger:
        assert broken_links(ledger, table) == [(2, unit, second)]


@pytest.mark.parametrize("table", CHAINS)
def test_an_instant_earlier_than_the_one_before_is_found_though_the_hash_fits(
    tmp_path: Path, table: str
) -> None:
    path = a_ledger(tmp_path)
    with Ledger.open(path) as ledger, ledger.act():
        ledger.append(table, [(*ROWS[table][0][:-1], AT.replace(year=2012))])

    assert found_by_sql(path, table) == [6]


def test_a_value_moved_over_a_separator_into_a_column_before_it_is_found(tmp_path: Path) -> None:
    """The same text to hash, where nothing is left of a column that may not be empty."""
    path = a_ledger(tmp_path)

    tampered(
        path,
        "alter table returned alter month drop not null",
        "update returned set unit = unit || chr(31) || month, month = null where seq = 2",
    )

    assert found_by_sql(path, "returned") == [2]


def test_a_hash_that_is_gone_is_found(tmp_path: Path) -> None:
    path = a_ledger(tmp_path)

    tampered(
        path,
        "alter table posting alter hash drop not null",
        "update posting set hash = null where seq = 5",
    )

    assert found_by_sql(path, "posting") == [5]
