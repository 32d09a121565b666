"""Text that leaves the program steers no terminal and no spreadsheet, and is still the text."""

from __future__ import annotations

import csv
import io
import json
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsjx_tui.harmless import Outlet, for_spreadsheet, printable, printable_lines, to_json

STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
ANYTHING = st.text(st.characters(codec=None, exclude_categories=()))


def test_the_rule_agrees_with_unicode_for_every_character():
    for code in range(sys.maxunicode + 1):
        letter = chr(code)
        category = unicodedata.category(letter)
        if category == "Cn":
            continue  # a later Unicode may have made it one or the other
        if letter in "\t\n\v\f\r\x85\u2028\u2029" or category == "Zs":
            left = " "
        else:
            left = "" if category in STEERING else letter
        assert printable(f"甲{letter}乙") == f"甲{left}乙", hex(code)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\x1b[31m红\x07色", "[31m红色"),
        ("\x1b]52;c;Z3NqeA==\x07", "]52;c;Z3NqeA=="),
        ("\x9b31m", "31m"),
        ("甲\u202e乙\u2066丙\u200b丁\ufeff", "甲乙丙丁"),
        ("两行\n说明\t甲\u3000乙", "两行 说明 甲 乙"),
        ("a" + "\u0301" * 50, "a" + "\u0301" * 4),
        ("ئۇيغۇر עברית", "ئۇيغۇر עברית"),
        ("葛\U000e0100飾\ue000𠮷", "葛\U000e0100飾\ue000𠮷"),
        ("[red]红[/red]", "[red]红[/red]"),
    ],
)
def test_what_is_left_of_a_text(text: str, left: str):
    assert printable(text) == left


@given(ANYTHING)
def test_no_control_is_left_whatever_the_text(text: str):
    assert not STEERING & set(map(unicodedata.category, printable(text)))
    lines = printable_lines(text).replace("\n", "").replace("\t", "")
    assert not STEERING & set(map(unicodedata.category, lines))
    assert printable(printable(text)) == printable(text)


@given(ANYTHING, st.sampled_from([None, 2]))
def test_json_holds_the_very_text_and_no_control(text: str, indent: int | None):
    written = to_json({"name": [text]}, indent)

    assert json.loads(written) == {"name": [text]}
    assert not STEERING & set(map(unicodedata.category, written.replace("\n", "")))


FORMULAS = (
    *("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u3000=1+1"),
    *("＝1+1", "＋1", "－1+1", "＠x", "=cmd|'/c calc'!A1", '=HYPERLINK("x")', "\u200b=1+1"),
    *("\ufeff=1", "\x00=1", "\x1b=1", "-1e", "- 5", "+5", "=", "-Infinity", "-0x1F", "-１+1"),
)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_spreadsheet_has_nothing_to_compute(text: str):
    assert for_spreadsheet(text).startswith("'")


@pytest.mark.parametrize("text", ["-5", "-5.25", "-1e-7", "3", "甲=乙", "县财政局", "", "a\nb\tc"])
def test_numbers_and_plain_text_stay_for_a_spreadsheet(text: str):
    assert for_spreadsheet(text) == text


@given(ANYTHING)
def test_no_cell_begins_as_a_formula_whatever_the_text(text: str):
    file = io.StringIO()
    csv.writer(file).writerow([for_spreadsheet(text), "x"])
    cell = next(csv.reader(io.StringIO(file.getvalue(), newline="")))[0]

    begins = cell.lstrip().lstrip("-")
    assert cell.startswith("'") or not begins.startswith(("=", "+", "@", "＝", "＋", "－", "＠"))


def test_an_outlet_lets_no_control_through_and_keeps_lines():
    behind = io.StringIO()

    written = Outlet(behind).write("甲\x1b[2J\r\n乙\t丙\u202e。\n")

    assert behind.getvalue() == "甲[2J\n乙\t丙。\n"
    assert written == 13
