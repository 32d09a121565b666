-- Returns of $month that the unit has not answered: later than its newest standing claim of the
-- month, and the month not confirmed. Several for a unit if it was sent back more than once.
-- Columns: unit, item ('' for the whole month), reason, deadline ('YYYY-MM-DD' or ''), returned_by,
-- returned_at (UTC). Oldest first.
with claimed as (
    select unit, max(recorded_at) as claimed_at
    from newest
    where month = $month and kind = 'claim'
    group by unit
)
select r.unit, r.item, r.reason, r.deadline, r.returned_by, r.returned_at
from returned r
left join claimed c on c.unit = r.unit
where r.month = $month
  and (c.claimed_at is null or r.returned_at > c.claimed_at)
  and not exists (from confirmation f where f.unit = r.unit and f.month = $month)
order by r.seq;
