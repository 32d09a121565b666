-- 标题: 未核定单位
-- 说明: 某月应当考核而还没有核定的单位，以及已报、已复核的格数。
-- 参数: month 月份 月份 = 本月
select
    k.name                                    as 类别,
    u.code                                    as 代码,
    u.name                                    as 单位,
    count(n.seq) filter (n.kind = 'claim')    as 自评格数,
    count(n.seq) filter (n.kind = 'verify')   as 复核格数
from unit u
join category k on k.id = u.category
left join newest n on n.unit = u.code and n.month = $month
where u.from_month <= $month and u.through_month >= $month
  and not exists (
      select 1 from confirmation c where c.unit = u.code and c.month = $month
  )
group by k.name, u.code, u.name, u.position
order by u.position;
