"""What may leave the program: text that steers no terminal and no spreadsheet, values for JSON.

The one place for it. What comes in (cells of files, notes, reasons, names of files) is cleaned by
``printable``; what goes out passes ``printable``, ``for_spreadsheet`` or ``to_json``, whatever the
ledger or a plugin may hold; ``Outlet`` is the last gate of a command's messages.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from io import TextIOBase
from typing import TextIO

_BREAKS = r"\t\n\v\f\r\x85\u2028\u2029"
_BLANKS = r"\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_STEERING = (
    r"\x00-\x1f\x7f-\x9f"  # ESC, BEL, C1
    r"\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"
    r"\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # no width, turned around
    r"\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e007f"
    r"\ud800-\udfff"  # half of a pair
)
"""What is no letter (categories Cc, Cf, Cs, Zl, Zp). Letters of private use stay: rare names are
written with them."""

_MARKS = (
    r"\u0300-\u036f\u0483-\u0489\u0e34-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302d"
    r"\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef"
)
_MOST_MARKS = 4
"""Combining marks on one letter; more of them only draw over the lines above and below."""

_FLOOD = re.compile(f"([{_MARKS}]{{{_MOST_MARKS}}})[{_MARKS}]+")
_BLANK = re.compile(f"[{_BREAKS}{_BLANKS}]")
_BLANK_BUT_LINES = re.compile(f"[{_BREAKS[4:]}{_BLANKS}]")
_GONE = re.compile(f"[{_STEERING}]")
_GONE_BUT_LINES = re.compile(f"(?![\\n\\t])[{_STEERING}]")
_ESCAPED = re.compile(f"(?!\\n)[{_STEERING}]")

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)


def printable(text: str) -> str:
    """The text as one line of letters: breaks and every kind of blank are a blank each, whatever
    else steers a terminal is gone.

    Scripts written from right to left stay; only marks that turn other letters around go.
    """
    if not text.isprintable():
        text = _GONE.sub("", _BLANK.sub(" ", text))
    return text if text.isascii() else _FLOOD.sub(r"\1", text)


def printable_lines(text: str) -> str:
    """The same for a text of several lines; tabs stay too."""
    text = text.replace("\r\n", "\n")
    text = _GONE_BUT_LINES.sub("", _BLANK_BUT_LINES.sub(" ", text))
    return text if text.isascii() else _FLOOD.sub(r"\1", text)


def for_spreadsheet(text: str) -> str:
    """A cell of CSV that no spreadsheet takes for a formula: then an apostrophe stands before it.

    Line ends and tabs inside stay. A number is none, also a negative one.
    """
    text = printable_lines(text)
    if text.lstrip().startswith(_FORMULA) or text.startswith(("\t", "\n")):
        return text if is_number(text) else f"'{text}"
    return text


def is_number(text: str) -> bool:
    """Whether a spreadsheet may take the text as a number: digits, a point, an exponent."""
    return bool(_NUMBER.fullmatch(text))


def to_json(value: object, indent: int | None = None) -> str:
    """JSON in UTF-8 whose strings hold what they held; what steers a terminal is escaped."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=indent, allow_nan=False)
    text = _ESCAPED.sub(lambda found: json.dumps(found[0])[1:-1], text)
    return _FLOOD.sub(lambda found: found[1] + json.dumps(found[0][_MOST_MARKS:])[1:-1], text)


def plain(value: object) -> object:
    """The value in what JSON has; it has no infinity and no NaN, they become null."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value.hex() if isinstance(value, bytes) else str(value)


class Outlet(TextIOBase):
    """A stream of a command: what is written to it arrives as ``printable_lines``."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Writes the harmless text; how long the given one was."""
        self._stream.write(printable_lines(text))
        return len(text)

    def flush(self) -> None:
        """Flushes the stream behind."""
        self._stream.flush()

    def fileno(self) -> int:
        """The descriptor of the stream behind."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """No: nobody is to send colours through, which would arrive without their ESC."""
        return False

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream behind."""
        return self._stream.encoding
