-- Objections and what became of them, oldest first. $unit, $month: '' for any; $number: the seq of one,
-- 0 for any.
-- Columns: seq, unit, name, month, item, label, grounds, filed_on ('YYYY-MM-DD'), filed_by, filed_at
-- (UTC), taken_by, taken_at (UTC), and once it is closed: what (decided or withdrawn), decision
-- (upheld, partly, rejected or ''), text, correction (seq of an observation, 0 for none), done_by,
-- done_at (UTC); null before.
with taken as (
    select objection, arg_max(done_by, seq) as taken_by, max(done_at) as taken_at
    from objection_step
    where what = 'taken'
    group by objection
)
select
    o.seq,
    o.unit,
    coalesce(u.name, '')  as name,
    o.month,
    o.item,
    coalesce(i.label, '') as label,
    o.grounds,
    o.filed_on,
    o.filed_by,
    o.filed_at,
    t.taken_by,
    t.taken_at,
    c.what,
    c.decision,
    c.text,
    c.correction,
    c.done_by,
    c.done_at
from objection o
left join taken t on t.objection = o.seq
left join objection_step c on c.objection = o.seq and c.what <> 'taken'
left join unit u on u.code = o.unit
left join item i on i.id = o.item
where ($unit = '' or o.unit = $unit)
  and ($month = '' or o.month = $month)
  and ($number = 0 or o.seq = $number)
order by o.seq;
