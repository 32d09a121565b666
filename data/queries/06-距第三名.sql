-- 标题: 某单位距第三名的差距
-- 说明: 单位到某月为止的累计得分、名次，与本类别第一名、第三名各差多少分。
-- 参数: unit 单位 单位
-- 参数: month 月份 截至月份 = 本月
with standing as (
    select u.code, u.name, u.category, coalesce(sum(p.points), 0) as points
    from unit u
    left join posting p on p.unit = u.code and p.month <= $month
    where u.category = (select category from unit where code = $unit)
      and u.from_month <= $month and u.through_month >= $month
    group by u.code, u.name, u.category
),
place as (
    select
        *,
        rank() over (order by points desc)       as place,
        row_number() over (order by points desc) as number
    from standing
)
select
    k.name                                                      as 类别,
    e.code                                                      as 代码,
    e.name                                                      as 单位,
    e.place                                                     as 名次,
    e.points                                                    as 累计得分,
    (select points from place where number = 1) - e.points      as 距第一名,
    (select points from place where number = 3) - e.points      as 距第三名
from place e
join category k on k.id = e.category
where e.code = $unit;
