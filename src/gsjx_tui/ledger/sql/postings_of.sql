-- Every posting of one unit and item, oldest first.
-- Columns: month, points, origin, reason, posted_by, posted_at (UTC).
select month, points, origin, reason, posted_by, posted_at
from posting
where unit = $unit and item = $item
order by seq;
