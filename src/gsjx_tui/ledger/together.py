"""Acts that share a commit: their rows wait to be inserted at once, and small reads are kept.

In a group each act reads what it checks against and appends a row or two; nearly all the time goes
into preparing the statements. So rows wait until a query needs their table or the group ends, and
a query asked again before any of its tables changed is answered from memory. Only the one
connection that writes may do so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

Row = tuple[object, ...]

_WORD = re.compile(r"\w+")
_COMMENT = re.compile(r"--.*")
_MOST_KEPT, _LONGEST_KEPT = 2000, 100


class Views:
    """Which tables a query reads, by the words in it and in the views it names.

    A word that is a column and also a table makes one table too many, never one too few.
    """

    def __init__(self, views: Iterable[tuple[str, str]]) -> None:
        self._texts = dict(views)
        self._known: dict[str, frozenset[str]] = {}

    def names_in(self, text: str) -> frozenset[str]:
        """All words of a query and, for each that is a view, of the view."""
        found = self._known.get(text)
        if found is None:
            words: set[str] = set()
            left = [text]
            while left:
                new = {*_WORD.findall(_COMMENT.sub("", left.pop()).lower())} - words
                words |= new
                left += [self._texts[name] for name in new if name in self._texts]
            found = self._known[text] = frozenset(words)
        return found


class Waiting:
    """Rows that are not inserted yet, by table, with the columns they fill."""

    def __init__(self) -> None:
        self.structures: dict[str, Mapping[str, str]] = {}
        self.rows: dict[str, list[Sequence[object]]] = {}

    def __bool__(self) -> bool:
        return bool(self.rows)

    def add(
        self, table: str, structure: Mapping[str, str], rows: Sequence[Sequence[object]]
    ) -> None:
        """Rows that come after those of the table that wait already."""
        self.structures[table] = structure
        self.rows.setdefault(table, []).extend(rows)

    def clear(self) -> None:
        """None of them is wanted any more."""
        self.rows.clear()


class Answers:
    """What small queries answered, until one of their tables changes."""

    def __init__(self) -> None:
        self._kept: dict[object, tuple[frozenset[str], Sequence[Row]]] = {}

    def get(self, question: object) -> Sequence[Row] | None:
        """What a query with its parameters answered before."""
        found = self._kept.get(question)
        return None if found is None else found[1]

    def keep(self, question: object, tables: frozenset[str], rows: Sequence[Row]) -> None:
        """Keeps an answer, if it is small."""
        if len(rows) <= _LONGEST_KEPT:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[question] = (tables, rows)

    def changed(self, table: str) -> None:
        """A table has new rows."""
        if any(table in tables for tables, _ in self._kept.values()):
            self._kept = {
                question: (tables, rows)
                for question, (tables, rows) in self._kept.items()
                if table not in tables
            }

    def clear(self) -> None:
        """Nothing that was answered counts any more."""
        self._kept.clear()
