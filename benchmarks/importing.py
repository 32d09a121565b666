"""Importing 100,000 observations from a file, as a whole process."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from benchmarks.homes import Homes, every_cell
from benchmarks.measure import Figure, gsjx, median
from gsjx_tui.office.home import open_office

_ROWS = 100_000
_UNITS = 1_000
"""Enough for 100,000 different cells that take claims."""

_HEADINGS = ("unit", "month", "item", "field", "value", "note")


def figures(homes: Homes, runs: int) -> Iterator[Figure]:
    """CSV against the goal; XLSX, mostly openpyxl's reading, for information."""
    home = homes.synthetic(_UNITS, "empty")
    table = homes.file("claims.csv")
    _write_csv(table, home)
    again = partial(homes.fresh, home)
    from_csv = gsjx(homes.copy, "import", str(table), before=again)
    yield Figure(f"导入 {_ROWS:,} 行 CSV", median(runs, from_csv), goal=5)
    workbook = homes.file("claims.xlsx")
    _write_xlsx(table, workbook)
    from_xlsx = gsjx(homes.copy, "import", str(workbook), before=again)
    yield Figure(f"导入 {_ROWS:,} 行 XLSX", median(1, from_xlsx))


def _write_csv(path: Path, home: Path) -> None:
    with open_office(home) as office, path.open("w", encoding="utf-8", newline="") as file:
        cells = every_cell(office.rubric, office.units, office.rubric.months, "claim")
        writer = csv.writer(file)
        writer.writerow(_HEADINGS)
        for seen in islice(cells, _ROWS):
            writer.writerow([seen.unit, seen.month, seen.item, seen.field, seen.value, "简报3期"])
    with path.open(encoding="utf-8") as file:
        assert sum(1 for _ in file) == _ROWS + 1


def _write_xlsx(table: Path, path: Path) -> None:
    from openpyxl import Workbook

    workbook = Workbook()
    sheet = workbook.worksheets[0]
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            sheet.append(row)
    workbook.save(path)
