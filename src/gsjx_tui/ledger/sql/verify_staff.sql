-- Rows of staff whose number or hash doesn't follow from the row before (chain.py).
-- Columns: seq, login, role. None in a sound ledger.
with linked as (
    select
        *,
        row_number() over (order by seq)        as expected_seq,
        lag(hash, 1, '') over (order by seq)    as previous_hash
    from staff
)
select seq, login, role
from linked
where seq <> expected_seq
   or hash <> sha256(concat_ws(
       chr(31), previous_hash, seq, login, name, role, unit, changed_by, epoch_us(changed_at)
   ))
order by seq
limit 20;
