-- 标题: 各类别得分概况
-- 说明: 到某月为止各类别有几个单位，最高、平均、最低多少分，首尾差多少。
-- 参数: month 月份 截至月份 = 本月
select
    类别,
    count(*)                                             as 单位数,
    max(累计分)                                          as 最高分,
    round(sum(累计分) / count(*), 2)::decimal(12, 2)     as 平均分,
    min(累计分)                                          as 最低分,
    max(累计分) - min(累计分)                            as 首尾差,
    count(*) filter (where not 已核定)                   as 未核定单位
from 累计排名
where 月份 = $month
group by 类别代码, 类别
order by 平均分 desc, 类别;
