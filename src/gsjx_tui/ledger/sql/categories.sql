-- Columns: id, name, superior_letter (boolean), in the campaign's order.
select id, name, superior_letter
from category
order by position;
