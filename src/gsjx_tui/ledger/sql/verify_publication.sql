-- Rows of publication whose number or hash doesn't follow from the row before (chain.py).
-- Columns: seq, title, month. None in a sound ledger.
with linked as (
    select
        *,
        row_number() over (order by seq)        as expected_seq,
        lag(hash, 1, '') over (order by seq)    as previous_hash
    from publication
)
select seq, title, month
from linked
where seq <> expected_seq
   or hash <> sha256(concat_ws(
       chr(31), previous_hash, seq, title, month, scope, stage, edition, note, content, sha256, code, published_by, epoch_us(published_at)
   ))
order by seq
limit 20;
