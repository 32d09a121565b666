-- The ranking of every category over the months $first..$through, and one month earlier over
-- $previous_first..$previous_through (both '' if there is none), as known at $as_of (UTC).
-- $added: postings that aren't there yet, as JSON [{unit, month, points}], to count as well ('[]').
-- $category '' for all. Ranked are the units that take part in a month of the scope (SPEC 5).
-- Columns: category, rank, unit, name, points, previous_rank, previous_points, moved (places
-- gained), confirmed_through (boolean), gap (points to the next better place, null for the first).
-- Order: category, rank, roster.
with
counted as (
    select unit, month, points
    from posting
    where posted_at <= $as_of
    union all
    select a.unit, a.month, a.points
    from (
        select unnest(from_json(
            $added, '[{"unit": "VARCHAR", "month": "VARCHAR", "points": "DECIMAL(12,2)"}]'
        )) as a
    )
),
totals as (
    select
        unit,
        sum(points) filter (month between $first and $through)                   as points,
        sum(points) filter (month between $previous_first and $previous_through) as previous_points
    from counted
    group by unit
),
standing as (
    select
        u.position,
        u.code,
        u.name,
        u.category,
        u.from_month <= $through and u.through_month >= $first                   as ranked,
        u.from_month <= $previous_through and u.through_month >= $previous_first as was_ranked,
        coalesce(t.points, 0)::decimal(12, 2)                                    as points,
        coalesce(t.previous_points, 0)::decimal(12, 2)                           as previous_points,
        least(u.through_month, $through)                                         as last_month
    from unit u
    left join totals t on t.unit = u.code
),
placed as (
    select
        *,
        rank() over (partition by category, ranked order by points desc)              as rank,
        rank() over (partition by category, was_ranked order by previous_points desc) as previous_rank,
        min(points) over (
            partition by category, ranked
            order by points desc
            groups between 1 preceding and 1 preceding
        )                                                                             as above
    from standing
)
select
    p.category,
    p.rank,
    p.code                                                  as unit,
    p.name,
    p.points,
    case when p.was_ranked then p.previous_rank end          as previous_rank,
    case when p.was_ranked then p.previous_points end        as previous_points,
    case when p.was_ranked then p.previous_rank - p.rank end as moved,
    exists (
        from confirmation c
        where c.unit = p.code and c.month = p.last_month and c.confirmed_at <= $as_of
    )                                                       as confirmed_through,
    p.above - p.points                                      as gap
from placed p
join category k on k.id = p.category
where p.ranked and ($category = '' or p.category = $category)
order by k.position, p.rank, p.position;
