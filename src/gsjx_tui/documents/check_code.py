"""The short code printed on a paper, by which its figures are found again in the ledger.

Twelve characters in three groups, ``7Q4M-0KXT-93DE``. Eleven are the first 55 bits of the SHA-256
of the paper's figures; the last one checks the others. The alphabet is Crockford's base 32: no I,
L, O, U; a reader's O counts as 0, I and L as 1, small letters as capitals.

What copying it by hand can get wrong, and what is noticed: one wrong character, always; any two
characters exchanged, neighbours or not, always; a character missing or too many, always; two or
more wrong characters, 31 times in 32. What slips through names no paper of the ledger.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from gsjx_tui.errors import Fault, GsjxError

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_DATA = 11
_BITS = 5 * _DATA
_POLYNOMIAL = 0b100101
"""x⁵ + x² + 1, primitive: the powers of x run through all 31 non-zero elements of GF(32)."""


class CheckCodeError(GsjxError):
    """What was typed can't be a check code."""


@dataclass(frozen=True)
class Figures:
    """What a paper states, as far as the ledger can prove it.

    ``paper`` is its kind (``ranking_notice``), ``edition`` its number, 0 for 未定稿, ``scope`` what
    it is about (campaign, months, unit …) and ``rows`` its figures in the order printed; points
    are written with two places, months ``YYYY-MM``.
    """

    paper: str
    campaign: str
    edition: int
    scope: Sequence[str]
    rows: Sequence[Sequence[str]]


def canonical(figures: Figures) -> bytes:
    """The bytes that stand for the figures: the same figures, the same bytes, for ever.

    A JSON list of the fields in their order, UTF-8, without blanks.
    """
    value = [
        figures.paper,
        figures.campaign,
        figures.edition,
        list(figures.scope),
        [list(row) for row in figures.rows],
    ]
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def check_code(content: bytes) -> str:
    """The check code of a paper's canonical bytes."""
    digest = int.from_bytes(hashlib.sha256(content).digest(), "big") >> (256 - _BITS)
    data = [digest >> shift & 31 for shift in range(_BITS - 5, -1, -5)]
    return _written([*data, _check(data)])


def parse_check_code(text: str) -> str:
    """The code a person typed, as it is printed. Blanks, hyphens and case don't matter.

    Raises CheckCodeError: a character that no code has, too short, too long, mistyped.
    """
    letters = re.sub(r"[\s\-－—–]", "", text).upper()
    strange = dict.fromkeys(letter for letter in letters if letter not in _VALUES)
    if strange:
        raise CheckCodeError(
            Fault(
                f"校验码“{text.strip()}”",
                f"不会含有“{'、'.join(strange)}”",
                "照文件上的校验码重新输入，只有数字和除 U 以外的英文字母",
            )
        )
    if len(letters) != _DATA + 1:
        raise CheckCodeError(
            Fault(
                f"校验码“{text.strip()}”",
                f"应有 {_DATA + 1} 个字符，输入了 {len(letters)} 个",
                "照文件上的校验码重新输入",
            )
        )
    values = [_VALUES[letter] for letter in letters]
    if _check(values[:_DATA]) != values[_DATA]:
        raise CheckCodeError(
            Fault(
                f"校验码“{text.strip()}”",
                "有字符输错或次序颠倒",
                "与文件逐字核对后重新输入；仍不对，说明文件上的校验码已被改动",
            )
        )
    return _written(values)


def _check(data: Sequence[int]) -> int:
    """The sum of all data weighted by distinct powers of x, none of them 1 (the check's own)."""
    check = 0
    for value in data:  # Horner: the first gets x¹¹, the last x¹
        check = _times_x(check ^ value)
    return check


def _times_x(element: int) -> int:
    element <<= 1
    return element ^ _POLYNOMIAL if element & 32 else element


def _written(values: Sequence[int]) -> str:
    letters = "".join(_ALPHABET[value] for value in values)
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))
