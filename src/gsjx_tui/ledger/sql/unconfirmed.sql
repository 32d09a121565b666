-- Units not confirmed through their last month within $first..$through.
-- Columns: code, name, the month they lack last. Roster order.
select u.code, u.name, least(u.through_month, $through) as month
from unit u
where u.from_month <= $through and u.through_month >= $first
  and not exists (
      from confirmation c
      where c.unit = u.code and c.month = least(u.through_month, $through)
  )
order by u.position;
