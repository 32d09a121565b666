-- The answer that a request got before.
-- Parameters: $key, $who (login). Columns: act, answer (JSON). No row if it wasn't answered.
select act, answer
from request
where key = $key and answered_to = $who;
