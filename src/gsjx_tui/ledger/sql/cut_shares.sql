-- How much of each unit's verified claims of the months before $month was cut.
-- Columns: unit, cells (verified claims), share (the mean part cut, in ten thousandths).
select unit, count(*) as cells, (sum(share) // count(*))::bigint as share
from verified_claim
where month < $month
group by unit;
