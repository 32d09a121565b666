-- Units of which somebody made a standing verification of a month.
-- Parameters: $who, $month. Columns: unit.
select distinct unit
from newest
where month = $month and kind = 'verify' and recorded_by = $who
order by unit;
