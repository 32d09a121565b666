-- Every closing of the campaign and every opening anew, the newest first.
-- Columns: what (closed, reopened), reason, publication (seq of the final ranking, 0 for reopened),
-- done_by, done_at (UTC).
select what, reason, publication, done_by, done_at
from campaign_step
order by seq desc;
