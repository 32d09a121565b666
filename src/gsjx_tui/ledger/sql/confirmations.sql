-- Every confirmation, of one unit or of all (unit '').
-- Columns: unit, month, confirmed_by, confirmed_at (UTC).
select unit, month, confirmed_by, confirmed_at
from confirmation
where $unit = '' or unit = $unit
order by seq;
