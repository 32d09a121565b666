"""Short codes for a state of the ledger, to be kept on paper and held against it later.

A code is 28 letters in groups of four, a number in base 32 (0-9 and the letters without I, L, O
and U): 55 bits of the newest instant in microseconds since 1970 UTC, the first 75 bits of the
digest, and 10 bits that make the whole divisible by 1021. As 32 has order 68 modulo that prime,
a wrong letter or two letters that changed places never pass; of other slips one in a thousand.

The digest is the SHA-256 of the lines ``gsjx anchor 1``, the instant, and for each chain that
isn't empty its name, the number of its last row and that row's hash, in the order of the names.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from gsjx_tui.ledger.chain import Head
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.ledger.proof import heads, instants

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans("OIL", "011")
_LENGTH, _GROUP = 28, 4
_DIGEST_BITS, _CHECK_BITS, _PRIME = 75, 10, 1021
_EPOCH, _MICROSECOND = datetime(1970, 1, 1), timedelta(microseconds=1)


class Mistyped(ValueError):
    """A text that is no code: a letter is wrong, missing or too many."""


@dataclass(frozen=True)
class Anchor:
    """A state of a ledger: the instant (UTC) of its newest act, and the digest of its chains."""

    instant: datetime
    digest: int

    @property
    def code(self) -> str:
        """The anchor as people copy it."""
        state = ((self.instant - _EPOCH) // _MICROSECOND << _DIGEST_BITS) | self.digest
        number = state << _CHECK_BITS
        number += -number % _PRIME
        letters = [_LETTERS[number >> 5 * place & 31] for place in reversed(range(_LENGTH))]
        return "-".join(
            "".join(letters[start : start + _GROUP]) for start in range(0, _LENGTH, _GROUP)
        )

    @classmethod
    def read(cls, code: str) -> Anchor:
        """The anchor of a code; case, spaces, hyphens and look-alikes don't matter.

        Raises Mistyped.
        """
        text = unicodedata.normalize("NFKC", code).upper().translate(_ALIKE)
        letters = "".join(letter for letter in text if letter.isalnum())
        if len(letters) != _LENGTH or not set(letters) <= set(_LETTERS):
            raise Mistyped(code)
        number = 0
        for letter in letters:
            number = number << 5 | _LETTERS.index(letter)
        if number % _PRIME:
            raise Mistyped(code)
        state = number >> _CHECK_BITS
        try:
            instant = _EPOCH + (state >> _DIGEST_BITS) * _MICROSECOND
        except OverflowError:  # no act was ever so late
            raise Mistyped(code) from None
        return cls(instant, state & (1 << _DIGEST_BITS) - 1)


def anchor_at(ledger: Ledger, instant: datetime) -> Anchor:
    """The anchor of the ledger as it was after the act of that instant (UTC)."""
    return Anchor(instant, _digest(instant, heads(ledger, instant)))


def newest_anchor(ledger: Ledger) -> Anchor | None:
    """The anchor of the ledger as it is; None while nothing was recorded."""
    found = instants(ledger)
    return anchor_at(ledger, max(found.values())) if found else None


def _digest(instant: datetime, found: Mapping[str, Head]) -> int:
    lines = ["gsjx anchor 1", str((instant - _EPOCH) // _MICROSECOND)]
    lines += [f"{table} {found[table].seq} {found[table].hash}" for table in sorted(found)]
    digest = hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).digest()
    return int.from_bytes(digest, "big") >> 256 - _DIGEST_BITS
