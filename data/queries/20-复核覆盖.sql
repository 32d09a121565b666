-- 标题: 各月复核覆盖了多少自评
-- 说明: 每个月、每个类别的自评有多少格，活动办复核了其中多少格，占百分之几。
-- 参数: month 月份 截至月份 = 本月
select
    月份,
    类别,
    count(*)                                                      as 自评格数,
    count(*) filter (where 已复核)                                as 复核格数,
    round(100.0 * count(*) filter (where 已复核) / count(*), 1)::decimal(12, 1) as 复核比例,
    count(distinct 代码)                                          as 自评单位,
    count(distinct case when 已复核 then 代码 end)                as 复核单位
from 自评核定差异
where 月份 <= $month
group by 月份, 类别代码, 类别
order by 月份, 类别;
