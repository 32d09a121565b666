-- 标题: 某单位距第三名的差距
-- 说明: 单位到某月为止的累计得分、名次，与本类别第一名、第三名各差多少分；负数为已经超过。
-- 参数: unit 单位 单位
-- 参数: month 月份 截至月份 = 本月
with place as (
    select *, row_number() over (partition by 类别代码 order by 累计分 desc) as number
    from 累计排名
    where 月份 = $month
)
select
    e.类别,
    e.代码,
    e.单位,
    e.名次,
    e.累计分            as 累计得分,
    f.累计分 - e.累计分 as 距第一名,
    t.累计分 - e.累计分 as 距第三名
from place e
join place f on f.类别代码 = e.类别代码 and f.number = 1
left join place t on t.类别代码 = e.类别代码 and t.number = 3
where e.代码 = $unit;
