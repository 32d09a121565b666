-- 标题: 各类别自评虚高的程度
-- 说明: 到某月为止复核过的格里，自评偏高的占百分之几，平均每格高出几分。只含以“得分”申报的格。
-- 参数: month 月份 截至月份 = 本月
select
    类别,
    count(*)                                                            as 复核格数,
    count(*) filter (where 差异 > 0)                                    as 偏高格数,
    round(100.0 * count(*) filter (where 差异 > 0) / count(*), 1)::decimal(12, 1) as 偏高比例,
    sum(差异)                                                           as 高出合计,
    round(sum(差异) / count(*), 2)::decimal(12, 2)                      as 平均高出
from 自评核定差异
where 已复核 and 字段 = 'points' and 月份 <= $month
group by 类别代码, 类别
order by 平均高出 desc, 类别;
