-- How far each unit is with each month of $first..$through in which it takes part (SPEC 2).
-- Columns: month, unit, name, initials, category, claims, verifications (cells), confirmed_by,
-- confirmed_at (UTC, null if not confirmed), returned (boolean: sent back to the unit, which has
-- claimed nothing since that stands). Order: month, roster.
with months as (
    select strftime(m, '%Y-%m') as month
    from generate_series(
        ($first || '-01')::date, ($through || '-01')::date, interval 1 month
    ) t(m)
),
seen as (
    select
        unit,
        month,
        count(*) filter (kind = 'claim')         as claims,
        count(*) filter (kind = 'verify')        as verifications,
        max(recorded_at) filter (kind = 'claim') as claimed_at
    from newest
    where month between $first and $through
    group by unit, month
),
sent_back as (
    select unit, month, max(returned_at) as returned_at
    from returned
    where month between $first and $through
    group by unit, month
)
select
    m.month,
    u.code,
    u.name,
    u.initials,
    u.category,
    coalesce(s.claims, 0),
    coalesce(s.verifications, 0),
    c.confirmed_by,
    c.confirmed_at,
    coalesce(
        c.unit is null and r.returned_at > coalesce(s.claimed_at, timestamp '1970-01-01'), false
    )
from months m
join unit u on u.from_month <= m.month and u.through_month >= m.month
left join seen s on s.unit = u.code and s.month = m.month
left join confirmation c on c.unit = u.code and c.month = m.month
left join sent_back r on r.unit = u.code and r.month = m.month
order by m.month, u.position;
