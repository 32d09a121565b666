-- The observations of one cell that are not withdrawn, oldest first.
-- Columns: seq, value.
select seq, value
from standing_observation
where unit = $unit and month = $month and item = $item and field = $field and kind = $kind
order by seq;
