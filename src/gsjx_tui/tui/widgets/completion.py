"""What may be typed next in a SQL text: tables, their columns, keywords."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

Catalog = Mapping[str, Sequence[str]]
Meanings = Mapping[str, Mapping[str, str]]
"""What tables and their columns mean: by table, '' for the table itself."""

_WORDS = (
    "select from where group by order having limit join left inner cross on using with as "
    "and or not in is null exists between like case when then else end distinct union all "
    "over partition rank row_number count sum avg min max coalesce round filter desc asc "
    "interval month arg_max arg_min strftime strptime qualify values true false cast"
)
KEYWORDS = tuple(_WORDS.split(" "))
_MOST = 20
_WORD = re.compile(r"(?:([^\W\d]\w*)\.)?([^\W\d]\w*)?$")
_TABLE = re.compile(r"\b(?:from|join)\s+(\w+)(?:\s+(?:as\s+)?([^\W\d]\w*))?", re.IGNORECASE)
_NAMED = re.compile(r"([^\W\d]\w*)\s+as\s+\(", re.IGNORECASE)


def completions(before: str, text: str, catalog: Catalog) -> tuple[str, list[str]]:
    """The beginning of the word at the end of ``before``, and the words it may become.

    ``text`` is the whole text: aliases are looked up in it. After ``alias.`` nothing need be
    typed; nothing is offered in comments and strings.
    """
    line = before.rsplit("\n", 1)[-1]
    if "--" in line or before.count("'") % 2:
        return "", []
    found = _WORD.search(before)
    assert found is not None
    qualifier, prefix = found[1], found[2] or ""
    tables = dict(_tables(text))
    if qualifier:
        candidates: Iterator[str] = iter(catalog.get(tables.get(qualifier, qualifier), ()))
    elif prefix:
        candidates = _words(tables, text, catalog)
    else:
        return "", []
    low = prefix.lower()
    fitting = dict.fromkeys(word for word in candidates if word.lower().startswith(low))
    if any(word.lower() == low for word in fitting):  # a whole word: Tab leaves the editor
        return prefix, []
    return prefix, list(fitting)[:_MOST]


def meaning(word: str, text: str, meanings: Meanings) -> str:
    """What a table or column means, '' if that isn't known.

    A column's meaning is that in the tables of ``text``, else in the first one that has it.
    """
    if word in meanings:
        return meanings[word][""]
    tables = [table for _, table in _tables(text) if table in meanings]
    found = (meanings[table][word] for table in [*tables, *meanings] if word in meanings[table])
    return next(found, "")


def _tables(text: str) -> Iterator[tuple[str, str]]:
    """Alias -> table, and each table under its own name."""
    for table, alias in _TABLE.findall(text):
        yield table, table
        if alias and alias.lower() not in KEYWORDS:
            yield alias, table


def _words(tables: Mapping[str, str], text: str, catalog: Catalog) -> Iterator[str]:
    used = set(tables.values())
    for table in used & set(catalog):
        yield from catalog[table]
    yield from catalog
    yield from _NAMED.findall(text)
    yield from KEYWORDS
    for table, columns in catalog.items():
        if table not in used:
            yield from columns
