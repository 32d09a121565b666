-- What can be looked for by name or pinyin initials: units, then items, each in its own order.
-- Columns: kind (unit or item), id, name, initials ('' if not known).
select kind, id, name, initials
from (
    select 1 as part, position, 'unit' as kind, code as id, name, initials
    from unit
    union all
    select 2, i.position, 'item', i.id, i.label, coalesce(n.initials, '')
    from item i
    left join item_initials n on n.item = i.id
)
order by part, position;
