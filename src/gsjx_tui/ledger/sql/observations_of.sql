-- Every observation of one unit and item ('' for all items), oldest first.
-- Columns: month, item, field, kind, value, note, source, recorded_by, recorded_at (UTC).
select month, item, field, kind, value, note, source, recorded_by, recorded_at
from observation
where unit = $unit and ($item = '' or item = $item)
order by seq;
