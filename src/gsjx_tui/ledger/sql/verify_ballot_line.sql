-- Rows of ballot_line whose number or hash doesn't follow from the row before (chain.py).
-- Columns: seq, unit, month. None in a sound ledger.
with linked as (
    select
        *,
        row_number() over (order by seq)        as expected_seq,
        lag(hash, 1, '') over (order by seq)    as previous_hash
    from ballot_line
)
select seq, unit, month
from linked
where seq <> expected_seq
   or hash <> sha256(concat_ws(
       chr(31), previous_hash, seq, unit, month, count, groups, weight, ballots, counted, mean, counted_by, epoch_us(counted_at)
   ))
order by seq
limit 20;
