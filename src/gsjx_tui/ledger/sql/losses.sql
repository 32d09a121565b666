-- By indicator, what the units of $category are short of their items' nominal points through
-- $month; $unit '' for all of them. Of a stage that is over by its last month, of one under way by
-- $month; only units confirmed for that month count. Items with what they are worth or more are
-- left out: the same as the snapshot's 失分明细 and the question 失分最多的指标 say.
-- Columns: stage_name, indicator, name, over (boolean: the stage has ended by $month), units (how
-- many are short), lost (points). Order: lost, most first, then the rubric.
with cell as (
    select
        u.code                       as unit,
        i.id                         as item,
        i.indicator,
        i.points                     as nominal,
        i.position,
        s.name                       as stage_name,
        s.last_month <= $month       as over,
        least(s.last_month, $month)  as month
    from unit u
    cross join item i
    join stage s on s.id = i.stage
    where u.category = $category
      and ($unit = '' or u.code = $unit)
      and s.first_month <= $month
),
posted as (
    select unit, item, month, sum(points) as points
    from posting
    group by unit, item, month
),
short as (
    select
        c.unit,
        c.indicator,
        c.stage_name,
        c.over,
        c.position,
        c.nominal - coalesce(sum(p.points), 0) as lost
    from cell c
    join confirmation f on f.unit = c.unit and f.month = c.month
    left join posted p on p.unit = c.unit and p.item = c.item and p.month <= c.month
    group by c.unit, c.item, c.indicator, c.stage_name, c.over, c.position, c.nominal
    having c.nominal > coalesce(sum(p.points), 0)
)
select
    s.stage_name,
    n.id                         as indicator,
    n.name,
    s.over,
    count(distinct s.unit)       as units,
    sum(s.lost)::decimal(12, 2)  as lost
from short s
join indicator n on n.id = s.indicator
group by s.stage_name, n.id, n.name, s.over
order by lost desc, min(s.position);
