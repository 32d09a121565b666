"""How commands print: tables that line up in Chinese, JSON, CSV. Knows no rule."""

from __future__ import annotations

import csv
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from gsjx_tui.harmless import for_spreadsheet, printable, to_json

Cell = Any


def print_table(headings: Sequence[str], rows: Iterable[Sequence[Cell]], right: str = "") -> None:
    """A table with one blank column between; headings named in ``right`` align right."""
    from rich.cells import cell_len

    texts = [
        [printable(heading) for heading in headings],
        *([_text(cell) for cell in row] for row in rows),
    ]
    widths = [max(cell_len(row[i]) for row in texts) for i in range(len(headings))]
    aligned_right = [heading in right.split() for heading in headings]
    for row in texts:
        parts = []
        for text, width, to_right in zip(row, widths, aligned_right, strict=True):
            padding = " " * (width - cell_len(text))
            parts.append(padding + text if to_right else text + padding)
        print("  ".join(parts).rstrip())


class Progress:
    """Tells somebody at a terminal how far long work is, on standard error, now and then."""

    EVERY = 2.0
    """Seconds between two lines."""

    def __init__(self, verb: str, unit: str) -> None:
        self._verb, self._unit = verb, unit
        self._told = time.monotonic()
        try:
            self._watched = os.isatty(sys.stderr.fileno())
        except (OSError, ValueError, AttributeError):  # replaced, closed, or none at all
            self._watched = False

    def __call__(self, done: int, of: int) -> None:
        """``done`` of so many are done."""
        now = time.monotonic()
        if self._watched and done < of and now - self._told >= self.EVERY:
            self._told = now
            print(f"已{self._verb} {done}/{of} {self._unit}……", file=sys.stderr, flush=True)


def print_json(value: object) -> None:
    """UTF-8 JSON; points as strings with two decimals. An iterator is a list, as it comes."""
    if not isinstance(value, Iterator):
        print(to_json(value, indent=2))
        return
    begun = False
    for inner in value:
        text = to_json(inner, indent=2).replace("\n", "\n  ")
        print(f"{',' if begun else '['}\n  {text}", end="")
        begun = True
    print("\n]" if begun else "[]")


def print_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """CSV with a heading; empty for nothing. Text that a spreadsheet would compute is quoted."""
    writer = csv.writer(_Printing(), lineterminator="\n")
    writer.writerow([_harmless(heading) for heading in headings])
    writer.writerows([_harmless(cell) for cell in row] for row in rows)


class _Printing:
    """Where a CSV writer writes; standard output may be closed."""

    def write(self, text: str) -> None:
        print(text, end="")


def records(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[Mapping[str, Cell]]:
    """Rows as objects by column name, as they come. A name that occurs twice gets a number."""
    names: list[str] = []
    for column in columns:
        count = sum(name == column or name.startswith(f"{column}_") for name in names)
        names.append(f"{column}_{count + 1}" if column in names else column)
    return (dict(zip(names, row, strict=True)) for row in rows)


def points(value: Decimal | None) -> str | None:
    """Points with two decimals."""
    return None if value is None else f"{value:.2f}"


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return printable(str(cell))


def _harmless(cell: Cell) -> Cell:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return for_spreadsheet(cell) if isinstance(cell, str) else cell
