-- Rows of draw whose number or hash doesn't follow from the row before (chain.py).
-- Columns: seq, seed, month. None in a sound ledger.
with linked as (
    select
        *,
        row_number() over (order by seq)        as expected_seq,
        lag(hash, 1, '') over (order by seq)    as previous_hash
    from draw
)
select seq, seed, month
from linked
where seq <> expected_seq
   or hash <> sha256(concat_ws(
       chr(31), previous_hash, seq, seed, month, units, items, pool, drawn_by, epoch_us(drawn_at)
   ))
order by seq
limit 20;
