-- The newest act of $who with source 'entry' in $month that can be undone: its observations that
-- stand are all the newest of their cells, and of units and months not confirmed.
-- Columns: seq, unit, month, item, field, kind, value, before (the value that counts again, null if
-- there is none). None if there is no such act.
with mine as (
    select
        o.*,
        n.recorded_at = o.recorded_at as newest,
        exists (
            from confirmation c where c.unit = o.unit and c.month = o.month
        )                             as confirmed
    from standing_observation o
    join newest n using (unit, month, item, field, kind)
    where o.recorded_by = $who and o.source = 'entry'
),
act as (
    select recorded_at
    from mine
    group by recorded_at
    having bool_or(month = $month) and bool_and(newest and not confirmed)
    order by recorded_at desc
    limit 1
),
undone as (
    select m.* from mine m join act using (recorded_at)
)
select
    u.seq,
    u.unit,
    u.month,
    u.item,
    u.field,
    u.kind,
    u.value,
    (
        select arg_max(p.value, p.seq)
        from standing_observation p
        where p.unit = u.unit and p.month = u.month and p.item = u.item
          and p.field = u.field and p.kind = u.kind and p.recorded_at < u.recorded_at
    ) as before
from undone u
order by u.seq;
