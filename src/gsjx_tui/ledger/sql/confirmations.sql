-- Columns: unit, month, confirmed_by, confirmed_at (UTC).
select unit, month, confirmed_by, confirmed_at
from confirmation
order by seq;
