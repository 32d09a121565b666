-- The newest instant in the ledger, so that a clock set back never reorders acts.
-- Columns: instant (timestamp UTC, null in an empty ledger).
select max(instant) as instant
from (
    (select recorded_at as instant from observation order by seq desc limit 1)
    union all
    (select posted_at from posting order by seq desc limit 1)
    union all
    (select confirmed_at from confirmation order by seq desc limit 1)
    union all
    (select registered_at from event order by seq desc limit 1)
    union all
    (select withdrawn_at from withdrawal order by seq desc limit 1)
    union all
    (select returned_at from returned order by seq desc limit 1)
    union all
    (select changed_at from staff order by seq desc limit 1)
    union all
    (select drawn_at from draw order by seq desc limit 1)
    union all
    (select drawn_at from drawn order by seq desc limit 1)
    union all
    (select filed_at from objection order by seq desc limit 1)
    union all
    (select done_at from objection_step order by seq desc limit 1)
    union all
    (select published_at from publication order by seq desc limit 1)
    union all
    (select opened_at from followup order by seq desc limit 1)
    union all
    (select done_at from followup_step order by seq desc limit 1)
    union all
    (select counted_at from ballot_count order by seq desc limit 1)
    union all
    (select counted_at from ballot_line order by seq desc limit 1)
    union all
    (select accepted_at from rubric_in_force order by seq desc limit 1)
    union all
    (select done_at from campaign_step order by seq desc limit 1)
);
