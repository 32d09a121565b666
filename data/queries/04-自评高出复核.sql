-- 标题: 自评高出复核最多的单位
-- 说明: 同一格自评比复核多出的分，按单位合计。只含要点以“得分”申报、活动办复核过的格。
-- 参数: month 月份 月份 = 本月
select
    类别,
    代码,
    单位,
    count(*)                                 as 高报格数,
    sum(差异)                                as 高出合计,
    first(要点 order by 差异 desc, 要点编号) as 高出最多的要点,
    max(差异)                                as 高出
from 自评核定差异
where 月份 = $month and 字段 = 'points' and 差异 > 0
group by 类别, 代码, 单位
order by 高出合计 desc, 代码;
