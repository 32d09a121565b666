-- What is to be reviewed of each unit with observations in $month.
-- Columns: unit, unverified (claims without a verification), differing (claims with another
-- verification), returned (boolean: the newest return is later than the newest standing claim).
with cells as (
    select
        unit,
        item,
        field,
        max(value) filter (kind = 'claim')        as claim,
        max(value) filter (kind = 'verify')       as verification,
        max(recorded_at) filter (kind = 'claim')  as claimed_at
    from newest
    where month = $month
    group by unit, item, field
),
units as (
    select
        unit,
        count(*) filter (claim is not null and verification is null) as unverified,
        count(*) filter (claim <> verification)                      as differing,
        max(claimed_at)                                              as claimed_at
    from cells
    group by unit
)
select
    u.unit,
    u.unverified,
    u.differing,
    exists (
        from returned r
        where r.unit = u.unit and r.month = $month and r.returned_at > u.claimed_at
    ) as returned
from units u;
