-- Claims of more than nothing that nobody verified, of the months $first..$through.
-- Columns: unit, name, month, item, label, field, value. Order: roster, month, rubric.
select c.unit, u.name, c.month, c.item, i.label, c.field, c.value
from newest c
join unit u on u.code = c.unit
join item i on i.id = c.item
where c.kind = 'claim'
  and c.value > 0
  and c.month between $first and $through
  and not exists (
      from newest v
      where v.kind = 'verify' and v.unit = c.unit and v.month = c.month
        and v.item = c.item and v.field = c.field
  )
order by u.position, c.month, i.position, c.field;
