-- How many events count into each cell, of one unit or of all (unit '').
-- Columns: unit, month, item, field, events. Cells without events are left out.
select unit, month, item, field, count(*) as events
from standing_event
where $unit = '' or unit = $unit
group by unit, month, item, field;
