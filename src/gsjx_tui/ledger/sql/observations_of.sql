-- Every observation of one unit and item ('' for all items), oldest first.
-- Columns: month, item, field, kind, value, note, source, recorded_by, recorded_at (UTC), withdrawn
-- (boolean: it no longer counts).
select
    month, item, field, kind, value, note, source, recorded_by, recorded_at,
    exists (
        from withdrawal w where w.what = 'observation' and w.target = observation.seq
    ) as withdrawn
from observation
where unit = $unit and ($item = '' or item = $item)
order by seq;
