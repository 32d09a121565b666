-- What one cell holds now.
-- Parameters: $unit, $month, $item, $field, $kind. Columns: value, note, recorded_by, recorded_at
-- (UTC). No row for an empty cell.
select value, note, recorded_by, recorded_at
from newest
where unit = $unit and month = $month and item = $item and field = $field and kind = $kind;
