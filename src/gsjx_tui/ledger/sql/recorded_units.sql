-- Units with observations or confirmations, and the months these span.
-- Columns: code, name, from_month, first, last (months 'YYYY-MM'), confirmed (boolean).
select
    u.code,
    u.name,
    u.from_month,
    min(r.month)         as first,
    max(r.month)         as last,
    bool_or(r.confirmed) as confirmed
from unit u
join (
    select unit, month, false as confirmed from observation
    union all
    select unit, month, true from confirmation
) r on r.unit = u.code
group by u.code, u.name, u.from_month;
