-- Rows of one chain that don't follow from the row before (chain.py): by number, hash or instant.
-- A row's own columns are put in for {columns}, its instant's name for {instant}; see proof.py.
-- concat_ws leaves null out, so a null is told apart from an empty text here.
-- Columns: seq, unit, month (empty where the chain has none). None in a sound ledger; 20 at most.
with linked as (
    select
        *,
        row_number() over ordered     as expected_seq,
        lag(hash, 1, '') over ordered as previous_hash,
        lag({instant}) over ordered   as previous_instant
    from {table}
    window ordered as (order by seq)
)
select seq, {unit} as unit, {month} as month
from linked
where seq is distinct from expected_seq
   or hash is distinct from sha256(concat_ws(chr(31), previous_hash, seq, {columns}))
   or {instant} < previous_instant
   or {nulls}
order by seq
limit 20;
