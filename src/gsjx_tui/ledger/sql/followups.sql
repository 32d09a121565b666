-- Consequences to be seen through, oldest first. $number: the seq of one, 0 for all.
-- Columns: seq, unit, name, month, stage ('' for the campaign), category, kind, publication (seq),
-- opened_by, opened_at (UTC).
select
    f.seq, f.unit, coalesce(u.name, '') as name, f.month, f.stage, f.category, f.kind, f.publication,
    f.opened_by, f.opened_at
from followup f
left join unit u on u.code = f.unit
where $number = 0 or f.seq = $number
order by f.seq;
