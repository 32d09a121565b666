"""The check code of a paper: stable, readable, and what of mistyping it is noticed."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsjx_tui.documents.check_code import (
    CheckCodeError,
    Figures,
    canonical,
    check_code,
    parse_check_code,
)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NOTICE = Figures(
    "ranking_notice", "gsjx-2013", 1, ("2013-07",), (("economy", "1", "E01", "187.00"),)
)


def refused(text: str) -> str:
    with pytest.raises(CheckCodeError) as caught:
        parse_check_code(text)
    return str(caught.value)


def test_printed_codes_stay_what_they_are() -> None:
    assert canonical(NOTICE) == (
        b'["ranking_notice","gsjx-2013",1,["2013-07"],[["economy","1","E01","187.00"]]]'
    )
    assert check_code(canonical(NOTICE)) == "6YP3-6FN7-K9YS"


@pytest.mark.parametrize(
    "other",
    [
        replace(NOTICE, paper="results_letter"),
        replace(NOTICE, campaign="gsjx-2014"),
        replace(NOTICE, edition=2),
        replace(NOTICE, scope=("2013-08",)),
        replace(NOTICE, rows=(("economy", "1", "E01", "187.01"),)),
        replace(NOTICE, rows=(("economy", "1", "E0", "1187.00"),)),
    ],
)
def test_every_figure_counts(other: Figures) -> None:
    assert check_code(canonical(other)) != check_code(canonical(NOTICE))


@given(st.binary())
def test_a_code_reads_as_itself_however_it_is_typed(content: bytes) -> None:
    code = check_code(content)

    assert parse_check_code(code) == code
    assert parse_check_code(f"  {code.lower().replace('-', ' ')} ") == code
    assert parse_check_code(code.replace("0", "O").replace("1", "l").replace("-", "－")) == code


@given(st.binary(), st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(content: bytes, at: int, letter: str) -> None:
    letters = list(check_code(content).replace("-", ""))
    if letters[at] == letter:
        return
    letters[at] = letter

    assert "有字符输错或次序颠倒" in refused("".join(letters))


@given(st.binary())
def test_any_two_characters_exchanged_are_noticed(content: bytes) -> None:
    letters = check_code(content).replace("-", "")
    for first, second in combinations(range(12), 2):
        if letters[first] != letters[second]:
            typed = list(letters)
            typed[first], typed[second] = typed[second], typed[first]

            assert "有字符输错或次序颠倒" in refused("".join(typed))


def test_what_can_be_no_code_is_said() -> None:
    code = check_code(b"")

    assert "输入了 11 个" in refused(code[:-1])
    assert "输入了 13 个" in refused(code + "0")
    assert "不会含有“U、中”" in refused("U" + code[1:-1] + "中")
