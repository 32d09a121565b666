-- One unit of the roster in force.
-- Columns: code, name, category, superior, from_month, through_month.
select code, name, category, superior, from_month, through_month
from unit
where code = $unit;
