-- Rows of followup_step whose number or hash doesn't follow from the row before (chain.py).
-- Columns: seq, unit, month. None in a sound ledger.
with linked as (
    select
        *,
        row_number() over (order by seq)        as expected_seq,
        lag(hash, 1, '') over (order by seq)    as previous_hash
    from followup_step
)
select seq, unit, month
from linked
where seq <> expected_seq
   or hash <> sha256(concat_ws(
       chr(31), previous_hash, seq, unit, month, followup, what, subject, happened_on, person, text, deadline, done_by, epoch_us(done_at)
   ))
order by seq
limit 20;
