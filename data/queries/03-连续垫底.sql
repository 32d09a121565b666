-- 标题: 连续两个月垫底的单位
-- 说明: 单月得分在本类别中最低，且上一个月也最低的单位。只看已核定的月份。
with month_points as (
    select u.category, c.unit, c.month, coalesce(sum(p.points), 0) as points
    from confirmation c
    join unit u on u.code = c.unit
    left join posting p on p.unit = c.unit and p.month = c.month
    group by u.category, c.unit, c.month
),
last_place as (
    select *, rank() over (partition by category, month order by points) as from_below
    from month_points
),
bottom as (
    select * from last_place
    where from_below = 1
)
select
    b.month   as 月份,
    k.name    as 类别,
    b.unit    as 代码,
    u.name    as 单位,
    a.points  as 上月得分,
    b.points  as 本月得分
from bottom b
join bottom a
    on a.unit = b.unit
   and a.month = strftime(strptime(b.month || '-01', '%Y-%m-%d') - interval 1 month, '%Y-%m')
join unit u on u.code = b.unit
join category k on k.id = u.category
order by 月份 desc, k.position, 代码;
