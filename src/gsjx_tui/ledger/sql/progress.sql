-- How far each unit that takes part in $month is with it (SPEC 2).
-- Columns: unit, name, initials, category, claims, verifications (cells), confirmed_by,
-- confirmed_at (UTC, null if not confirmed). Roster order.
with seen as (
    select
        unit,
        count(*) filter (kind = 'claim')  as claims,
        count(*) filter (kind = 'verify') as verifications
    from newest
    where month = $month
    group by unit
)
select
    u.code,
    u.name,
    u.initials,
    u.category,
    coalesce(s.claims, 0),
    coalesce(s.verifications, 0),
    c.confirmed_by,
    c.confirmed_at
from unit u
left join seen s on s.unit = u.code
left join confirmation c on c.unit = u.code and c.month = $month
where u.from_month <= $month and u.through_month >= $month
order by u.position;
