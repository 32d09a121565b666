-- The rubrics by which months were confirmed, the newest first.
-- Columns: digest, content (JSON), effect (JSON, '' for the first), reason, accepted_by, accepted_at
-- (UTC).
select digest, content, effect, reason, accepted_by, accepted_at
from rubric_in_force
order by seq desc;
