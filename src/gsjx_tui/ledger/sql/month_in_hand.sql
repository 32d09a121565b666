-- How many units take part in each month of $months_first..$months_last and how many of them are
-- confirmed. Columns: month, units, confirmed.
with months as (
    select strftime(m, '%Y-%m') as month
    from generate_series(
        ($months_first || '-01')::date, ($months_last || '-01')::date, interval 1 month
    ) t(m)
)
select
    m.month,
    count(u.code)                                                      as units,
    count(u.code) filter (exists (
        from confirmation c where c.unit = u.code and c.month = m.month
    ))                                                                 as confirmed
from months m
left join unit u on u.from_month <= m.month and u.through_month >= m.month
group by m.month
order by m.month;
