-- The units (of category $category, '' for all) that take part in $month, and who confirmed it.
-- Columns: code, initials, confirmed_by, confirmed_at (UTC, both null if not). Roster order.
select u.code, u.initials, c.confirmed_by, c.confirmed_at
from unit u
left join confirmation c on c.unit = u.code and c.month = $month
where u.from_month <= $month and u.through_month >= $month
  and ($category = '' or u.category = $category)
order by u.position;
