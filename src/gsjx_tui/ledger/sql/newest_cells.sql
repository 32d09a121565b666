-- The newest value of each cell by kind, of one unit or of all (unit ''), for the months
-- first..through.
-- Columns: unit, month, item, field, kind, value, note, recorded_by, recorded_at (UTC).
select unit, month, item, field, kind, value, note, recorded_by, recorded_at
from newest
where month between $first and $through
  and ($unit = '' or unit = $unit);
