-- What was done about consequences, oldest first. $number: the seq of one consequence, 0 for all.
-- Columns: followup (seq of the consequence), what, subject, happened_on, person, text, deadline,
-- done_by, done_at (UTC).
select followup, what, subject, happened_on, person, text, deadline, done_by, done_at
from followup_step
where $number = 0 or followup = $number
order by seq;
