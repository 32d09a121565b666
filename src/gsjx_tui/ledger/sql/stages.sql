-- Columns: id, name, first_month, last_month, in the campaign's order.
select id, name, first_month, last_month
from stage
order by position;
