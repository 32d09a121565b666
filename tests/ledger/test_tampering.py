"""Whatever single row of a chain is changed, removed, put in or moved: it is found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gsjx_tui.ledger.anchor import Anchor, anchor_at, newest_anchor
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.ledger.proof import broken_links, has_act
from gsjx_tui.ledger.tables import CHAINED, CHAINS

ROWS = 6
BEGUN = datetime(2013, 7, 18, 9)
CHECKED = {
    "kind": ["claim", "verify"],
    "source": ["entry", "import", "correct"],
    "what": ["observation", "event"],
    "role": ["clerk", "lead"],
    "decision": ["upheld", "rejected"],
    "scope": ["month", "stage"],
}
"""Columns that hold one of a few words in any chain, but for those of ``_OF_ONE``."""


_OF_ONE = {
    ("posting", "origin"): ["confirm", "correct"],
    ("objection_step", "what"): ["taken", "decided"],
    ("followup", "kind"): [],
    ("followup_step", "what"): [],
    ("campaign_step", "what"): ["closed", "reopened"],
}


def words(table: str, name: str) -> list[str]:
    """The words a column may hold; empty for any text."""
    return _OF_ONE.get((table, name), CHECKED.get(name, []))


def value(table: str, name: str, kind: str) -> st.SearchStrategy[object]:
    """What a column of a chain can hold."""
    if words(table, name):
        return st.sampled_from(words(table, name))
    if kind == "TIMESTAMP":
        return st.datetimes(BEGUN, datetime(2030, 1, 1))
    if kind == "BIGINT":
        return st.integers(0, 2**62)
    if kind.startswith("DECIMAL"):
        return st.decimals(-9999, 9999, places=2)
    return st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8)


def row(table: str, number: int) -> tuple[object, ...]:
    """The row of that number, no two alike."""
    at = BEGUN + timedelta(hours=number)
    kinds = {"TIMESTAMP": at, "BIGINT": number, "DECIMAL(12,2)": Decimal(number)}
    return tuple(
        (words(table, name) or [f"{name}{number}"])[0] if kind == "VARCHAR" else kinds[kind]
        for name, kind in CHAINED[table]
    )


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """Six rows in each chain; what an example changes in an act that breaks off is undone."""
    with Ledger.create(tmp_path_factory.mktemp("tampering") / "ledger.duckdb") as ledger:
        with ledger.act():
            for table in CHAINS:
                ledger.append(table, [row(table, number) for number in range(1, ROWS + 1)])
        yield ledger


class Undo(Exception):
    """Ends an act without keeping anything."""


def found(ledger: Ledger, table: str, anchor: Anchor | None) -> tuple[bool, bool]:
    """Whether the links tell, and whether a code made before tells."""
    assert anchor is not None
    held = has_act(ledger, anchor.instant) and anchor_at(ledger, anchor.instant) == anchor
    return bool(broken_links(ledger, table)), not held


chains = st.sampled_from(CHAINS)
numbers = st.integers(1, ROWS)


@settings(max_examples=300)
@given(data=st.data(), table=chains, seq=numbers)
def test_a_change_of_any_column_is_found(
    ledger: Ledger, data: st.DataObject, table: str, seq: int
) -> None:
    columns = {**dict(CHAINED[table]), "seq": "BIGINT", "hash": "VARCHAR"}
    name = data.draw(st.sampled_from(sorted(columns)))
    new = data.draw(value(table, name, columns[name]))
    anchor = newest_anchor(ledger)

    with pytest.raises(Undo), ledger.act():
        before = ledger.query(f"select {name} from {table} where seq = {seq}")
        ledger.query(f"update {table} set {name} = $new where seq = {seq}", new=new)
        assume(ledger.query(f"select {name} from {table} where seq = {seq}") != before)
        by_links, _ = found(ledger, table, anchor)
        assert by_links
        raise Undo


@settings(max_examples=60)
@given(table=chains, first=numbers, last=numbers)
def test_removed_rows_are_found_the_last_ones_by_a_code(
    ledger: Ledger, table: str, first: int, last: int
) -> None:
    assume(first <= last)
    anchor = newest_anchor(ledger)

    with pytest.raises(Undo), ledger.act():
        ledger.query(f"delete from {table} where seq between {first} and {last}")
        by_links, by_code = found(ledger, table, anchor)
        assert by_links == (last < ROWS)
        assert by_code == (last == ROWS)
        raise Undo


@settings(max_examples=60)
@given(table=chains, copied=numbers, place=st.integers(-1, ROWS + 2), later=st.booleans())
def test_a_row_put_in_anywhere_is_found(
    ledger: Ledger, table: str, copied: int, place: int, later: bool
) -> None:
    anchor = newest_anchor(ledger)

    with pytest.raises(Undo), ledger.act():
        if later:
            ledger.query(f"update {table} set seq = seq + 1 where seq >= {place}")
        ledger.query(
            f"insert into {table} select * replace ({place} as seq) from {table} "
            f"where seq = {copied + (later and copied >= place)}"
        )
        by_links, _ = found(ledger, table, anchor)
        assert by_links
        raise Undo


@settings(max_examples=60)
@given(table=chains, one=numbers, other=numbers, with_hash=st.booleans())
def test_rows_that_changed_places_are_found(
    ledger: Ledger, table: str, one: int, other: int, with_hash: bool
) -> None:
    """By their numbers alone, or by all they hold but the hashes that stay in their places."""
    assume(one != other)
    anchor = newest_anchor(ledger)

    with pytest.raises(Undo), ledger.act():
        hashes = dict(ledger.query(f"select seq, hash from {table}"))
        ledger.query(
            f"update {table} set seq = case seq when {one} then {other} else {one} end "
            f"where seq in ({one}, {other})"
        )
        if not with_hash:
            for seq in (one, other):
                ledger.query(f"update {table} set hash = $h where seq = {seq}", h=hashes[seq])
        by_links, _ = found(ledger, table, anchor)
        assert by_links
        raise Undo


@settings(max_examples=40)
@given(table=chains, kept=st.integers(0, ROWS - 2))
def test_a_history_written_anew_with_hashes_that_fit_is_found_by_a_code(
    ledger: Ledger, table: str, kept: int
) -> None:
    anchor = newest_anchor(ledger)

    with pytest.raises(Undo), ledger.act():
        ledger.query(f"delete from {table} where seq > {kept}")
        ledger._heads.clear()
        ledger.append(table, [row(table, n + (n == kept + 1)) for n in range(kept + 1, ROWS)])
        ledger.append(table, [row(table, ROWS)])
        by_links, by_code = found(ledger, table, anchor)
        assert not by_links
        assert by_code
        raise Undo
