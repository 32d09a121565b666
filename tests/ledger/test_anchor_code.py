"""The code of a state: read back from paper, slips of the pen told, any other state told."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gsjx_tui.ledger.anchor import Anchor, Mistyped, newest_anchor
from gsjx_tui.ledger.ledger import Ledger

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NOON = datetime(2013, 7, 18, 12)

anchors = st.builds(
    Anchor, st.datetimes(datetime(1970, 1, 1), datetime(2999, 1, 1)), st.integers(0, 2**75 - 1)
)


@given(anchors)
def test_a_code_is_read_back(anchor: Anchor) -> None:
    assert Anchor.read(anchor.code) == anchor


def test_a_code_is_seven_groups_of_four_letters_that_arent_mistaken() -> None:
    groups = Anchor(NOON, 2**74 + 1).code.split("-")

    assert [len(group) for group in groups] == [4] * 7
    assert set("".join(groups)) <= set(LETTERS)


@pytest.mark.parametrize(
    "written",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: code.replace("-", "－"),
        lambda code: code.replace("0", "O").replace("1", "l"),
        lambda code: "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in code),
    ],
)
def test_it_doesnt_matter_how_a_code_is_written(written: object) -> None:
    anchor = Anchor(NOON, 12345678901234567890)

    assert Anchor.read(written(anchor.code)) == anchor  # type: ignore[operator]


@given(anchors, st.integers(0, 27), st.sampled_from(LETTERS))
def test_a_wrong_letter_is_always_told(anchor: Anchor, place: int, letter: str) -> None:
    letters = anchor.code.replace("-", "")
    assume(letters[place] != letter)

    with pytest.raises(Mistyped):
        Anchor.read(letters[:place] + letter + letters[place + 1 :])


@given(anchors, st.integers(0, 27), st.integers(0, 27))
def test_two_letters_that_changed_places_are_always_told(
    anchor: Anchor, one: int, other: int
) -> None:
    letters = [*anchor.code.replace("-", "")]
    assume(letters[one] != letters[other])
    letters[one], letters[other] = letters[other], letters[one]

    with pytest.raises(Mistyped):
        Anchor.read("".join(letters))


@pytest.mark.parametrize(
    "text", ["", "0", "0" * 27, "0" * 29, "存证码", "U" * 28, "Z" * 28, "\x00"]
)
def test_what_is_no_code_is_told(text: str) -> None:
    with pytest.raises(Mistyped):
        Anchor.read(text)


def test_an_empty_ledger_has_no_code(tmp_path: Path) -> None:
    with Ledger.create(tmp_path / "ledger.duckdb") as ledger:
        assert newest_anchor(ledger) is None


def test_a_code_can_be_made_by_hand(tmp_path: Path) -> None:
    """As docs/ledger.md says it, from the last rows of the chains."""
    with Ledger.create(tmp_path / "ledger.duckdb") as ledger:
        with ledger.act():
            ledger.append("confirmation", [("A1", "2013-06", "wang", NOON)])
            ledger.append("returned", [("A1", "2013-06", "", "", "", "wang", NOON)])
        hashes = [ledger.head(table).hash for table in ("confirmation", "returned")]
        anchor = newest_anchor(ledger)

    microseconds = 1374148800000000
    text = f"gsjx anchor 1\n{microseconds}\nconfirmation 1 {hashes[0]}\nreturned 1 {hashes[1]}\n"
    bits = f"{microseconds:055b}"
    bits += "".join(f"{byte:08b}" for byte in hashlib.sha256(text.encode()).digest())[:75]
    letters = "".join(LETTERS[int(bits[at : at + 5], 2)] for at in range(0, 130, 5))
    assert anchor is not None
    assert anchor.code.replace("-", "")[:26] == letters
