-- The newest value of each cell by kind, of all units, for the months first..through and the items
-- in the list $items.
-- Columns: unit, month, item, field, kind, value, note, recorded_by, recorded_at (UTC).
select unit, month, item, field, kind, value, note, recorded_by, recorded_at
from newest
where month between $first and $through
  and list_contains($items, item);
