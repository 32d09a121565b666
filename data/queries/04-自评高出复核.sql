-- 标题: 自评高出复核最多的单位
-- 说明: 同一格自评比复核多出的数值，按单位合计。只含要点以“得分”申报的格。
-- 参数: month 月份 月份 = 本月
select
    k.name                  as 类别,
    v.unit                  as 代码,
    u.name                  as 单位,
    count(*)                as 高报格数,
    sum(c.value - v.value)  as 高出合计,
    arg_max(i.label, c.value - v.value) as 高出最多的要点,
    max(c.value - v.value)  as 高出
from newest v
join newest c
    on c.unit = v.unit and c.month = v.month and c.item = v.item and c.field = v.field
   and c.kind = 'claim'
join unit u on u.code = v.unit
join category k on k.id = u.category
join item i on i.id = v.item
where v.kind = 'verify' and v.month = $month and v.field = 'points' and c.value > v.value
group by k.name, v.unit, u.name
order by 高出合计 desc, 代码;
