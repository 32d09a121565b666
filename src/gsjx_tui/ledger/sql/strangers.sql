-- Units and months confirmed or posted to that the roster in force or the campaign doesn't have.
-- Columns: unit, month.
select distinct r.unit, r.month
from (
    select unit, month from confirmation
    union all
    select unit, month from posting
) r
left join unit u on u.code = r.unit
where u.code is null
   or r.month not between u.from_month and u.through_month
   or r.month not between (select min(first_month) from stage) and (select max(last_month) from stage)
order by all;
