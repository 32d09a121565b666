-- Everything a unit claimed of a month, oldest first, by version: 1 before the month (or the item) was
-- first sent back, 2 after that, and so on.
-- Columns: version, item, label, field, value, note, recorded_by, recorded_at (UTC), counts (boolean:
-- neither replaced nor withdrawn).
select
    1 + (
        select count(*)
        from returned r
        where r.unit = o.unit and r.month = o.month and r.item in ('', o.item)
          and r.returned_at < o.recorded_at
    )                                 as version,
    o.item,
    coalesce(i.label, '')             as label,
    o.field,
    o.value,
    o.note,
    o.recorded_by,
    o.recorded_at,
    n.seq is not distinct from o.seq  as counts
from observation o
left join newest n using (unit, month, item, field, kind)
left join item i on i.id = o.item
where o.unit = $unit and o.month = $month and o.kind = 'claim'
order by o.seq;
