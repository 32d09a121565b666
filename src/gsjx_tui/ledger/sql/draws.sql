-- The draws of the months $first..$through, oldest first.
-- Columns: seq, month, seed, units, items (how many), pool (JSON), drawn_by, drawn_at (UTC).
select seq, month, seed, units, items, pool, drawn_by, drawn_at
from draw
where month between $first and $through
order by seq;
