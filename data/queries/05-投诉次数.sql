-- 标题: 各类别各月投诉次数
-- 说明: 要点名称中含有某词（默认“投诉”）的最新数值，有复核用复核。
-- 参数: word 文字 要点名称含有 = 投诉
with cell as (
    select n.unit, n.month, n.item, n.field, arg_max(n.value, n.kind) as value
    from newest n
    join item i on i.id = n.item
    where i.label like '%' || $word || '%'
    group by n.unit, n.month, n.item, n.field
)
select
    c.month                    as 月份,
    k.name                     as 类别,
    i.label                    as 要点,
    sum(c.value)               as 合计,
    count(distinct c.unit) filter (c.value <> 0) as 涉及单位
from cell c
join unit u on u.code = c.unit
join category k on k.id = u.category
join item i on i.id = c.item
group by c.month, k.name, k.position, i.label
order by 月份, k.position, 要点;
