-- hidden: the months of the campaign through the newest confirmed one, at least the first.
-- Columns: month, previous, first (month of the campaign). All 'YYYY-MM'.
select
    strftime(day, '%Y-%m')                    as month,
    strftime(day - interval 1 month, '%Y-%m') as previous,
    first
from (
    select
        first,
        unnest(generate_series(
            strptime(first || '-01', '%Y-%m-%d'),
            strptime(greatest(first, coalesce(newest, first)) || '-01', '%Y-%m-%d'),
            interval 1 month
        )) as day
    from (
        select min(first_month) as first, (select max(month) from confirmation) as newest
        from stage_edition
        where edition in (select max(edition) from edition)
    )
)
