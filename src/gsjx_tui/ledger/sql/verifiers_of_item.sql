-- Who made a standing verification of a unit's item in a month.
-- Columns: login.
select distinct recorded_by
from standing_observation
where unit = $unit and month = $month and item = $item and kind = 'verify'
order by recorded_by;
