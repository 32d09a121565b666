-- Standing of each unit of a category through each month of $months (all months of the campaign
-- from $first on, so far), by all postings through that month. $category '' for all. In a month
-- stand the units that took part in it or in an earlier one, as in rank.sql.
-- Columns: unit, month, points (cumulative through the month), rank (within the category, ties
-- share), ranked (how many units stand in the category that month). Order: roster, month.
with
months as (
    select unnest($months::varchar[]) as month
),
by_month as (
    select unit, month, sum(points) as points
    from posting
    group by unit, month
),
running as (
    select
        u.position,
        u.code,
        u.category,
        m.month,
        u.from_month <= m.month and u.through_month >= $first               as ranked,
        coalesce(sum(b.points) over (partition by u.code order by m.month), 0) as points
    from unit u
    cross join months m
    left join by_month b on b.unit = u.code and b.month = m.month
    where $category = '' or u.category = $category
)
select
    code                                                           as unit,
    month,
    points::decimal(12, 2)                                         as points,
    rank() over (partition by category, month order by points desc) as rank,
    count(*) over (partition by category, month)                   as ranked
from running
where ranked
order by position, month;
