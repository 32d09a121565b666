-- Points by item of a few units ($units, a list of codes) through a month.
-- Columns: unit, item, points. Nothing where nothing was posted.
select unit, item, sum(points) as points
from posting
where unit in (select unnest($units::varchar[])) and month <= $through
group by unit, item;
