"""How much a table that people hand in may hold. A campaign of 112 units has 120,000 cells."""

BYTES = 32_000_000
"""Bytes of a file."""

ROWS = 200_000
"""Rows with something in them."""

SHEET_ROWS = 1_048_576
"""Rows or lines at all, empty ones too."""

COLUMNS = 256
"""Cells of a row through the last filled one."""

CELL = 32_767
"""Letters of a cell, as in Excel."""

LETTERS = 64_000_000
"""Letters of all cells."""
