-- hidden: the newest roster with its categories.
-- Written with "in", not "=": under DuckDB 2.0.0 a LIMIT over a comparison with a scalar subquery
-- is ignored. The same goes for every file here.
select
    u.position,
    u.code,
    u.name,
    u.superior,
    u.from_month,
    u.through_month,
    k.position as category_position,
    k.id       as category,
    k.name     as category_name
from unit_edition u
join category_edition k on k.id = u.category and k.edition = u.edition
where u.edition in (select max(edition) from edition)
