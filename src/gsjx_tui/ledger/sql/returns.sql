-- A unit's month sent back to it, newest first.
-- Columns: item ('' for the whole month), reason, deadline ('YYYY-MM-DD' or ''), returned_by,
-- returned_at (UTC).
select item, reason, deadline, returned_by, returned_at
from returned
where unit = $unit and month = $month
order by seq desc;
