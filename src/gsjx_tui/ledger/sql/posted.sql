-- Points posted by unit, item and month, of one unit or of all (unit ''), months first..through.
-- Columns: unit, item, month, points.
select unit, item, month, sum(points) as points
from posting
where month between $first and $through
  and ($unit = '' or unit = $unit)
group by unit, item, month;
