-- What became of claims that the office verified in the months $first..$through: by unit, by item
-- and by month. Points, pieces and percents are added up only where they are of one kind: within an
-- item; by unit and month the parts cut are told instead.
-- Columns: part (unit, item or month), key, name (of unit or item, '' for a month), claims, verified
-- (cells), cut (cells found lower), raised (cells found higher), claimed, found (sums of the
-- verified claims and of their verifications, null but for an item), share (the mean part cut, in
-- ten thousandths of the claim). Order: part, roster or rubric or month.
with claims as (
    select unit, item, month, count(*) as claims
    from newest
    where kind = 'claim' and month between $first and $through
    group by grouping sets ((unit), (item), (month))
),
checked as (
    select
        unit,
        item,
        month,
        count(*)                                as verified,
        count(*) filter (verified < claimed)    as cut,
        count(*) filter (verified > claimed)    as raised,
        sum(claimed)::decimal(18, 2)            as claimed,
        sum(verified)::decimal(18, 2)           as found,
        (sum(share) // count(*))::bigint        as share
    from verified_claim
    where month between $first and $through
    group by grouping sets ((unit), (item), (month))
)
select
    case
        when c.unit is not null then 'unit'
        when c.item is not null then 'item'
        else 'month'
    end                                                   as part,
    coalesce(c.unit, c.item, c.month)                     as key,
    coalesce(u.name, i.label, '')                         as name,
    c.claims,
    coalesce(k.verified, 0),
    coalesce(k.cut, 0),
    coalesce(k.raised, 0),
    case when c.item is not null then k.claimed end       as claimed,
    case when c.item is not null then k.found end         as found,
    k.share
from claims c
left join checked k
    on k.unit is not distinct from c.unit
   and k.item is not distinct from c.item
   and k.month is not distinct from c.month
left join unit u on u.code = c.unit
left join item i on i.id = c.item
order by part, coalesce(u.position, i.position), key;
