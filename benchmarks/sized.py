"""Homes with so many postings, made by SQL: for what only reads, as their chain is not a true one.

Postings lie in the ledger as confirming leaves them: month after month, in each all units.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks.homes import Homes
from gsjx_tui.office.home import Office

UNITS = {
    20_000: 50,
    200_000: 500,
    2_000_000: 5_000,
    20_000_000: 5_000,
    200_000_000: 5_000,
}
"""Postings -> units: some 400 of each, on every item and month of the rubric; then more of each."""

_AT_ONCE = 10_000_000
"""Rows of one statement, so that its memory is bounded."""

_MEMORY = "6GB"
"""What making a ledger may take: others work on the machine."""

_POSTINGS = """
insert into posting
select
    n + 1,
    'U' || lpad((n % $units + 1)::varchar, 5, '0'),
    cell[1],
    cell[2],
    ((n // $units) % 7) / 2,
    'confirm',
    '',
    'wang',
    timestamp '2013-06-30' + to_days((n * 390 // $postings)::integer),
    sha256(n::varchar)
from (
    select range as n, $cells[range // $units * len($cells) // $each + 1] as cell
    from range($start, $end)
)
"""

_CONFIRMATIONS = """
insert into confirmation
select
    row_number() over (),
    'U' || lpad(range::varchar, 5, '0'),
    month,
    'wang',
    timestamp '2014-07-01',
    sha256(month || range::varchar)
from range(1, $units + 1), unnest($months) m(month)
"""


def posted(homes: Homes, postings: int) -> Path:
    """A home whose ledger has so many postings, every unit confirmed in every month."""
    return homes.synthetic(UNITS[postings], f"posted-{postings}", _filling(postings))


def _filling(postings: int) -> Callable[[Office], None]:
    units = UNITS[postings]

    def fill(office: Office) -> None:
        rubric = office.rubric
        cells = [
            [str(month), item.id]
            for stage in rubric.stages
            for month in stage.months
            for item in stage.items
        ]
        office.ledger.query(f"set memory_limit = '{_MEMORY}'")
        for start in range(0, postings, _AT_ONCE):
            office.ledger.query(
                _POSTINGS,
                cells=cells,
                units=units,
                each=postings // units,
                postings=postings,
                start=start,
                end=min(postings, start + _AT_ONCE),
            )
        months = [str(month) for month in rubric.months]
        office.ledger.query(_CONFIRMATIONS, units=units, months=months)
        office.ledger.checkpoint()

    return fill
