-- What was drawn for the months $first..$through, and whether it was checked: something of the
-- cell is verified, and no field of it is claimed and not verified.
-- Columns: draw (seq of the draw), unit, name, month, item, label, checked (boolean), checked_by,
-- checked_at (UTC, both null if nothing is verified). In the order drawn.
with fields as (
    select
        unit,
        month,
        item,
        field,
        bool_or(kind = 'claim')                         as claimed,
        bool_or(kind = 'verify')                        as verified,
        max(recorded_by) filter (kind = 'verify')       as checked_by,
        max(recorded_at) filter (kind = 'verify')       as checked_at
    from newest
    where month between $first and $through
    group by unit, month, item, field
),
cells as (
    select
        unit,
        month,
        item,
        bool_or(verified) and not bool_or(claimed and not verified) as checked,
        arg_max(checked_by, checked_at)                            as checked_by,
        max(checked_at)                                            as checked_at
    from fields
    group by unit, month, item
)
select
    d.draw,
    d.unit,
    coalesce(u.name, '')  as name,
    d.month,
    d.item,
    coalesce(i.label, '') as label,
    coalesce(c.checked, false),
    c.checked_by,
    c.checked_at
from drawn d
left join unit u on u.code = d.unit
left join item i on i.id = d.item
left join cells c on c.unit = d.unit and c.month = d.month and c.item = d.item
where d.month between $first and $through
order by d.seq;
