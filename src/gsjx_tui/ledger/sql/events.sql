-- Registered events, withdrawn ones too, newest first. $month, $unit, $item, $field: '' for any;
-- $number: the seq of one event, 0 for any.
-- Columns: seq, unit, month, item, field, happened_on ('YYYY-MM-DD'), origin, document, file_name,
-- file_sha256, kept_at, note, registered_by, registered_at (UTC), and if it was withdrawn: reason,
-- withdrawn_by, withdrawn_at (UTC).
select
    e.seq,
    e.unit,
    e.month,
    e.item,
    e.field,
    e.happened_on,
    e.origin,
    e.document,
    e.file_name,
    e.file_sha256,
    e.kept_at,
    e.note,
    e.registered_by,
    e.registered_at,
    w.reason,
    w.withdrawn_by,
    w.withdrawn_at
from event e
left join withdrawal w on w.what = 'event' and w.target = e.seq
where ($month = '' or e.month = $month)
  and ($unit = '' or e.unit = $unit)
  and ($item = '' or e.item = $item)
  and ($field = '' or e.field = $field)
  and ($number = 0 or e.seq = $number)
order by e.seq desc;
