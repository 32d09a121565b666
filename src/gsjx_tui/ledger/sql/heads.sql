-- The last row of one chain through an instant (UTC). {table} and {instant} are put in; see proof.py.
-- Parameter: through. Columns: seq, hash. No row where the chain was still empty.
select seq, hash
from {table}
where {instant} <= $through
order by seq desc
limit 1;
